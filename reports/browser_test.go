package reports

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserVariable names the browser of these tests. Without it one is looked for,
// and where there is none the tests are skipped.
const browserVariable = "CUCBULK_BROWSER"

func browserPath(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	wanted := os.Getenv(browserVariable)
	if wanted != "" {
		names = []string{wanted}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if wanted != "" {
		t.Fatalf("%s names %s, and there is no such browser", browserVariable, wanted)
	}
	t.Skipf("no Chromium is installed; install one, or name it in %s", browserVariable)
	return ""
}

// tab is a page in a browser. A test fails when the page complains on its console,
// or asks for anything but itself.
type tab struct {
	t   *testing.T
	ctx context.Context

	mutex    sync.Mutex
	requests []string
	problems []string
}

// startBrowser starts a browser without a tab. It ends with the test.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(browserPath(t)), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	allocator, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	browser, _ := chromedp.NewContext(allocator)
	must(t, chromedp.Do(browser))
	t.Cleanup(func() {
		if err := chromedp.Cancel(browser); err != nil {
			t.Errorf("the browser did not end: %v", err)
		}
		end()
	})
	return browser
}

// openPage shows the report of a run folder in a tab of its own.
func openPage(t *testing.T, browser context.Context, folder string) *tab {
	t.Helper()
	return openFile(t, browser, filepath.Join(folder, PageFile))
}

// openFile shows a page in a tab of its own.
func openFile(t *testing.T, browser context.Context, path string) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	p := &tab{t: t, ctx: ctx}
	must(t, chromedp.Listen(ctx, p.heard))
	address := "file://" + filepath.ToSlash(path)
	call(p, log.Enable, cdp.Empty{})
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.do(chromedp.Navigate(address))
	t.Cleanup(func() { p.quiet(address) })
	return p
}

func (p *tab) heard(event any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			p.problems = append(p.problems, fmt.Sprint("console ", e.Type))
		}
	case *log.EventEntryAdded:
		p.problems = append(p.problems, e.Entry.Text)
	}
}

// quiet fails the test when the page complained, or asked for anything outside.
func (p *tab) quiet(address string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, problem := range p.problems {
		p.t.Errorf("the page complains: %s", problem)
	}
	own := 0
	for _, url := range p.requests {
		if url == address {
			own++
		} else if !strings.HasPrefix(url, "data:") {
			p.t.Errorf("the page asks for %s", url)
		}
	}
	if own != 1 {
		p.t.Errorf("the page was asked for %d times, want once: were requests seen at all? %q", own, p.requests)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	must(p.t, chromedp.Do(p.ctx, steps...))
}

// call sends a command to the browser.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	must(p.t, err)
}

// value gives what an expression is.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// text gives what an expression says.
func (p *tab) text(expression string) string {
	p.t.Helper()
	return value[string](p, "String("+expression+")")
}

// is fails the test when an expression does not come to say something: a page does
// nothing at once.
func (p *tab) is(expression, want string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	comes := chromedp.Poll[bool]("String("+expression+") === "+strconv.Quote(want), chromedp.WithPollingInterval(10*time.Millisecond))
	if _, err := chromedp.Run(ctx, comes); err != nil {
		p.t.Fatalf("%s is %q, want %q (%v)", expression, p.text(expression), want, err)
	}
}

const (
	shown     = `document.getElementById("shown").textContent`
	firstRow  = `document.querySelector("tr.row button").textContent`
	lastRow   = `[...document.querySelectorAll("tr.row button")].at(-1).textContent`
	rowsMade  = `document.querySelectorAll("tr.row").length`
	dialog    = `document.getElementById("details").open`
	underHand = `document.activeElement.textContent`
)

func statusBox(status string) string { return `input[type=checkbox][value="` + status + `"]` }

func heading(name string) string { return `th[data-name="` + name + `"] button` }

// One browser shows all pages: it takes longer to start than what they do.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	large := recordedRun(t, 10000)
	_, every := runEveryStatus(t)
	write(t, every)
	for _, test := range []struct {
		name   string
		test   func(*testing.T, context.Context, string)
		folder string
	}{
		{"filters and sorts", filtersAndSorts, large},
		{"draws only what is seen", drawsOnlyWhatIsSeen, large},
		{"works by keyboard", worksByKeyboard, large},
		{"is small and quick", isSmallAndQuick, large},
		{"is accessible", isAccessible, large},
		{"is accessible with every status", isAccessible, every},
		{"pre-flight", tellsOfAPreflight, plannedFolder(t, 20_000)},
	} {
		t.Run(test.name, func(t *testing.T) { test.test(t, browser, test.folder) })
	}
}

func filtersAndSorts(t *testing.T, browser context.Context, folder string) {
	p := openPage(t, browser, folder)
	p.is(shown, "10,000 rows")
	p.is("document.title", "Run of users.csv")

	p.do(chromedp.Click(chromedp.CSS(statusBox("invalid"))))
	p.is(shown, "190 rows of 10,000")
	p.is(firstRow, "50")
	p.do(chromedp.Click(chromedp.CSS(statusBox("failed"))))
	p.is(shown, "200 rows of 10,000")

	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "PERSON01"))
	p.is(shown, "20 rows of 10,000")
	p.do(chromedp.Click(chromedp.CSS("button[type=reset]")))
	p.is(shown, "10,000 rows")

	p.do(chromedp.Click(chromedp.CSS(`button[data-code="INVALID_PARAMETER"]`)))
	p.is(shown, "10 rows of 10,000")
	p.is(`document.querySelector("tr.row .badge").textContent`, "failed")
	p.do(chromedp.Click(chromedp.CSS("button[type=reset]")))
	p.is(shown, "10,000 rows")

	p.is(`document.querySelector('th[data-name="Row"]').getAttribute("aria-sort")`, "none")
	p.do(chromedp.Click(chromedp.CSS(heading("Row"))), chromedp.Click(chromedp.CSS(heading("Row"))))
	p.is(`document.querySelector('th[data-name="Row"]').getAttribute("aria-sort")`, "descending")
	p.is(firstRow, "10000")
	p.do(chromedp.Click(chromedp.CSS(heading("Status"))))
	p.is(firstRow, "1")
	p.is(`document.querySelectorAll('th[aria-sort=ascending]').length`, "1")
	p.do(chromedp.Click(chromedp.CSS(heading("Status"))))
	p.is(`document.querySelector("tr.row .badge").textContent`, "invalid")
}

func drawsOnlyWhatIsSeen(t *testing.T, browser context.Context, folder string) {
	p := openPage(t, browser, folder)
	value[float64](p, `document.getElementById("viewport").scrollTop = 1e9`)
	p.is(lastRow, "10000")
	if made := value[int](p, rowsMade); made < 10 || made > 100 {
		t.Errorf("%d rows are made, want those that are seen and a few", made)
	}
	p.is(`document.getElementById("table").getAttribute("aria-rowcount")`, "10001")
}

func worksByKeyboard(t *testing.T, browser context.Context, folder string) {
	p := openPage(t, browser, folder)
	p.do(chromedp.Focus(chromedp.CSS("tr.row button")))
	p.is(underHand, "1")
	for range 40 {
		p.do(chromedp.KeyEvent("\u0301")) // arrow down
	}
	p.is(underHand, "41")
	p.do(chromedp.KeyEvent("\r"))
	p.is(dialog, "true")
	p.is(`document.getElementById("details-title").textContent`, "Row 41: person00041")
	p.do(chromedp.KeyEvent("\u001b"))
	p.is(dialog, "false")
	p.is(underHand, "41")
	p.is(`getComputedStyle(document.activeElement).outlineStyle`, "solid")
	p.do(chromedp.Focus(chromedp.CSS(heading("Alias"))), chromedp.KeyEvent("\r"))
	p.is(`document.querySelector('th[data-name="Alias"]').getAttribute("aria-sort")`, "ascending")
}

// axe is Deque's checker of accessibility (axe-core), as published.
//
//go:embed testdata/axe.min.js
var axe string

func isAccessible(t *testing.T, browser context.Context, folder string) {
	openPage(t, browser, folder).isAccessible()
}

// isAccessible looks at a page with eyes that see little, light and dark, wide and narrow,
// and at the details of its first row.
func (p *tab) isAccessible() {
	p.t.Helper()
	t := p.t
	value[any](p, axe+"; null")
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{360, 1200} {
			call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			p.do(chromedp.EmulateViewport(width, 800))
			for _, problem := range p.violations() {
				t.Errorf("%s, %d wide: %s", scheme, width, problem)
			}
			p.is("document.documentElement.scrollWidth <= innerWidth", "true")
		}
	}
	p.do(chromedp.Click(chromedp.CSS("tr.row button")))
	p.is(dialog, "true")
	for _, problem := range p.violations() {
		t.Errorf("details of a row: %s", problem)
	}
}

// violations are what axe finds wrong.
func (p *tab) violations() []string {
	p.t.Helper()
	found := value[struct{ Passes, Problems []string }](p, `axe.run().then((r) => ({
		passes: r.passes.map((each) => each.id),
		problems: r.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html + " " + node.failureSummary).join("\n"))}))`)
	if !slices.Contains(found.Passes, "color-contrast") || len(found.Passes) < 20 {
		p.t.Errorf("axe only made these checks: %q", found.Passes)
	}
	return found.Problems
}

// A report of 10,000 rows is small and quick. The time is told, and not held to:
// the machine may be busy.
func isSmallAndQuick(t *testing.T, browser context.Context, folder string) {
	about, err := os.Stat(filepath.Join(folder, PageFile))
	must(t, err)
	if got := about.Size(); got > 5_000_000 {
		t.Errorf("the page has %d bytes, want fewer than five million", got)
	}
	p := openPage(t, browser, folder)
	p.is(shown, "10,000 rows")
	t.Logf("%d bytes; shown after %s ms; one search %s ms", about.Size(),
		p.text(`performance.getEntriesByType("navigation")[0].loadEventEnd.toFixed(0)`),
		p.text(`(() => { const began = performance.now(), box = document.getElementById("search"); box.value = "person09"; box.dispatchEvent(new Event("input", { bubbles: true })); return (performance.now() - began).toFixed(1); })()`))
	p.is(shown, "1,000 rows of 10,000")
}
