package cupitest

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server simulates one Unity Connection server. Its zero value is ready for use. Set the fields before the first
// request; only what a method changes may change later.
type Server struct {
	// Username and Password are the one account. When both are empty any credentials will do, but credentials, or the
	// cookies that they brought, are needed all the same.
	Username, Password string

	// Slots is how many requests are worked on at once, for all clients together; 0 means 5.
	Slots int
	// Queue is how many requests may wait for a slot; 0 means 255. The next one gets a 503 at once.
	Queue int
	// QueueTimeout is how long a request waits for a slot before it gets a 503; 0 means 20 s.
	QueueTimeout time.Duration
	// Latency is how long each request takes, in its slot.
	Latency time.Duration

	// CookieLife is how long cookies replace the credentials; 0 means for ever.
	CookieLife time.Duration
	// TokenLife is how long a request token is current; 0 means for ever. The answer to a request with an older token
	// brings the next one; a token that is older than two lives is refused.
	TokenLife time.Duration
	// BasicPerSecond is how many requests a second may carry credentials; 0 means any number. The next one gets a 503.
	BasicPerSecond int
	// LockAfter locks the account after so many bad sign-ins in a row; 0 means never. The vendor's default is 3.
	LockAfter int

	// JSONByDefault answers in JSON when the Accept header leaves the choice; else the answer is XML.
	JSONByDefault bool
	// WrappedJSON writes lists as the vendor's page prints them: {"Users":{"-total":"1","User":{}}}.
	WrappedJSON bool
	// DoubledBrackets writes booleans in XML as the vendor's page prints them: <Inactive>>false</Inactive>.
	DoubledBrackets bool
	// OneClauseQueries refuses queries of more than one clause, as releases before 10.0 do.
	OneClauseQueries bool
	// PassOverQueries answers every query that it understands as if it were not there: with all elements.
	PassOverQueries bool
	// ParenthesesInValues takes parentheses within a query's value for a part of it; else they are a 400. What real servers
	// do is not documented.
	ParenthesesInValues bool
	// MaxRows is how many elements a page has at most, whatever rowsPerPage asks for; 0 means any number.
	MaxRows int
	// Bare leaves the server with what a new installation has, and no more: without the branch office and the services that
	// are here to try things with.
	Bare bool
	// Nodes are the servers that share the users, the publisher first; none means cuc1.example.com alone.
	Nodes []string
	// NodeState is what the last of them says that it is: "" and "running", "down", "initializing", "database-sync" or
	// "split-brain". Change it later with [Server.SetNodeState].
	NodeState string
	// Licence is how the server is licensed: "" and "evaluation", "authorized", "out-of-compliance", or "over", its
	// evaluation.
	Licence string
	// Release is what the server says that it is, "" for 14.0.1.11900.122. Nothing else goes by it.
	Release string
	// Elsewhere is how many users another cluster of its network has: munich00001 with the extension 700001, and so on.
	Elsewhere int
	// Location is the LocationObjectId of all that the server has; "" means that of every simulator without one. Servers
	// that are used side by side on one computer need one each, or they are one server to their clients.
	Location string
	// ExtensionOptional creates users without DtmfAccessId, as the vendor's JSON example does.
	ExtensionOptional bool
	// AnyCredentials takes every PIN and password; else those are refused that their authentication rule forbids.
	AnyCredentials bool
	// PassOverFields ignores fields that a resource does not have, and [Server.PassedOver] tells which; else they are a
	// 400. What real servers do is not documented; public clients send such fields.
	PassOverFields bool
	// OnPassedOver, if set, is told of each field that is passed over, once for each kind of request ("PUT
	// /vmrest/users/{id}"), before its answer leaves. Requests that are worked on at a time call it at a time.
	OnPassedOver func(request, field string)
	// JSONErrorsByDefault answers errors in JSON when the Accept header leaves the choice; else they are XML.
	JSONErrorsByDefault bool
	// UntypedVoiceFiles takes the recording of a voice file without a Content-Type; else it is a 415.
	UntypedVoiceFiles bool
	// PartitionOptional makes alternate extensions without PartitionObjectId, in their user's partition; else it is mandatory.
	PartitionOptional bool
	// NoNullTimes refuses an empty TimeExpires; else it means for ever.
	NoNullTimes bool
	// AloneExtension says what becomes of the Extension of a transfer option whose UsePrimaryExtension is true, where the
	// request gives only the first: "refuses", "keeps", "takes" (and UsePrimaryExtension is false then), or
	// "ignores". "" is "refuses", but for a handler that is no user's, where it is "keeps".
	AloneExtension string
	// FixedPorts makes ports read only, and of port groups all but MwiOnCode and MwiOffCode; else both are made, changed and
	// deleted.
	FixedPorts bool
	// MostRings is the most TransferRings of a transfer option; 0 means 20.
	MostRings int
	// LongestMessage is the most MaxMsgLen of a call handler, in seconds; 0 means 3600.
	LongestMessage int
	// DeleteReferenced deletes users to whom other objects refer; else that is a 400.
	DeleteReferenced bool
	// RecipientGone says what becomes of the recipient of a handler's messages where that list or contact is deleted: the
	// handler "empties" the field, or "keeps" the id of what is gone, the server "replaces" it with its own list of
	// undeliverable messages, or it "refuses" the DELETE. "" is "empties".
	RecipientGone string
	// OwnDependencyIDs tells greetings and keys that refer to users by their own ids; else by that of the handler that has them.
	OwnDependencyIDs bool
	// FixedListPartition makes the partition of a distribution list read only.
	FixedListPartition bool
	// ContactFields has a contact keep what only BAT is known to have: an extension, a city, SMTP proxy addresses and so on.
	// Else it has no such fields.
	ContactFields bool
	// AnyVoiceName takes any text as VoiceName; else it must be the name of a voice file that was put there before.
	AnyVoiceName bool
	// ServiceByServer makes a unified messaging service of Office 365 of its Server alone; else it needs a domain, and to look for
	// the server by itself.
	ServiceByServer bool
	// KeepOldAlias makes the alias that a user had a proxy address of the user.
	KeepOldAlias bool
	// VmsServersInCluster answers /vmrest/cluster as /vmrest/vmsservers, as the vendor's page prints it.
	VmsServersInCluster bool
	// AllErrors reports every problem of a request; else only the first.
	AllErrors bool

	// Faults is how often each fault strikes. Change it later with [Server.SetFault].
	Faults Faults
	// Fault, if set, is asked first, request by request; [NoFault] leaves the choice to Faults.
	Fault func(*http.Request) Fault
	// Seed makes the ids of new resources and the draws of faults.
	Seed uint64
	// RetryAfter is the header of the 503 and 429 that faults bring, rounded up to seconds; 0 sends none.
	RetryAfter time.Duration
	// SlowBy is what the fault "slow" adds to Latency; 0 means 5 s.
	SlowBy time.Duration
	// LateBy is how long after the cut the fault "late-commit" makes its change; 0 means 2 s.
	LateBy time.Duration

	// ClockAhead is how far the server's clock is ahead of this computer's. Change it later with [Server.SetClock].
	ClockAhead time.Duration

	// OnChange, if set, is told of every POST, PUT and DELETE that passed the rules, before it takes effect and under
	// the server's lock: it must not call the server. An error makes the answer a 500 without the change, and is
	// kept for [Server.ChangeErrors].
	OnChange func(Change) error

	once  sync.Once
	slots chan struct{}
	tally tally
	door  door
	dice  dice

	gossip gossip
	moves  atomic.Int64 // how often lists moved

	mu   sync.RWMutex // guards data and changeErrors
	data *data

	changeErrors []error
}

// Change is one change about to happen.
type Change struct {
	Method string            // POST, PUT or DELETE
	Path   string            // the request's path as it was sent, without its query
	Alias  string            // the user's: of a POST from its body, else as it is before the change; "" where there is none
	Fields map[string]string // what the body sets; nil for DELETE
}

// tally counts.
type tally struct {
	mu                                sync.Mutex
	requests                          map[string]int
	unknown                           []string
	passedOver                        map[string]map[string]bool // fields by the pattern of the request
	total, inFlight, maxInFlight      int
	working, maxWorking, waiting      int
	unauthorized, busy, failed, basic int
	late                              int        // late commits to come
	settled                           *sync.Cond // late went down
}

// door is who may come in. Its zero value is ready.
type door struct {
	mu       sync.Mutex
	sessions map[string]*session // by JSESSIONID
	order    []string            // ids of sessions, oldest first
	issued   uint64
	recent   []time.Time // the last second's requests with credentials
	bad      int         // bad sign-ins in a row
	locked   bool
}

// session is what three cookies stand for.
type session struct {
	single, id      string // JSESSIONIDSSO and JSESSIONID
	token, previous string // REQUEST_TOKEN_KEY
	opened, turned  time.Time
}
