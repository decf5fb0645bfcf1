package record

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// What an earlier run tells a run that need not look again at rows that are as they were.

// OtherFlags names the flags by which two runs may do different things for the same cells.
func (o Options) OtherFlags(then Options) []string {
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

// DoneRow is a row that ended done.
type DoneRow struct {
	Alias, DtmfAccessID, ObjectID string
	Looked                        time.Time // when the server was last looked at for it
}

// DoneRows gives the rows of a run that ended done, by the digest of what they asked. A row is
// left out whose user another row of the run was about too: what it left may not have stayed.
func DoneRows(h *History) (map[string]DoneRow, error) {
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

// early is by how much a run may begin before its time of the day, and yet look at what is due.
const early = time.Hour

// Recent reports whether what was looked at then need not be looked at now.
func (s Since) Recent(looked, now time.Time) bool {
	return s.LookEvery == 0 || now.Sub(looked) < max(s.LookEvery-early, s.LookEvery/2)
}
