package main

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source reads the program's packages with their types.
type source struct {
	types.Importer
	set *token.FileSet
}

// newSource takes the types of what packages import from the compiler's own files.
func newSource(t *testing.T) source {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", "./...")
	list.Stderr = os.Stderr
	text, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	set := token.NewFileSet()
	return source{importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }), set}
}

// check gives the files of a package, with one more if that is given, and what their names
// mean. What is only for other systems, and tests, are left out.
func (s source) check(t *testing.T, folder string, more []byte) ([]*ast.File, *types.Info) {
	t.Helper()
	names, err := filepath.Glob(folder + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(folder, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	var files []*ast.File
	parse := func(name string, text any) {
		file, err := parser.ParseFile(s.set, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("//go:build")) && !slices.ContainsFunc([]string{"_linux.go", "_windows.go", "_darwin.go"}, func(system string) bool { return strings.HasSuffix(name, system) }) {
			parse(name, text)
		}
	}
	if more != nil {
		parse(folder+"/more.go", more)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: s, Error: func(error) {}} // what is only for other systems is missing
	_, _ = config.Check("cucbulk/"+folder, s.set, files, info)
	return files, info
}
