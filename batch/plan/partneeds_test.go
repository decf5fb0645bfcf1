package plan

import (
	"slices"
	"testing"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Every user has a call handler, so a list of all of them is as long as that of the users at least. Of other parts a
// user may have none.
func TestHowManyPartsTheServerHasAtLeast(t *testing.T) {
	t.Parallel()
	const rows, users = 3, 450
	for name, test := range map[string]struct {
		field string
		least int
	}{
		"callhandler":        {"MaxMsgLen", users},
		"alternatenames":     {"FirstName", 0},
		"smtpproxyaddresses": {"SmtpAddress", 0},
	} {
		needs, step := newPartNeeds(), model.StepOf(name, cupi.Object{test.field: "5"})
		for range rows {
			needs.add(Plan{AsSeen: true, Steps: model.Steps{step}})
		}
		got := needs.of(step.Kind, users)
		if got.Kind != step.Kind || got.Asks != rows || got.Least != test.least || !slices.Equal(got.Fields, []string{test.field}) {
			t.Errorf("%s: %+v, want at least %d of them", name, got, test.least)
		}
	}
}
