package cli

import (
	"strings"
	"testing"
)

// A mistake in the program is told without the values that it met, with an exit code that
// is no success and no wrong command line.
func TestAPanicIsToldWithoutItsValues(t *testing.T) {
	t.Parallel()
	p := newProcess("run", fileWith(t, "Alias\nx\n"), "--operation", "update", "--server", "https://cuc1.example.com", "--user", "admin")
	p.environment.Getenv = func(name string) string {
		if name == "CUCBULK_PASSWORD" {
			panic("739164")
		}
		return ""
	}
	p.run(t, 1)
	shows(t, p.stderr, "cucbulk: this is a mistake in the program (string at cli.TestAPanicIsToldWithoutItsValues")
	shows(t, p.stderr, "cucbulk resume")
	if strings.Contains(p.stderr.String(), "739164") {
		t.Errorf("got %s", p.stderr)
	}
	if told := whileTellingPanics(); !strings.Contains(told, "whileTellingPanics") || strings.Contains(told, "739164") {
		t.Errorf("got %s", told)
	}
}

func whileTellingPanics() (told string) {
	defer func() { told = recover().(error).Error() }()
	whileTelling(longWriting, func() {}, func() { panic("739164") })
	return ""
}
