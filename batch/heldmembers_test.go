package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Who is in a list that is deleted is read once, with the members of all lists, while that is young; then again before the
// list goes, so that whoever got in meanwhile comes back with it.
func TestTheMembersOfADeletedListAreReadOnce(t *testing.T) {
	t.Parallel()
	for takes, again := range map[time.Duration]bool{0: false, 50 * time.Second: true} {
		t.Run(fmt.Sprint(takes), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				const lists = 6
				var reads [lists]atomic.Int64
				ids := [lists]string{}
				simulator := &cupitest.Server{}
				front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					for i, id := range ids {
						if r.Method == http.MethodGet && id != "" && r.URL.Path == cupi.MembersOf(id).Path {
							reads[i].Add(1)
						}
					}
					simulator.ServeHTTP(w, r)
				})
				server, end := inBubbleBehind(t, front, newMemoryNet(), simulator, 1)
				defer end()
				file := "Alias\n"
				for i := range ids {
					alias := fmt.Sprint("list", i)
					made, err := server.Client.Do(t.Context(), cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": alias}))
					if err != nil {
						t.Fatal(err)
					}
					ids[i], file = made.ObjectID, file+alias+"\n"
				}
				p := preflightFile(t, server, folder, file, listOptions(validate.Delete))
				simulator.Latency = takes
				summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"})
				if err != nil || summary.Counts["deleted"] != lists {
					t.Fatal(err, summary)
				}
				var got []string
				for i := range reads {
					got = append(got, fmt.Sprint(reads[i].Load()))
				}
				if first, last := got[0], got[lists-1]; first != "1" || last != map[bool]string{true: "2", false: "1"}[again] {
					t.Errorf("the members of the lists were read so many times: %s", strings.Join(got, ", "))
				}
			})
		})
	}
}
