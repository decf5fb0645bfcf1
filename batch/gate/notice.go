package gate

// Notice tells people why a run waits or is slow, or that it no longer does. Its texts are
// only for reading: what follows from it, follows from its state.
type Notice struct {
	State State
	Text  string
	Short string // the same beside a progress bar, where Text says more than has room there; else ""
}

// State is what a notice says of a run. The three kinds below do not concern each other:
// a run may wait, be throttled and settle answers at once.
type State string

// The states that notices tell.
const (
	Waiting State = "waiting" // the run stands still until GoingOn, or until a row ends
	Paused  State = "paused"  // the run stands still until GoingOn
	GoingOn State = "going on"

	Throttled State = "throttled" // less is sent at a time, until Recovered
	Recovered State = "recovered"

	Settling State = "settling" // lost answers are waited for, until Settled; package batch tells it
	Settled  State = "settled"  // without a text
)
