package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var linkPattern = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"`)

// localLinks gives the paths that a Markdown text links to or shows, of this
// repository.
func localLinks(text string) []string {
	var paths []string
	for _, match := range linkPattern.FindAllStringSubmatch(text, -1) {
		path, _, _ := strings.Cut(match[1]+match[2], "#")
		if path != "" && !strings.Contains(path, ":") {
			paths = append(paths, path)
		}
	}
	return paths
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
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(link))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if links < 3 {
		t.Errorf("only %d links were looked at", links)
	}
}

func TestLocalLinks(t *testing.T) {
	t.Parallel()
	text := "[a](docs/a.md#part) ![b](b.svg) <img src=\"c.png\"> [web](https://example.com/x) [here](#there)"
	if got, want := strings.Join(localLinks(text), " "), "docs/a.md b.svg c.png"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
