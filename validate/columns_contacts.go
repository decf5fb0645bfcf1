package validate

import (
	"slices"

	"cucbulk/cupi"
)

// StepContact is the step of a contact itself.
const StepContact = "contact"

// stepContactNames is the step of a contact's alternate names.
const stepContactNames = "contactalternatenames"

// Contacts is the table of system contacts. No vendor's page of them is public: what is not of BAT alone
// is from public client code.
var Contacts = indexed(&Table{
	Object: "contacts", One: "contact", Many: "contacts", Main: StepContact,
	columns:    explained(classified(contactColumns())),
	template:   "systemcontacttemplate",
	match:      []string{"Alias", "ObjectId"},
	operations: []Operation{Create, Update, Delete, Upsert},
	required:   map[Operation][]string{Create: {"Alias"}},
	wanted:     map[Operation][]string{Upsert: {"Alias"}},
	bat: []string{"Alias", "Extension", "ContactTemplateAlias", "AltFirstNames", "AltLastNames", "AltFirstName", "AltLastName",
		"DisplayName", "FirstName",
		"LastName", "ListInDirectory", "RemoteMailAddress", "TransferEnabled", "TransferExtension", "TransferRings", "TransferType",
		"DeliveryLocationDisplayName", "PartitionDisplayName", "SmtpProxyAddresses", "DialableWorkPhone", "DialableHomePhone",
		"DialableMobilePhone",
		"City", "Department", "Junk", "FailureReason"},
	usual: []string{"Alias", "FirstName", "LastName", "DisplayName", "TransferEnabled", "TransferExtension", "ContactTemplateAlias"},
})

// noteUnconfirmed is of what only BAT is known to have.
const noteUnconfirmed = "A column of BAT; no public source says that CUPI has the field, so it is read back. Where the server " +
	"does not take it, the row goes without, and says so."

// contactColumns are those of a contact.
func contactColumns() []Column {
	own := func(name string, more Column) Column {
		more.Name, more.Access, more.Step = name, ReadWrite, StepContact
		if more.Field == "" {
			more.Field = name
		}
		if more.Type == "" {
			more.Type = String
		}
		if more.Type == Boolean {
			more.Values = booleans
		}
		return more
	}
	dial := func(name string) Column {
		return own(name, Column{MaxLength: 255, OneLine: true, Nullable: true, BAT: batDialable, Note: noteUnconfirmed})
	}
	columns := []Column{
		{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "update", "delete", "upsert"}, Access: Control,
			Note: "What the row asks for; goes before --operation."},
		own("Alias", Column{MaxLength: 64, OneLine: true, Listed: true, BAT: batAlias,
			Note: "Names the contact; unique, and needed to create one. It can't be changed."}),
		{Name: "TemplateAlias", Also: []string{"ContactTemplateAlias"}, Type: String, OneLine: true, MaxLength: 64,
			Access: Control, Default: "systemcontacttemplate",
			Note: "Alias of the contact template; goes before --template. No list of them is known: the server tells when the " +
				"first contact is made."},
		own("DisplayName", Column{MaxLength: 64, Listed: true}),
		own("FirstName", Column{MaxLength: 64, Nullable: true, Listed: true}),
		own("LastName", Column{MaxLength: 64, Nullable: true, Listed: true}),
		own("AltFirstName", Column{MaxLength: 64, Nullable: true, BAT: batASCII}),
		own("AltLastName", Column{MaxLength: 64, Nullable: true, BAT: batASCII}),
		own("ListInDirectory", Column{Type: Boolean}),
		own("TransferEnabled", Column{Type: Boolean, Note: "true lets callers be transferred to the contact, at TransferExtension."}),
		own("TransferExtension", Column{MaxLength: 40, OneLine: true, Nullable: true, BAT: batDialable,
			Note: "The number that is called."}),
		own("TransferType", Column{Type: Integer, Words: transferTypeWords, Note: "By CUPI, and BAT counts otherwise:"}),
		own("TransferRings", Column{Type: Integer, Range: &Range{2, 100}, Note: "Rings before a supervised transfer is given up."}),
		own("AutoCreateCallHandler", Column{Type: Boolean}),
		own("PartitionObjectId", Column{Type: ID, MaxLength: 36, Listed: true}),
		own("PartitionName", Column{Also: []string{"PartitionDisplayName"}, Field: "PartitionObjectId", Collection: "partitions",
			OneLine: true}),
		own("DtmfAccessId", Column{Also: []string{"Extension"}, MaxLength: 40, OneLine: true, Nullable: true, BAT: batExtension,
			Note: "The extension; unique in its partition among users, call handlers, lists and contacts. " + noteUnconfirmed}),
		own("City", Column{MaxLength: 64, Nullable: true, Note: noteUnconfirmed}),
		own("Department", Column{MaxLength: 64, Nullable: true, Note: noteUnconfirmed}),
		dial("DialableWorkPhone"), dial("DialableHomePhone"), dial("DialableMobilePhone"),
		own("RemoteMailAddress", Column{MaxLength: 256, OneLine: true, Nullable: true, Note: noteUnconfirmed}),
		own("DeliveryLocationObjectId", Column{Type: ID, MaxLength: 36, Note: noteUnconfirmed}),
		own("DeliveryLocationDisplayName", Column{Field: "DeliveryLocationObjectId", Collection: "connectionlocations", OneLine: true,
			Note: "Looked for among the locations of the network. BAT means a VPIM location, of which no list is known: give " +
				"its id in DeliveryLocationObjectId. " + noteUnconfirmed}),
	}
	for _, name := range []string{"AltFirstNames", "AltLastNames", "SmtpProxyAddresses"} { // as those of users
		column := *Users.byHeading[fold(name)]
		if column.Step, column.bat = stepContactNames, ""; name == "SmtpProxyAddresses" {
			column.Step, column.Note = "contactproxyaddresses", "All of them: a@x,b@x in one cell. "+noteUnconfirmed
		}
		columns = append(columns, column)
	}
	return slices.Concat(columns, []Column{
		{Name: "VoiceNameFile", Type: File, Access: ReadWrite, Step: "contactvoicename", Field: cupi.Recording, OneLine: true,
			Note: "The recorded name: a WAV file in the input's folder, or in that of --audio. {Alias}.wav names it by the " +
				"row's own cells."},
		{Name: "ObjectId", Type: ID, MaxLength: 36, Access: ReadOnly, Step: StepContact, Field: "ObjectId", Listed: true,
			Note: "Finds the contact with --match ObjectId."},
		{Name: "Junk", Type: String, Access: PassedOver, Note: "Not looked at."},
		{Name: "FailureReason", Type: String, Access: PassedOver, Note: "Why a run rejected the row; not looked at."},
	}, shown(StepContact, "CallHandlerObjectId", "ContactType", "CreationTime", "DeliveryLocationPartitionObjectId", "DisableOutbound",
		"DtmfNameFirstLast", "DtmfNameLastFirst", "IsAddressable", "IsTemplate", "LocationObjectId", "RemoteAddress",
		"Undeletable", "VoiceName", "URI",
		"PartitionURI", "LocationURI"))
}
