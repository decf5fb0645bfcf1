package roster

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// New people get an alias by a rule, and an extension of a range, where their rows have none. What
// they get stands in the rows of the run, so that a resume gives the same.

// equip gives the new ones what their rows lack.
func (r *Roster) equip(ctx context.Context, people *people, newcomers []validate.Record, used used, last *Night,
	options record.Options) error {
	var rule AliasRule
	var ranges Ranges
	var err error
	if text := options.Sync.Alias; text != "" {
		rule, err = ParseAliasRule(text)
	}
	if text := options.Sync.Extensions; text != "" && err == nil {
		ranges, err = ParseRanges(text)
	}
	if err != nil {
		return err
	}
	newcomers = slices.DeleteFunc(newcomers, func(entry validate.Record) bool {
		return (rule == nil || entry.Alias != "") && (ranges == nil || entry.DtmfAccessId != "")
	})
	if r.refuse(last); len(newcomers) == 0 {
		return nil
	}
	if err := people.learnUsed(ctx, used, ranges != nil, options.Deep); err != nil {
		return err
	}
	for _, number := range r.Refused {
		used.extensions[number] = true
	}
	next, lacking := free{ranges: ranges, taken: used.extensions}, 0
	for _, entry := range newcomers {
		d := r.rows[entry.Row]
		if rule != nil && entry.Alias == "" {
			if d.alias = rule.unused(entry, used.aliases); d.alias == "" {
				r.warnAt(entry.Row, entry.Line, "Alias", codes.NoAliasMade,
					"is empty, and of this row no alias can be made by %s: give it one", options.Sync.Alias)
				continue
			}
		}
		if ranges != nil && entry.DtmfAccessId == "" {
			extension, is := next.take()
			if d.extension = extension; is {
				r.Given = append(r.Given, extension)
			} else if lacking++; lacking == 1 {
				r.warnAt(entry.Row, entry.Line, "DtmfAccessId", codes.ExtensionsUsedUp,
					"is empty, and no extension of %s is free any more for this row and those below it", options.Sync.Extensions)
			}
		}
		r.rows[entry.Row] = d
	}
	return nil
}

// unused makes the alias of a row, with a number behind it where somebody has it.
func (rule AliasRule) unused(entry validate.Record, taken map[string]bool) string {
	fields := entry.Steps[validate.Users.Main]
	alias := rule.of(func(column string) string {
		of, _ := validate.Users.Column(column)
		return fields[of.Field]
	})
	if alias == "" {
		return ""
	}
	for number := 1; ; number++ {
		if one := numbered(alias, number); !taken[model.Fold(one)] {
			taken[model.Fold(one)] = true
			return one
		}
	}
}

// learnUsed asks what users, handlers and lists have, and with deep the alternate extensions of all users. An alias is
// somebody's wherever on the server; of extensions those count that are in the way of a tenant's, where there is one.
func (p *people) learnUsed(ctx context.Context, used used, extensions, deep bool) error {
	for _, user := range p.all {
		used.aliases[model.Fold(user["Alias"])], used.extensions[user["DtmfAccessId"]] = true, true
	}
	collections := []cupi.Collection{cupi.AdminUsers, cupi.DistributionLists, cupi.Contacts}
	if extensions {
		collections = append(collections, cupi.CallHandlers, cupi.DirectoryHandlers, cupi.InterviewHandlers)
	}
	if p.session.Tenant != nil {
		collections = append(collections, p.About.Collection)
	}
	for _, collection := range collections {
		e := &send.Requester{Session: p.session, Optional: true, Beyond: true}
		items, _, err := e.All(ctx, collection, collection.Named())
		var refusal *send.Failure
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		for _, item := range items {
			used.aliases[model.Fold(item["Alias"])] = true
			if p.session.Tenant.Has(collection, item) {
				used.extensions[item["DtmfAccessId"]] = true
			}
		}
	}
	if !extensions || !deep {
		return nil
	}
	ids := map[string]bool{}
	for _, user := range p.all {
		ids[user["ObjectId"]] = true
	}
	members, err := p.ReadAlternates(ctx, p.session, ids)
	for _, alternates := range members {
		for _, alternate := range alternates {
			used.extensions[alternate["DtmfAccessId"]] = true
		}
	}
	return err
}

// refuse notes which extensions that the night before gave the server has refused: somebody has
// them whom no list shows, as an alternate one.
func (r *Roster) refuse(last *Night) {
	if last == nil {
		return
	}
	refused := map[string]bool{}
	for _, number := range last.Refused {
		refused[number] = true
	}
	if len(last.Given) > 0 {
		if history, err := record.ReadHistory(last.folder); err == nil {
			for result, err := range history.Results() {
				if err != nil {
					break
				}
				taken := result.Code == codes.ExtensionTaken || result.Status == record.Failed &&
					strings.Contains(result.Message, "DtmfAccessId")
				if taken && slices.Contains(last.Given, result.DtmfAccessID) {
					refused[result.DtmfAccessID] = true
				}
			}
		}
	}
	r.Refused = slices.Sorted(maps.Keys(refused))
}
