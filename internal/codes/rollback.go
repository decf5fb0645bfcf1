package codes

// What becomes of a row that is rolled back.
const (
	NothingToUndo   Code = "nothing-to-undo"
	WriteOnly       Code = "write-only"
	ChangedSince    Code = "changed-since"
	Enrolled        Code = "enrolled"
	HasMessages     Code = "has-messages"
	NotMade         Code = "not-made"
	PartlyRecreated Code = "partly-recreated"
	UnknownStep     Code = "unknown-step"
)

func rollbackEntries() []Entry {
	const force = "Look at the user; rollback --force deletes it all the same."
	return []Entry{
		{NothingToUndo, list{"deleted", "restored", "recreated"}, "The row was as before already, after an earlier rollback perhaps.",
			"Nothing is to be done."},
		{WriteOnly, list{"restored", "kept"}, "The run set a PIN or a password, and no server shows what it was before.",
			"It was left as it is; of a restored row the rest is as before. Set another one by a run with --operation update, if need be."},
		{ChangedSince, list{"kept"}, "Somebody changed it since the run.",
			"It was left as it is. Look at it, and change it by hand if need be; rollback --force deletes a user that the run " +
				"made all the same."},
		{Enrolled, list{"kept"}, "The user has enrolled since the run.", force},
		{HasMessages, list{"kept"}, "The user has messages.", force},
		{NotMade, list{"kept"}, "The user with the ObjectId that the server named is not the one that the run made.",
			"It was left as it is. Look for the user by the alias that the message names."},
		{PartlyRecreated, list{"recreated"}, "The user is back, without all that was recorded.",
			"Add what the message names by hand."},
		{UnknownStep, list{"failed"}, "This version does not know a step of the run.",
			"Roll it back with the version that ran it."},
	}
}
