package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var linkPattern = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"`)

// localLinks gives what a Markdown text links to or shows, of this repository: a path,
// a part of a page, or both.
func localLinks(text string) []string {
	var links []string
	for _, match := range linkPattern.FindAllStringSubmatch(text, -1) {
		if link := match[1] + match[2]; !strings.Contains(link, ":") {
			links = append(links, link)
		}
	}
	return links
}

var (
	headingPattern = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInAnchors   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// hasPart reports whether a page has a heading to which a link leads.
func hasPart(page, part string) bool {
	for _, heading := range headingPattern.FindAllStringSubmatch(plainLines(page), -1) {
		if strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-") == part {
			return true
		}
	}
	return false
}

// TestLinksLeadSomewhere looks after every link and picture of the documents.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	links := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		for _, link := range localLinks(read(t, name)) {
			links++
			path, part, _ := strings.Cut(link, "#")
			there := name
			if path != "" {
				there = filepath.Join(filepath.Dir(name), filepath.FromSlash(path))
			}
			if _, err := os.Stat(there); err != nil {
				t.Errorf("%s: %v", name, err)
			} else if part != "" && !hasPart(read(t, there), part) {
				t.Errorf("%s: %s has no heading %q", name, there, part)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if links < 40 {
		t.Errorf("only %d links were looked at", links)
	}
}

// TestTheReadmeLeadsEverywhere looks after every page of docs: README links to it.
func TestTheReadmeLeadsEverywhere(t *testing.T) {
	t.Parallel()
	links := localLinks(read(t, "README.md"))
	for _, page := range documents(t) {
		if page := filepath.ToSlash(page); page != "README.md" && page != "samples/schedules/README.md" && !slices.Contains(links, page) {
			t.Errorf("README.md does not link to %s", page)
		}
	}
}

func TestLocalLinks(t *testing.T) {
	t.Parallel()
	text := "[a](docs/a.md#part) ![b](b.svg) <img src=\"c.png\"> [web](https://example.com/x) [here](#there)"
	if got, want := strings.Join(localLinks(text), " "), "docs/a.md#part b.svg c.png #there"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if page := "# A page\n\n## What happens if…\n"; !hasPart(page, "what-happens-if") || hasPart(page, "what-happens") {
		t.Error("the heading of a link is not told from others")
	}
}
