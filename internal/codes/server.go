package codes

// What the pre-flight finds between a row and the server, or the row itself at its turn.
const (
	AliasTaken              Code = "alias-taken"
	ExtensionTaken          Code = "extension-taken"
	ExtensionPerhapsTaken   Code = "extension-perhaps-taken"
	AddressTaken            Code = "address-taken"
	AliasElsewhere          Code = "alias-elsewhere"
	ExtensionElsewhere      Code = "extension-elsewhere"
	NoSuchUser              Code = "no-such-user"
	NearlyThere             Code = "nearly-there"
	NearValue               Code = "near-value"
	ExtensionLength         Code = "extension-length"
	NobodyFound             Code = "nobody-found"
	SeveralUsers            Code = "several-users"
	DifferentUsers          Code = "different-users"
	OtherUser               Code = "other-user"
	MadeSince               Code = "made-since"
	AliasMended             Code = "alias-mended"
	AlreadySet              Code = "already-set"
	OwnAccount              Code = "own-account"
	OtherLocation           Code = "other-location"
	IsTemplate              Code = "is-template"
	UnknownTenant           Code = "unknown-tenant"
	TenantNotTold           Code = "tenant-not-told"
	Undeletable             Code = "undeletable"
	Referenced              Code = "referenced"
	RecipientDeleted        Code = "recipient-deleted"
	LdapTypeUnproven        Code = "ldap-type-unproven"
	UnknownSuccessor        Code = "unknown-successor"
	SuccessorDeleted        Code = "successor-deleted"
	OwnSuccessor            Code = "own-successor"
	InactiveOnlyTrueToFalse Code = "inactive-only-true-to-false"
	UnknownName             Code = "unknown-name"
	UnknownID               Code = "unknown-id"
	NameAndIDDiffer         Code = "name-and-id-differ"
	NamesNotShown           Code = "names-not-shown"
	UnknownTemplate         Code = "unknown-template"
	AdministratorTemplate   Code = "administrator-template"
	NotInDirectory          Code = "not-in-directory"
	NotFromDirectory        Code = "not-from-directory"
	SeveralPeople           Code = "several-people"
	DirectoryNotShown       Code = "directory-not-shown"
	NotSettled              Code = "not-settled"
	LdapOwned               Code = "ldap-owned"
	ListCircle              Code = "list-circle"
	MemberNotTaken          Code = "member-not-taken"
	OperationNotDone        Code = "operation-not-done"
	StepNotDone             Code = "step-not-done"
)

func serverEntries() []Entry {
	const version = "Nothing was sent. Use a version of cucbulk that can, or take it out of the file."
	return []Entry{
		{AliasTaken, list{"invalid", "failed", "kept"}, "Somebody has that alias already.",
			"That user was not touched. To change that user, make the operation update or upsert; for another person, choose " +
				"another alias."},
		{ExtensionTaken, list{"invalid", "failed"}, "Another user has that extension.",
			"Nothing was sent. Free it first, or give the row another one; rows of one file that hand on an extension are put " +
				"in order by themselves."},
		{ExtensionPerhapsTaken, list{"warning"}, "Another user may have that extension; the partition is not known.",
			"The row is sent, and the server refuses it if the extension is taken. Look at that user, or name the partition in the row."},
		{AddressTaken, list{"invalid"}, "Another user has that SMTP proxy address, or another row gives it to another user.",
			"Nothing was sent. Take it from that user first, or take it out of the row; rows of one file that hand on an " +
				"address are put in order by themselves."},
		{AliasElsewhere, list{"warning"}, "Another cluster of the network has a user with that alias.",
			"The row is sent, and the server takes it. Look whether it is the same person, who has a mailbox there already."},
		{ExtensionElsewhere, list{"warning"}, "Another cluster of the network has a user with that extension.",
			"The row is sent, and the server takes it. Look whether callers who dial it from the other cluster shall get there."},
		{NearlyThere, list{"invalid", "warning"}, "Nobody is called as the row says, and somebody is called so but for zeros " +
			"in front, a plus or the way the number is written.",
			"Look whether a spreadsheet changed the file. Mend the row; or write %text% before the value if another user is meant."},
		{ExtensionLength, list{"warning"}, "The extension has fewer digits than others on the server that begin with it: 410, " +
			"where 4101 and 4102 are.", "Look whether a digit was lost. It is sent as it is."},
		{NearValue, list{"invalid", "failed", "warning"}, "The code differs from what the server has only by zeros in front, " +
			"a plus or the way the number is written. Where it has fewer zeros or lacks the plus, as a spreadsheet makes it, " +
			"the row is refused.", "Look whether a spreadsheet changed the file, and mend it. If the new value is meant, " +
			"%text% before it says so."},
		{NobodyFound, list{"invalid", "warning"}, "Most rows of the file that update or delete find nobody on the server.",
			"Nothing of these rows was sent. Look whether the file, the server and --match are the right ones; " +
				"--allow-missing says that it is meant."},
		{NoSuchUser, list{"invalid", "failed", "skipped"}, "The row finds nobody. With --allow-missing it is left out.",
			"Nothing was sent. Check how the user is spelled on the server (cucbulk export lists them), or make the operation upsert."},
		{SeveralUsers, list{"invalid", "failed"}, "The row finds more than one user.",
			"Nothing was sent. Name the one that is meant by its Alias or ObjectId."},
		{DifferentUsers, list{"invalid", "failed"}, "The row names one user by one column and another user by another column.",
			"Nothing was done to either. Mend the value that is wrong, or empty it; NewAlias renames a user."},
		{OtherUser, list{"invalid", "failed"}, "The user that the row finds now is not the one that it was about.",
			"Nothing was done to that user. Look at it, and name it by its ObjectId if it is meant."},
		{MadeSince, list{"invalid", "failed"}, "The user was made after the run began, and not by it.",
			"Nothing was done to that user. If it is meant, run a file of its own."},
		{AliasMended, list{"invalid"}, "The run that this one continues made a user whom no row names now, and this row would " +
			"make another.",
			"Nothing was sent. Put the alias back if it is the same person; else run the row without --continues."},
		{AlreadySet, list{"warning"}, "The run that this one continues has set this PIN or password.",
			"It is not set again. If it was mended since, set it by a run with --operation update."},
		{IsTemplate, list{"invalid"}, "What the row is about is a template of the server, of which others are made.",
			"Take the row out; change templates in the administration pages."},
		{OtherLocation, list{"invalid"}, "What the row is about belongs to another server of the network, which this one only lists.",
			"Nothing was sent. Run the row on the server that it belongs to."},
		{UnknownTenant, list{"exit 2"}, "The server has no tenant with the alias that --tenant gives.",
			"Nothing was sent. Give the alias of one: GET /vmrest/tenants lists them."},
		{TenantNotTold, list{"exit 2"}, "With --tenant the file or the export is about what the server shows no tenant of: " +
			"users without a mailbox.",
			"Nothing was sent. Leave --tenant out, and name in the file only those who are meant."},
		{OwnAccount, list{"invalid", "failed", "kept"}, "This is the account that the run or the rollback signs in with.",
			"Neither changes or deletes it. Take the row out, or use another account."},
		{Undeletable, list{"invalid", "failed"}, "This is one of the server's own users, which can't be deleted.",
			"Nothing was done to it. Take the row out."},
		{LdapTypeUnproven, list{"warning"}, "The row ties its user to the LDAP directory by LdapType, and the directory lists " +
			"nobody with that user id.",
			"It is sent. Mend the alias first if it is not the directory's user id; who was imported already is not listed."},
		{UnknownSuccessor, list{"invalid"}, "The row names a successor who is not there, or to whom no call can go.",
			"Nothing was done. Name a user who is there before the run."},
		{SuccessorDeleted, list{"invalid"}, "The row names a successor whom another row of the file deletes.",
			"Nothing was done to the row's user. Name somebody who stays."},
		{OwnSuccessor, list{"invalid"}, "The row names the very user whom it deletes as the successor.",
			"Nothing was done. Name somebody else, or leave ReassignTo empty."},
		{Referenced, list{"invalid", "failed"}, "Something else on the server refers to the user that the row deletes: a key, " +
			"a greeting or a call handler sends calls or messages there.",
			"It was not deleted. Name a successor with --reassign-to, or let what the message names refer to somebody else in " +
				"Cisco Unity Connection Administration, and run the row again; or take it out."},
		{RecipientDeleted, list{"warning"}, "The list or contact that the row deletes is the recipient of messages: a call " +
			"handler, an interview handler or a template of call handlers sends them there.",
			"What the server then does with such messages is not documented. Let them go to somebody else first, in Cisco " +
				"Unity Connection Administration, or take the row out; a rollback makes the one that comes back their recipient again."},
		{InactiveOnlyTrueToFalse, list{"invalid", "failed"}, "The server takes Inactive only from true to false.",
			"Leave the cell empty."},
		{UnknownName, list{"invalid", "failed"}, "The server has nothing of that name.",
			"Choose a name that it has; the message names the nearest."},
		{UnknownID, list{"invalid", "failed"}, "The server has nothing with that id.",
			"Choose one that it has, or use the column that takes the name."},
		{NameAndIDDiffer, list{"invalid"}, "The row's name and its id mean different things.",
			"Nothing was sent. Keep the one that is meant."},
		{NamesNotShown, list{"invalid"}, "The server does not list the things that the row names.",
			"Nothing was sent. Give the id in place of the name, or give the account a role that may see them."},
		{UnknownTemplate, list{"invalid"}, "The server has no user template of that name.",
			"Nothing was sent. Choose one that it has; the message names the nearest."},
		{AdministratorTemplate, list{"invalid"}, "The template makes administrators, who have no mailbox.",
			"Nothing was sent. Name a voicemail template."},
		{NotInDirectory, list{"invalid", "failed"}, "The LDAP directory does not list this person.",
			"Mend the alias, or synchronize the directory in the administration pages; users of the server's own are made by create."},
		{NotFromDirectory, list{"invalid", "failed"}, "A user of the server's own has that alias.",
			"That user was not touched. Tie that user to the directory in the administration pages, or take the row out."},
		{SeveralPeople, list{"invalid"}, "The LDAP directory lists more than one person with that alias.",
			"Nothing was sent. Say which by the pkid."},
		{DirectoryNotShown, list{"invalid", "failed", "exit 1"}, "The server does not list its LDAP directory.",
			"See that it is integrated with one, and that the account may import users."},
		{NotSettled, list{"invalid"}, "The server was asked about the row, and its answer tells nothing.",
			"Nothing was sent, because it is not known what the row would do. Look at what the message names on the server."},
		{LdapOwned, list{"invalid", "failed", "updated", "unchanged", "warning"}, "An LDAP directory owns these fields of the user.",
			"They are not sent. Change them in the directory; the server takes them over at the next synchronization."},
		{ListCircle, list{"invalid", "failed"}, "A distribution list would hold itself, by way of others or at once; or the " +
			"row that was to take a list out of it before is not done.",
			"Nothing was sent. Look which of the lists shall hold the other, and take the other row, or that member, out."},
		{MemberNotTaken, list{"invalid"}, "The distribution list takes no members of that kind: its AllowContacts is false.",
			"Nothing was sent. Set AllowContacts of the list to true, by a file of distribution lists, and run the row again."},
		{OperationNotDone, list{"invalid"}, "This version does not carry out that operation.", version},
		{StepNotDone, list{"invalid"}, "This version can't write that part of a user.", version},
	}
}
