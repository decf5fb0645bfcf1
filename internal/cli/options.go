package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// options is the table of options, in the order in which a next command names them.
func options() []option {
	return slices.Concat(syncOptions(), fileOptions(), undoOptions(), serverOptions(), limitOptions())
}

// syncOptions say about whom a file is the truth, and what becomes of who is not in it.
func syncOptions() []option {
	return []option{
		{"scope", groupSync, aText, "", "the file is the truth about everybody in this `SCOPE`: Column=Value " +
			"(Department=Sales), a query of one clause, or all", setScope, getScope},
		{"leavers", groupSync, aText, record.LeaversReport,
			"`report|delete|keep-mailbox`: what becomes of who is on the server, in the scope, and not in the file", setLeavers,
			getLeavers},
		{"grace", groupSync, aText, "", "but not before the files have not named them for this `SPAN`: 14d, 36h", setGrace, getGrace},
		{flagMaxShrink, groupSync, aText, "10%", "refuse a file that has by more than `N|N%` fewer rows than the last one",
			setMaxShrink, getMaxShrink},
		{"alias", groupSync, aText, "", "`RULE` by which new people get their aliases, for rows without one: " +
			"'{first:1}{last}'; folded to ASCII, and numbered where somebody has it", setAliasRule, getAliasRule},
		{"extensions", groupSync, aText, "",
			"`RANGES` from which they get extensions that are free, for rows without one: 7000-7999,8100-8199", setExtensions,
			getExtensions},
	}
}

// fileOptions say which rows of a file are meant, and how.
func fileOptions() []option {
	sheet := func(a *asked) *string { return &a.sheet }
	continues := func(a *asked) *string { return &a.batch.Continues }
	template := func(a *asked) *string { return &a.batch.Template }
	tenant := func(a *asked) *string { return &a.batch.Tenant }
	successor := func(a *asked) *string { return &a.batch.ReassignTo }
	keep := func(a *asked) *bool { return &a.keepsMailbox }
	strict := func(a *asked) *bool { return &a.batch.Strict }
	deep := func(a *asked) *bool { return &a.batch.Deep }
	noSpool := func(a *asked) *bool { return &a.batch.NoSpool }
	reset := func(a *asked) *bool { return &a.batch.ResetCredentials }
	skip := func(a *asked) *bool { return &a.batch.SkipInvalid }
	missing := func(a *asked) *bool { return &a.batch.AllowMissing }
	exact := func(a *asked) *bool { return &a.batch.Exact }
	all := func(a *asked) *bool { return &a.allProblems }
	return []option{
		{"object", groupWhat, aText, "", "`OBJECT` that the rows are about: " + objectNames() +
			" (default: what the headings tell, else users)", setObject, func(a *asked) []string { return some(a.batch.Object) }},
		{"sheet", groupSheet, aText, "", "the sheet of this `NAME`, of a workbook (default: the first)", keepsText(sheet),
			givesText(sheet)},
		{"encoding", groupRows, aText, "", "`NAME` of the encoding of a file that is neither UTF-8 nor UTF-16, such as " +
			"windows-1250, windows-1251 or macintosh (default: found out)", setEncoding,
			func(a *asked) []string { return some(a.batch.Encoding) }},
		{"continues", groupContinues, aText, "",
			"the input is the rejects.csv of this `RUN`: its flags count where none are given, and what it did is not done again",
			keepsText(func(a *asked) *string { return &a.continues }), givesText(continues)},
		{"operation", groupWhat, aText, "", "`OPERATION` of every row, for a file without a column Operation: " +
			validate.Users.OperationsText(), setOperation, func(a *asked) []string { return some(string(a.batch.Operation)) }},
		{"template", groupRows, aText, "", "`ALIAS` of the template of new users, for rows without TemplateAlias",
			keepsText(template), givesText(template)},
		{"tenant", groupTenant, aText, "", "`ALIAS` of the tenant to which all is narrowed, on a server that tenants share: " +
			"its users, lists, templates, classes of service, partitions, schedules", keepsText(tenant), givesText(tenant)},
		{"reassign-to", groupRows, aText, "", "`ALIAS` of the successor of users who are deleted, for rows without " +
			"ReassignTo: keys, greetings, call handlers and lists that lead to the user lead to the successor then",
			keepsText(successor), givesText(successor)},
		{"keep-mailbox", groupWhat, aSwitch, "", "rows that delete users keep their mailboxes instead: no listing in the " +
			"directory, no transfer, a new PIN as with --pin random; needs --seal-to", keepsYes(keep), getKeepMailbox},
		{"keep-mailbox-note", groupRows, aList, "", "and `Column=Text` in a field of such users, as Title=left; may be repeated",
			setKeepNotes, func(a *asked) []string { return settingTexts(a.batch.KeepNotes) }},
		{"bat-transfer-type", groupRows, aText, "", "`bat|cupi`: how numbers in TransferType, StandardTransferType and " +
			"ClosedTransferType are meant: 0 supervised and 1 release as in BAT's guide, or 0 release and 1 supervised as in " +
			"CUPI's (default)", setTransferType, func(a *asked) []string { return some(a.batch.BATTransfer) }},
		{"audio", groupRows, aText, "", "`DIR` in which the recordings are that the columns VoiceNameFile and GreetingFile_… " +
			"name (default: the folder of FILE)", setAudio, func(a *asked) []string { return some(a.batch.AudioFolder) }},
		{"map", groupMap, aText, "", "YAML `FILE` that says what names, aliases and numbers of a file from another server are on this one",
			setMap, getMap},
		{"renumber", groupMap, aList, "", "`RULE` by which numbers of the file are others on the server, as range 4000-4999 " +
			"+30000 keep; may be repeated, and the first that fits counts", setRenumber, getRenumber},
		{"match", groupRows, aText, usualMatch(), "`COLUMN` by which a row finds its user: " +
			strings.Join(validate.Users.MatchColumns(), ", ") + "; other objects have fewer", setMatch, getMatch},
		{"set", groupRows, aList, "", "`Column=Value` for every row that leaves the cell empty; may be repeated", setSettings,
			func(a *asked) []string { return settingTexts(a.batch.Set) }},
		{"strict", groupRows, aSwitch, "", "columns that can't be sent are errors, not warnings", keepsYes(strict), givesYes(strict)},
		{"deep", groupRows, aSwitch, "", "also check the alternate extensions of every user, at a request a user, and tell in " +
			"a forecast what goes with users that are deleted", keepsYes(deep), givesYes(deep)},
		{"no-spool", groupCopy, aSwitch, "", "keep no copy of FILE in the run folder, for a FILE with secrets: keep FILE as " +
			"it is till nothing is left to resume; see resume --input", keepsYes(noSpool), givesYes(noSpool)},
		{"pin", groupRows, aText, "", "`random`: each new user whose row has no PIN gets one that nobody else gets and that " +
			"is not easy to guess, and with --reset-credentials each user whom a row updates too; needs --seal-to", setPIN, getPIN},
		{"pin-length", groupRows, aNumber, "", "how many digits such a PIN has, as `N` (default 6, and for users who are " +
			"there as many as the server's authentication rules ask for, if that is more)",
			keepsNumber(func(a *asked) *int { return &a.pinLength }), getPINLength},
		{"seal-to", groupRows, aText, "", "age `RECIPIENT` (age1…): the PINs go into pins.csv.age, which only the owner of " +
			"the key can read, and so do rejected rows if the input has secrets", setSealTo,
			func(a *asked) []string { return some(a.batch.SealTo) }},
		{"reset-credentials", groupRows, aSwitch, "", "rows that upsert also set the PIN and password of users that are there " +
			"already; with --pin random, rows that upsert or update also give them drawn PINs", keepsYes(reset), givesYes(reset)},
		{"ldap-owned", groupRows, aText, record.OwnedSkip,
			"`skip|error`: a field that an LDAP directory owns is left out, with a warning, or makes its row invalid",
			setLdapOwned, getLdapOwned},
		{"learn-from", groupRows, aNumber, strconv.Itoa(record.LearnFrom), "where at least `N` users are made alike, learn " +
			"from the first of them what their template gives, and do not send that; 0: send everything", setLearnFrom, getLearnFrom},
		{"only", groupFilter, aList, "", "`Column=Value`: only rows that have it; repeated, rows that have any", setOnly,
			func(a *asked) []string { return settingTexts(a.batch.Only) }},
		{"rows", groupFilter, aText, "", "`FIRST-LAST`: only these rows, counted from 1 below the headings; 5, 5- and -5 too",
			setRange, func(a *asked) []string { return some(rangeText(a.batch.FirstRow, a.batch.LastRow)) }},
		{"since", groupSince, aText, "", "`RUN|last`: a row whose cells are the same as one that this run had done is not " +
			"looked at, and costs nothing; last: the newest finished run of the same file name, flags, account and server",
			setSince, getSince},
		{"look-every", groupSince, aText, "", "but look at every row that was last looked at so long ago, as `SPAN`: 7d, 36h",
			setLookEvery, getLookEvery},
		{"skip-invalid", groupInvalid, aSwitch, "", "do the valid rows, and put the invalid ones into rejects.csv",
			keepsYes(skip), givesYes(skip)},
		{"plan", groupPlan, aText, "", "do just what the plan in this `DIR` says, which validate --out or a dry run with " +
			"--out left; without FILE with the files that it names", keepsText(func(a *asked) *string { return &a.plan }),
			givesText(func(a *asked) *string { return &a.plan })},
		{"plan-sha256", groupPlan, aText, "", "and no other plan than the one with this `SHA256`, which the plan's maker printed",
			keepsText(func(a *asked) *string { return &a.planSHA }), givesText(func(a *asked) *string { return &a.planSHA })},
		{"plan-drift", groupPlan, aText, driftRows, "`rows|refuse`: where file, flags or server are not as in the plan any " +
			"more, leave out the rows that would do something else, or do none", setPlanDrift, getPlanDrift},
		{"allow-missing", groupRows, aSwitch, "", "it is meant that rows find nobody, of a file that was done before, say: " +
			"those that update are left out, and most that delete may find nobody", keepsYes(missing), givesYes(missing)},
		{"exact", groupRows, aSwitch, "", "of list members: whoever is in a list that the file names, and whom the file does " +
			"not name as its member, is taken out of it; --max-deletes counts them", keepsYes(exact), givesYes(exact)},
		{"all", groupProblems, aSwitch, "", "on a terminal too, print each problem on a line of its own, and not those of a kind together",
			keepsYes(all), givesYes(all)},
		{"input", groupInput, aText, "", "the input is this `FILE`, if the run folder has no copy of it and FILE is not where " +
			"it was; of a workbook the sheet that the run read", keepsText(func(a *asked) *string { return &a.input }), nil},
	}
}

// undoOptions say what a rollback takes back.
func undoOptions() []option {
	template := func(a *asked) *string { return &a.undo.Template }
	force := func(a *asked) *bool { return &a.undo.Force }
	return []option{
		{"only", groupUndo, aList, "", "`Column=Value`: only rows with this Alias, ObjectId, DtmfAccessId or Operation; " +
			"repeated, rows with any", setUndoOnly, func(a *asked) []string { return settingTexts(a.undo.Only) }},
		{"template", groupUndo, aText, "", "`ALIAS` of the template for users that are created again (default: the one that the run used)",
			keepsText(template), givesText(template)},
		{"force", groupUndo, aSwitch, "", "delete users that the run created also when somebody changed them since, and bring " +
			"back what perhaps somebody else deleted", keepsYes(force), givesYes(force)},
	}
}

// serverOptions say which server to use, and how.
func serverOptions() []option {
	return []option{
		{"server", groupServer, aText, "", "`URL` of the server (env CUCBULK_SERVER); https, or http on this computer",
			keepsText(func(a *asked) *string { return &a.server }), nil},
		{"user", groupAccount, aText, "", "`NAME` of an account that may administer users (env CUCBULK_USER)",
			keepsText(func(a *asked) *string { return &a.user }), nil},
		{"password-file", groupAccount, aText, "",
			"read the password from the first line of `FILE`; else from env CUCBULK_PASSWORD, else it is asked for",
			keepsText(func(a *asked) *string { return &a.passwordFile }), nil},
		{"ca-file", groupAccount, aText, "", "trust the certificates in this PEM `FILE` instead of the system's",
			keepsText(func(a *asked) *string { return &a.caFile }), nil},
		{"tls-pin", groupAccount, aText, "", "trust the server whose public key has this `PIN`; see: cucbulk fingerprint",
			keepsText(func(a *asked) *string { return &a.connection.pin }), nil},
		{"wire", groupAccount, aText, string(cupi.JSON), "talk `json|xml`", keepsText(func(a *asked) *string { return &a.wire }), nil},
		{"workers", groupAccount, aText, "auto", "`N|auto`: requests at a time; auto finds how many the server has room for, " +
			"up to 4, because it works on 5 for all its clients together", keepsText(func(a *asked) *string { return &a.workers }), nil},
		{"timeout", groupAccount, aSpan, "1m", "how long to wait for an answer",
			keepsSpan(func(a *asked) *time.Duration { return &a.timeout }), nil},
		{"rate", groupAccount, aRate, "", "at most `N` requests a second (default: no limit)",
			func(a *asked, texts []string) error { return a.rate.Set(texts[0]) }, nil},
		{"trace", groupTrace, aText, "", "write what was sent and answered into this new `FILE`, without secrets, and with " +
			"marks in place of names, numbers and hosts", keepsText(func(a *asked) *string { return &a.trace }), nil},
		{"config", groupConfig, aText, "", "take flags from this YAML `FILE`; see: cucbulk config --help", keepsNothing, nil},
		{"profile", groupConfig, aText, "", "and from the part of it that is under profiles and this `NAME`", keepsNothing, nil},
	}
}

// limitOptions are the guard rails, and how much is recorded for a rollback, how long to
// wait for a server in trouble, and when to send.
func limitOptions() []option {
	return []option{
		{"max-failures", groupRails, aText, "", "`N|N%` rows may go wrong before the run stops (default 5%, at least 10)",
			setLimit("max-failures", func(a *asked, limit record.Limit) { a.batch.MaxFailures = limit }), nil},
		{flagMaxDeletes, groupRails, aText, "",
			"`N|N%` users, or what else the rows are about, may be deleted (default 0; on a terminal it asks)",
			setLimit(flagMaxDeletes, func(a *asked, limit record.Limit) { a.batch.MaxDeletes = limit }), nil},
		{"max-changes", groupRails, aText, "", "`N|N%` rows may change something (default: all)",
			setLimit("max-changes", func(a *asked, limit record.Limit) { a.batch.MaxChanges = &limit }), nil},
		{"canary", groupRails, aNumber, "1", "so many rows of each operation go first, alone; one that fails stops the run",
			setCanary, nil},
		{"pre-image", groupRails, aText, send.PreImageUsual, "`full|usual|user`: before a delete, record what a rollback " +
			"brings back: all that can be read, recordings too (25 requests more each, one for each recorded greeting and two " +
			"for each private list), the user with alternate extensions, proxy addresses and lists, or (2 requests less each) " +
			"the user alone", setPreImage, nil},
		{"max-outage", groupPatience, aSpan, "15m", "how long the server may be too busy before the run is interrupted",
			setPatience(func(a *asked) *time.Duration { return &a.batch.MaxOutage }), nil},
		{flagDoubtWindow, groupPatience, aSpan, "",
			"how long an absent answer is doubted before it is believed (default: --timeout and 20s more)",
			setPatience(func(a *asked) *time.Duration { return &a.doubtWindow }), nil},
		{"any-state", groupPatience, aSwitch, "",
			"begin although a server of the pair says that it is initializing, in database sync or recovering from a split brain",
			keepsYes(func(a *asked) *bool { return &a.anyState }), nil},
		{"window", groupSchedule, aText, "", "work only between `HH:MM-HH:MM`, local time: wait for it to open, and end when it closes",
			keepsText(func(a *asked) *string { return &a.schedule.window }), nil},
		{"not-after", groupSchedule, aText, "", "send nothing after this `TIME`: HH:MM, or \"2006-01-02 15:04\"",
			keepsText(func(a *asked) *string { return &a.schedule.notAfter }), nil},
		{"pause-file", groupSchedule, aText, "", "wait while a file of this `PATH` is there",
			keepsText(func(a *asked) *string { return &a.schedule.pauseFile }), nil},
	}
}
