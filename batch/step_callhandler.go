package batch

import (
	"context"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// callHandlerChanges sets what CUPI keeps on the user's call handler and not on
// the user, the ScheduleSetObjectId (CUPI User API, Explanation of Data Fields).
func callHandlerChanges(ctx context.Context, r *rowWork, wanted cupi.Object) ([]change, error) {
	id := r.target["CallHandlerObjectId"]
	if id == "" {
		user, err := r.user(ctx)
		if err != nil {
			return nil, err
		}
		id = user["CallHandlerObjectId"]
	}
	if id == "" {
		return nil, &failure{Failed, "no-call-handler", "the server shows no call handler for this user"}
	}
	changed, before := wanted, cupi.Object(nil)
	if !r.fresh { // a new user's call handler needs no pre-image: undo removes it
		answer, found, err := r.read(ctx, cupi.GetCallHandler(id))
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, &failure{Failed, "no-call-handler", "the user's call handler is not there"}
		}
		changed = differences(answer.Object, wanted)
		before = preImage(answer.Object, changed)
	}
	if len(changed) == 0 {
		return nil, nil
	}
	return []change{{
		step:    validate.StepCallHandler,
		request: cupi.UpdateCallHandler(id, changed),
		before:  before,
		look: func(ctx context.Context) (settlement, error) {
			return r.lookForFields(ctx, cupi.GetCallHandler(id), changed)
		},
	}}, nil
}
