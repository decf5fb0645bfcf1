package cli

import (
	"cmp"
	"fmt"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// leaversShown is how many are told on the screen of each state.
const leaversShown = 5

// states says what each state of a leaver means, in the order in which they are told.
var states = []struct{ state, text string }{
	{roster.Due, "not in the file: %s now"},
	{roster.Marked, "not in the file, and wait for the end of --grace"},
	{roster.Kept, "not in the file, and their mailboxes were kept by an earlier run"},
	{roster.Reported, "not in the file; --leavers says what becomes of them"},
	{roster.Doubtful, "not in the file, and perhaps meant by it: nothing is done"},
	{roster.Returned, "in the file again, and hidden still; take back what hid them"},
}

// rosterText tells who is in the file, who is on the server, and who left.
func rosterText(r *roster.Roster, options record.Options, width int) string {
	var b strings.Builder
	width = min(columns, cmp.Or(width, columns))
	line := func(name, format string, values ...any) {
		b.WriteString(hangingIn(width, fmt.Sprintf("  %-12s ", name), strings.Repeat(" ", 15),
			strings.Fields(fmt.Sprintf(format, values...))))
	}
	fmt.Fprintf(&b, "%s and the users of %s:\n", r.File, r.Server.URL)
	line("file", "%s, %d of them new", reports.Count(r.Rows, "person", "people"), r.New)
	if last := r.Last; last == nil {
		line("last night", "none was found of a file of this name, with this --scope and --match: --max-shrink and --grace begin anew")
	} else {
		line("last night", "%s, with %s", last.Folder(), reports.Count(last.Rows, "person", "people"))
	}
	line("scope", "%s: %s", r.Scope, reports.Count(r.InScope, "user", "users"))
	if n := r.NoKey; n > 0 {
		line("", "%s no %s: nobody knows whether the file has them, and they stay", reports.Count(n, "of them has", "of them have"),
			r.Match)
	}
	if n := r.Unclear; n > 0 {
		line("unclear", "%s: whom they are about can't be read, so nobody leaves", reports.Count(n, "row", "rows"))
	}
	for _, s := range states {
		n := r.In()[s.state]
		if n == 0 {
			continue
		}
		text := s.text
		if s.state == roster.Due {
			text = fmt.Sprintf(text, map[string]string{record.LeaversDelete: "deleted",
				record.LeaversKeep: "hidden, with their mailboxes"}[options.Sync.Leavers])
		}
		line(s.state, "%d %s", n, text)
		shown := 0
		for _, l := range r.Leavers {
			if l.State == s.state && shown < leaversShown {
				shown++
				b.WriteString(hangingIn(width, strings.Repeat(" ", 15), strings.Repeat(" ", 17), unbroken(leaverText(l, options))))
			}
		}
		if n > shown {
			line("", "and %d more: see %s", n-shown, record.LeaversFile)
		}
	}
	if back := len(r.Back); back > 0 {
		line("back", "%s in the file again", reports.Count(back, "leaver is", "leavers are"))
	}
	return b.String()
}

// leaversText says of an input how many people the file did not name; "" where it names all, or is none
// about everybody.
func leaversText(in record.Input) string {
	if in.Leavers == nil {
		return ""
	}
	var parts []string
	all := 0
	for _, s := range states {
		if n := in.Leavers.States[s.state]; n > 0 && s.state != roster.Returned {
			parts, all = append(parts, fmt.Sprintf("%d %s", n, s.state)), all+n
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("%s not in the file: %s", reports.Count(all, "user is", "users are"), strings.Join(parts, ", "))
}

// leaverText is one of them.
func leaverText(l roster.Leaver, options record.Options) string {
	text := l.Alias
	if l.DisplayName != "" {
		text += " (" + l.DisplayName + ")"
	}
	switch l.State {
	case roster.Marked:
		text += ", goes on " + l.Since.Add(options.Sync.Grace).Local().Format("2006-01-02")
	case roster.Doubtful:
		text += ": " + l.Why
	case roster.Returned:
		text += ": " + shell.New("rollback").File(l.Kept).Flag("only", "Alias="+l.Alias).String()
	case roster.Reported:
		text += ", since " + l.Since.Local().Format("2006-01-02")
	}
	return oneLine(text)
}
