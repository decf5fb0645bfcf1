package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// singleChanges sets fields of an object that is always there: a PUT.
func (s *rowSteps) singleChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	id := p.MemberID()
	if p.WriteOnly != "" && !s.sendsCredentials(p.Step) {
		return nil, nil
	}
	if s.fresh {
		if wanted = s.notAsMade(p.Step, wanted); len(wanted) == 0 {
			return nil, nil
		}
		c := p.Putting(id, nil, wanted)
		if wanted[p.WriteOnly] != "" {
			c.AbsentSince = s.madeBefore
		}
		return []send.Change{c}, nil
	}
	present, found, err := s.Reader.Single(ctx, p)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &send.Failure{Status: record.Failed, Code: codes.NotThere, Message: "the server does not show the " +
			s.About.One() + "'s " + p.Name}
	}
	changed := model.Differences(present, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	c := p.Putting(id, present, changed)
	if _, secret := changed[p.WriteOnly]; secret {
		c.AbsentSince, _ = cupi.ParseTime(present["TimeChanged"]) // if it can't be read, a lost answer is not settled so
	}
	return []send.Change{c}, nil
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
	return s.plan.SendsCredentials()
}
