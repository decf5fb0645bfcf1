package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"cucbulk/internal/cli"
)

// docs/codes.md holds what the command prints.
func TestDocsListTheCodes(t *testing.T) {
	t.Parallel()
	written(t, "docs/codes.md", codesPage(t))
}

// codesPage is the page, of what scripts are told.
func codesPage(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	exit := cli.Main(t.Context(), cli.Environment{
		Args:    []string{"codes", "--format", "json"},
		Streams: cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out},
		Getenv:  func(string) string { return "" },
	})
	if exit != 0 {
		t.Fatalf("exit %d: %s", exit, &out)
	}
	var list []struct {
		Code, Means, Advice, About string
		Statuses                   []string
	}
	if err := json.Unmarshal(out.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(`# The codes

This page is written from the table in package ` + "`internal/codes`" + `; ` + "`cucbulk codes`" + ` prints the same, and
` + "`cucbulk codes CODE`" + ` explains one. A code stands in brackets after a problem, in the column Code
of results.csv, and in the warnings of a dry run. Its spelling stays the same from release to
release. A code in capitals, such as INVALID_PARAMETER, is the server's own: it is told as it
was sent, and the message beside it has the server's words.

Status is what a row with the code ends as. A row of which other steps are done before one
fails is partial. A warning stops nothing; "exit" and a number end a whole run.
`)
	about := ""
	for _, entry := range list {
		if entry.About != about {
			about = entry.About
			page.WriteString("\n## Of " + about + "\n\n| Code | Status | What happened | What to do |\n|---|---|---|---|\n")
		}
		cells := []string{"`" + entry.Code + "`", strings.Join(entry.Statuses, ", "), entry.Means, entry.Advice}
		page.WriteString("| " + strings.ReplaceAll(strings.Join(cells, " | "), "<", "&lt;") + " |\n")
	}
	return page.String()
}
