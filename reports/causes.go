package reports

import (
	"cmp"
	"slices"

	"cucbulk/batch"
)

// cause is why some rows are not done.
type cause struct {
	Code    string
	Rows    int
	Status  batch.Status // of the first of its rows
	Example string       // what the first of its rows says
	Advice  string
}

// notReached is the cause of pending rows, which have no code.
const notReached = "not-reached"

// causes gathers the rows that are not done by their code.
type causes map[string]*cause

func (c causes) add(r batch.Result) {
	if r.Status.Done() {
		return
	}
	code, example := r.Code, r.Message
	if r.Status == batch.Pending && code == "" {
		code, example = notReached, "the run ended before it came to these rows"
	}
	if c[code] == nil {
		c[code] = &cause{Code: code, Status: r.Status, Example: inert(example), Advice: adviceFor(code, r.Status)}
	}
	c[code].Rows++
}

// outcomes is what the rows of a run come to.
type outcomes struct {
	why          causes       // rows are not done
	irreversible map[int]bool // rows that a rollback can't wholly undo
}

func newOutcomes() outcomes { return outcomes{causes{}, map[int]bool{}} }

func (o outcomes) add(r batch.Result) {
	o.why.add(r)
	if r.Reversible != batch.FullyReversible {
		o.irreversible[r.Row] = true
	}
}

// sorted lists the causes, those of most rows first.
func (c causes) sorted() []cause {
	var list []cause
	for _, one := range c {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b cause) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code))
	})
	return list
}

// adviceFor says what to do about a code; where nothing is known of it, what to do
// about rows of that status.
func adviceFor(code string, status batch.Status) string {
	for _, advice := range advices() {
		if slices.Contains(advice.codes, code) {
			return advice.text
		}
	}
	return adviceByStatus()[status]
}

func adviceByStatus() map[batch.Status]string {
	return map[batch.Status]string{
		batch.Invalid:   "Nothing was sent. Mend these rows in rejects.csv and run that file.",
		batch.Failed:    "The server refused these rows; each one's message has its words. Mend them in rejects.csv and run that file.",
		batch.Partial:   "Some steps are done and some are not; the message says which. Mend these rows in rejects.csv, and run it with --continues: it does not do again what is done.",
		batch.Uncertain: "Look at these users in the administration pages: whether the change was made can't be proven from here. A rollback leaves them alone.",
		batch.Kept:      "These users were left as they are. Decide for each, and change it by hand if need be.",
	}
}

// advices tells what to do about causes that need more than their message.
func advices() []struct {
	codes []string
	text  string
} {
	return []struct {
		codes []string
		text  string
	}{
		{[]string{"interrupted"}, "These rows were begun and cut off when the run ended. The server has what StepsDone says, and perhaps the step that has no answer; resume finds out, and does the rest. They are not in rejects.csv."},
		{[]string{notReached}, "These rows have no result yet. What goes on with them stands under “What to type next”."},
		{[]string{"duplicate-alias", "duplicate-key", "duplicate-extension"}, "Two rows of the file want the same. Keep one of them, or give one another value."},
		{[]string{"alias-taken", "exists"}, "Somebody has that alias already. To change that user, make the operation update or upsert; for another person, choose another alias."},
		{[]string{"extension-taken"}, "Another user has that extension. Free it first, or give the row another one; rows of one file that hand on an extension are put in order by themselves."},
		{[]string{"no-such-user"}, "The row finds nobody. Check how the user is spelled on the server (cucbulk export lists them), or make the operation upsert."},
		{[]string{"several-users"}, "The row finds more than one user. Name the one that is meant by its Alias or ObjectId."},
		{[]string{"unknown-name", "unknown-id", "unknown-template", "administrator-template"}, "The server has nothing of that name. Choose one that it has; the message names the nearest."},
		{[]string{"not-in-directory"}, "The LDAP directory does not list these people. Mend the alias, or synchronize the directory in the administration pages; users of the server's own are made by create."},
		{[]string{"not-from-directory"}, "A user of the server's own has that alias. Tie that user to the directory in the administration pages, or take the row out."},
		{[]string{"ldap-owned"}, "A directory owns these fields. Change them there; the server takes them over at the next synchronization."},
		{[]string{"own-account", "undeletable"}, "The server or the run itself needs this user. Take the row out."},
		{[]string{"forbidden"}, "The account may not do this. Give it the role System Administrator or User Administrator."},
		{[]string{"gave-up", "retry-budget", "row-deadline", "unreadable"}, "The server was in trouble, not the row. Run rejects.csv again as it is, when the server is well."},
		{[]string{"target-gone"}, "Somebody deleted the user while the run was under way. Take the row out, or create the user anew."},
		{[]string{"changed-since", "enrolled", "has-messages"}, "Somebody used or changed these users since the run. Look at them; rollback --force deletes them all the same."},
		{[]string{"in-doubt"}, "The run that is undone has requests in doubt. Resume it, then roll back again."},
		{[]string{"bad-heading", "unknown-column", "repeated-column"}, "Mend the heading line; until then no row can be trusted."},
		{[]string{"ragged-row", "bad-quotes"}, "The row can't be read as it is. Put quotes around texts that hold the delimiter, and double the quotes in them; in a workbook, empty the cells that no heading stands above."},
		{[]string{"extensions-in-a-circle"}, "These rows swap extensions of one user. Do each in two rows, through a free extension."},
		{[]string{"rows-in-a-circle"}, "These rows wait for one another. Do them in two runs."},
	}
}
