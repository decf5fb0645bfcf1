package batch

import (
	"context"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// singleChanges sets fields of an object that is always there: a PUT.
func (s *rowSteps) singleChanges(ctx context.Context, p part, wanted cupi.Object) ([]change, error) {
	id := p.memberID()
	if p.writeOnly != "" && !s.sendsCredentials(p.step) {
		return nil, nil
	}
	if s.fresh {
		c := p.putting(id, nil, wanted)
		if wanted[p.writeOnly] != "" {
			c.absentSince = s.madeBefore
		}
		return []change{c}, nil
	}
	present, found, err := s.reader.single(ctx, p)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &failure{Failed, codes.NotThere, "the server does not show the user's " + p.name}
	}
	changed := differences(present, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	c := p.putting(id, present, changed)
	if _, secret := changed[p.writeOnly]; secret {
		c.absentSince, _ = cupi.ParseTime(present["TimeChanged"]) // if it can't be read, a lost answer is not settled so
	}
	return []change{c}, nil
}

// putting is the change that sets fields of a member. Nothing of a fresh user is
// kept as a pre-image: present is nil, and undoing removes the user.
func (p part) putting(id string, present, fields cupi.Object) change {
	c := change{step: p.step, request: p.put(cupi.Get(p.collection, id).Path, fields)}
	if present != nil {
		before := preImage(present, fields)
		delete(before, p.writeOnly)
		c.before = before
	}
	return c
}

// sendsCredentials reports whether a step that sets a PIN or a password is carried
// out: on users that the run makes, on others only where the row says update, or
// the options say so. What was set for the row before is not set again.
func (s *rowSteps) sendsCredentials(step string) bool {
	for _, c := range s.past.made {
		if c.Step == step {
			return false
		}
	}
	return s.plan.sendsCredentials()
}
