package export

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync/atomic"

	"golang.org/x/text/unicode/norm"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Options says which users to export, and what of them.
type Options struct {
	Table   *validate.Table // what to export; nil: users
	Query   cupi.Query      // zero: every user
	Aliases map[string]bool // folded; nil: every user that the query finds
	Columns []string        // headings of columns; nil: those that cost least, or with BAT all that BAT has
	Tenant  string          // alias of the tenant whose are exported; "": all
	BAT     bool            // write as BAT reads it: its headings, 1 and 0
	BOM     bool            // begin with a byte order mark, for spreadsheets that want one
}

// about is what to export.
func (o Options) about() *model.Object { return model.ObjectOf(cmp.Or(o.Table, validate.Users)) }

// Exported counts what an export cost.
type Exported struct {
	Users    int `json:"users"`
	Requests int `json:"requests"`
	LeftOut  int `json:"leftOut"` // values that no cell can hold: a run leaves them as they are

	Strangers int `json:"strangers,omitempty"` // members of whom the server does not show who they are: no row has them
	Alike     int `json:"alike,omitempty"`     // rows about members who have one name, without a column that tells them apart
}

// Write writes users as CSV in the columns that a run reads, as the server shows
// them, page by page. It changes nothing on the server.
func Write(ctx context.Context, server send.Server, options Options, w io.Writer) (Exported, error) {
	layout, err := options.Layout()
	if err != nil {
		return Exported{}, err
	}
	out := csv.NewWriter(w)
	if options.BOM {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return Exported{}, err
		}
	}
	if err := out.Write(layout.Headings); err != nil {
		return Exported{}, err
	}
	e := &exporter{about: options.about(), Session: send.NewReadingSession(server, options.Tenant), server: server, options: options, layout: layout, seen: map[string]bool{}, out: out}
	e.put = e.putRows
	if err := e.export(ctx); err != nil {
		return Exported{}, plan.CouldNotStart(err)
	}
	out.Flush()
	e.done.Requests, e.done.LeftOut = int(e.Session.Sent.Load()), int(e.leftOut.Load())
	e.done.Strangers, e.done.Alike = int(e.strangers.Load()), int(e.alike.Load())
	return e.done, out.Error()
}

type exporter struct {
	*send.Session
	about   *model.Object
	server  send.Server
	options Options
	layout  Layout
	seen    map[string]bool              // folded ObjectIds of users that were written
	names   map[string]map[string]string // collection -> folded id -> name
	lists   send.PartLists
	mixed   map[string]bool                            // kinds of parts that are read by a list of several; nil while that is not known
	known   map[string]*batch.Subject                  // by ObjectId, of whom parts were read before
	put     func(context.Context, []cupi.Object) error // takes some of those who are exported
	out     *csv.Writer
	leftOut atomic.Int64

	strangers, alike atomic.Int64 // see [Exported]
	done             Exported
}

// export reads the first page alone, to sign in, and then several at once. A list that
// moves meanwhile is read again, for those whom it passed over.
func (e *exporter) export(ctx context.Context) error {
	if err := (&send.Requester{Session: e.Session}).LearnTenant(ctx, e.about); err != nil {
		return err
	}
	first, err := e.page(ctx, 1)
	if err != nil {
		return err
	}
	if err := e.learnNames(ctx); err != nil {
		return err
	}
	e.layout.whole = e.layout.whole || e.about.ListingUntold && e.lacksColumns(first.Page.Items)
	users := first.Page.Total
	if e.options.Aliases != nil {
		users = min(users, len(e.options.Aliases))
	}
	if err := e.readShared(ctx, users, first.Page.Total); err != nil {
		return err
	}
	if len(e.options.Aliases) > 0 && len(e.options.Aliases) < send.PagesOf(first.Page)-1 {
		return e.oneByOne(ctx)
	}
	var before *send.Reading
	for range send.MaxReadings {
		now := &send.Reading{IdField: e.about.Collection.IDField}
		err := now.ReadPages(first, e.Workers, func(page int) (cupi.Answer, error) { return e.page(ctx, page) },
			func(_ int, fresh []cupi.Object) error { return e.write(ctx, fresh) })
		if err != nil || len(first.Page.Items) >= first.Page.Total || now.Proven(before) {
			return err
		}
		before = now
		if first, err = e.page(ctx, 1); err != nil {
			return err
		}
	}
	return &record.Stop{Exit: record.ExitFailed, Code: codes.ListingIncomplete,
		Reason: fmt.Sprintf("the %s can't be listed whole: %s, however often they were read; what was written may lack some. Type the command again", e.about.Many(), before.Why())}
}

// lacksColumns reports whether none of some entries of the listing shows what a column needs.
func (e *exporter) lacksColumns(entries []cupi.Object) bool {
	return len(entries) > 0 && slices.ContainsFunc(e.layout.columns, func(column validate.Column) bool {
		return model.IsMain(column.Step) && !slices.ContainsFunc(entries, func(entry cupi.Object) bool { _, shown := entry[column.Field]; return shown })
	})
}

func (e *exporter) page(ctx context.Context, number int) (cupi.Answer, error) {
	answer, found, err := (&send.Requester{Session: e.Session}).Read(ctx, e.List(e.about.Collection, e.options.Query, number, send.ListingRows))
	if err == nil && !found {
		err = &record.Stop{Exit: record.ExitFailed, Code: codes.NotCUPI, Reason: e.server.URL + " answers, but knows no " + e.about.Collection.Path}
	}
	return answer, err
}

// learnNames reads the lists that have the names of ids, each once. An id whose name
// is not told, or is the name of another too, has none.
func (e *exporter) learnNames(ctx context.Context) error {
	d := plan.NewSnapshot(e.about)
	e.names = map[string]map[string]string{}
	if err := d.ReadNames(ctx, e.Session, e.layout.Lists); err != nil {
		return err
	}
	for _, collection := range e.layout.Lists {
		e.names[collection] = d.Lists.ByID(collection)
	}
	return nil
}

// oneByOne asks for each alias, where that costs less than the listing.
func (e *exporter) oneByOne(ctx context.Context) error {
	aliases := slices.Sorted(maps.Keys(e.options.Aliases))
	for chunk := range slices.Chunk(aliases, batch.PreviewsAtOnce) {
		found, err := pool.AllAtOnce(e.Workers, chunk, func(alias string) ([]cupi.Object, error) {
			found, _, err := (&send.Requester{Session: e.Session}).LookUp(ctx, e.about.Collection, e.about.Collection.NameField, alias, true)
			if apart := norm.NFD.String(alias); err == nil && len(found) == 0 && apart != alias {
				found, _, err = (&send.Requester{Session: e.Session}).LookUp(ctx, e.about.Collection, e.about.Collection.NameField, apart, true)
			}
			return found, err
		})
		if err != nil {
			return err
		}
		for _, users := range found {
			if err := e.write(ctx, users); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes users, after reading whole those whose fields the listing does not
// show. Users that vanish in between are left out.
func (e *exporter) write(ctx context.Context, users []cupi.Object) error {
	users = slices.DeleteFunc(users, func(user cupi.Object) bool {
		id := send.Identifier(user, e.about.Collection.IDField)
		known := e.seen[id] // by an earlier reading of the list
		e.seen[id] = true
		return known || !e.Tenant.Has(e.about.Collection, user) || model.Same("IsTemplate", user["IsTemplate"], "true")
	})
	if e.options.Aliases != nil {
		users = slices.DeleteFunc(users, func(user cupi.Object) bool { return !e.options.Aliases[model.Fold(e.about.Name(user))] })
	}
	if e.layout.whole {
		whole, err := pool.AllAtOnce(e.Workers, users, func(user cupi.Object) (cupi.Object, error) {
			user, _, err := (&send.Requester{Session: e.Session}).Whole(ctx, e.about, user["ObjectId"])
			return user, err
		})
		if err != nil {
			return err
		}
		users = slices.DeleteFunc(whole, func(user cupi.Object) bool { return user == nil })
	}
	if err := e.learnMixed(ctx, users); err != nil {
		return err
	}
	return e.put(ctx, users)
}

// putRows writes the rows of some users.
func (e *exporter) putRows(ctx context.Context, users []cupi.Object) error {
	rows, err := pool.AllAtOnce(e.Workers, users, func(user cupi.Object) ([][]string, error) { return e.rows(ctx, user) })
	if err != nil {
		return err
	}
	for _, cells := range slices.Concat(rows...) {
		if err := e.out.Write(cells); err != nil {
			return err
		}
		e.done.Users++
	}
	return nil
}

// subjectOf is a user with what is known of its parts. Each is asked for once.
func (e *exporter) subjectOf(user cupi.Object) *batch.Subject {
	if known := e.known[user["ObjectId"]]; known != nil {
		return known
	}
	return e.newSubject(user)
}

func (e *exporter) newSubject(user cupi.Object) *batch.Subject {
	return &batch.Subject{Reader: &send.Requester{Session: e.Session}, About: e.about, ObjectID: user["ObjectId"], Target: user}
}

// Fold gives the form in which aliases are compared, for [ExportOptions].
func Fold(alias string) string { return model.Fold(alias) }
