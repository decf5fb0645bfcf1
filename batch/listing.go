package batch

import (
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

// maxReadings is how often a list is read that moves.
const maxReadings = 3

// reading is one reading of a list: which elements the pages showed, and whether they
// can be all of them.
type reading struct {
	idField string
	ids     map[string]bool // folded; of elements without an id, all that they show
	total   int             // as the pages told it
	moved   string          // why what the pages showed may lack some; "" while nothing says so
	empty   bool            // the last page brought nothing new

	begun time.Time // by the server's clock, in whole seconds: the first page shows all who were made before
}

// apart tells an element from the others of its list.
func apart(item cupi.Object, field string) string {
	if id := model.OrElse(item[field], item["URI"]); id != "" {
		return model.Fold(id)
	}
	return string(item.AppendJSON(nil))
}

// add takes the answer for a page, and gives the elements that no page showed before.
func (l *reading) add(answer cupi.Answer) []cupi.Object {
	first := l.ids == nil
	if first {
		l.ids, l.total = map[string]bool{}, answer.Page.Total
		if !answer.Date.IsZero() {
			l.begun = answer.Date.Add(-answer.Took).Truncate(time.Second)
		}
	}
	if !first && slices.ContainsFunc(answer.Page.Items, l.isNew) {
		l.moved = "some were added meanwhile"
	}
	if answer.Page.Total != l.total {
		l.moved = fmt.Sprintf("there were %d of them, and then %d", l.total, answer.Page.Total)
		l.total = answer.Page.Total
	}
	fresh := slices.DeleteFunc(slices.Clone(answer.Page.Items), func(item cupi.Object) bool {
		id := apart(item, l.idField)
		known := l.ids[id]
		l.ids[id] = true
		return known
	})
	if len(fresh) < len(answer.Page.Items) {
		l.moved = "pages showed the same ones again"
	}
	l.empty = len(fresh) == 0
	return fresh
}

// isNew reports whether an element can have been added while the list was read: where the
// total is the same all the same, something was removed too. Those who were made in the
// second in which it began may have been there before; then a second reading shows the same.
func (l *reading) isNew(item cupi.Object) bool {
	created, err := cupi.ParseTime(item["CreationTime"])
	return err == nil && !l.begun.IsZero() && !created.Before(l.begun)
}

// pages is how many pages the list fills, told by its first: a server may give fewer
// rows a page than it was asked for.
func pagesOf(first cupi.Page) int {
	if len(first.Items) == 0 || len(first.Items) >= first.Total {
		return 1
	}
	return (first.Total + len(first.Items) - 1) / len(first.Items)
}

// whole reports whether nothing speaks against it that the pages showed all.
func (l *reading) whole() bool { return l.moved == "" && len(l.ids) == l.total }

// proven reports whether the reading, or that it shows what the one before it did,
// proves that it has all.
func (l *reading) proven(before *reading) bool {
	return l.whole() || before != nil && len(l.ids) >= l.total && maps.Equal(l.ids, before.ids)
}

// why says what speaks against the reading.
func (l *reading) why() string {
	return model.OrElse(l.moved, fmt.Sprintf("the server says that there are %d, and lists %d", l.total, len(l.ids)))
}

// readPages reads a list to its end, so many pages at once. ask gives a page; its error
// ends the reading. visit sees the elements of a page that none before it had. A page
// that brings nothing new ends the list, whatever its total.
func (l *reading) readPages(first cupi.Answer, atOnce int, ask func(page int) (cupi.Answer, error), visit func(page int, fresh []cupi.Object) error) error {
	err := visit(1, l.add(first))
	pages := pagesOf(first.Page)
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
			err = visit(some[i], l.add(answers[i]))
		}
	}
	return err
}

// moves is the failure of a list that could not be read whole.
func (l *reading) moves(what string) *failure {
	return &failure{record.Failed, codes.ListMoves, fmt.Sprintf("the list of %s could not be read whole: %s, however often it was read", what, l.why())}
}
