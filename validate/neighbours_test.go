package validate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNeighbours(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		extensions string
		want       []string // LINE code
	}{
		{"one lost its zeros", "4001 4002 42 4003 0044", []string{"4 lost-zeros"}},
		{"two of twenty", "0001 0002 0003 0004 0005 0006 0007 0008 0009 10 0011 0012 0013 0014 0015 0016 0017 0018 9 0020", []string{"11 lost-zeros", "20 lost-zeros"}},
		{"a plan with two lengths", "4001 42 4002 43 4003 44", nil},
		{"too few to tell", "4001 42 4002", nil},
		{"a longer one", "4001 4002 4003 40000", nil},
		{"a longer and a shorter one", "4001 4002 4003 4004 4005 4006 4007 4008 4009 4010 40000 42", []string{"13 lost-zeros"}},
		{"no digits", "4001 4002 4003 4004 4005 4*2", nil},
		{"one lost its plus", "+4930100 +4930101 +4930102 49301030 +4930104", []string{"5 lost-plus"}},
		{"none has a plus", "49301000 49301001 49301002 49301003", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, _ := ParseHeader("users.csv", 1, []string{"Alias", "Extension"}, Options{File: "users.csv", Operation: Update})
			neighbours := NewNeighbours(header, Options{File: "users.csv"})
			for i, extension := range strings.Fields(test.extensions) {
				neighbours.Add(Row{Number: i + 1, Line: i + 2, Cells: []string{"jdoe", extension}})
			}
			var got []string
			for _, p := range neighbours.Problems() {
				got = append(got, fmt.Sprintf("%d %s", p.Line, p.Code))
				if !p.Warning || p.Column != "DtmfAccessId" || p.Row != p.Line-1 {
					t.Errorf("got %+v", p)
				}
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestNeighboursSayWhatWasLost(t *testing.T) {
	t.Parallel()
	header, _ := ParseHeader("users.csv", 1, []string{"Extension"}, Options{Operation: Update})
	neighbours := NewNeighbours(header, Options{File: "users.csv"})
	for i, extension := range []string{"0001", "0002", "42", "0003"} {
		neighbours.Add(Row{Number: i + 1, Line: i + 2, Cells: []string{extension}})
	}
	want := `users.csv:4: Extension: warning: "42" has 2 digits, and nearly all the others have 4: if a spreadsheet took zeros from its front, write "0042", and make the column text (lost-zeros)`
	if got := neighbours.Problems(); len(got) != 1 || got[0].String() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
