package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Rows that an earlier run did, and that ask the same now, are not looked at if that is asked
// for. What is sent at all goes by the other rows alone, as if they were the file.

// lastRun is the run that --since names, by which rows are left out; nil: there is none.
func (c *Checked) lastRun(server record.Identity, account string) (*record.History, error) {
	since := c.Options.Since
	if since == nil || since.Run == "" {
		return nil, nil
	}
	last, err := c.findLast(*since, server, account)
	c.Options.Since = &record.Since{Among: since.Among, LookEvery: since.LookEvery}
	if last != nil && err == nil {
		c.Options.Since.Run = last.Folder
	}
	return last, err
}

// leaveAsLast ends the rows that are as in the last run, but for those about users whom others touched since.
// Of the file every row is learned; it reports whether any is left out.
func (c *Checked) leaveAsLast(last *record.History, touched record.Touched, now time.Time) (bool, error) {
	since := c.Options.Since
	done, err := record.DoneRows(last)
	if err != nil {
		return false, err
	}
	c.asLast = map[int]record.DoneRow{}
	lookedAt := map[uint64]bool{}       // aliases of rows that are looked at
	references := map[int][]string{}    // aliases of other users, by row
	lookAt := func(r validate.Record) { // what its user is now, the run will tell
		lookedAt[c.hash(r.Key, r.KeyValue)] = true
		for _, alias := range []string{r.Alias, r.NewAlias} {
			lookedAt[c.hash(c.About.Collection.NameField, alias)] = true
		}
	}
	for entry, err := range c.DecodedRows() {
		if err != nil {
			return false, err
		}
		if _, ended := c.Verdicts[entry.Row]; ended {
			continue
		}
		row, is := done[cellsOf(entry, c.Options.ResetCredentials)]
		named := c.usersNamed(entry)
		others := []string{row.Alias, entry.Alias, entry.NewAlias, entry.Member} // whose membership goes with them
		for _, name := range entry.Names {
			others = append(others, name.Name)
		}
		if !is || c.sharesKeys(entry) || !since.Recent(row.Looked, now) || touched.HasID(row.ObjectID) ||
			slices.ContainsFunc(others, touched.HasAlias) {
			lookAt(entry)
			continue
		}
		c.asLast[entry.Row] = row
		if len(named) > 0 {
			references[entry.Row] = named
		}
	}
	for row, names := range references {
		if slices.ContainsFunc(names, func(alias string) bool { return lookedAt[c.hash(c.About.Collection.NameField, alias)] }) {
			delete(c.asLast, row)
		}
	}
	message := "the row is as in " + last.Folder + ", which had done it: the server was not asked"
	for row := range c.asLast {
		c.Verdicts[row] = verdict{Status: record.Unchanged, Code: codes.AsLastRun, Message: message}
	}
	return len(c.asLast) > 0, nil
}

// usersNamed gives the aliases of the other users that a row names.
func (c *Checked) usersNamed(entry validate.Record) []string {
	var aliases []string
	for _, name := range entry.Names {
		if name.Collection == c.About.Collection.Name {
			aliases = append(aliases, name.Name)
		}
	}
	return aliases
}

// findLast reads the run that --since names, or finds the last one of the same file that fits.
func (c *Checked) findLast(since record.Since, server record.Identity, account string) (*record.History, error) {
	if since.Run != record.SinceLast {
		history, err := record.ReadHistory(since.Run)
		if err != nil {
			return nil, fmt.Errorf("--since: %w", err)
		}
		return history, c.refuseUnlike(history, server, account)
	}
	for _, folder := range record.RunsIn(since.Among, time.Time{}) {
		history, err := record.ReadHistory(folder)
		if err != nil {
			return nil, unreadable(folder, err)
		}
		if sameFile(history.Header.Input, c.Input) && c.refuseUnlike(history, server, account) == nil {
			return history, nil
		}
	}
	return nil, nil
}

// sameFile reports whether two runs read the file of one name, and of a workbook one sheet.
func sameFile(a, b record.Input) bool {
	return filepath.Base(a.Name) == filepath.Base(b.Name) && a.Sheet == b.Sheet
}

// refuseUnlike refuses a run that says nothing of these rows.
func (c *Checked) refuseUnlike(history *record.History, server record.Identity, account string) error {
	folder, flags := history.Folder, c.Options.OtherFlags(history.Header.Options)
	const nothing = "; nothing was sent"
	switch {
	case history.Header.Kind != record.KindRun:
		return fmt.Errorf("--since names a run, and %s is a rollback%s", folder, nothing)
	case history.Running || !history.Ended || history.Left() > 0 || len(history.Begins) == 0:
		return fmt.Errorf("--since names a run that is finished, and of %s rows are left: resume it first, "+
			"or name another%s", folder, nothing)
	case !strings.EqualFold(history.Begins[0].Account, account):
		return fmt.Errorf("--since names a run of the same account, and %s was run as %s, and this is %s: what "+
			"that account was shown says nothing of this one; run without --since%s", folder, history.Begins[0].Account, account, nothing)
	case len(flags) > 0:
		return fmt.Errorf("--since names a run with the same flags, and %s was run with other values of %s: give "+
			"those of that run, or run without --since%s", folder, strings.Join(flags, ", "), nothing)
	}
	return history.SameServer(server)
}

// slack is how far the clock of a disk may be from the computer's.
const slack = time.Hour

// changedSince gives the users that other runs beside an earlier one changed since that began.
func changedSince(last *record.History, since record.Since) (record.Touched, error) {
	touched := record.Touched{}
	among := append(slices.Clone(since.Among), foldersAround(last.Folder)...)
	// A rollback is noted in the run that did the row.
	for run := last; run.Header.Options.Since != nil && run.Header.Options.Since.Run != ""; {
		folder := run.Header.Options.Since.Run
		around := foldersAround(folder)
		if slices.Contains(among, around[len(around)-1]) {
			break
		}
		among = append(among, around...)
		earlier, err := record.ReadHistory(folder)
		if err != nil {
			break // it is gone, or can't be read, and so nobody takes it back
		}
		run = earlier
	}
	for _, folder := range record.RunsIn(among, last.Header.Started.Add(-slack)) {
		if sameFolder(folder, last.Folder) || record.GoesBefore(folder, last.Folder) {
			continue
		}
		history, err := record.ReadHistory(folder)
		if err != nil {
			return nil, unreadable(folder, err)
		}
		if len(history.Begins) == 0 || history.SameServer(last.Begins[0].Server) != nil ||
			history.LastWritten().Before(last.Header.Started) {
			continue
		}
		if err := touched.AddRun(history); err != nil {
			return nil, unreadable(folder, err)
		}
	}
	return touched, nil
}

// foldersAround are those in which runs are that stand beside a run; of a file of several, the last is where those of all are.
func foldersAround(run string) []string {
	folders := []string{filepath.Dir(run)}
	if series := record.SeriesOf(run); series != "" {
		folders = append(folders, filepath.Dir(series))
	}
	return folders
}

func sameFolder(one, other string) bool {
	about, err := os.Stat(one)
	also, missing := os.Stat(other)
	return err == nil && missing == nil && os.SameFile(about, also)
}

// unreadable says of a run folder why nothing can be told of the rows.
func unreadable(folder string, err error) error {
	return fmt.Errorf("--since must know what every run changed, and %s can't be read: %w; move that folder elsewhere, "+
		"or run without --since", folder, err)
}
