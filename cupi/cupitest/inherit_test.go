package cupitest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestUsersHaveWhatTheirTemplateHas: devices, quotas, roles, actions, rules for calls, the store and the order of names; and
// what changes later is not theirs.
func TestUsersHaveWhatTheirTemplateHas(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		source := c.post("/vmrest/usertemplates?templateAlias=voicemailusertemplate", "Alias", "source")
		device := func(owner, list, element, name string) map[string]string {
			for _, one := range c.all(owner+"/"+list, element) {
				if one["DisplayName"] == name {
					return one
				}
			}
			t.Fatalf("%s/%s has no %s", owner, list, name)
			return nil
		}
		home := device(source, "usertemplatenotificationdevices/usertemplatephonedevices", "UserTemplatePhoneDevice", "Home Phone")
		c.put(204, home["URI"], "PhoneNumber", "95551234", "Active", "true", "RingsToWait", "7")
		c.post(source+"/usertemplatenotificationdevices/usertemplatesmtpdevices", "DisplayName", "Desk", "SmtpAddress", "desk@example.com")
		c.post(source+"/usertemplateroles", "RoleObjectId", systemAdministratorID)
		store := c.all("/vmrest/mailboxstores", "MailboxStore")[1]
		c.put(204, source, "SendQuota", "1024000", "ReceiveQuota", "2048000", "WarningQuota", "512000", "SendReadReceipts", "true", "DisplayNameRule", "2", "MailboxStoreObjectId", store["ObjectId"])
		primary := "/vmrest/callhandlerprimarytemplates/" + c.read(source, "UserTemplate")["CallHandlerObjectId"]
		c.put(204, primary, "MaxMsgLen", "77")
		c.put(204, primary+"/transferoptions/Alternate", "Enabled", "true", "TransferRings", "9")
		c.put(204, primary+"/usertemplategreetings/Busy", "Enabled", "true")
		c.put(204, primary+"/menuentries/5", "Action", "1")
		template := c.post("/vmrest/usertemplates?templateAlias=source", "Alias", "staff")

		user := c.post("/vmrest/users?templateAlias=staff", "Alias", "ann", "DtmfAccessId", "7001", "FirstName", "Ann", "LastName", "Lee")
		before := func(when string) {
			t.Helper()
			got := c.read(user, "User")
			if got["DisplayName"] != "Lee, Ann" || got["MailboxStoreName"] != store["DisplayName"] {
				t.Errorf("%s: %s in %s", when, got["DisplayName"], got["MailboxStoreName"])
			}
			home := device(user, "notificationdevices/phonedevices", "PhoneDevice", "Home Phone")
			if home["PhoneNumber"] != "95551234" || home["RingsToWait"] != "7" || home["Active"] != "true" || home["SubscriberObjectId"] != got["ObjectId"] || !strings.HasPrefix(home["URI"], user) || home["Undeletable"] != "true" {
				t.Errorf("%s: the home phone is %v", when, home)
			}
			device(user, "notificationdevices/smtpdevices", "SmtpDevice", "Desk")
			if n := len(c.all(user+"/notificationdevices/phonedevices", "PhoneDevice")); n != 3 {
				t.Errorf("%s: %d phones", when, n)
			}
			if roles := c.all(user+"/userroles", "UserRole"); len(roles) != 1 || roles[0]["Alias"] != "ann" {
				t.Errorf("%s: roles %v", when, roles)
			}
			if box := c.read(user+"/mailboxattributes", "MailboxAttributes"); box["SendQuota"] != "1024000" || box["ReceiveQuota"] != "2048000" || box["WarningQuota"] != "512000" || box["SendReadReceipts"] != "true" {
				t.Errorf("%s: the mailbox is %v", when, box)
			}
			handler := got["CallhandlerURI"]
			if rings := c.read(handler+"/transferoptions/Alternate", "TransferOption"); rings["TransferRings"] != "9" || rings["Enabled"] != "true" || rings["Extension"] != "7001" {
				t.Errorf("%s: the transfer rule is %v", when, rings)
			}
			if busy := c.read(handler+"/greetings/Busy", "Greeting"); busy["Enabled"] != "true" {
				t.Errorf("%s: the greeting is %v", when, busy)
			}
			if key := c.read(handler+"/menuentries/5", "MenuEntry"); key["Action"] != "1" {
				t.Errorf("%s: the key is %v", when, key)
			}
			if own := c.read(handler, "Callhandler"); own["MaxMsgLen"] != "77" || own["DisplayName"] != "Lee, Ann" {
				t.Errorf("%s: the call handler is %v", when, own)
			}
		}
		before("new")
		c.put(204, device(template, "usertemplatenotificationdevices/usertemplatephonedevices", "UserTemplatePhoneDevice", "Home Phone")["URI"], "PhoneNumber", "1", "RingsToWait", "3")
		c.put(204, template, "SendQuota", "-1", "DisplayNameRule", "1")
		c.put(204, "/vmrest/callhandlerprimarytemplates/"+c.read(template, "UserTemplate")["CallHandlerObjectId"]+"/transferoptions/Alternate", "TransferRings", "3")
		before("after the template changed")
		var file strings.Builder
		if err := s.Save(&file); err != nil {
			t.Fatal(err)
		}
		if err := s.Load(strings.NewReader(file.String())); err != nil {
			t.Fatal(err)
		}
		before("loaded")
		c.expect(204, "DELETE", template, "")
		before("after the template went")
	})
}

// all is the elements of a list.
func (c *client) all(path, element string) (all []map[string]string) {
	c.t.Helper()
	body := c.expect(200, "GET", path, "").body
	if c.wire == xmlType {
		for part := range strings.SplitSeq(body, "<"+element+">") {
			if one, _, found := strings.Cut(part, "</"+element+">"); found {
				fields, err := decodeXML([]byte("<" + element + ">" + one + "</" + element + ">"))
				if err != nil {
					c.t.Fatal(err)
				}
				all = append(all, fields)
			}
		}
		return all
	}
	var list map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		c.t.Fatal(err)
	}
	elements := list[element]
	if len(elements) > 0 && elements[0] == '{' {
		elements = slices.Concat([]byte{'['}, elements, []byte{']'})
	}
	if elements != nil && json.Unmarshal(elements, &all) != nil {
		c.t.Fatalf("%s: %s", path, body)
	}
	return all
}
