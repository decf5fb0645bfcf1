package cupi_test

import (
	"testing"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

func TestWhatHangsOnAUser(t *testing.T) {
	each(t, func(t *testing.T, server *cupitest.Server, client *cupi.Client) {
		id, err := server.AddUser(map[string]string{"Alias": "texoma", "DtmfAccessId": "99934"})
		if err != nil {
			t.Fatal(err)
		}
		const list = "5e4c9160-a37f-41ce-9b0d-628312af4068"
		partition := server.User(id)["PartitionObjectId"]
		do(t, client, cupi.Create(cupi.AlternateExtensionsOf(id), cupi.Object{"IdIndex": "1", "DtmfAccessId": "999341", "PartitionObjectId": partition}))
		do(t, client, cupi.Create(cupi.SmtpProxyAddresses, cupi.Object{"SmtpAddress": "t@example.com", "ObjectGlobalUserObjectId": id}))
		do(t, client, cupi.Create(cupi.MembersOf(list), cupi.Object{"MemberUserObjectId": id}))
		for _, test := range []struct {
			request cupi.Request
			total   int
			field   string // of the last item
			want    string
		}{
			{cupi.List(cupi.AlternateExtensionsOf(id), cupi.Query{}, 0, 0), 2, "DtmfAccessId", "999341"},
			{cupi.List(cupi.SmtpProxyAddresses, cupi.Query{Column: "ObjectGlobalUserObjectId", Op: cupi.Is, Value: id}, 0, 0), 1, "SmtpAddress", "t@example.com"},
			{cupi.List(cupi.MembersOf(list), cupi.Query{}, 1, 100), 1, "MemberUserObjectId", id},
		} {
			page := do(t, client, test.request).Page
			if page.Total != test.total || len(page.Items) != test.total || page.Items[test.total-1][test.field] != test.want {
				t.Errorf("%s: got %+v", test.request.Path, page)
			}
		}
		if err := server.PutMessages(id, 2, 2048); err != nil {
			t.Fatal(err)
		}
		if mailbox := do(t, client, cupi.GetMailbox(id)).Object; mailbox["NumMessages"] != "2" || mailbox["ByteSize"] != "2048" {
			t.Errorf("got the mailbox %v", mailbox)
		}
		template := do(t, client, cupi.List(cupi.UserTemplates, cupi.Query{Column: "Alias", Op: cupi.Is, Value: "voicemailusertemplate"}, 0, 0)).Page.Items[0]
		if whole := do(t, client, cupi.GetUserTemplate(template["ObjectId"])).Object; whole["IsVmEnrolled"] != "true" || len(whole) <= len(template) {
			t.Errorf("got the template %v", whole)
		}
	})
}
