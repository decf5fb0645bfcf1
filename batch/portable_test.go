package batch_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// moving is a server of people with everything: of each group of columns, recordings, and what leads
// from one to another.
func moving(t *testing.T, people int) (*site, *cutter) {
	t.Helper()
	simulator, cut := &cupitest.Server{}, &cutter{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	simulator.Fault = cut.fault
	s.audio = new(audio.Store)
	for _, name := range []string{"name", "standard", "busy"} {
		s.record(name+".wav", name)
	}
	o := options(validate.Create)
	o.Audio, o.AudioFolder = s.audio, s.folder
	rows, err := csv.NewReader(strings.NewReader(wholeFile(people))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		more := []string{"name.wav", "1031:standard.wav;1033:busy.wav", "number:9011", "directory:System Directory Handler"}
		if i == 0 {
			more = []string{"VoiceNameFile", "GreetingFile_Standard", "Key_1", "Key_2"}
		}
		rows[i] = append(rows[i], more...)
	}
	_, history := s.run(t.Context(), "people", csvText(rows), o, 4)
	if got := statuses(t, history); !allAre("created", got) {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	links := [][]string{{"Alias", "Key_3", "Greeting_Standard_AfterGreeting", "PrivateList1_Members"}}
	for i := range people {
		alias := func(i int) string { return fmt.Sprintf("whole%04d", 1+i%people) }
		links = append(links, []string{alias(i), "user:" + alias(i+1), "greeting:" + alias(i+2), alias(i+1) + ";" + alias(i+2)})
	}
	_, history = s.run(t.Context(), "links", csvText(links), options(validate.Update), 4)
	if !allAre("updated", statuses(t, history)) {
		t.Fatalf("%s: %s", statuses(t, history), messages(t, history))
	}
	return s, cut
}

// cutter ends a context at a request.
type cutter struct {
	mutex sync.Mutex
	left  int
	end   context.CancelFunc
}

// after ends what the context is for at the n-th request from now.
func (c *cutter) after(n int, end context.CancelFunc) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.left, c.end = n, end
}

func (c *cutter) fault(*http.Request) cupitest.Fault {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.left--; c.left == 0 {
		c.end()
	}
	return cupitest.NoFault
}

func csvText(rows [][]string) string {
	var text strings.Builder
	_ = csv.NewWriter(&text).WriteAll(rows) // to memory
	return text.String()
}

// likeness is all that the server holds of those people, but for ids and times of its own. there says that they
// have the aliases and numbers that they were moved to: it is what they had before.
func likeness(s *site, people int, there bool) map[string]map[string]map[string]string {
	parts, prefix := partsOf(s.simulator.Snapshot()), map[bool]string{true: "n-"}[there]
	alike := map[string]map[string]map[string]string{}
	for i := range people {
		alias := fmt.Sprintf("whole%04d", i+1)
		alike[alias] = map[string]map[string]string{}
		for part, fields := range parts[prefix+alias] {
			kept := map[string]string{}
			for name, value := range fields {
				switch {
				case strings.HasSuffix(name, "ObjectId"), strings.HasSuffix(name, "URI"), strings.Contains(name, "Time"):
				case name == "Alias" && part != "user ": // the server's own, of a private list
				default:
					kept[name] = strings.ReplaceAll(value, prefix+"whole", "whole")
				}
			}
			if number := kept["DtmfAccessId"]; there && part == "user " {
				kept["DtmfAccessId"] = "6" + strings.TrimPrefix(number, "7")
			}
			if there && part == "alternateextensions 8" && kept["DtmfAccessId"] == "6"+alias[5:] {
				continue // the old number
			}
			alike[alias][strings.ReplaceAll(part, prefix+"whole", "whole")] = kept
		}
	}
	return alike
}

var movedPeople = flag.Int("moved", 3, "how many people TestPeopleMoveToAnotherServer moves")

// People with everything move to a server on which all has other ids and names, with other aliases and numbers:
// the export is cut off five times and the runs are killed ten times on the way, nothing differs in the end, and a
// rollback leaves the server as it was.
func TestPeopleMoveToAnotherServer(t *testing.T) {
	t.Parallel()
	people := *movedPeople
	s, cut := moving(t, people)
	folder := filepath.Join(s.folder, "moving")
	var done export.Portable
	var err error
	requests := map[string]int{}
	requests["export"] = -s.simulator.Total()
	for starts := 0; starts == 0 || err != nil; starts++ {
		ctx, end := context.WithCancel(t.Context())
		if starts < 5 {
			cut.after(50, end)
		}
		done, err = export.WritePortable(ctx, s.server(2), export.Options{}, folder, s.audio, "test")
		if err != nil && ctx.Err() == nil || err == nil && starts < 5 {
			t.Fatalf("start %d: %+v, %v", starts, done, err)
		}
		end()
	}
	requests["export"] += s.simulator.Total()
	if done.Users != people+2 || done.Left != 0 || len(done.Own) != 2 || !done.Linked {
		left, _ := os.ReadFile(filepath.Join(folder, export.LeftFile))
		t.Errorf("%+v\n%s", done, left)
	}
	text, err := os.ReadFile(filepath.Join(folder, export.PeopleFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{s.simulator.UserByAlias("whole0001")["ObjectId"], "0a987b74-acf0-4310-ab81-4ebe0190cca4"} {
		if strings.Contains(string(text), id) {
			t.Errorf("the file has the ObjectId %s", id)
		}
	}
	links, err := os.ReadFile(filepath.Join(folder, export.LinksFile))
	if err != nil {
		t.Fatal(err)
	}
	var manifest export.Manifest
	read, err := os.ReadFile(filepath.Join(folder, export.ManifestFile))
	if err == nil {
		err = json.Unmarshal(read, &manifest)
	}
	if err != nil || !slices.ContainsFunc(manifest.Files, func(f export.ManifestFact) bool { return f.Name == export.LinksFile }) {
		t.Errorf("%v: %s", err, read)
	}

	w := newOtherWorld(t, &cupitest.Server{Seed: 7})
	w.audio = new(audio.Store)
	before := w.simulator.Snapshot()
	rule := func(text string, numbers bool) []validate.Rule {
		rule, err := validate.ParseRule(text, numbers)
		if err != nil {
			t.Fatal(err)
		}
		return []validate.Rule{rule}
	}
	o := options(validate.Create)
	o.Template, o.LearnFrom = "vorlage", record.LearnFrom
	o.DoubtWindow = 500 * time.Millisecond // a resume that looks later than that, and 2 s, can't prove what parts are its own
	if people > 20 {
		o.DoubtWindow = 20 * time.Second
	}
	o.Audio, o.AudioFolder = w.audio, folder
	o.Map = &validate.Mapping{Names: namesThere(), Rename: rule("prefix n-", false)}
	o.Renumber = rule("range 60000-69999 +10000 keep", true)
	at := w.simulator.Total()
	count := func(what string) { requests[what], at = w.simulator.Total()-at, w.simulator.Total() }
	peopleRun := w.killedOften(t, "people", string(text), o, 8, people*12)
	count("users.csv")
	if got := statuses(t, peopleRun); !allAre("created", got) {
		t.Fatalf("%s: %s", got, messages(t, peopleRun))
	}
	o.Operation = validate.Update
	linksRun := w.killedOften(t, "links", string(links), o, 2, people)
	count("links.csv")
	if got := statuses(t, linksRun); !allAre("updated", got) {
		t.Fatalf("%s: %s", got, messages(t, linksRun))
	}
	for name, file := range map[string]string{"same people": string(text), "same links": string(links)} {
		o := o
		if file == string(text) {
			o.Set = export.Emptied()
		}
		_, history := w.run(t.Context(), name, file, o, 4)
		if got := statuses(t, history); !allAre("unchanged", got) {
			t.Errorf("%s: %s", got, messages(t, history))
		}
	}
	count("compare")
	if diff := cmp.Diff(likeness(s, people, false), likeness(w.site, people, true)); diff != "" {
		t.Errorf("the people are not as they were:\n%s", diff)
	}
	all := 0
	for _, what := range []string{"export", "users.csv", "links.csv", "compare"} {
		each := float64(requests[what]) / float64(done.Users)
		t.Logf("%s: %d requests, %.1f a person: 5,000 people take %.1f hours at 1.7 s a request and 4 at a time", what, requests[what], each, each*5000*1.7/4/3600)
		all += requests[what]
	}
	t.Logf("all: %d requests, %.1f a person", all, float64(all)/float64(done.Users))
	for name, of := range map[string]*record.History{"2 back": linksRun} {
		w.rollback(t.Context(), name, of, record.UndoOptions{})
	}
	if summary, undone := w.rollback(t.Context(), "back", peopleRun, record.UndoOptions{}); summary.Exit != record.ExitDone {
		t.Errorf("exit %d: %s", summary.Exit, messages(t, undone))
	}
	if diff := cmp.Diff(before, w.simulator.Snapshot()); diff != "" {
		t.Errorf("the server is not as before:\n%s", diff)
	}
}

// killedOften runs a file to its end, and dies so many times on the way, of about so many changes. Resumes know only
// what the folder has.
func (w *otherWorld) killedOften(t *testing.T, name, text string, o record.Options, times, changes int) *record.History {
	t.Helper()
	recorder := w.recorder(name)
	checked := w.prepare(recorder, text, o)
	for turn := range times + 1 {
		n := max(1, changes/(times+1))
		if turn == times {
			n = 0 // it lives
		}
		died := w.dies(recorder, n, func(ctx context.Context, r batch.Recorder) error {
			if turn == 0 {
				p, err := batch.Preflight(ctx, w.server(3), checked, func(p validate.Problem) { t.Log(p) })
				if err == nil {
					_, err = p.Run(ctx, r)
				}
				return err
			}
			history := w.history(r.Folder)
			in, err := history.SourceInput()
			if err != nil {
				return err
			}
			kept := history.Header.Options
			kept.Audio, kept.DoubtWindow = w.audio, o.DoubtWindow
			_, err = batch.Resume(ctx, w.server(3), history, in, kept, r)
			return err
		})
		if !died && turn < times {
			t.Fatalf("%s: it was not killed the %d. time", name, turn+1)
		}
		recorder = w.recorderIn(recorder.Folder)
	}
	return w.history(recorder.Folder)
}

// People who were read before the export was cut off are written as they are when it goes on: who was renamed meanwhile
// is read again, who is gone is told, and a new person with an alias of before is another one.
func TestAPortableExportGoesOnWithWhoIsThere(t *testing.T) {
	t.Parallel()
	simulator, cut := &cupitest.Server{}, &cutter{}
	simulator.AddUsers(5)
	s := newSite(t, simulator)
	simulator.Fault = cut.fault
	s.audio = new(audio.Store)
	folder := filepath.Join(s.folder, "moving")
	ctx, end := context.WithCancel(t.Context())
	cut.after(85, end)
	if done, err := export.WritePortable(ctx, s.server(1), export.Options{}, folder, s.audio, "test"); err == nil {
		t.Fatalf("it ended: %+v", done)
	}
	read, err := os.ReadFile(filepath.Join(folder, "unfinished.journal"))
	if text := string(read); err != nil || !strings.Contains(text, `"user00001"`) || !strings.Contains(text, `"user00002"`) || strings.Contains(text, `"user00005"`) {
		t.Fatalf("%v: %s", err, read)
	}
	s.run(t.Context(), "gone", "Alias\nuser00001\n", options(validate.Delete), 1)
	s.run(t.Context(), "renamed", "Alias,NewAlias\nuser00002,renamed\n", options(validate.Update), 1)
	if _, err := simulator.AddUser(map[string]string{"Alias": "user00002", "DtmfAccessId": "77001", "FirstName": "Another"}); err != nil {
		t.Fatal(err)
	}
	done, err := export.WritePortable(t.Context(), s.server(1), export.Options{}, folder, s.audio, "test")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, export.PeopleFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var aliases []string
	for _, row := range rows[1:] {
		aliases = append(aliases, row[0])
		if first := row[slices.Index(rows[0], "FirstName")]; (row[0] == "user00002") != (first == "Another") {
			t.Errorf("%s is called %s", row[0], first)
		}
	}
	slices.Sort(aliases)
	if diff := cmp.Diff([]string{"renamed", "user00002", "user00003", "user00004", "user00005"}, aliases); diff != "" || done.Gone != 1 || done.Users != 5 {
		t.Errorf("%s%+v", diff, done)
	}
	if done.Began.IsZero() || done.Ended.Before(done.Began) {
		t.Errorf("from %s to %s", done.Began, done.Ended)
	}
}
