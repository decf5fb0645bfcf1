package batch

import (
	"context"
	"errors"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// untold passes over what the server does not tell.
func untold(err error) error {
	if failed := (*send.Failure)(nil); errors.As(err, &failed) {
		return nil
	}
	return err
}

// resolveExtensions finds an order of the steps that the user's own extensions allow. A run reads those
// only where a step reads them anyway; a look reads them for any row that takes an extension.
func (s *rowSteps) resolveExtensions(ctx context.Context, look bool) error {
	extensions := s.plan.Steps.OnExtensions()
	if s.About.Alternate == nil || extensions == 0 || !look && extensions == 1 || s.plan.Operation != validate.Update ||
		s.fresh || s.ObjectID == "" {
		return nil
	}
	p := send.PartOf(s.About.Alternate, s.About.Alternate.Name, s.ObjectID)
	if members, fresh := s.known(s.About.Alternate); fresh {
		s.Knows(p, members)
	}
	present, err := s.Members(ctx, p)
	if err != nil {
		return untold(err) // the step meets it
	}
	end := s.snapshot.ResolveExtensions(&s.plan, present)
	if end.Status == "" {
		return nil
	}
	return &send.Failure{Status: record.Failed, Code: end.Code, Message: plan.Told(s.plan.Header.Heading(end.Column), end.Message)}
}
