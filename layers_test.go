package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layer is one of them.
type layer struct {
	name, files string
}

// layers are those of package batch, the lowest first, and the files of each. A file may
// use what its own layer has and what those before it have.
var layers = []layer{
	// the steps of a row
	{"steps", "row rowrunner rowtarget rowresult rowsteps readback stepchanges parts step_* movefirst misnamed lessons newcomer"},
	// a run and its resume, from begin to end
	{"run", "run running finish executor resume confirm confirmations preview forecast dryrow counting afterrows lost agreed limits disputes doc"},
}

func TestTheLayersOfTheEngine(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	files, info := source.check(t, "batch", nil)
	for _, problem := range source.layerProblems(files, info, layerOf) {
		t.Error(problem)
	}
}

// What goes against the order is found: of functions, methods, fields and types.
func TestTheLayersAreHeld(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	for text, want := range map[string]string{
		"func f() { _ = Resume }":    "Resume of run (batch/resume.go)",
		"func f() { _ = Preflight }": "Preflight of run (batch/run.go)",
	} {
		files, info := source.check(t, "batch", []byte("package batch\n"+text+"\n"))
		problems := source.layerProblems(files[len(files)-1:], info, func(name string) int { return max(0, layerOf(name)) })
		got := strings.Join(problems, "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// layerOf is the place of a file's layer, -1 if it has none.
func layerOf(name string) int {
	base := strings.TrimSuffix(filepath.Base(name), ".go")
	return slices.IndexFunc(layers, func(l layer) bool {
		return slices.ContainsFunc(strings.Fields(l.files), func(pattern string) bool {
			is, _ := filepath.Match(pattern, base)
			return is
		})
	})
}

// layerProblems are the files that have no layer, and the names that go against the order.
func (s source) layerProblems(files []*ast.File, info *types.Info, placeOf func(name string) int) (problems []string) {
	for _, file := range files {
		name := s.set.Position(file.Pos()).Filename
		place := placeOf(name)
		if place < 0 {
			problems = append(problems, name+" has no place in the order of layers yet")
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			id, is := node.(*ast.Ident)
			if !is || info.Uses[id] == nil || info.Uses[id].Pkg() == nil || info.Uses[id].Pkg().Path() != "cucbulk/batch" {
				return true
			}
			of := s.set.Position(info.Uses[id].Pos()).Filename
			if there := placeOf(of); there > place {
				problems = append(problems, fmt.Sprintf("%s: %s names %s of %s (%s)", s.set.Position(id.Pos()), layers[place].name, id.Name, layers[there].name, of))
			}
			return true
		})
	}
	return problems
}
