package plan

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// longer is how many users have an extension that begins with one that a row sets and has one
// digit more, and one of theirs.
type longer struct {
	users   int
	example cupi.Object
}

// fewLonger is from how many on they tell something.
const fewLonger = 2

// longerExtensions are they, by the extension that rows set.
type longerExtensions map[string]longer

// keep looks at the next user of the listing for that.
func (l longerExtensions) keep(user cupi.Object, rows *RowIndex) {
	extension := user["DtmfAccessId"]
	if len(extension) < 3 || strings.Trim(extension, "0123456789") != "" {
		return
	}
	if short := extension[:len(extension)-1]; rows.SetsExtension(short) {
		found := l[short]
		if found.users++; found.example == nil {
			found.example = user
		}
		l[short] = found
	}
}

// unusualLength warns of a primary extension that lacks the last digit of its neighbours on the
// server: where those are, its calls may not get through, and a digit was perhaps lost.
func (l longerExtensions) unusualLength(p Plan) Conflict {
	extension := p.User()["DtmfAccessId"]
	beside := l[extension]
	if extension == "" || beside.users < fewLonger || p.Operation == validate.Delete || p.begun ||
		model.Same("DtmfAccessId", p.Target["DtmfAccessId"], extension) || slices.Contains(p.Record.Literal, "DtmfAccessId") {
		return Conflict{}
	}
	return Conflict{Row: p.Row, Line: p.Line, Code: codes.ExtensionLength, column: "DtmfAccessId", warning: true,
		Message: fmt.Sprintf("%q has %d digits, and %d others on the server that begin with it have %d, such as %q "+
			"(%s): look whether a digit was lost", extension, len(extension), beside.users, len(extension)+1,
			beside.example["DtmfAccessId"], Describe(beside.example))}
}
