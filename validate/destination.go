package validate

import (
	"cmp"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// destination is a word for where a call can go: alone, or with a colon and who or what.
type destination struct {
	word         string
	action       string
	conversation string // that the action needs; "": none
	collection   string // in which the name behind the colon is looked up; "": none can stand there
	shows        string // field of what is found that is the handler's id; "": its own id
	number       bool   // a number can stand behind the colon
}

// goTo is the action that needs a conversation.
const goTo = "2"

// destinations are all of them. Of words with one conversation that take a name, the last tells
// of an id that has no name.
//
// CUPI Call Handler API; CUPI User Caller Input API.
var destinations = []destination{
	{word: "ignore", action: "0"},
	{word: "hangup", action: "1"},
	{word: "error", action: "3"},
	{word: "message", action: "4"},
	{word: "skip-greeting", action: "5"},
	{word: "restart", action: "6"},
	{word: "number", action: "7", number: true},
	{word: "next-rule", action: "8"},
	{word: "signin", action: goTo, conversation: "SubSignIn"},
	{word: "system-transfer", action: goTo, conversation: "SystemTransfer"},
	{word: "user-transfer", action: goTo, conversation: "SubSysTransfer"},
	{word: "broadcast", action: goTo, conversation: "BroadcastMessageAdministrator"},
	{word: "greetings-administrator", action: goTo, conversation: "GreetingsAdministrator"},
	{word: "user", action: goTo, conversation: "PHTransfer", collection: "users", shows: "CallHandlerObjectId"},
	{word: "greeting", action: goTo, conversation: "PHGreeting", collection: "users", shows: "CallHandlerObjectId"},
	{word: "handler", action: goTo, conversation: "PHTransfer", collection: "callhandlers"},
	{word: "handler-greeting", action: goTo, conversation: "PHGreeting", collection: "callhandlers"},
	{word: "directory", action: goTo, conversation: "AD", collection: "directoryhandlers"},
	{word: "interview", action: goTo, conversation: "PHInterview", collection: "interviewhandlers"},
}

// DestinationLists are the collections in which destinations have names that the whole server
// knows.
func DestinationLists() []string {
	return []string{"callhandlers", "directoryhandlers", "interviewhandlers"}
}

// Fields are those that a cell sets, or may.
func (d *Destination) Fields() []string {
	fields := []string{d.Prefix + "Action", d.Prefix + "TargetConversation", d.Prefix + "TargetHandlerObjectId"}
	if d.Number {
		fields = append(fields, "TransferNumber")
	}
	return fields
}

// read takes a cell apart; problem says what is wrong with it.
func (d *Destination) read(text string) (to destination, name, problem string) {
	word, name, named := strings.Cut(text, ":")
	word, name = strings.TrimSpace(word), strings.TrimSpace(name)
	i := slices.IndexFunc(destinations, func(one destination) bool {
		return sameWord(one.word, word) && strings.Contains(d.Actions, one.action)
	})
	if i < 0 {
		return to, "", "is no destination: it is one of " + strings.Join(d.words(), ", ")
	}
	to = destinations[i]
	switch {
	case to.collection != "" && name == "":
		return to, "", "needs a name, such as " + to.word + ":NAME"
	case to.number && named && (name == "" || !isDialed(name) || len(name) > 40):
		return to, "", "needs a number to dial, such as " + to.word + ":9011"
	case named && to.collection == "" && !(to.number && d.Number):
		return to, "", "takes nothing behind " + to.word
	}
	return to, name, ""
}

// words are what a cell may begin with.
func (d *Destination) words() []string {
	var words []string
	for _, one := range destinations {
		switch {
		case !strings.Contains(d.Actions, one.action):
		case one.collection != "":
			words = append(words, one.word+":NAME")
		case one.number && d.Number:
			words = append(words, one.word+":9011")
		default:
			words = append(words, one.word)
		}
	}
	return words
}

// goesTo sets the fields of a destination. A name is looked up later; an id is sent as it is.
func (r *Record) goesTo(column *Column, text string) {
	d := column.Destination
	to, name, problem := d.read(text)
	if problem != "" {
		return
	}
	r.set(column.Step, d.Prefix+"Action", to.action)
	if to.conversation != "" {
		r.set(column.Step, d.Prefix+"TargetConversation", to.conversation)
	}
	switch handler := d.Prefix + "TargetHandlerObjectId"; {
	case name == "":
	case to.number:
		r.set(column.Step, "TransferNumber", name)
	case to.collection != "users" && isID(name):
		r.set(column.Step, handler, name)
	default:
		r.Names = append(r.Names, NameReference{Column: column.Name, Collection: to.collection, Name: name, Field: handler,
			Step: column.Step, Shows: to.shows})
	}
}

// DestinationOf writes where the fields of an object say that a call goes, as a cell does. named
// gives the name of an id in a collection, of "users" the alias of the one whose call handler it is; ""
// where it has none. What no word says is "".
func (c Column) DestinationOf(object cupi.Object, named func(collection, id string) string) string {
	d := c.Destination
	action, conversation, handler := object[d.Prefix+"Action"], object[d.Prefix+"TargetConversation"],
		object[d.Prefix+"TargetHandlerObjectId"]
	for _, one := range destinations {
		switch {
		case one.action != action || !strings.Contains(d.Actions, one.action) ||
			action == goTo && !strings.EqualFold(one.conversation, conversation) ||
			one.collection == "users" && named(one.collection, handler) == "":
		case one.number && d.Number && object["TransferNumber"] != "":
			return one.word + ":" + object["TransferNumber"]
		case one.collection == "":
			return one.word
		case handler == "":
			return ""
		default:
			return one.word + ":" + cmp.Or(named(one.collection, handler), handler)
		}
	}
	return ""
}
