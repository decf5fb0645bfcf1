package validate

import (
	"strings"
	"testing"

	"cucbulk/internal/codes"
)

// What the vendor's pages say of a number holds: another is an error, and where they say
// what it means, the word is taken too.
func TestNumbersAndWhatTheyMean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ column, text, code, sent string }{
		{"ExitAction", "2", "", "2"},
		{"ExitAction", "99", "not-a-value", ""},
		{"ExitAction", "Hangup", "", "1"},
		{"PromptSpeed", "150", "", "150"},
		{"PromptSpeed", "slow", "", "50"},
		{"PromptSpeed", "120", "not-a-value", ""},
		{"PromptVolume", "73", "", "73"},
		{"PromptVolume", "101", "out-of-range", ""},
		{"PromptVolume", "high", "", "100"},
		{"AddressMode", "extension", "", "1"},
		{"AddressMode", "3", "not-a-value", ""},
		{"SendMessageOnHangup", "draft", "", "2"},
		{"SendMessageOnHangup", "3", "not-a-value", ""},
		{"CommandDigitTimeout", "249", "out-of-range", ""},
		{"CommandDigitTimeout", "5000", "", "5000"},
		{"FirstDigitTimeout", "499", "out-of-range", ""},
		{"InterdigitDelay", "10001", "out-of-range", ""},
		{"RepeatMenu", "251", "out-of-range", ""},
		{"ConversationTui", "SubMenuOpt1", "", "SubMenuOpt1"},
		{"ConversationTui", "Classic", "not-a-value", ""},
		{"MessageLocatorSortOrder", "oldest-first", "", "2"},
		{"TransferHoldingMode", "ask", "", "2"},
		{"AddressMode", "Last name first", "", "0"},
		{"AddressMode", "last_name-first", "", "0"},
		{"AddressMode", "lastnamefirst", "not-an-integer", ""},
		{"StandardTransferType", "supervised", "", "1"},
		{"StandardTransferType", "supervise", "not-an-integer", ""},
		{"SendPrivateMsg", "ask", "", "2"},
		{"OneKeyDelay", "10001", "out-of-range", ""},
		{"PrependDigits", "9+#*", "", "9+#*"},
		{"PrependDigits", "9a", "not-digits", ""},
		{"Greeting_Busy_PlayWhat", "recording", "", "1"},
		{"Greeting_Busy_AfterGreetingAction", "3", "not-a-value", ""},
		{"Greeting_Busy_Reprompts", "101", "out-of-range", ""},
		{"Greeting_Busy_TimeExpires", "2099-01-01 00:00:00.0", "", "2099-01-01 00:00:00.0"},
		{"Greeting_Busy_TimeExpires", "tomorrow", "not-a-time", ""},
		{"TransferHoldingMode", "3", "not-a-value", ""},
	} {
		column := mustColumn(t, test.column)
		found := checkValue(&column, test.text)
		switch {
		case test.code != "" && (len(found) != 1 || string(found[0].code) != test.code):
			t.Errorf("%s %q: got %+v, want %s", test.column, test.text, found, test.code)
		case test.code == "" && (len(found) != 0 || column.sent(test.text) != test.sent):
			t.Errorf("%s %q: got %+v and %q, want %q", test.column, test.text, found, column.sent(test.text), test.sent)
		case glanceAt(&column).passes(test.text) && test.code != "":
			t.Errorf("%s %q: a glance passes it", test.column, test.text)
		}
	}
}

// The note of a column tells what its numbers mean.
func TestNotesTellWhatNumbersMean(t *testing.T) {
	t.Parallel()
	for _, column := range Users.Columns() {
		for _, word := range column.Words {
			if !strings.Contains(column.Note, word.Number+" "+word.Text) {
				t.Errorf("%s: the note %q does not tell that %s is %s", column.Name, column.Note, word.Number, word.Text)
			}
		}
	}
}

// Numbers of transfer types mean what --bat-transfer-type says, words what they say, and a file
// with such a column is told.
func TestTransferTypesAsBATCountsThem(t *testing.T) {
	t.Parallel()
	for _, bat := range []bool{false, true} {
		o := Options{Operation: Update, BATTransfers: bat}
		header, problems := ParseHeader("f.csv", 1, []string{"Alias", "StandardTransferType", "ClosedTransferType", "Key_1_TransferType"}, o)
		if len(problems) != 1 || problems[0].Code != codes.TransferMeaning || !problems[0].Warning || strings.Contains(problems[0].Message, "as BAT counts them: 0") != bat {
			t.Errorf("bat %t: %v", bat, problems)
		}
		record := NewChecker(header, o).Record(Row{Number: 1, Line: 2, Cells: []string{"jdoe", "0", "supervised", "1"}})
		got := record.Steps["transferoptions/Standard"]["TransferType"] + record.Steps["transferoptions/Off Hours"]["TransferType"] + record.Steps["menuentries/1"]["TransferType"]
		if want := map[bool]string{false: "011", true: "111"}[bat]; got != want {
			t.Errorf("bat %t: %s is sent, want %s", bat, got, want)
		}
	}
}
