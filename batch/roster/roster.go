// Package roster makes, of a file that is the truth about everybody within a scope, the rows of a
// run: who is missing on the server is made, who is there is updated, and who is there and not in
// the file has left. What it makes is an input like any other, with an operation in each row, so
// that the run, its forecast, its resume and its rollback are those of every run.
//
// It takes nobody for a leaver of whom it is not sure: a file with rows that can't be understood
// names nobody who left, and neither does a list that the server did not narrow as it was asked.
package roster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// Options gives those with which the file is checked by itself, before the server is asked.
func Options(options record.Options) record.Options {
	options.Object, options.Operation = validate.Users.Object, validate.Upsert
	return options
}

// File is a file that was checked by itself.
type File struct {
	*plan.Checked
	unclear map[int]bool   // rows of which nobody knows whom they are about, or whether they are about others too
	open    []validate.Row // the last row, if no line end is behind it
}

// Check checks the file by itself. What it finds is found again in the rows that are made of it, and
// told then.
func Check(in record.Input, options record.Options) (*File, error) {
	file := &File{unclear: map[int]bool{}}
	match := validate.Users.MatchColumn(options.Match)
	var err error
	file.Checked, err = plan.Check(in, Options(options), func(p validate.Problem) {
		about := p.Column == match || p.Column == "" || p.Code == codes.CutOffFile
		if p.Row > 0 && !p.Warning && about && p.Code != codes.DuplicateAlias && p.Code != codes.DuplicateKey {
			file.unclear[p.Row] = true
		}
	})
	if err != nil {
		return nil, err
	}
	for _, heading := range []string{"Operation", "NewAlias"} {
		if _, there := file.Header.Position(heading); there {
			return nil, &record.Stop{Exit: record.ExitInvalid, Code: codes.SyncColumn,
				Reason: fmt.Sprintf("%s:%d: %s: the file says who there is, "+
					"and sync finds out what is to be done: take the column out, or call it Junk; nothing was sent", in.Name,
					in.Format.HeaderLine, file.Header.Heading(heading))}
		}
	}
	if file.Rows == 0 {
		return nil, &record.Stop{Exit: record.ExitRail, Code: codes.EmptyFile,
			Reason: in.Name + " has no rows, so everybody would have left; nothing was sent. Look where the file comes from"}
	}
	return file, file.findSwallowed()
}

// findSwallowed finds rows that may have others in them, or may not be whole, although each cell can be
// right: a quote that stands alone makes cells of rows, and a file that is cut off ends in any cell.
func (f *File) findSwallowed() error {
	if f.Input.Sheet != "" { // its cells are what they are
		return nil
	}
	for row, err := range f.Input.Rows() {
		if err != nil {
			return err
		}
		if slices.ContainsFunc(row.Cells, func(cell string) bool { return strings.ContainsAny(cell, "\r\n") }) {
			f.unclear[row.Number] = true
		}
		if row.LineEnd == "" {
			f.unclear[row.Number], f.open = true, append(f.open, row.Row.Row)
		}
	}
	return nil
}

// Roster is what became of a file and the server's users.
type Roster struct {
	Night        // what it leaves for the next night
	InScope, New int
	NoKey, Own   int      // within the scope: who has no value in the column of --match; who is never a leaver
	Back         []Leaver // whom the night before knew as leavers, and the file names again
	Unclear      int      // rows of which nobody knows whom they are about
	Last         *Night   // the night before; nil: none was found
	Requests     int
	Seen         *plan.Seen // who is there, for the pre-flight
	Problems     []validate.Problem
	file         *File
	rows         map[int]decision
	keyAt        int
	match        validate.Column
	due          []Leaver
	outside      bool // that new people may be outside the scope was said
	renames      bool // some row has another alias than its user
	anew         bool // a file was refused since the night before, so who is missing is missing since now
}

// decision is what a row of the file becomes.
type decision struct {
	operation                  validate.Operation
	alias, newAlias, extension string // in place of the cells; "": those count
}

// Compose asks the server who is there, and decides what becomes of whom.
func Compose(ctx context.Context, server send.Server, file *File, options record.Options, now time.Time) (*Roster, error) {
	scope, err := ParseScope(options.Sync.Scope)
	if err != nil {
		return nil, err
	}
	about := model.ObjectOf(validate.Users)
	match := validate.Users.MatchColumn(options.Match)
	column, _ := validate.Users.Column(match)
	r := &Roster{file: file, rows: map[int]decision{}, match: column, Unclear: len(file.unclear)}
	r.keyAt, _ = file.Header.Position(match)
	r.Night = file.night(options, now, false)
	people, err := meet(ctx, server, about, &scope, options)
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	r.Server, r.Seen = people.Identity, people.seen
	nights, err := r.others(options.Sync.Among)
	if err != nil {
		return nil, err
	}
	last, unread := lastOf(nights)
	named, newcomers, err := r.decide(people, &scope)
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	r.Rows -= named.repeats
	r.Last = last
	if bar := carriedOut(nights); bar != nil {
		if lost := bar.Rows - r.Rows; lost > options.Sync.MaxShrink.Of(bar.Rows) {
			return nil, &record.Stop{Exit: record.ExitRail, Code: codes.MaxShrink,
				Reason: fmt.Sprintf("stopped by --max-shrink: %s has %d rows, and the last one "+
					"had %d (%s); nothing was sent. Look whether the file is whole; if it is, give --max-shrink %d", file.Input.Name,
					r.Rows, bar.Rows, bar.folder, lost)}
		}
	}
	r.anew = unread
	err = r.equip(ctx, people, newcomers, named.used, last, options)
	if err == nil {
		err = r.findLeavers(ctx, people, &scope, named, last, options, now)
	}
	r.Requests = int(people.session.Sent.Load())
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	return r, nil
}

// named is whom the rows of the file name, and what they take.
type named struct {
	keys, forms, ids, aliases map[string]bool
	used                      used
	have                      map[string]int  // how many users have a key
	people                    map[string]bool // by first and last name
	strangers                 strangers
	repeats                   int // rows whose key an earlier one has
}

// decide decides what the rows of the file do, and gives those of them that are about new people.
func (r *Roster) decide(people *people, scope *Scope) (names named, newcomers []validate.Record, err error) {
	names = named{keys: map[string]bool{}, forms: map[string]bool{}, ids: map[string]bool{}, aliases: map[string]bool{},
		used: used{map[string]bool{}, map[string]bool{}}, have: map[string]int{}}
	first := firsts{map[string]decision{}, map[string]decision{}}
	rejected := map[int]validate.Record{}
	names.people, names.strangers = map[string]bool{}, strangers{keys: map[string]bool{}, people: map[string]bool{},
		extensions: map[string][]string{}}
	by := map[string][]cupi.Object{}
	for _, user := range people.all {
		if key := model.Fold(user[r.Match]); key != "" {
			by[key] = append(by[key], user)
			names.have[key]++
		}
	}
	for entry, err := range r.file.DecodedRows() {
		if err != nil {
			return names, nil, err
		}
		key := model.Fold(entry.KeyValue)
		names.used.add(entry)
		if names.keys[key] {
			names.repeats++
		}
		if key != "" {
			names.keys[key], names.forms[plan.NearForm(entry.KeyValue)], names.ids[model.Fold(entry.ObjectId)] = true, true, true
			names.aliases[model.Fold(entry.Alias)] = true
		}
		value, said := scope.says(entry)
		if said && !scope.takes(value) {
			r.warnAt(entry.Row, entry.Line, scope.name, codes.OutsideScope,
				"puts the user outside --scope %s: who leaves from there is not noticed", r.Scope)
		}
		if name := wholeName(entry.Steps[validate.Users.Main]); name != "" {
			names.people[name] = true
		}
		if len(by[key]) == 0 {
			names.strangers.add(entry)
		}
		d := decision{operation: validate.Upsert}
		switch users := by[key]; {
		case r.file.invalid(entry.Row):
			rejected[entry.Row] = entry
		case len(users) == 1:
			d = update(entry, users[0], r.Match)
			r.renames = r.renames || d.newAlias != ""
		case len(users) == 0:
			r.New++
			newcomers = append(newcomers, entry)
			if outside := !scope.everybody && !said && scope.op == cupi.Is; outside && !r.outside {
				r.outside = true
				r.warnAt(entry.Row, entry.Line, "", codes.OutsideScope, "new people whose rows do not say %s are made outside "+
					"--scope %s, unless their template says it: who leaves from there is not noticed. "+
					"Give them the column, or --set %[3]s", scope.typed(), r.Scope, shell.Word(scope.typed()+"="+scope.value))
			}
		}
		r.rows[entry.Row] = d
		if !r.file.invalid(entry.Row) {
			first.add(key, entry, d)
		}
	}
	for row, entry := range rejected {
		r.rows[row] = first.again(entry, r.rows[row])
	}
	for _, row := range r.file.open {
		r.warnAt(row.Number, row.Line, "", codes.NoLineEnd,
			"no line end is behind this last row, so the file may be cut off here, and nobody is taken to have left. "+
				"If it is whole, end the line, and sync it again; else copy or export it again")
	}
	for _, of := range []map[string]bool{names.forms, names.aliases, names.ids} {
		delete(of, "")
	}
	return names, newcomers, nil
}

// firsts are what became of rows, by folded key and by folded alias.
type firsts struct{ keys, aliases map[string]decision }

func (f firsts) add(key string, entry validate.Record, d decision) {
	for of, text := range map[*map[string]decision]string{&f.keys: key, &f.aliases: model.Fold(entry.Alias)} {
		if _, there := (*of)[text]; text != "" && !there {
			(*of)[text] = d
		}
	}
}

// again is what becomes of a row that was rejected: what became of the row that it repeats, if it does, so
// that it is found to repeat that again.
func (f firsts) again(entry validate.Record, d decision) decision {
	as, repeats := f.keys[model.Fold(entry.KeyValue)]
	if !repeats {
		as, repeats = f.aliases[model.Fold(entry.Alias)]
	}
	if !repeats {
		return d
	}
	d.operation = as.operation
	if as.newAlias != "" {
		d.newAlias = entry.Alias
	}
	return d
}

// invalid reports whether a rule rejected a row.
func (f *File) invalid(row int) bool {
	_, _, rejected := f.Rejection(row)
	return rejected
}

// update is what becomes of a row whose user is there. One that has another alias in the file is renamed.
func update(entry validate.Record, user cupi.Object, match string) decision {
	d := decision{operation: validate.Update}
	if match != "Alias" && entry.Alias != "" && model.Fold(entry.Alias) != model.Fold(user["Alias"]) {
		d.alias, d.newAlias = user["Alias"], entry.Alias
	}
	return d
}

// findLeavers finds who is within the scope and not in the file, and what becomes of them.
func (r *Roster) findLeavers(ctx context.Context, people *people, scope *Scope, named named, last *Night, options record.Options,
	now time.Time) error {
	before, err := last.known()
	if err != nil {
		return err
	}
	var missing []cupi.Object
	for _, user := range people.all {
		id, key := model.Fold(user["ObjectId"]), model.Fold(user[r.Match])
		if !people.within[id] {
			continue
		}
		r.InScope++
		was, known := before[id]
		switch {
		case people.About.IsAccount(people.account, user["Alias"]):
			r.Own++
		case named.keys[key] || named.ids[id]:
			if known {
				r.back(was, user)
			}
		case key == "":
			r.NoKey++
		default:
			missing = append(missing, user)
		}
	}
	missing, err = r.deletable(ctx, people, scope, missing)
	if err != nil {
		return err
	}
	for _, user := range missing {
		id := model.Fold(user["ObjectId"])
		l := Leaver{ObjectID: user["ObjectId"], Alias: user["Alias"], Key: user[r.Match], Extension: user["DtmfAccessId"],
			DisplayName: user["DisplayName"], Since: now.UTC()}
		was, known := before[id]
		if known && was.goesOn() {
			l.Since, l.Kept = was.Since, was.Kept
		}
		if r.anew { // that file may have named the user
			l.Since = now.UTC()
		}
		hidden := model.Same("ListInDirectory", user["ListInDirectory"], "false")
		why := r.doubt(user, named)
		if why == "" && was.State == Doubtful && named.people[wholeName(user)] {
			why = was.Why // whoever was new then is on the server now
		}
		switch {
		case why != "":
			l.State, l.Why = Doubtful, why
		case r.Unclear > 0:
			if !known {
				continue // perhaps a row that nobody understands names this user
			}
			l.State = cmp.Or(was.State, Marked)
			if l.State == Due {
				l.State = Marked
			}
		case options.Sync.Leavers == record.LeaversReport:
			l.State = Reported
		case options.Sync.Leavers == record.LeaversKeep && l.Kept != "" && hidden:
			l.State = Kept
		case now.Sub(l.Since) < options.Sync.Grace-early(options.Sync.Grace):
			l.State = Marked
		default:
			l.State, l.Kept = Due, ""
			r.due = append(r.due, l)
		}
		r.Leavers = append(r.Leavers, l)
	}
	return nil
}

// early is by how much a night may begin before its time of the day and yet end a grace.
func early(grace time.Duration) time.Duration { return min(time.Hour, grace/2) }

// doubt says why somebody whom the file does not name may be meant by it all the same.
func (r *Roster) doubt(user cupi.Object, named named) string {
	switch form := plan.NearForm(user[r.Match]); {
	case r.Match != "Alias" && named.aliases[model.Fold(user["Alias"])]:
		return fmt.Sprintf("the file has the alias %s with another %s", user["Alias"], r.Match)
	case named.have[model.Fold(user[r.Match])] > 1:
		return fmt.Sprintf("other users have the %s %s too", r.Match, user[r.Match])
	case form != "" && named.forms[form], named.strangers.keys[looseForm(user[r.Match])]:
		return fmt.Sprintf("the file has a %s that differs from %s only as a spreadsheet or a keyboard makes codes differ",
			r.Match, user[r.Match])
	}
	return named.strangers.perhaps(user, r.Match)
}

// back notes that the file names a leaver again. Who has been hidden stays so until somebody takes that back.
func (r *Roster) back(was Leaver, user cupi.Object) {
	if was.State == Doubtful {
		return
	}
	if was.Kept != "" && model.Same("ListInDirectory", user["ListInDirectory"], "false") {
		was.State, was.Alias = Returned, user["Alias"]
		r.Leavers = append(r.Leavers, was)
	}
	r.Back = append(r.Back, was)
}

// deletable leaves out those who can't be deleted, and whoever is not within the scope.
func (r *Roster) deletable(ctx context.Context, people *people, scope *Scope, missing []cupi.Object) ([]cupi.Object, error) {
	if len(missing) == 0 {
		return nil, nil
	}
	undeletable, told, err := people.Undeletable(ctx, people.session)
	if err != nil {
		return nil, err
	}
	before := len(missing)
	missing = slices.DeleteFunc(missing, func(user cupi.Object) bool { return undeletable[model.Fold(user["ObjectId"])] })
	if !told || people.unsure {
		missing, err = people.prove(ctx, scope, missing, !told)
	}
	r.Own += before - len(missing)
	return missing, err
}

// Due are those who leave with this run.
func (r *Roster) Due() []Leaver { return r.due }

// In gives the states of leavers with how many have each.
func (r *Roster) In() map[string]int {
	states := map[string]int{}
	for _, l := range r.Leavers {
		states[l.State]++
	}
	return states
}

// warnAt makes a warning of a row of the file.
func (r *Roster) warnAt(row, line int, column string, code codes.Code, format string, values ...any) {
	r.Problems = append(r.Problems, r.file.Header.WithHeading(validate.Problem{File: r.file.Input.Name, Row: row, Line: line,
		Column: column, Code: code, Warning: true,
		Message: strings.TrimSpace(fmt.Sprintf(format, values...))}))
}
