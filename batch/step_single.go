package batch

import (
	"context"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// singleChanges sets fields of an object that is always there: a PUT.
func (r *rowWork) singleChanges(ctx context.Context, p part, wanted cupi.Object) ([]change, error) {
	id := p.memberID()
	if p.writeOnly != "" && !r.sendsCredentials(p.step) {
		return nil, nil
	}
	if wanted[p.writeOnly] == toBeDrawn && !r.imagined {
		return nil, &failure{Failed, codes.PINNotSet, "the PIN that was sealed for this row was not set, and only the owner of the key can read it: run rejects.csv with --continues and --pin random, and it gets another"}
	}
	if r.fresh {
		c := p.putting(id, nil, wanted)
		if wanted[p.writeOnly] != "" {
			c.absentSince = r.madeBefore
		}
		return []change{c}, nil
	}
	present, found, err := r.one(ctx, p, id)
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

// memberID is which member of the collection the object is.
func (p part) memberID() string { return orElse(p.member, orElse(slotOf(p.step), p.owner)) }

// one reads the object.
func (r *rowWork) one(ctx context.Context, p part, id string) (cupi.Object, bool, error) {
	request := cupi.Get(p.collection, id)
	if r.imagined {
		r.requests++
		return cupi.Object{}, true, nil
	}
	answer, found, err := r.read(ctx, request)
	return answer.Object, found, err
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
func (r *rowWork) sendsCredentials(step string) bool {
	for _, c := range r.past.made {
		if c.Step == step {
			return false
		}
	}
	return r.plan.sendsCredentials()
}
