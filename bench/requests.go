package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// requests prints what people cost that a server exports as BAT has them, at 0 latency: the
// requests count, and on a real server each takes its time.
func (b *bench) requests() error {
	table("Requests of people as `export --bat` writes them, with every column that it has", "people", "what", "requests",
		"for each person")
	for _, people := range b.exported {
		line := func(what string, requests int) {
			row(fmt.Sprint(people), what, fmt.Sprint(requests), fmt.Sprintf("%.1f", float64(requests)/float64(people)))
		}
		if err := b.moved(people, line); err != nil {
			return err
		}
	}
	return b.nightly(b.nightlyRows, 20)
}

// moved exports people from one server, makes them on another, and runs the file there again.
func (b *bench) moved(people int, line func(string, int)) error {
	from, err := b.newSite(0)
	if err != nil {
		return err
	}
	defer from.close()
	from.AddUsers(people)
	path := filepath.Join(b.folder, fmt.Sprintf("exported-%d.csv", people))
	if err := b.on(from, "export", "--bat", "--out", path); err != nil {
		return err
	}
	line("exported", from.Total())
	if err := dropOwn(path); err != nil {
		return err
	}
	all, err := b.newSite(0)
	if err != nil {
		return err
	}
	defer all.close()
	sent, err := b.run(all, "sent", path, "--operation", "create", "--template", "voicemailusertemplate", "--learn-from", "0")
	if err != nil {
		return err
	}
	line("made on another server, and every column sent (`--learn-from 0`)", sent.TotalRequests)
	to, err := b.newSite(0)
	if err != nil {
		return err
	}
	defer to.close()
	made, err := b.run(to, "made", path, "--operation", "create", "--template", "voicemailusertemplate")
	if err != nil {
		return err
	}
	if made.Statuses["created"] != people {
		return fmt.Errorf("of %d people these came out: %v", people, made.Statuses)
	}
	line("made on another server, without what its template gives", made.TotalRequests)
	before := to.Total()
	if err := b.on(to, "verify", filepath.Join(to.folder, "made"), "--format", "json"); err != nil {
		return fmt.Errorf("not all of it is there: %w", err)
	}
	line("every field of it verified", to.Total()-before)
	again, err := b.run(to, "again", path, "--operation", "upsert", "--template", "voicemailusertemplate")
	if err != nil {
		return err
	}
	if again.Statuses["unchanged"] != people {
		return fmt.Errorf("of %d people these were found: %v", people, again.Statuses)
	}
	line("found unchanged there", again.TotalRequests)
	return nil
}

// nightly runs a file, and the next night the same file with a few rows changed.
func (b *bench) nightly(rows, changed int) error {
	path, err := b.wideFile(rows)
	if err != nil {
		return err
	}
	s, err := b.newSite(0)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := b.run(s, "first", path, "--operation", "upsert", "--template", "voicemailusertemplate"); err != nil {
		return err
	}
	if err := change(path, changed); err != nil {
		return err
	}
	second, err := b.run(s, "second", path, "--operation", "upsert", "--template", "voicemailusertemplate", "--since",
		filepath.Join(s.folder, "first"))
	if err != nil {
		return err
	}
	if second.Statuses["updated"] != changed {
		return fmt.Errorf("%d rows were changed, and these came out: %v", changed, second.Statuses)
	}
	fmt.Printf("\nA nightly file of %d rows of which %d changed, with `--since`: %d requests in %.1f s.\n", rows, changed,
		second.TotalRequests, second.Seconds)
	return nil
}

// on runs a command on a server.
func (b *bench) on(s *site, command string, arguments ...string) error {
	_, err := spend([]string{"CUCBULK_PASSWORD=" + password}, b.program,
		append([]string{command, "--server", s.listener.URL, "--user", account, "--ca-file", s.certificate}, arguments...)...)
	return err
}

// run runs a file on a server and reads its summary.
func (b *bench) run(s *site, name, path string, arguments ...string) (found summary, err error) {
	out := filepath.Join(s.folder, name)
	if err := b.on(s, "run", append([]string{path, "--workers", fmt.Sprint(workers), "--out", out, "--progress", "none"},
		arguments...)...); err != nil {
		return found, err
	}
	text, err := os.ReadFile(filepath.Join(out, "summary.json"))
	return found, errors.Join(err, json.Unmarshal(text, &found))
}

// dropOwn takes the users from an exported file that every server has.
func dropOwn(path string) error {
	return rewrite(path, func(_ int, row []string) bool { return strings.HasPrefix(row[0], "user") || row[0] == "Alias" })
}

// change changes the title in so many rows.
func change(path string, rows int) error {
	return rewrite(path, func(i int, row []string) bool {
		if i > 0 && i <= rows {
			row[5] += " I"
		}
		return true
	})
}

// rewrite writes a CSV file anew, with the rows that keep lets be.
func rewrite(path string, keep func(i int, row []string) bool) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return err
	}
	var kept [][]string
	for i, row := range rows {
		if keep(i, row) {
			kept = append(kept, row)
		}
	}
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(kept); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(out.String()), 0o600)
}
