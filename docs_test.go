package main

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cucbulk/internal/cli"
)

// TestDocumentsNameWhatIsThere holds the documents about the code to it: what they
// set in backticks is a command, a path, or a declaration in a file.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, document := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md"} {
		names := 0
		for _, span := range spans(read(t, document)) {
			names++
			if problem := nameProblem(span); problem != "" {
				t.Errorf("%s: `%s`: %s", document, span, problem)
			}
		}
		if names < 20 {
			t.Errorf("%s: only %d names were looked at", document, names)
		}
	}
}

// TestDocumentedCommandsExist asks the program itself for every command and flag
// that the documents show.
func TestDocumentedCommandsExist(t *testing.T) {
	t.Parallel()
	looked, everyHelp := 0, everyHelp(t.Context())
	for _, document := range documents(t) {
		text := read(t, document)
		for _, line := range commands(text) {
			looked++
			if problem := commandProblem(t.Context(), line); problem != "" {
				t.Errorf("%s: %s: %s", document, line, problem)
			}
		}
		for _, flag := range flagPattern.FindAllString(text, -1) {
			if !hasFlag(everyHelp, flag) {
				t.Errorf("%s: no command has the flag %s", document, flag)
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d commands were looked at", looked)
	}
}

// documents are the pages for people who use the program or work on it.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(pages, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "samples/README.md", "samples/schedules/README.md")
}

// TestDocumentedTestsExist holds the documents to the tests that they name as proof.
func TestDocumentedTestsExist(t *testing.T) {
	t.Parallel()
	tests := declaredTests(t)
	var names []string
	for _, document := range documents(t) {
		names = append(names, testPattern.FindAllString(read(t, document), -1)...)
	}
	for _, name := range names {
		function, script, _ := strings.Cut(name, "/")
		if !tests[function] {
			t.Errorf("the documents name %s, and there is no such test", function)
		}
		if function == "TestScripts" && script != "" {
			if _, err := os.Stat("internal/cli/testdata/script/" + script + ".txtar"); err != nil {
				t.Errorf("the documents name %s: %v", name, err)
			}
		}
	}
	if len(names) < 60 {
		t.Errorf("only %d tests are named", len(names))
	}
}

// declaredTests are the names of all test functions.
func declaredTests(t *testing.T) map[string]bool {
	t.Helper()
	tests := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, match := range testFunction.FindAllStringSubmatch(read(t, path), -1) {
			tests[match[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

func TestDocumentRulesCatchWhatTheyShould(t *testing.T) {
	t.Parallel()
	for _, span := range []string{"batch/gone.go", "batch/run.go:Gone", "batch/run.go:Preparation.Gone", "Preparation", "make gone", "README.md:Name"} {
		if nameProblem(span) == "" {
			t.Errorf("`%s` passes", span)
		}
	}
	for _, line := range []string{"cucbulk runn users.csv", "cucbulk report RUN --force", "cucbulk run users.csv --max"} {
		if commandProblem(t.Context(), line) == "" {
			t.Errorf("%s passes", line)
		}
	}
	got := commands("Type `cucbulk\nreport RUN`:\n\n    A=b cucbulk run x \\\n      --json\n\n```text\ncucbulk: no command\n  cucbulk new y\n```\n")
	if want := "[cucbulk report RUN cucbulk run x --json cucbulk new y]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func read(t *testing.T, document string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	fencePattern    = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	spanPattern     = regexp.MustCompile("`([^`]+)`")
	commandPattern  = regexp.MustCompile(`(?m)^ *(?:[A-Z]+=\S+ )*(cucbulk [a-z].*)$`)
	continuedLine   = regexp.MustCompile(`\\\n *`)
	flagPattern     = regexp.MustCompile(`--[a-z][a-z0-9-]*`)
	testPattern     = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*(?:/[a-z-]+)?`)
	testFunction    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	makefileTargets = regexp.MustCompile(`(?m)^([a-z-]+):`)
)

// spans gives what a document sets in backticks in its running text.
func spans(text string) []string {
	var list []string
	for _, match := range spanPattern.FindAllStringSubmatch(fencePattern.ReplaceAllString(text, ""), -1) {
		list = append(list, strings.Join(strings.Fields(match[1]), " "))
	}
	return list
}

// commands gives the calls of cucbulk that a document shows, in backticks and on
// lines of their own.
func commands(text string) []string {
	var list []string
	for _, span := range spans(text) {
		if strings.HasPrefix(span, "cucbulk ") {
			list = append(list, span)
		}
	}
	for _, match := range commandPattern.FindAllStringSubmatch(continuedLine.ReplaceAllString(text, ""), -1) {
		list = append(list, match[1])
	}
	return list
}

// nameProblem says what is wrong with a name in backticks, "" if nothing is.
func nameProblem(span string) string {
	first, rest, isCommand := strings.Cut(span, " ")
	switch {
	case first == "make":
		makefile, _ := os.ReadFile("Makefile")
		for _, target := range makefileTargets.FindAllSubmatch(makefile, -1) {
			if strings.HasPrefix(rest+" ", string(target[1])+" ") {
				return ""
			}
		}
		return "the Makefile has no such target"
	case isCommand || strings.HasPrefix(span, "--"):
		return ""
	}
	file, name, named := strings.Cut(span, ":")
	if _, err := os.Stat(file); err != nil {
		return "it is neither a command nor a file: " + err.Error()
	}
	if named && !declares(file, name) {
		return "the file does not declare it"
	}
	return ""
}

// declares reports whether a Go file declares a name: "Check", or "Writer.Close"
// for a method.
func declares(path, name string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	found := false
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			found = found || receiver(d)+d.Name.Name == name
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					found = found || s.Name.Name == name
				case *ast.ValueSpec:
					for _, declared := range s.Names {
						found = found || declared.Name == name
					}
				}
			}
		}
	}
	return found
}

// receiver gives "Writer." for a method of Writer or *Writer, "" for a function.
func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	kind := function.Recv.List[0].Type
	if pointer, is := kind.(*ast.StarExpr); is {
		kind = pointer.X
	}
	return fmt.Sprint(kind, ".")
}

// commandProblem says what is wrong with a call of cucbulk, "" if nothing is.
func commandProblem(ctx context.Context, line string) string {
	name := strings.Fields(line)[1]
	help := helpOf(ctx, name)
	if !strings.Contains(help, "\n  cucbulk "+name+" ") && !strings.Contains(help, "\n  cucbulk "+name+"\n") {
		return "there is no such command"
	}
	for _, flag := range flagPattern.FindAllString(line, -1) {
		if !hasFlag(help, flag) {
			return "the command has no flag " + flag
		}
	}
	return ""
}

func hasFlag(help, flag string) bool {
	return regexp.MustCompile(`(?m)^ +(?:-[a-z], )?` + flag + `(?: |$)`).MatchString(help)
}

// helpOf is the usage and the flags that the program prints of one of its commands.
func helpOf(ctx context.Context, name string) string {
	_, help, _ := strings.Cut(printed(ctx, name, "--help"), "\nUsage:")
	usage, _, _ := strings.Cut(help, "\nExamples:")
	_, flags, _ := strings.Cut(help, "\nFlags:")
	return usage + flags
}

// everyHelp is the help of all commands.
func everyHelp(ctx context.Context) string {
	var all strings.Builder
	for _, name := range commandNames(ctx) {
		all.WriteString(helpOf(ctx, name))
	}
	return all.String()
}

// commandNames are the commands that the program lists.
func commandNames(ctx context.Context) []string {
	_, list, _ := strings.Cut(printed(ctx, "--help"), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	var names []string
	for line := range strings.Lines(list) {
		names = append(names, strings.Fields(line)[0])
	}
	return names
}

// printed is what the program prints.
func printed(ctx context.Context, arguments ...string) string {
	var out bytes.Buffer
	cli.Main(ctx, cli.Environment{Args: arguments, Streams: cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out},
		Getenv: func(string) string { return "" }})
	return out.String()
}
