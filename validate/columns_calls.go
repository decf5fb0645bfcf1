package validate

import (
	"slices"
	"strings"

	"cucbulk/cupi"
)

// callColumns say what the user's call handler does with calls: its own settings,
// transfer rules, greetings.
// CUPI Call Handler API; CUPI User Transfer Rule API; CUPI User Greetings API.
var callColumns = slices.Concat(
	handlerColumns,
	afterColumns("AfterMessage", StepCallHandler, "AfterMessage", "When a caller has left a message:", actionWords[1:]),
	transferColumns("", "Alternate", "TransferEnabled"),
	transferColumns("Standard", "Standard", ""),
	transferColumns("Closed", "Off Hours", "ClosedTransferEnabled"),
	greetingColumns("Alternate", "Alternate", false),
	greetingColumns("Busy", "Busy", false),
	greetingColumns("Internal", "Internal", false),
	greetingColumns("OffHours", "Off Hours", false),
	greetingColumns("Holiday", "Holiday", false),
	greetingColumns("Standard", "Standard", true),
	greetingColumns("Error", "Error", true),
	keyColumns(),
)

// keyColumns say what the keys do that callers press during a greeting.
// CUPI User Caller Input API.
func keyColumns() []Column {
	var columns []Column
	for _, key := range strings.Fields("0 1 2 3 4 5 6 7 8 9 * #") {
		name, step := "Key_"+strings.NewReplacer("*", "Star", "#", "Pound").Replace(key), "menuentries/"+key
		columns = append(columns,
			Column{Name: name, Type: Target, Access: ReadWrite, Step: step, Field: "Action",
				Destination: &Destination{Actions: "012345678", Number: true},
				Note: "What the key does: ignore, hangup, message, restart, signin, number:9011, user:ALIAS, greeting:ALIAS, " +
					"handler:NAME, directory:NAME … A number that a key has can be changed and never emptied."},
			Column{Name: name + "_Locked", Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: "Locked",
				Note: "true takes no further keys after this one."},
			Column{Name: name + "_DisplayName", Type: String, MaxLength: 24, Access: ReadWrite, Step: step, Field: "DisplayName",
				Note: "What the number is, to people."},
			Column{Name: name + "_TransferType", Type: Integer, Words: transferTypeWords, Access: ReadWrite, Step: step,
				Field: "TransferType", Note: "How the number is called:"},
			Column{Name: name + "_TransferRings", Type: Integer, Range: &Range{2, 20}, Access: ReadWrite, Step: step,
				Field: "TransferRings", Note: "Rings before a supervised transfer is given up."})
	}
	return columns
}

var handlerColumns = []Column{
	{Name: "MaxMsgLen", Type: Integer, Range: &Range{1, 3600}, Sure: &Range{1, 1200}, Access: ReadWrite, Step: StepCallHandler,
		Field: "MaxMsgLen",
		Note:  "Longest message of an outside caller, in seconds: 1 to 3600 by the API page, to 1200 by BAT."},
	{Name: "PlayPostGreetingRecording", Type: Integer, Words: meaning("0 nothing, 1 all-callers, 2 unidentified-callers"),
		Access: ReadWrite, Step: StepCallHandler, Field: "PlayPostGreetingRecording",
		Note: "Who hears the recording after the greeting:"},
	{Name: "PostGreetingRecordingDisplayName", Type: String, Access: ReadWrite, Step: StepCallHandler,
		Field: "PostGreetingRecordingObjectId", Collection: "postgreetingrecordings", OneLine: true, Nullable: true,
		Note: "The recording after the greeting."},
	{Name: "PlayAfterMessageRecording", Also: []string{"Play After Message Recording", "PlayAfterMessage"}, Type: Integer,
		Words: meaning("0 nothing, 1 system, 2 recording"), Access: ReadWrite, Step: StepCallHandler, Field: "PlayAfterMessage",
		Note: "What is played after a message:"},
	{Name: "PlayAfterMessageRecordingDisplayName", Type: String, Access: ReadWrite, Step: StepCallHandler,
		Field: "PlayAfterMessageRecordingObjectId", Collection: "postgreetingrecordings", OneLine: true, Nullable: true,
		Note: "The recording after a message."},
	handlerFlag("EditMsg", "true lets outside callers listen to their message and change it."),
	{Name: "SendUrgentMsg", Type: Integer, Words: flagWords, Access: ReadWrite, Step: StepCallHandler, Field: "SendUrgentMsg",
		Note: "Messages of outside callers are urgent:"},
	{Name: "SendPrivateMsg", Type: Integer, Words: flagWords, Access: ReadWrite, Step: StepCallHandler, Field: "SendPrivateMsg",
		Note: "Messages of outside callers are private:"},
	handlerFlag("SendSecureMsg", "true makes messages of outside callers secure."),
	handlerFlag("DispatchDelivery", "true dispatches messages: the first who takes one has it."),
	{Name: "OneKeyDelay", Type: Integer, Range: &Range{0, 10000}, Access: ReadWrite, Step: StepCallHandler, Field: "OneKeyDelay",
		Note: "Milliseconds for further keys after a caller input key."},
	handlerFlag("EnablePrependDigits", "true puts PrependDigits before what callers dial."),
	{Name: "PrependDigits", Type: Digits, MaxLength: 40, Access: ReadWrite, Step: StepCallHandler, Field: "PrependDigits",
		OneLine: true, Nullable: true, Note: "0 to 9, + # and *."},
	{Name: "CallHandler_Language", Type: Integer, Access: ReadWrite, Step: StepCallHandler, Field: "Language",
		With: map[string]cupi.Object{anyValue: {"UseDefaultLanguage": "false", "UseCallLanguage": "false"}},
		Note: "Language in which callers hear prompts, a LanguageCode of /vmrest/installedlanguages; the default language and " +
			"the caller's are turned off with it."},
	{Name: "CallHandler_UseDefaultLanguage", Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepCallHandler,
		Field: "UseDefaultLanguage", Note: "true lets callers hear the server's default language."},
	{Name: "CallHandler_UseCallLanguage", Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepCallHandler,
		Field: "UseCallLanguage", Note: "true lets callers hear the language of their call."},
}

func handlerFlag(name, note string) Column {
	return Column{Name: name, Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepCallHandler, Field: name, Note: note}
}

// afterColumns say where a call goes then, in three fields of the same beginning.
func afterColumns(name, step, field, when string, words []Word) []Column {
	actions := ""
	for _, word := range words {
		actions += word.Number
	}
	return []Column{
		{Name: name, Type: Target, Access: ReadWrite, Step: step, Field: field + "Action",
			Destination: &Destination{Prefix: field, Actions: actions},
			Note: when + " hangup, signin, user:ALIAS, greeting:ALIAS, handler:NAME, directory:NAME …; in place of the three " +
				"columns that say it in fields."},
		{Name: name + "Action", Type: Integer, Words: words, Access: ReadWrite, Step: step, Field: field + "Action", Note: when},
		{Name: name + "TargetConversation", Type: String, MaxLength: 64, Access: ReadWrite, Step: step,
			Field: field + "TargetConversation", OneLine: true,
			Note: "Where go-to goes, such as PHTransfer, PHGreeting, AD, SubSignIn."},
		{Name: name + "TargetHandlerObjectId", Type: ID, MaxLength: 36, Access: ReadWrite, Step: step,
			Field: field + "TargetHandlerObjectId",
			Note:  "The handler that the conversation needs."},
	}
}

// transferColumns are those of one transfer rule. The standard one is always on.
func transferColumns(prefix, slot, enabled string) []Column {
	step := "transferoptions/" + slot
	const supervised = "; with a supervised transfer only."
	flag := func(name, field, note string) Column {
		return Column{Name: prefix + name, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: field, Note: note}
	}
	columns := []Column{
		{Name: prefix + "TransferType", Type: Integer, Words: transferTypeWords, Access: ReadWrite, Step: step,
			Field: "TransferType", Note: "By CUPI, and BAT counts otherwise:"},
		{Name: prefix + "TransferRings", Type: Integer, Range: &Range{2, 100}, Sure: &Range{2, 20}, Access: ReadWrite,
			Step: step, Field: "TransferRings",
			Note: "Rings before a supervised transfer is given up: 2 to 20 by the API page, to 100 by BAT."},
		{Name: prefix + "TransferExtension", Type: String, MaxLength: 40, Access: ReadWrite, Step: step, Field: "Extension",
			OneLine: true, Nullable: true, With: ownExtension,
			Note: "The extension that is called in place of the user's. Cleared, it is the user's again."},
		{Name: prefix + "TransferAction", Type: Integer, Words: meaning("0 greeting, 1 extension"), Access: ReadWrite,
			Step: step, Field: "Action", Note: "Where calls go:"},
		{Name: prefix + "RnaAction", Type: Integer, Words: meaning("0 disconnect, 1 greeting"), Access: ReadWrite, Step: step,
			Field: "RnaAction", Note: "What follows when nobody answers:"},
		flag("TransferAnnounce", "TransferAnnounce", "true says that the call is transferred"+supervised),
		flag("TransferIntroduce", "TransferIntroduce", "true says to the user for whom the call is"+supervised),
		flag("TransferConfirm", "TransferConfirm", "true asks the user whether to take the call"+supervised),
		flag("TransferScreening", "TransferScreening", "true asks callers for their name and plays it to the user"+supervised),
		{Name: prefix + "TransferHoldingMode", Type: Integer, Words: meaning("0 voicemail, 1 hold, 2 ask"), Access: ReadWrite,
			Step: step, Field: "TransferHoldingMode", Note: "When the phone is busy" + supervised[:len(supervised)-1] + ":"},
		flag("TransferDtDetect", "TransferDtDetect", "true listens for the dial tone."),
		flag("PersonalCallTransfer", "PersonalCallTransfer", "true goes by the user's personal call transfer rules."),
		flag("PlayTransferPrompt", "PlayTransferPrompt", "true asks callers to wait while the call is transferred."),
	}
	if enabled != "" {
		columns = append(columns, Column{Name: enabled, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step,
			Field: "Enabled", With: forEver,
			Note: "true turns the rule on with no end date, unless one is given."}, until(prefix+"TransferTimeExpires", step))
	}
	return columns
}

// ownExtension says whether the user's extension is called, or the one that is given: the server
// takes the latter only with a word on the former.
var ownExtension = map[string]cupi.Object{"": {"UsePrimaryExtension": "true"}, anyValue: {"UsePrimaryExtension": "false"}}

// forEver takes the end date away from what is turned on.
var forEver = map[string]cupi.Object{"true": {"TimeExpires": ""}}

// until is the end of what is turned on.
func until(name, step string) Column {
	return Column{Name: name, Type: Time, Access: ReadWrite, Step: step, Field: "TimeExpires", Nullable: true,
		Note: "Until when it is on, in UTC: 2027-01-31 18:00:00.0. One that is past turns it off; cleared, it is on for ever."}
}

// greetingColumns are those of one greeting. Two of the seven are always on.
func greetingColumns(name, slot string, always bool) []Column {
	prefix, step := "Greeting_"+name+"_", "greetings/"+slot
	flag := func(field, note string) Column {
		return Column{Name: prefix + field, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: field, Note: note}
	}
	number := func(field string, most int, note string) Column {
		return Column{Name: prefix + field, Type: Integer, Range: &Range{0, most}, Access: ReadWrite, Step: step, Field: field, Note: note}
	}
	enabled := flag("Enabled", "true turns the greeting on with no end date, unless one is given.")
	enabled.With = forEver
	columns := []Column{enabled, until(prefix+"TimeExpires", step)}
	if always {
		enabled.OnlyTrue, enabled.Note = true, "Only true: this greeting can't be turned off."
		columns = []Column{enabled}
	}
	return slices.Concat(columns, []Column{
		{Name: prefix + "PlayWhat", Type: Integer, Words: meaning("0 system, 1 recording, 2 nothing"), Access: ReadWrite,
			Step: step, Field: "PlayWhat", Note: "What callers hear:"},
		flag("PlayRecordMessagePrompt", "true plays the prompt to record a message."),
		flag("IgnoreDigits", "true takes no keys during the greeting."),
		flag("EnableTransfer", "true lets callers dial numbers that are no extensions here."),
		number("RepromptDelay", 100, "Seconds until callers are asked again."),
		number("Reprompts", 100, "How many times callers are asked again."),
		flag("EnablePersonalVideoRecording", "true lets the user record a video greeting."),
		flag("PlayRecordVideoMessagePrompt", "true plays the prompt to record a video message."),
	}, afterColumns(prefix+"AfterGreeting", step, "AfterGreeting", "When the greeting is over:", greetingActionWords))
}
