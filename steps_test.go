package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/cupi/cupitest"
)

// elsewhere are functions that the ten steps name, and that the row which they follow does
// not need in their place: each with why.
var elsewhere = map[string]string{
	"batch/plan/alternates.go:takenExtensions.learnFreed": "no row takes an extension that another may free",
	"batch/input/reader.go:Reader.Next":                   "the file is not broken",
	"batch/plan/ldapusers.go:FindLDAPUsers":               "nobody is imported",
	"batch/plan/target.go:Plan.Binding":                   "no other row makes the row's user",
	"batch/send/retry.go:retryRules":                      "the table is made once, before",
	"internal/cli/options.go:options":                     "the table is made once, before",
}

// TestTheTenStepsAreInOrder runs the row that ARCHITECTURE.md follows with a program that
// tells of each call of a function which the ten steps name. A step begins with the first
// call of the function that it names first, and calls the others before the next step begins.
func TestTheTenStepsAreInOrder(t *testing.T) {
	t.Parallel()
	steps := namedInSteps(t)
	if len(steps) != 10 {
		t.Fatalf("%d steps, want ten", len(steps))
	}
	calls := tracedCalls(t, slices.Concat(steps...))
	began := make([]int, len(steps)+1)
	for i, names := range steps {
		if began[i] = slices.Index(calls, names[0]); began[i] < 0 || i > 0 && began[i] < began[i-1] {
			t.Fatalf("step %d: %s is not called after %s", i+1, names[0], steps[max(0, i-1)][0])
		}
	}
	began[len(steps)] = len(calls)
	for i, names := range steps {
		for _, name := range names {
			if elsewhere[name] == "" && !slices.Contains(calls[began[i]:began[i+1]], name) {
				t.Errorf("step %d: %s is not called between %s and the next step", i+1, name, names[0])
			}
		}
	}
	for name, why := range elsewhere {
		if !slices.Contains(slices.Concat(steps...), name) {
			t.Errorf("no step names %s any more, which is elsewhere because %s", name, why)
		}
	}
}

// namedInSteps is the functions that each step names, in the order of the text.
func namedInSteps(t *testing.T) [][]string {
	t.Helper()
	_, text, _ := strings.Cut(read(t, "ARCHITECTURE.md"), "\n1. **")
	text, _, _ = strings.Cut(text, "\n## ")
	var steps [][]string
	for number := 2; text != ""; number++ {
		var step string
		step, text, _ = strings.Cut(text, fmt.Sprintf("\n%d. **", number))
		var names []string
		for _, span := range spans(step) {
			path, name, is := strings.Cut(span, ":")
			if is && functionIn(t, path, name) != nil {
				names = append(names, span)
			}
		}
		steps = append(steps, names)
	}
	return steps
}

// functionIn finds a function of a file, by "Name" or "Type.Name"; nil when it is none.
func functionIn(t *testing.T, path, name string) *ast.FuncDecl {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	receiver, method, is := strings.Cut(name, ".")
	for _, declaration := range file.Decls {
		function, isFunction := declaration.(*ast.FuncDecl)
		switch {
		case !isFunction || function.Body == nil:
		case !is && function.Recv == nil && function.Name.Name == name:
			return function
		case is && function.Recv != nil && function.Name.Name == method && receiverOf(function) == receiver:
			return function
		}
	}
	return nil
}

// receiverOf is the name of the type whose method it is.
func receiverOf(function *ast.FuncDecl) string {
	name := ""
	ast.Inspect(function.Recv.List[0].Type, func(n ast.Node) bool {
		if identifier, is := n.(*ast.Ident); is && name == "" {
			name = identifier.Name
		}
		return name == ""
	})
	return name
}

const called = "called: "

// tracedCalls runs the row with a program in which each of the functions says its name, and
// gives the names as they were said.
func tracedCalls(t *testing.T, names []string) []string {
	t.Helper()
	folder := t.TempDir()
	overlay := map[string]map[string]string{"Replace": {}}
	changed := map[string]string{}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		path, _, _ := strings.Cut(name, ":")
		changed[path] += name + "\n"
	}
	for path, names := range changed {
		text := read(t, path)
		type insertion struct {
			at   int
			text string
		}
		var insertions []insertion
		for name := range strings.FieldsSeq(names) {
			_, function, _ := strings.Cut(name, ":")
			insertions = append(insertions, insertion{int(functionIn(t, path, function).Body.Lbrace), fmt.Sprintf("println(%q);", called+name)})
		}
		slices.SortFunc(insertions, func(a, b insertion) int { return b.at - a.at })
		for _, one := range insertions {
			text = text[:one.at] + one.text + text[one.at:]
		}
		copied := filepath.Join(folder, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		whole, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][whole] = copied
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "overlay.json"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "traced.exe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(folder, "overlay.json"), "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.SplitAfterN(read(t, "samples/creates.csv"), "\n", 3)
	row := filepath.Join(folder, "creates.csv") // with no other row that is ready before
	if err := os.WriteFile(row, []byte(lines[0]+lines[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&cupitest.Server{})
	defer server.Close()
	run := exec.CommandContext(t.Context(), program, "run", row, "--operation", "create", "--server", server.URL, "--user", "admin", "--out", filepath.Join(folder, "run"))
	run.Env = append(os.Environ(), "CUCBULK_PASSWORD=correct-horse", "XDG_CONFIG_HOME="+folder, "XDG_STATE_HOME="+folder, "HOME="+folder)
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var calls []string
	for line := range strings.Lines(string(out)) {
		if _, name, is := strings.Cut(strings.TrimSpace(line), called); is {
			calls = append(calls, name)
		}
	}
	return calls
}
