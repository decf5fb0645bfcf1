package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The way of a value is one way: main -> internal/cli -> reports -> batch ->
// validate -> cupi. Each package may import those that stand after it here, and
// nothing before it.
var importsAllowed = map[string][]string{
	"cucbulk":                    {"cucbulk/internal/cli"},
	"cucbulk/internal/cli":       {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/internal/shell", "cucbulk/reports", "cucbulk/batch", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/batch/send", "cucbulk/batch/plan", "cucbulk/batch/rollback", "cucbulk/batch/verify", "cucbulk/batch/export", "cucbulk/batch/roster", "cucbulk/batch/doctor", "cucbulk/batch/probe", "cucbulk/batch/gate", "cucbulk/batch/input", "cucbulk/batch/journal", "cucbulk/batch/lock", "cucbulk/validate", "cucbulk/cupi", "cucbulk/cupi/audio", "cucbulk/cupi/trace", "cucbulk/samples"},
	"cucbulk/reports":            {"cucbulk/internal/codes", "cucbulk/internal/shell", "cucbulk/batch", "cucbulk/batch/plan", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/send":         {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/internal/shell", "cucbulk/batch/gate", "cucbulk/batch/journal", "cucbulk/batch/lock", "cucbulk/batch/model", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/site", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/rollback":     {"cucbulk/internal/codes", "cucbulk/batch", "cucbulk/batch/plan", "cucbulk/batch/send", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/batch/journal", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/verify":       {"cucbulk/internal/codes", "cucbulk/batch", "cucbulk/batch/plan", "cucbulk/batch/send", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/batch/journal", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/export":       {"cucbulk/internal/codes", "cucbulk/internal/shell", "cucbulk/batch", "cucbulk/batch/plan", "cucbulk/batch/send", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/batch/journal", "cucbulk/validate", "cucbulk/cupi", "cucbulk/cupi/audio"},
	"cucbulk/batch/roster":       {"cucbulk/internal/codes", "cucbulk/internal/shell", "cucbulk/batch/plan", "cucbulk/batch/send", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/batch/input", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/plan":         {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/internal/shell", "cucbulk/batch/gate", "cucbulk/batch/input", "cucbulk/batch/journal", "cucbulk/batch/model", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/send", "cucbulk/batch/site", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch":              {"cucbulk/batch/plan", "cucbulk/batch/send", "cucbulk/batch/pool", "cucbulk/batch/record", "cucbulk/batch/model", "cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/internal/shell", "cucbulk/batch/gate", "cucbulk/batch/input", "cucbulk/batch/journal", "cucbulk/batch/lock", "cucbulk/batch/site", "cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/pool":         {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/batch/record"},
	"cucbulk/batch/record":       {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/internal/shell", "cucbulk/batch/gate", "cucbulk/batch/model", "cucbulk/batch/input", "cucbulk/batch/journal", "cucbulk/validate", "cucbulk/cupi", "cucbulk/cupi/audio"},
	"cucbulk/batch/model":        {"cucbulk/validate", "cucbulk/cupi"},
	"cucbulk/batch/doctor":       {"cucbulk/batch/lock", "cucbulk/batch/site", "cucbulk/cupi"},
	"cucbulk/batch/probe":        {"cucbulk/batch/model", "cucbulk/cupi", "cucbulk/cupi/trace"},
	"cucbulk/batch/gate":         {"cucbulk/internal/codes", "cucbulk/cupi"},
	"cucbulk/batch/input":        {"cucbulk/internal/codes", "cucbulk/internal/crash", "cucbulk/validate"},
	"cucbulk/batch/journal":      {"cucbulk/internal/crash"},
	"cucbulk/batch/lock":         {},
	"cucbulk/batch/site":         {"cucbulk/cupi"},
	"cucbulk/batch/batchtest":    {"cucbulk/batch/journal"},
	"cucbulk/validate":           {"cucbulk/internal/codes", "cucbulk/cupi", "cucbulk/cupi/audio"},
	"cucbulk/cupi":               {"cucbulk/cupi/audio", "cucbulk/cupi/trace"},
	"cucbulk/cupi/audio":         {},
	"cucbulk/cupi/trace":         {},
	"cucbulk/cupi/cupitest":      {},
	"cucbulk/samples":            {},
	"cucbulk/internal/codes":     {},
	"cucbulk/internal/crash":     {},
	"cucbulk/internal/interrupt": {},
	"cucbulk/internal/shell":     {},
	"cucbulk/bench":              {"cucbulk/batch", "cucbulk/batch/plan", "cucbulk/batch/journal", "cucbulk/batch/record", "cucbulk/batch/send", "cucbulk/validate", "cucbulk/cupi"},
}

// These may be imported only where they are named, and of others' packages no other.
var confined = map[string][]string{
	"cucbulk/cupi/cupitest":               {"internal/cli/demo*.go", "internal/cli/simulate*.go", "internal/cli/probe*.go", "bench/*.go"},
	"github.com/gocarina/gocsv":           {"batch/input/*.go", "reports/results.go", "reports/rollback.go", "reports/plancsv.go"},
	"github.com/cenkalti/backoff/v4":      {"batch/send/retry.go"},
	"filippo.io/age":                      {"batch/record/seal.go"},
	"golang.org/x/sync/errgroup":          {"batch/pool/pool.go", "batch/pool/atonce.go"},
	"github.com/schollz/progressbar/v3":   {"internal/cli/*.go"},
	"github.com/spf13/cobra":              {"internal/cli/*.go"},
	"github.com/xuri/excelize/v2":         {"batch/input/sheet.go", "batch/input/formats.go", "batch/input/merged.go"},
	"go.yaml.in/yaml/v3":                  {"internal/cli/configfile.go", "internal/cli/mapfile.go"},
	"github.com/go-analyze/charts":        {"reports/charts.go"},
	"github.com/gofrs/flock":              {"batch/journal/*.go", "internal/cli/start.go", "reports/*.go"},
	"github.com/spf13/pflag":              {"internal/cli/*.go"},
	"golang.org/x/sys/...":                {"batch/doctor/*.go", "batch/lock/*.go", "internal/interrupt/*.go"},
	"golang.org/x/term":                   {"internal/cli/environment.go"},
	"golang.org/x/text/...":               {"batch/*.go", "batch/*/*.go", "validate/*.go"},
	"cucbulk/batch/batchtest":             {},
	"cucbulk/internal/interrupt":          {},
	"github.com/chromedp/...":             {},
	"github.com/rogpeppe/go-internal/...": {},
	"go.uber.org/goleak":                  {},
	"pgregory.net/rapid":                  {},
	"github.com/google/go-cmp/cmp":        {},
}

func TestImportsRunOneWay(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files++
		name = filepath.ToSlash(name)
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if problem := importProblem(name, imported); problem != "" {
				t.Errorf("%s imports %s: %s", name, imported, problem)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were looked at", files)
	}
}

// importProblem says why a file may not import a package, "" if it may.
func importProblem(file, imported string) string {
	for name, places := range confined {
		if imported != name && !matches(name, imported) {
			continue
		}
		if !slices.ContainsFunc(places, func(pattern string) bool { ok, _ := path.Match(pattern, file); return ok }) {
			return "only " + strings.Join(append(places, "tests"), ", ") + " may"
		}
		return ""
	}
	switch first, _, _ := strings.Cut(imported, "/"); {
	case strings.Contains(first, "."):
		return "no line says where it may be used"
	case first != "cucbulk":
		return ""
	}
	importer := path.Join("cucbulk", path.Dir(file))
	allowed, known := importsAllowed[importer]
	if !known {
		return "package " + importer + " has no place in the order of imports yet"
	}
	if !slices.Contains(allowed, imported) {
		return "imports run one way, and this one runs back"
	}
	return ""
}

// matches reports whether a name that ends in /... covers a package.
func matches(name, imported string) bool {
	prefix, all := strings.CutSuffix(name, "/...")
	return all && strings.HasPrefix(imported, prefix+"/")
}

func TestImportRulesCatchWhatTheyShould(t *testing.T) {
	for _, test := range []struct{ file, imported string }{
		{"batch/run.go", "cucbulk/reports"},
		{"cupi/client.go", "cucbulk/validate"},
		{"reports/write.go", "cucbulk/cupi/cupitest"},
		{"internal/cli/run.go", "cucbulk/cupi/cupitest"},
		{"batch/run.go", "golang.org/x/sync/errgroup"},
		{"cupi/client.go", "github.com/cenkalti/backoff/v4"},
		{"batch/run.go", "github.com/rogpeppe/go-internal/testscript"},
		{"newfolder/x.go", "cucbulk/cupi"},
		{"cupi/client.go", "golang.org/x/text/unicode/norm"},
		{"cupi/client.go", "github.com/somebody/something"},
	} {
		if importProblem(test.file, test.imported) == "" {
			t.Errorf("%s may import %s", test.file, test.imported)
		}
	}
}

// Attempts are tried again in one place, batch/send/retry.go, and backoff is its only clock. So
// of what sends requests nothing else waits by itself, but for engine.rest, which waits
// until a doubt is over.
func TestOnlyBackoffWaitsBetweenAttempts(t *testing.T) {
	waits := regexp.MustCompile(`\btime\.(Sleep|After|AfterFunc|NewTimer|NewTicker|Tick)\(`)
	for _, folder := range []string{"batch", "cupi"} {
		names, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatal(folder, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found := len(waits.FindAll(text, -1))
			if filepath.ToSlash(name) == "batch/send/reconcile.go" {
				found--
			}
			if !strings.HasSuffix(name, "_test.go") && found != 0 {
				t.Errorf("%s waits by itself: waiting between attempts is for patience.retry", name)
			}
		}
	}
}
