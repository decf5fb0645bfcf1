package batch_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
	"cucbulk/validate"
)

// asUTF16 saves a text as some editors do.
func asUTF16(text []byte) []byte {
	saved := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		saved = binary.LittleEndian.AppendUint16(saved, unit)
	}
	return saved
}

// A journal that was saved by an editor, emptied or cut is not taken for one of a run
// that did nothing: what is told is what happened to it and what other files say.
func TestDamagedJournalIsTold(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	_, history := s.run(t.Context(), "run", creates(6), options(validate.Create), 2)
	if _, _, err := (reports.Writer{}).Write(history.Folder); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(history.Folder, record.JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	half := bytes.Join(lines[:len(lines)/2], nil)
	withCR := bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n"))
	for name, test := range map[string]struct {
		journal []byte
		want    string // "": it can be read
	}{
		"CR LF":               {withCR, "saved by another program, with lines that end in CR LF"},
		"CR LF and a mark":    {append([]byte("\uFEFF"), withCR...), "with a byte order mark, with lines"},
		"a byte order mark":   {append([]byte("\uFEFF"), whole...), "saved by another program, with a byte order mark"},
		"UTF-16":              {asUTF16(whole), "saved by another program, as UTF-16"},
		"UTF-16 and CR LF":    {asUTF16(withCR), "as UTF-16, with lines that end in CR LF"},
		"emptied":             {nil, "lost its end"},
		"half of it":          {half, "lost its end"},
		"half a record more":  {whole[:len(half)+20], "lost its end"},
		"without its header":  {bytes.Join(lines[1:], nil), "damaged in the middle"},
		"a record less":       {bytes.Join(append(append([][]byte{}, lines[:3]...), lines[4:]...), nil), "damaged in the middle"},
		"something else":      {[]byte("Alias,DtmfAccessId\njdoe,4711\n"), "lost its end"},
		"its last bytes torn": {whole[:len(whole)-5], ""},
	} {
		for folder, keep := range map[string][]string{
			"with all files":    {reports.SummaryFile, reports.ResultsFile, reports.RollbackFile, record.JournalFile + ".lock"},
			"of an older one":   {reports.SummaryFile, reports.ResultsFile, reports.RollbackFile},
			"that was killed":   {record.JournalFile + ".lock"},
			"with results only": {reports.ResultsFile},
		} {
			t.Run(name+" "+folder, func(t *testing.T) {
				t.Parallel()
				damaged := t.TempDir()
				for _, file := range keep {
					text, err := os.ReadFile(filepath.Join(history.Folder, file))
					if err != nil {
						t.Fatal(err)
					}
					if folder == "of an older one" && file == reports.SummaryFile { // which did not say from how much it was made
						text = bytes.ReplaceAll(text, []byte(`"journalRecords"`), []byte(`"unknown"`))
					}
					if err := os.WriteFile(filepath.Join(damaged, file), text, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if err := os.WriteFile(filepath.Join(damaged, record.JournalFile), test.journal, 0o600); err != nil {
					t.Fatal(err)
				}
				_, err := record.ReadHistory(damaged)
				cut := strings.HasPrefix(name, "half")
				switch {
				case test.want == "" || cut && folder == "with results only":
					if err != nil {
						t.Errorf("got %v", err)
					}
					return
				case err == nil:
					t.Fatal("it is read as if nothing had happened")
				}
				text := err.Error()
				for _, word := range []string{"may be on the server", "changed nothing", "backup", "--dry-run"} {
					if !strings.Contains(text, word) {
						t.Errorf("no %q in %s", word, text)
					}
				}
				if strings.Contains(folder, "with all") && (!strings.Contains(text, test.want) || !strings.Contains(text, "6 created") || !strings.Contains(text, "results.csv has 6 rows") || !strings.Contains(text, "rollback.csv has 6 rows")) {
					t.Errorf("got %s", text)
				}
			})
		}
	}
}

// An empty journal of a run that never sent anything is not called damaged.
func TestJournalOfARunThatNeverBegan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ journal, lock, want string }{
		"it told so":      {"", "\x00                   0\n", "ended before it sent anything"},
		"a torn header":   {`1234abcd {"seq":1,"ti`, "\x00                   0\n", "ended before it sent anything"},
		"nobody told":     {"", "", "or somebody emptied the journal"},
		"another's lines": {"Alias\njdoe\n", "", "is a record"},
		"it told of more": {"", "\x00                   9\n", "9 records were in it"},
		"torn, of an old": {`1234abcd {"seq":1,"ti`, "", "ended before it sent anything"},
	} {
		folder := t.TempDir()
		for file, text := range map[string]string{record.JournalFile: test.journal, record.JournalFile + ".lock": test.lock} {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := record.ReadHistory(folder); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
