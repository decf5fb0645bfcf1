package batch_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi/cupitest"
)

func TestDeletedUsersAreMadeAgainFromATemplateOfTheRun(t *testing.T) {
	t.Parallel()
	const headings = "Operation,Alias,DtmfAccessId,TemplateAlias\n"
	for _, test := range []struct {
		name, template, file, asked string
		want                        string // the template of the user that is made again
		lacks                       string
	}{
		{"the run's", "executivetemplate", headings + "create,fresh,4711,voicemailusertemplate\ndelete,user00001,,\n", "", "executivetemplate", ""},
		{"the only one of its rows", "", headings + "create,fresh,4711,executivetemplate\ndelete,user00001,,\n", "", "executivetemplate", ""},
		{"the one that is asked for", "", headings + "create,fresh,4711,executivetemplate\ndelete,user00001,,\n", "voicemailusertemplate", "voicemailusertemplate", ""},
		{"none", "", headings + "delete,user00001,,\n", "", "", "(user00001) are made again from a template, and the run names none"},
		{"one of several", "", headings + "create,fresh,4711,executivetemplate\ncreate,fresher,4712,voicemailusertemplate\ndelete,user00001,,\n", "", "",
			"used several (executivetemplate, voicemailusertemplate)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			options := options("")
			options.Template = test.template
			_, history := s.run(t.Context(), "run", test.file, options, 1)
			undo, err := record.PlanUndo(history, record.UndoOptions{Template: test.asked})
			if err != nil {
				t.Fatal(err)
			}
			changes := s.guard.Changes()
			var sent atomic.Value
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.Method == "POST" && r.URL.Path == "/vmrest/users" {
					sent.Store(r.URL.Query().Get("templateAlias"))
				}
				return cupitest.NoFault
			}
			_, err = rollback.Run(t.Context(), undo, s.server(1), s.recorder("undo"), nil)
			if test.lacks != "" {
				var stop *record.Stop
				if !errors.As(err, &stop) || stop.Exit != record.ExitUsage || !strings.Contains(stop.Reason, test.lacks) {
					t.Errorf("error %v, want one that says %q", err, test.lacks)
				}
				if got := s.guard.Changes(); got != changes {
					t.Errorf("%d changes without a template", got-changes)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := sent.Load(); got != test.want {
				t.Errorf("made again from the template %v, want %s", got, test.want)
			}
		})
	}
}
