package cupitest

import "sync"

// Fault is one way in which a request goes wrong.
type Fault string

// The faults. "Before" means that nothing was done, "after" that the work was done.
const (
	NoFault          Fault = ""
	Busy             Fault = "busy"               // before: 503, with RetryAfter if the server sets one
	Unauthorized     Fault = "unauthorized"       // before: 401 to a request that brings cookies and no credentials
	Reset            Fault = "reset"              // before: the connection is reset
	Error            Fault = "error"              // before: 500
	HTML             Fault = "html"               // before: 200 with a sign-in page
	Redirect         Fault = "redirect"           // before: 302 to another page
	Forbidden        Fault = "forbidden"          // before: 403
	NotFound         Fault = "not-found"          // before: 404
	TooMany          Fault = "too-many-requests"  // before: 429, with RetryAfter if the server sets one
	CutAfterCommit   Fault = "cut-after-commit"   // after: the connection ends without an answer
	ErrorAfterCommit Fault = "error-after-commit" // after: 500
	Gateway          Fault = "gateway"            // after: 504
	Truncated        Fault = "truncated"          // after: the body ends half-way
	RefusedAfter     Fault = "refused-after"      // after: 400 to a change, with CUPI's own words for a rule that is broken
	BadRequestAfter  Fault = "bad-request-after"  // after: 400 with a page, as a proxy gives it
	ForbiddenAfter   Fault = "forbidden-after"    // after: 403
	NotFoundAfter    Fault = "not-found-after"    // after: 404
	ConflictAfter    Fault = "conflict-after"     // after: 409
	TooLargeAfter    Fault = "too-large-after"    // after: 413
	RedirectAfter    Fault = "redirect-after"     // after: 302 to another page
	// After: 401 to a POST or a DELETE that brings cookies and no credentials; a PUT would be done
	// twice.
	ExpiredAfter Fault = "expired-after"
	AnothersID   Fault = "anothers-id"   // after: 201 names the id of a user who was there before
	StrangeID    Fault = "strange-id"    // after: 201 names what has no id's form
	NobodysID    Fault = "nobodys-id"    // after: 201 names an id that nobody has
	NeighboursID Fault = "neighbours-id" // after: 201 names the id of the user who was made just before
	TwoIDs       Fault = "two-ids"       // after: the body of a 201 names an id that nobody has, the Location the right one
	Slow         Fault = "slow"          // the work takes SlowBy longer
	LateCommit   Fault = "late-commit"   // the connection ends at once, the work is done LateBy later
	IgnoreTitle  Fault = "ignore-title"  // Title is dropped from what is written, without a word
	// Before: 400 to a request with a body, whose message repeats that and the Authorization
	// header.
	Echo Fault = "echo"
	// Before: 400 to a request with a body, whose message repeats the secrets of the last one that
	// had any.
	EchoEarlier Fault = "echo-earlier"
	AnswerTwice Fault = "answer-twice" // after: a second answer follows, which repeats the request's body

	// Lists alone.
	MovingList   Fault = "moving-list"   // the first element of each list has become its last
	RepeatPage   Fault = "repeat-page"   // every page is the one before it again
	EndlessList  Fault = "endless-list"  // each page is full of elements that no other has, and the total grows
	CapitalIDs   Fault = "capital-ids"   // ids are in capital letters
	HugeTotal    Fault = "huge-total"    // the total is 2^62
	HugeList     Fault = "huge-list"     // 30 MiB of small elements
	MisreadQuery Fault = "misread-query" // a query ends where its value has anything but letters, digits and a few signs
	DeepList     Fault = "deep-list"     // a wrapper in a wrapper in a wrapper, a hundred thousand times
)

// Faults is how often each [Fault] strikes: 0 never, 1 always. Of several that would strike the same request, the first does.
type Faults struct {
	Busy, Unauthorized, Reset, Error, HTML, Redirect, Forbidden, NotFound, TooMany float64
	CutAfterCommit, ErrorAfterCommit, Gateway, Truncated                           float64
	RefusedAfter, BadRequestAfter, ForbiddenAfter, NotFoundAfter, ConflictAfter    float64
	TooLargeAfter, RedirectAfter, ExpiredAfter                                     float64
	AnothersID, StrangeID, NobodysID                                               float64
	NeighboursID, TwoIDs                                                           float64
	Slow, LateCommit, IgnoreTitle, Echo, EchoEarlier, AnswerTwice                  float64
	MovingList, RepeatPage, EndlessList, CapitalIDs, HugeTotal, HugeList, DeepList float64
	MisreadQuery                                                                   float64
}

// dice draws the faults. What a request draws depends on the seed, on the request itself, and on how often the same
// request came before; it does not depend on the other requests, so goroutines can't change it.
type dice struct {
	mu   sync.Mutex // guards Server.Faults too
	seen map[uint64]uint64
}
