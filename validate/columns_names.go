package validate

// controlColumns steer a row; only NewAlias and MailboxStoreObjectId reach the
// server, the one as the new Alias, the other as a parameter of creation.
// CUPI User API, Creating a User.
var controlColumns = []Column{
	{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "update", "delete", "upsert", "import-ldap"},
		Access: Control,
		Note:   "What the row asks for; goes before --operation."},
	{Name: "TemplateAlias", Type: String, OneLine: true, MaxLength: 64, Access: Control,
		Note: "Alias of the user template; goes before --template."},
	{Name: "NewAlias", Type: String, OneLine: true, MaxLength: 64, Access: Control, BAT: batAlias,
		Note: "Renames the user that the row finds; only on update. The server makes an SMTP proxy address of the old alias, " +
			"and of the new one when a rollback renames back; that of an LDAP user can't be changed."},
	{Name: "ReassignTo", Type: String, OneLine: true, MaxLength: 64, Access: Control,
		Note: "Alias of the successor of a user whom the row deletes: keys, greetings, call handlers and lists that lead to " +
			"the user lead to the successor then; goes before --reassign-to."},
	{Name: KeyPerson, Type: ID, MaxLength: 36, Access: Control,
		Note: "With import-ldap, whom in the LDAP directory to import: in place of Alias, or to be sure."},
	{Name: "ObjectId", Type: ID, MaxLength: 36, Access: ReadOnly, Step: StepUser, Field: "ObjectId", Listed: true,
		Note: "Finds the user with --match ObjectId."},
	{Name: "MailboxStoreObjectId", Type: ID, MaxLength: 36, Access: CreateOnly, Field: "MailboxStoreObjectId",
		Note: "The mailbox store of a new user; without it, the server's default store."},
	{Name: "Junk", Type: String, Access: PassedOver, Note: "Not looked at."},
	{Name: "FailureReason", Type: String, Access: PassedOver, Note: "Why a run rejected the row; not looked at."},
}

// KeyPerson is the column with the key that a person has in the LDAP directory, and
// what that calls it.
// CUPI User Import API.
const KeyPerson = "pkid"

// nameColumns take a name and set the id that it has on the server. Each name is
// looked up once a run.
var nameColumns = []Column{
	{Name: "CosDisplayName", Type: String, MaxLength: 64, Access: ReadWrite, Step: StepUser, Field: "CosObjectId",
		Collection: "coses", OneLine: true,
		Note: "Class of service."},
	{Name: "PartitionName", Also: []string{"PartitionDisplayName"}, Type: String, Access: ReadWrite, Step: StepUser,
		Field: "PartitionObjectId", Collection: "partitions", OneLine: true},
	{Name: "MediaSwitchDisplayName", Also: []string{"PhoneSystem"}, Type: String, MaxLength: 64, Access: ReadWrite,
		Step: StepUser, Field: "MediaSwitchObjectId", Collection: "phonesystems", OneLine: true,
		Note: "Phone system."},
	{Name: "SearchByExtensionSearchSpaceName", Type: String, Access: ReadWrite, Step: StepUser,
		Field: "SearchByExtensionSearchSpaceObjectId", Collection: "searchspaces", OneLine: true},
	{Name: "SearchByNameSearchSpaceName", Type: String, Access: ReadWrite, Step: StepUser, Field: "SearchByNameSearchSpaceObjectId",
		Collection: "searchspaces", OneLine: true},
	{Name: "ScheduleSetName", Also: []string{"ScheduleSet"}, Type: String, Access: ReadWrite, Step: StepCallHandler,
		Field: "ScheduleSetObjectId", Collection: "schedulesets", OneLine: true,
		Note: "Written on the user's call handler."},
	{Name: "TimeZoneName", Type: String, Access: ReadWrite, Step: StepUser, Field: "TimeZone", Collection: "timezones",
		OneLine: true, Nullable: true,
		Note: "As TimeZone, by its display name."},
	{Name: "LanguageTag", Type: String, Access: ReadWrite, Step: StepUser, Field: "Language", Collection: "languagemap",
		OneLine: true, Nullable: true,
		Note: "As Language, by its tag: en-US."},
	{Name: "MailboxStore", Type: String, Access: CreateOnly, Field: "MailboxStoreObjectId", Collection: "mailboxstores", OneLine: true,
		Note: "The mailbox store of a new user; without it, the server's default store."},
}

// extensionColumns are BAT columns on the User resource that the vendor's field
// table leaves out. A server may refuse or ignore them.
var extensionColumns = []Column{
	{Name: "EnhancedSecurityAlias", Type: String, MaxLength: 50, Access: ReadWrite, Step: StepUser, Field: "EnhancedSecurityAlias",
		Nullable: true, Note: noteExtension},
	{Name: "ClientMatterCode", Type: String, MaxLength: 40, Access: ReadWrite, Step: StepUser, Field: "ClientMatterCode",
		Nullable: true, Note: noteExtension},
	{Name: "ForcedAuthorizationCode", Also: []string{"ForcedAuthoizationCode"}, Type: String, MaxLength: 40, Access: ReadWrite,
		Step: StepUser, Field: "ForcedAuthorizationCode", Nullable: true, Note: noteExtension},
	{Name: "CcmId", Type: String, MaxLength: 128, Access: ReadWrite, Step: StepUser, Field: "CcmId", Nullable: true, Note: noteExtension},
	{Name: "LdapCcmUserId", Type: String, Access: ReadWrite, Step: StepUser, Field: "LdapCcmUserId", Nullable: true, Note: noteExtension},
	{Name: "AltFirstName", Type: String, MaxLength: 64, Access: ReadWrite, Step: StepUser, Field: "AltFirstName",
		Nullable: true, BAT: batASCII, Note: noteExtension},
	{Name: "AltLastName", Type: String, MaxLength: 64, Access: ReadWrite, Step: StepUser, Field: "AltLastName", Nullable: true,
		BAT: batASCII, Note: noteExtension},
	{Name: "MailName", Type: String, Access: ReadWrite, Step: StepUser, Field: "MailName", LocalPartOf: "SmtpAddress",
		Note: "The part of SmtpAddress before the @; a BAT column that is not in the vendor's field table."},
}

const noteExtension = "A BAT column that is not in the vendor's field table."
