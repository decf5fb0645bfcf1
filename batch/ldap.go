package batch

import "cucbulk/cupi"

// What an LDAP directory has to do with a user.

// importedType is the LdapType of a user that was imported and is in the directory.
const importedType = "3"

// directoryOwned tells which fields the LDAP directory writes at each
// synchronization, by the LdapType of the user. What a run wrote there would be
// refused, or gone the next morning.
func directoryOwned() map[string][]string {
	fields := []string{"Alias", "FirstName", "LastName", "Initials", "DisplayName", "Title", "Department", "Manager", "EmailAddress", "PhoneNumber"}
	return map[string][]string{
		"1":          fields, // integrated with the directory
		importedType: fields,
	}
}

// fromDirectory reports whether a user came from an LDAP directory. One that is no
// longer active there came from it too.
func fromDirectory(user cupi.Object) bool {
	return directoryOwned()[user["LdapType"]] != nil || user["LdapType"] == "4"
}
