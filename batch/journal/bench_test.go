package journal

import (
	"fmt"
	"sync"
	"testing"
)

// intent is about what the engine records before it sends a request.
var intent = map[string]any{
	"row": 17, "step": "user", "attempt": 1, "method": "POST", "path": "/vmrest/users", "alias": "jdoe",
	"fields": map[string]string{"Alias": "jdoe", "DtmfAccessId": "4711", "FirstName": "Jane", "LastName": "Doe", "DisplayName": "Jane Doe"},
}

// BenchmarkAppend is what a record costs when so many goroutines wait for the disk
// at once and share its syncs.
func BenchmarkAppend(b *testing.B) {
	for _, goroutines := range []int{1, 5, 16} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			w := create(b, newPath(b), Options{})
			turns := make(chan struct{})
			var group sync.WaitGroup
			for range goroutines {
				group.Go(func() {
					for range turns {
						if err := w.Append("intent", intent); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for b.Loop() {
				turns <- struct{}{}
			}
			close(turns)
			group.Wait()
			must(b, w.Close())
		})
	}
}

// BenchmarkPost is what a record costs that nobody waits for.
func BenchmarkPost(b *testing.B) {
	w := create(b, newPath(b), Options{})
	for b.Loop() {
		must(b, w.Post("intent", intent))
	}
	must(b, w.Close())
}
