package samples_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

var update = flag.Bool("update", false, "write damage/problems.txt anew")

// TestDamage shows what is said of each file that a spreadsheet damaged. Two of
// them look odd and lack nothing.
func TestDamage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("damage/*.csv")
	if err != nil || len(files) < 11 {
		t.Fatalf("got %d files and %v", len(files), err)
	}
	var all strings.Builder
	for _, path := range files {
		name := filepath.Base(path)
		in, err := record.OpenInput(name, path)
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		checked, err := plan.Check(in, record.Options{Operation: validate.Update}, func(p validate.Problem) {
			said++
			all.WriteString(p.String() + "\n")
		})
		if err != nil || checked.Rows == 0 {
			t.Errorf("%s: %d rows and %v", name, checked.Rows, err)
		}
		if harmless := slices.Contains([]string{"sep.csv", "empty-cells.csv"}, name); harmless != (said == 0) {
			t.Errorf("%s: %d problems", name, said)
		}
	}
	golden := filepath.Join("damage", "problems.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if all.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", all.String(), want)
	}
}
