package roster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// findLeavers finds who is within the scope and not in the file, and what becomes of them.
func (r *Roster) findLeavers(ctx context.Context, people *people, scope *Scope, named named, last *Night, options record.Options,
	now time.Time) error {
	before, err := last.known()
	if err != nil {
		return err
	}
	missing, err := r.deletable(ctx, people, scope, r.missing(people, named, before))
	if err != nil {
		return err
	}
	for _, user := range missing {
		if l, told := r.leaver(user, named, before, options, now); told {
			if l.State == Due {
				r.due = append(r.due, l)
			}
			r.Leavers = append(r.Leavers, l)
		}
	}
	return nil
}

// missing are those within the scope whom the file does not name. Whom it names again is noted.
func (r *Roster) missing(people *people, named named, before map[string]Leaver) (missing []cupi.Object) {
	for _, user := range people.all {
		id, key := model.Fold(user["ObjectId"]), model.Fold(user[r.Match])
		if !people.within[id] {
			continue
		}
		r.InScope++
		was, known := before[id]
		switch {
		case people.About.IsAccount(people.account, user["Alias"]):
			r.Own++
		case named.keys[key] || named.ids[id]:
			if known {
				r.back(was, user)
			}
		case key == "":
			r.NoKey++
		default:
			missing = append(missing, user)
		}
	}
	return missing
}

// leaver says what becomes of a user whom the file does not name; false: perhaps a row that nobody understands does.
func (r *Roster) leaver(user cupi.Object, named named, before map[string]Leaver, options record.Options, now time.Time) (Leaver, bool) {
	l := Leaver{ObjectID: user["ObjectId"], Alias: user["Alias"], Key: user[r.Match], Extension: user["DtmfAccessId"],
		DisplayName: user["DisplayName"], Since: now.UTC()}
	was, known := before[model.Fold(user["ObjectId"])]
	if known && was.goesOn() {
		l.Since, l.Kept = was.Since, was.Kept
	}
	if r.anew { // that file may have named the user
		l.Since = now.UTC()
	}
	hidden := model.Same("ListInDirectory", user["ListInDirectory"], "false")
	why := r.doubt(user, named)
	if why == "" && was.State == Doubtful && named.people[wholeName(user)] {
		why = was.Why // whoever was new then is on the server now
	}
	switch {
	case why != "":
		l.State, l.Why = Doubtful, why
	case r.Unclear > 0:
		if l.State = cmp.Or(was.State, Marked); l.State == Due {
			l.State = Marked
		}
		return l, known
	case options.Sync.Leavers == record.LeaversReport:
		l.State = Reported
	case options.Sync.Leavers == record.LeaversKeep && l.Kept != "" && hidden:
		l.State = Kept
	case now.Sub(l.Since) < options.Sync.Grace-early(options.Sync.Grace):
		l.State = Marked
	default:
		l.State, l.Kept = Due, ""
	}
	return l, true
}

// early is by how much a night may begin before its time of the day and yet end a grace.
func early(grace time.Duration) time.Duration { return min(time.Hour, grace/2) }

// doubt says why somebody whom the file does not name may be meant by it all the same.
func (r *Roster) doubt(user cupi.Object, named named) string {
	switch form := plan.NearForm(user[r.Match]); {
	case r.Match != "Alias" && named.aliases[model.Fold(user["Alias"])]:
		return fmt.Sprintf("the file has the alias %s with another %s", user["Alias"], r.Match)
	case named.have[model.Fold(user[r.Match])] > 1:
		return fmt.Sprintf("other users have the %s %s too", r.Match, user[r.Match])
	case form != "" && named.forms[form], named.strangers.keys[looseForm(user[r.Match])]:
		return fmt.Sprintf("the file has a %s that differs from %s only as a spreadsheet or a keyboard makes codes differ",
			r.Match, user[r.Match])
	}
	return named.strangers.perhaps(user, r.Match)
}

// back notes that the file names a leaver again. Who has been hidden stays so until somebody takes that back.
func (r *Roster) back(was Leaver, user cupi.Object) {
	if was.State == Doubtful {
		return
	}
	if was.Kept != "" && model.Same("ListInDirectory", user["ListInDirectory"], "false") {
		was.State, was.Alias = Returned, user["Alias"]
		r.Leavers = append(r.Leavers, was)
	}
	r.Back = append(r.Back, was)
}

// deletable leaves out those who can't be deleted, and whoever is not within the scope.
func (r *Roster) deletable(ctx context.Context, people *people, scope *Scope, missing []cupi.Object) ([]cupi.Object, error) {
	if len(missing) == 0 {
		return nil, nil
	}
	undeletable, told, err := people.Undeletable(ctx, people.session)
	if err != nil {
		return nil, err
	}
	before := len(missing)
	missing = slices.DeleteFunc(missing, func(user cupi.Object) bool { return undeletable[model.Fold(user["ObjectId"])] })
	if !told || people.unsure {
		missing, err = people.prove(ctx, scope, missing, !told)
	}
	r.Own += before - len(missing)
	return missing, err
}
