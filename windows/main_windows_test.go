package windows

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var (
	program = flag.String("program", "", "the program for Windows; if it isn't given, it is built")
	within  = flag.String("folder", "", "work in this folder, and leave it behind")
	small   = flag.String("small", "", "a folder on a disk of a few MiB; without it the full disk is skipped")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withProgram(m))
}

// withProgram runs the tests with the program that was named, or builds one.
func withProgram(m *testing.M) int {
	if *program == "" {
		folder, err := os.MkdirTemp("", "cucbulk-windows-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(folder)
		*program = filepath.Join(folder, "cucbulk.exe")
		if printed, err := exec.Command("go", "build", "-o", *program, "cucbulk").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, printed)
			return 1
		}
	}
	return m.Run()
}
