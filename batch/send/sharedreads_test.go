package send

import (
	"errors"
	"testing"
	"testing/synctest"

	"cucbulk/internal/crash"
)

// Several workers need one thing: one of them reads it, and no lock is held meanwhile. After
// a failure, also after a mistake in the program, the next one tries.
func TestOneReadsForAll(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func() (int, error){
		"at once":         func() (int, error) { return 42, nil },
		"after a failure": func() (int, error) { return 0, errors.New("lost") },
		"after a mistake": func() (int, error) { panic("a mistake") },
	} {
		synctest.Test(t, func(t *testing.T) {
			var f SharedReads[string, int]
			reading, goOn, reads := make(chan struct{}), make(chan struct{}), 0
			go func() {
				_ = crash.Caught(func() {
					_, _ = f.Get(t.Context(), "a", func() (int, error) {
						reads++
						close(reading)
						<-goOn
						return first()
					})
				})
			}()
			<-reading
			for range 3 {
				go func() {
					got, err := f.Get(t.Context(), "a", func() (int, error) { reads++; return 42, nil })
					if got != 42 || err != nil {
						t.Errorf("%s: got %d and %v", name, got, err)
					}
				}()
			}
			synctest.Wait()
			if got, err := f.Get(t.Context(), "b", func() (int, error) { return 7, nil }); got != 7 || err != nil {
				t.Errorf("%s: whoever needs another thing got %d and %v", name, got, err)
			}
			if reads != 1 {
				t.Errorf("%s: %d read what one of them reads", name, reads)
			}
			close(goOn)
			synctest.Wait()
			want := 2
			if name == "at once" {
				want = 1
			}
			if reads != want {
				t.Errorf("%s: %d reads in all, want %d", name, reads, want)
			}
		})
	}
}
