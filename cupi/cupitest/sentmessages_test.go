package cupitest

import (
	"strings"
	"testing"
)

// multi makes a body of parts, as a vendor's sample puts it together.
func multi(parts ...string) string {
	var body strings.Builder
	for i := 0; i < len(parts); i += 2 {
		body.WriteString("--line\r\nContent-Type: " + parts[i] + "\r\n\r\n" + parts[i+1] + "\r\n")
	}
	return body.String() + "--line--\r\n"
}

const inParts = "multipart/form-data; boundary=line"

// TestMessagesAreSent goes the way of a vendor's sample: somebody sends a message to himself with his own password, finds it, and
// deletes it; and the other ways to say for whom one is.
func TestMessagesAreSent(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		asAnn := []string{"Authorization", "Basic YW5uOnNlY3JldA==", "Content-Type", inParts}
		send := func(status int, message, recipients string, sound ...string) string {
			t.Helper()
			parts := append([]string{jsonType, message, jsonType, recipients}, sound...)
			return c.expect(status, "POST", "/vmrest/messages", multi(parts...), asAnn...).body
		}
		inbox := func() []map[string]string {
			return c.all("/vmrest/mailbox/folders/inbox/messages?userobjectid="+ann+"&read=true", "Message")
		}
		wav := []string{"audio/wav", aSound + "ann"}
		for _, address := range []string{`[{"Type":"TO","Address":{"SmtpAddress":"Ann@` + strings.TrimPrefix(c.base, "http://") + `"}}]`,
			`{"Type":"TO","Address":{"UserGuid":"` + ann + `"}}`, `{"Type":"TO","Address":{"Type":"SUBSCRIBER","ObjectId":"` + ann + `"}}`,
			`{"Address":{"DtmfAccessId":"7001"}}`, `{"Address":{"SmtpAddress":"nobody@example.com"}}`} {
			send(202, `{"Subject":"testMessage","Priority":"Urgent","ReadReceiptRequested":false,"Secure":true}`, `{"Recipient":`+address+`}`, wav...)
		}
		c.expect(202, "POST", "/vmrest/messages?userobjectid="+ann, multi("application/xml", "<Message><Subject>of XML</Subject></Message>", "application/xml",
			"<Recipients><Recipient><Type>TO</Type><Address><DtmfAccessId>7001</DtmfAccessId></Address></Recipient></Recipients>", "application/xml", "<CallControl/>"),
			"Content-Type", inParts)
		mine := c.expect(200, "GET", "/vmrest/mailbox/folders/inbox/messages", "", asAnn[:2]...)
		if got := mine.total(t); got != "5" || !strings.Contains(mine.body, "testMessage") || !strings.Contains(mine.body, "of XML") {
			t.Fatalf("%s messages: %s", got, mine.body)
		}
		if got := c.expect(200, "GET", "/vmrest/mailbox/folders/inbox/messages?userobjectid="+ann+"&priority=urgent&pageNumber=1&rowsPerPage=1", "").total(t); got != "4" {
			t.Errorf("%s urgent messages", got)
		}
		_, id, _ := strings.Cut(mine.body, "/vmrest/messages/")
		id = id[:38]
		one := "/vmrest/messages/" + id + "?userobjectid=" + ann
		if got := c.expect(200, "GET", "/vmrest/messages/"+id+"/attachments/0?userobjectid="+ann, "", "Accept", "audio/wav").body; !strings.HasPrefix(got, "RIFF") {
			t.Errorf("its sound is %q", got)
		}
		if len(inbox()) != 0 {
			t.Errorf("%v were heard", inbox())
		}
		c.put(204, one, "Read", "true", "Subject", "new")
		c.put(400, one, "Priority", "Low")
		if got := c.expect(200, "GET", one, "").body; !strings.Contains(got, "new") {
			t.Errorf("it is %s", got)
		}
		c.expect(204, "DELETE", one, "")
		folder := func(name string) string {
			return c.read("/vmrest/mailbox/folders/"+name+"?userobjectid="+ann, "Folder")["MessageCount"]
		}
		if folder("inbox") != "4" || folder("deleted") != "1" {
			t.Errorf("%s messages, and %s deleted", folder("inbox"), folder("deleted"))
		}
		c.put(400, one, "Read", "false")
		c.expect(204, "POST", one+"&method=undelete", "")
		c.expect(400, "POST", one+"&method=undelete", "")
		c.expect(204, "DELETE", one+"&harddelete=true", "")
		c.expect(404, "GET", one, "")
		rest := c.expect(200, "GET", "/vmrest/mailbox/folders/inbox/messages?userobjectid="+ann+"&sortkey=arrivaltime&sortorder=ascending", "").body
		_, id, _ = strings.Cut(rest, "/vmrest/messages/")
		c.expect(204, "DELETE", "/vmrest/messages/"+id[:38], "", asAnn[:2]...)
		c.expect(204, "POST", "/vmrest/mailbox/folders/deleted/messages?method=empty&userobjectid="+ann, "")
		if got := c.read("/vmrest/users/"+ann+"/mailboxattributes", "MailboxAttributes")["NumMessages"]; folder("deleted") != "0" || got != "3" {
			t.Errorf("%s are deleted, %s there", folder("deleted"), got)
		}

		to := `{"Recipient":{"Address":{"UserGuid":"` + ann + `"}}}`
		send(400, `{"Subjekt":"x"}`, to, wav...)
		send(400, `{"Priority":"High"}`, to, wav...)
		send(400, `{"Subject":"x"}`, `{"Recipient":[]}`, wav...)
		send(400, `{"Subject":"x"}`, to)
		send(400, `{"Subject":`, to, wav...)
		c.expect(415, "POST", "/vmrest/messages", `{}`, "Authorization", asAnn[1], "Content-Type", jsonType)
		c.expect(404, "POST", "/vmrest/messages", multi(), "Content-Type", inParts) // the administrator has no mailbox
		c.expect(405, "POST", "/vmrest/mailbox/folders/inbox/messages?method=empty&userobjectid="+ann, "")
	})
}

// TestMessagesThatCallersLeftCanBeChanged: one of those that are only a number is deleted, and the others stay as they are.
func TestMessagesThatCallersLeftCanBeChanged(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		if err := s.PutMessages(ann, 3, 4096); err != nil {
			t.Fatal(err)
		}
		path := "/vmrest/mailbox/folders/inbox/messages?userobjectid=" + ann
		before := c.all(path, "Message")
		c.expect(204, "DELETE", before[1]["URI"]+"?userobjectid="+ann, "")
		var saved strings.Builder
		if err := s.Save(&saved); err != nil {
			t.Fatal(err)
		}
		again := fresh()
		if err := again.Load(strings.NewReader(saved.String())); err != nil {
			t.Fatal(err)
		}
		for _, server := range []*client{c, serve(t, again, c.wire)} {
			after := server.all(path, "Message")
			if len(after) != 2 || after[0]["MsgId"] != before[0]["MsgId"] || after[1]["MsgId"] != before[2]["MsgId"] {
				t.Errorf("there were %v, and are %v", before, after)
			}
		}
		c.expect(204, "DELETE", "/vmrest/users/"+ann, "")
		if err := s.PutMessages(ann, 1, 1); err == nil {
			t.Error("a mailbox is left")
		}
	})
}
