package roster

import (
	"context"
	"fmt"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Compose asks the server who is there, and decides what becomes of whom.
func Compose(ctx context.Context, server send.Server, file *File, options record.Options, now time.Time) (*Roster, error) {
	scope, err := ParseScope(options.Sync.Scope)
	if err != nil {
		return nil, err
	}
	about := model.ObjectOf(validate.Users)
	match := validate.Users.MatchColumn(options.Match)
	column, _ := validate.Users.Column(match)
	r := &Roster{file: file, rows: map[int]decision{}, match: column, Unclear: len(file.unclear)}
	r.keyAt, _ = file.Header.Position(match)
	r.Night = file.night(options, now, false)
	people, err := meet(ctx, server, about, &scope, options)
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	r.Server, r.Seen = people.Identity, people.seen
	nights, err := r.others(options.Sync.Among)
	if err != nil {
		return nil, err
	}
	last, unread := lastOf(nights)
	named, newcomers, err := r.decide(people, &scope)
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	r.Rows -= named.repeats
	r.Last = last
	if bar := carriedOut(nights); bar != nil {
		if lost := bar.Rows - r.Rows; lost > options.Sync.MaxShrink.Of(bar.Rows) {
			return nil, &record.Stop{Exit: record.ExitRail, Code: codes.MaxShrink,
				Reason: fmt.Sprintf("stopped by --max-shrink: %s has %d rows, and the last one "+
					"had %d (%s); nothing was sent. Look whether the file is whole; if it is, give --max-shrink %d", file.Input.Name,
					r.Rows, bar.Rows, bar.folder, lost)}
		}
	}
	r.anew = unread
	err = r.equip(ctx, people, newcomers, named.used, last, options)
	if err == nil {
		err = r.findLeavers(ctx, people, &scope, named, last, options, now)
	}
	r.Requests = int(people.session.Sent.Load())
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	return r, nil
}
