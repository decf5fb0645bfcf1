package validate

import (
	"slices"

	"cucbulk/cupi"
)

// callColumns say what the user's call handler does with calls: recording rules,
// transfer rules, greetings.
var callColumns = slices.Concat(
	recordingColumns,
	transferColumns("", "Alternate", "TransferEnabled"),
	transferColumns("Standard", "Standard", ""),
	transferColumns("Closed", "Off Hours", "ClosedTransferEnabled"),
	greetingColumns(),
)

var recordingColumns = []Column{
	{Name: "MaxMsgLen", Type: Integer, Range: &Range{1, 1200}, Access: ReadWrite, Step: StepCallHandler, Field: "MaxMsgLen",
		Note: "Longest message of an outside caller, in seconds."},
	{Name: "PlayPostGreetingRecording", Type: Integer, Values: []string{"0", "1", "2"}, Access: ReadWrite, Step: StepCallHandler, Field: "PlayPostGreetingRecording",
		Note: "After the greeting: 0 nothing, 1 the recording for all callers, 2 for unidentified ones."},
	{Name: "PostGreetingRecordingDisplayName", Type: String, Access: ReadWrite, Step: StepCallHandler, Field: "PostGreetingRecordingObjectId", Collection: "postgreetingrecordings", OneLine: true, Nullable: true,
		Note: "The recording after the greeting."},
	{Name: "PlayAfterMessageRecording", Also: []string{"Play After Message Recording", "PlayAfterMessage"}, Type: Integer, Values: []string{"0", "1", "2"}, Access: ReadWrite, Step: StepCallHandler, Field: "PlayAfterMessage",
		Note: "After a message: 0 nothing, 1 as the system says, 2 the recording."},
}

// transferColumns are those of one transfer rule. The standard one is always on.
func transferColumns(prefix, slot, enabled string) []Column {
	step := "transferoptions/" + slot
	columns := []Column{
		{Name: prefix + "TransferType", Type: Integer, Values: []string{"0", "1"}, Access: ReadWrite, Step: step, Field: "TransferType", Note: "0 release to the switch, 1 supervise."},
		{Name: prefix + "TransferRings", Type: Integer, Range: &Range{2, 100}, Sure: &Range{2, 20}, Access: ReadWrite, Step: step, Field: "TransferRings", Note: "Rings before a supervised transfer is given up: 2 to 20 by the API page, to 100 by BAT."},
		{Name: prefix + "TransferExtension", Type: String, MaxLength: 40, Access: ReadWrite, Step: step, Field: "Extension", OneLine: true, Nullable: true, With: ownExtension,
			Note: "The extension that is called in place of the user's. Cleared, it is the user's again."},
		{Name: prefix + "TransferAction", Type: Integer, Values: []string{"0", "1"}, Access: ReadWrite, Step: step, Field: "Action", Note: "0 to the greeting, 1 to the extension."},
		{Name: prefix + "RnaAction", Type: Integer, Values: []string{"0", "1"}, Access: ReadWrite, Step: step, Field: "RnaAction", Note: "What follows when nobody answers: 0 disconnect, 1 greeting."},
	}
	if enabled != "" {
		columns = append(columns, Column{Name: enabled, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: "Enabled", With: forEver,
			Note: "true turns the rule on with no end date."})
	}
	return columns
}

// ownExtension says whether the user's extension is called, or the one that is given: the server
// takes the latter only with a word on the former.
var ownExtension = map[string]cupi.Object{"": {"UsePrimaryExtension": "true"}, anyValue: {"UsePrimaryExtension": "false"}}

// forEver takes the end date away from what is turned on.
var forEver = map[string]cupi.Object{"true": {"TimeExpires": ""}}

// greetingColumns turn greetings on and off. Two of the seven can't be turned off.
func greetingColumns() []Column {
	column := func(name, slot string) Column {
		return Column{Name: "Greeting_" + name + "_Enabled", Type: Boolean, Values: booleans, Access: ReadWrite, Step: "greetings/" + slot, Field: "Enabled", With: forEver,
			Note: "true turns the greeting on with no end date."}
	}
	standard, errorGreeting := column("Standard", "Standard"), column("Error", "Error")
	standard.OnlyTrue, errorGreeting.OnlyTrue = true, true
	standard.Note, errorGreeting.Note = "Only true: this greeting can't be turned off.", "Only true: this greeting can't be turned off."
	return []Column{column("Alternate", "Alternate"), column("Busy", "Busy"), column("Internal", "Internal"), column("OffHours", "Off Hours"), column("Holiday", "Holiday"), standard, errorGreeting}
}
