package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// resourceUse is what a row does to what only one user may have: an alias, an extension in a
// partition, or a member that no two users share, as an SMTP proxy address.
type resourceUse struct {
	row, line   int      // of a file that is run before: below 1
	told        string   // what people call the row; "": by its number in the file
	begun       bool     // an earlier start sent something for the row
	user        string   // the user: its ObjectId, or its alias while it is to be made
	sharedNames []string // aliases and keys that other rows name too: those rows keep the order of the file
	frees       []string
	takes       []string
	columns     []string // by which the row asks for what it takes, one for each
	places      []string // the steps by which it gets that, one for each
	// The primary extension that an update frees, and so can leave for a temporary one; "" if it
	// frees none, or its user is not there yet.
	movesFrom string
}

// useOf tells what a plan frees and takes. A partition that is not known counts
// for nothing: the server decides.
func (d *Snapshot) useOf(p Plan, named *RowIndex) resourceUse {
	if p.present != nil {
		p.Target = p.present
	}
	begun := p.begun && !(p.Operation == validate.Update && p.Before.OthersOnly())
	if p.made != nil { // what is left to do to it is to change it
		p.Operation, p.Target, begun = validate.Update, p.made, false
	}
	c := resourceUse{row: p.Row, line: p.Line, begun: begun, user: cmp.Or(p.Target["ObjectId"], madeBefore(p.maker),
		"alias "+model.Fold(p.Alias))}
	for _, alias := range []string{model.Fold(p.Alias), model.Fold(p.Record.NewAlias)} {
		if named.RowsNaming(alias) > 1 && !slices.Contains(c.sharedNames, alias) {
			c.sharedNames = append(c.sharedNames, alias)
		}
	}
	if key := named.keyGiven(p.Record); named.countOf(key).named > 1 {
		c.sharedNames = append(c.sharedNames, model.MatchKey(key.Column, key.Value))
	}
	switch p.Operation {
	case validate.Create, validate.ImportLDAP:
		if first := extensionKey(p.User()["DtmfAccessId"],
			d.Template[model.Fold(p.Template)]["PartitionObjectId"]); p.Operation == validate.ImportLDAP && first != "" {
			c.take(first, "DtmfAccessId", p.About.Main.Name) // where an import puts it, before the partition is set
		}
		c.user = "alias " + model.Fold(p.Alias)
		c.take(aliasKey(p.Alias), "Alias", p.About.Main.Name)
	case validate.Delete:
		c.frees = append(c.frees, aliasKey(p.Alias))
		d.freesAll(p, &c)
		c.frees = append(c.frees, d.membersOf(p.Target["ObjectId"], p.Earlier)...)
		return c
	default:
		if alias := p.Record.NewAlias; alias != "" && !model.Same("Alias", alias, p.Alias) {
			c.frees = append(c.frees, aliasKey(p.Alias))
			c.take(aliasKey(alias), "NewAlias", p.About.Main.Name)
		}
	}
	for i, h := range d.extensionChanges(p, d.alternates(p)) {
		if h.frees != "" {
			c.frees = append(c.frees, h.frees)
		}
		if h.takes != "" {
			c.take(h.takes, p.extensionColumn(p.Steps[i]), p.Steps[i].Name)
		}
		if p.Steps[i].Kind.Main && p.Operation == validate.Update && h.takes != "" && p.Target["ObjectId"] != "" {
			c.movesFrom = h.frees
		}
	}
	for _, step := range p.Steps {
		d.useMembers(p, step, &c)
	}
	return c.withoutKept()
}

// withoutKept leaves out what the row both frees and takes: an extension that only gets another
// place within its user is nobody else's.
func (c resourceUse) withoutKept() resourceUse {
	left := c
	left.takes, left.columns, left.places = nil, nil, nil
	for i, key := range c.takes {
		if !slices.Contains(c.frees, key) {
			left.take(key, c.columns[i], c.places[i])
		}
	}
	left.frees = slices.DeleteFunc(slices.Clone(c.frees), func(key string) bool { return slices.Contains(c.takes, key) })
	return left
}

// take adds a thing that the row takes, the column by which it asks for it, and the step.
func (c *resourceUse) take(key, column, step string) {
	if !slices.Contains(c.takes, key) {
		c.takes, c.columns, c.places = append(c.takes, key), append(c.columns, column), append(c.places, step)
	}
}

// place is the step by which the row gets what it takes.
func (c resourceUse) place(key string) string { return c.places[slices.Index(c.takes, key)] }

// freesAll adds the extensions that go with a user that is deleted.
func (d *Snapshot) freesAll(p Plan, c *resourceUse) {
	members := append(d.alternates(p), p.Target)
	for _, member := range members {
		key := extensionKey(member["DtmfAccessId"], member["PartitionObjectId"])
		if key != "" && !slices.Contains(c.frees, key) {
			c.frees = append(c.frees, key)
		}
	}
}

// useMembers adds what a step takes and frees.
func (d *Snapshot) useMembers(p Plan, step model.Step, c *resourceUse) {
	kind := step.Kind
	if kind.Unique == "" {
		return
	}
	column, _ := validate.ColumnOfStep(step.Name, kind.Unique)
	wanted, present := uniqueMembers(step.Name, step.Wanted), []string(nil)
	if p.Operation == validate.Update {
		present = d.membersOf(p.Target["ObjectId"], p.Earlier)
	}
	for _, key := range wanted {
		if !slices.Contains(present, key) {
			c.take(key, column.Name, step.Name)
		}
	}
	for _, key := range present {
		if strings.HasPrefix(key, kind.Name+" ") && !slices.Contains(wanted, key) {
			c.frees = append(c.frees, key)
		}
	}
}

// blocked reports whether a row can't take a thing while its holder has it. That may be the
// row's own user, who has the extension in another place that the row does not free.
func (c resourceUse) blocked(key, holder string) bool {
	return holder != "" && (holder != c.user || !slices.Contains(c.frees, key))
}

// holder tells who has a thing on the server: the ObjectId, and in words.
func (d *Snapshot) holder(key string) (objectID, description string) {
	kind, rest, _ := strings.Cut(key, " ")
	if kind == "alias" {
		for _, user := range d.find(d.About.Collection.NameField, rest) {
			return user["ObjectId"], Describe(user)
		}
		return "", ""
	}
	if isMember(key) {
		return d.memberOwner(key)
	}
	extension, partition, _ := strings.Cut(rest, " ")
	for _, user := range d.find("DtmfAccessId", extension) {
		if partition == anyPartition || model.Fold(user["PartitionObjectId"]) == partition {
			return user["ObjectId"], Describe(user)
		}
	}
	if other, is := d.otherExtensions[key]; is {
		return other.objectID, other.description
	}
	return "", ""
}

func aliasKey(alias string) string { return "alias " + model.Fold(alias) }

// describeKey says what a key stands for, to people.
func describeKey(key string) string {
	kind, rest, _ := strings.Cut(key, " ")
	switch {
	case kind == "extension":
		rest, _, _ = strings.Cut(rest, " ")
	case isMember(key):
		kind = model.KindOf(kind).One
	}
	return fmt.Sprintf("the %s %q", kind, rest)
}
