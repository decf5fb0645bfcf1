package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// seriesRun is a run of several files.
type seriesRun struct {
	*runOptions
	series *record.Series
	stages []*stage
}

// newSeries is one of the files that are named, in the folder.
func (o *runOptions) newSeries(folder string) *seriesRun {
	r := &seriesRun{runOptions: o, series: &record.Series{Version: record.SeriesVersion, Tool: tool(), Kind: record.KindRun,
		Folder: folder}}
	for i, file := range o.files {
		s := o.stageOf(i)
		name := visible(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
		if file == "-" || name == "" {
			name = "stdin"
		}
		stage := record.Stage{Folder: fmt.Sprintf("%d-%s", i+1, name), File: s.source().name()}
		if s.plan != nil {
			stage.Plan = s.plan.SHA256
		}
		r.series.Stages = append(r.series.Stages, stage)
		s.folder = r.series.Path(i)
		r.stages = append(r.stages, s)
	}
	return r
}

// stageOf is a file of the series.
func (o *runOptions) stageOf(i int) *stage {
	one := *o
	one.file = o.files[i]
	if o.each != nil {
		one.batch, one.sheet, one.plan = o.each[i].batch, o.each[i].sheet, o.each[i].agreement
	}
	if o.objects != nil {
		one.batch.Object = o.objects[i]
	}
	return &stage{runOptions: &one}
}

// settle leaves out of the options of each file what is about another kind than its rows, and what that kind does
// not know. What is for none of the files stays, and is refused as it is for one.
func settle(stages []*stage) error {
	var tables []*validate.Table
	var saysItself []bool // each row says its operation
	for _, s := range stages {
		headings, _, _, err := s.in.HeadingLine()
		if err != nil {
			return err
		}
		table := s.batch.Table()
		if s.batch.Object == "" {
			table = validate.TableMeant(headings)
		}
		tables = append(tables, table)
		saysItself = append(saysItself, slices.ContainsFunc(headings,
			func(heading string) bool { return strings.EqualFold(strings.TrimSpace(heading), "Operation") }))
	}
	ofUsers := func(table *validate.Table) bool { return table == validate.Users }
	ofMembers := func(table *validate.Table) bool { return table.Member != nil && table.Member.Among != "" }
	matches := func(table *validate.Table, match string) bool {
		return slices.ContainsFunc(table.MatchColumns(), func(column string) bool { return strings.EqualFold(column, match) })
	}
	if !slices.ContainsFunc(tables, func(table *validate.Table) bool { return matches(table, stages[0].batch.Match) }) {
		return misused("--match %s is nothing for what the files are about: leave it out", stages[0].batch.Match)
	}
	for i, table := range tables {
		b := &stages[i].batch
		if operation := string(b.Operation); operation != "" {
			if _, known := table.ParseOperation(operation); !known && saysItself[i] {
				b.Operation = ""
			} else if !known {
				return misused("--operation %s is nothing for %s, which %s is about: say it for each row, in a column Operation",
					operation, table.Many, stages[i].in.Name)
			}
		}
		if !ofUsers(table) && slices.ContainsFunc(tables, ofUsers) {
			b.PINLength, b.PINFixed, b.KeptPINLength, b.KeepNotes, b.ReassignTo = 0, false, 0, nil, ""
		}
		if !ofMembers(table) && slices.ContainsFunc(tables, ofMembers) {
			b.Exact = false
		}
		if model.ObjectOf(table).Templates.Name == "" {
			b.Template = ""
		}
		if !matches(table, b.Match) {
			b.Match = table.MatchColumns()[0]
		}
	}
	return nil
}

// oneExact refuses --exact for several files: whom one of them puts into a list, another would take out.
func oneExact(stages []*stage) error {
	files := 0
	for _, s := range stages {
		if s.checked != nil && s.checked.Options.Exact {
			files++
		}
	}
	if files > 1 {
		return misused("--exact goes by all rows of one file, and %d are about list members: put them into one", files)
	}
	return nil
}
