package batch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How a row ended, in words and figures.

// ended makes the row's result.
func (r *rowRunner) ended() record.Result {
	result := r.ofSteps()
	result.Recipients = r.recipients
	if result.Status == record.Created && result.Operation == validate.Update { // an upsert made a member of its target
		result.Operation = validate.Create
	}
	if len(r.leftOut) == 0 {
		return result
	}
	result.LeftOut = r.leftOut
	result.Code = cmp.Or(result.Code, codes.LeftOut)
	result.Message = strings.TrimPrefix(result.Message+"; "+r.leftOutText(), "; ")
	if slices.Contains(r.leftOut, "DtmfAccessId") {
		result.DtmfAccessID = ""
	}
	return result
}

// ofSteps makes the row's result of its steps.
func (r *rowRunner) ofSteps() record.Result {
	if r.problem == nil {
		status := record.Unchanged
		if r.changed {
			status = doneAs(r.plan, r.past.Made)
		}
		if r.changed && r.plan.Operation == validate.ImportLDAP {
			return r.result(status, codes.Imported, "imported from the LDAP directory")
		}
		if r.Journaled.Unproven() {
			return r.result(status, codes.GoneUnproven, "an earlier request of this run was not answered; "+send.NoteGone)
		}
		if left := r.leftToDirectory(); left != "" {
			return r.result(status, codes.LdapOwned, left)
		}
		if former := r.renamedFrom(); former != "" {
			return r.result(status, "", record.NoteNewAlias(former))
		}
		if r.plan.Record.KeepsMailbox && r.changed {
			return r.result(status, "", "the mailbox is kept, in place of deleting the user")
		}
		if r.onlyTookOut() {
			status = record.Updated
		}
		said := slices.DeleteFunc([]string{r.plan.MemberText(), r.handedOverText(), r.notRecorded()},
			func(text string) bool { return text == "" })
		return r.result(status, "", strings.Join(said, "; "))
	}
	status := r.problem.Status
	if status == record.Failed && r.changed {
		status = record.Partial
	}
	message := r.problem.Message + r.notTried()
	if handed := r.handedOverText(); handed != "" {
		message += "; " + handed
	}
	return r.result(status, r.problem.Code, message+r.leftWith())
}

// doneAs is how a row ends that did what it asked for, by these changes.
func doneAs(p plan.Plan, made []record.AppliedChange) record.Status {
	if p.Record.Asks == validate.Upsert && slices.ContainsFunc(made, func(c record.AppliedChange) bool { return c.Method == "POST" }) {
		return record.Created // a member of the target
	}
	return map[validate.Operation]record.Status{validate.Create: record.Created, validate.ImportLDAP: record.Created,
		validate.Update: record.Updated, validate.Delete: record.Deleted}[p.Told()]
}

// mostHandedOver is how much of what was handed over a result names.
const mostHandedOver = 10

// handedOverText says what this start of the run gave to the successor.
func (r *rowRunner) handedOverText() string {
	if len(r.handedOver) == 0 {
		return ""
	}
	text := "handed over to " + r.About.Name(r.plan.Successor) + ": " +
		strings.Join(r.handedOver[:min(len(r.handedOver), mostHandedOver)], "; ")
	if left := len(r.handedOver) - mostHandedOver; left > 0 {
		text += fmt.Sprintf("; and %d more", left)
	}
	return text
}

// notRecorded says what the server did not show of a user, and a rollback can't give back.
func (r *rowRunner) notRecorded() string {
	if len(r.unread) == 0 {
		return ""
	}
	return "not recorded, because the server does not show it: " + strings.Join(r.unread, ", ")
}

// leftOutText says what the row goes without.
func (r *rowRunner) leftOutText() string {
	return fmt.Sprintf("left out, because the server does not take it of a %s: %s", r.About.One(), strings.Join(r.leftOutTold, ", "))
}

// leftToDirectory says what the row left to the LDAP directory when it saw that the user is of it.
func (s *rowSteps) leftToDirectory() string {
	if len(s.ownedLeft) == 0 {
		return ""
	}
	return strings.Join(s.ownedLeft, ", ") +
		": the LDAP directory owns these fields of this user, so they were left as they are; change them there"
}

// renamedFrom is the alias that the user had before the row gave another; "" if it did not.
func (r *rowRunner) renamedFrom() string {
	for _, c := range r.past.Made {
		if c.Renames() != "" {
			return r.About.Name(c.Intent.Before)
		}
	}
	return ""
}

// leftWith says of a row that failed that its user has a temporary extension. Where the
// request that takes it away is in doubt, the look has just read that it is gone, or nothing.
func (r *rowRunner) leftWith() string {
	temporary := r.past.Temporary()
	moves := model.KindOf(r.at).Shape == model.WholeUser && slices.ContainsFunc(r.plan.Steps,
		func(s model.Step) bool { return s.Name == r.at && s.Wanted["DtmfAccessId"] != "" })
	switch {
	case temporary == "":
		return ""
	case r.problem.Status != record.Uncertain || !moves:
		return "; " + temporary + ": a rollback gives that back"
	case r.problem.Code == codes.ExistsUnproven:
		return ""
	}
	extension, before := r.past.LeftWith()
	return fmt.Sprintf("; the %s may still have the temporary extension %s, in place of %s: look at the server", r.About.One(),
		extension, before)
}

// notTried names the steps that were not reached because one before them failed.
func (r *rowRunner) notTried() string {
	var names []string
	for i := range r.plan.Steps {
		step := r.plan.Steps[len(r.plan.Steps)-1-i].Name
		if step == r.at {
			break
		}
		names = append(names, step)
	}
	if len(names) == 0 {
		return ""
	}
	slices.Reverse(names)
	return "; not tried: " + strings.Join(names, ", ")
}

func (r *rowRunner) result(status record.Status, code codes.Code, message string) record.Result {
	return record.Result{
		Row: r.plan.Row, Line: r.plan.Line, Operation: r.plan.Told(),
		Alias: r.plan.Alias, DtmfAccessID: r.plan.DtmfAccessID, ObjectID: r.ObjectID,
		Status: status, Code: code, Message: message,
		StepsDone: r.stepsDone, StepsFailed: r.stepsFailed,
		Requests: r.Requests, Attempts: r.Attempts, Seconds: r.AtWork(),
		Reversible: r.plan.Reversibility(r.stepsDone),
		Cells:      r.plan.Cells,
	}
}

// cutOff is the row as it is when the run ends before it does.
func (r *rowRunner) cutOff() record.Result {
	result := r.result(r.Journaled.CutOff(record.KindRun), "", "")
	result.StepsDone, result.StepsFailed = r.Journaled.Done(), nil
	switch {
	case r.Journaled.Unconfirmed():
		result.Code = codes.TemplateUnconfirmed
	case result.Status != record.Pending:
		result.Code = codes.Interrupted
	}
	return result
}

// resultOfEnded is the result of a row that was settled without sending. What an earlier
// start of the run did for it stays, and is told.
func resultOfEnded(p plan.Plan) record.Result {
	result := record.Result{
		Row: p.Row, Line: p.Line, Operation: p.Told(), Alias: p.Alias, DtmfAccessID: p.DtmfAccessID, ObjectID: p.Target["ObjectId"],
		Status: p.End.Status, Code: p.End.Code, Message: p.EndText(), Reversible: record.FullyReversible,
		Cells: p.Cells, LookedAt: p.Looked,
	}
	if status := p.Before.Journaled.CutOff(record.KindRun); status != record.Pending && result.Status == record.Invalid {
		result.Status, result.StepsDone, result.ObjectID = status, p.Before.Journaled.Done(), cmp.Or(result.ObjectID, p.Before.Created())
		result.Message += "; what an earlier start of this run did for the row stays"
	}
	return result
}
