// Package shell writes the commands that people type next. Whatever a file is called,
// what is printed can be pasted into a shell: bash and its like, on Windows PowerShell and
// cmd.
package shell

import (
	"path/filepath"
	"slices"
	"strings"
)

// Command is a command line of cucbulk that is being written. Each method gives a longer
// one, and leaves the one that it has as it is.
type Command struct {
	before string
	words  []string // as they are typed
}

// New begins a command, such as resume.
func New(name string) Command { return Command{words: []string{"cucbulk", name}} }

// File adds the path of a file or a folder, which is never taken for a flag.
func (c Command) File(path string) Command {
	if strings.HasPrefix(path, "-") && path != "-" {
		path = "." + string(filepath.Separator) + path
	}
	return c.Word(path)
}

// Word adds an argument that is no path.
func (c Command) Word(text string) Command { return c.plus(Word(text)) }

// Flag adds a flag with its value.
func (c Command) Flag(name, value string) Command { return c.plus("--"+name, Word(value)) }

// Switch adds a flag that has no value.
func (c Command) Switch(name string) Command { return c.plus("--" + name) }

// Behind makes the command read what another one writes.
func (c Command) Behind(other string) Command {
	c.before = other + " | "
	return c
}

func (c Command) plus(words ...string) Command {
	c.words = slices.Concat(c.words, words)
	return c
}

// String is the command line.
func (c Command) String() string { return c.before + strings.Join(c.words, " ") }
