package validate

// The steps of a list's members: the list itself, and who is in it, by what that is.
const (
	StepMembersList    = "memberslist"
	StepUserMembers    = "usermembers"
	StepListMembers    = "sublistmembers"
	StepContactMembers = "contactmembers"
)

// ListMembers is the table of who is in public distribution lists: a row is one member of one list.
// CUPI Distribution List API, Distribution List Members.
var ListMembers = indexed(&Table{
	Object: "list-members", One: "list member", Many: "list members", Main: StepMembersList,
	Member: &Member{Owner: "distribution list", Owners: "distribution lists", Column: "MemberAlias", Among: "MemberType",
		Cleared: "Alias"},
	columns:    explained(classified(listMemberColumns)),
	match:      []string{"Alias"},
	operations: []Operation{Create, Delete, Upsert},
	required:   map[Operation][]string{Create: {"MemberAlias"}, Delete: {"MemberAlias"}, Upsert: {"MemberAlias"}},
	bat:        []string{"DLAlias", "MemberAlias", "LocationNames", "Junk", "FailureReason"},
	usual:      []string{"DLAlias", "MemberAlias", "MemberType"},
})

var listMemberColumns = []Column{
	{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "delete", "upsert"}, Access: Control,
		Note: "What the row asks for: create and upsert add the member where it is not in the list, delete takes it out; goes " +
			"before --operation."},
	{Name: "Alias", Also: []string{"DLAlias"}, Type: String, MaxLength: 64, Access: Control, Step: StepMembersList,
		Field: "Alias", OneLine: true, Listed: true,
		Note: "The alias of the distribution list."},
	{Name: "MemberAlias", Type: String, MaxLength: 64, Access: Control, Step: StepUserMembers, Field: "Alias", OneLine: true,
		Note: "The alias of the user, the distribution list or the contact."},
	{Name: "MemberType", Type: String, Values: []string{"user", "list", "contact"}, Access: Control, OneLine: true,
		Note: "Which is meant, where several have the alias; else it may be left empty."},
	{Name: "LocationNames", Type: String, Access: PassedOver,
		Missed: "every member is looked for on this server, and one of another location is not found, or is somebody else of " +
			"the same alias", Note: "BAT's column for members of other locations: not looked at, a member is found on this server."},
	{Name: "Junk", Type: String, Access: PassedOver, Note: "Not looked at."},
	{Name: "FailureReason", Type: String, Access: PassedOver, Note: "Why a run rejected the row; not looked at."},
}
