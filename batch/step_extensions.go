package batch

import (
	"context"
	"errors"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// resolveExtensions finds an order of the steps that the user's own extensions allow. A run reads those
// only where a step reads them anyway; a look reads them for any row that takes an extension.
func (s *rowSteps) resolveExtensions(ctx context.Context, look bool) error {
	extensions := s.plan.ExtensionSteps()
	if extensions == 0 || !look && extensions == 1 || s.plan.Operation != validate.Update || s.fresh || s.ObjectID == "" {
		return nil
	}
	p := send.PartOf(s.About.Alternate, s.About.Alternate.Name, s.ObjectID)
	if members, fresh := s.known(s.About.Alternate); fresh {
		s.knows(p, members)
	}
	present, err := s.Members(ctx, p)
	var untold *send.Failure
	if errors.As(err, &untold) { // the step meets it
		return nil
	}
	if err != nil {
		return err
	}
	end := s.snapshot.ResolveExtensions(&s.plan, present)
	if end.Status == "" {
		return nil
	}
	return &send.Failure{Status: record.Failed, Code: end.Code, Message: plan.Told(s.plan.Header.Heading(end.Column), end.Message)}
}
