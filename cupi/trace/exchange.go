package trace

import (
	"encoding/json"
	"net/http"
	"time"
)

// Format is the version of the file's format.
const Format = 1

// Header is the first line of a file.
type Header struct {
	Trace   int       `json:"trace"`             // [Format]
	Tool    string    `json:"tool"`              // what wrote it, with its version
	Began   time.Time `json:"began"`             // of this computer's clock
	As      []string  `json:"as,omitempty"`      // of a recording: switches of the simulator, NAME=VALUE, with which it answers alike
	Comment string    `json:"comment,omitempty"` // of a recording: where it is from
}

// Exchange is one request and what came of it.
type Exchange struct {
	At      float64  `json:"at"`      // when it was begun, in seconds since Header.Began
	Attempt int      `json:"attempt"` // how often this same request was sent since it last succeeded, itself included
	Method  string   `json:"method"`
	Path    string   `json:"path"`
	Query   string   `json:"query,omitempty"` // escaped
	Request Message  `json:"request"`
	Status  int      `json:"status,omitempty"` // 0: no answer
	Answer  *Message `json:"answer,omitempty"`
	Seconds float64  `json:"seconds"`           // from the first byte to the last, or to the failure
	Failure string   `json:"failure,omitempty"` // what kind of failure the client saw
	Sent    string   `json:"sent,omitempty"`    // of a failure: whether the server may have got the request
	Error   string   `json:"error,omitempty"`   // and its text
}

// Message is what one side said.
type Message struct {
	Headers []string        `json:"headers,omitempty"` // those that matter, as "Name: value"
	Body    json.RawMessage `json:"body,omitempty"`    // JSON, or a JSON string of what is none
	LeftOut int             `json:"left_out,omitempty"`
	Bytes   int             `json:"bytes,omitempty"`  // of a body that is not shown, or not to its end
	Digest  string          `json:"digest,omitempty"` // of a recording, in place of it: "sha256:" and hexadecimal digits
}

// Raw is an exchange as it was, to be masked.
type Raw struct {
	Request     *http.Request
	RequestBody []byte
	Began       time.Time
	Took        time.Duration
	Answer      *http.Response // nil: none
	AnswerBody  []byte
	Failure     string
	Sent        string
	Error       error
	Clean       func(string) string // takes the client's secrets out of a text; nil: it has none
}
