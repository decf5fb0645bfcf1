package windows

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"

	"cucbulk/internal/interrupt"
)

// Whatever the code page of a console is, it shows the letters that are meant.
func TestConsoleCodePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.write("Größe – zł.csv", "Alias,DtmfAccessId\nnew00,\n")
	for _, page := range []uint32{437, 850, 1252, 65001} {
		s.atConsole(func(c console) error {
			if err := windows.SetConsoleOutputCP(page); err != nil {
				return err
			}
			shown, err := c.shows(s.command(*program, "validate", "Größe – zł.csv", "--operation", "create", "--template", "t", "--all"), "")
			if !strings.Contains(shown, "Größe – zł.csv:2: DtmfAccessId: is empty") {
				t.Errorf("with code page %d the console shows\n%s", page, shown)
			}
			return err
		})
	}
}

// At a console the program asks for the password, which it does not show, draws its bar
// without commands that a console may not know, and asks before it takes back.
func TestConsoleAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.state()
	s.write("users.csv", creates(6))
	_, letGo := s.holdAt(5)
	s.atConsole(func(c console) error {
		p := s.command(*program, "run", "users.csv", "--operation", "create", "--template", "voicemailusertemplate", "--out", "run", "--canary", "0", "--workers", "1")
		p.Env = append(p.Env, "CUCBULK_PASSWORD=")
		shown := ""
		go func() {
			defer letGo()
			for began := time.Now(); !strings.Contains(shown, "(2/6)") && time.Since(began) < patience; time.Sleep(50 * time.Millisecond) {
				shown, _ = c.text()
			}
		}()
		last, err := c.shows(p, password+"\r")
		s.shows(shown, " 33% [==", "(2/6)")
		s.shows(last, "6 rows: 6 created")
		if all := shown + last; strings.Contains(all, password) || strings.ContainsAny(all, "\x1b←") {
			t.Errorf("the console shows\n%s", all)
		}
		return err
	})
	s.made(6)
	s.atConsole(func(c console) error {
		shown, err := c.shows(s.command(*program, "rollback", "run"), "6 127.0.0.1\r")
		s.shows(shown, "to go on: ", "6 rows: 6 deleted")
		return err
	})
	s.same(before)
}

// console is one that this process is at.
type console struct {
	screen, keyboard *os.File
}

// atConsole makes a console, and does something there.
func (s *site) atConsole(do func(console) error) {
	s.t.Helper()
	holder := s.start("simulate", "--addr", "127.0.0.1:0") // a program that lives, and so does its console
	holder.says("The simulator answers")
	s.must(interrupt.AtConsole(holder.Process, func() error {
		screen, err := open("CONOUT$")
		if err != nil {
			return err
		}
		defer screen.Close()
		keyboard, err := open("CONIN$")
		if err != nil {
			return err
		}
		defer keyboard.Close()
		return do(console{screen, keyboard})
	}))
	s.must(interrupt.Send(holder.Process, nil))
	holder.exits(0)
}

// open opens a part of the console of this process, for programs too.
func open(part string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(part)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return os.NewFile(uintptr(handle), part), nil
}

// shows types a text, runs a program that reads it, and gives what stands on the screen then.
func (c console) shows(p *process, typed string) (string, error) {
	p.Stdin, p.Stdout, p.Stderr = c.keyboard, c.screen, c.screen
	if err := c.types(typed); err != nil {
		return "", err
	}
	_ = p.Run() // the screen says how it ended
	return c.text()
}

// key is an INPUT_RECORD with a KEY_EVENT_RECORD.
type key struct {
	kind, _       uint16
	down          int32
	times         uint16
	virtual, scan uint16
	char          uint16
	state         uint32
}

func (c console) types(text string) error {
	write := windows.NewLazySystemDLL("kernel32.dll").NewProc("WriteConsoleInputW")
	for _, char := range utf16.Encode([]rune(text)) {
		for _, down := range []int32{1, 0} {
			pressed := key{kind: 1, down: down, times: 1, char: char}
			if char == '\r' {
				pressed.virtual = 0x0D
			}
			var n uint32
			if ok, _, err := write.Call(c.keyboard.Fd(), uintptr(unsafe.Pointer(&pressed)), 1, uintptr(unsafe.Pointer(&n))); ok == 0 {
				return errors.Join(errors.New("WriteConsoleInput"), err)
			}
		}
	}
	return nil
}

// text is what stands on the screen.
func (c console) text() (string, error) {
	var about windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(c.screen.Fd()), &about); err != nil {
		return "", err
	}
	read := windows.NewLazySystemDLL("kernel32.dll").NewProc("ReadConsoleOutputCharacterW")
	var text strings.Builder
	for y := range about.CursorPosition.Y + 1 {
		line := make([]uint16, about.Size.X)
		var n uint32
		if ok, _, err := read.Call(c.screen.Fd(), uintptr(unsafe.Pointer(&line[0])), uintptr(len(line)), uintptr(uint32(y)<<16), uintptr(unsafe.Pointer(&n))); ok == 0 {
			return "", errors.Join(errors.New("ReadConsoleOutputCharacter"), err)
		}
		text.WriteString(strings.TrimRight(string(utf16.Decode(line[:n])), " ") + "\n")
	}
	return text.String(), nil
}
