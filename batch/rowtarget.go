package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Whom a row is about whose user rows before it make, rename or delete.

// lookUpTarget finds the row's user now, because an earlier row of the file may
// have made, renamed or deleted it.
func (r *rowRunner) lookUpTarget(ctx context.Context) error {
	entry := r.plan.Record
	hits, _, err := r.LookUp(ctx, r.About.Collection, entry.Key, entry.KeyValue, entry.Operation != validate.Create)
	if err != nil {
		return err
	}
	asOf := r.Clock
	var found []cupi.Object
	for _, user := range hits {
		if !model.Holds(found, user["ObjectId"]) {
			found = append(found, user)
		}
	}
	r.Target, r.ObjectID = nil, ""
	if end := r.plan.Binding(found); end.Status != "" {
		return &send.Failure{Status: end.Status, Code: end.Code, Message: plan.Told(r.plan.Header.Heading(end.Column), end.Message)}
	}
	if len(found) > 0 {
		r.Target, r.ObjectID = found[0], found[0]["ObjectId"]
	} else if err := r.changedKey(ctx); err != nil {
		return err
	}
	r.plan.Target = r.Target
	r.plan.Late = false
	r.plan.Operation = entry.Operation
	r.plan.ResolveOperation(entry)
	if r.plan.Operation == validate.ImportLDAP && r.Target != nil {
		user, err := r.user(ctx)
		if err != nil {
			return err
		}
		r.plan.End = plan.Imported(r.Target, user["LdapType"])
	}
	if end := r.plan.End; end.Status != "" {
		if end.Status == record.Invalid { // the pre-flight could not know it; the row was tried
			end.Status = record.Failed
		}
		return &send.Failure{Status: end.Status, Code: end.Code, Message: r.plan.EndText()}
	}
	if r.plan.Operation.MakesUsers() {
		r.absentSince = asOf
	}
	return nil
}

// changedKey fails a row whose user is there, and is no longer found by the row's key:
// it is not gone, and no other is to be made in its place.
func (r *rowRunner) changedKey(ctx context.Context) error {
	record := r.plan.Record
	if r.plan.Bound == "" || record.Operation != validate.Delete && record.Operation != validate.Upsert {
		return nil
	}
	user, found, err := r.Whole(ctx, r.About, r.plan.Bound)
	if err != nil || !found {
		return err
	}
	end := plan.Invalid(codes.OtherUser, "the %s that this row is about (%s, with the ObjectId %s) does not have the "+
		"%s %q now: a row before it failed, or somebody changed it meanwhile; nothing is done to it", r.About.One(), plan.Describe(user),
		r.plan.Bound, record.Key, record.KeyValue)
	return &send.Failure{Status: end.Status, Code: end.Code, Message: plan.Told(r.plan.Header.Heading(record.Key), end.Message)}
}
