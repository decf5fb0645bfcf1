package cupitest

import (
	"maps"
	"slices"
)

// What hangs on a template, a new user has too, as it is at that moment: G:m_cupi-api-user-template-settings. A template
// that is made like another has it as well.

// inherited are the kinds that hang on a template itself, and inheritedCalls those that hang on its call handler template.
var (
	inherited      = slices.Concat(deviceKinds, []string{"messagehandlers", "externalserviceaccounts", "userroles"})
	inheritedCalls = []string{"transferoptions", "greetings", "menuentries"}
)

// inherit gives a new user, or a new template, what hangs on its template.
func (d *data) inherit(template, to *document) {
	d.copyParts(inherited, template, to)
	primary := d.lists["callhandlerprimarytemplates"].find(template.own["CallHandlerObjectId"])
	handler := d.handlers[to.own["CallHandlerObjectId"]]
	if handler == nil {
		handler = d.lists["callhandlerprimarytemplates"].find(to.own["CallHandlerObjectId"])
	}
	if primary == nil || handler == nil {
		return
	}
	for name, value := range primary.own {
		i, known := handler.schema.index[name]
		if known && !handler.schema.fields[i].isReadOnly() &&
			!slices.Contains([]string{"ObjectId", "DisplayName", "PartitionObjectId", "MediaSwitchObjectId", "DtmfAccessId"}, name) {
			handler.own[name] = value
		}
	}
	d.copyParts(inheritedCalls, primary, handler)
}

// copyParts gives one what was written of another's parts. Those that come with each of them have their own ids.
func (d *data) copyParts(kinds []string, from, to *document) {
	for _, kind := range kinds {
		k := resourceOf(kind)
		for _, part := range slices.Clone(d.belongings[kind].byOwner[from.own["ObjectId"]]) {
			own := maps.Clone(part.own)
			own["ObjectId"] = d.newID()
			for _, came := range k.comes {
				if part.own["ObjectId"] == k.comingID(from, came) {
					own["ObjectId"] = k.comingID(to, came)
				}
			}
			d.belongings[kind].add(to, own)
		}
	}
}

// inheritMailbox gives a user's mailbox the quotas and the rules of its template, where those are not the usual ones.
func (d *data) inheritMailbox(template, user *document) {
	if !hasMailbox(user) {
		return
	}
	box, given := newMailbox(user), &document{schema: templateSchema(), own: template.own}
	for _, name := range []string{"SendQuota", "ReceiveQuota", "WarningQuota", "MessageAgingPolicyObjectId",
		"NotificationType", "SendReadReceipts"} {
		value, _ := given.value(name)
		if usual, _ := box.value(name); value != usual {
			box.own[name] = value
			user.parts["mailboxattributes"] = box
		}
	}
}

// displayName is what a user is called for whom the request says nothing: G:m_cupi-api-user-template-settings, DisplayNameRule.
func (d *data) displayName(template *document, first, last string) string {
	rule, _ := (&document{schema: templateSchema(), own: template.own}).value("DisplayNameRule")
	switch {
	case first == "" || last == "":
		return first + last
	case rule == "2":
		return last + ", " + first
	}
	return first + " " + last
}

// templateSchema is what a template has: what users have, and more.
var templateSchema = schemaAt("usertemplates/{id}")
