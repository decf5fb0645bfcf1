package reports

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a terminal would obey is escaped, and reads back as it was.
func TestNamesInTheSummaryAreInert(t *testing.T) {
	t.Parallel()
	const name = "runs/\x1b[31m\u009b2J\x7f\u202eé\u2028\n\".csv"
	text, err := json.MarshalIndent(map[string]string{"name": name}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	inert := inertJSON(string(text))
	if strings.ContainsAny(inert, "\x1b\u009b\x7f\u202e\u2028") || !strings.Contains(inert, "é") {
		t.Errorf("got %q", inert)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(inert), &back); err != nil || back["name"] != name {
		t.Errorf("got %q, %v", back, err)
	}
}
