package plan

import (
	"fmt"
	"hash/maphash"
	"testing"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

func TestNamedTellsOfAliasesThatRowsShare(t *testing.T) {
	t.Parallel()
	n := RowIndex{About: model.UserObject, Seed: maphash.MakeSeed(), Match: "Alias", Shared: map[uint64]nameCount{}, Matches: map[string]bool{}, Templates: map[string]bool{}, Names: map[string]bool{}}
	row := func(operation validate.Operation, alias, newAlias, extension string) validate.Record {
		record := validate.Record{Operation: operation, Key: "Alias", KeyValue: alias, Alias: alias, NewAlias: newAlias, DtmfAccessId: extension}
		n.Add(record)
		return record
	}
	alone := row(validate.Delete, "alone", "", "100")
	freed := row(validate.Delete, "freed", "", "")
	again := row(validate.Create, "FREED ", "", "101")
	updated := row(validate.Update, "updated", "", "0102")
	for i := range 2_000 {
		row(validate.Update, fmt.Sprintf("user%04d", i/2), "", "")
	}
	renamed := row(validate.Update, "renamed", "updated", "")
	n.Sort()

	for alias, want := range map[string]int{"alone": 0, "freed": 2, "updated": 2, "renamed": 0, "user0999": 2, "nobody": 0} {
		if got := n.RowsNaming(alias); got != want {
			t.Errorf("got %d rows that name %s, want %d", got, alias, want)
		}
	}
	for _, test := range []struct {
		record validate.Record
		want   bool
	}{{alone, false}, {freed, true}, {again, true}, {updated, true}, {renamed, false}} {
		if got := n.MovedByOthers(test.record); got != test.want {
			t.Errorf("%s %q: got moved by others %t, want %t", test.record.Operation, test.record.Alias, got, test.want)
		}
	}
	for extension, want := range map[string]bool{"100": false, "101": true, "0102": true, "102": false} {
		if got := n.SetsExtension(extension); got != want {
			t.Errorf("got extension %s set %t, want %t", extension, got, want)
		}
	}
	for alias, want := range map[string]bool{"ALONE": true, "updated": true, "user0000": true, "user1000": false} {
		if got := n.HasKey("Alias", alias); got != want {
			t.Errorf("got key %s %t, want %t", alias, got, want)
		}
	}
	if got, want := len(n.Keys), 1_004; got != want {
		t.Errorf("got %d keys, want %d, each once", got, want)
	}
}
