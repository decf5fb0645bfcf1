package pool

import (
	"context"

	"cucbulk/batch/record"
)

// Job is a row that is ready to be worked on.
type Job struct {
	ID    int              // what others name it by in after; 0: nobody does
	After []int            // jobs that must have ended before, wherever they are
	Keys  []string         // rows that share one are worked on one after the other, in order
	Admit func() Admission // asked when its turn comes; nil: it goes
	Begun bool             // by an earlier start: there may be more such jobs behind this one
	Rank  func() Rank      // asked when it is ready to go; nil: RankSingle
	Goes  func()           // told when a worker has it, before any other is handed out; nil: nobody
	// MovesFirst: the job moves the row's user out of the way, so that the row is half made until
	// its other job, which is MovedBefore, has ended.
	MovesFirst, MovedBefore bool
	// Work does it. When starting ends, it may finish what it has begun, but not begin.
	Work func(ctx, starting context.Context) Outcome
}

// Rank says which of the jobs that are ready go first.
type Rank int

// The ranks.
const (
	RankSingle     Rank = iota // the row sends one change
	RankSeveral                // it may send several, and has no place yet among those that are half made: see [send.Place]
	RankMovesFirst             // the job leaves it half made
	RankBegun                  // the server has something of it, or may have: it goes before all others

	ranks = iota
)

// Admission says how a job may go.
type Admission struct {
	Alone bool         // nothing else may be in flight while it is worked on
	Stop  *record.Stop // it may not go, and the run ends
}

// Outcome is what became of a job. stop ends the run.
type Outcome struct {
	Result   record.Result
	Open     bool // the row has not ended: it was cut off, or another job goes on with it
	Again    bool // nothing of the row was begun, though it seemed so: the job goes once more
	TookFrom int  // the row that had claimed this row's user; 0: none
	Stop     *record.Stop
}
