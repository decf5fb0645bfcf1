package cli

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/cupi/cupitest"
)

// TestSimulatorSavesWhileItServes looks at the state file as somebody would find it whose
// simulator was killed: what changed is there a second later, and the file is not written
// more often.
func TestSimulatorSavesWhileItServes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "states")
		o := simulateOptions{state: filepath.Join(folder, "state.json")}
		simulator := &cupitest.Server{}
		var failures []error
		end := o.keep(simulator, func(err error) { failures = append(failures, err) })
		create := func(alias string) {
			t.Helper()
			request := httptest.NewRequest("POST", "/vmrest/users?templateAlias=voicemailusertemplate", strings.NewReader(`{"Alias":"`+alias+`","DtmfAccessId":"7`+alias[1:]+`"}`))
			request.SetBasicAuth("admin", "secret")
			request.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			if simulator.ServeHTTP(answer, request); answer.Code != http.StatusCreated {
				t.Fatalf("got %d: %s", answer.Code, answer.Body)
			}
		}
		saved := func(alias string) bool {
			t.Helper()
			found := &cupitest.Server{}
			if _, err := o.load(t.Context(), found); err != nil {
				t.Fatal(err)
			}
			return found.UserByAlias(alias) != nil
		}
		pass := func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		}

		create("a001") // there is no folder yet
		pass(saveEvery)
		create("a002")
		pass(saveEvery)
		if len(failures) != 1 || !errors.Is(failures[0], fs.ErrNotExist) {
			t.Errorf("got %v, want one failure, told once", failures)
		}
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, ".state.json.new"), []byte("of one that was killed"), 0o600); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		if saved("a001") {
			t.Error("saved without a change")
		}
		create("a003")
		pass(saveEvery - 1)
		create("a004")
		if saved("a003") {
			t.Error("saved before a second had passed")
		}
		pass(1)
		if !saved("a001") || !saved("a003") || !saved("a004") {
			t.Error("not saved after a second")
		}
		create("a005")
		pass(saveEvery - 1)
		if saved("a005") {
			t.Error("saved twice in a second")
		}
		pass(1)
		if !saved("a005") {
			t.Error("the next change was not saved")
		}
		end()
		if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
			t.Errorf("left %v, %v; want the state file alone", left, err)
		}
	})
}
