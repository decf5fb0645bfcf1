package crash

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

type pin string

func TestAPanicTellsNoValue(t *testing.T) {
	t.Parallel()
	var none map[string]int
	for name, work := range map[string]func(){
		"a text":        func() { panic("739164") },
		"an error":      func() { panic(errors.New("739164")) },
		"its own type":  func() { panic(pin("739164")) },
		"one of Go's":   func() { none["739164"]++ },
		"a number":      func() { _ = "739164"[len(strconv.Itoa(739164)):][739164-1:] },
		"panic on exit": func() { defer func() { panic("739164") }(); panic("739164") },
	} {
		err := Caught(work)
		var crash *Error
		if !errors.As(err, &crash) || len(crash.Calls) == 0 || !strings.Contains(err.Error(), "crash_test.go") || strings.Contains(err.Error(), "73916") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := Caught(func() {}); err != nil {
		t.Errorf("nothing happened: got %v", err)
	}
}
