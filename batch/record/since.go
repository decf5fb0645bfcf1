package record

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// What an earlier run tells a run that need not look again at rows that are as they were.

// otherFlags names the flags by which two runs may do different things for the same cells.
func (o Options) otherFlags(then Options) []string {
	now, then := o.ofRows(), then.ofRows()
	var names []string
	for _, flag := range []struct {
		name string
		same bool
	}{
		{"object", now.Table() == then.Table()},
		{"operation", now.Operation == then.Operation},
		{"template", strings.EqualFold(now.Template, then.Template)},
		{"tenant", strings.EqualFold(now.Tenant, then.Tenant)},
		{"match", strings.EqualFold(now.Match, then.Match)},
		{"set", len(now.Set) == len(then.Set) && (len(now.Set) == 0 || reflect.DeepEqual(now.Set, then.Set))},
		{"ldap-owned", now.LdapOwned == then.LdapOwned},
		{"reset-credentials", now.ResetCredentials == then.ResetCredentials},
	} {
		if !flag.same {
			names = append(names, "--"+flag.name)
		}
	}
	return names
}

// OtherFlags gives the flags of the run that say otherwise than these what rows with the same
// cells do.
func (h *History) OtherFlags(now Options) []string { return now.otherFlags(h.Header.Options) }

// beganAs reports whether the run ever began to send as this account on this server.
func (h *History) beganAs(server Identity, account string) bool {
	return len(h.Begins) > 0 && h.SameServer(server) == nil && strings.EqualFold(h.Begins[0].Account, account)
}

// CanBeLast reports whether the run may be the one that [SinceLast] stands for.
func (h *History) CanBeLast(in Input, options Options, server Identity, account string) bool {
	named := h.Header.Input
	return h.Header.Kind == KindRun && !h.Running && h.Ended && h.Left() == 0 &&
		filepath.Base(named.Name) == filepath.Base(in.Name) && named.Sheet == in.Sheet &&
		h.beganAs(server, account) && len(h.OtherFlags(options)) == 0
}

// DoneRow is a row that ended done.
type DoneRow struct {
	Alias, DtmfAccessID, ObjectID string
	Looked                        time.Time // when the server was last looked at for it
}

// DoneRows gives the rows of a run that ended done, by the digest of what they asked. A row is
// left out whose user another row of the run was about too: what it left may not have stayed.
func (h *History) DoneRows() (map[string]DoneRow, error) {
	records, err := h.Lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	rows, about := map[string]DoneRow{}, map[string]int{}
	names := func(r Result) []string {
		list := []string{aliasName(r.Alias), idName(r.ObjectID)}
		return slices.DeleteFunc(list, func(name string) bool { return name == "" })
	}
	for _, number := range slices.Sorted(maps.Keys(h.Rows)) {
		result, ended, err := records.Result(number)
		if err != nil {
			return nil, err
		}
		if !ended || result.Status == Skipped || result.Status == Invalid {
			continue
		}
		for _, name := range names(result) {
			about[name]++
		}
		if result.Cells != "" && result.Status.Done() {
			row := DoneRow{result.Alias, result.DtmfAccessID, result.ObjectID, h.Header.Started}
			if !result.LookedAt.IsZero() {
				row.Looked = result.LookedAt
			}
			rows[result.Cells] = row
		}
	}
	maps.DeleteFunc(rows, func(_ string, row DoneRow) bool {
		return about[aliasName(row.Alias)] > 1 || row.ObjectID != "" && about[idName(row.ObjectID)] > 1
	})
	return rows, nil
}

// Touched are users that runs changed, by alias and by ObjectId.
type Touched map[string]bool

func aliasName(alias string) string {
	if alias == "" {
		return ""
	}
	return "alias " + model.Fold(alias)
}

func idName(id string) string {
	if id == "" {
		return ""
	}
	return "id " + model.Fold(id)
}

// HasAlias reports whether a user of this alias was changed.
func (t Touched) HasAlias(alias string) bool { return alias != "" && t[aliasName(alias)] }

// HasID reports whether the user with this ObjectId was changed.
func (t Touched) HasID(id string) bool { return id != "" && t[idName(id)] }

func (t Touched) add(name string) {
	if name != "" {
		t[name] = true
	}
}

// Touch adds the users that a run changed, or may have.
func (h *History) Touch(touched Touched) error {
	records, err := h.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	for number, row := range h.Rows {
		if len(row.Changes) == 0 {
			continue
		}
		past, err := records.Past(number)
		if err != nil {
			return err
		}
		result, _, err := records.Result(number)
		if err != nil {
			return err
		}
		touched.add(aliasName(result.Alias))
		touched.add(idName(result.ObjectID))
		changes := slices.Concat(past.Changes(), past.Unproven)
		for _, c := range changes {
			main := model.KindOf(c.Step).Main
			touched.add(aliasName(c.Intent.Alias))
			touched.add(idName(c.Intent.User))
			touched.add(idName(c.Intent.About().Of(c.Intent.Path)))
			touched.add(idName(Past{Open: &c}.User()))
			for _, fields := range []cupi.Object{c.Intent.Shown(), c.Intent.Before} {
				if main {
					touched.add(aliasName(c.Intent.About().Name(fields)))
				}
			}
			if c.Creates() {
				touched.add(idName(c.ObjectID))
			}
		}
	}
	return nil
}

// LastWritten is when the journal's last record was written.
func (h *History) LastWritten() time.Time {
	if len(h.lives) == 0 {
		return h.Header.Started
	}
	return h.lives[len(h.lives)-1].last
}

// RunsIn gives the run folders in these folders that may hold what was written since then, the
// newest first, and with them the rollbacks of their runs, wherever these are.
func RunsIn(folders []string, since time.Time) []string {
	type run struct {
		folder  string
		written time.Time
	}
	var runs []run
	add := func(path string) bool {
		about, err := os.Stat(filepath.Join(path, JournalFile))
		known := slices.ContainsFunc(runs, func(r run) bool { return r.folder == path })
		if err == nil && !known && !about.ModTime().Before(since) {
			runs = append(runs, run{path, about.ModTime()})
		}
		return err == nil
	}
	for _, folder := range folders {
		entries, _ := os.ReadDir(folder) // it need not be there
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			for _, path := range append(seriesIn(path), path) {
				if add(path) {
					for _, elsewhere := range rollbacksOf(path) {
						add(elsewhere)
					}
				}
			}
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return b.written.Compare(a.written) })
	folders = nil
	for _, r := range runs {
		folders = append(folders, r.folder)
	}
	return folders
}

// RollbacksFile is the file in a run folder that names the folders of those rollbacks of the run
// that are not beside it, a line each.
const RollbacksFile = "rollbacks.txt"

// NoteRollback notes in a run's folder where a rollback of it is, if that is not beside it. A run
// folder that can't be written, as in an archive, does not keep anybody from a rollback.
func NoteRollback(run, rollback string) {
	path, err := filepath.Abs(rollback)
	if err != nil || besideEachOther(run, path) {
		return
	}
	if file, err := os.OpenFile(filepath.Join(run, RollbacksFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_, _ = file.WriteString(path + "\n")
		_ = file.Sync()
		_ = file.Close()
	}
}

// besideEachOther reports whether whoever lists one of two run folders finds the other: both are in one folder, or
// stages of series that are.
func besideEachOther(run, rollback string) bool {
	if of, back := SeriesOf(run), SeriesOf(rollback); of != "" && back != "" {
		run, rollback = of, back
	}
	return filepath.Dir(run) == filepath.Dir(rollback)
}

// rollbacksOf gives the folders that NoteRollback noted.
func rollbacksOf(run string) []string {
	text, _ := os.ReadFile(filepath.Join(run, RollbacksFile)) // most runs have none
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// early is by how much a run may begin before its time of the day, and yet look at what is due.
const early = time.Hour

// Recent reports whether what was looked at then need not be looked at now.
func (s Since) Recent(looked, now time.Time) bool {
	return s.LookEvery == 0 || now.Sub(looked) < max(s.LookEvery-early, s.LookEvery/2)
}
