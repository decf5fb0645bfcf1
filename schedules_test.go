package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func schedule(t *testing.T, name string) string {
	t.Helper()
	return read(t, filepath.Join("samples", "schedules", name))
}

// TestSchedulesCallWhatIsThere asks the program for every flag that the schedules use.
func TestSchedulesCallWhatIsThere(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{
		"cucbulk.service": `(?m)^ExecStart=\S*/(cucbulk .*)$`, "cucbulk.cron": `(?m)^\d.* \{ (cucbulk [^;>]*)`,
		"cucbulk-task.xml": `<Arguments>(.*)</Arguments>`, "Register-CucbulkTask.ps1": `(?m)^\$arguments = '(.*)'\r?$`,
	} {
		found := regexp.MustCompile(pattern).FindStringSubmatch(schedule(t, name))
		if found == nil {
			t.Errorf("%s calls nothing", name)
			continue
		}
		line := "cucbulk " + strings.TrimPrefix(found[1], "cucbulk ")
		if problem := commandProblem(t.Context(), line); problem != "" {
			t.Errorf("%s: %s: %s", name, line, problem)
		}
		for _, flag := range []string{" --config ", " --not-after ", " --skip-invalid", " --json", " --operation upsert"} {
			if !strings.Contains(line+" ", flag) {
				t.Errorf("%s calls it without%s", name, flag)
			}
		}
	}
}

// TestSystemdTakesTheUnits has systemd judge the units. Where it isn't installed,
// nobody can.
func TestSystemdTakesTheUnits(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	service, timer := filepath.Join(folder, "cucbulk.service"), filepath.Join(folder, "cucbulk.timer")
	for path, text := range map[string]string{service: strings.ReplaceAll(schedule(t, "cucbulk.service"), "/usr/local/bin/cucbulk", self), timer: schedule(t, "cucbulk.timer")} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, arguments := range [][]string{{"verify", service, timer}, {"security", "--offline=yes", "--threshold=20", service}, {"calendar", "Mon..Fri 02:15"}} {
		if printed, err := exec.Command(analyze, arguments...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(arguments, " "), err, printed)
		}
	}
	if !strings.Contains(schedule(t, "cucbulk.timer"), "OnCalendar=Mon..Fri 02:15") {
		t.Error("the timer has another time than the one that was looked at")
	}
}

// taskElements are the elements of a task, under their path, in the order that the
// Task Scheduler's schema asks for; it takes the settings in any order.
var taskElements = map[string][]string{
	"Task":                                         {"RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"},
	"Task/RegistrationInfo":                        {"Date", "Author", "Description", "URI"},
	"Task/Triggers":                                {"CalendarTrigger"},
	"Task/Triggers/CalendarTrigger":                {"Repetition", "StartBoundary", "EndBoundary", "ExecutionTimeLimit", "Enabled", "RandomDelay", "ScheduleByDay", "ScheduleByWeek"},
	"Task/Principals":                              {"Principal"},
	"Task/Principals/Principal":                    {"UserId", "LogonType", "RunLevel"},
	"Task/Actions":                                 {"Exec"},
	"Task/Actions/Exec":                            {"Command", "Arguments", "WorkingDirectory"},
	"Task/Settings":                                nil,
	"Task/Settings/MultipleInstancesPolicy":        {},
	"Task/Triggers/CalendarTrigger/ScheduleByWeek": {"DaysOfWeek", "WeeksInterval"},
	"Task/Triggers/CalendarTrigger/ScheduleByWeek/DaysOfWeek": {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
}

func TestTheTaskIsOneOfTheTaskScheduler(t *testing.T) {
	t.Parallel()
	text := schedule(t, "cucbulk-task.xml")
	decoder := xml.NewDecoder(strings.NewReader(text))
	var path []string
	last := map[string]int{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch element := token.(type) {
		case xml.StartElement:
			if element.Name.Space != "http://schemas.microsoft.com/windows/2004/02/mit/task" {
				t.Errorf("%s is in the namespace %q", element.Name.Local, element.Name.Space)
			}
			parent := strings.Join(path, "/")
			path = append(path, element.Name.Local)
			order, known := taskElements[parent]
			if !known || order == nil {
				continue
			}
			place := slices.Index(order, element.Name.Local)
			if place < last[parent] {
				t.Errorf("%s has %s where it does not belong", parent, element.Name.Local)
			}
			last[parent] = place
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	for _, needed := range []string{"<MultipleInstancesPolicy>IgnoreNew<", "<RunLevel>LeastPrivilege<", `<Principal id="Author">`, `<Actions Context="Author">`, "<ExecutionTimeLimit>PT4H<"} {
		if !strings.Contains(text, needed) {
			t.Errorf("the task has no %s", needed)
		}
	}
	script := schedule(t, "Register-CucbulkTask.ps1")
	arguments := regexp.MustCompile(`<Arguments>(.*)</Arguments>`).FindStringSubmatch(text)[1]
	if !strings.Contains(script, "$arguments = '"+arguments+"'") || strings.Count(script, "{") != strings.Count(script, "}") {
		t.Error("the script registers another task than the XML")
	}
}
