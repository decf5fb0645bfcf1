package model

import "cucbulk/cupi"

// What an LDAP directory has to do with a user.

// ImportedType is the LdapType of a user that was imported and is in the directory.
const ImportedType = "3"

// DirectoryOwned tells which fields the LDAP directory writes at each
// synchronization, by the LdapType of the user. What a run wrote there would be
// refused, or gone the next morning.
func DirectoryOwned() map[string][]string {
	fields := []string{"Alias", "FirstName", "LastName", "Initials", "DisplayName", "Title", "Department", "Manager",
		"EmailAddress", "PhoneNumber"}
	return map[string][]string{
		"1":          fields, // integrated with the directory
		ImportedType: fields,
	}
}

// Reimports reports whether one that was deleted comes back by an import. What can't be imported is
// made of its template, whoever wrote its fields.
func (o *Object) Reimports(before cupi.Object) bool {
	return o.Importing != nil && FromDirectory(before)
}

// FromDirectory reports whether a user came from an LDAP directory. One that is no
// longer active there came from it too.
func FromDirectory(user cupi.Object) bool {
	return DirectoryOwned()[user["LdapType"]] != nil || user["LdapType"] == "4"
}
