package main

import "fmt"

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
