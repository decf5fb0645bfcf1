package batch

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// ExportOptions says which users to export, and what of them.
type ExportOptions struct {
	Query   cupi.Query      // zero: every user
	Aliases map[string]bool // folded; nil: every user that the query finds
	Columns []string        // names of columns; nil: DefaultExportColumns
	BOM     bool            // begin with a byte order mark, for spreadsheets that want one
}

// Exported counts what an export cost.
type Exported struct {
	Users    int `json:"users"`
	Requests int `json:"requests"`
}

// DefaultExportColumns are those that a run reads and the listing shows, so that
// they cost no request a user. TimeZone and Language are not among them: without
// the columns that say whether they count, running the export would change them.
func DefaultExportColumns() []string {
	var names []string
	for _, column := range validate.Columns() {
		if column.Listed && exportable(column) && !checkedAgainst(column.Name) && column.Name != "CallHandlerObjectId" {
			names = append(names, column.Name)
		}
	}
	return names
}

func exportable(column validate.Column) bool {
	return column.Access == validate.ReadWrite && column.Field == column.Name && column.Step == validate.StepUser && !column.Secret
}

// checkedAgainst reports whether the server checks a field against others.
func checkedAgainst(name string) bool {
	return slices.ContainsFunc(together(), func(group []string) bool { return slices.Contains(group, name) })
}

// ExportColumns makes the columns of an export: Alias first, and with TimeZone or
// Language also those that say whether they count. unlisted is how many of them
// the listing does not show, and requests how many each user costs for them.
func ExportColumns(names []string) (columns []string, unlisted, requests int, err error) {
	if names == nil {
		names = DefaultExportColumns()
	}
	columns = []string{"Alias"}
	add := func(name string) {
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	for _, name := range names {
		column, known := validate.ColumnByHeading(name)
		switch {
		case !known:
			near := ""
			if nearest := validate.NearestHeading(name); nearest != "" {
				near = fmt.Sprintf("; did you mean %s?", nearest)
			}
			return nil, 0, 0, fmt.Errorf("there is no column %q%s", name, near)
		case column.Name == "ObjectId" || exportable(column) || exportablePart(column):
		default:
			return nil, 0, 0, fmt.Errorf("the column %s can't be exported: no request shows it, or no run can write it; see cucbulk fields %s", column.Name, column.Name)
		}
		for _, group := range together() {
			if slices.Contains(group, column.Name) && column.Name != "UseCallLanguage" {
				for _, partner := range group {
					if partner != "UseCallLanguage" { // no answer shows it
						add(partner)
					}
				}
			}
		}
		add(column.Name)
	}
	for _, name := range columns {
		column, _ := validate.ColumnByHeading(name)
		switch {
		case column.Listed || name == "ObjectId":
			continue
		case !exportablePart(column):
			requests = 1
		}
		unlisted++
	}
	return columns, unlisted, requests + partRequests(columns), nil
}

// Export writes users as CSV in the columns that a run reads, as the server shows
// them, page by page. It changes nothing on the server.
func Export(ctx context.Context, server Server, options ExportOptions, w io.Writer) (Exported, error) {
	columns, _, requests, err := ExportColumns(options.Columns)
	if err != nil {
		return Exported{}, err
	}
	out := csv.NewWriter(w)
	if options.BOM {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return Exported{}, err
		}
	}
	if err := out.Write(columns); err != nil {
		return Exported{}, err
	}
	engine := newEngine(server, Options{MaxOutage: defaultOutage})
	e := exporter{engine: engine, server: server, options: options, columns: columns, seen: map[string]bool{}, whole: requests > partRequests(columns), inParts: partRequests(columns) > 0, out: out}
	if err := e.export(ctx); err != nil {
		return Exported{}, couldNotStart(err)
	}
	out.Flush()
	e.done.Requests = int(engine.sent.Load())
	return e.done, out.Error()
}

type exporter struct {
	*engine
	server  Server
	options ExportOptions
	columns []string
	seen    map[string]bool // ObjectIds that the pages had
	whole   bool            // every user must be read, because the listing does not show enough
	inParts bool            // some columns show parts of the users
	out     *csv.Writer
	done    Exported
}

// export reads the first page alone, to sign in, and then several at once.
func (e *exporter) export(ctx context.Context) error {
	first, err := e.page(ctx, 1)
	if err != nil {
		return err
	}
	pages := pagesOf(first)
	if len(e.options.Aliases) > 0 && len(e.options.Aliases) < pages-1 {
		return e.oneByOne(ctx)
	}
	if err := e.write(ctx, first.Items); err != nil {
		return err
	}
	for next := 2; next <= pages; next += e.server.Workers {
		group := make([]cupi.Page, min(e.server.Workers, pages-next+1))
		err := atOnce(e.server.Workers, func(yield func(func() error) bool) {
			for i := range group {
				if !yield(func() (err error) { group[i], err = e.page(ctx, next+i); return err }) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		for _, page := range group {
			if err := e.write(ctx, page.Items); err != nil {
				return err
			}
			first.Total = page.Total
		}
	}
	if len(e.seen) < first.Total {
		return &Stop{Exit: ExitFailed, Code: "listing-incomplete",
			Reason: fmt.Sprintf("the server says that it has %d such users, and lists %d; what was written is not all. Type the command again", first.Total, len(e.seen))}
	}
	return nil
}

func (e *exporter) page(ctx context.Context, number int) (cupi.Page, error) {
	answer, found, err := (&errand{engine: e.engine}).read(ctx, cupi.List(cupi.Users, e.options.Query, number, listingRows))
	if err == nil && !found {
		err = &Stop{Exit: ExitFailed, Code: "not-cupi", Reason: e.server.URL + " answers, but knows no /vmrest/users"}
	}
	return answer.Page, err
}

// oneByOne asks for each alias, where that costs less than the listing.
func (e *exporter) oneByOne(ctx context.Context) error {
	aliases := make([]string, 0, len(e.options.Aliases))
	for alias := range e.options.Aliases {
		aliases = append(aliases, alias)
	}
	slices.Sort(aliases)
	for chunk := range slices.Chunk(aliases, previewsAtOnce) {
		found := make([][]cupi.Object, len(chunk))
		err := atOnce(e.server.Workers, func(yield func(func() error) bool) {
			for i, alias := range chunk {
				if !yield(func() error {
					answer, _, err := (&errand{engine: e.engine}).read(ctx, cupi.List(cupi.Users, cupi.Query{Column: "Alias", Op: cupi.Is, Value: alias}, 0, 0))
					found[i] = answer.Page.Items
					return err
				}) {
					return
				}
			}
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
		known := e.seen[user["ObjectId"]] // a user that moved to another page shows twice
		e.seen[user["ObjectId"]] = true
		return known
	})
	if e.options.Aliases != nil {
		users = slices.DeleteFunc(users, func(user cupi.Object) bool { return !e.options.Aliases[fold(user["Alias"])] })
	}
	if e.whole {
		err := atOnce(e.server.Workers, func(yield func(func() error) bool) {
			for i := range users {
				if !yield(func() error {
					answer, _, err := (&errand{engine: e.engine}).read(ctx, cupi.GetUser(users[i]["ObjectId"]))
					users[i] = answer.Object
					return err
				}) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	cellsOf := make([]cupi.Object, len(users))
	if e.inParts {
		err := atOnce(e.server.Workers, func(yield func(func() error) bool) {
			for i, user := range users {
				if user != nil && !yield(func() (err error) { cellsOf[i], err = e.parts(ctx, user); return err }) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	for u, user := range users {
		if user == nil {
			continue
		}
		cells := make([]string, len(e.columns))
		for i, name := range e.columns {
			cells[i] = strings.TrimSpace(user[name])
			if part, is := cellsOf[u][name]; is {
				cells[i] = part
			}
		}
		if err := e.out.Write(cells); err != nil {
			return err
		}
		e.done.Users++
	}
	return nil
}

// Fold gives the form in which aliases are compared, for [ExportOptions].
func Fold(alias string) string { return fold(alias) }
