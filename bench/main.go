package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

func main() {
	fast := flag.Bool("quick", false, "smaller files and fewer rounds: about three minutes")
	only := flag.String("only", "", "only the part of this `NAME`: validation, start, sending, gate, journal, "+
		"processor, memory or requests")
	raw := flag.String("read", "", "read this CSV file with encoding/csv alone, and do nothing else")
	post := flag.String("post", "", "send the creates of this job file in a bare loop, and do nothing else")
	engine := flag.String("engine", "", "send the creates of this job file with the engine alone, and do nothing else")
	program := flag.String("spend", "", "run this program with the arguments that follow, print what it cost, and do nothing else")
	flag.Parse()
	var err error
	switch {
	case *raw != "":
		err = readOnly(*raw)
	case *post != "":
		err = postOnly(*post)
	case *engine != "":
		err = engineOnly(*engine)
	case *program != "":
		err = spendHere(*program, flag.Args())
	case *fast:
		err = measure(quick, *only)
	default:
		err = measure(whole, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure builds the program and prints every table, or those of one part.
func measure(size size, only string) error {
	folder, err := os.MkdirTemp("", "cucbulk-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &bench{size: size, folder: folder, program: filepath.Join(folder, "cucbulk")}
	build := exec.Command("go", "build", "-trimpath", "-o", b.program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the program can't be built (type this in its folder): %w\n%s", err, output)
	}
	fmt.Printf("Measured on %s by `make bench`: %d cores, %s, %s/%s. Medians of runs in turns.\n",
		time.Now().Format("2006-01-02"), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, part := range []struct {
		name    string
		measure func() error
	}{{"validation", b.validation}, {"start", b.start}, {"sending", b.sending}, {"gate", b.gate}, {"journal", b.journal},
		{"processor", b.processorTime}, {"memory", b.memory}, {"requests", b.requests}} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.measure(); err != nil {
			return err
		}
	}
	return nil
}
