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

// bench is one run of the measurements.
type bench struct {
	size
	folder  string // for files that are gone afterwards
	program string // cucbulk, just built
}

// size is how much is measured.
type size struct {
	rounds      int   // of what takes long; short things have more
	validated   []int // rows of files that are validated
	ran         []int // rows of files that are run, for memory
	sent        int   // creates at 20 ms
	sentSlowly  int   // creates at 200 ms
	journaled   int   // requests at 20 ms, for each kind of disk
	processor   [2]int
	interpreted int   // requests of clients that take a while
	exported    []int // people that are moved from one server to another
	nightlyRows int   // rows of a nightly file
}

var (
	whole = size{rounds: 3, validated: []int{10_000, 100_000, 1_000_000}, ran: []int{1_000, 10_000, 100_000}, sent: 5_000,
		sentSlowly: 1_000, journaled: 2_000, processor: [2]int{2_000, 20_000}, interpreted: 1_000, exported: []int{60, 500},
		nightlyRows: 5_000}
	quick = size{rounds: 3, validated: []int{10_000, 100_000}, ran: []int{1_000, 10_000}, sent: 1_000, sentSlowly: 100,
		journaled: 500, processor: [2]int{1_000, 6_000}, interpreted: 200, exported: []int{60}, nightlyRows: 1_000}
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

// table begins a table of the report.
func table(title string, headings ...string) {
	fmt.Printf("\n%s\n\n", title)
	row(headings...)
	rule := make([]string, len(headings))
	for i := range rule {
		rule[i] = "---"
	}
	row(rule...)
}

func row(cells ...string) {
	for _, cell := range cells {
		fmt.Printf("| %s ", cell)
	}
	fmt.Println("|")
}
