package cupi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// DirectoryUsers are the people in the LDAP directory of whom no user was made yet.
// Their fields are spelled another way than those of users: alias, firstName,
// lastName, pkid.
//
// CUPI User Import API.
var DirectoryUsers = Collection{"directoryusers", "/vmrest/import/users/ldap", "ImportUsers", "ImportUser", "alias", "pkid"}

// MaxDirectoryRows is how many of them a request asks for at most: where no limit is
// given, a server with more of them answers with an error.
//
// CUPI User Import API, Offset and Limit Parameters.
const MaxDirectoryRows = 2000

// ListDirectoryUsers asks for people in the directory, from an offset on. This list
// has offsets and limits in place of pages, and not every release tells its total.
//
// CUPI User Import API, GET a List of Users That Can Be Imported.
func ListDirectoryUsers(q Query, offset, limit int) Request {
	r := List(DirectoryUsers, q, 0, 0)
	if offset < 0 || limit < 1 || limit > MaxDirectoryRows {
		r.problem = errors.Join(r.problem,
			errors.New("the directory is listed from an offset on, "+strconv.Itoa(MaxDirectoryRows)+" rows at a time at most"))
	}
	r.Query = strings.TrimPrefix(r.Query+"&limit="+strconv.Itoa(limit), "&")
	if offset > 0 {
		r.Query += "&offset=" + strconv.Itoa(offset)
	}
	return r
}

// importedAs tells which field of the user each field of an import becomes. pkid
// becomes none: no answer shows it.
var importedAs = map[string]string{"alias": "Alias", "firstName": "FirstName", "lastName": "LastName", "dtmfAccessId": "DtmfAccessId"}

// ImportUser makes a user of a person in the directory, as [ListDirectoryUsers] shows
// one, from a template. The directory does not know the extension.
//
// CUPI User Import API, Import a User.
func ImportUser(templateAlias string, person Object, extension string) Request {
	r := Request{Method: http.MethodPost, Path: DirectoryUsers.Path, Root: DirectoryUsers.Element,
		Query:  "templateAlias=" + escape(templateAlias),
		Fields: Object{"pkid": person["pkid"], "dtmfAccessId": extension}}
	for name := range importedAs {
		if value := person[name]; value != "" {
			r.Fields[name] = value
		}
	}
	switch {
	case strings.TrimSpace(templateAlias) == "":
		r.problem = errors.New("a user is made from a template: give the template's alias")
	case person["pkid"] == "" || extension == "":
		r.problem = errors.New("an import needs the pkid that the directory shows, and an extension")
	}
	return r
}

// Imported gives the fields of an import as the user shows them that it makes.
func Imported(fields Object) Object {
	user := Object{}
	for name, value := range fields {
		if shown := importedAs[name]; shown != "" {
			user[shown] = value
		}
	}
	return user
}
