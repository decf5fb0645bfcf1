package cli

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
)

// bar is the line of a terminal that shows how far a run is. Not safe for
// concurrent use.
type bar struct {
	bar *progressbar.ProgressBar
	on  io.Writer
}

// besideBar is the room for text behind the bar: what is left of 80 columns after
// the percentage, the count, and a bar that is still one.
const besideBar = 46

func newBar(terminal io.Writer, total int) *bar {
	return &bar{on: terminal, bar: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(terminal), progressbar.OptionThrottle(barEvery), progressbar.OptionFullWidth(),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionUseANSICodes(ansi()), progressbar.OptionSetTheme(progressbar.ThemeASCII))}
}

// ansi reports whether a terminal surely knows how to clear a line. Without it the
// bar is overwritten with blanks first, which may flicker.
func ansi() bool { return runtime.GOOS != "windows" }

func (b *bar) add() {
	_ = b.bar.Add(1) // past its end it complains, and the run does not care
}

// show puts a text behind the bar, always of one length, so that the bar stands still.
func (b *bar) show(text string) {
	if utf8.RuneCountInString(text) > besideBar {
		text = string([]rune(text)[:besideBar-1]) + "…"
	}
	b.bar.Describe(fmt.Sprintf("%-*s", besideBar, inert(text)))
}

// above makes room for lines above the bar, which comes back with its next change.
func (b *bar) above(write func()) {
	b.wipe()
	write()
}

func (b *bar) wipe() {
	if ansi() {
		io.WriteString(b.on, "\r\033[2K")
		return
	}
	io.WriteString(b.on, "\r"+strings.Repeat(" ", columns)+"\r")
}

// end takes the bar away: the last screen says it all.
func (b *bar) end() {
	_ = b.bar.Exit()
	b.wipe()
}
