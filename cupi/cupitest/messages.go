package cupitest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// messageRoutes are what lies in a folder, and one message. All are voice messages; those that nobody sent are silent.
var messageRoutes = []route{
	{"GET /vmrest/mailbox/folders/{id}/messages", nil, listMessages},
	{"POST /vmrest/mailbox/folders/{id}/messages", nil, emptyFolder},
	{"GET /vmrest/messages/{id}", nil, func(c *call) answer {
		_, message, missing := c.message()
		if missing != nil {
			return c.fail(missing)
		}
		return c.object("Message", message.pairs(false))
	}},
	{"POST /vmrest/messages", []string{rawBody}, sendMessage},
	{"POST /vmrest/messages/{id}", []string{"Message"}, undeleteMessage},
	{"PUT /vmrest/messages/{id}", []string{"Message"}, changeMessage},
	{"DELETE /vmrest/messages/{id}", nil, deleteMessage},
	{"GET /vmrest/messages/{id}/attachments/{id}", nil, func(c *call) answer {
		number := c.ids[1]
		_, message, missing := c.message()
		switch {
		case missing != nil:
			return c.fail(missing)
		case number != "0":
			return c.fail(notFound("attachment", "ObjectId", number))
		}
		return c.sound(cmp.Or(c.data.recordings[recordingKey(message, questionRecording)], silence), "attachment", number)
	}},
}

var messageSchema = schemaAt("messages")

// messageKind is what keeps messages that were sent, changed or moved: from the first of those on, all of the mailbox.
const messageKind = "messages"

func listMessages(c *call) answer {
	name, found, missing := c.inFolder()
	if missing != nil {
		return c.fail(missing)
	}
	all := slices.DeleteFunc(c.messagesIn(found, name), func(message *document) bool {
		for parameter, field := range map[string]string{"read": "Read", "priority": "Priority", "dispatch": "Dispatch", "type": "MsgType"} {
			is, _ := message.value(field)
			if wanted := c.params.Get(parameter); wanted != "" && !strings.EqualFold(wanted, is) {
				return true
			}
		}
		return false
	})
	slices.SortStableFunc(all, c.messageOrder())
	return c.listing("Messages", "Message", messageSchema(), all)
}

// messageOrder is the order that the request asks for: else those that nobody has heard come first, and of them the newest.
//
// CUMI guide ch.1 [DOC].
func (c *call) messageOrder() func(a, b *document) int {
	arrived := func(a, b *document) int {
		first, _ := strconv.ParseInt(a.own["ArrivalTime"], 10, 64)
		second, _ := strconv.ParseInt(b.own["ArrivalTime"], 10, 64)
		return cmp.Compare(first, second)
	}
	last := func(field, value string) func(a, b *document) int {
		rank := func(d *document) int {
			if v, _ := d.value(field); v == value {
				return 1
			}
			return 0
		}
		return func(a, b *document) int { return cmp.Compare(rank(a), rank(b)) }
	}
	ascending := strings.EqualFold(c.params.Get("sortorder"), "ascending")
	switch key := strings.ToLower(c.params.Get("sortkey")); {
	case key == "arrivaltime" && ascending:
		return arrived
	case key == "priority":
		return func(a, b *document) int { return cmp.Or(-last("Priority", "Urgent")(a, b), -arrived(a, b)) }
	}
	return func(a, b *document) int { return cmp.Or(last("Read", "true")(a, b), -arrived(a, b)) }
}

// messagesIn is the messages in a folder of a mailbox. As long as none was touched they are made up, as many as there are.
func (c *call) messagesIn(mailbox *document, folder string) (all []*document) {
	if mailbox.own["Kept"] == "true" {
		for _, message := range c.data.belongings[messageKind].byOwner[mailbox.owner.own["ObjectId"]] {
			if message.own["Folder"] == folder {
				all = append(all, message)
			}
		}
		return all
	}
	if folder != folders[0] {
		return nil
	}
	number, _ := mailbox.value("NumMessages")
	count, _ := strconv.Atoi(number)
	size, _ := mailbox.value("ByteSize")
	bytes, _ := strconv.Atoi(size)
	since, _ := mailbox.owner.value("CreationTime")
	// Both forms of times.
	began, _ := time.Parse(time.DateTime, strings.Replace(since[:min(len(since), len(time.DateTime))], "T", " ", 1))
	for i := range count {
		all = append(all, &document{schema: messageSchema(), owner: mailbox.owner, own: merged(voicePart, map[string]string{
			"ObjectId":    objectID(hash(mailbox.owner.own["ObjectId"], "message", strconv.Itoa(i))),
			"Folder":      folder,
			"Size":        strconv.Itoa(bytes / count),
			"ArrivalTime": strconv.FormatInt(began.Add(time.Duration(i)*time.Minute).UnixMilli(), 10),
		})})
	}
	return all
}

// voicePart is what a message shows of its one attachment.
var voicePart = map[string]string{
	"Attachments.Attachment.contentType":             "audio/wav; name=voicemessage.wav",
	"Attachments.Attachment.contentTransferEncoding": "",
	"Attachments.Attachment.contentDisposition":      "inline; filename=VoiceMessage.wav; voice=Voice-Message",
}

// message is the one that the path names, of the user whom the address names, and the mailbox that it is in.
func (c *call) message() (*document, *document, *failure) {
	id := c.ids[0]
	found := c.asked()
	if found == nil {
		return nil, nil, notFound("mailbox", "UserObjectId", c.ids[0])
	}
	for _, folder := range folders {
		for _, message := range c.messagesIn(found, folder) {
			if v, _ := message.value("MsgId"); v == id {
				return found, message, nil
			}
		}
	}
	return nil, nil, notFound("message", "MsgId", id)
}

// touch keeps the messages of a mailbox from now on, and finds one of them again.
func (c *call) touch(mailbox, message *document) *document {
	kept := c.data.belongings[messageKind]
	if mailbox.own["Kept"] != "true" {
		for _, one := range c.messagesIn(mailbox, folders[0]) {
			kept.add(mailbox.owner, one.own)
		}
		mailbox.write(map[string]string{"Kept": "true"})
		mailbox.owner.parts["mailboxattributes"] = mailbox
	}
	if message == nil {
		return nil
	}
	return kept.byID[message.own["ObjectId"]]
}

// count tells the mailbox how many messages it has now, and of what size.
func (c *call) count(mailbox *document) {
	number, size := 0, 0
	for _, message := range c.data.belongings[messageKind].byOwner[mailbox.owner.own["ObjectId"]] {
		bytes, _ := strconv.Atoi(message.own["Size"])
		number, size = number+1, size+bytes
	}
	mailbox.write(map[string]string{"NumMessages": strconv.Itoa(number), "ByteSize": strconv.Itoa(size)})
}

// changeMessage: the subject of a message can be changed, and in the inbox whether it was heard.
func changeMessage(c *call) answer {
	mailbox, message, missing := c.message()
	if missing != nil {
		return c.fail(missing)
	}
	fields, problems := messageSchema().check(c.data, message.withoutEcho(c.fields))
	if _, given := fields["Read"]; given && message.own["Folder"] != folders[0] {
		problems = append(problems, "Read can be changed in the inbox alone")
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(mailbox.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.touch(mailbox, message).write(fields)
	return c.done()
}

// deleteMessage moves a message to those that are deleted. One that is there already, or that is not to be kept, is gone.
func deleteMessage(c *call) answer {
	mailbox, message, missing := c.message()
	if missing != nil {
		return c.fail(missing)
	}
	if refusal := c.change(mailbox.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	kept := c.touch(mailbox, message)
	if kept.own["Folder"] == folders[1] || strings.EqualFold(c.params.Get("harddelete"), "true") {
		c.data.dropMessage(kept)
	} else {
		kept.write(map[string]string{"Folder": folders[1]})
	}
	c.count(mailbox)
	return c.done()
}

func (d *data) dropMessage(message *document) {
	d.dropBelongings(message)
	d.belongings[messageKind].remove(message)
}

// undeleteMessage brings a message back. SDK UserMessage.cs [CODE].
func undeleteMessage(c *call) answer {
	mailbox, message, missing := c.message()
	switch {
	case missing != nil:
		return c.fail(missing)
	case !strings.EqualFold(c.params.Get("method"), "undelete"):
		return notAllowed(http.MethodGet, http.MethodPut, http.MethodDelete)
	case message.own["Folder"] != folders[1]:
		return c.fail(invalid("the message is not deleted"))
	}
	if refusal := c.change(mailbox.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.touch(mailbox, message).write(map[string]string{"Folder": folders[0]})
	return c.done()
}

// emptyFolder takes all out that is deleted.
func emptyFolder(c *call) answer {
	name, mailbox, missing := c.inFolder()
	switch {
	case missing != nil:
		return c.fail(missing)
	case name != folders[1] || !strings.EqualFold(c.params.Get("method"), "empty"):
		return notAllowed(http.MethodGet)
	}
	if refusal := c.change(mailbox.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.touch(mailbox, nil)
	for _, message := range c.messagesIn(mailbox, name) {
		c.data.dropMessage(message)
	}
	c.count(mailbox)
	return c.done()
}
