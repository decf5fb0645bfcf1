package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What the pre-flight says of each row is what the run then does, on any server
// and any file; and a rollback brings the server back.
func TestThePreflightIsHonest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{Seed: rapid.Uint64().Draw(rt, "seed")}
		simulator.AddUsers(rapid.IntRange(0, 12).Draw(rt, "users"))
		s := drawnSite(t, rt, simulator)
		before := byAlias(simulator.Snapshot())

		text := randomFile(rt)
		recorder := s.recorder("run")
		checked := s.prepare(recorder, text, options(""))
		p, err := batch.Preflight(t.Context(), s.server(4), checked, func(validate.Problem) {})
		if err != nil {
			rt.Fatal(err)
		}
		var said []batch.Preview
		forecast := p.Forecast()
		for preview, err := range p.Previews(t.Context()) {
			if err != nil {
				rt.Fatal(err)
			}
			said = append(said, preview)
			forecast.Add(preview)
		}
		for what, n := range simulator.Requests() {
			if !strings.HasPrefix(what, "GET ") {
				rt.Errorf("the pre-flight sent %d %s", n, what)
			}
		}
		summary, err := p.Run(t.Context(), recorder)
		if err != nil {
			rt.Fatal(err)
		}
		history := s.history(recorder.Folder)
		done := results(t, history)
		if len(done) != len(said) {
			rt.Fatalf("%d rows previewed, %d done", len(said), len(done))
		}
		for i := range done {
			if done[i].Status == record.Unchanged && said[i].Status == record.Updated && madeBefore(done, i) {
				forecast.Counts[record.Updated]--
				forecast.Counts[record.Unchanged]++
				if forecast.Counts[record.Updated] == 0 {
					delete(forecast.Counts, record.Updated)
				}
				continue
			}
			if done[i].Status != said[i].Status {
				rt.Errorf("row %d: the pre-flight said %s %s, the run did %s %s: %s\n%s", i+1, said[i].Status, said[i].Code, done[i].Status, done[i].Code, done[i].Message, text)
			}
		}
		if got, want := fmt.Sprint(summary.Counts), fmt.Sprint(forecast.Counts); got != want {
			rt.Errorf("counts %s, forecast %s", got, want)
		}
		undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if undone.Exit != record.ExitDone {
			rt.Errorf("rollback: exit %d: %s: %+v\n%s", undone.Exit, statuses(t, of), results(t, of), text)
		}
		compareTo(rt, before, byAlias(simulator.Snapshot()), text)
		s.checkIntents(rt)
		if err := os.RemoveAll(filepath.Join(s.folder, "run")); err != nil {
			rt.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(s.folder, "undo")); err != nil {
			rt.Fatal(err)
		}
	})
}

// madeBefore reports whether an earlier row made the row's user. What the server gives
// a new user is not known before: such a row may turn out to change nothing.
func madeBefore(done []record.Result, i int) bool {
	return slices.ContainsFunc(done[:i], func(r record.Result) bool {
		return r.Status == record.Created && r.ObjectID == done[i].ObjectID
	})
}

// randomFile makes rows about few users and few extensions, so that they meet.
func randomFile(rt *rapid.T) string {
	var text strings.Builder
	text.WriteString("Operation,Alias,DtmfAccessId,DisplayName,Title,City,ScheduleSetName,NewAlias,MaxMsgLen,Greeting_Busy_Enabled,PhoneNumber_HomePhone\n")
	for range rapid.IntRange(0, 12).Draw(rt, "rows") {
		alias := fmt.Sprintf("user%05d", rapid.IntRange(1, 14).Draw(rt, "user"))
		extension := rapid.SampledFrom([]string{"", "10000", "10001", "10002", "10003", "10005", "4711", "4712"}).Draw(rt, "extension")
		name := rapid.SampledFrom([]string{"", "A Name", "Another", "%null%"}).Draw(rt, "name")
		title := rapid.SampledFrom([]string{"", "Boss", "%null%"}).Draw(rt, "title")
		city := rapid.SampledFrom([]string{"", "Oslo", "Bergen"}).Draw(rt, "city")
		schedule := rapid.SampledFrom([]string{"", "", "Weekdays", "Nights"}).Draw(rt, "schedule")
		operation := rapid.SampledFrom([]string{"create", "update", "update", "delete", "upsert"}).Draw(rt, "operation")
		newAlias := ""
		if operation == "update" && rapid.IntRange(0, 5).Draw(rt, "rename") == 0 {
			newAlias = fmt.Sprintf("user%05d", rapid.IntRange(1, 20).Draw(rt, "new alias"))
		}
		length := rapid.SampledFrom([]string{"", "", "60", "300"}).Draw(rt, "length")
		greeting := rapid.SampledFrom([]string{"", "", "1", "0"}).Draw(rt, "greeting")
		phone := rapid.SampledFrom([]string{"", "", "5551", "%null%"}).Draw(rt, "phone")
		fmt.Fprintf(&text, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", operation, alias, extension, name, title, city, schedule, newAlias, length, greeting, phone)
	}
	return text.String()
}

func TestTheForecastOfTimeIsNear(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Latency: 20 * time.Millisecond}
	s := newSite(t, simulator)
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(200), options(validate.Create))
	p, err := batch.Preflight(t.Context(), s.server(4), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	forecast := p.Forecast()
	for preview, err := range p.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		forecast.Add(preview)
	}
	p.Estimate(forecast)
	if forecast.Requests["POST"] != 200 || forecast.Seconds < 0.9 {
		t.Errorf("forecast %+v: 200 requests of 20 ms and more, four at a time, take a second", forecast)
	}
}
