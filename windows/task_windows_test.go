package windows

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/internal/interrupt"
)

// The command line of the scheduled task is one that Windows takes apart as it is meant, and
// works in its folder, with the flags of the sample.
func TestTheTaskRunsItsCommand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	schedules := filepath.Join("..", "samples", "schedules")
	text, err := os.ReadFile(filepath.Join(schedules, "cucbulk-task.xml"))
	s.must(err)
	var task struct {
		Command   string `xml:"Actions>Exec>Command"`
		Arguments string `xml:"Actions>Exec>Arguments"`
	}
	s.must(xml.Unmarshal(text, &task))
	flags, err := os.ReadFile(filepath.Join(schedules, "cucbulk.yaml"))
	s.must(err)
	s.write("cucbulk.yaml", strings.ReplaceAll(strings.Replace(string(flags), "https://cuc1.example.com", s.url, 1), "user: bulkadmin", "user: admin"))
	s.write("password.txt", password+"\r\n")
	s.write("nightly.csv", "Alias,DtmfAccessId,EmployeeId\r\nnew00,4700,E1\r\n")
	p := s.command(*program)
	p.Env = append(os.Environ(), "CUCBULK_SERVER=", "CUCBULK_USER=", "CUCBULK_PASSWORD=")
	interrupt.Prepare(p.Cmd) // another test's Ctrl-C is not meant for it
	p.SysProcAttr.CmdLine = `"` + task.Command + `" ` + task.Arguments
	s.must(p.Start())
	go func() {
		_ = p.Wait()
		close(p.ended)
	}()
	s.shows(p.exits(0), `"exitCode":0`)
	s.made(1)
}
