package cupi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Request is one call of CUPI. The functions of this package build those that
// the user page describes; a sub-resource is built by hand:
//
//	cupi.Request{Method: "PUT", Path: "/vmrest/users/" + id + "/credential/pin", Root: "Credential", Fields: fields}
//
// [Client.Do] checks every part before anything is sent.
type Request struct {
	Method  string // GET, POST, PUT or DELETE
	Path    string // escaped, below /vmrest
	Query   string // what follows the "?", escaped; "": nothing
	Wrapper string // of a GET: the list's root, "Users"; "": the answer is one object
	Root    string // the XML root of the body, and the element in the answer; "" accepts any answer
	Fields  Object // the body; nil: none
	Nested  bool   // of a GET for one object: it has objects within it, see [Object.Within]

	problem error // what a constructor refused; Do tells it
}

// List asks for one page of a collection. Pages count from 1. Page 0 or rows 0
// are not sent: the server then gives its first page, or as many rows as it
// likes. The vendor advises at most 100 rows.
//
// CUPI User API, Listing the Users.
func List(c Collection, q Query, page, rows int) Request {
	r := Request{Method: http.MethodGet, Path: c.Path, Wrapper: c.Wrapper, Root: c.Element}
	var parts []string
	if q != (Query{}) {
		r.problem = q.check()
		parts = append(parts, q.encode())
	}
	if rows != 0 {
		parts = append(parts, "rowsPerPage="+strconv.Itoa(rows))
	}
	if page != 0 {
		parts = append(parts, "pageNumber="+strconv.Itoa(page))
	}
	if page < 0 || rows < 0 {
		r.problem = errors.New("pages and rows can't be negative")
	}
	r.Query = strings.Join(parts, "&")
	return r
}

// GetUser asks for all fields of a user; a list shows about a quarter of them.
//
// CUPI User API, Viewing the Details of a Specific User.
func GetUser(id string) Request { return object(http.MethodGet, Users, id, nil) }

// CreateUser makes a user from a template, in the given mailbox store or, when
// that is empty, in the default one. The server wants Alias and DtmfAccessId.
//
// CUPI User API, Creating a User.
func CreateUser(templateAlias, mailboxStoreObjectID string, fields Object) Request {
	r := fromTemplate(Users, "a user", templateAlias, fields)
	if mailboxStoreObjectID != "" {
		r.Query += "&MailboxStoreObjectId=" + escape(mailboxStoreObjectID)
		r.problem = errors.Join(r.problem, checkID(mailboxStoreObjectID))
	}
	return r
}

// CreateAdminUser makes a user without a mailbox from a template for such users. The answer tells
// its path among the users.
//
// CUPI User API, Admin Users without Mailbox.
func CreateAdminUser(templateAlias string, fields Object) Request {
	return fromTemplate(AdminUsers, "a user without a mailbox", templateAlias, fields)
}

// CreateContact makes a contact from a contact template, which no list is known to show.
//
// Public client code.
func CreateContact(templateAlias string, fields Object) Request {
	return fromTemplate(Contacts, "a contact", templateAlias, fields)
}

// fromTemplate makes one of a collection from a template; one is what people call such a one.
func fromTemplate(c Collection, one, templateAlias string, fields Object) Request {
	r := Create(c, fields)
	r.Query = "templateAlias=" + escape(templateAlias)
	if strings.TrimSpace(templateAlias) == "" {
		r.problem = errors.New(one + " is made from a template: give the template's alias")
	}
	return r
}

// UpdateUser changes the given fields of a user and leaves the others.
//
// CUPI User API, Updating a User.
func UpdateUser(id string, fields Object) Request {
	return object(http.MethodPut, Users, id, fields)
}

// DeleteUser removes a user and the mailbox with its messages.
//
// CUPI User API, Delete a User.
func DeleteUser(id string) Request { return object(http.MethodDelete, Users, id, nil) }

// OneUser is the smallest request that needs the right to see users; its page tells how many
// there are.
func OneUser() Request { return List(Users, Query{}, 1, 1) }

// GetVersion asks for the server's release, in the field "version".
func GetVersion() Request { return Request{Method: http.MethodGet, Path: "/vmrest/version"} }

// GetLicenceDetails asks how the server is licensed: Authorization.Status, the days, hours and
// minutes that are left of its evaluation, and of each kind of licence how many are in use. It is
// there from release 12.5 on.
//
// CUPI System Settings API, Smart Licensing.
func GetLicenceDetails() Request {
	return Request{Method: http.MethodGet, Path: "/vmrest/smartlicense/licensedetails", Nested: true}
}

// object builds the request for one member of a collection.
func object(method string, c Collection, id string, fields Object) Request {
	r := Request{Method: method, Path: c.member(id), Root: c.Element, Fields: fields}
	if id != offHours && id != "*" && id != "#" { // names in place of ids: of a transfer rule or greeting, and of two keys
		r.problem = checkID(id)
	}
	return r
}

// member is the path of one member. An id that is none stays one part of it: what must
// be escaped is no path of CUPI, and [Client.Do] refuses it.
func (c Collection) member(id string) string {
	return c.Path + "/" + strings.ReplaceAll(url.PathEscape(id), "%2A", "*")
}

const offHours = "Off Hours"

// Answer is what a request that succeeded brought.
type Answer struct {
	Status   int           // of HTTP, 200 to 299
	Date     time.Time     // the server's clock; zero if it did not tell
	Took     time.Duration // from when the request was sent until all of the answer was there
	ObjectID string        // of a POST: the id of what was made
	Object   Object        // of a GET for one object
	Page     Page          // of a GET for a list
	Empty    bool          // of a PUT or a DELETE: it says nothing but its status
}

func checkID(id string) error {
	if !isID(id) {
		return fmt.Errorf("%q is no object id: letters, digits, \"-\" and \".\" only, at most 64", printable(id, 80))
	}
	return nil
}

// isID tells whether the text may stand in a path as one part of it.
func isID(text string) bool {
	for i := range len(text) {
		if !isPlain(text[i]) {
			return false
		}
	}
	return len(text) <= 64 && strings.Trim(text, ".") != ""
}

// isObjectID tells whether the text is an ObjectId as CUPI makes them.
func isObjectID(text string) bool {
	for i := range len(text) {
		c := text[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !(isPlain(c) && c != '.' && (c|0x20) <= 'f') {
			return false
		}
	}
	return len(text) == 36
}

// isPlain tells the letters of ids.
func isPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

// isPath tells whether the text is a path below /vmrest: parts of plain letters, "_" and
// escaped blanks, "*" or an escaped "#", none of dots alone.
func isPath(text string) bool {
	parts, below := strings.CutPrefix(text, "/vmrest/")
	for part := range strings.SplitSeq(parts, "/") {
		for rest := part; rest != ""; {
			switch {
			case part == "*", part == "%23": // keys
				rest = ""
			case strings.HasPrefix(rest, "%20"):
				rest = rest[3:]
			case isPlain(rest[0]), rest[0] == '_':
				rest = rest[1:]
			default:
				return false
			}
		}
		if strings.Trim(part, ".") == "" {
			return false
		}
	}
	return below
}

// isEscaped tells whether the text may stand behind the "?" of a URL as it is.
func isEscaped(query string) bool {
	for i := range len(query) {
		switch c := query[i]; {
		case c <= ' ', c >= 0x7F, c == '#', c == ';':
			return false
		case c == '%' && (len(query) < i+3 || !isHex(query[i+1]) || !isHex(query[i+2])):
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// check refuses a request that must not leave.
func (r Request) check() error {
	if r.problem != nil {
		return r.problem
	}
	switch r.Method {
	case http.MethodGet, http.MethodDelete:
		if r.Fields != nil {
			return fmt.Errorf("a %s has no body", r.Method)
		}
	case http.MethodPost, http.MethodPut:
	default:
		return fmt.Errorf("%q is no method of CUPI", printable(r.Method, 20))
	}
	if !isPath(r.Path) {
		return fmt.Errorf("%q is no path of CUPI", printable(r.Path, 200))
	}
	if !isEscaped(r.Query) {
		return errors.New("the query is not escaped")
	}
	return nil
}

// Create makes a member of a collection. Users are made by [CreateUser].
func Create(c Collection, fields Object) Request {
	return Request{Method: http.MethodPost, Path: c.Path, Root: c.Element, Fields: fields}
}
