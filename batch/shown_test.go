package batch_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"cucbulk/cupi/cupitest"
)

// place fills the ids into a text of a case.
func (s *site) place(text, alias string) string {
	s.t.Helper()
	user := s.simulator.UserByAlias(alias)
	path := strings.NewReplacer("USER", user["ObjectId"], "HANDLER", user["CallHandlerObjectId"]).Replace(text)
	if before, _, has := strings.Cut(path, "/LIST"); has {
		for _, list := range s.read(before) {
			path = strings.Replace(path, "LIST", list["ObjectId"], 1)
		}
	}
	return path
}

// shown reports whether one object at the path has all of the fields.
func (s *site) shown(path, fields string) bool {
	s.t.Helper()
	return slices.ContainsFunc(s.read(path), func(object map[string]string) bool {
		for pair := range fieldsOf(fields) {
			if field, value := cutField(pair); object[field] != value {
				return false
			}
		}
		return true
	})
}

// read gives the objects at the path, decoded apart from the program's own codec. There are
// none of a list that is not there yet.
func (s *site) read(path string) []map[string]string {
	s.t.Helper()
	if strings.Contains(path, "LIST") {
		return nil
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(s.ask(http.MethodGet, path+"?rowsPerPage=1000&pageNumber=1", ""), &answer); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	if answer["@total"] == nil {
		return []map[string]string{object(s.t, answer)}
	}
	delete(answer, "@total")
	var objects []map[string]string
	for _, elements := range answer {
		var many []map[string]json.RawMessage
		if json.Unmarshal(elements, &many) != nil {
			many = make([]map[string]json.RawMessage, 1)
			if err := json.Unmarshal(elements, &many[0]); err != nil {
				s.t.Fatalf("%s: %v", path, err)
			}
		}
		for _, one := range many {
			objects = append(objects, object(s.t, one))
		}
	}
	return objects
}

func object(t *testing.T, fields map[string]json.RawMessage) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for name, value := range fields {
		var text any
		if err := json.Unmarshal(value, &text); err != nil {
			t.Fatal(err)
		}
		texts[name] = fmt.Sprint(text)
	}
	return texts
}

// ask sends one request apart from the program's own client, and gives the answer's body.
func (s *site) ask(method, path, body string) []byte {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/vmrest/"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.SetBasicAuth("admin", "secret")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, text, err)
	}
	return text
}

// changes keeps what requests set that passed the simulator's rules.
type changes struct {
	mutex sync.Mutex
	all   []cupitest.Change
}

func (s *site) recordChanges() *changes {
	kept, check := &changes{}, s.simulator.OnChange
	s.simulator.OnChange = func(c cupitest.Change) error {
		kept.mutex.Lock()
		kept.all = append(kept.all, c)
		kept.mutex.Unlock()
		return check(c)
	}
	return kept
}

// has reports whether a request to the path, or to what is below it, set the field.
func (c *changes) has(path, pair string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	field, value := cutField(pair)
	return slices.ContainsFunc(c.all, func(one cupitest.Change) bool {
		return strings.HasPrefix(one.Path+"/", "/vmrest/"+path+"/") && one.Fields[field] == value
	})
}
