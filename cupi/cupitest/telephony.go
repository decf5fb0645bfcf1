package cupitest

import (
	"fmt"
	"net/http"
	"strconv"
)

// The way from a phone system to its ports, of which nothing rings here: port groups page, ports page, SIP profiles page.

// telephonyLists are what a server with one phone system has.
var telephonyLists = []seededList{
	{"portgrouptemplates", "PortGroupTemplates", "PortGroupTemplate",
		"ObjectId TemplateDescriptionDefault CopyTelephonyIntegrationMethodEnum", [][]string{
			{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0b01", "SCCP", "1"},
			{sipGroupID, "SIP", "2"},
			{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0b03", "SIP to DMG/PIMG/TIMG", "3"},
		}},
	{"rtpcodecdefs", "RtpCodecDefs", "RtpCodecDef", "ObjectId DisplayName", [][]string{
		{muLawID, "G.711 mu-law"},
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0c02", "G.711 a-law"},
		{g729ID, "G.729"},
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0c04", "G.722"},
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0c05", "iLBC"},
	}},
	{"sipsecurityprofiles", "SipSecurityProfiles", "SipSecurityProfile", "ObjectId Port DoTLS DisplayName", [][]string{
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0d01", "5060", "false", "5060"},
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0d02", "5061", "true", "5061/TLS"},
	}},
	{"portgroups", "PortGroups", "PortGroup", "ObjectId DisplayName MediaPortGroupTemplateObjectId MediaSwitchObjectId " +
		"MediaSwitchDisplayName PortCount MediaSipSecurityProfileObjectId", [][]string{
		{portGroupID, "PhoneSystem-1", sipGroupID, phoneSystemID, "PhoneSystem", "2", "8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0d01"},
	}},
	{"ports", "Ports", "Port", "ObjectId DisplayName MediaPortGroupObjectId MediaPortGroupDisplayName " +
		"MediaSwitchObjectId MediaSwitchDisplayName PortNumInGroup VmsServerName", [][]string{
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0e01", "PhoneSystem-1-001", portGroupID, "PhoneSystem-1", phoneSystemID,
			"PhoneSystem", "1", "cuc1.example.com"},
		{"8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0e02", "PhoneSystem-1-002", portGroupID, "PhoneSystem-1", phoneSystemID,
			"PhoneSystem", "2", "cuc1.example.com"},
	}},
}

// nameProfile: a profile is called after its port.
func nameProfile(_ *data, _ *document, written, proposed map[string]string) []string {
	written["DisplayName"] = proposed["Port"]
	if proposed["DoTLS"] == "true" {
		written["DisplayName"] += "/TLS"
	}
	return nil
}

// fixedPorts: what is read only has no methods to write it, see [Server.FixedPorts].
func fixedPorts(s *Server, _ string) bool { return s.FixedPorts }

// fixedGroups: of a port group two fields can be changed all the same.
func fixedGroups(s *Server, method string) bool { return s.FixedPorts && method != http.MethodPut }

// checkPortGroup gives a port group what it has of its phone system and its template.
func checkPortGroup(d *data, _ *document, written, proposed map[string]string) []string {
	for name := range written {
		if d.server.FixedPorts && name != "MwiOnCode" && name != "MwiOffCode" {
			return []string{"only MwiOnCode and MwiOffCode of a port group can be changed"}
		}
	}
	if phones := d.lists["phonesystems"].find(proposed["MediaSwitchObjectId"]); phones != nil {
		written["MediaSwitchDisplayName"] = phones.own["DisplayName"]
	}
	if template := d.lists["portgrouptemplates"].find(proposed["MediaPortGroupTemplateObjectId"]); template != nil {
		written["TelephonyIntegrationMethodEnum"] = template.own["CopyTelephonyIntegrationMethodEnum"]
	}
	return nil
}

// nameCodec: a codec of a port group shows the name of its definition.
func nameCodec(d *data, _ *document, written, proposed map[string]string) []string {
	if definition := d.lists["rtpcodecdefs"].find(proposed["RtpCodecDefObjectId"]); definition != nil {
		written["RtpCodecDefDisplayName"] = definition.own["DisplayName"]
	}
	return nil
}

// admitPorts: "Make sure that you always add ports in even number", says the page of many; one by itself is its first example.
func admitPorts(_ *call, fields map[string]string) []string {
	if n, err := strconv.Atoi(fields["NumberOfPorts"]); err == nil && n%2 != 0 {
		return []string{"NumberOfPorts is odd"}
	}
	return nil
}

// settlePorts makes as many ports as were asked for, of which the first is there.
func settlePorts(d *data, _, made *document) {
	n, _ := strconv.Atoi(made.own["NumberOfPorts"])
	delete(made.own, "NumberOfPorts")
	group := d.lists["portgroups"].find(made.own["MediaPortGroupObjectId"])
	l := d.lists["ports"]
	d.countPorts(group)
	last, _ := strconv.Atoi(group.own["PortCount"])
	for i := range max(n, 1) {
		port := made
		if i > 0 {
			port = l.add(merged(made.own, map[string]string{"ObjectId": d.newID()}))
		}
		for name, of := range map[string]string{"MediaPortGroupDisplayName": "DisplayName",
			"MediaSwitchObjectId": "MediaSwitchObjectId", "MediaSwitchDisplayName": "MediaSwitchDisplayName",
			"TelephonyIntegrationMethodEnum": "TelephonyIntegrationMethodEnum"} {
			port.own[name], _ = group.value(of)
		}
		port.own["PortNumInGroup"] = strconv.Itoa(last + i)
		port.own["DisplayName"] = fmt.Sprintf("%s-%03d", group.own["DisplayName"], last+i)
	}
	d.countPorts(group)
}

// countPorts tells a port group, and its phone system, how many ports they have.
func (d *data) countPorts(group *document) {
	count := func(field, id string) string {
		n := 0
		for _, port := range d.lists["ports"].documents {
			if port.own[field] == id {
				n++
			}
		}
		return strconv.Itoa(n)
	}
	group.own["PortCount"] = count("MediaPortGroupObjectId", group.own["ObjectId"])
	if phones := d.lists["phonesystems"].find(group.own["MediaSwitchObjectId"]); phones != nil {
		phones.own["PortCount"] = count("MediaSwitchObjectId", phones.own["ObjectId"])
	}
}

// uncountPort follows a port that was deleted.
func uncountPort(d *data, _ string) {
	for _, group := range d.lists["portgroups"].documents {
		d.countPorts(group)
	}
}

// usedPortGroup keeps a port group that has ports.
func usedPortGroup(d *data, id string) string {
	for _, port := range d.lists["ports"].documents {
		if port.own["MediaPortGroupObjectId"] == id {
			return "it has ports"
		}
	}
	return ""
}

// associationRoutes tell which users a phone system has.
var associationRoutes = []route{
	{"GET /vmrest/phonesystems/{id}/phonesystemassociations", nil, func(c *call) answer {
		return c.listing("PhoneSystemAssociations", "PhoneSystemAssociation", associationSchema(), c.associations())
	}},
	{"GET /vmrest/phonesystems/{id}/phonesystemassociations/{id}", nil, func(c *call) answer {
		for _, one := range c.associations() {
			if one.owner.own["ObjectId"] == c.ids[1] {
				return c.object("PhoneSystemAssociation", one.pairs(false))
			}
		}
		return c.fail(notFound("phonesystemassociation", "ObjectId", c.ids[1]))
	}},
}

var associationSchema = schemaAt("phonesystems/{id}/phonesystemassociations")

func (c *call) associations() (all []*document) {
	system := c.data.lists["phonesystems"].find(c.ids[0])
	if system == nil {
		return nil
	}
	for _, user := range c.data.sorted {
		if id, _ := user.value("MediaSwitchObjectId"); id == c.ids[0] {
			all = append(all, &document{schema: associationSchema(), owner: user,
				own: map[string]string{"MediaSwitchObjectId": id, "MediaSwitchDisplayName": system.own["DisplayName"]}})
		}
	}
	return all
}
