package batch

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"

	"cucbulk/cupi"
)

// stepPark is the step that moves a user to a temporary extension, when rows of a
// file swap their extensions or hand them round in a circle.
const stepPark = "park"

// park does that step for a row. Its outcome is open: the row's own job ends it.
func (e *engine) park(ctx, starting context.Context, plan Plan) outcome {
	r := &rowWork{errand: errand{engine: e, row: plan.Row, alias: plan.Alias, starting: starting, journaled: plan.before.journaled, objectID: plan.Target["ObjectId"]}, plan: plan, past: plan.before}
	temporary, err := temporaryExtension()
	if err != nil {
		return outcome{result: r.cutOff(), open: true, stop: asStop(err)}
	}
	fields := cupi.Object{"DtmfAccessId": temporary}
	_, err = r.errand.change(ctx, change{
		step: stepPark, request: cupi.UpdateUser(r.objectID, fields), before: cupi.Object{"DtmfAccessId": plan.Target["DtmfAccessId"]},
	})
	var failed *failure
	if err != nil && !errors.As(err, &failed) {
		return outcome{result: r.cutOff(), open: true, stop: asStop(err)}
	}
	return outcome{result: r.cutOff(), open: true} // a user that could not move shows when its own turn comes
}

// temporaryExtension makes up an extension that nobody has: 20 digits, of which
// 15 are drawn at random.
func temporaryExtension() (string, error) {
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000_000_000_000))
	if err != nil {
		return "", err
	}
	digits := number.String()
	return "99999" + "000000000000000"[len(digits):] + digits, nil
}
