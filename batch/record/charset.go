package record

import (
	"cmp"
	"fmt"
	"io"

	"cucbulk/batch/input"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// In which encoding the text of an input is, and what says that it was read in a wrong one.

// findCharset finds in which encoding an input is that says nothing of it: UTF-8 if it can be,
// else the one that is named, else Windows-1252. It gives what there is to say of that, if
// anything is.
func (in *Input) findCharset(named string, text *input.TextCheck) (problem validate.Problem, err error) {
	is, more := text.IsUTF8()
	switch {
	case named == input.UTF8:
	case named != "" && !is:
		in.Format.Encoding = named
	case named != "" && more:
		return in.unused(named, input.UTF8), nil
	case text.IsWindows1252(): // with a byte order mark it never is: that is a letter of UTF-8
		in.Format.Encoding = input.Windows1252
		return in.legacyProblem(text)
	case named == "" && text.Doubtful():
		return in.foreignProblem()
	}
	return validate.Problem{}, nil
}

// foreignProblem says that an input of which some can't be UTF-8, nor all of it Windows-1252, is in
// another encoding, if most of it is.
func (in *Input) foreignProblem() (validate.Problem, error) {
	source, err := in.source()
	if err != nil {
		return validate.Problem{}, err
	}
	defer source.Close()
	whole := input.TextCheck{Whole: true}
	if _, err := io.Copy(&whole, source); err != nil || !whole.Doubtful() {
		return validate.Problem{}, err
	}
	problem, found, err := in.foreignWord()
	if !found || problem.Charset == "" { // some lines are UTF-8, and some are not: each that is not is told
		return validate.Problem{}, err
	}
	return in.inForeign(problem), err
}

// inForeign takes the input for one in another encoding, so that its texts can be shown, and says
// under which heading that was seen.
func (in *Input) inForeign(problem input.Foreign) validate.Problem {
	in.Format.Encoding = cmp.Or(problem.Charset, input.Windows1252)
	if problem.Cell < len(in.heading.cells) {
		problem.Column = in.heading.cells[problem.Cell]
	}
	return problem.Problem
}

// foreignWord looks for what shows that the input is in another encoding.
func (in Input) foreignWord() (problem input.Foreign, found bool, err error) {
	source, err := in.source()
	if err != nil {
		return input.Foreign{}, false, err
	}
	defer source.Close()
	return input.ForeignWord(source, rune(in.Format.Delimiter))
}

// unused warns of an encoding that is named and is not the input's.
func (in Input) unused(named, found string) validate.Problem {
	return validate.Problem{Line: max(1, in.Format.HeaderLine), Code: codes.EncodingUnused, Warning: true,
		Message: fmt.Sprintf("the file is %s, and is read so: --encoding %s is not heeded", found, named)}
}

// legacyProblem says that the input was read as Windows-1252, or that it can't be that.
func (in *Input) legacyProblem(text *input.TextCheck) (validate.Problem, error) {
	problem, found, err := in.foreignWord()
	if !found {
		return text.Problem(), err
	}
	return in.inForeign(problem), err
}
