package cupitest

// recipients are who may get the messages of a handler: one of them.
var recipients = []string{"RecipientSubscriberObjectId", recipientList, recipientContact}

const (
	recipientList    = "RecipientDistributionListObjectId"
	recipientContact = "RecipientContactObjectId"
)

// checkOneRecipient: who gets the messages from now on takes the place of who got them.
func checkOneRecipient(_ *data, current *document, written, _ map[string]string) []string {
	given := 0
	for _, name := range recipients {
		if written[name] != "" {
			given++
		}
	}
	if given > 1 {
		return []string{"exactly one recipient may be given"}
	}
	for _, name := range recipients {
		if _, is := written[name]; given == 1 && !is && current != nil {
			if v, _ := current.value(name); v != "" {
				written[name] = ""
			}
		}
	}
	return nil
}

// What becomes of the recipient of a handler where that one is deleted: see [Server.RecipientGone].
const (
	recipientKept     = "keeps"
	recipientReplaced = "replaces"
	recipientRefused  = "refuses"
)

// sendTo are the handlers, and templates of handlers, that have one in a recipient field.
func (d *data) sendTo(field, id string) []*document {
	var all []*document
	add := func(one *document) {
		if v, _ := one.value(field); v == id {
			all = append(all, one)
		}
	}
	for _, handler := range d.handlers {
		add(handler)
	}
	for _, path := range []string{"callhandlertemplates", "callhandlerprimarytemplates", "handlers/interviewhandlers"} {
		for _, one := range d.lists[path].documents {
			add(one)
		}
	}
	return all
}

// keepsRecipient says why a list or a contact can't be deleted that is a recipient; "" is that it can.
func keepsRecipient(field string) func(d *data, id string) string {
	return func(d *data, id string) string {
		if d.server.RecipientGone == recipientRefused && len(d.sendTo(field, id)) > 0 {
			return "It is referenced by other objects."
		}
		return ""
	}
}

// loseRecipient is what handlers have in place of a list or a contact that goes.
func loseRecipient(field string) func(d *data, id string) {
	return func(d *data, id string) {
		for _, one := range d.sendTo(field, id) {
			if d.server.RecipientGone == recipientKept {
				continue
			}
			one.write(map[string]string{field: ""})
			if d.server.RecipientGone == recipientReplaced {
				one.write(map[string]string{recipientList: undeliverableListID})
			}
		}
	}
}
