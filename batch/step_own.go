package batch

import (
	"context"
	"errors"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// settleOwn finds an order of the steps that the user's own extensions allow. A run reads those
// only where a step reads them anyway; a look reads them for any row that takes an extension.
func (s *rowSteps) settleOwn(ctx context.Context, look bool) error {
	extensions := s.plan.ExtensionSteps()
	if extensions == 0 || !look && extensions == 1 || s.plan.Operation != validate.Update || s.fresh || s.objectID == "" {
		return nil
	}
	p := send.PartOf(s.about.Alternate, s.about.Alternate.Name, s.objectID)
	if members, fresh := s.known(s.about.Alternate); fresh {
		s.knows(p, members)
	}
	present, err := s.members(ctx, p)
	var untold *send.Failure
	if errors.As(err, &untold) { // the step meets it
		return nil
	}
	if err != nil {
		return err
	}
	end := s.snapshot.SettleOwn(&s.plan, present)
	if end.Status == "" {
		return nil
	}
	return &send.Failure{Status: record.Failed, Code: end.Code, Message: plan.Told(s.plan.Header.Heading(end.Column), end.Message)}
}
