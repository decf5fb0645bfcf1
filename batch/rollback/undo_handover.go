package rollback

import (
	"context"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// referringNow gives fields of what is somebody else's and referred to the row's user before the
// run, with the ids that the user has now. Who is not back can't be referred to.
func (u *undoing) referringNow(ctx context.Context, fields cupi.Object) (cupi.Object, error) {
	deleted := u.deletion()
	if u.kind.Owner != model.Others || deleted == nil {
		return fields, nil
	}
	gone := model.LastPart(deleted.Intent.Path)
	now := u.all.current(gone)
	if now == gone {
		return nil, &send.Failure{Status: record.Kept, Code: codes.TargetGone,
			Message: "the user was not made again, so what referred to the user still refers to the successor"}
	}
	if u.again == nil {
		user, found, err := u.Whole(ctx, deleted.Intent.About(), now)
		if err != nil {
			return nil, err
		}
		if !found || user["CallHandlerObjectId"] == "" {
			return nil, &send.Failure{Status: record.Kept, Code: codes.TargetGone,
				Message: "the user who was made again is not there, so what referred to the user still refers to the successor"}
		}
		u.again = user
	}
	back := cupi.Object{}
	for name, value := range fields {
		switch {
		case strings.EqualFold(value, gone):
			value = now
		case value != "" && strings.EqualFold(value, deleted.Intent.Before["CallHandlerObjectId"]):
			value = u.again["CallHandlerObjectId"]
		}
		back[name] = value
	}
	return back, nil
}

// deletion is the change by which the run deleted the row's user; nil if it did not.
func (u *undoing) deletion() *record.AppliedChange {
	for i, c := range u.before.Made {
		if c.Deletes() {
			return &u.before.Made[i]
		}
	}
	return nil
}
