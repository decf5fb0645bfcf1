package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stepTable is where step kinds have their names.
const stepTable = "batch/model/kinds.go"

// notSteps are words that are no step's name where they stand, and why.
var notSteps = map[string]string{
	"PreImageUser":                        "an option: how much of a user is recorded before it is deleted",
	"batch/send/dependents.go user":       "where that is declared",
	"internal/cli/configfile.go password": "a setting that a configuration file may not have",
}

// objectTable is where the objects that rows are about have their collections and requests.
const objectTable = "batch/model/objects.go"

// ofUsers are what the entry of users names, and so no other file of the engine does: nor the entries.
var ofUsers = []string{"cupi.Users", "cupi.GetUser", "cupi.UpdateUser", "cupi.DeleteUser", "cupi.CreateUser", "cupi.UserTemplates", "cupi.GetUserTemplate",
	"cupi.DirectoryUsers", "cupi.ListDirectoryUsers", "cupi.ImportUser", "cupi.Imported"}

// isEntry tells the name of an entry of that table.
func isEntry(used string) bool {
	return used != "model.Object" && strings.HasPrefix(used, "model.") && strings.HasSuffix(used, "Object")
}

// notObjects are the places that name one of those all the same, and why.
var notObjects = map[string]string{
	stepTable + " cupi.Users":                         "the steps of the user itself",
	"batch/plan/ldapusers.go cupi.ListDirectoryUsers": "the LDAP directory is listed as nothing else is",
	"batch/plan/ldapusers.go cupi.DirectoryUsers":     "and so are queries of it",
	"batch/send/look.go cupi.ListDirectoryUsers":      "the list of people has its own way of paging",
	"batch/plan/snapshot.go model.UserObject":         "users tell which server it is, whatever the rows are about",
	"batch/rollback/rollback.go model.UserObject":     "users tell which server it is",
	"batch/verify/verify.go model.UserObject":         "users tell which server it is",
	"batch/model/kindof.go model.UserObject":          "a step of another version is taken for one of a user",
}

// What a row is about is an entry of a table: the rest of the engine asks the plan, the step
// kind or the directory for it, and names no collection and no request of users.
func TestNoObjectIsKnownByItsName(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	met := map[string]bool{}
	for folder, more := range map[string]string{
		"batch": "package batch\nimport (\"cucbulk/batch/model\"; \"cucbulk/cupi\")\nvar _, _ = model.UserObject, cupi.GetUser\n", "batch/record": "", "batch/model": "", "batch/send": "", "batch/plan": "", "batch/rollback": "", "batch/verify": "", "batch/export": "", "batch/roster": "",
	} {
		files, info := source.check(t, folder, textOf(more))
		for _, file := range files {
			name := filepath.ToSlash(source.set.Position(file.Pos()).Filename)
			for _, found := range source.objects(file, info) {
				place := name + " " + found.used
				if met[place] = true; name != objectTable && notObjects[place] == "" && name != "batch/more.go" {
					t.Errorf("%s: %s is named: ask the plan, the step kind or the directory what the row is about", found.at, found.used)
				}
			}
		}
	}
	for place := range notObjects {
		if !met[place] {
			t.Errorf("%s: is not there any more", place)
		}
	}
	if !met["batch/more.go model.UserObject"] || !met["batch/more.go cupi.GetUser"] {
		t.Errorf("the names in a file of this test's own are not found")
	}
}

// naming is a place that names what only the entry of users should.
type naming struct {
	used string
	at   token.Position
}

// objects finds them in a file.
func (s source) objects(file *ast.File, info *types.Info) (found []naming) {
	ast.Inspect(file, func(node ast.Node) bool {
		id, is := node.(*ast.Ident)
		if !is || info.Uses[id] == nil || info.Uses[id].Pkg() == nil || info.Uses[id].Parent() != info.Uses[id].Pkg().Scope() {
			return true
		}
		if used := info.Uses[id].Pkg().Name() + "." + id.Name; slices.Contains(ofUsers, used) || isEntry(used) {
			found = append(found, naming{used, s.set.Position(id.Pos())})
		}
		return true
	})
	return found
}

// textOf is a file's text, nil where there is none.
func textOf(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}

// A step kind is all that the engine knows of one part: what is special about a kind is a
// field of its entry, and no other file tells it by its name. That the test sees it where
// one does, the last file shows.
func TestNoStepIsKnownByItsName(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	files, info := source.check(t, "batch", []byte(`package batch
import ("strings"; "cucbulk/validate"; "cucbulk/batch/model")
const moved = "park"
func a(s model.Step) bool { return s.Name == "pin" }
func b(s model.Step) bool { return strings.HasPrefix(s.Name, "alternateextensions/") }
func c(s model.Step) bool { switch s.Name { case moved: }; return s.Name == validate.StepUser }
func d(s model.Step) bool { return model.KindOf(s.Name).Main }
`))
	table, ofTable := source.check(t, "batch/model", nil)
	names := source.stepNames(table, ofTable)
	if len(names) < 20 {
		t.Fatalf("only %d step kinds were found in %s", len(names), stepTable)
	}
	met := map[string]bool{}
	own := len(files) - 1
	if found := source.named(files[own:], info, names, true, met); len(found) != 5 {
		t.Errorf("found %d names, want 5: %s", len(found), strings.Join(found, "\n"))
	}
	problems := append(source.named(files[:own], info, names, true, met), source.named(table, ofTable, names, true, met)...)
	for _, folder := range []string{"batch/record", "batch/send", "batch/plan", "batch/rollback", "batch/verify", "batch/export", "batch/roster"} {
		files, info := source.check(t, folder, nil)
		problems = append(problems, source.named(files, info, names, true, met)...)
	}
	for _, folder := range []string{"internal/cli", "reports"} {
		files, info := source.check(t, folder, nil)
		problems = append(problems, source.named(files, info, names, false, met)...)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
	for word := range notSteps {
		if !met[word] {
			t.Errorf("%s: is not there any more", word)
		}
	}
}

// stepNames are the names in the table.
func (s source) stepNames(files []*ast.File, info *types.Info) (names []string) {
	i := slices.IndexFunc(files, func(file *ast.File) bool { return s.set.Position(file.Pos()).Filename == stepTable })
	ast.Inspect(files[i], func(node ast.Node) bool {
		if pair, is := node.(*ast.KeyValueExpr); is {
			if key, is := pair.Key.(*ast.Ident); is && key.Name == "Name" {
				names = append(names, constant.StringVal(info.Types[pair.Value].Value))
			}
		}
		return true
	})
	return names
}

// named finds the constants that are a step's name, or that of its kind and a slot:
// everywhere, or where something is compared with them. met notes the words that are none.
func (s source) named(files []*ast.File, info *types.Info, names []string, everywhere bool, met map[string]bool) (problems []string) {
	for _, file := range files {
		name := filepath.ToSlash(s.set.Position(file.Pos()).Filename)
		look := func(expr ast.Expr) {
			value := info.Types[expr].Value
			if value == nil || value.Kind() != constant.String {
				return
			}
			word, _, _ := strings.Cut(constant.StringVal(value), "/")
			if !slices.Contains(names, word) {
				return
			}
			for _, place := range []string{name + " " + word, constantOf(expr)} {
				if notSteps[place] != "" {
					met[place] = true
					return
				}
			}
			problems = append(problems, fmt.Sprintf("%s: a step is named: %s; let a field of its entry in %s say what is special about it", s.set.Position(expr.Pos()), value, stepTable))
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BinaryExpr:
				if !everywhere && (node.Op == token.EQL || node.Op == token.NEQ) {
					look(node.X)
					look(node.Y)
				}
			case *ast.CaseClause:
				for _, expr := range node.List {
					if !everywhere {
						look(expr)
					}
				}
			case ast.Expr:
				if everywhere {
					look(node)
				}
			}
			return name != stepTable
		})
	}
	return problems
}

// constantOf is the name of a constant, "" of anything else.
func constantOf(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.SelectorExpr:
		return expr.Sel.Name
	}
	return ""
}
