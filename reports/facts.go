package reports

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cucbulk/batch/record"
	"cucbulk/validate"
)

// facts gathers what a page tells; what is empty is not told.
type facts []fact

func (f *facts) tell(name, value string) {
	if value != "" {
		*f = append(*f, fact{name, inert(value)})
	}
}

func happenedFacts(s Summary) []fact {
	var told facts
	if s.Server != nil {
		told.tell("Server", s.Server.URL)
		told.tell("Version", s.Server.Version)
	}
	told.tell("Signed in as", s.Account)
	told.tell("Started", instant(s.Started))
	told.tell("Finished", instant(s.Finished))
	if s.Seconds > 0 { // a start that was killed did not say
		told.tell("At work", length(s.Seconds))
	}
	if s.Starts > 1 {
		text := fmt.Sprintf("%d, because it was resumed", s.Starts)
		if s.Killed > 0 {
			text += fmt.Sprintf("; %s cut off, and what was sent then is not counted", Count(s.Killed, "was", "were"))
		}
		told.tell("Starts", text)
	}
	if s.AsLastRun > 0 {
		told.tell("Not looked at", asIn(s.AsLastRun, s.Since))
	}
	if s.WentWithout > 0 {
		told.tell("Left out", LeftOut(s))
	}
	if s.AsTemplate > 0 {
		told.tell("Left to the template", LeftToTemplate(s))
	}
	if s.TotalRequests > 0 {
		told.tell("Rows a second", figure(s.RowsPerSecond))
		told.tell("Requests", Grouped(s.TotalRequests)+" ("+byMethod(s.Requests)+")")
		if foreseen := Foreseen(s); foreseen != "" {
			told.tell("Foreseen", foreseen)
		}
		told.tell("Tried again", Grouped(s.Retries))
		told.tell("Answers “503 server busy”", Grouped(s.Busy))
		told.tell("Workers", strconv.Itoa(s.Workers))
		if len(s.SecondsAt) > 1 {
			told.tell("Requests at a time", spans(s.SecondsAt))
			told.tell("Throttled", times(s.Throttled))
		}
	}
	return told
}

func askedFacts(header record.Header) []fact {
	var told facts
	o := header.Options
	if header.Kind == record.KindRollback {
		told.tell("Undo the run", header.Of)
		if header.Undo != nil {
			told.tell("Only", Grouped(len(header.Undo))+" chosen rows")
		}
		if header.Force {
			told.tell("Force", "what the run created and somebody changed since is deleted too")
		}
		told.tell("Template for users made again", o.Template)
		told.tell("Tenant", o.Tenant)
		return told
	}
	told.tell("Input", header.Input.Name)
	told.tell("SHA-256", header.Input.SHA256)
	told.tell("Operation", cmp.Or(string(o.Operation), "by row (column Operation)"))
	told.tell("Template", o.Template)
	told.tell("Tenant", o.Tenant)
	if table := o.Table(); table != validate.Users {
		told.tell("The rows are about", table.Many)
	}
	told.tell("Found by", o.Match)
	told.tell("Empty cells are set to", settings(o.Set))
	told.tell("Only rows with", settings(o.Only))
	if o.FirstRow > 0 || o.LastRow > 0 {
		told.tell("Rows of the file", rowRange(o.FirstRow, o.LastRow))
	}
	told.tell("Continues the run", o.Continues)
	if since := o.Since; since != nil {
		told.tell("Looked at what changed since the run", cmp.Or(since.Run, "none was found"))
		if since.LookEvery > 0 {
			told.tell("Rows are looked at after", length(since.LookEvery.Seconds()))
		}
	}
	told.tell("Failures at most", o.MaxFailures.String())
	told.tell("Deletes at most", o.MaxDeletes.String())
	if o.MaxChanges != nil {
		told.tell("Changes at most", o.MaxChanges.String())
	}
	return told
}

// settings writes Column=Value, never the value of a secret.
func settings(list []validate.Setting) string {
	var texts []string
	for _, one := range list {
		if column, known := validate.ColumnByHeading(one.Column); known && column.Secret {
			one.Value = "***"
		}
		texts = append(texts, one.Column+"="+one.Value)
	}
	return strings.Join(texts, ", ")
}

func rowRange(first, last int) string {
	if last == 0 {
		return Grouped(first) + " and after"
	}
	return Grouped(max(1, first)) + " to " + Grouped(last)
}

func byMethod(requests map[string]int) string {
	var texts []string
	for _, method := range slices.Sorted(maps.Keys(requests)) {
		if n := requests[method]; n > 0 {
			texts = append(texts, Grouped(n)+" "+method)
		}
	}
	return strings.Join(texts, ", ")
}

// spans tells how long so many requests at a time could be sent.
func spans(secondsAt map[int]float64) string {
	var texts []string
	for _, workers := range slices.Sorted(maps.Keys(secondsAt)) {
		texts = append(texts, fmt.Sprintf("%d for %s", workers, length(secondsAt[workers])))
	}
	return strings.Join(texts, ", ")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return Grouped(n) + " times"
}

func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}

// loss is something that a rollback of some rows can't bring back.
type loss struct {
	Note string
	Rows int
}

// lossesAtMost is how many kinds of loss a page names.
const lossesAtMost = 12

// losses gathers what a rollback of these rows can't bring back, what concerns most of
// them first.
func losses(history *record.History, irreversible map[int]bool) ([]loss, error) {
	if history.Header.Kind != record.KindRun || len(irreversible) == 0 {
		return nil, nil
	}
	undo, err := record.PlanUndo(history, record.UndoOptions{Rows: irreversible})
	if err != nil {
		return nil, err
	}
	rows := map[string]int{}
	for line, err := range undo.Irreversible() {
		if err != nil {
			return nil, err
		}
		rows[inert(line.Note)]++
	}
	var list []loss
	for note, n := range rows {
		list = append(list, loss{note, n})
	}
	slices.SortFunc(list, func(a, b loss) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Note, b.Note)) })
	if len(list) > lossesAtMost {
		rest := 0
		for _, one := range list[lossesAtMost:] {
			rest += one.Rows
		}
		list = append(list[:lossesAtMost], loss{"something else; rollback.csv says what", rest})
	}
	return list, nil
}

// File is a file of a run folder.
type File struct{ Name, Purpose string }

// Files says what each file of a run folder is for, those for people first.
func Files() []File {
	return []File{
		{PageFile, "the whole run on one page, for a browser"},
		{ResultsFile, "every row and what became of it"},
		{RejectsFile, "the rows that are not done, with the reason in front"},
		{RejectsFile + record.Sealed, "the same, for the owner of the key"},
		{record.LeaversFile, "who is on the server and not in the file"},
		{record.PINsFile, "the PINs that were drawn and whose they are, for the owner of the key"},
		{RollbackFile, "what a rollback takes back"},
		{SummaryFile, "the numbers, for scripts"},
	}
}

// filesIn lists those that are beside the page in folder, or will be.
func filesIn(folder string, written map[string]bool) []File {
	return slices.DeleteFunc(Files(), func(file File) bool {
		_, missing := os.Stat(filepath.Join(folder, file.Name))
		return missing != nil && !written[file.Name] || file.Name == PageFile
	})
}

// fact is one thing that the page tells of a run.
type fact struct{ Name, Value string }

// Grouped writes a number with a comma after each three digits.
func Grouped(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
