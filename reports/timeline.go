package reports

import (
	"slices"
	"time"

	"cucbulk/batch/record"
)

// timeline tells how a run went in slices of equal length. Time stands still
// between its starts.
type timeline struct {
	Slice  time.Duration
	Slices []slice
}

// slice is one span of a timeline.
type slice struct {
	Rows    int // that ended
	NotDone int // of them
	Busy    int // answers "503 server busy" to changes
	Changes int // that were answered

	InFlight   float64       // changes that waited for their answer at once, on average
	Median     time.Duration // that a change took; 0 where none was answered
	Percentile time.Duration // that 95 of 100 changes took at most

	took []time.Duration
}

// slicesAtMost is as many as a chart can show.
const slicesAtMost = 60

// sliceLengths are those that people can add up in their heads.
func sliceLengths() []time.Duration {
	return []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond,
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}
}

// newTimeline reads what happened from the journal. It has no slices when nothing was
// sent.
func newTimeline(history *record.History) (timeline, error) {
	whole := history.AtWork
	if whole == 0 {
		return timeline{}, nil
	}
	line := timeline{Slice: sliceLength(whole)}
	line.Slices = make([]slice, whole/line.Slice+1)
	if err := onTheLine(history, line.add); err != nil {
		return timeline{}, err
	}
	for i := range line.Slices {
		line.Slices[i].measure()
	}
	return line, nil
}

// happened is an event at a time that counts from the run's start.
type happened struct {
	record.Event
	began time.Duration // of the start in which it happened
	at    time.Duration
}

// onTheLine tells what happened since the run first began to send.
func onTheLine(history *record.History, tell func(happened)) error {
	var start time.Time           // of this start
	var began, last time.Duration // on the line: this start, and the last event
	return history.Events(func(event record.Event) {
		if event.Kind == record.WorkBegan {
			start, began = event.Time, last
		}
		if start.IsZero() {
			return
		}
		last = max(last, began+event.Time.Sub(start))
		tell(happened{event, began, last})
	})
}

// sliceLength is the shortest that does for a run of this length.
func sliceLength(whole time.Duration) time.Duration {
	lengths := sliceLengths()
	for _, length := range lengths {
		if whole/length < slicesAtMost {
			return length
		}
	}
	longest := lengths[len(lengths)-1]
	return longest * (whole/longest/slicesAtMost + 1)
}

func (l timeline) add(event happened) {
	in := &l.Slices[event.at/l.Slice]
	switch event.Kind {
	case record.RowEnded:
		in.Rows++
		if !event.Status.Done() {
			in.NotDone++
		}
	case record.ChangeAnswered:
		in.Changes++
		in.took = append(in.took, event.Took)
		if event.Code == 503 {
			in.Busy++
		}
		l.fly(max(event.began, event.at-event.Took), event.at)
	}
}

// fly adds a request that was in flight between two times to each slice that it
// touches.
func (l timeline) fly(from, to time.Duration) {
	for i := from / l.Slice; i <= to/l.Slice; i++ {
		within := min(to, (i+1)*l.Slice) - max(from, i*l.Slice)
		l.Slices[i].InFlight += float64(within) / float64(l.Slice)
	}
}

func (s *slice) measure() {
	if len(s.took) == 0 {
		return
	}
	slices.Sort(s.took)
	s.Median, s.Percentile = s.took[len(s.took)/2], s.took[len(s.took)*95/100]
	s.took = nil
}

// perSecond is how often something happened in a second.
func (l timeline) perSecond(times int) float64 { return float64(times) / l.Slice.Seconds() }
