package batch_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/export"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// moving is a server of people with everything: of each group of columns, recordings, and what leads
// from one to another.
func moving(t *testing.T, people int) (*site, *cutter) {
	t.Helper()
	simulator, cut := &cupitest.Server{}, &cutter{}
	simulator.AddUsers(3)
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
	if got := statuses(t, history); strings.Trim(got, "creatd, ") != "" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	links := [][]string{{"Alias", "Key_3", "Greeting_Standard_AfterGreeting", "PrivateList1_Members"}}
	for i := range people {
		alias := func(i int) string { return fmt.Sprintf("whole%04d", 1+i%people) }
		links = append(links, []string{alias(i), "user:" + alias(i+1), "greeting:" + alias(i+2), alias(i+1) + ";" + alias(i+2)})
	}
	if _, history := s.run(t.Context(), "links", csvText(links), options(validate.Update), 4); strings.Trim(statuses(t, history), "updated, ") != "" {
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

// likeness is all that the server holds of those people, but for ids, addresses and times of its own.
func likeness(s *site, people int) map[string]map[string]map[string]string {
	parts := partsOf(s.simulator.Snapshot())
	alike := map[string]map[string]map[string]string{}
	for i := range people {
		alias := fmt.Sprintf("whole%04d", i+1)
		alike[alias] = map[string]map[string]string{}
		for part, fields := range parts[alias] {
			kept := map[string]string{}
			for name, value := range fields {
				if name == "Alias" && part != "user " { // the server's own, of a private list
					continue
				}
				if !strings.HasSuffix(name, "ObjectId") && !strings.HasSuffix(name, "URI") && !strings.Contains(name, "Time") {
					kept[name] = value
				}
			}
			alike[alias][part] = kept
		}
	}
	return alike
}

// A portable export that was cut off again and again is whole in the end: what it holds makes the
// people again on another server, and there nothing is left to change.
func TestAPortableExportMakesPeopleAgain(t *testing.T) {
	t.Parallel()
	const people = 4
	s, cut := moving(t, people)
	folder := filepath.Join(s.folder, "moving")
	var done export.Portable
	var err error
	for starts := 0; starts == 0 || err != nil; starts++ {
		ctx, end := context.WithCancel(t.Context())
		if starts < 5 {
			cut.after(60, end)
		}
		done, err = export.WritePortable(ctx, s.server(2), export.Options{}, folder, s.audio, "test")
		if err != nil && ctx.Err() == nil || err == nil && starts < 5 {
			t.Fatalf("start %d: %+v, %v", starts, done, err)
		}
		end()
	}
	if done.Users != people+3 || done.Left != 0 || len(done.Own) != 2 || !done.Linked {
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
	other := &cupitest.Server{Seed: 7}
	target := newSite(t, other)
	target.audio = new(audio.Store)
	o := options(validate.Create)
	o.Audio, o.AudioFolder = target.audio, folder
	_, history := target.run(t.Context(), "people", string(text), o, 4)
	if got := statuses(t, history); strings.Trim(got, "creatd, ") != "" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	links, err := os.ReadFile(filepath.Join(folder, export.LinksFile))
	if err != nil {
		t.Fatal(err)
	}
	o.Operation = validate.Update
	_, history = target.run(t.Context(), "links", string(links), o, 4)
	if got := statuses(t, history); got != strings.TrimSuffix(strings.Repeat("updated, ", people), ", ") {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	for i, file := range []string{string(text), string(links)} {
		_, history = target.run(t.Context(), fmt.Sprint("again", i), file, o, 4)
		if got := statuses(t, history); strings.Trim(got, "unchaged, ") != "" {
			t.Errorf("%s: %s", got, messages(t, history))
		}
	}
	if diff := cmp.Diff(likeness(s, people), likeness(target, people)); diff != "" {
		t.Errorf("the people are not as they were:\n%s", diff)
	}
	var manifest export.Manifest
	read, err := os.ReadFile(filepath.Join(folder, export.ManifestFile))
	if err == nil {
		err = json.Unmarshal(read, &manifest)
	}
	if err != nil || !slices.ContainsFunc(manifest.Files, func(f export.ManifestFact) bool { return f.Name == export.LinksFile }) {
		t.Errorf("%v: %s", err, read)
	}
}
