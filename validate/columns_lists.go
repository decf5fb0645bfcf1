package validate

import (
	"slices"

	"cucbulk/cupi"
)

// StepList is the step of a distribution list itself.
const StepList = "distributionlist"

// DistributionLists is the table of public distribution lists, without their members.
// CUPI Distribution List API.
var DistributionLists = indexed(&Table{
	Object: "distribution-lists", One: "distribution list", Many: "distribution lists", Main: StepList,
	columns:    explained(classified(listColumns)),
	match:      []string{"Alias", "ObjectId", "DtmfAccessId"},
	operations: []Operation{Create, Update, Delete, Upsert},
	required:   map[Operation][]string{Create: {"Alias"}},
	wanted:     map[Operation][]string{Upsert: {"Alias"}},
	bat: []string{"Alias", "DisplayName", "AltNames", "Extension", "AllowContacts", "AllowForeignMessage",
		"PartitionName", "Junk", "FailureReason"},
	usual: []string{"Alias", "DtmfAccessId", "DisplayName", "AltNames", "AllowContacts"},
})

var listColumns = slices.Concat(
	[]Column{
		{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "update", "delete", "upsert"}, Access: Control,
			Note: "What the row asks for; goes before --operation."},
		{Name: "Alias", Type: String, MaxLength: 64, Access: ReadWrite, Step: StepList, Field: "Alias", OneLine: true, Listed: true,
			Note: "Names the list; unique, and needed to create one. It can't be changed."},
		{Name: "DisplayName", Type: String, MaxLength: 64, Access: ReadWrite, Step: StepList, Field: "DisplayName", Listed: true},
		{Name: "DtmfAccessId", Also: []string{"Extension"}, Type: String, MaxLength: 40, Access: ReadWrite, Step: StepList,
			Field: "DtmfAccessId", OneLine: true, Nullable: true, Listed: true,
			Note: "The extension; unique in its partition among users, call handlers, lists and contacts."},
		{Name: "AllowContacts", Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepList, Field: "AllowContacts",
			Note: "true lets the list have contacts among its members."},
		{Name: "AllowForeignMessage", Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepList, Field: "AllowForeignMessage",
			Note: "true lets messages of other systems in; it can be set only while the list has no contacts."},
		{Name: "PartitionObjectId", Type: ID, MaxLength: 36, Access: ReadWrite, Step: StepList, Field: "PartitionObjectId",
			Listed: true, Note: notePartition},
		{Name: "PartitionName", Also: []string{"PartitionDisplayName"}, Type: String, Access: ReadWrite, Step: StepList,
			Field: "PartitionObjectId", Collection: "partitions", OneLine: true, Note: notePartition},
		{Name: "TenantObjectId", Type: ID, MaxLength: 36, Access: ReadWrite, Step: StepList, Field: "TenantObjectId", Listed: true,
			Note: "The tenant whose list it is."},
		{Name: "AltNames", Type: String, MaxLength: 64, Access: ReadWrite, Step: "listalternatenames", Field: "FirstName",
			List: Semicolons, Nullable: true,
			Note: "All its alternate names, between semicolons; two semicolons are one that is part of a name."},
		{Name: "VoiceNameFile", Type: File, Access: ReadWrite, Step: "listvoicename", Field: cupi.Recording, OneLine: true,
			Note: "The recorded name: a WAV file in the input's folder, or in that of --audio. {Alias}.wav names it by the " +
				"row's own cells."},
		{Name: "ObjectId", Type: ID, MaxLength: 36, Access: ReadOnly, Step: StepList, Field: "ObjectId", Listed: true,
			Note: "Finds the list with --match ObjectId."},
		{Name: "Junk", Type: String, Access: PassedOver, Note: "Not looked at."},
		{Name: "FailureReason", Type: String, Access: PassedOver, Note: "Why a run rejected the row; not looked at."},
	},
	shown(StepList, "CreationTime", "DtmfName", "IsPublic", "LocationObjectId", "Undeletable", "VoiceName", "URI",
		"PartitionURI", "LocationURI",
		"VoiceFileURI", "VoiceNameURI", "DistributionListMembersURI", "AlternateNamesURI"),
)

const notePartition = "The vendor's page calls it read only, and BAT has a column for it: it is read back, and the row tells " +
	"if the server did not keep it."

// shown are fields of a step that answers show and nobody can write.
func shown(step string, names ...string) []Column {
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i] = Column{Name: name, Type: String, Access: ReadOnly, Step: step, Field: name}
	}
	return columns
}
