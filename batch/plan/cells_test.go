package plan

import (
	"testing"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// A row is known again in a run of a later version by this digest: it must not become another, and rows that ask for other
// things have others.
func TestWhatARowAsksIsKnownAgain(t *testing.T) {
	t.Parallel()
	with := func(changes ...func(*validate.Record)) validate.Record {
		r := validate.Record{Operation: validate.Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"user": {"City": "Bonn"}}}
		for _, change := range changes {
			change(&r)
		}
		return r
	}
	list := validate.NameReference{Column: "DistributionLists", Collection: "distributionlists", Name: "sales",
		Field: "DistributionListObjectId", Step: "distributionlistmembers", List: true}
	one := list
	one.List = false
	for _, test := range []struct {
		asks string
		row  validate.Record
		want string
	}{
		{"a field", with(), "ba63751e45a6f4a0b274bb7bc6926e70"},
		{"a list of names", with(func(r *validate.Record) { r.Names = []validate.NameReference{list} }), "1f4e44a69f4081f5eaf34b90650a81e9"},
		{"a name", with(func(r *validate.Record) { r.Names = []validate.NameReference{one} }), "24fa46149a9ca35636dce5c8c8af6911"},
		{"a successor", with(func(r *validate.Record) { r.ReassignTo = "mroe" }), "436768e7cb1a41d6ad23d5ade0ad6eea"},
		{"to hide the user", with(func(r *validate.Record) { r.KeepsMailbox = true }), "7ee593f02c4bb7753b354d3b78f701b8"},
		{"a member", with(func(r *validate.Record) { r.Asks, r.Member, r.MemberKind = validate.Create, "mroe", "user" }), "388135d1a55d85772f88ed24f863ae63"},
		{"a text as it stands", with(func(r *validate.Record) { r.Literal = []string{"City"} }), "84c3eb68ffacb91ea162efe989a174ef"},
		{"a secret of a user who is there", with(func(r *validate.Record) { r.Steps["pin"] = cupi.Object{"Credentials": "947251"} }), ""},
	} {
		if got := cellsOf(test.row, false); got != test.want {
			t.Errorf("%s: the digest is %q, want %q", test.asks, got, test.want)
		}
	}
}

// A PIN that was made is not drawn again, and not counted as one to be drawn.
func TestAPINIsDrawnOnce(t *testing.T) {
	t.Parallel()
	wanted := map[string]cupi.Object{}
	about := model.UserObject
	about.WantsPIN(wanted)
	p := Plan{}
	p.Operation = validate.Create
	p.Steps = about.StepsOf(validate.Create, wanted)
	if !p.needsPIN() {
		t.Error("a row that wants a PIN needs none")
	}
	p.Before.Made = []record.AppliedChange{{SentChange: record.SentChange{Step: "pin", Made: true}}}
	if p.needsPIN() {
		t.Error("a row whose PIN was set needs another one")
	}
}
