package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// wroteCommands may join words after "cucbulk": one package quotes them, so that every
// line can be typed as it is printed, and writes each command in one way.
const wroteCommands = "internal/shell"

// notCommands is what is joined to the name of the program and is no command.
var notCommands = map[string]string{"internal/cli/tool.go": "its name and version"}

// selector is a field as only the source knows it, such as l.sent, that a rename left in a sentence.
var selector = regexp.MustCompile(`(?:^|[\s(])[a-z]\.[a-z][a-zA-Z]+(?:[\s,;:)]|$)`)

// What people read is found by tests that look at every text of the program.
func TestTextsOfTheProgram(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		name = filepath.ToSlash(name)
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if text, is := node.(*ast.BasicLit); is && text.Kind == token.STRING && selector.MatchString(text.Value[1:len(text.Value)-1]) {
				t.Errorf("%s names a field of the source, where people read words", set.Position(node.Pos()))
			}
			return true
		})
		if strings.HasPrefix(name, wroteCommands+"/") || notCommands[name] != "" {
			return nil
		}
		for _, place := range joinedCommands(file) {
			t.Errorf("%s joins words after cucbulk: write the command with package shell", set.Position(place))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Errorf("only %d files were looked at", files)
	}
}

// Words after the name that are filled in later, and words that something is put behind.
var (
	filledIn = regexp.MustCompile(`cucbulk [a-z][^.:;\n]*%[+#\[\]0-9]*[a-z]`)
	goesOn   = regexp.MustCompile(`cucbulk ([a-z][^.,:;\n]*)?$`)
)

// joinedCommands are the texts of a file that begin a command which the program ends.
func joinedCommands(file *ast.File) []token.Pos {
	var places []token.Pos
	ends := map[ast.Expr]bool{} // texts behind which another stands
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BinaryExpr:
			left := node.X
			if chain, isChain := left.(*ast.BinaryExpr); isChain {
				left = chain.Y
			}
			ends[left] = ends[left] || node.Op == token.ADD
		case *ast.BasicLit:
			text, err := strconv.Unquote(node.Value)
			text = strings.ReplaceAll(text, "version of cucbulk", "") // no command begins there
			if node.Kind == token.STRING && err == nil && (filledIn.MatchString(text) || ends[node] && goesOn.MatchString(text)) {
				places = append(places, node.Pos())
			}
		}
		return true
	})
	return places
}

func TestJoinedCommandsAreFound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code  string
		found bool
	}{
		{`"type: cucbulk resume " + x`, true}, {`"cucbulk " + x`, true}, {`a + "; cucbulk run " + x + y`, true}, {`Sprintf("see cucbulk fields %s", x)`, true},
		{`Sprintf("cucbulk run %[1]q", x)`, true}, {`"cucbulk fields lists them"`, false}, {`"see cucbulk fields. " + x`, false}, {`Sprintf("cucbulk: %s", x)`, false},
		{`"cucbulk run x --dry-run" + x`, true}, {`x + "cucbulk fields lists them"`, false},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nvar v = "+test.code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(joinedCommands(file)) > 0; got != test.found {
			t.Errorf("%s: found %v, want %v", test.code, got, test.found)
		}
	}
}
