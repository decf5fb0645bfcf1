package main

import (
	"fmt"
	"strings"
	"testing"

	"cucbulk/validate"
)

// docs/columns.md is written from the one table that validation, fields and new
// read too; a change of the table is not whole without it.
func TestColumnsAreDocumented(t *testing.T) {
	t.Parallel()
	written(t, "docs/columns.md", columnsPage())
}

// columnsPage is the page, in the order of the table.
func columnsPage() string {
	var page strings.Builder
	page.WriteString(`# The columns of an input file

This page is written from the table in package ` + "`validate`" + `; ` + "`cucbulk fields`" + ` prints the same.
A heading is a column's name, its BAT name or another name of it, in any case and any order.

` + columnsHead)
	columnsTable(&page, validate.Users)
	for _, table := range validate.Tables()[1:] {
		page.WriteString("\n## " + strings.ToUpper(table.Many[:1]) + table.Many[1:] + "\n\n" + columnsHead)
		columnsTable(&page, table)
	}
	return page.String()
}

const columnsHead = `| Column | BAT name | Other names | Type | Limit | Access | Sets | In the listing | May be cleared | Note |
|---|---|---|---|---|---|---|---|---|---|
`

// columnsTable has a line for each column.
func columnsTable(page *strings.Builder, table *validate.Table) {
	for _, c := range table.Columns() {
		limit := ""
		if c.MaxLength > 0 {
			limit = fmt.Sprint(c.MaxLength)
		}
		sets := c.Field
		if c.Access == validate.Control {
			sets = ""
		} else if c.Step != "" && c.Step != table.Main {
			sets = c.Step + "." + sets
		}
		kind := string(c.Type)
		if c.List != "" {
			kind = "list of " + kind
		}
		if len(c.Values) > 0 && c.Type != validate.Boolean {
			kind += ": " + strings.Join(c.Values, ", ")
		}
		cells := []string{c.Name, c.BATHeading(), strings.Join(c.Also, ", "), kind, limit, string(c.Access), sets, yes(c.Listed), yes(c.Nullable), c.Note}
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(cell, "|", `\|`)
		}
		page.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
