package cli

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
)

// How often progress shows.
const (
	barEvery   = 100 * time.Millisecond
	textEvery  = 500 * time.Millisecond // behind the bar: faster can't be read
	plainEvery = 10 * time.Second
	jsonEvery  = time.Second
)

// bar is the line of a terminal that shows how far a run is. Not safe for
// concurrent use.
type bar struct {
	bar   *progressbar.ProgressBar
	on    io.Writer
	width func() int // columns of the terminal; see [Environment]
	count int        // columns that the count may take
	rows  int        // that it shows
}

// besideBar is the room for text behind the bar: what is left of 80 columns after
// the percentage, the count, and a bar that is still one. leastBar is what such a bar
// and the percentage need.
const (
	besideBar = 46
	leastBar  = 14
)

func newBar(terminal io.Writer, width func() int, total int) *bar {
	return &bar{on: terminal, width: width, count: len(fmt.Sprintf(" (%d/%d) ", total, total)), bar: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(terminal), progressbar.OptionThrottle(barEvery), progressbar.OptionFullWidth(),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionUseANSICodes(ansi()),
		progressbar.OptionSetTheme(progressbar.ThemeASCII))}
}

// ansi reports whether a terminal surely knows how to clear a line. Without it the
// bar is overwritten with blanks first, which may flicker.
func ansi() bool { return runtime.GOOS != "windows" }

// set draws so many rows, if there are more than before.
func (b *bar) set(rows int) {
	if rows > b.rows {
		b.rows = rows
		_ = b.bar.Set(rows) // past its end it complains, and the run does not care
	}
}

// show puts a text behind the bar, always of one length, so that the bar stands still.
func (b *bar) show(text string) {
	room := b.room()
	if utf8.RuneCountInString(text) > room {
		text = string([]rune(text)[:max(0, room-1)]) + "…"
	}
	if room == 0 {
		text = ""
	}
	b.bar.Describe(fmt.Sprintf("%-*s", room, inert(text)))
}

// room is how many columns the text may take. A line that is wider than the terminal
// would leave a copy of itself behind with each change.
func (b *bar) room() int {
	width := 0
	if b.width != nil {
		width = b.width()
	}
	if width == 0 {
		width = columns
	}
	return max(0, min(besideBar, width-leastBar-b.count))
}

// above makes room for lines above the bar, which comes back with its next change.
func (b *bar) above(write func()) {
	b.wipe()
	write()
}

// wipe clears the line itself: the bar's own Clear leaves the text there on Windows, and
// everywhere when the bar was drawn once only, full.
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
