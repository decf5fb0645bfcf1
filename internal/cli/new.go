package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/export"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

const newHelp = `Make a CSV file that has headings and no rows; with - they go to stdout. It overwrites
nothing. cucbulk fields lists the columns there are.`

func newCommand(p *program) *cobra.Command {
	var columns, object string
	command := &cobra.Command{
		Use: "new FILE [flags]", Short: "Make an empty CSV file with the columns asked for",
		Long: newHelp + exitStatus + "  0  the file is made\n  1  the file is there already, or can't be written\n" +
			"  2  the command line is wrong",
		Example: "  cucbulk new users.csv\n  cucbulk new leavers.csv --columns Operation,Alias\n  cucbulk new lists.csv " +
			"--object distribution-lists",
		Args: oneArgument("the file to make"),
	}
	command.Flags().StringVar(&object, "object", validate.Users.Object, "what the file is to be about, as `OBJECT`: "+objectNames())
	// Help breaks it at the blanks.
	command.Flags().StringVar(&columns, "columns", "", "the headings, as `A,B,C` (default, for users: "+
		strings.Join(validate.Users.Usual(), ", ")+")")
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		table, err := tableNamed(object)
		if err != nil {
			return 0, err
		}
		headings := table.Usual()
		if columns != "" {
			headings = strings.Split(columns, ",")
		}
		return newFile(p.screen, arguments[0], table, headings)
	})
	return command
}

func newFile(s *screen, path string, table *validate.Table, headings []string) (int, error) {
	names := map[string]bool{}
	for i, heading := range headings {
		column, known := table.Column(heading)
		if !known {
			return 0, misused("--columns: there is no column %q%s; see: %s", heading,
				didYouMean(table.NearestHeading(heading)), export.ForObject(shell.New("fields"), table))
		}
		if names[column.Name] {
			return 0, misused("--columns: %s is there twice", column.Name)
		}
		names[column.Name] = true
		headings[i] = strings.TrimSpace(heading)
	}
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	err := errors.Join(out.Write(headings), func() error { out.Flush(); return out.Error() }())
	if err != nil {
		return 0, err
	}
	if path == "-" {
		s.print("%s", text.String())
		return 0, nil
	}
	err = writeNew(path, func(file io.Writer) error {
		_, err := file.Write(text.Bytes())
		return err
	})
	if err != nil {
		return 0, err
	}
	next := export.ForObject(shell.New("validate").File(path), table)
	switch {
	case names["Operation"]:
	case names["pkid"]:
		next = next.Flag("operation", string(validate.ImportLDAP))
	default:
		next = next.Flag("operation", string(validate.Create))
	}
	s.print("%s is made. Fill it, then type:\n  %s\n", path, next)
	return 0, nil
}
