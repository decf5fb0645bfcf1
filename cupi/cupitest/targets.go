package cupitest

import "slices"

// conversations are where a call can go, and what list the handler is in that it then needs ("" is none).
var conversations = map[string]string{
	"PHTransfer": "handlers/callhandlers", "PHGreeting": "handlers/callhandlers",
	"PHInterview": "handlers/interviewhandlers", "AD": "handlers/directoryhandlers",
	"SubSignIn": "", "SystemTransfer": "", "SubSysTransfer": "", "BroadcastMessageAdministrator": "",
	"GreetingsAdministrator": "", "GreetingAdministrator": "", // the vendor's pages spell it in both ways
	"AttemptForward": "", "AttemptSignIn": "", "CheckedOutGuest": "", "ReverseTrapConv": "", "ConvUtilsLiveRecord": "",
}

const goTo = "2" // the action that needs a conversation

// checkTargets applies the rules of the fields that say together where a call goes: proposed is the document as it would be.
func (d *data) checkTargets(proposed *document, written map[string]string) []string {
	var problems []string
	for _, prefix := range proposed.schema.targets {
		action, conversation, handler := prefix+"Action", prefix+"TargetConversation", prefix+"TargetHandlerObjectId"
		if !slices.ContainsFunc([]string{action, conversation, handler},
			func(name string) bool { _, given := written[name]; return given }) {
			continue
		}
		where, _ := proposed.value(conversation)
		who, _ := proposed.value(handler)
		does, _ := proposed.value(action)
		list, known := conversations[where]
		switch {
		case where != "" && !known:
			problems = append(problems, conversation+" is no conversation")
		case where == "" && does == goTo:
			problems = append(problems, conversation+" is mandatory when "+action+" is 2")
		case list != "" && who == "" && does == goTo:
			problems = append(problems, handler+" is mandatory for "+where)
		case list != "" && who != "" && !d.exists(list, who):
			problems = append(problems, handler+" names nothing in "+list)
		case list == "" && written[handler] != "" && !d.isHandler(who):
			problems = append(problems, handler+" is not the id of a handler")
		}
	}
	return problems
}

// isHandler is true of the id of a handler of any kind.
func (d *data) isHandler(id string) bool {
	return slices.ContainsFunc([]string{"handlers/callhandlers", "handlers/interviewhandlers",
		"handlers/directoryhandlers"}, func(list string) bool { return d.exists(list, id) })
}
