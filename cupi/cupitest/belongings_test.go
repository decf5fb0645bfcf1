package cupitest

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// last is the id at the end of what a POST answered.
func last(r reply) string { return r.body[strings.LastIndexByte(r.body, '/')+1:] }

func TestAlternateExtensions(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		one := c.create("Alias", "one", "DtmfAccessId", "1001")
		two := c.create("Alias", "two", "DtmfAccessId", "1002")
		path := "/vmrest/users/" + one + "/alternateextensions"
		post := func(status int, pairs ...string) reply {
			t.Helper()
			return c.expect(status, "POST", path, c.write("AlternateExtension", pairs...))
		}
		list := c.expect(200, "GET", path, "")
		if list.total(t) != "1" || !strings.Contains(list.body, "1001") || strings.Contains(list.body, "[") {
			t.Errorf("got %s, want the primary extension alone and not in an array", list.body)
		}
		made := post(201, "IdIndex", "2", "DtmfAccessId", "999341", "PartitionObjectId", partitionID)
		if want := path + "/" + last(made); made.body != want {
			t.Errorf("got %s, want %s", made.body, want)
		}
		post(400, "IdIndex", "2", "DtmfAccessId", "999342", "PartitionObjectId", partitionID)
		post(400, "IdIndex", "3", "DtmfAccessId", "999341", "PartitionObjectId", partitionID)
		post(400, "IdIndex", "3", "DtmfAccessId", "1002", "PartitionObjectId", partitionID)
		post(400, "IdIndex", "0", "DtmfAccessId", "999343", "PartitionObjectId", partitionID)
		post(400, "IdIndex", "21", "DtmfAccessId", "999343", "PartitionObjectId", partitionID)
		post(400, "IdIndex", "3", "DtmfAccessId", "999343")
		post(400, "IdIndex", "3", "DtmfAccessId", "999343", "PartitionObjectId", "none")
		post(201, "IdIndex", "3", "DtmfAccessId", "999341", "PartitionObjectId", branchID)
		c.expect(400, "PUT", "/vmrest/users/"+two, c.write("User", "DtmfAccessId", "999341"))
		c.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", "Alias", "three", "DtmfAccessId", "999341"))
		if got := c.expect(200, "GET", path, "").total(t); got != "3" {
			t.Errorf("got %s extensions, want 3", got)
		}
		c.expect(204, "PUT", made.body, c.write("AlternateExtension", "DtmfAccessId", "999345"))
		if got := c.read(made.body, "AlternateExtension"); got["DtmfAccessId"] != "999345" || got["IdIndex"] != "2" || got["PartitionObjectId"] != partitionID {
			t.Errorf("got %v", got)
		}
		primary := path + "/" + primaryExtension(s.data.users[one]).own["ObjectId"]
		c.expect(204, "PUT", primary, c.write("AlternateExtension", "DtmfAccessId", "1005"))
		if got := s.User(one)["DtmfAccessId"]; got != "1005" {
			t.Errorf("got the extension %s, want 1005", got)
		}
		c.expect(400, "DELETE", primary, "")
		c.expect(204, "DELETE", made.body, "")
		c.expect(404, "DELETE", made.body, "")
		c.expect(404, "GET", strings.Replace(made.body, one, two, 1), "")
		c.expect(404, "GET", "/vmrest/users/none/alternateextensions", "")
	})
}

func TestSmtpProxyAddresses(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		one := c.create("Alias", "one", "DtmfAccessId", "1001")
		two := c.create("Alias", "two", "DtmfAccessId", "1002")
		const path = "/vmrest/smtpproxyaddresses"
		post := func(status int, address, user string) reply {
			t.Helper()
			return c.expect(status, "POST", path, c.write("SmtpProxyAddress", "SmtpAddress", address, "ObjectGlobalUserObjectId", user))
		}
		made := post(201, "Texoma@cisco.com", one)
		post(400, "texoma@CISCO.com", two)
		post(400, "other@cisco.com", "none")
		post(400, "", one)
		post(201, "other@cisco.com", two)
		list := c.expect(200, "GET", path+"?query=(ObjectGlobalUserObjectId is "+one+")", "")
		if list.total(t) != "1" || !strings.Contains(list.body, "Texoma@cisco.com") || strings.Contains(list.body, "other@") {
			t.Errorf("got %s", list.body)
		}
		for _, column := range []string{"ObjectGlobalUserObjectId", "GlobalUserObjectId"} { // the page and the user's own answer differ
			if got := c.expect(200, "GET", path+"?query=("+column+" is "+one+")", "").total(t); got == "0" {
				t.Errorf("%s finds %s", column, got)
			}
		}
		if got := c.read(made.body, "SmtpProxyAddress"); got["ObjectGlobalUserURI"] != "/vmrest/globalusers/"+one || got["GlobalUserObjectId"] != "" {
			t.Errorf("it shows %v", got)
		}
		c.expect(204, "PUT", made.body, c.write("SmtpProxyAddress", "SmtpAddress", "again@cisco.com"))
		c.expect(400, "PUT", made.body, c.write("SmtpProxyAddress", "SmtpAddress", "other@cisco.com"))
		if got := c.read(made.body, "SmtpProxyAddress")["SmtpAddress"]; got != "again@cisco.com" {
			t.Errorf("got %s", got)
		}
		c.expect(204, "DELETE", made.body, "")
		c.expect(404, "GET", made.body, "")
	})
}

func TestDistributionListMembers(t *testing.T) {
	t.Parallel()
	const list, other = "5e4c9160-a37f-41ce-9b0d-628312af4068", "6f5da271-b480-42df-8c1e-739423b05179"
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		one := c.create("Alias", "one", "DtmfAccessId", "1001", "DisplayName", "Number One")
		path := "/vmrest/distributionlists/" + list + "/distributionlistmembers"
		post := func(status int, pairs ...string) reply {
			t.Helper()
			return c.expect(status, "POST", path, c.write("DistributionListMember", pairs...))
		}
		made := post(201, "MemberUserObjectId", one)
		post(400, "MemberUserObjectId", one)
		post(400, "MemberUserObjectId", "none")
		post(400, "MemberDistributionListObjectId", list)
		post(400)
		post(201, "MemberDistributionListObjectId", other)
		post(201, "MemberUserObjectId", s.data.template("voicemailusertemplate").own["ObjectId"])
		if got := c.read(made.body, "DistributionListMember"); got["Alias"] != "one" || got["DisplayName"] != "Number One" || got["IsUserTemplate"] != "false" {
			t.Errorf("got %v", got)
		}
		two := c.create("Alias", "two", "DtmfAccessId", "1002") // its template is in the list
		if answer := c.expect(200, "GET", path+"?query=(MemberUserObjectId is "+two+")", ""); answer.total(t) != "1" {
			t.Errorf("a new user is not in the lists of its template: %s", answer.body)
		}
		if got := c.expect(200, "GET", path+"?rowsPerPage=2&pageNumber=2", "").total(t); got != "4" {
			t.Errorf("got %s members, want 4", got)
		}
		c.expect(204, "DELETE", made.body, "")
		c.expect(404, "GET", made.body, "")
		c.expect(404, "POST", "/vmrest/distributionlists/none/distributionlistmembers", c.write("DistributionListMember", "MemberUserObjectId", one))
		if got := c.expect(200, "GET", "/vmrest/distributionlists/none/distributionlistmembers", "").total(t); got != "0" {
			t.Errorf("got %s members of a list that does not exist", got)
		}
	})
}

// TestBelongingsGoWithTheirUser shows them in the snapshot, through Save and Load, and that none outlives its user.
func TestBelongingsGoWithTheirUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		before := s.Snapshot()
		id := c.create("Alias", "texoma", "DtmfAccessId", "1")
		c.expect(201, "POST", "/vmrest/users/"+id+"/alternateextensions", c.write("AlternateExtension", "IdIndex", "1", "DtmfAccessId", "2", "PartitionObjectId", partitionID))
		c.expect(201, "POST", "/vmrest/smtpproxyaddresses", c.write("SmtpProxyAddress", "SmtpAddress", "a@b.c", "ObjectGlobalUserObjectId", id))
		c.expect(201, "POST", "/vmrest/distributionlists/5e4c9160-a37f-41ce-9b0d-628312af4068/distributionlistmembers", c.write("DistributionListMember", "MemberUserObjectId", id))
		if err := s.PutMessages(id, 3, 4096); err != nil {
			t.Fatal(err)
		}
		if got := c.read("/vmrest/users/"+id+"/mailboxattributes", "MailboxAttributes"); got["NumMessages"] != "3" || got["ByteSize"] != "4096" {
			t.Errorf("got the mailbox %v", got)
		}
		full := s.Snapshot()
		if got := len(full) - len(before); got != 6 {
			t.Errorf("%d more in the snapshot, want the user, its call handler, its mailbox and three belongings", got)
		}
		var saved bytes.Buffer
		if err := s.Save(&saved); err != nil {
			t.Fatal(err)
		}
		loaded := &Server{}
		if err := loaded.Load(bytes.NewReader(saved.Bytes())); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full, loaded.Snapshot()); diff != "" {
			t.Errorf("before and after Save and Load differ:\n%s", diff)
		}
		again := serve(t, loaded, c.wire)
		again.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", again.write("User", "Alias", "other", "DtmfAccessId", "2"))
		for _, each := range []struct {
			server *Server
			client *client
		}{{s, c}, {loaded, again}} {
			each.client.expect(http.StatusNoContent, "DELETE", "/vmrest/users/"+id, "")
			if diff := cmp.Diff(before, each.server.Snapshot()); diff != "" {
				t.Errorf("after the user was deleted:\n%s", diff)
			}
			each.client.create("Alias", "other", "DtmfAccessId", "2")
		}
	})
	s := &Server{}
	if err := s.PutMessages("none", 1, 1); err == nil {
		t.Error("messages were put into the mailbox of nobody")
	}
	if err := s.Load(strings.NewReader(`{"belongings":{"smtpproxyaddresses":[{"owner":"nobody","fields":{}}]}}`)); err == nil {
		t.Error("a belonging of nobody was loaded")
	}
}

func TestATemplateByItsID(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		s.start()
		for alias, enrolled := range map[string]string{"voicemailusertemplate": "true", "executivetemplate": "false"} {
			template := c.read("/vmrest/usertemplates/"+s.data.template(alias).own["ObjectId"], "UserTemplate")
			if template["Alias"] != alias || template["IsVmEnrolled"] != enrolled || template["SayTotalNew"] != "false" || template["TimeZone"] != "190" {
				t.Errorf("got %v", template)
			}
			for _, name := range []string{"DtmfAccessId", "FirstName", "CreationTime"} {
				if value, shown := template[name]; shown {
					t.Errorf("the template shows %s %q", name, value)
				}
			}
		}
		c.expect(404, "GET", "/vmrest/usertemplates/none", "")
	})
}

// TestNobodyNamesOneThatIsGone: what names a deleted user or list as its member or owner goes too.
func TestNobodyNamesOneThatIsGone(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		owner := c.create("Alias", "ann", "DtmfAccessId", "7001")
		handler := "/vmrest/handlers/callhandlers/" + s.User(owner)["CallHandlerObjectId"] + "/callhandlerowners"
		private := c.expect(201, "POST", "/vmrest/users/"+owner+"/privatelists", c.write("PrivateList", "DisplayName", "Team", "NumericId", "1")).body + "/privatelistmembers"
		user := c.create("Alias", "bob", "DtmfAccessId", "7002")
		list := c.expect(201, "POST", "/vmrest/distributionlists", c.write("DistributionList", "Alias", "sales")).id()
		stays := c.create("Alias", "cid", "DtmfAccessId", "7003")
		for _, named := range [][2]string{{"User", user}, {"DistributionList", list}, {"User", stays}} {
			c.expect(201, "POST", handler, c.write("CallhandlerOwner", named[0]+"ObjectId", named[1]))
			member := map[string]string{"User": "MemberSubscriberObjectId", "DistributionList": "MemberDistributionListObjectId"}[named[0]]
			c.expect(201, "POST", private, c.write("PrivateListMember", member, named[1]))
		}
		c.expect(204, "DELETE", "/vmrest/users/"+user, "")
		c.expect(204, "DELETE", "/vmrest/distributionlists/"+list, "")
		for _, path := range []string{handler, private} {
			if answer := c.expect(200, "GET", path, ""); answer.total(t) != "1" || !strings.Contains(answer.body, stays) {
				t.Errorf("%s: got %s", path, answer.body)
			}
		}
	})
}
