package batch

import (
	"encoding/json"
	"strings"
	"testing"

	"cucbulk/batch/plan"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// A server that shows what it should not does not make a record of it.
func TestNoRecordShowsASecret(t *testing.T) {
	t.Parallel()
	const hidden = "Hush-7391"
	shown := cupi.Object{"UserPassword": hidden, "Credentials": hidden, "EmailAddress": "a@example.com"}
	var preview Preview
	preview.add("service", shown, shown, plan.Spelled{})
	for name, record := range map[string]any{
		"an intent":   send.Change{Request: cupi.Request{Method: "PUT", Fields: shown}, Before: shown}.Intent(1, "a"),
		"a preview":   preview,
		"a pre-image": send.Change{Request: cupi.Request{Method: "DELETE"}, Before: shown}.Intent(1, "a").Before,
	} {
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), hidden) || !strings.Contains(string(text), "a@example.com") {
			t.Errorf("%s: got %s, want the address and no secret", name, text)
		}
	}
	if shown["Credentials"] != hidden {
		t.Error("what is to be sent was changed")
	}
}
