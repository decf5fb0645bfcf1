package cupitest

import "testing"

// TestPortsOfAPhoneSystem makes what public tools make of a phone system, from its group of ports to its codecs, and takes it
// away again.
func TestPortsOfAPhoneSystem(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		count := func(want int, path, element string) {
			t.Helper()
			if got := len(c.all(path, element)); got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
		count(3, "/vmrest/portgrouptemplates", "PortGroupTemplate")
		count(5, "/vmrest/rtpcodecdefs", "RtpCodecDef")
		count(2, "/vmrest/ports?query=(MediaPortGroupObjectId is "+portGroupID+")", "Port")
		count(1, "/vmrest/portgroups/"+portGroupID+"/portgroupservers", "PortGroupServer")
		if got := c.expect(200, "GET", "/vmrest/portgroups/bogus/portgroupservers", "").total(t); got != "0" {
			t.Errorf("a group that is not there has %s servers", got)
		}
		phones := c.post("/vmrest/phonesystems", "DisplayName", "Branch")
		id := c.read(phones, "PhoneSystem")["ObjectId"]
		c.expect(400, "POST", "/vmrest/portgroups", c.write("PortGroup", "DisplayName", "Branch-1", "MediaSwitchObjectId", id))
		group := c.post("/vmrest/portgroups", "DisplayName", "Branch-1", "MediaSwitchObjectId", id, "MediaPortGroupTemplateObjectId", sipGroupID)
		c.put(204, group, "MwiOnCode", "678", "MwiOffCode", "876", "EnableMWI", "false")
		if got := c.read(group, "PortGroup"); got["MwiOnCode"] != "678" || got["MediaSwitchDisplayName"] != "Branch" || got["TelephonyIntegrationMethodEnum"] != "2" || got["PortCount"] != "0" {
			t.Errorf("the group is %v", got)
		}
		groupID := c.read(group, "PortGroup")["ObjectId"]
		c.expect(400, "POST", "/vmrest/ports", c.write("Port", "MediaPortGroupObjectId", groupID, "NumberOfPorts", "3"))
		port := c.post("/vmrest/ports", "MediaPortGroupObjectId", groupID, "NumberOfPorts", "4", "HuntOrder", "0", "CapAnswer", "true")
		if got := c.read(port, "Port"); got["DisplayName"] != "Branch-1-001" || got["MediaSwitchDisplayName"] != "Branch" || got["NumberOfPorts"] != "" {
			t.Errorf("the port is %v", got)
		}
		if got := c.read(phones, "PhoneSystem")["PortCount"]; got != "4" {
			t.Errorf("the phone system has %s ports", got)
		}
		c.put(204, port, "CapMWI", "false", "SkinnySecurityModeEnum", "0")
		c.expect(400, "DELETE", group, "")
		codec := c.post(group+"/portgroupcodecs", "MediaPortGroupObjectId", groupID, "PreferredPacketSizeMs", "20", "RtpCodecDefObjectId", g729ID, "Preference", "0")
		if got := c.read(codec, "PortGroupCodec"); got["RtpCodecDefDisplayName"] != "G.729" {
			t.Errorf("the codec is %v", got)
		}
		c.expect(400, "POST", group+"/portgroupcodecs", c.write("PortGroupCodec", "RtpCodecDefObjectId", muLawID, "PreferredPacketSizeMs", "25"))
		server := c.post(group+"/portgroupservers", "MediaPortGroupObjectId", groupID, "MediaRemoteServiceEnum", "101", "HostOrIPAddress", "cucm1.example.com")
		c.put(204, server, "Port", "1234")
		profile := c.post("/vmrest/sipsecurityprofiles", "Port", "5070", "DoTLS", "true")
		c.put(204, profile, "Port", "5077", "DoTLS", "false")
		if got := c.read(profile, "SipSecurityProfile")["DisplayName"]; got != "5077" {
			t.Errorf("the profile is called %s", got)
		}
		for _, one := range c.all("/vmrest/ports?query=(MediaPortGroupObjectId is "+groupID+")", "Port") {
			c.expect(204, "DELETE", one["URI"], "")
		}
		for _, path := range []string{codec, server, profile, group, phones} {
			c.expect(204, "DELETE", path, "")
		}
	})
}

func TestPortsThatAreReadOnly(t *testing.T) {
	t.Parallel()
	c := serve(t, &Server{FixedPorts: true}, jsonType)
	group := "/vmrest/portgroups/" + portGroupID
	c.put(204, group, "MwiOnCode", "678", "MwiOffCode", "876")
	c.put(400, group, "DisplayName", "x")
	c.expect(405, "POST", "/vmrest/portgroups", c.write("PortGroup", "DisplayName", "x", "MediaSwitchObjectId", phoneSystemID, "MediaPortGroupTemplateObjectId", sipGroupID))
	c.expect(405, "POST", "/vmrest/ports", c.write("Port", "MediaPortGroupObjectId", portGroupID))
	port := c.all("/vmrest/ports", "Port")[0]["URI"]
	c.put(405, port, "CapMWI", "false")
	c.expect(405, "DELETE", port, "")
	c.expect(405, "DELETE", group, "")
}
