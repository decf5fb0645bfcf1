package plan

import (
	"cmp"
	"fmt"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// A row is about one user: the one that its key finds, and no other that it names or
// that is found under its key later.

// resolveTarget finds the user that a row is about, and the operation on it. The error
// tells of a row that was begun and can't go on.
func (w *State) resolveTarget(p *Plan, before record.Past) error {
	entry := p.Record
	users := w.find(keyOf(entry))
	if len(users) == 1 {
		p.Target, p.maker = users[0].Object, users[0].maker
	}
	if before.First() != nil {
		p.begun = true
		if id := before.Created(); id != "" && !before.Fresh() {
			p.made = userWith(id, append(users, w.find(model.UserKey{Column: "DtmfAccessId", Value: entry.DtmfAccessId})...))
		}
		found := p.Target
		if err := p.continueFrom(before); err != nil {
			return err
		}
		p.Misnamed = before.Fresh() && p.maker == 0 && found != nil &&
			model.Fold(p.About.Name(found)) == model.Fold(entry.Alias) && !model.Same("ObjectId", found["ObjectId"], before.Created())
		if p.Target != nil && found["ObjectId"] == p.Target["ObjectId"] {
			p.present = found
		}
	} else if before.OfAnother(p.Target) {
		p.begun = true
		if err := p.continueFrom(record.Past{Open: before.Meant}); err != nil {
			return err
		}
	} else {
		if before.MeantNew {
			w.meantNew(entry)
		}
		p.Late, p.Bound = w.checked.MovedByOthers(entry), p.Target["ObjectId"]
		p.earlierRows = w.earlier[model.Fold(cmp.Or(entry.Alias, p.About.Name(p.Target)))]
		if len(users) > 1 {
			p.End = p.severalUsers(objectsOf(users))
			return nil
		}
		p.ResolveOperation(entry)
		if by := w.told[p.maker]; by != "" && p.End.Code == codes.AliasTaken {
			p.End.Message = fmt.Sprintf("the alias %q is taken by %s, which makes that %s; use update or upsert to change it, "+
				"or another alias", entry.Alias, by, p.About.One())
		}
		p.nearUser = w.findNearUser(p)
		if p.Target != nil && !p.Operation.MakesUsers() && p.End.Status == "" {
			p.End = w.differentUsers(p)
		}
		if p.Operation == validate.ImportLDAP {
			w.resolveImport(p)
		}
	}
	if p.Target != nil {
		p.Alias, p.DtmfAccessID = cmp.Or(p.About.Name(p.Target), entry.Alias), cmp.Or(entry.DtmfAccessId, p.Target["DtmfAccessId"])
	}
	if p.End.Status == "" {
		p.End = w.snapshot.untouchable(*p)
	}
	return nil
}

// userWith gives the one of some users that has an ObjectId, nil if none has.
func userWith(objectID string, users []expectedUser) cupi.Object {
	for _, user := range users {
		if model.Same("ObjectId", user.Object["ObjectId"], objectID) {
			return user.Object
		}
	}
	return nil
}

func objectsOf(users []expectedUser) []cupi.Object {
	objects := make([]cupi.Object, len(users))
	for i, user := range users {
		objects[i] = user.Object
	}
	return objects
}

// ResolveOperation makes one of create, update and delete of what the row asks.
func (p *Plan) ResolveOperation(entry validate.Record) {
	switch entry.Operation {
	case validate.Upsert:
		p.Operation = validate.Update
		if p.Target == nil {
			p.Operation = validate.Create
			p.End = p.incomplete()
		}
	case validate.Create:
		if p.Target != nil && (!p.Late || p.Target["ObjectId"] == "") {
			p.End = Invalid(codes.AliasTaken, "the alias %q is taken by %s; use update or upsert to change that %s, "+
				"or another alias", entry.Alias, Describe(p.Target), p.About.One()).about("Alias")
		}
		p.Target = nil
	case validate.ImportLDAP:
		if p.Late && p.Target["ObjectId"] != "" { // the row's turn will tell
			p.Target = nil
		}
	case validate.Update:
		if p.Target == nil && entry.KeepsMailbox {
			p.End = p.absent("no mailbox to keep")
		} else if p.Target == nil && entry.Asks == validate.Delete {
			p.End = p.absent("nothing to delete")
		} else if p.Target == nil {
			advice := "use create or upsert to make one, or mend the row"
			if entry.Asks != "" {
				advice = "mend the row, or make that one first"
			}
			p.End = Invalid(codes.NoSuchUser, "no %s has %s %q; %s", p.one(), entry.Key, entry.KeyValue, advice).about(entry.Key)
			if p.allowMissing {
				p.End = verdict{Status: record.Skipped, Code: codes.NoSuchUser,
					Message: fmt.Sprintf("no %s has %s %q, and --allow-missing says that this is meant", p.one(), entry.Key,
						entry.KeyValue)}
			}
		}
	case validate.Delete:
		if p.Target == nil {
			p.End = p.absent("nothing to delete")
		}
	default:
		p.End = Invalid(codes.OperationNotDone, "the operation %s is not carried out by this version", entry.Operation)
	}
}

// continueFrom fits a plan to what an earlier start of the run did for its row:
// what that start made or renamed must not look like a conflict now.
func (p *Plan) continueFrom(before record.Past) error {
	first := before.First()
	switch {
	case model.KindOf(first.Step).Shape != model.WholeUser: // the user step changed nothing
		if p.Operation = validate.Update; model.KindOf(first.Step).Owner == model.Others { // it was to be deleted after that
			p.Operation = validate.Delete
		}
		if id := before.User(); id != "" && !model.Same("ObjectId", id, p.Target["ObjectId"]) { // its key finds somebody else now
			p.Target = cupi.Object{"ObjectId": id}
		}
	case first.Method == "POST":
		p.Target, p.Alias = nil, cmp.Or(p.Alias, first.Intent.Alias)
		if !p.Operation.MakesUsers() { // an upsert
			p.Operation = validate.Create
		}
	case first.Method == "DELETE":
		p.Operation, p.Target = validate.Delete, cupi.Object{"ObjectId": model.LastPart(first.Intent.Path)}
	default:
		p.Operation, p.Target = validate.Update, cupi.Object{"ObjectId": model.LastPart(first.Intent.Path)}
	}
	if p.Operation == validate.Update && p.Target == nil {
		return fmt.Errorf("row %d was begun, but its user is not found any more", p.Row)
	}
	return nil
}

// differentUsers is the end of a row of which the key finds one user, and the Alias or
// the ObjectId names another; or that is about another user than an earlier start of
// the run left there.
func (w *State) differentUsers(p *Plan) verdict {
	record := p.Record
	id, bound := w.bound[model.MatchKey(record.Key, record.KeyValue)]
	if bound && p.maker == 0 && !model.Same("ObjectId", id, p.Target["ObjectId"]) {
		return p.otherUser(p.Target)
	}
	if since := w.madeSince(p.Target); !bound && p.maker == 0 && since != "" {
		return Invalid(codes.MadeSince, "the %s %q is that of %s, with the ObjectId %s, %s: nothing is done to that %s; if "+
			"it is meant, run a file of its own", record.Key, record.KeyValue, Describe(p.Target), p.Target["ObjectId"],
			since, p.About.One()).about(record.Key)
	}
	if record.Key != "ObjectId" && record.ObjectId != "" && p.maker == 0 && !model.Same("ObjectId", record.ObjectId, p.Target["ObjectId"]) {
		switch {
		case w.snapshot.has(record.ObjectId):
			return p.differs(p.Target, "ObjectId", record.ObjectId, "another "+p.About.One()+"'s")
		case p.Operation == validate.Delete || record.KeepsMailbox: // perhaps that one was deleted, and another made of the same name
			return p.differs(p.Target, "ObjectId", record.ObjectId, "not that "+p.About.One()+"'s")
		}
	}
	if !p.About.AliasDiffers(record, p.Target) {
		return verdict{}
	}
	others := w.find(p.About.Key(record.Alias))
	if len(others) == 0 && !w.snapshot.listed { // nobody asked for that alias
		holders, known := w.snapshot.ownersOfAlias(record.Alias)
		if !known && w.conflictLookups < conflictsNamed {
			w.conflictLookups++
			p.lookups = append(p.lookups, Lookup{lookupAlias, p.About.Key(record.Alias)})
			return verdict{}
		}
		for _, holder := range holders {
			others = append(others, expectedUser{Object: holder})
		}
	}
	whose := "not that " + p.About.One() + "'s"
	if len(others) > 0 {
		whose = "that of " + Describe(others[0].Object)
	}
	return p.differs(p.Target, "Alias", record.Alias, whose)
}

// untouchable is the end of a row that changes or deletes what no run may.
func (d *Snapshot) untouchable(p Plan) verdict {
	if p.Operation.MakesUsers() {
		return verdict{}
	}
	at := p.Target["LocationObjectId"]
	switch {
	case (p.Operation == validate.Delete || p.Record.KeepsMailbox) && d.undeletable[model.Fold(p.Target["ObjectId"])]:
		return Invalid(codes.Undeletable, "this is one of the server's own %s, which can't be deleted; take the row out", p.About.Many())
	case at != "" && d.Identity.Location != "" && !model.Same("LocationObjectId", at, d.Identity.Location):
		return Invalid(codes.OtherLocation, "this %s belongs to another server of the network, by its LocationObjectId %s: only that one "+
			"can change it; run the row there", p.About.One(), at)
	case model.Same("IsTemplate", p.Target["IsTemplate"], "true"):
		return Invalid(codes.IsTemplate, "this is a template, and no %s: nothing is done to it; take the row out", p.About.One())
	}
	return verdict{}
}

// madeSince tells of a user who was made after the run that is resumed began, or may have been; else "".
// Nobody who saw its pre-flight meant that user, whatever its alias is.
func (w *State) madeSince(user cupi.Object) string {
	made, err := cupi.ParseTime(user["CreationTime"])
	switch {
	case err == nil && !w.began.IsZero() && made.After(w.began.Add(record.Slack)):
		return "who was made after this run began, and not by it"
	case err != nil && w.known != nil && !w.known[model.Fold(user["ObjectId"])]:
		return "and by its journal the run did not know that one when it began, so it may be somebody else's"
	}
	return ""
}

// Binding is the end of a late row that may not touch what its key finds now: several
// users, or one that is not the row's own.
func (p Plan) Binding(found []cupi.Object) verdict {
	switch {
	case len(found) > 1:
		return p.severalUsers(found)
	case len(found) == 0 || p.Record.Operation.MakesUsers():
		return verdict{}
	case p.About.AliasDiffers(p.Record, found[0]):
		return p.differs(found[0], "Alias", p.Record.Alias, "not that "+p.About.One()+"'s")
	case !model.Same("ObjectId", found[0]["ObjectId"], p.Bound):
		return p.otherUser(found[0])
	}
	return verdict{}
}

// incomplete tells what an upsert lacks that has to make its user.
func (p Asked) incomplete() verdict {
	record := p.Record
	missing := func(column, or string) verdict {
		return Invalid(codes.Required, "no %s has %s %q, and to make one the row needs %s%s", p.one(), record.Key, record.KeyValue,
			p.Header.Heading(column), or).about(column)
	}
	given := map[string]string{"Alias": record.Alias, "DtmfAccessId": record.DtmfAccessId, "TemplateAlias": record.TemplateAlias}
	or := map[string]string{"TemplateAlias": " (or --template)"}
	for _, column := range p.About.Table.NeededToMake() {
		if given[column] == "" {
			return missing(column, or[column])
		}
	}
	return verdict{}
}

// severalUsers is the end of a row whose key finds more than one user.
func (p Asked) severalUsers(users []cupi.Object) verdict {
	aliases := make([]string, len(users))
	for i, user := range users {
		aliases[i] = p.About.Name(user)
	}
	return Invalid(codes.SeveralUsers, "%q finds %d %s (%s); name one by its Alias or ObjectId", p.Record.KeyValue,
		len(users), p.About.Many(), strings.Join(aliases, ", ")).about(p.Record.Key)
}

// differs is the end of a row whose key finds one user, and that names another.
func (p Asked) differs(user cupi.Object, column, value, whose string) verdict {
	about, record := p.About, p.Record
	advice := "mend the one that is wrong, or leave the " + column + " empty"
	if _, renames := about.Table.Column("NewAlias"); renames && column == "Alias" && record.Operation != validate.Delete {
		advice += "; to rename that " + about.One() + ", use update with the new alias in NewAlias"
	}
	return Invalid(codes.DifferentUsers, "the %s %q is that of %s, and the %s %q is %s: nothing is done to either; %s",
		record.Key, record.KeyValue, Describe(user), column, value, whose, advice).about(column)
}

// otherUser is the end of a row whose key finds somebody else than the user that the
// row is about.
func (p Asked) otherUser(user cupi.Object) verdict {
	return Invalid(codes.OtherUser, "the %s %q is now that of %s, with the ObjectId %s, and that is not the %s that "+
		"this row is about, after the rows before it: somebody else made or changed that %[5]s, and nothing is done to "+
		"it; look at it, then name it by its ObjectId if it is meant", p.Record.Key, p.Record.KeyValue, Describe(user),
		user["ObjectId"], p.About.One()).about(p.Record.Key)
}
