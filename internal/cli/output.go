package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cucbulk/reports"
)

// inertWriter escapes what a terminal would obey: control characters other than
// line feed and tab, characters that turn the direction of writing, and bytes
// that are no text. Each write must end between two characters.
type inertWriter struct{ out io.Writer }

func (w inertWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.out, inert(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

func inert(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, commandsTerminal) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case commandsTerminal(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func commandsTerminal(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// visible replaces in the name of a new file what would command a terminal that lists it.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r == '\n' || r == '\t' || commandsTerminal(r) {
			return '_'
		}
		return r
	}, name)
}

// oneLine makes one line of a text that may have several.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// columns is how wide help may be: a terminal has 80 columns, mostly.
const columns = 79

// filled breaks the paragraphs of a text anew, so that lines fit. Lines that begin
// with a blank stay as they are.
func filled(text string) string {
	var b strings.Builder
	width := 0 // of the line so far
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" || line[0] == ' ' {
			if width > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(line)
			width = 0
			continue
		}
		for _, word := range strings.Fields(line) {
			length := utf8.RuneCountInString(word)
			switch {
			case width > 0 && width+1+length > columns:
				b.WriteByte('\n')
				width = 0
			case width > 0:
				b.WriteByte(' ')
				width++
			}
			b.WriteString(word)
			width += length
		}
	}
	return b.String()
}

// hanging breaks a text into lines that fit. The first begins with first, each of
// the others with margin.
func hanging(first, margin, text string) string {
	return hangingIn(columns, first, margin, strings.Fields(text))
}

// hangingIn does so in a width, between these words.
func hangingIn(width int, first, margin string, words []string) string {
	var b strings.Builder
	line := first
	for i, word := range words {
		switch {
		case i == 0:
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			b.WriteString(line + "\n")
			line = margin
		default:
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// sentenceIn is a sentence whose lines end between words; a width of 0 is any.
func sentenceIn(width int, first, text string) string {
	if width == 0 {
		return first + text + "\n"
	}
	return hangingIn(width, first, "  ", unbroken(text))
}

// softened breaks the lines of a text that a terminal of this width would break itself, in the middle
// of words. What follows stands as far in as the line began, and two more. A line that is a command
// stays, to be copied.
func softened(text string, width int) string {
	if width <= 0 || !longerThan(text, width) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		content, end := strings.TrimRight(line, "\n"), line[len(strings.TrimRight(line, "\n")):]
		bare := strings.TrimLeft(content, " ")
		margin := strings.Repeat(" ", min(len(content)-len(bare), width/2))
		if utf8.RuneCountInString(content) <= width || strings.HasPrefix(bare, "cucbulk ") {
			b.WriteString(line)
			continue
		}
		first, rest := splitAligned(bare)
		b.WriteString(strings.TrimSuffix(hangingIn(width, margin+first, margin+"  ", unbroken(rest)), "\n") + end)
	}
	return b.String()
}

// longerThan reports whether some line of a text has more characters.
func longerThan(text string, width int) bool {
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > width {
			return true
		}
	}
	return false
}

// splitAligned takes off what stands in front of the last of several blanks in a row, as the name of a
// file does before what it is for.
func splitAligned(line string) (first, rest string) {
	at := strings.LastIndex(line, "  ") + 1
	if at == 0 {
		return "", line
	}
	return line[:at+1], line[at+1:]
}

// unbroken gives the words of a sentence between which a line may end. A command that people
// copy is one of them.
func unbroken(text string) []string {
	var words []string
	inCommand := false
	for i, word := range strings.Fields(text) {
		if inCommand {
			words[len(words)-1] += " " + word
		} else {
			words = append(words, word)
		}
		inCommand = (inCommand || word == "cucbulk" && i > 0) && !strings.ContainsAny(word[len(word)-1:], ".,;:)")
	}
	return words
}

func rowsText(n int) string { return reports.Count(n, "row", "rows") }

func usersText(n int) string { return reports.Count(n, "user", "users") }

// requestsText lists requests by method: "4: 3 GET, 1 PUT", and "3 GET" alone.
func requestsText(requests map[string]int) string {
	var parts []string
	for _, method := range sortedKeys(requests) {
		if n := requests[method]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, method))
		}
	}
	text := strings.Join(parts, ", ")
	if len(parts) > 1 {
		text = fmt.Sprintf("%d: %s", total(requests), text)
	}
	return text
}

// total adds up counts.
func total(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
