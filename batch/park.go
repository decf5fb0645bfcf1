package batch

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"cucbulk/cupi"
)

// stepPark is the step that moves a user to a temporary extension, when rows of a
// file swap their extensions or hand them round in a circle.
const stepPark = "park"

// park does that step for a row. Its outcome is open: the row's own job ends it.
func (e *engine) park(ctx, starting context.Context, plan Plan, temporary string) outcome {
	r := &rowWork{errand: errand{engine: e, row: plan.Row, alias: plan.Alias, starting: starting, journaled: plan.before.journaled, objectID: plan.Target["ObjectId"]}, plan: plan, past: plan.before}
	fields := cupi.Object{"DtmfAccessId": temporary}
	_, err := r.errand.change(ctx, change{
		step: stepPark, request: cupi.UpdateUser(r.objectID, fields), before: cupi.Object{"DtmfAccessId": plan.Target["DtmfAccessId"]},
	})
	var failed *failure
	if err != nil && !errors.As(err, &failed) {
		return outcome{result: r.cutOff(), open: true, stop: asStop(err)}
	}
	return outcome{result: r.cutOff(), open: true} // a user that could not move shows when its own turn comes
}

// temporaryExtension is an extension that nobody has, for a user with this ObjectId: 20
// digits, of which 15 are as good as drawn at random. A dry run shows the one that the
// run gives.
func temporaryExtension(objectID string) string {
	sum := sha256.Sum256([]byte(objectID))
	return fmt.Sprintf("99999%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}
