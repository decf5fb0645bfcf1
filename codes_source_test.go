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

	"cucbulk/internal/codes"
)

const codesPackage = "cucbulk/internal/codes"

// A code is written once, as a constant that stands in the table; whoever means it names
// the constant, and each is meant by somebody. What the source says of a code's status
// stands in the table too.
func TestCodesAreWrittenOnce(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	used := map[codes.Code]bool{}
	for _, folder := range []string{"validate", "batch", "batch/model", "batch/record", "batch/pool", "batch/send", "batch/plan", "batch/rollback", "batch/verify", "batch/export", "batch/roster", "batch/gate", "batch/input", "reports", "internal/cli"} {
		for _, problem := range source.codeProblems(t, folder, nil, used) {
			t.Error(problem)
		}
	}
	declared, err := source.Import(codesPackage)
	if err != nil {
		t.Fatal(err)
	}
	constants := 0
	for _, name := range declared.Scope().Names() {
		constant, is := declared.Scope().Lookup(name).(*types.Const)
		if !is {
			continue
		}
		constants++
		code := codeOf(constant.Val())
		if _, known := codes.Lookup(code); !known {
			t.Errorf("%s (%s) does not stand in the table", name, code)
		}
		if !used[code] {
			t.Errorf("%s (%s) is a code that nothing ends with: take it out", name, code)
		}
	}
	for _, section := range codes.Table() {
		constants -= len(section.Entries)
	}
	if constants != 0 {
		t.Errorf("there are %d more constants than codes in the table", constants)
	}
}

func TestCodeRulesCatchWhatTheyShould(t *testing.T) {
	t.Parallel()
	source := newSource(t)
	for _, test := range []struct{ text, want string }{
		{`Problem{Code: "too-lnog"}`, "write the constant"},
		{`Problem{Code: codes.Code("x" + "y")}`, "write the constant"},
		{`Problem{Code: codes.Code(Problem{}.Message)}`, "only the server's own codes"},
		{`(&dataLine{}).add("PIN", codes.TooLong, "", true)`, `a warning with the code too-long`},
		{`(&dataLine{}).add("PIN", codes.TooLong, "", false)`, ""},
		{`Problem{Code: ""}`, ""},
	} {
		text := "package validate\nimport \"cucbulk/internal/codes\"\nfunc mistaken() { use := func(...any) {}; _ = codes.TooLong; use(" + test.text + ") }\n"
		if strings.Contains(test.text, ".add(") {
			text = strings.Replace(text, "use("+test.text+")", "use(); "+test.text, 1)
		}
		got := fmt.Sprint(source.codeProblems(t, "validate", []byte(text), map[codes.Code]bool{}))
		if test.want == "" && got != "[]" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %q", test.text, got, test.want)
		}
	}
}

// codeProblems says what is wrong with the codes of a package, with one file more if that
// is given, and notes which codes it uses.
func (s source) codeProblems(t *testing.T, folder string, more []byte, used map[codes.Code]bool) []string {
	t.Helper()
	files, info := s.check(t, folder, more)
	var problems []string
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			problem := ""
			switch n := node.(type) {
			case *ast.Ident:
				if constant, is := info.Uses[n].(*types.Const); is && isCode(constant.Type()) {
					used[codeOf(constant.Val())] = true
				}
			case *ast.BasicLit:
				if text := info.Types[n]; isCode(text.Type) && codeOf(text.Value) != "" {
					problem = "write the constant of " + codesPackage + " for " + n.Value
				}
			case *ast.CallExpr:
				problem = conversionProblem(info, s.set, n)
				if problem == "" {
					problem = statusProblem(saidByCall(info, n))
				}
			case *ast.CompositeLit:
				problem = statusProblem(saidByLiteral(info, n))
			}
			if problem != "" {
				problems = append(problems, fmt.Sprintf("%s: %s", s.set.Position(node.Pos()), problem))
			}
			return true
		})
	}
	return problems
}

// conversionProblem says what is wrong with a text that is made a code.
func conversionProblem(info *types.Info, set *token.FileSet, call *ast.CallExpr) string {
	made := info.Types[call.Fun]
	switch {
	case !made.IsType() || !isCode(made.Type):
	case info.Types[call].Value != nil:
		return "write the constant of " + codesPackage
	case filepath.ToSlash(set.Position(call.Pos()).Filename) != "batch/send/failure.go":
		return "only the server's own codes are made of a text, in batch/send/failure.go"
	}
	return ""
}

// saidByCall is what status a call gives to which code, where both are constants.
func saidByCall(info *types.Info, call *ast.CallExpr) (status string, code codes.Code) {
	function := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		function = f.Name
	case *ast.SelectorExpr:
		function = f.Sel.Name
	}
	for _, argument := range call.Args {
		if value := info.Types[argument]; isCode(value.Type) && value.Value != nil {
			code = codeOf(value.Value)
		}
	}
	switch {
	case code == "":
	case slices.Contains([]string{"conflict", "Invalid", "lacks", "Reject"}, function):
		return "invalid", code
	case function == "add" && len(call.Args) == 4:
		if last := info.Types[call.Args[3]].Value; last != nil && constant.BoolVal(last) {
			return "warning", code
		} else if last != nil {
			return "invalid", code
		}
	}
	return "", ""
}

// saidByLiteral is the same of a failure, a problem, a result or a stop.
func saidByLiteral(info *types.Info, literal *ast.CompositeLit) (status string, code codes.Code) {
	for _, element := range literal.Elts {
		name := ""
		if pair, is := element.(*ast.KeyValueExpr); is {
			if key, is := pair.Key.(*ast.Ident); is {
				name = strings.ToLower(key.Name)
			}
			element = pair.Value
		}
		value := info.Types[element]
		switch {
		case value.Value == nil:
		case isCode(value.Type):
			code = codeOf(value.Value)
		case value.Type.String() == "cucbulk/batch.Status":
			status = constant.StringVal(value.Value)
		case name == "exit":
			status = "exit " + value.Value.String()
		case name == "warning" && constant.BoolVal(value.Value):
			status = "warning"
		}
	}
	return status, code
}

// statusProblem says that the table does not know a status of a code.
func statusProblem(status string, code codes.Code) string {
	entry, known := codes.Lookup(code)
	if status == "" || !known || slices.Contains(entry.Statuses, status) {
		return ""
	}
	return fmt.Sprintf("a %s with the code %s: the table does not say that it is one (%s)", status, code, strings.Join(entry.Statuses, ", "))
}

func isCode(t types.Type) bool { return t != nil && t.String() == codesPackage+".Code" }

func codeOf(value constant.Value) codes.Code { return codes.Code(constant.StringVal(value)) }
