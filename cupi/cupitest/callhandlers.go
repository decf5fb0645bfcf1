package cupitest

import (
	"cmp"
	"slices"
	"time"
)

// callHandlerRoutes makes, reads, changes and removes call handlers. A user's comes and goes with the user.
var callHandlerRoutes = []route{
	{"GET /vmrest/handlers/callhandlers", nil, listCallHandlers},
	{"GET /vmrest/handlers/callhandlers/{id}", nil, getCallHandler},
	{"POST /vmrest/handlers/callhandlers", []string{"Callhandler", "CallHandler"}, createCallHandler},
	{"DELETE /vmrest/handlers/callhandlers/{id}", nil, deleteCallHandler},
	{"PUT /vmrest/handlers/callhandlers/{id}", []string{"Callhandler", "CallHandler"}, updateCallHandler},
}

// callHandlerSchema is the fields of a call handler; what a user's takes from the user is a pattern.
var callHandlerSchema = newSchema(
	field{"URI", derived, 0, "/vmrest/handlers/callhandlers/{ObjectId}", listed},
	field{"CreationTime", text, 0, "{owner.CreationTime}", listed | fixed},
	field{"Language", integer, 0, "1033", listed},
	field{"LocationObjectId", text, 36, locationID, listed | fixed},
	field{"LocationURI", derived, 0, "/vmrest/locations/connectionlocations/{LocationObjectId}", listed},
	field{"TenantObjectId", text, 36, "{owner.TenantObjectId}", listed | fixed},
	field{"EditMsg", boolean, 0, "true", listed},
	field{"IsPrimary", boolean, 0, "true", listed | fixed},
	field{"OneKeyDelay", integer, 0, "1500", listed},
	field{"ScheduleSetObjectId", reference, 36, "schedulesets", listed},
	field{"ScheduleSetURI", derived, 0, "/vmrest/schedulesets/{ScheduleSetObjectId}", listed},
	field{"SendUrgentMsg", integer, 0, "1", listed},
	field{"MaxMsgLen", integer, 0, "300", listed},
	field{"DisplayName", text, 64, "{owner.DisplayName}", listed | required},
	field{"VoiceName", text, 40, "", 0},
	field{"IsTemplate", boolean, 0, "false", listed | fixed},
	field{"MediaSwitchObjectId", reference, 36, "phonesystems", listed},
	field{"PhoneSystemURI", derived, 0, "/vmrest/phonesystems/{MediaSwitchObjectId}", listed},
	field{"Undeletable", boolean, 0, "false", listed | fixed},
	field{"DtmfAccessId", text, 40, "{owner.DtmfAccessId}", listed},
	field{"RecipientSubscriberObjectId", text, 36, "{owner.ObjectId}", listed},
	field{"RecipientUserURI", derived, 0, "/vmrest/users/{RecipientSubscriberObjectId}", listed},
	field{"DispatchDelivery", boolean, 0, "false", listed},
	field{"AfterMessageAction", integer, 0, "1", listed},
	field{"AfterMessageTargetConversation", text, 64, "", listed},
	field{"AfterMessageTargetHandlerObjectId", text, 36, goodbyeID, listed},
	field{"TimeZone", integer, 4, "190", listed},
	field{"UseDefaultLanguage", boolean, 0, "true", listed},
	field{"UseDefaultTimeZone", boolean, 0, "true", listed},
	field{"UseCallLanguage", boolean, 0, "false", listed},
	field{"SendSecureMsg", boolean, 0, "false", listed},
	field{"SendPrivateMsg", boolean, 0, "false", listed},
	field{"EnablePrependDigits", boolean, 0, "false", listed},
	field{"PrependDigits", text, 40, "", listed},
	field{"PlayPostGreetingRecording", integer, 0, "0", listed},
	field{"PostGreetingRecordingObjectId", reference, 36, "postgreetingrecordings", listed},
	field{"PlayAfterMessage", integer, 0, "1", listed},
	field{"CallSearchSpaceObjectId", reference, 36, "searchspaces", listed},
	field{"CallSearchSpaceURI", derived, 0, "/vmrest/searchspaces/{CallSearchSpaceObjectId}", listed},
	field{"PartitionObjectId", reference, 36, "partitions", listed},
	field{"PartitionURI", derived, 0, "/vmrest/partitions/{PartitionObjectId}", listed},
	field{"InheritSearchSpaceFromCall", boolean, 0, "true", listed},
	field{"ObjectId", text, 36, "", listed | fixed},
	field{"GreetingsURI", derived, 0, "{URI}/greetings", listed},
	field{"TransferOptionsURI", derived, 0, "{URI}/transferoptions", listed},
	field{"MenuEntriesURI", derived, 0, "{URI}/menuentries", listed},
	field{"CallHandlerOwnerURI", derived, 0, "{URI}/callhandlerowners", listed},
)

var callHandlerRanges = map[string][2]int{"MaxMsgLen": {1, 1200}, "PlayPostGreetingRecording": {0, 2}, "PlayAfterMessage": {0, 2}}

func listCallHandlers(c *call) answer {
	documents := make([]*document, 0, len(c.data.handlers))
	for _, handler := range c.data.handlers {
		documents = append(documents, handler)
	}
	slices.SortFunc(documents, func(a, b *document) int { return cmp.Compare(a.own["ObjectId"], b.own["ObjectId"]) })
	return c.listing("Callhandlers", "Callhandler", callHandlerSchema, documents)
}

func getCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	if handler == nil {
		return c.fail(notFound("callhandler", "ObjectId", c.ids[0]))
	}
	return c.object("Callhandler", handler.pairs(false))
}

func updateCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	if handler == nil {
		return c.fail(invalid("Callhandler not found "))
	}
	fields, problems := checkCallHandler(c.data, handler.withoutEcho(c.fields))
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	alias := ""
	if handler.owner != nil {
		alias = handler.owner.own["Alias"]
	}
	if refusal := c.change(alias); refusal != nil {
		return *refusal
	}
	handler.write(fields)
	return c.done()
}

// createCallHandler makes one that belongs to no user, from the template that the address names.
func createCallHandler(c *call) answer {
	fields, problems := checkCallHandler(c.data, c.fields)
	if c.data.lists["callhandlertemplates"].find(c.params.Get("templateObjectId")) == nil {
		problems = append(problems, "templateObjectId is not the id of a call handler template")
	}
	if fields["DisplayName"] == "" {
		problems = append(problems, "DisplayName is mandatory")
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	for name, value := range map[string]string{"IsPrimary": "false", "CreationTime": c.data.now().Format(time.RFC3339), "PartitionObjectId": partitionID, "ScheduleSetObjectId": allHoursSetID, "RecipientSubscriberObjectId": operatorID} {
		if fields[name] == "" {
			fields[name] = value
		}
	}
	id := c.data.newID()
	fields["ObjectId"] = id
	c.data.handlers[id] = &document{schema: callHandlerSchema, own: fields}
	return c.created("/vmrest/handlers/callhandlers/" + id)
}

func deleteCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	switch {
	case handler == nil:
		return c.fail(notFound("callhandler", "ObjectId", c.ids[0]))
	case handler.owner != nil || handler.own["Undeletable"] == "true":
		return c.fail(invalid("This call handler can't be deleted."))
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	c.data.dropBelongings(handler)
	delete(c.data.handlers, c.ids[0])
	return c.done()
}

// checkCallHandler applies the rules to what a request writes to a call handler.
func checkCallHandler(d *data, written map[string]string) (map[string]string, []string) {
	fields, problems := callHandlerSchema.check(d, written)
	if id := fields["TimeZone"]; id != "" && d.lists["timezones"].find(id) == nil {
		problems = append(problems, "TimeZone is not the id of a time zone")
	}
	if code := fields["Language"]; code != "" && d.lists["installedlanguages"].find(code) == nil {
		problems = append(problems, "Language is not installed")
	}
	return fields, append(problems, outOfRange(callHandlerRanges, fields)...)
}
