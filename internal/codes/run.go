package codes

// What ends a run before its last row, or is no row's fault.
const (
	MaxDeletes        Code = "max-deletes"
	MaxShrink         Code = "max-shrink"
	EmptyFile         Code = "empty-file"
	Scope             Code = "scope"
	SyncColumn        Code = "sync-column"
	MaxChanges        Code = "max-changes"
	MaxFailures       Code = "max-failures"
	Canary            Code = "canary"
	OutsideWindow     Code = "window"
	NotAfter          Code = "not-after"
	PauseFile         Code = "pause-file"
	Outage            Code = "outage"
	NotBegun          Code = "not-begun"
	InputChanged      Code = "input-changed"
	Journal           Code = "journal"
	PINs              Code = "pins"
	PINRule           Code = "pin-rule"
	NoPINs            Code = "no-pins"
	Stdout            Code = "stdout"
	SignIn            Code = "sign-in"
	Certificate       Code = "certificate"
	Redirect          Code = "redirect"
	Unreachable       Code = "unreachable"
	NotTLS            Code = "not-tls"
	OtherKey          Code = "other-key"
	WebPage           Code = "web-page"
	NotCUPI           Code = "not-cupi"
	NoPlace           Code = "no-place"
	ListingIncomplete Code = "listing-incomplete"
	Subscriber        Code = "subscriber"
	ServerState       Code = "server-state"
	Licences          Code = "licences"
	Release           Code = "release"
	Role              Code = "role"
	Order             Code = "order"
	Crash             Code = "crash"
	Demo              Code = "demo"
	ProbeUserLeft     Code = "probe-user-left"
	Error             Code = "error"
)

func runEntries() []Entry {
	const again = "What was sent stays. Mend the cause, then resume."
	const report = "What was sent stays, and a resume goes on. This is a mistake of the program: please report it, with the message."
	return []Entry{
		{MaxDeletes, list{"exit 5"}, "The file would delete more users than --max-deletes allows.",
			"Nothing was sent. If that is meant, resume with a larger --max-deletes."},
		{MaxShrink, list{"exit 5"}, "The file of a sync has by more than --max-shrink fewer rows than the last one.",
			"Nothing was sent. Look whether the file is whole; if it is, type the command again with a larger --max-shrink."},
		{EmptyFile, list{"exit 5"}, "The file of a sync has no rows, so that everybody would have left.",
			"Nothing was sent. Look where the file comes from."},
		{Scope, list{"exit 1"}, "It is not known who is within the --scope of a sync: the server has no such name, does not " +
			"show the field, or gives others than it was asked for.",
			"Nothing was sent. Name the scope by a column that the listing shows, such as Department or CosDisplayName."},
		{SyncColumn, list{"exit 3"}, "The file of a sync has a column Operation or NewAlias, and sync finds those out by itself.",
			"Nothing was sent. Take the column out, or call it Junk."},
		{MaxChanges, list{"exit 5"}, "The run would change more than --max-changes allows.",
			"What was sent stays. If more is meant, resume with a larger --max-changes."},
		{MaxFailures, list{"exit 5"}, "More rows went wrong than --max-failures allows.",
			"What was sent stays. Mend the cause, then resume, with a new --max-failures if you like."},
		{Canary, list{"exit 5"}, "The first row of an operation went wrong.",
			"No other row of it was sent. Mend the cause, then resume; --canary 0 goes on without."},
		{OutsideWindow, list{"exit 6"}, "The window of --window closed, or does not come.",
			"What was sent stays. Resume when it is open again, or with another --window."},
		{NotAfter, list{"exit 6"}, "The time of --not-after is over.",
			"What was sent stays. Resume with a later one."},
		{PauseFile, list{"exit 1"}, "It can't be seen whether the pause file is there.",
			"What was sent stays. Mend the path of --pause-file, then resume."},
		{Outage, list{"exit 6"}, "The server was out for longer than --max-outage.",
			"What was sent stays. When the server is well, resume; or type the command again, if nothing was sent."},
		{NotBegun, list{"exit 6"}, "The command was interrupted before it changed anything.",
			"Nothing was changed, and there is nothing to resume. Type the same command again."},
		{InputChanged, list{"exit 1"}, "The input is another one now than it was when it was checked.",
			"What was sent stays, and nothing of the changed file was sent. Put the file back, then resume with --input."},
		{Journal, list{"exit 1"}, "The journal can't be written.",
			"Nothing was sent that it does not have. Make room on the disk, then resume."},
		{PINs, list{"exit 1"}, "No PINs could be drawn and sealed.",
			"Nothing was sent. Mend what the message names, then resume."},
		{NoPINs, list{"warning"}, "--pin random gives PINs to new users, and the file makes none.",
			"No PIN is changed. Give --reset-credentials too, and each user whom a row updates gets another PIN."},
		{PINRule, list{"exit 1", "warning"}, "The PINs that --pin-length asks for are shorter than an authentication rule of " +
			"the server takes; than each of them, where it ends the command.",
			"Where it is the rule of a user's PIN, the server refuses the PIN. Leave --pin-length out, or give a larger one."},
		{Stdout, list{"exit 1", "exit 6"}, "The output could not be written, or what read it ended.",
			"What was done stands. Type the command again, with an output that holds."},
		{Unreachable, list{"exit 1"}, "The server did not answer, however often it was asked.",
			"Check --server, and that this computer reaches it; then type the command again. cucbulk doctor tells more."},
		{NotTLS, list{"exit 1"}, "Something answers at the server's address that speaks no TLS, plain http perhaps.",
			"Check --server and its port (443 or 8443)."},
		{Certificate, list{"exit 1"}, "The server is not proven to be the right one, so nothing was sent to it.",
			"To trust its CA, give --ca-file FILE. To pin its key, look at it with " +
				"cucbulk fingerprint URL, let the administrator confirm it, and give it with --tls-pin; " +
				"that is the only way for a certificate that has no host names."},
		{OtherKey, list{"exit 1"}, "The server's key is not the one that was pinned, so nothing was sent to it.",
			"Ask its administrator why before you pin another one: somebody may be in between."},
		{SignIn, list{"exit 1"}, "The server does not take the account or its password. Nothing more was sent, so that the " +
			"account is not locked.",
			"Check --user, and the password in CUCBULK_PASSWORD or --password-file; then type the command again."},
		{Redirect, list{"exit 1"}, "The server sends us to another address.",
			"Check --server: it must be the address of Unity Connection's publisher itself."},
		{WebPage, list{"exit 1"}, "A web page answers in place of CUPI: a login page, or a proxy.",
			"Check --server: it must be the address of Unity Connection's publisher itself."},
		{NotCUPI, list{"exit 1"}, "The server answers, and does not know what CUPI knows.",
			"Check --server: it must be the address of Unity Connection's publisher itself."},
		{NoPlace, list{"exit 1"}, "The server makes no users at this address.", "Check --server and the template, then resume."},
		{ListingIncomplete, list{"exit 1"}, "The users changed each time they were listed, so the list was never whole.",
			"Nothing was changed. Type the command again when the server is quieter."},
		{Subscriber, list{"warning"}, "This server is not the publisher of its pair.",
			"Give --server the publisher's address; what another node takes may not be seen at once."},
		{ServerState, list{"exit 1", "warning"}, "A server of the pair says that it is initializing, in database sync or " +
			"recovering from a split brain; or, as a warning, that it is down.",
			"Nothing was sent. Wait until cucbulk doctor says that the node is ok, then type the command again; --any-state " +
				"goes on all the same."},
		{Licences, list{"warning"}, "The server says that its licences are not in order, or that its evaluation is over.",
			"Look at its licences before the run: it may refuse to make users."},
		{Release, list{"warning"}, "What the file or the command asks for is there from a later release on than the server's.",
			"Take it out, or look whether this server knows it."},
		{Role, list{"warning"}, "The account has none of the roles that a run needs.",
			"Give it the role System Administrator or User Administrator."},
		{Order, list{"exit 1"}, "Rows wait for each other, and none can go.", report},
		{Crash, list{"exit 1"}, "The program met a mistake of its own.", report},
		{Demo, list{"exit 4", "exit 5", "exit 7"}, "The demo's run did not end as it should.",
			"Start the demo again; it leaves nothing on a server."},
		{ProbeUserLeft, list{"exit 6", "exit 7"}, "It is not proven that the user that a probe made is gone.",
			"Type the command that it prints, cucbulk probe --clean; it deletes only that user."},
		{Error, list{"exit 1"}, "Something outside of the run failed; the message says what.", again},
	}
}
