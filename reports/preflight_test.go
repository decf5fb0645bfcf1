package reports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// checkedRows is an input of so many rows, of which each tenth is invalid.
func checkedRows(t *testing.T, rows int) *plan.Checked {
	t.Helper()
	var text strings.Builder
	text.WriteString("Operation,Alias,Title,PIN\r\n")
	for i := range rows {
		title := "Buyer"
		if i%10 == 9 {
			title = strings.Repeat("x", 70)
		}
		fmt.Fprintf(&text, "update,user%05d,\"%s\",94725%d\r\n", i+1, title, i%10)
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	must(t, os.WriteFile(path, []byte(text.String()), 0o600))
	in, err := record.OpenInput("people.csv", path)
	must(t, err)
	checked, err := plan.Check(in, record.Options{Match: "Alias", SkipInvalid: true}, func(validate.Problem) {})
	must(t, err)
	return checked
}

// planned is what a pre-flight says of its rows, with texts as long as people have them.
func planned(checked *plan.Checked, yield func(batch.Preview, error) bool) {
	for i := range checked.Rows {
		row := batch.Preview{Row: i + 1, Line: i + 2, Operation: validate.Update, Alias: fmt.Sprintf("user%05d", i+1), Status: record.Updated, Reversible: record.FullyReversible, Requests: map[string]int{"GET": 1, "PUT": 1}}
		code, message, rejected := checked.Rejection(i + 1)
		switch {
		case rejected:
			row.Status, row.Code, row.Message, row.Requests = record.Invalid, code, message, nil
		case i%7 == 3:
			row.Operation, row.Status, row.Reversible = validate.Delete, record.Deleted, record.PartlyReversible
			row.Removed = []batch.Removal{{Step: validate.StepUser, What: "the user " + row.Alias + " (<b>Ada</b> Byron), extension 4001", Fields: cupi.Object{"Alias": row.Alias}}, {Step: "alternateextensions/1", What: "the alternate extension 777001"}}
			row.Lost = []string{"messages, greetings, PIN, password and ObjectId do not come back"}
		default:
			for f := range 8 {
				row.Changes = append(row.Changes, batch.FieldChange{Step: validate.StepUser, Field: "Field" + strconv.Itoa(f), Old: fmt.Sprintf("what it was %d", i), New: fmt.Sprintf("=what it will be %d", i)})
			}
		}
		if !yield(row, nil) {
			return
		}
	}
}

// plannedFolder is a folder that a pre-flight of so many rows left.
func plannedFolder(t *testing.T, rows int) string {
	t.Helper()
	folder, checked := t.TempDir(), checkedRows(t, rows)
	sha, notices, err := plannedOf(checked).Write(folder)
	must(t, err)
	if len(sha) != 64 || len(notices) != 1 || !strings.Contains(string(notices[0]), "PIN are left out") {
		t.Fatalf("SHA-256 %q, notices %q", sha, notices)
	}
	return folder
}

func plannedOf(checked *plan.Checked) Preflight {
	return Preflight{
		Checked: checked,
		Rows:    func(yield func(batch.Preview, error) bool) { planned(checked, yield) },
		Found: func() (Findings, error) {
			plan := batch.SavedPlan{Version: batch.SavedPlanVersion, Tool: "cucbulk test", Made: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Input: checked.Input, Server: record.Identity{URL: "https://cuc1.example.com"}, Account: "admin",
				Forecast: &batch.Forecast{Requests: map[string]int{"GET": 9, "PUT": 9}, NotChecked: []string{"how many licences are left"}}}
			return Findings{Plan: plan, ExitCode: record.ExitInvalid, Time: "about 2 min",
				Problems: []ProblemKind{{Column: "Title", Code: codes.TooLong, Rows: 2000, Lines: "11, 21 and more up to 20001", Example: "has 70 characters <i>"}}}, nil
		},
		Next: func(sha string) []Suggestion { return []Suggestion{{"Do it:", "cucbulk run --plan-sha256 " + sha}} },
	}
}

// tellsOfAPreflight looks at preflight.html in a browser.
func tellsOfAPreflight(t *testing.T, browser context.Context, folder string) {
	path := filepath.Join(folder, PreflightFile)
	about, err := os.Stat(path)
	must(t, err)
	if got := about.Size(); got > 10_000_000 {
		t.Errorf("the page has %d bytes, want fewer than ten million", got)
	}
	p := openFile(t, browser, path)
	p.is(shown, "20,000 rows")
	t.Logf("%d bytes; shown after %s ms", about.Size(), p.text(`performance.getEntriesByType("navigation")[0].loadEventEnd.toFixed(0)`))
	p.is("document.title", "Pre-flight of people.csv")
	p.do(chromedpClick(statusBox("deleted")))
	p.is(`document.querySelector("tr.row").textContent.includes("<b>Ada</b> Byron")`, "true")
	p.do(chromedpClick("tr.row button"))
	p.is(dialog, "true")
	p.is(`[...document.querySelectorAll("#details li")].map((each) => each.textContent).join("; ")`,
		"the user user00004 (<b>Ada</b> Byron), extension 4001; the alternate extension 777001; messages, greetings, PIN, password and ObjectId do not come back")
	p.do(chromedpClick("#details form button"), chromedpClick("button[type=reset]"))
	p.do(chromedpClick(`button[data-code="too-long"]`))
	p.is(shown, "2,000 rows of 20,000")
	p.do(chromedpClick("button[type=reset]"))
	p.is(shown, "20,000 rows")
	p.is(`(() => { const box = document.getElementById("search"); box.value = "=WHAT it will be 17”"; box.dispatchEvent(new Event("input", { bubbles: true })); return document.getElementById("shown").textContent; })()`, "0 rows of 20,000")
	p.is(`(() => { const box = document.getElementById("search"); box.value = "it will be 18”"; box.dispatchEvent(new Event("input", { bubbles: true })); return document.getElementById("shown").textContent; })()`, "1 row of 20,000")
	p.do(chromedpClick("tr.row button"))
	p.is(`document.querySelector("#details .changes tbody tr").textContent`, "Field0what it was 18=what it will be 18")
	p.do(chromedpClick("#details form button"), chromedpClick("button[type=reset]"))
	p.isAccessible()
}

// The files say the same, hold no secret, and overwrite none.
func TestThePreflightLeavesAFolder(t *testing.T) {
	t.Parallel()
	folder := plannedFolder(t, 20)
	for _, name := range []string{PlanFile, PlanTable, ProblemsFile, PreflightFile} {
		about, err := os.Stat(filepath.Join(folder, name))
		must(t, err)
		if about.Mode().Perm() != 0o600 && runtime.GOOS != "windows" { // where modes say nothing
			t.Errorf("%s has the mode %o, want 600", name, about.Mode().Perm())
		}
		if text := string(read(t, folder, name)); strings.Contains(text, "94725") {
			t.Errorf("%s has a PIN in it", name)
		}
	}
	_, lines := table(t, read(t, folder, PlanTable))
	if len(lines) != 20 || lines[0]["Changes"] == "" || lines[3]["Removed"] == "" || lines[3]["Lost"] == "" || lines[9]["Code"] != "too-long" {
		t.Errorf("plan.csv: %d lines, %v", len(lines), lines)
	}
	problems := string(read(t, folder, ProblemsFile))
	if want := "FailureReason,Operation,Alias,Title\r\n"; !strings.HasPrefix(problems, want) || strings.Count(problems, "\r\n") != 3 {
		t.Errorf("problems.csv is %q, want it to begin with %q and to have two rows", problems, want)
	}
	if want := ",update,user00010,\"" + strings.Repeat("x", 70) + "\"\r\n"; !strings.Contains(problems, want) {
		t.Errorf("problems.csv is %q, want in it %q", problems, want)
	}
	plan, err := ReadPlan(folder)
	must(t, err)
	n := 0
	for preview, err := range plan.Rows() {
		must(t, err)
		if n++; preview.Row != n {
			t.Fatalf("row %d is the plan's number %d", preview.Row, n)
		}
	}
	if n != 20 || plan.Account != "admin" || plan.Input.Name != "people.csv" {
		t.Errorf("%d rows, %+v", n, plan.SavedPlan)
	}
	before := read(t, folder, PlanFile)
	if _, _, err := plannedOf(checkedRows(t, 1)).Write(folder); err == nil || string(read(t, folder, PlanFile)) != string(before) {
		t.Errorf("a second pre-flight wrote over the first: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(folder, PlanFile), before[:len(before)-9], 0o600))
	if _, err := ReadPlan(folder); err == nil {
		t.Error("a plan that is cut off is read")
	}
}

func chromedpClick(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}
