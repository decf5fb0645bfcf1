package validate

import (
	"slices"
	"strings"

	"cucbulk/cupi"
)

// recordingColumns are files with sound.
// CUPI Voice Names; CUPI Call Handler Settings, Greetings; REST API FAQ.
var recordingColumns = slices.Concat(
	[]Column{{Name: "VoiceNameFile", Type: File, Access: ReadWrite, Step: "voicename", Field: cupi.Recording, OneLine: true,
		Note: "The recorded name: a WAV file in the input's folder, or in that of --audio. {Alias}.wav names it by the row's own cells."}},
	greetingFiles("Alternate", "Busy", "Internal", "Off Hours", "Holiday", "Standard", "Error"),
)

const stepGreetingRecordings = "greetingrecordings/"

// greetingFiles are the recordings of greetings, in the language that their user has or in others.
func greetingFiles(types ...string) []Column {
	var columns []Column
	for _, greeting := range types {
		columns = append(columns, Column{Name: "GreetingFile_" + strings.ReplaceAll(greeting, " ", ""), Type: File, Access: ReadWrite,
			Step: stepGreetingRecordings + greeting, Field: cupi.Recording, OneLine: true,
			Note: "A recording in the user's language, or with a LanguageCode before each one in those: " +
				"1033:hello.wav;1031:hallo.wav; played as the greeting unless Greeting_" + strings.ReplaceAll(greeting, " ", "") +
				"_PlayWhat says otherwise."})
	}
	return columns
}
