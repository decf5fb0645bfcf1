package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/validate"
)

// undoColumns are what --only of rollback can choose by.
var undoColumns = []string{"Alias", "ObjectId", "DtmfAccessId", "Operation"}

func checkUndoColumns(options batch.UndoOptions) error {
	for _, only := range options.Only {
		if !slices.ContainsFunc(undoColumns, func(name string) bool { return strings.EqualFold(name, only.Column) }) {
			return misused("--only takes %s, not %q", strings.Join(undoColumns, ", "), only.Column)
		}
	}
	return nil
}

// listUndo prints what a rollback would do, one row a line.
func (p *program) listUndo(undo *batch.Undo) (int, error) {
	for line, err := range undo.Lines() {
		if err != nil {
			return 0, err
		}
		p.print("row %d: %s %s (reversible: %s)", line.Row, line.Operation, line.Alias, line.Reversible)
		if line.Note != "" {
			p.print(": %s", line.Note)
		}
		p.print("\n")
	}
	p.print("%s would be undone. Nothing was sent.\n", rowsText(len(undo.Rows)))
	return 0, nil
}

// warnOfNoTemplate tells, before anything is undone, which part of it can't be.
func (p *program) warnOfNoTemplate(undo *batch.Undo) error {
	if undo.Options.Template != "" || undo.History.Header.Options.Template != "" {
		return nil
	}
	deleted := 0
	for line, err := range undo.Lines() {
		if err != nil {
			return err
		}
		if line.Operation == validate.Create {
			deleted++
		}
	}
	if deleted > 0 {
		p.warn("%s deleted can be created again only from a template, and the run named none: give --template ALIAS", count(deleted, "user that was", "users that were"))
	}
	return nil
}

// agreeToUndo asks whether to begin. Without a terminal only --yes agrees.
func (p *program) agreeToUndo(ctx context.Context, o rollbackOptions, undo *batch.Undo) (bool, error) {
	if o.yes {
		return true, nil
	}
	if !p.canAsk() {
		return false, misused("rollback asks before it starts; without a terminal give --yes, after a look at --dry-run")
	}
	question := fmt.Sprintf("This takes back what %s of %s changed on %s.", rowsText(len(undo.Rows)), undo.History.Folder, o.server)
	agreed, err := p.ask(ctx, question, fmt.Sprintf("%d %s", len(undo.Rows), host(o.server)))
	if err == nil && !agreed {
		fmt.Fprintln(p.Stderr, "cucbulk: not agreed, so nothing was undone; to see what it would do, add --dry-run")
	}
	return agreed, err
}
