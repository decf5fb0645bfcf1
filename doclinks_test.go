package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docLink is a name in brackets: that of a declaration of the package, of its member, or of
// those of another package.
var docLink = regexp.MustCompile(`\[([A-Za-z]\w*(?:\.[A-Za-z]\w*){0,2})\]`)

// linkedText is a name that only looks like a link, and why.
var linkedText = map[string]string{"DOC": "a mark in the simulator's tables", "CODE": "another"}

// Links in comments lead to what is there: to a name of the own package, or of one of this module.
func TestDocLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	names, files, set := map[string]map[string]bool{}, map[string][]*ast.File{}, token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.Dir(path)
		files[folder] = append(files[folder], file)
		for _, of := range []string{folder, file.Name.Name} { // links are by a package's name, and no two of them have one
			if names[of] == nil {
				names[of] = map[string]bool{}
			}
			for _, name := range declaredIn(file) {
				names[of][name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for folder, ofFolder := range files {
		for _, file := range ofFolder {
			for _, group := range file.Comments {
				for _, found := range docLink.FindAllStringSubmatch(group.Text(), -1) {
					link := found[1]
					of, rest, qualified := strings.Cut(link, ".")
					if !ast.IsExported(of) && (!qualified || names[of] == nil) || linkedText[link] != "" { // no link, or one to a package that is not ours
						continue
					}
					looked++
					if !names[folder][link] && !(qualified && names[of][rest]) {
						t.Errorf("%s: [%s] leads nowhere", set.Position(group.Pos()), link)
					}
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d links were looked at", looked)
	}
}

// declaredIn lists the declarations of a file, and their fields and methods.
func declaredIn(file *ast.File) (names []string) {
	for _, declaration := range file.Decls {
		if function, is := declaration.(*ast.FuncDecl); is {
			names = append(names, receiver(function)+function.Name.Name)
			continue
		}
		for _, spec := range declaration.(*ast.GenDecl).Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
				ast.Inspect(spec.Type, func(node ast.Node) bool {
					if field, is := node.(*ast.Field); is {
						for _, name := range field.Names {
							names = append(names, spec.Name.Name+"."+name.Name)
						}
					}
					return true
				})
			}
		}
	}
	return names
}
