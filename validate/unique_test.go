package validate

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	id1, id2 := otherID(1), otherID(2)
	for _, test := range []struct {
		name    string
		options Options
		rows    string // Operation,Alias,Extension,TemplateAlias,PartitionName,PartitionObjectId,EmployeeId,NewAlias
		want    []string
	}{
		{"the same alias", Options{}, "create,jdoe,100,t;create,jdoe,101,t", []string{"Alias:duplicate-alias"}},
		{"in another case", Options{}, "update,jdoe;update,JDOE", []string{"Alias:duplicate-alias"}},
		{"in another case beyond ASCII", Options{}, "update,Éclair;update,éCLAIR", []string{"Alias:duplicate-alias"}},
		{"another alias", Options{}, "update,jdoe;update,jdoe2", nil},
		{"other operations", Options{}, "create,jdoe,100,t;update,jdoe;delete,jdoe", nil},
		{"other operations, then the first again", Options{}, "create,jdoe,100,t;delete,jdoe;create,jdoe,100,t", []string{"Alias:duplicate-alias"}},
		{"the same key", Options{Match: "EmployeeId"}, "update,,,,,,7;update,,,,,,7", []string{"EmployeeId:duplicate-key"}},
		{"the same ObjectId is no key here", Options{}, "update,jdoe,,,,,7;update,adoe,,,,,7", nil},
		{"the same new alias", Options{}, "update,jdoe,,,,,,new;update,adoe,,,,,,NEW", []string{"NewAlias:duplicate-alias"}},

		{"one extension, one template", Options{}, "create,a,100,t;create,b,100,T", []string{"DtmfAccessId:duplicate-extension"}},
		{"one extension, one template for all", Options{Template: "t"}, "create,a,100;import-ldap,b,100", []string{"DtmfAccessId:duplicate-extension"}},
		{"one extension, two templates", Options{}, "create,a,100,t;create,b,100,u", []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, one partition by name", Options{}, "create,a,100,t,P;create,b,100,u,p", []string{"DtmfAccessId:duplicate-extension"}},
		{"one extension, one partition by id", Options{}, "update,a,100,,," + id1 + ";create,b,100,u,," + strings.ToUpper(id1), []string{"DtmfAccessId:duplicate-extension"}},
		{"one extension, two partitions by name", Options{}, "create,a,100,t,P;create,b,100,t,Q", []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, two partitions by id", Options{}, "create,a,100,t,," + id1 + ";create,b,100,t,," + id2, []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, partition by name and by id", Options{}, "create,a,100,t,P;create,b,100,t,," + id2, []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, the second row without a partition", Options{}, "create,a,100,t,P;create,b,100,t", []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, updates without a partition", Options{Template: "t"}, "update,a,100;update,b,100", []string{"DtmfAccessId:duplicate-extension?"}},
		{"one extension, the third row like the second", Options{}, "create,a,100,t,P;create,b,100,t,Q;create,c,100,t,q", []string{"DtmfAccessId:duplicate-extension?", "DtmfAccessId:duplicate-extension"}},
		{"another extension", Options{}, "create,a,100,t;create,b,0100,t", nil},
		{"one user's", Options{}, "create,a,100,t;update,A,100", nil},
		{"of a deleted user", Options{}, "delete,a,100;create,b,100,t", nil},
		{"only to find the user", Options{Match: "DtmfAccessId"}, "update,,100;delete,,100", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var rows [][]string
			for line := range strings.SplitSeq(test.rows, ";") {
				rows = append(rows, strings.Split(line, ","))
			}
			_, problems := checkFile(test.options, strings.Split("Operation,Alias,Extension,TemplateAlias,PartitionName,PartitionObjectId,EmployeeId,NewAlias", ","), rows...)
			var duplicates []Problem
			for _, p := range problems {
				if strings.HasPrefix(string(p.Code), "duplicate-") {
					duplicates = append(duplicates, p)
				}
			}
			wantShort(t, inShort(duplicates), test.want...)
			for _, p := range duplicates {
				if p.Line != len(rows)+1 && p.Line != len(rows) || !strings.Contains(p.Message, "on line ") {
					t.Errorf("got %s, want both lines named", p)
				}
			}
		})
	}
}

func TestDuplicateNamesTheEarlierLine(t *testing.T) {
	t.Parallel()
	_, problems := checkFile(Options{Operation: Update}, []string{"Alias"}, []string{"a"}, []string{"b"}, []string{"c"}, []string{"B"})
	got, want := problems[0].String(), "users.csv:5: Alias: is on line 3 too, with the same operation: keep one of the two rows (duplicate-alias)"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Alternate extensions count as the primary one does.
func TestDuplicateAlternateExtensions(t *testing.T) {
	t.Parallel()
	headings := strings.Split("Alias,Extension,Extension_Alt1,Extension_Alt2,Extension_Alt2_Partition,PartitionName", ",")
	for _, test := range []struct {
		name string
		rows string
		want []string
	}{
		{"of two rows", "a,100,200;b,101,200", []string{"Extension_Alt1:duplicate-extension"}},
		{"and a primary one", "a,100,200;b,200", []string{"DtmfAccessId:duplicate-extension"}},
		{"in one row", "a,100,100", []string{"Extension_Alt1:duplicate-extension"}},
		{"twice in one row", "a,100,200,200", []string{"Extension_Alt2:duplicate-extension"}},
		{"in one row, in another partition", "a,100,,100,P", nil},
		{"in one row, in the partition that the user has by name", "a,100,,100,P,p", []string{"Extension_Alt2:duplicate-extension"}},
		{"of two rows, in two partitions", "a,100,,200,P;b,101,,200,Q", []string{"Extension_Alt2:duplicate-extension?"}},
		{"cleared", "a,100,%null%;b,101,%null%", nil},
		{"others", "a,100,200,300;b,101,201,301", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var rows [][]string
			for line := range strings.SplitSeq(test.rows, ";") {
				rows = append(rows, strings.Split(line, ","))
			}
			short, _ := checkFile(Options{Operation: Create, Template: "t"}, headings, rows...)
			wantShort(t, short[len(short)-1], test.want...)
		})
	}
}

// A run checks a file of any length; what it remembers of a row must stay small.
func TestMemoryOfARow(t *testing.T) {
	const rows = 100_000
	o := Options{Operation: Create, Template: "t"}
	header, _ := ParseHeader("f", 1, []string{"Alias", "Extension", "DisplayName"}, o)
	checker := NewChecker(header, o)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range rows {
		cells := []string{fmt.Sprintf("user.with.a.long.name%06d", i), fmt.Sprint(1_000_000 + i), strings.Repeat("x", 60)}
		if problems := checker.check(Row{Number: i + 1, Line: i + 2, Cells: cells}); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if got := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / rows; got > 150 {
		t.Errorf("got %d bytes a row, want at most 150", got)
	}
	runtime.KeepAlive(checker)
}
