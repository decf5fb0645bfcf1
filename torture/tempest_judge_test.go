package torture

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/batch/verify"
	"cucbulk/reports"
)

// verdict is how a night's rows ended.
type verdict map[string]int

// results are those of a run folder.
func (m *tempest) results(folder string) []record.Result {
	m.t.Helper()
	history, err := record.ReadHistory(folder)
	must(m.t, err)
	var list []record.Result
	for r, err := range history.Results() {
		must(m.t, err)
		list = append(list, r)
	}
	return list
}

// report writes the reports, and compares their rows with the journal's.
func (m *tempest) report(folder string) {
	m.t.Helper()
	if _, _, err := (reports.Writer{}).Write(folder); err != nil {
		m.complain("report: %v", err)
		return
	}
	want := m.results(folder)
	got := rowsOf(m.t, folder)
	if len(got) != len(want) {
		m.complain("results.csv has %d rows, want %d", len(got), len(want))
		return
	}
	for i, r := range want {
		if got[i].status != string(r.Status) {
			m.complain("row %d: results.csv says %s and the journal %s", i+1, got[i].status, r.Status)
		}
	}
}

// reportAtWork asks for the reports of what is at work: they may be told to be too early,
// and never fall over. It does not die meanwhile: what is reported must be of its life.
func (m *tempest) reportAtWork(s *start) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, err := record.ReadHistory(filepath.Dir(s.path)); err != nil || s.dead {
		return
	}
	if _, _, err := (reports.Writer{}).Write(filepath.Dir(s.path)); err != nil {
		m.complain("a report of %s at work: %v", s.name, err)
	}
}

// verify reads back what a run wrote, on a server that is calm. What it did not keep was
// changed by others.
func (m *tempest) verify(f *family) {
	m.t.Helper()
	history, err := record.ReadHistory(f.folder)
	must(m.t, err)
	s := &start{name: f.name + ", verify", family: f}
	m.weather.set(true)
	defer m.weather.set(false)
	_, _, err = m.begin(s, filepath.Join(m.folder, "verify"), func(ctx context.Context, server send.Server, _ batch.Recorder) (batch.Summary, error) {
		all, err := verify.ReadBack(ctx, server, history)
		if err != nil {
			return batch.Summary{}, err
		}
		m.mutex.Lock()
		others := m.byOthers(f)
		m.mutex.Unlock()
		list := m.results(f.folder)
		for v, err := range all {
			if err != nil {
				return batch.Summary{}, err
			}
			if !v.Kept && !others[strings.ToLower(v.Alias)] && len(f.about(v.Alias)) == 1 && list[v.Row-1].Status.Done() {
				m.complain("%s: verify says of row %d, %s: %s %v\n%+v\n%s", f.name, v.Row, v.Alias, v.Message, v.Lost, list[v.Row-1], m.ledger.storyOf(f, f.rows[v.Row-1], v.ObjectID))
			}
		}
		return batch.Summary{}, nil
	})
	if err != nil {
		m.complain("%s: verify: %v", f.name, err)
	}
}

// byOthers gives the aliases whose users somebody else touched since a family began.
func (m *tempest) byOthers(f *family) map[string]bool {
	users, touched := map[string]bool{}, map[string]bool{}
	for _, e := range m.ledger.entries[f.since:] {
		if e.user != "" && e.family() != f {
			users[e.user] = true
		}
	}
	for _, e := range m.ledger.entries {
		for _, alias := range []string{e.before["Alias"], e.after["Alias"]} {
			if alias != "" && users[e.user] {
				touched[strings.ToLower(alias)] = true
			}
		}
	}
	return touched
}

// changesOf gives what a family's run did to the users that a row is about, from what became
// of all rows. Somebody may have given the row's alias to a user whom another row is about.
func (m *tempest) changesOf(f *family, r record.Result, all []record.Result) (list []*entry) {
	row := f.rows[r.Row-1]
	for _, e := range m.ledger.entries[f.since:] {
		another := func(o record.Result) bool { return o.ObjectID == e.user && o.Row != r.Row }
		if e.family() != f || e.who.rollback || e.user != r.ObjectID && slices.ContainsFunc(all, another) {
			continue
		}
		alias := strings.ToLower(e.alias())
		if e.user == r.ObjectID && r.ObjectID != "" || alias == row.alias || alias != "" && alias == row.cells["NewAlias"] {
			list = append(list, e)
		}
	}
	return list
}

// judgeRun compares what a run says of each row with the server and with the ledger.
func (m *tempest) judgeRun(f *family) verdict {
	m.t.Helper()
	m.mutex.Lock()
	defer m.mutex.Unlock()
	counts := verdict{}
	list := m.results(f.folder)
	if len(list) != len(f.rows) {
		m.complain("%s: %d rows have results, want %d", f.name, len(list), len(f.rows))
		return counts
	}
	others := m.byOthers(f)
	now := profiles(m.simulator)
	for i, r := range list {
		counts[string(r.Status)]++
		row := f.rows[i]
		shared := len(f.about(row.alias)) > 1 || row.cells["NewAlias"] != "" && len(f.about(row.cells["NewAlias"])) > 1
		wrong := func(format string, arguments ...any) {
			m.complain("%s, row %d, %s %s is %s %s (%s), but %s\n%s", f.name, r.Row, row.operation, row.alias, r.Status, r.Code, r.Message, fmt.Sprintf(format, arguments...), m.ledger.storyOf(f, row, r.ObjectID))
		}
		if !strings.EqualFold(r.Alias, row.alias) && row.cells["Alias"] != "" {
			wrong("it is called %q", r.Alias)
		}
		changes := m.changesOf(f, r, list)
		alias := row.alias
		if row.cells["NewAlias"] != "" {
			alias = row.cells["NewAlias"]
		}
		user := now[alias]
		touched := others[row.alias] || others[alias]
		if len(r.AsTemplate) > 0 {
			counts["left to the template"]++
		}
		if r.Unconfirmed {
			wrong("what was left to the template was never looked at")
		}
		switch r.Status {
		case record.Created:
			if maker := m.ledger.makerOf(r.ObjectID); maker != f {
				wrong("its user %s was not made by this run", r.ObjectID)
			} else if !touched && !shared && user == nil {
				wrong("it is not there")
			}
		case record.Updated:
			if len(changes) == 0 && !touched {
				wrong("this run changed nothing of it")
			}
			if !touched && !shared && user == nil {
				wrong("it is not there")
			}
		case record.Deleted:
			if !touched && !shared && user != nil {
				wrong("it is there")
			}
			if r.ObjectID != "" && m.simulator.User(r.ObjectID) != nil {
				wrong("its user is there")
			}
		case record.Unchanged, record.Failed, record.Invalid, record.Skipped, record.Pending:
			gone := !slices.ContainsFunc(changes, func(e *entry) bool { // with all that was done to it, or overwritten
				return e.method == http.MethodDelete || m.simulator.User(e.user) != nil && !m.ledger.overwritten(e)
			})
			if !shared && !gone && len(changes) > 0 {
				wrong("this run changed something of it")
			}
		case record.Partial:
			if len(changes) == 0 {
				wrong("this run changed nothing of it")
			}
		case record.Uncertain:
			given := row.cells["ScheduleSetName"] != "" && strings.Contains(r.Message, "as if it was done")               // by the template: the refusal can have been a true one
			if f.lost == 0 && f.deaths.Load() == 0 && !m.weather.filled() && !given && !m.ledger.replaced(f, row.alias) { // a full disk takes no answer either
				wrong("no answer was lost")
			}
		}
		if (r.Status == record.Created || r.Status == record.Updated) && !touched && !shared && user != nil {
			for name, value := range row.wants() {
				if user[name] != value {
					wrong("%s is %q, and not %q", name, user[name], value)
				}
			}
		}
	}
	return counts
}

// wants is what a user shows when the row is done.
func (r errandRow) wants() map[string]string {
	wants := map[string]string{}
	for name, value := range r.cells {
		switch name {
		case "DtmfAccessId", "DisplayName", "Title", "Department", "EmployeeId":
			wants[name] = value
		case "ScheduleSetName":
			wants["callhandler.ScheduleSetObjectId"] = weekdays
		case "NewAlias":
			wants["Alias"] = value
		}
	}
	return wants
}

// judgeRollback makes sure that what is said to be undone is as it was before the run, and that
// of all else it is said that it is not.
func (m *tempest) judgeRollback(f *family, folder string, exit int) verdict {
	m.t.Helper()
	m.mutex.Lock()
	defer m.mutex.Unlock()
	counts := verdict{}
	recreated := map[string]bool{}     // by alias
	said := map[string]record.Result{} // alias -> a row that is not undone
	for _, r := range m.results(folder) {
		counts[string(r.Status)]++
		if r.Row < 1 || r.Row > len(f.rows) {
			m.complain("%s: the rollback has a row %d", f.name, r.Row)
			continue
		}
		row := f.rows[r.Row-1]
		if r.Status == record.Recreated {
			recreated[row.alias] = true
		}
		if !r.Status.Done() || r.Code == "partly-recreated" {
			said[row.alias] = r
			if name := row.cells["NewAlias"]; name != "" {
				said[name] = r
			}
		}
	}
	for _, r := range m.results(f.folder) { // of what is uncertain, the run itself says so
		if r.Status == record.Uncertain {
			said[f.rows[r.Row-1].alias] = r
		}
	}
	others := m.byOthers(f)
	now := profiles(m.simulator)
	names := maps.Clone(now)
	maps.Copy(names, f.before)
	for _, alias := range slices.Sorted(maps.Keys(names)) {
		if others[strings.ToLower(alias)] {
			continue
		}
		if _, is := said[alias]; is && exit != record.ExitDone {
			continue
		}
		if recreated[alias] && now[alias] != nil { // the call handler is as the template makes it, and its settings are told to be lost
			const schedules = "callhandler.ScheduleSetObjectId"
			f.before[alias][schedules] = now[alias][schedules]
		}
		if difference := differing(f.before[alias], now[alias]); difference != "" {
			rows := ""
			for _, r := range m.results(folder) {
				if slices.Contains(f.about(alias), r.Row) {
					rows += fmt.Sprintf("  row %d: %s %s (%s)\n", r.Row, r.Status, r.Code, r.Message)
				}
			}
			m.complain("%s: after its rollback, exit %d, %s is not as before: %s\n%s%s", f.name, exit, alias, difference, rows, m.ledger.storyOf(f, errandRow{alias: alias}, ""))
		}
	}
	return counts
}

// differing names the fields of a user that are not the same.
func differing(before, after map[string]string) string {
	switch {
	case before == nil && after == nil:
		return ""
	case before == nil:
		return "it is there"
	case after == nil:
		return "it is gone"
	}
	names := maps.Clone(before)
	maps.Copy(names, after)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if before[name] != after[name] {
			list = append(list, fmt.Sprintf("%s was %q and is %q", name, before[name], after[name]))
		}
	}
	return strings.Join(list, ", ")
}

// storyOf is all that happened to the users that a row may mean.
func (l *ledger) storyOf(f *family, row errandRow, id string) string {
	users := map[string]bool{}
	for _, e := range l.entries {
		for _, alias := range []string{e.before["Alias"], e.after["Alias"]} {
			if alias != "" && (strings.EqualFold(alias, row.alias) || strings.EqualFold(alias, row.cells["NewAlias"])) {
				users[e.user] = true
			}
		}
		if e.user != "" && e.user == id {
			users[id] = true
		}
	}
	var text strings.Builder
	for _, user := range slices.Sorted(maps.Keys(users)) {
		fmt.Fprintf(&text, "  user %s:\n%s", user, l.story(user))
	}
	return text.String() + "  in " + filepath.Base(f.folder) + "\n"
}
