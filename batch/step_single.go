package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// singleChanges sets fields of an object that is always there: a PUT.
func (s *rowSteps) singleChanges(ctx context.Context, p part, wanted cupi.Object) ([]change, error) {
	id := p.memberID()
	if p.WriteOnly != "" && !s.sendsCredentials(p.step) {
		return nil, nil
	}
	if s.fresh {
		c := p.putting(id, nil, wanted)
		if wanted[p.WriteOnly] != "" {
			c.absentSince = s.madeBefore
		}
		return []change{c}, nil
	}
	present, found, err := s.reader.single(ctx, p)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &failure{record.Failed, codes.NotThere, "the server does not show the user's " + p.Name}
	}
	changed := model.Differences(present, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	c := p.putting(id, present, changed)
	if _, secret := changed[p.WriteOnly]; secret {
		c.absentSince, _ = cupi.ParseTime(present["TimeChanged"]) // if it can't be read, a lost answer is not settled so
	}
	return []change{c}, nil
}

// sendsCredentials reports whether a step that sets a PIN or a password is carried
// out: on users that the run makes, on others only where the row says update, or
// the options say so. What was set for the row before is not set again.
func (s *rowSteps) sendsCredentials(step string) bool {
	for _, c := range s.past.Made {
		if c.Step == step {
			return false
		}
	}
	return s.plan.sendsCredentials()
}
