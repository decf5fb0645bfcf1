package record

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi/audio"
	"cucbulk/validate"
)

// What to do about a field that the directory owns and a row would change.
const (
	OwnedSkip  = "skip"  // leave it out, with a warning
	OwnedError = "error" // the row is invalid
)

// LearnFrom is the usual [Options.LearnFrom]: from so many users on it costs less to learn what
// their template gives than to send it.
const LearnFrom = 20

// How the numbers of transfer types are counted.
const (
	TransfersOfBAT  = "bat"  // 0 supervised, 1 release
	TransfersOfCUPI = "cupi" // 0 release, 1 supervised
)

// Options says what a run was asked to do. All of it stands in the journal, so
// that resume does the same.
type Options struct {
	Object     string             `json:"object,omitempty"` // what the rows are about, as validate's tables are called; "": users
	Operation  validate.Operation `json:"operation,omitempty"`
	Template   string             `json:"template,omitempty"`
	Tenant     string             `json:"tenant,omitempty"`     // alias of the tenant of whom alone the run knows; "": everything
	ReassignTo string             `json:"reassignTo,omitempty"` // alias of the successor of users who are deleted
	Match      string             `json:"match,omitempty"`
	// How transfer types are counted: TransfersOfBAT or TransfersOfCUPI; "" is the latter, and it
	// is said.
	BATTransfer string             `json:"batTransferType,omitempty"`
	Set         []validate.Setting `json:"set,omitempty"`
	Meaning
	Selection
	Strict      bool   `json:"strict,omitempty"`
	SkipInvalid bool   `json:"skipInvalid,omitempty"`
	Continues   string `json:"continues,omitempty"` // folder of the run whose rejects the input is
	Plan        string `json:"plan,omitempty"`      // SHA-256 of the plan that the run is held to
	NoSpool     bool   `json:"noSpool,omitempty"`   // the run folder has no copy of the input
	Deep        bool   `json:"deep,omitempty"`      // also check what costs a request a user
	LdapOwned   string `json:"ldapOwned,omitempty"` // OwnedSkip ("" is that too) or OwnedError
	PreImage    string `json:"preImage,omitempty"`  // PreImageUsual ("" is that too), PreImageFull or PreImageUser

	// AudioFolder is the folder from which the paths of recordings count, in full; "": that of the
	// input. Audio looks through them.
	AudioFolder string       `json:"audioFolder,omitempty"`
	Audio       *audio.Store `json:"-"`

	Encoding string `json:"encoding,omitempty"` // of the input, as input.CharsetNamed gives it; "": it is found out

	// AllowMissing says that it is meant if most rows that update or delete find nobody.
	AllowMissing bool `json:"allowMissing,omitempty"`

	// Exact says that whoever is in a list that rows name, and no row names, is taken out of it.
	Exact bool `json:"exact,omitempty"`

	Since *Since `json:"since,omitempty"` // nil: every row is looked at

	Sync *Sync `json:"sync,omitempty"` // nil: the input is a file as it was given

	// ResetCredentials sends the PINs and passwords of an upsert also to users that
	// are there already: without it, a run every night would set them back.
	ResetCredentials bool `json:"resetCredentials,omitempty"`

	DrawnPINs

	// LearnFrom is how many users a run must make that are alike, so that it learns from the
	// first of them what their template gives, and does not send that; 0: it sends everything.
	LearnFrom int `json:"learnFrom,omitempty"`

	KeptMailboxes
	Limits
	Patience
}

// Meaning says what cells mean on the server: what they say, unless it tells otherwise.
type Meaning struct {
	Map      *validate.Mapping `json:"map,omitempty"`
	Renumber []validate.Rule   `json:"renumber,omitempty"` // go before those of Map
}

// Selection says which rows of the input a run is about; all, unless it tells otherwise.
type Selection struct {
	Only     []validate.Setting `json:"only,omitempty"`     // those with one of these values
	FirstRow int                `json:"firstRow,omitempty"` // 0: from the first
	LastRow  int                `json:"lastRow,omitempty"`  // 0: to the last
}

// SelectsAll reports whether it lets all rows through.
func (s Selection) SelectsAll() bool { return len(s.Only) == 0 && s.FirstRow <= 0 && s.LastRow <= 0 }

// DrawnPINs are those that a run draws for users whose rows give none: new ones, and with
// ResetCredentials those who are there.
type DrawnPINs struct {
	PINLength int `json:"pinLength,omitempty"` // 0: it draws none
	// It was asked for; else users who are there get longer ones where the server's rules ask for
	// that.
	PINFixed bool   `json:"pinFixed,omitempty"`
	SealTo   string `json:"sealTo,omitempty"` // the age recipient of what holds secrets
}

// KeptMailboxes says what becomes of users whose rows delete them, and whose mailboxes are kept in
// place of that.
type KeptMailboxes struct {
	KeptPINLength int                `json:"keptPinLength,omitempty"` // of the PINs that they get; 0: they are deleted
	KeepNotes     []validate.Setting `json:"keepNotes,omitempty"`     // texts that they get
}

// Limits say how far a run may go.
type Limits struct {
	MaxFailures Limit  `json:"maxFailures"`
	MaxDeletes  Limit  `json:"maxDeletes"`
	MaxChanges  *Limit `json:"maxChanges,omitempty"` // nil: as many as there are rows
	Canary      int    `json:"canary"`
}

// Patience says how long a run waits for a server in trouble.
type Patience struct {
	DoubtWindow time.Duration `json:"doubtWindow"` // until an absent answer is believed
	MaxOutage   time.Duration `json:"maxOutage"`   // until the run is interrupted
}

// SameRows reports whether two sets of options mean the same for every row. How far a run may
// go, and how long it waits, are no part of that.
func (o Options) SameRows(other Options) bool { return reflect.DeepEqual(o.ofRows(), other.ofRows()) }

// ofRows leaves out what says nothing of what a row does.
func (o Options) ofRows() Options {
	o.Limits, o.Patience = Limits{}, Patience{}
	o.SkipInvalid, o.AllowMissing, o.NoSpool, o.Deep, o.Plan = false, false, false, false, ""
	o.PINFixed = false                          // how long they are counts, and not who said so
	o.Since, o.LearnFrom, o.Audio = nil, 0, nil // they say what is not looked at, and what need not be sent
	o.Sync = o.Sync.ofRows()
	if o.Map != nil {
		m := *o.Map
		m.File = ""
		o.Map = &m
	}
	if strings.EqualFold(o.Match, o.Table().MatchColumns()[0]) {
		o.Match = ""
	}
	if o.LdapOwned == OwnedSkip {
		o.LdapOwned = ""
	}
	return o
}

// Resumed takes the limits, and how much to record, from what is asked now, and the rest from
// what the run was asked.
func (o Options) Resumed(now Options) Options {
	o.Limits, o.Patience = now.Limits, now.Patience
	o.PreImage, o.Audio = now.PreImage, now.Audio
	return o
}

// Maps reports whether cells may mean something else than they say.
func (m Meaning) Maps() bool { return m.Map != nil || len(m.Renumber) > 0 }

// mapping is what cells mean on the server, by the map and the rules beside it.
func (m Meaning) mapping() *validate.Mapping {
	if len(m.Renumber) == 0 {
		return m.Map
	}
	var both validate.Mapping
	if m.Map != nil {
		both = *m.Map
	}
	both.Renumber = slices.Concat(m.Renumber, both.Renumber)
	return &both
}

// Table is the table of what the rows are about.
func (o Options) Table() *validate.Table {
	if table, known := validate.TableOf(o.Object); known {
		return table
	}
	return validate.Users
}

// NotUsersError says that options are about users, and the rows about something else.
type NotUsersError struct{ many string }

func (e *NotUsersError) Error() string {
	return "--keep-mailbox, --pin and --reassign-to are about users, and the rows are about " + e.many +
		", by --object or by their headings: leave them out"
}

// CheckUsersOnly refuses options that are about users, where the rows are about something else.
func CheckUsersOnly(table *validate.Table, given bool) error {
	if table == validate.Users || !given {
		return nil
	}
	return &NotUsersError{table.Many}
}

// CheckExact refuses Exact where it does not tell who is to go.
func (o Options) CheckExact() error {
	switch {
	case !o.Exact:
	case o.Table().Member == nil || o.Table().Member.Among == "":
		return &ExactError{"takes out of lists whom the file does not name, and the rows are about " + o.Table().Many +
			": give --object list-members, or leave it out"}
	case o.Operation == validate.Delete:
		return &ExactError{"makes lists just those whom the file names, and with --operation delete it names who goes: give " +
			"--operation create, or leave it out"}
	case !o.SelectsAll() || o.Since != nil || o.Continues != "":
		return &ExactError{"goes by all rows of the file: leave out --only, --rows, --since and --continues"}
	}
	return nil
}

// ExactError says why it can't be told who is to go.
type ExactError struct{ why string }

func (e *ExactError) Error() string { return "--exact " + e.why }

// ChangesAllowed is how many rows may change something.
func (l Limits) ChangesAllowed(planned int) int {
	if l.MaxChanges == nil {
		return planned
	}
	return l.MaxChanges.Of(planned)
}

// Since names the earlier run.
type Since struct {
	Run string `json:"run,omitempty"` // its folder, [SinceLast] until it was found, "" where there was none
	// Folders of run folders: where the last is looked for, and whatever changed users since.
	Among     []string      `json:"among,omitempty"`
	LookEvery time.Duration `json:"lookEvery,omitempty"` // rows that were last looked at so long ago are looked at; 0: however long
}

// SinceLast stands for the newest finished run of the same server, account, file name and flags.
const SinceLast = "last"
