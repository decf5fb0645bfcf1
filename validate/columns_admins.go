package validate

import "slices"

// StepAdmin is the step of a user without a mailbox itself.
const StepAdmin = "adminuser"

// AdminUsers is the table of users without a mailbox.
// CUPI User API, Admin Users without Mailbox.
var AdminUsers = indexed(&Table{
	Object: "users-without-mailbox", One: "user without a mailbox", Many: "users without a mailbox", Main: StepAdmin,
	columns:    explained(classified(adminColumns())),
	match:      []string{"Alias", "ObjectId"},
	operations: []Operation{Create, Update, Delete, Upsert},
	required:   map[Operation][]string{Create: {"Alias", "TemplateAlias"}},
	wanted:     map[Operation][]string{Upsert: {"Alias", "TemplateAlias"}},
	bat: []string{"Alias", "Address", "BillingId", "Building", "City", "Country", "Department", "DisplayName", "EmailAddress", "EmployeeId",
		"FirstName", "Initials", "Language", "LastName", "LdapCcmUserId", "Manager", "PostalCode", "State", "TimeZone", "Title",
		"TemplateAlias", "Password", "Junk", "FailureReason"},
	usual: []string{"Alias", "FirstName", "LastName", "DisplayName", "Password", "UserRoles", "TemplateAlias"},
})

// adminColumns are those of users that a user without a mailbox has too; the listing shows few
// of them.
func adminColumns() []Column {
	own := []string{"Alias", "DisplayName", "FirstName", "LastName", "Initials", "Title", "EmployeeId", "EmailAddress",
		"Address", "Building",
		"City", "State", "PostalCode", "Country", "Department", "Manager", "BillingId", "TimeZone", "UseDefaultTimeZone",
		"Language", "UseDefaultLanguage",
		"LdapType", "LdapCcmUserId", "LocationObjectId", "IsTemplate", "Undeletable", "CreationTime", "URI", "TimeZoneName",
		"LanguageTag", "ObjectId"}
	listed := []string{"Alias", "DisplayName", "FirstName", "LastName", "LocationObjectId", "Undeletable", "ObjectId"}
	columns := []Column{{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "update", "delete", "upsert"},
		Access: Control,
		Note:   "What the row asks for; goes before --operation."}}
	for _, name := range own {
		column := *Users.byHeading[fold(name)]
		column.Step, column.Listed, column.bat = StepAdmin, slices.Contains(listed, name), ""
		if name == "Alias" {
			column.Note = "Names the user; unique, also among users with a mailbox, and needed to create one. It is not changed."
		}
		columns = append(columns, column)
	}
	columns = append(columns, credentialColumns("Password", "adminpassword", "The password for the web", batPassword)...)
	for _, name := range []string{"UserRoles", "TemplateAlias", "Junk", "FailureReason"} {
		column := *Users.byHeading[fold(name)]
		column.bat = ""
		if name == "UserRoles" {
			column.Step = "adminroles"
		}
		columns = append(columns, column)
	}
	return columns
}
