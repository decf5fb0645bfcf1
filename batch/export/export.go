package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"

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
	e := &exporter{about: options.about(), Session: send.NewReadingSession(server, options.Tenant), server: server,
		options: options, layout: layout, seen: map[string]bool{}, out: out}
	e.put = e.putRows
	if err := e.export(ctx); err != nil {
		return Exported{}, plan.CouldNotStart(err)
	}
	out.Flush()
	e.done.Requests, e.done.LeftOut = int(e.Session.Sent.Load()), int(e.leftOut.Load())
	e.done.Strangers, e.done.Alike = int(e.strangers.Load()), int(e.alike.Load())
	return e.done, out.Error()
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
		Reason: fmt.Sprintf("the %s can't be listed whole: %s, however often they were read; what was written may lack some. "+
			"Type the command again", e.about.Many(), before.Why())}
}

// lacksColumns reports whether none of some entries of the listing shows what a column needs.
func (e *exporter) lacksColumns(entries []cupi.Object) bool {
	return len(entries) > 0 && slices.ContainsFunc(e.layout.columns, func(column validate.Column) bool {
		return model.IsMain(column.Step) && !slices.ContainsFunc(entries,
			func(entry cupi.Object) bool { _, shown := entry[column.Field]; return shown })
	})
}

// oneByOne asks for each alias, where that costs less than the listing.
func (e *exporter) oneByOne(ctx context.Context) error {
	aliases := slices.Sorted(maps.Keys(e.options.Aliases))
	for chunk := range slices.Chunk(aliases, batch.PreviewsAtOnce) {
		found, err := pool.AllAtOnce(e.Workers, chunk, func(alias string) ([]cupi.Object, error) {
			found, _, err := (&send.Requester{Session: e.Session}).LookUp(ctx, e.about.Collection, e.about.Collection.NameField,
				alias, true)
			if apart := norm.NFD.String(alias); err == nil && len(found) == 0 && apart != alias {
				found, _, err = (&send.Requester{Session: e.Session}).LookUp(ctx, e.about.Collection, e.about.Collection.NameField,
					apart, true)
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

// Fold gives the form in which aliases are compared, for [Options].
func Fold(alias string) string { return model.Fold(alias) }
