package send

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// A list is read page by page, and the server has no snapshot of it: whoever is removed
// or added meanwhile moves others to another page, where they may be passed over.

// MaxReadings is how often a list is read that moves.
const MaxReadings = 3

// Reading is one reading of a list: which elements the pages showed, and whether they
// can be all of them.
type Reading struct {
	IdField string
	IDs     map[string]bool // folded; of elements without an id, all that they show
	Total   int             // as the pages told it
	Moved   string          // why what the pages showed may lack some; "" while nothing says so
	empty   bool            // the last page brought nothing new

	begun time.Time // by the server's clock, in whole seconds: the first page shows all who were made before
}

// Identifier tells an element from the others of its list.
func Identifier(item cupi.Object, field string) string {
	if id := cmp.Or(item[field], item["URI"]); id != "" {
		return model.Fold(id)
	}
	return string(item.AppendJSON(nil))
}

// Add takes the answer for a page, and gives the elements that no page showed before.
func (l *Reading) Add(answer cupi.Answer) []cupi.Object {
	first := l.IDs == nil
	if first {
		l.IDs, l.Total = map[string]bool{}, answer.Page.Total
		if !answer.Date.IsZero() {
			l.begun = answer.Date.Add(-answer.Took).Truncate(time.Second)
		}
	}
	if !first && slices.ContainsFunc(answer.Page.Items, l.isNew) {
		l.Moved = "some were added meanwhile"
	}
	if answer.Page.Total != l.Total {
		l.Moved = fmt.Sprintf("there were %d of them, and then %d", l.Total, answer.Page.Total)
		l.Total = answer.Page.Total
	}
	fresh := slices.DeleteFunc(slices.Clone(answer.Page.Items), func(item cupi.Object) bool {
		id := Identifier(item, l.IdField)
		known := l.IDs[id]
		l.IDs[id] = true
		return known
	})
	if len(fresh) < len(answer.Page.Items) {
		l.Moved = "pages showed the same ones again"
	}
	l.empty = len(fresh) == 0
	return fresh
}

// isNew reports whether an element can have been added while the list was read: where the
// total is the same all the same, something was removed too. Those who were made in the
// second in which it began may have been there before; then a second reading shows the same.
func (l *Reading) isNew(item cupi.Object) bool {
	created, err := cupi.ParseTime(item["CreationTime"])
	return err == nil && !l.begun.IsZero() && !created.Before(l.begun)
}

// PagesOf is how many pages the list fills, told by its first: a server may give fewer
// rows a page than it was asked for.
func PagesOf(first cupi.Page) int {
	if len(first.Items) == 0 || len(first.Items) >= first.Total {
		return 1
	}
	return (first.Total + len(first.Items) - 1) / len(first.Items)
}

// Whole reports whether nothing speaks against it that the pages showed all.
func (l *Reading) Whole() bool { return l.Moved == "" && len(l.IDs) == l.Total }

// Proven reports whether the reading, or that it shows what the one before it did,
// proves that it has all.
func (l *Reading) Proven(before *Reading) bool {
	return l.Whole() || before != nil && len(l.IDs) >= l.Total && maps.Equal(l.IDs, before.IDs)
}

// Why says what speaks against the reading.
func (l *Reading) Why() string {
	return cmp.Or(l.Moved, fmt.Sprintf("the server says that there are %d, and lists %d", l.Total, len(l.IDs)))
}

// ReadPages reads a list to its end, so many pages at once. ask gives a page; its error
// ends the reading. visit sees the elements of a page that none before it had. A page
// that brings nothing new ends the list, whatever its total.
func (l *Reading) ReadPages(first cupi.Answer, atOnce int, ask func(page int) (cupi.Answer, error),
	visit func(page int, fresh []cupi.Object) error) error {
	err := visit(1, l.Add(first))
	pages := PagesOf(first.Page)
	for page := 2; page <= pages && !l.empty && err == nil; {
		some := make([]int, 0, atOnce)
		for ; page <= pages && len(some) < atOnce; page++ {
			some = append(some, page)
		}
		var answers []cupi.Answer
		if answers, err = pool.AllAtOnce(atOnce, some, ask); err != nil {
			return err
		}
		for i := 0; i < len(answers) && err == nil && !l.empty; i++ {
			err = visit(some[i], l.Add(answers[i]))
		}
	}
	return err
}

// moves is the failure of a list that could not be read whole.
func (l *Reading) moves(what string) *Failure {
	return &Failure{record.Failed, codes.ListMoves, fmt.Sprintf("the list of %s could not be read whole: %s, however "+
		"often it was read", what, l.Why())}
}
