package cupitest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// resourceCase is one collection: what it has before anything is written, a member that a POST makes, what a PUT
// changes, and bodies that are refused. "USER", "HANDLER", "LIST" and "OTHER" in paths and bodies are ids.
type resourceCase struct {
	path    string
	element string
	before  string   // how many come with the owner
	post    []string // "": nothing can be made
	put     []string // "": nothing can be changed
	refused [][]string
}

func resourceCases() []resourceCase {
	return []resourceCase{
		{"alternatenames", "AlternateName", "0", []string{"FirstName", "Al", "LastName", "Bo", "GlobalUserObjectId", "USER"}, []string{"FirstName", "Ally"},
			[][]string{{"FirstName", "Al"}, {"LastName", "Bo", "GlobalUserObjectId", "USER"}, {"FirstName", "Al", "GlobalUserObjectId", "none"}}},
		{"users/USER/mwis", "Mwi", "1", []string{"DisplayName", "MWI-2", "MwiExtension", "1234", "MediaSwitchObjectId", phoneSystemID, "Active", "1"},
			[]string{"MwiExtension", "1235", "UsePrimaryExtension", "false"},
			[][]string{{"DisplayName", "MWI-1"}, {"MwiExtension", "1234"}, {"DisplayName", "x", "UsePrimaryExtension", "false"}, {"DisplayName", "x", "MediaSwitchObjectId", "none"}}},
		{"users/USER/notificationdevices/phonedevices", "PhoneDevice", "3", []string{"DisplayName", "Car", "PhoneNumber", "9,5551", "Active", "true", "MediaSwitchObjectId", phoneSystemID}, []string{"PhoneNumber", "5552"},
			[][]string{{"DisplayName", "home phone", "PhoneNumber", "1", "MediaSwitchObjectId", phoneSystemID}, {"DisplayName", "x", "Active", "true"}, {"PhoneNumber", "1"}, {"DisplayName", "x", "PhoneNumber", "1"}}},
		{"users/USER/notificationdevices/pagerdevices", "PagerDevice", "1", []string{"DisplayName", "Beeper", "PhoneNumber", "1", "MediaSwitchObjectId", phoneSystemID}, []string{"AfterDialDigits", "123"}, [][]string{{"DisplayName", "Pager", "PhoneNumber", "1", "MediaSwitchObjectId", phoneSystemID}, {"DisplayName", "x", "MediaSwitchObjectId", phoneSystemID}}},
		{"users/USER/notificationdevices/smtpdevices", "SmtpDevice", "1", []string{"DisplayName", "Mail", "SmtpAddress", "a@example.com", "Active", "true"}, []string{"Active", "false"},
			[][]string{{"DisplayName", "x", "Active", "true"}}},
		{"users/USER/notificationdevices/smsdevices", "SmsDevice", "0", []string{"DisplayName", "Text", "RecipientAddress", "555"}, []string{"SenderAddress", "556"}, nil},
		{"users/USER/notificationdevices/htmldevices", "HtmlDevice", "3", []string{"DisplayName", "Page", "NotificationTemplateID", "75825d74-bf4f-4af3-bf84-6226389a8611"}, []string{"SmtpAddress", "a@example.com"},
			[][]string{{"DisplayName", "x", "NotificationTemplateID", "none"}}},
		{"users/USER/messagehandlers", "MessageHandler", "1", nil, []string{"EmailAction", "2", "RelayAddress", "a@example.com"}, nil},
		{"users/USER/externalserviceaccounts", "ExternalServiceAccount", "0",
			[]string{"ExternalServiceObjectId", "1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c13", "EmailAddressUseCorp", "true", "UserPassword", "secret"}, []string{"EnableCalendarCapability", "true"},
			[][]string{{"EmailAddressUseCorp", "true"}, {"ExternalServiceObjectId", "1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c13"}, {"ExternalServiceObjectId", "none", "EmailAddress", "a@b"}}},
		{"users/USER/userroles", "UserRole", "0", []string{"RoleObjectId", "c5b308d7-1ae6-4835-a274-d9fa153627ce"}, nil, [][]string{{}, {"RoleObjectId", "none"}}},
		{"users/USER/privatelists", "PrivateList", "1", []string{"DisplayName", "Team", "NumericId", "2"}, []string{"DisplayName", "Crew"},
			[][]string{{"DisplayName", "x", "NumericId", "1"}, {"DisplayName", "x", "NumericId", "100"}, {"DisplayName", "Mine"}, {"NumericId", "3"}}},
		{"users/USER/privatelists/LIST/privatelistmembers", "PrivateListMember", "0", []string{"MemberSubscriberObjectId", "OTHER"}, nil,
			[][]string{{}, {"MemberSubscriberObjectId", "none"}, {"MemberSubscriberObjectId", "OTHER", "MemberContactObjectId", "x"}}},
		{"handlers/callhandlers/HANDLER/transferoptions", "TransferOption", "3", nil, []string{"Action", "1", "Extension", "4711", "UsePrimaryExtension", "false"}, nil},
		{"handlers/callhandlers/HANDLER/callhandlerowners", "CallhandlerOwner", "0", []string{"UserObjectId", "OTHER"}, nil,
			[][]string{{}, {"UserObjectId", "none"}, {"DistributionListObjectId", "none"}, {"UserObjectId", "OTHER", "DistributionListObjectId", "5e4c9160-a37f-41ce-9b0d-628312af4068"}}},
		{"handlers/callhandlers/HANDLER/greetings", "Greeting", "7", nil, []string{"IgnoreDigits", "true"}, nil},
	}
}

// check compares what is read with what was written; what is secret is not shown.
func check(t *testing.T, got map[string]string, written []string, ids *strings.Replacer) {
	t.Helper()
	for i := 0; i < len(written); i += 2 {
		name, want := written[i], ids.Replace(written[i+1])
		switch {
		case name == "UserPassword":
			want = ""
		case want == "1" && name == "Active":
			want = "true"
		}
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	for _, test := range resourceCases() {
		t.Run(strings.ReplaceAll(test.path, "/", " "), func(t *testing.T) {
			t.Parallel()
			inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
				user := c.create("Alias", "one", "DtmfAccessId", "1001")
				other := c.create("Alias", "two", "DtmfAccessId", "1002")
				handler := s.User(user)["CallHandlerObjectId"]
				list := last(c.expect(201, "POST", "/vmrest/users/"+user+"/privatelists", c.write("PrivateList", "DisplayName", "Mine", "NumericId", "1")))
				ids := strings.NewReplacer("USER", user, "OTHER", other, "HANDLER", handler, "LIST", list)
				path := "/vmrest/" + ids.Replace(test.path)
				body := func(pairs []string) string {
					var filled []string
					for _, text := range pairs {
						filled = append(filled, ids.Replace(text))
					}
					return c.write(test.element, filled...)
				}
				before := s.Snapshot()
				if got := c.expect(200, "GET", path, "").total(t); got != test.before {
					t.Errorf("%s members, want %s", got, test.before)
				}
				member := ""
				if test.post != nil {
					made := c.expect(201, "POST", path, body(test.post))
					if member = made.body; !strings.HasPrefix(member, path+"/") {
						t.Errorf("made %s, want it below %s", member, path)
					}
					check(t, c.read(member, test.element), test.post, ids)
					if test.path != "alternatenames" {
						c.expect(400, "POST", path, body(test.post)) // it is there already
					}
				}
				for _, pairs := range test.refused {
					c.expect(400, "POST", path, body(pairs))
				}
				if test.put != nil {
					switch {
					case strings.HasPrefix(test.path, "handlers/"):
						member = path + "/Off%20Hours"
					case member == "":
						k := resourceOf(test.path[strings.LastIndexByte(test.path, '/')+1:])
						member = path + "/" + k.of(s.data, s.data.users[user])[0].own["ObjectId"]
					}
					c.expect(204, "PUT", member, body(test.put))
					check(t, c.read(member, test.element), test.put, ids)
					if cmp.Equal(before, s.Snapshot()) {
						t.Error("the snapshot does not show the change")
					}
				}
				var saved bytes.Buffer
				if err := s.Save(&saved); err != nil {
					t.Fatal(err)
				}
				var loaded Server
				if err := loaded.Load(&saved); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(s.Snapshot(), loaded.Snapshot()); diff != "" {
					t.Error(diff)
				}
				if test.post != nil {
					c.expect(204, "DELETE", member, "")
					c.expect(404, "DELETE", member, "")
					if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
						t.Error(diff)
					}
				}
				c.expect(204, "DELETE", "/vmrest/users/"+user, "")
				for key := range s.Snapshot() {
					if strings.Contains(key, user) || strings.Contains(key, handler) {
						t.Errorf("%s is left", key)
					}
				}
			})
		})
	}
}

// What came with the user stays with it, and is as new when it is put back.
func TestResourcesThatCome(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "one", "DtmfAccessId", "1001")
		before := s.Snapshot()
		handler := "/vmrest/handlers/callhandlers/" + s.User(user)["CallHandlerObjectId"]
		for _, change := range []struct{ path, element, field, value, back string }{
			{handler + "/greetings/Alternate", "Greeting", "Enabled", "true", "false"},
			{handler + "/greetings/Off%20Hours", "Greeting", "TimeExpires", "", "1972-01-01 00:00:00.0"},
			{handler + "/transferoptions/Off%20Hours", "TransferOption", "Enabled", "true", "false"},
			{handler + "/transferoptions/Standard", "TransferOption", "TransferRings", "9", "4"},
		} {
			c.expect(204, "PUT", change.path, c.write(change.element, change.field, change.value))
			if got := c.read(change.path, change.element); got["Enabled"] != "true" || got["TimeExpires"] != "" {
				t.Errorf("%s: got %v, want it enabled without an end", change.path, got)
			}
			c.expect(204, "PUT", change.path, c.write(change.element, change.field, change.back))
		}
		for _, path := range []string{handler + "/greetings/Standard", handler + "/greetings/Error", handler + "/transferoptions/Standard"} {
			c.expect(400, "PUT", path, c.write("Greeting", "Enabled", "false"))
		}
		devices := "/vmrest/users/" + user + "/notificationdevices"
		if got := c.expect(200, "GET", devices, "").total(t); got != "8" {
			t.Errorf("%s devices, want 8", got)
		}
		phone := resourceOf("phonedevices").of(s.data, s.data.users[user])[0].own["ObjectId"]
		c.expect(400, "DELETE", devices+"/phonedevices/"+phone, "")
		c.expect(405, "POST", devices, c.write("NotificationDevice", "DisplayName", "x"))
		if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDistributionLists(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "one", "DtmfAccessId", "1001")
		before := s.Snapshot()
		const path = "/vmrest/distributionlists"
		made := c.expect(201, "POST", path, c.write("DistributionList", "Alias", "Texoma1", "DisplayName", "Texoma 1")).body
		c.expect(400, "POST", path, c.write("DistributionList", "Alias", "TEXOMA1"))
		c.expect(400, "POST", path, c.write("DistributionList", "DisplayName", "x"))
		c.expect(204, "PUT", made, c.write("DistributionList", "DisplayName", "Texoma One"))
		if got := c.expect(200, "GET", path+"?query=(alias is texoma1)", ""); got.total(t) != "1" || !strings.Contains(got.body, "Texoma One") {
			t.Errorf("got %s", got.body)
		}
		c.expect(201, "POST", made+"/distributionlistmembers", c.write("DistributionListMember", "MemberUserObjectId", user))
		var saved bytes.Buffer
		if err := s.Save(&saved); err != nil {
			t.Fatal(err)
		}
		var loaded Server
		if err := loaded.Load(&saved); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Snapshot(), loaded.Snapshot()); diff != "" {
			t.Error(diff)
		}
		c.expect(204, "DELETE", made, "")
		c.expect(400, "DELETE", path+"/5e4c9160-a37f-41ce-9b0d-628312af4068", "")
		if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
			t.Error(diff)
		}
		c.expect(204, "POST", "/vmrest/users/"+user+"?method=resetmwi", "")
		c.expect(400, "POST", "/vmrest/users/"+user, "")
	})
}
