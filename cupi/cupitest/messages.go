package cupitest

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// messageRoutes are what lies in a folder, and one message. All are voice messages that nobody has heard, and are silent.
var messageRoutes = []route{
	{"GET /vmrest/mailbox/folders/{id}/messages", nil, listMessages},
	{"GET /vmrest/messages/{id}", nil, func(c *call) answer {
		message, missing := c.message()
		if missing != nil {
			return c.fail(missing)
		}
		return c.object("Message", message.pairs(false))
	}},
	{"GET /vmrest/messages/{id}/attachments/{id}", nil, func(c *call) answer {
		number := c.ids[1]
		message, missing := c.message()
		switch {
		case missing != nil:
			return c.fail(missing)
		case number != "0":
			return c.fail(notFound("attachment", "MsgId", message.own["MsgId"]))
		}
		return c.sound(silence, "attachment", number)
	}},
}

var messageSchema = schemaOf("messages")

func listMessages(c *call) answer {
	name, found, missing := c.inFolder()
	if missing != nil {
		return c.fail(missing)
	}
	return c.listingOf("Messages", "Message", messageSchema, func(selection) []*document {
		if c.params.Get("read") == "true" || !strings.EqualFold(cmp.Or(c.params.Get("type"), "voice"), "voice") {
			return nil
		}
		return c.messagesIn(found, name)
	})
}

// messagesIn makes up the messages in a folder of a mailbox, as many as there are.
func (c *call) messagesIn(mailbox *document, folder string) (all []*document) {
	count, _ := strconv.Atoi(c.folder(mailbox, folder).own["MessageCount"])
	since, _ := mailbox.owner.value("CreationTime")
	began, _ := time.Parse(time.DateTime, strings.Replace(since[:min(len(since), len(time.DateTime))], "T", " ", 1)) // both forms of times
	for i := range count {
		all = append(all, &document{schema: messageSchema, own: map[string]string{
			"MsgId": "0:" + objectID(hash(mailbox.owner.own["ObjectId"], "message",
				strconv.Itoa(i))), "ArrivalTime": strconv.FormatInt(began.Add(time.Duration(i)*time.Minute).UnixMilli(), 10),
		}})
	}
	return all
}

// message is the one that the path names, of the user whom the address names.
func (c *call) message() (*document, *failure) {
	id := c.ids[0]
	found := c.asked()
	if found == nil {
		return nil, notFound("mailbox", "UserObjectId", c.ids[0])
	}
	for _, message := range c.messagesIn(found, folders[0]) {
		if message.own["MsgId"] == id {
			return message, nil
		}
	}
	return nil, notFound("message", "MsgId", id)
}
