package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTheCalculatorCalculates holds the table of docs/scale.md to the formula and
// the figures that stand above it.
func TestTheCalculatorCalculates(t *testing.T) {
	t.Parallel()
	const service, atOnce = 1.7, 4
	text := read(t, "docs/scale.md")
	for _, figure := range []string{
		"At 1.7 s a request and 4 requests at a time",
		fmt.Sprintf("takes %.2f requests a second, or %.0f a minute", atOnce/service, 60*atOnce/service),
		fmt.Sprintf("With 5 it would take %.2f", 5/service),
		fmt.Sprintf("largest cluster takes %.2f requests", 5/service),
		fmt.Sprintf("some %.0f hours", math.Round(1e6*service/atOnce/3600/10)*10),
	} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), figure) {
			t.Errorf("docs/scale.md does not say %q", figure)
		}
	}
	lines := regexp.MustCompile(`(?m)^\| [0-9,]+ \|.*$`).FindAllString(text, -1)
	if len(lines) < 5 {
		t.Fatalf("got %d lines of the table, want the whole of it", len(lines))
	}
	for _, line := range lines {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		users, err := strconv.Atoi(strings.ReplaceAll(cells[0], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		for i, requests := range []int{1, 2, 3, 4, 6, 8} {
			if want := inWords(float64(users*requests) * service / atOnce); cells[i+1] != want {
				t.Errorf("%d users, %d requests a row: got %s, want %s", users, requests, cells[i+1], want)
			}
		}
	}
}

// inWords writes a long time as people say it.
func inWords(seconds float64) string {
	minutes := int(math.RoundToEven(seconds / 60))
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 48*60:
		return fmt.Sprintf("%d h %02d", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%.1f days", float64(minutes)/60/24)
}
