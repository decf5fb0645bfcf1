package cupitest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// contactTemplate is the alias of the one template for contacts that is known.
const contactTemplate = "systemcontacttemplate"

// admitContact: a contact is made from a template, and has an alias. What lists of such templates there are, no page tells.
func admitContact(c *call, _ map[string]string) []string {
	if !strings.EqualFold(c.params.Get("templateAlias"), contactTemplate) {
		return []string{"templateAlias is not the alias of a contact template"}
	}
	return nil
}

// settleContact gives a new contact the handler that is its own.
func settleContact(d *data, _, made *document) { made.own["CallHandlerObjectId"] = d.newID() }

// checkMessages is for what takes messages: of some length, for one recipient.
func checkMessages(d *data, current *document, written, proposed map[string]string) []string {
	problems := checkOneRecipient(d, current, written, proposed)
	if most := cmp.Or(d.server.LongestMessage, 3600); outside(written["MaxMsgLen"], 1, most) {
		problems = append(problems, fmt.Sprintf("MaxMsgLen is not 1 to %d", most))
	}
	return problems
}

// checkInterview: an interview is for somebody.
func checkInterview(d *data, current *document, written, proposed map[string]string) []string {
	problems := checkOneRecipient(d, current, written, proposed)
	if language, given := written["Language"]; given && written["UseDefaultLanguage"] == "" {
		written["UseDefaultLanguage"] = strconv.FormatBool(language == "")
	}
	if proposed[recipients[0]] == "" && proposed[recipients[1]] == "" {
		problems = append(problems, "RecipientSubscriberObjectId or RecipientDistributionListObjectId is mandatory")
	}
	return problems
}

// checkList: a list that has contacts can't take messages of others' systems.
func checkList(d *data, current *document, written, _ map[string]string) []string {
	if current == nil {
		return nil
	}
	hasContact := slices.ContainsFunc(d.belongings[listMembers].all, func(m *document) bool {
		return m.own["DistributionListObjectId"] == current.own["ObjectId"] && m.own["MemberContactObjectId"] != ""
	})
	if hasContact && written["AllowForeignMessage"] == "true" {
		return []string{"AllowForeignMessage can't be true while the list has contacts"}
	}
	if partition, given := written["PartitionObjectId"]; given && d.server.FixedListPartition {
		if now, _ := current.value("PartitionObjectId"); now != partition {
			return []string{"PartitionObjectId is read only"}
		}
	}
	return nil
}

// checkKey: the number of a key can be changed, and not taken away.
func checkKey(_ *data, current *document, written, _ map[string]string) []string {
	if number, given := written["TransferNumber"]; given && number == "" && current.own["TransferNumber"] != "" {
		return []string{"TransferNumber can't be emptied"}
	}
	return nil
}

// nameRoute tells of whom a routing rule's target is.
func nameRoute(d *data, _ *document, written, proposed map[string]string) []string {
	if _, given := written["RouteTargetHandlerObjectId"]; !given {
		return nil
	}
	id := proposed["RouteTargetHandlerObjectId"]
	for number, list := range map[string]string{"3": "handlers/callhandlers", "5": "handlers/interviewhandlers",
		"6": "handlers/directoryhandlers"} {
		if id != "" && d.exists(list, id) {
			written["RouteTargetHandlerObjectType"] = number
		}
	}
	return nil
}

// nameOfRoute is what the target of a routing rule is called now.
func nameOfRoute(d *data, rule *document) map[string]string {
	id := rule.own["RouteTargetHandlerObjectId"]
	others := []*list{d.lists["handlers/interviewhandlers"], d.lists["handlers/directoryhandlers"]}
	for _, handler := range []*document{d.handlers[id], others[0].find(id), others[1].find(id)} {
		if handler != nil {
			name, _ := handler.value("DisplayName")
			return map[string]string{"RouteTargetHandlerDisplayName": name}
		}
	}
	return nil
}

// firstRule puts a new routing rule before all others.
func firstRule(d *data, _, made *document) {
	for _, rule := range d.lists["routingrules"].documents {
		if n, err := strconv.Atoi(rule.own["RuleIndex"]); err == nil && rule != made {
			rule.own["RuleIndex"] = strconv.Itoa(n + 1)
		}
	}
	made.own["RuleIndex"] = "0"
	if made.own["RouteTargetHandlerObjectId"] == "" && made.own["RouteTargetConversation"] == "" {
		made.own["RouteTargetHandlerObjectId"] = systemDirectoryID
	}
}

// checkCondition: what is no number is compared as a whole, with something that there is.
func checkCondition(d *data, _ *document, _, proposed map[string]string) []string {
	list := map[string]string{"7": "schedulesets", "9": "phonesystems"}[proposed["Parameter"]]
	switch {
	case list == "":
		return nil
	case proposed["Operator"] != "2":
		return []string{"Operator must be 2 for this Parameter"}
	case !d.exists(list, proposed["OperandValue"]):
		return []string{"OperandValue names nothing in " + list}
	}
	return nil
}

// checkPattern: a pattern is what can be dialed, and the signs that stand for that.
func checkPattern(_ *data, _ *document, written, _ map[string]string) []string {
	if strings.Trim(written["NumberPattern"], "0123456789*#+?,[]-") != "" {
		return []string{"NumberPattern holds a character that is not allowed"}
	}
	return nil
}

func usedPartition(d *data, id string) string { return d.usedBy("PartitionObjectId", id) }

func usedSearchSpace(d *data, id string) string {
	return d.usedBy("SearchByExtensionSearchSpaceObjectId", id) + d.usedBy("SearchByNameSearchSpaceObjectId", id) +
		d.usedBy("CallSearchSpaceObjectId", id)
}

func usedCos(d *data, id string) string { return d.usedBy("CosObjectId", id) }

// usedRule keeps an authentication rule that a PIN or a password has, and those that all others have.
func usedRule(d *data, id string) string {
	if id == policyVoiceID || id == policyWebID {
		return "It is the default."
	}
	for _, user := range d.users {
		for _, part := range user.parts {
			if part.own["CredentialPolicyObjectId"] == id {
				return "It is in use by a user."
			}
		}
	}
	return ""
}

// checkScheduleOwner: a schedule, or a set of them, is a location's or a user's.
func checkScheduleOwner(_ *data, current *document, _, proposed map[string]string) []string {
	if current == nil && proposed["OwnerLocationObjectId"] == "" && proposed["OwnerSubscriberObjectId"] == "" {
		return []string{"OwnerLocationObjectId or OwnerSubscriberObjectId is mandatory"}
	}
	return nil
}

// checkScheduleMember: a set has one schedule that is not of holidays, and one of holidays that are left out.
func checkScheduleMember(d *data, current *document, _, proposed map[string]string) []string {
	schedule := d.lists["schedules"].find(proposed["ScheduleObjectId"])
	exclude := proposed["Exclude"] == "true"
	if schedule == nil || (schedule.own["IsHoliday"] == "true") != exclude {
		return []string{"a holiday schedule must be excluded, and no other can be"}
	}
	for _, other := range d.belongings["schedulesetmembers"].byOwner[proposed["ScheduleSetObjectId"]] {
		if other != current && (other.own["Exclude"] == "true") == exclude {
			return []string{"the schedule set has one such schedule already"}
		}
	}
	return nil
}

// usedBy says that users, handlers, lists or templates have the id in the field; "" when none has.
func (d *data) usedBy(name, id string) string {
	has := func(one *document) bool { v, _ := one.value(name); return v == id }
	for _, user := range d.users {
		if has(user) {
			return "It is in use by a user."
		}
	}
	for _, handler := range d.handlers {
		if has(handler) {
			return "It is in use by a call handler."
		}
	}
	for path, l := range d.lists {
		if slices.ContainsFunc(l.documents, has) {
			return "It is in use by one of " + path + "."
		}
	}
	return ""
}
