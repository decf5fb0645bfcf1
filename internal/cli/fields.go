package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

const fieldsHelp = `List every column that a file may have: the type and length of its text, whether it can
be written, what it sets on the server, the name that Cisco's Bulk Administration Tool
(BAT) has for it, and what it costs beyond the requests of its row.

A row costs 1 request to create a user; 1 to update one, or 2 where the server's listing
does not show what changes; and 4 to delete one, 2 with --pre-image user, or 29 and more
with --pre-image full. Headings may stand in any order and in any case. NAME lists one
column, with its note.

On a terminal a column has a line under it for what does not fit; elsewhere each column is
one line. "=" stands for the column's own name.`

func fieldsCommand(p *program) *cobra.Command {
	var format outputFormat
	var object string
	command := &cobra.Command{
		Use: "fields [NAME] [flags]", Short: "List every column that a file may have",
		Long: fieldsHelp + exitStatus + "  0  listed\n  2  the command line is wrong, or there is no such column",
		Example: "  cucbulk fields\n  cucbulk fields Extension\n  cucbulk fields --object distribution-lists\n" +
			"  cucbulk fields --format json",
		Args: cobra.MaximumNArgs(1),
	}
	command.Flags().StringVar(&object, "object", validate.Users.Object, "the columns of a file of this `OBJECT`: "+objectNames())
	format.declare(command, "")
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		table, err := tableNamed(object)
		if err := errors.Join(err, format.check()); err != nil {
			return 0, err
		}
		columns := table.Columns()
		if len(arguments) == 1 {
			column, known := table.Column(arguments[0])
			if !known {
				return 0, misused("there is no column %q%s", arguments[0], didYouMean(table.NearestHeading(arguments[0])))
			}
			columns = []validate.Column{column}
		}
		if format.isJSON() {
			return 0, fieldsJSON(p.screen, columns)
		}
		return 0, fieldsText(p.screen, columns)
	})
	return command
}

// fieldInfo is a column as scripts read it.
type fieldInfo struct {
	Name      string          `json:"name"`
	BATName   string          `json:"batName,omitempty"`
	Also      []string        `json:"also,omitempty"` // other headings that mean the same
	Type      validate.Type   `json:"type"`
	MaxLength int             `json:"maxLength,omitempty"` // characters
	Values    []string        `json:"values,omitempty"`
	Default   string          `json:"default,omitempty"`
	Access    validate.Access `json:"access"`
	Secret    bool            `json:"secret,omitempty"`
	Nullable  bool            `json:"nullable,omitempty"`
	MapsTo    string          `json:"mapsTo,omitempty"`
	Requests  string          `json:"requests,omitempty"`
	Note      string          `json:"note,omitempty"`
}

func infoOf(c validate.Column) fieldInfo {
	return fieldInfo{Name: c.Name, BATName: c.BATHeading(), Also: c.Also, Type: c.Type, MaxLength: c.MaxLength,
		Values: c.Values, Default: c.Default,
		Access: c.Access, Secret: c.Secret, Nullable: c.Nullable, MapsTo: mapsTo(c), Requests: extraRequests(c), Note: c.Note}
}

// mapsTo is what a column sets: the field, and for a name the list in which it is
// looked up.
func mapsTo(c validate.Column) string {
	if c.Access == validate.Control {
		return ""
	}
	target := c.Field
	if c.Step != "" && !model.IsMain(c.Step) {
		target = c.Step + "." + c.Field
	}
	if c.Collection != "" {
		target += " by name in " + c.Collection
	}
	return target
}

// extraRequests is what a column costs beyond the requests of its row. Columns of
// one step share its requests.
func extraRequests(c validate.Column) string {
	var parts []string
	switch {
	case c.Access != validate.ReadWrite || c.Step == "" || model.IsMain(c.Step):
	case c.List != "":
		parts = append(parts, "1 for each, 1 more to update")
	case model.LookedUp(c.Step):
		parts = append(parts, "2 a row")
	default:
		parts = append(parts, "1 to create, 2 to update")
	}
	if c.Collection != "" {
		parts = append(parts, "1 list a run")
	}
	return strings.Join(parts, ", ")
}

func fieldsJSON(s *screen, columns []validate.Column) error {
	list := make([]fieldInfo, len(columns))
	for i, column := range columns {
		list[i] = infoOf(column)
	}
	encoder := json.NewEncoder(s.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

func fieldsText(s *screen, columns []validate.Column) error {
	table, line := fieldsWide, func(first, _, text string) string { return first + text + "\n" }
	if s.StdoutIsTerminal {
		table, line = fieldsNarrow, hanging
	}
	s.print("%s", table(columns))
	if len(columns) > 1 {
		if !slices.ContainsFunc(columns, func(column validate.Column) bool { return column.Access == validate.Unsupported }) {
			return nil
		}
		s.print("\nThe vendor names these, and a run can't write them:\n")
		for _, column := range columns {
			if column.Access == validate.Unsupported {
				s.print("%s", line("  ", "    ", column.Name+": "+column.Note))
			}
		}
		return nil
	}
	if note := columns[0].Note; note != "" {
		s.print("\n%s", line("", "", note))
	}
	if also := columns[0].Also; len(also) > 0 {
		s.print("\n%s", line("", "", "Headings that mean the same: "+strings.Join(also, ", ")))
	}
	return nil
}

// fieldsWide has one line for each column, however long it is.
func fieldsWide(columns []validate.Column) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "COLUMN\tTYPE\tACCESS\tSETS\tBAT NAME\tMORE REQUESTS")
	for _, column := range columns {
		info := infoOf(column)
		cells := []string{info.Name, kindOf(column), string(info.Access), orSame(info.MapsTo, info.Name), info.BATName, info.Requests}
		for i := range cells {
			if cells[i] == "" && slices.ContainsFunc(cells[i:], func(cell string) bool { return cell != "" }) {
				cells[i] = "-"
			}
		}
		fmt.Fprintln(table, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	table.Flush() // a strings.Builder takes everything
	return b.String()
}

// longName is from where on a name has a line of its own on a terminal.
const longName = 36

// fieldsNarrow has lines that fit a terminal: what a column sets, its name in BAT and
// what it costs stand under it, where there is something to tell.
func fieldsNarrow(columns []validate.Column) string {
	rows := [][]string{{"COLUMN", "TYPE", "ACCESS", "BAT"}}
	more := []string{""}
	for _, column := range columns {
		info, same := infoOf(column), ""
		var about []string
		if info.MapsTo != "" && info.MapsTo != info.Name {
			about = append(about, "sets "+info.MapsTo)
		}
		switch bat := orSame(info.BATName, info.Name); bat {
		case "", "=":
			same = bat
		default:
			about = append(about, "BAT calls it "+bat)
		}
		if info.Requests != "" {
			about = append(about, "more requests: "+info.Requests)
		}
		name := info.Name
		if len(name) > longName { // a line of its own, or all others would be as wide
			rows, more = append(rows, []string{name}), append(more, "")
			name = ""
		}
		rows = append(rows, []string{name, kindOf(column), string(info.Access), same})
		more = append(more, strings.Join(about, "; "))
	}
	var b, aligned strings.Builder
	table := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	table.Flush() // a strings.Builder takes everything
	for i, line := range strings.Split(strings.TrimSuffix(aligned.String(), "\n"), "\n") {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		if more[i] != "" {
			b.WriteString(hanging("    ", "    ", more[i]))
		}
	}
	return b.String()
}

// kindOf is what the text of a column must look like: "list of string 320".
func kindOf(column validate.Column) string {
	kind := string(column.Type)
	if column.List != "" {
		kind = "list of " + kind
	}
	if column.MaxLength > 0 {
		kind += " " + strconv.Itoa(column.MaxLength)
	}
	return kind
}

// orSame is the text, or "=" where it is the name.
func orSame(text, name string) string {
	if text == name {
		return "="
	}
	return text
}
