package cupitest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// sendMessage leaves a message with whom it is for: the request has three parts, what is said of the message, for whom it is, and
// its sound. Addresses of nobody here are taken, and nothing comes of them.
//
// A vendor's sample, CUTI guide, SDK UserMessage.cs [DOC][CODE].
func sendMessage(c *call) answer {
	sender := c.asked()
	if sender == nil {
		return c.fail(notFound("mailbox", "UserObjectId", c.ids[0]))
	}
	kind, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return webPage(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	parts, err := readParts(c.fields[rawBody], parameters["boundary"])
	if err != nil {
		return c.fail(invalid("The request is malformed: " + err.Error() + "."))
	}
	fields, problems := schemaOf("messages/new").check(c.data, parts.message)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(sender.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	own := merged(voicePart, map[string]string{
		"Folder": folders[0], "ArrivalTime": strconv.FormatInt(c.data.now().UnixMilli(), 10),
		"Size": strconv.Itoa(len(parts.sound)), "FromSub": "true", "CallerId.CallerNumber": fields["CallerId"],
	})
	for _, name := range []string{"Subject", "Dispatch", "Priority", "Sensitivity", "Secure"} {
		if v := fields[name]; v != "" {
			own[name] = v
		}
	}
	for _, name := range []string{"DisplayName", "SmtpAddress", "DtmfAccessId"} {
		own["From."+name], _ = sender.owner.value(name)
	}
	for _, address := range parts.addresses {
		if user := c.addressed(address); user != nil {
			c.deliver(user, own, parts.sound)
		}
	}
	return c.body(http.StatusAccepted, nil)
}

// deliver puts a copy of the message into the mailbox of the user.
func (c *call) deliver(user *document, own map[string]string, sound string) {
	c.ids = []string{user.own["ObjectId"]}
	box := mailbox(c)
	c.touch(box, nil)
	message := c.data.belongings[messageKind].add(user, merged(own, map[string]string{"ObjectId": c.data.newID()}))
	if sound != "" {
		c.data.recordings[recordingKey(message, questionRecording)] = sound
	}
	c.count(box)
}

// addressed is the user with the address, who has a mailbox: an id, an extension, an SMTP address, or the alias at this server as
// the request calls it.
func (c *call) addressed(address map[string]string) *document {
	for _, name := range []string{"UserGuid", "ObjectId"} {
		if user := c.data.users[inLowerCase(address[name])]; user != nil && hasMailbox(user) {
			return user
		}
	}
	smtp := strings.ToLower(address["SmtpAddress"])
	alias, host, _ := strings.Cut(smtp, "@")
	for _, user := range c.data.sorted {
		own, _ := user.value("SmtpAddress")
		extension, _ := user.value("DtmfAccessId")
		switch {
		case smtp != "" && strings.EqualFold(own, smtp), smtp == "" && extension != "" && extension == address["DtmfAccessId"],
			alias == folded(user) && (host == smtpDomain || strings.EqualFold(host, c.r.Host)):
			return user
		}
	}
	for _, proxy := range c.data.belongings[smtpProxyAddresses].byKey[smtp] {
		if smtp != "" && hasMailbox(proxy.owner) {
			return proxy.owner
		}
	}
	return nil
}

// messageParts is what a message is made of.
type messageParts struct {
	message   map[string]string
	addresses []map[string]string
	sound     string
}

// sentTo is for whom a message is, in JSON or XML: one recipient or several, each with an address.
type sentTo struct {
	Recipient oneOrMore `xml:"Recipient"`
}

type recipient struct {
	Type    string
	Address struct{ DisplayName, SmtpAddress, DtmfAccessId, UserGuid, ObjectId string }
}

// oneOrMore is an object that stands for a list of one, as servers write them too.
type oneOrMore []recipient

func (o *oneOrMore) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return json.Unmarshal(text, (*[]recipient)(o))
	}
	*o = make(oneOrMore, 1)
	return json.Unmarshal(text, &(*o)[0])
}

// readParts reads the body. The third part is a sound, or names one that was recorded by telephone.
func readParts(body, boundary string) (read messageParts, err error) {
	parts := multipart.NewReader(strings.NewReader(body), boundary)
	for number := 0; ; number++ {
		part, err := parts.NextRawPart()
		if err == io.EOF && number == 3 {
			return read, nil
		}
		if err != nil || number == 3 {
			return read, errors.New("it does not have three parts")
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return read, errors.New("a part is cut off")
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		inJSON := kind == "application/json"
		switch number {
		case 0:
			if read.message, err = readFlat(text, inJSON); err != nil {
				return read, err
			}
		case 1:
			if read.addresses, err = readAddresses(text, inJSON); err != nil {
				return read, err
			}
		default:
			if kind != "application/xml" && kind != "application/json" {
				read.sound = string(text)
			}
		}
	}
}

func readFlat(text []byte, inJSON bool) (map[string]string, error) {
	if inJSON {
		return decodeJSON(text)
	}
	return decodeXML(text)
}

func readAddresses(text []byte, inJSON bool) (all []map[string]string, err error) {
	var to sentTo
	if inJSON {
		err = json.Unmarshal(text, &to)
	} else {
		err = xml.Unmarshal(text, &to)
	}
	if err != nil || len(to.Recipient) == 0 {
		return nil, errors.New("its second part names no recipient")
	}
	for _, one := range to.Recipient {
		all = append(all, map[string]string{"SmtpAddress": one.Address.SmtpAddress, "DtmfAccessId": one.Address.DtmfAccessId,
			"UserGuid": one.Address.UserGuid, "ObjectId": one.Address.ObjectId})
	}
	return all, nil
}
