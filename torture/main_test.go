package torture

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

var (
	kills      = flag.Int("kills", 6, "how many times the program is killed")
	seeds      = flag.Int("seeds", 1, "how many seeds each cell of the fault matrix gets")
	races      = flag.Int("races", 20, "how many creates a second administrator races")
	nights     = flag.Int("nights", 8, "how many nights the tempest has")
	firstNight = flag.Uint64("first-night", 0, "the seed of the first of them")
	letters    = flag.Int("letters", 60, "how many people get PINs by letter")
	stride     = flag.Int("stride", 113, "the run dies at every so many-th step")
)

func TestMain(m *testing.M) {
	if os.Getenv(controlVariable) != "" {
		os.Exit(beTheProgram())
	}
	folder, err := os.MkdirTemp("", "torture-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	buildFolder = folder
	exit := m.Run()
	if err := errors.Join(goleak.Find(), os.RemoveAll(folder)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		exit = max(exit, 1)
	}
	os.Exit(exit)
}

// buildFolder is where the program is built; TestMain sets it before the tests.
var buildFolder string

// theProgram builds the real program, once, and gives its path.
var theProgram = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildFolder, "cucbulk")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	output, err := exec.Command("go", "build", "-race=false", "-o", path, "cucbulk").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("the program can't be built: %w\n%s", err, output)
	}
	return path, err
})

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
