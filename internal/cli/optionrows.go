package cli

import (
	"slices"
	"strconv"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/validate"
)

// The options that choose rows, and what columns they set.

func setSettings(a *asked, texts []string) (err error) {
	if a.batch.Set, err = settings("--set", texts); err != nil {
		return err
	}
	for _, setting := range a.batch.Set {
		if _, known := validate.ColumnByHeading(setting.Column); !known {
			return misused("--set: there is no column %q%s", setting.Column, didYouMean(a.batch.Table().NearestHeading(setting.Column)))
		}
	}
	return nil
}

func setOnly(a *asked, texts []string) (err error) {
	if a.batch.Only, err = settings("--only", texts); err != nil {
		return err
	}
	for i, only := range a.batch.Only {
		column, known := validate.ColumnByHeading(only.Column)
		if !known {
			return misused("--only: there is no column %q%s", only.Column, didYouMean(a.batch.Table().NearestHeading(only.Column)))
		}
		a.batch.Only[i].Column = column.Name
	}
	return nil
}

func setUndoOnly(a *asked, texts []string) (err error) {
	if a.undo.Only, err = settings("--only", texts); err != nil {
		return err
	}
	return checkUndoColumns(a.undo)
}

// settings reads Column=Value.
func settings(flag string, texts []string) ([]validate.Setting, error) {
	var list []validate.Setting
	for _, text := range texts {
		column, value, ok := strings.Cut(text, "=")
		if !ok || column == "" {
			return nil, misused("%s takes Column=Value, not %q", flag, text)
		}
		if secret, known := validate.ColumnByHeading(column); known && secret.Secret {
			return nil, misused("%s: %s is a secret, and others can read a command line and the journal, where it would "+
				"stand: put it into a column of the CSV file", flag, secret.Name)
		}
		list = append(list, validate.Setting{Column: column, Value: value})
	}
	return list, nil
}

// settingTexts writes them as they are read.
func settingTexts(list []validate.Setting) []string {
	var texts []string
	for _, setting := range list {
		texts = append(texts, setting.Column+"="+setting.Value)
	}
	return texts
}

func setRange(a *asked, texts []string) (err error) {
	a.batch.FirstRow, a.batch.LastRow, err = rowRange(texts[0])
	return err
}

// rowRange reads "1-100", "5", "5-" or "-5"; an open end is 0.
func rowRange(text string) (first, last int, err error) {
	if text == "" {
		return 0, 0, nil
	}
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	number := func(part string) int {
		n, wrong := strconv.Atoi(part)
		if part != "" && (wrong != nil || n < 1) {
			err = misused("--rows takes FIRST-LAST, counted from 1, not %q", text)
		}
		return n
	}
	first, last = number(from), number(to)
	if err == nil && (text == "-" || last > 0 && first > last) {
		err = misused("--rows takes FIRST-LAST, counted from 1, not %q", text)
	}
	return first, last, err
}

// rangeText writes a range as it is read, "" for all rows.
func rangeText(first, last int) string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	if first == 0 && last == 0 {
		return ""
	}
	return number(first) + "-" + number(last)
}

// undoColumns are what --only of rollback can choose by.
var undoColumns = []string{"Alias", "ObjectId", "DtmfAccessId", "Operation"}

func checkUndoColumns(options record.UndoOptions) error {
	for _, only := range options.Only {
		if !slices.ContainsFunc(undoColumns, func(name string) bool { return strings.EqualFold(name, only.Column) }) {
			return misused("--only takes %s, not %q", strings.Join(undoColumns, ", "), only.Column)
		}
	}
	return nil
}
