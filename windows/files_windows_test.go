package windows

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"
)

// Whatever a folder is called, and however long its path is, a run works in it, and the
// lines that it prints can be pasted into cmd.
func TestPaths(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"blanks":       "my files & more (2026)",
		"beyond ASCII": "Jörg Müller – Übergabe",
		"other script": "ユーザー 一覧",
		"percent":      "100% of it",
		"long":         filepath.Join(strings.Repeat("a folder with a long name ", 4)+"1", strings.Repeat("a folder with a long name ", 4)+"2", strings.Repeat("a folder with a long name ", 4)+"3"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			before := s.state()
			folder := filepath.Join(s.folder, path)
			s.must(os.MkdirAll(folder, 0o700))
			if long := len(utf16.Encode([]rune(folder))) > 260; name == "long" && !long {
				t.Fatalf("the path has %d characters, want more than 260", len(folder))
			}
			file := filepath.Join(path, "Übung 1.csv")
			s.write(file, creates(3)+"ünknöwn,,\n")
			printed := s.exits(4, "run", file, "--operation", "create", "--template", "voicemailusertemplate", "--skip-invalid", "--out", filepath.Join(path, "the run"), "--progress", "none")
			s.made(3)
			s.shows(s.read(filepath.Join(path, "the run", "rejects.csv")), "ünknöwn")
			s.paste(0, next(t, printed, "verify"), "")
			s.paste(0, next(t, printed, "rollback"), " --yes")
			s.same(before)
			s.exits(0, "report", filepath.Join(folder, "the run"))
		})
	}
}

// next is the command of a name that a program says can be typed next.
func next(t *testing.T, printed, command string) string {
	t.Helper()
	for line := range strings.Lines(printed) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "cucbulk "+command+" ") {
			return line
		}
	}
	t.Fatalf("it does not say how to %s:\n%s", command, printed)
	return ""
}

// paste types a line into cmd as it was printed.
func (s *site) paste(code int, line, more string) {
	s.t.Helper()
	p := s.command(filepath.Join(os.Getenv("SystemRoot"), "system32", "cmd.exe"))
	p.Env = append(p.Env, "PATH="+filepath.Dir(*program)+";"+os.Getenv("PATH"))
	p.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd /d /s /c "` + line + more + `"`}
	s.must(p.Start())
	go func() {
		_ = p.Wait()
		close(p.ended)
	}()
	p.exits(code)
}

// A file as a spreadsheet on Windows writes it goes back as it came: byte order mark,
// semicolons, CRLF. What is exported and imported again changes nothing.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const heading, good, bad = "Alias;Extension;Nachname\r\n", "new00;4700;Lövgren\r\n", "new01;;\"zwei\r\nZeilen\"\r\n"
	s.write("users.csv", "\uFEFF"+strings.Replace(heading, "Nachname", "LastName", 1)+good+bad)
	s.exits(4, append(run("first"), "--skip-invalid")...)
	rejects := s.read(filepath.Join("first", "rejects.csv"))
	if !strings.HasPrefix(rejects, "\uFEFFFailureReason;Alias;Extension;LastName\r\n") || !strings.HasSuffix(rejects, bad) {
		t.Errorf("rejects.csv holds %q", rejects)
	}
	s.write("mended.csv", strings.Replace(rejects, "new01;;", "new01;4701;", 1))
	s.exits(0, "run", "mended.csv", "--continues", "first", "--out", "second")
	s.made(2)
	for _, name := range []string{"results.csv", "rollback.csv"} {
		text := s.read(filepath.Join("first", name))
		if ends, crlf := strings.Count(text, "\n"), strings.Count(text, "\r\n"); crlf != 0 && crlf != ends {
			t.Errorf("%s has %d lines, of which %d end with CRLF:\n%q", name, ends, crlf, text)
		}
	}
	s.exits(0, "export", "--out", "all.csv")
	before := s.state()
	s.write("all.csv", strings.ReplaceAll(strings.ReplaceAll(s.read("all.csv"), "\r\n", "\n"), "\n", "\r\n"))
	s.shows(s.exits(0, "run", "all.csv", "--operation", "update", "--out", "third"), "unchanged")
	s.same(before)
}

// A disk that is full ends the run before its next request, and there is a way on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if *small == "" {
		t.Skip("there is no small disk: name a folder on one with -small")
	}
	s := newSite(t)
	s.write("users.csv", creates(60))
	there, letGo := s.holdAt(8)
	out := filepath.Join(*small, "run")
	p := s.start(run(out)...)
	p.until(there, "a change in flight")
	ballast := fill(t, *small)
	letGo()
	printed := p.exits(1)
	s.shows(printed, "nothing more is sent: make room or mend the disk", "cucbulk resume")
	s.must(os.Remove(ballast))
	s.shows(s.exits(0, "resume", out, "--doubt-window", "300ms"), "60 rows: 60 created")
	s.made(60)
}

// fill writes a file that takes what the disk has left.
func fill(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
