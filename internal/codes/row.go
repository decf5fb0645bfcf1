package codes

// What is wrong with a row by itself, or beside the other rows of the file.
const (
	NoOperation         Code = "no-operation"
	UnknownOperation    Code = "unknown-operation"
	Required            Code = "required"
	RequiredToCreate    Code = "required-to-create"
	NoTemplate          Code = "no-template"
	ReadOnly            Code = "read-only"
	CreateOnly          Code = "create-only"
	ImportOnly          Code = "import-only"
	DeleteOnly          Code = "delete-only"
	RenameWithoutUpdate Code = "rename-without-update"
	InactiveOnCreate    Code = "inactive-on-create"
	Inactive            Code = "inactive"
	NeedsTimeZone       Code = "needs-timezone"
	NeedsLanguage       Code = "needs-language"
	NeedsNumber         Code = "needs-number"
	NeedsAddress        Code = "needs-address"
	ListsDiffer         Code = "lists-differ"
	NoAliasMade         Code = "no-alias-made"
	ExtensionsUsedUp    Code = "extensions-used-up"
	OutsideScope        Code = "outside-scope"
	DuplicateAlias      Code = "duplicate-alias"
	DuplicateKey        Code = "duplicate-key"
	DuplicateExtension  Code = "duplicate-extension"
	DuplicateAddress    Code = "duplicate-address"
	DuplicateName       Code = "duplicate-name"
	RowsInACircle       Code = "rows-in-a-circle"
	ExtensionsInACircle Code = "extensions-in-a-circle"
	Filtered            Code = "filtered"
	PlanDrift           Code = "plan-drift"
)

func rowEntries() []Entry {
	const twice = "Nothing was sent. Two rows of the file want the same. Keep one of them, or give one another value."
	return []Entry{
		{PlanDrift, list{"invalid", "exit 3"}, "The row would not do what the plan says that was agreed to.",
			"Nothing was sent. Look at both values; then make a plan anew, and have it agreed to."},
		{NoOperation, list{"invalid"}, "Nothing says what to do with the row.",
			"Nothing was sent. Give --operation, or fill the column Operation."},
		{UnknownOperation, list{"invalid"}, "There is no such operation.",
			"Nothing was sent. Write create, update, delete, upsert or import-ldap."},
		{Required, list{"invalid", "failed"}, "The operation needs a value that the row does not give.",
			"Nothing was sent. Fill the cell, or give the value to all rows with --set."},
		{RequiredToCreate, list{"warning"}, "An upsert can't make the user without this value.",
			"Rows whose users are there are done all the same. Fill the cell for the others."},
		{NoTemplate, list{"invalid", "exit 2"}, "Users are to be made, and nothing says from which template.",
			"Nothing was sent. Give --template ALIAS, or a column TemplateAlias."},
		{ReadOnly, list{"invalid", "warning"}, "The server sets this field itself.",
			"It is not sent. Take the column out, or call it Junk; with --strict it must go."},
		{CreateOnly, list{"invalid", "warning"}, "The field counts only when a user is created.",
			"It is not sent. Empty the cell; with --strict it must be."},
		{DeleteOnly, list{"warning"}, "Only delete looks at this column.",
			"It is passed over. Make the operation delete if the user is to leave, or take the column out."},
		{ImportOnly, list{"warning"}, "Only import-ldap looks at this column.",
			"It is not sent. Make the operation import-ldap if people are to be imported, or take the column out."},
		{RenameWithoutUpdate, list{"invalid"}, "NewAlias stands in a row that is no update.",
			"Nothing was sent. Make the operation update, or empty NewAlias."},
		{InactiveOnCreate, list{"invalid"}, "A new user is always active.",
			"Nothing was sent. Leave Inactive empty; a later update may change it."},
		{Inactive, list{"warning"}, "The server takes Inactive only from true to false.",
			"The server refuses it for an active user. Leave the cell empty for users who are active."},
		{NeedsTimeZone, list{"invalid"}, "UseDefaultTimeZone is false, and there is no time zone.",
			"Nothing was sent. Give TimeZone or TimeZoneName."},
		{NeedsLanguage, list{"invalid"}, "UseDefaultLanguage is false, and there is no language.",
			"Nothing was sent. Give Language or LanguageTag."},
		{NeedsNumber, list{"warning"}, "A device is to be active, and that of a new user has no number yet.",
			"Give the number that the message names."},
		{NeedsAddress, list{"warning"}, "A device is to be active, messages are to be relayed, or a unified messaging account " +
			"is made, and there is no address for that yet.", "Give the address that the message names."},
		{ListsDiffer, list{"invalid"}, "AltFirstNames and AltLastNames do not fit together.",
			"Nothing was sent. Give as many of one as of the other."},
		{NoAliasMade, list{"warning"}, "The row of a new person has no alias, and --alias makes none of what it says: of a " +
			"name whose letters have no form in ASCII, say.",
			"Nothing of the row is sent until it has an alias. Give it one in a column Alias."},
		{ExtensionsUsedUp, list{"warning"}, "The row of a new person has no extension, and of --extensions none is free.",
			"Nothing of such rows is sent until they have one. Give --extensions another range too."},
		{OutsideScope, list{"warning"}, "The row puts its user outside --scope, so nobody will notice when the file does not " +
			"name that person any more.",
			"Mend the cell, or the scope. For new people, --set gives the cells of a column that the file does not have."},
		{DuplicateName, list{"warning"}, "The row gives two private lists of its user one name.",
			"Both are sent, and the server may refuse the second. Give each a name of its own."},
		{DuplicateAlias, list{"invalid"}, "Another row has this alias too.", twice},
		{DuplicateKey, list{"invalid"}, "Another row means the same user.", twice},
		{DuplicateExtension, list{"invalid", "warning"}, "Another row, or another cell, has this extension too.",
			"Keep one of them, or give one another value. Where it is a warning, the partitions may differ, and the " +
				"pre-flight settles it."},
		{DuplicateAddress, list{"invalid", "warning"}, "Another row gives this address to another user.",
			"Keep one of them, or give one another address. Where it is a warning, only the server knows whether two users may have it."},
		{RowsInACircle, list{"invalid"}, "Rows wait for one another, and no order can do them.",
			"Nothing was sent. Do them in two runs, or through another value."},
		{ExtensionsInACircle, list{"invalid", "failed"}, "The row swaps extensions of its own user.",
			"Nothing of the row was sent. Do it in two files, of which the first clears one of the extensions."},
		{Filtered, list{"skipped"}, "--only or --rows leaves the row out.", "Nothing was sent for it, and nothing is to be done."},
	}
}
