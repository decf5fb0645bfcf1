package codes

// What became of a row that was tried, or was not reached.
const (
	NotReached      Code = "not-reached"
	UnderWay        Code = "under-way"
	Interrupted     Code = "interrupted"
	Imported        Code = "imported"
	AlreadyImported Code = "already-imported"
	AlreadyAbsent   Code = "already-absent"
	AsLastRun       Code = "as-last-run"

	TemplateUnconfirmed Code = "template-unconfirmed"
	Refused             Code = "refused"
	Forbidden           Code = "forbidden"
	Exists              Code = "exists"
	TargetGone          Code = "target-gone"
	ExistsUnproven      Code = "exists-unproven"
	GoneUnproven        Code = "gone-unproven"
	NoProof             Code = "no-proof"
	GaveUp              Code = "gave-up"
	RetryBudget         Code = "retry-budget"
	RowDeadline         Code = "row-deadline"
	Unreadable          Code = "unreadable"
	ListMoves           Code = "list-moves"
	NoSuchList          Code = "no-such-list"
	NotShown            Code = "not-shown"
	NotThere            Code = "not-there"
	NotKept             Code = "not-kept"
	LeftOut             Code = "left-out"
	OtherTenant         Code = "other-tenant"
	MemberThere         Code = "member-there"
	Several             Code = "several"
	NoCallHandler       Code = "no-call-handler"
	PINNotSet           Code = "pin-not-set"
)

func sendingEntries() []Entry {
	const trouble = "The server was in trouble, not the row. Run rejects.csv again as it is, when the server is well."
	const doubt = "Look at this user in the administration pages. A rollback leaves it alone."
	return []Entry{
		{NotReached, list{"pending"}, "The run ended before it came to the row. Only report.html has this code.",
			"The server has nothing of these rows. What goes on with them stands under “What to type next”."},
		{UnderWay, list{"partial", "uncertain"}, "The row was under way when this was written, while the run was still at work.",
			"Wait for the run to end, and write its files again: cucbulk report RUN."},
		{Interrupted, list{"partial", "uncertain", "pending", "exit 6"},
			"The row was begun and cut off when the run ended; or, of a run, it was interrupted.",
			"The server has what StepsDone says, and perhaps the step that has no answer. " +
				"cucbulk resume finds out, and does the rest; the row is not in rejects.csv."},
		{Imported, list{"created"}, "The user was imported from the LDAP directory.", "Nothing is to be done."},
		{AlreadyImported, list{"unchanged"}, "The user is there and belongs to the LDAP directory.",
			"Nothing was sent. To change the user, use update."},
		{AlreadyAbsent, list{"unchanged"}, "The user that was to be deleted is not there.", "Nothing is to be done."},
		{AsLastRun, list{"unchanged"}, "The row has the same cells as in the run that --since names, which had done it, and " +
			"no run here has changed its user since. The server was not asked.",
			"Nothing is to be done. To look at the server all the same, run without --since, or give --look-every."},
		{TemplateUnconfirmed, list{"created"}, "Something that the row wants was not sent, because the first users that the " +
			"run made had it from their template; the run ended before it looked at a user that was made later.",
			"cucbulk resume sends it. Until then the template may have been changed, and the user may lack it."},
		{Refused, list{"failed", "exit 1"}, "The server refused it; the message has the server's words.",
			"Mend these rows in rejects.csv and run that file with --continues."},
		{Forbidden, list{"failed", "exit 1"}, "The account may not do this.",
			"Give it the role System Administrator or User Administrator; then type the command again, or run rejects.csv " +
				"with --continues."},
		{Exists, list{"failed"}, "Somebody else has it already: the alias, or the part that was to be added.",
			"What is there was not touched. To change it, make the operation update or upsert; for another person, choose another value."},
		{TargetGone, list{"failed", "kept"}, "Somebody deleted the user, or the part, while the run was under way or since.",
			"There is nothing left to change. Take the row out, or create the user anew."},
		{ExistsUnproven, list{"uncertain"}, "The answer was lost, or contradicts what is there, and whether this run did it " +
			"can't be proven.", doubt},
		{GoneUnproven, list{"deleted", "updated", "kept"}, "The run sent a DELETE and heard no answer; what it was about is " +
			"gone, and was looked for so late that somebody else may have deleted it.",
			"Nothing is left to delete. A rollback does not bring it back, lest it undoes what somebody else did; rollback --force does."},
		{NoProof, list{"uncertain"}, "The answer was lost, and the server could not be asked what became of it.", doubt},
		{GaveUp, list{"failed"}, "The server did not do it, however often it was asked.", trouble},
		{RetryBudget, list{"failed", "exit 1"}, "So many requests were sent again that no more were tried.", trouble},
		{RowDeadline, list{"failed"}, "The row was tried for so long that it was given up.", trouble},
		{Unreadable, list{"failed", "exit 1"}, "The answer is none of CUPI's.", trouble},
		{ListMoves, list{"failed", "invalid", "exit 1"}, "A list changed each time it was read, so it was never read whole.",
			"Somebody is changing it at the moment. Try again when the server is quieter."},
		{NoSuchList, list{"failed", "exit 1"}, "The server, or the user, has no such list.",
			"Take the columns out; for a private list, give its name too."},
		{NotShown, list{"invalid", "failed"}, "The server does not show this part of the user, or who is in the list, to the account.",
			"Give the account a role that may see it, or take the columns out."},
		{MemberThere, list{"failed"}, "What the row is to create is there already, and is another than the row wants.",
			"Nothing was changed. Make the operation update or upsert, or take the row out."},
		{NotThere, list{"failed"}, "The part is not there to be changed, and the row lacks what would make one.",
			"Give the column that the message names."},
		{NotKept, list{"partial"}, "The server took what the row wrote, and does not show it: it passes over what it does not have.",
			"The rest of the row is done. Take the column that the message names out, or call it Junk, and set the value in " +
				"the administration pages."},
		{LeftOut, list{"created", "updated", "unchanged"},
			"The row wants what no public source says that a server has, and this one does not take it. The rest of the row is done.",
			"Set it in the administration pages, or take the column out. With --strict such a row fails."},
		{OtherTenant, list{"partial"}, "The run is narrowed to a tenant by --tenant, and what the server made of the row's " +
			"template is not that tenant's. The first of each template is looked at.",
			"Give the row a template or a partition of the tenant; take what was made back with a rollback."},
		{Several, list{"failed"}, "The user has several of these, and the row does not say which.",
			"Give the column that the message names; of two unified messaging accounts with one service none says it, so take " +
				"one of them away in the administration pages."},
		{NoCallHandler, list{"failed"}, "The server shows no call handler for the user.",
			"Look at the user in the administration pages; without one it can't take calls."},
		{PINNotSet, list{"failed"}, "The PIN that was drawn for the row was not set.",
			"Run rejects.csv with --continues and --pin random: it gets another PIN."},
	}
}
