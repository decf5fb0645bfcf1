package batch

import (
	"slices"
	"strings"

	"cucbulk/cupi"
)

// sufficientRoles let an account do whatever a run does; insufficientRoles are the
// server's own that do not, not even together. Roles that are in neither were made by
// an administrator, and only the server knows what they allow.
var (
	sufficientRoles   = []string{"System Administrator", "User Administrator"}
	insufficientRoles = []string{"Audio Text Administrator", "Audit Administrator", "Greeting Administrator", "Help Desk Administrator",
		"Mailbox Access Delegate Account", "Remote Administrator", "Technician"}
)

// mendRoles is what to do when an account's roles do not suffice.
var mendRoles = "give it the role " + strings.Join(sufficientRoles, " or ") + " on the server"

// roles are what the server says that an account has.
type roles struct {
	names   []string
	suffice bool     // for whatever a run does
	unclear []string // those of which only the server knows what they allow
}

// String says what the account has where it does not suffice.
func (r roles) String() string {
	switch len(r.names) {
	case 0:
		return "no role"
	case 1:
		return "only the role " + r.names[0]
	}
	return "only the roles " + strings.Join(r.names, ", ")
}

// readRoles asks what roles an account has; it needs the account's id, or "" when
// that must be asked too. They are not known when ask fails, or when the server does
// not show the account.
func readRoles(ask func(cupi.Request) ([]cupi.Object, bool), account, id string) (had roles, known bool) {
	// Most administrators have no mailbox, and are not among the users.
	for _, accounts := range []cupi.Collection{cupi.AdminUsers, cupi.Users} {
		if id == "" {
			id = idOf(ask, accounts, account)
		}
	}
	if id == "" {
		return roles{}, false
	}
	items, known := ask(cupi.List(cupi.UserRolesOf(id), cupi.Query{}, 1, listingRows))
	for _, role := range items {
		name := role["RoleName"]
		had.names = append(had.names, name)
		switch {
		case slices.Contains(sufficientRoles, name):
			had.suffice = true
		case !slices.Contains(insufficientRoles, name):
			had.unclear = append(had.unclear, name)
		}
	}
	return had, known
}

// idOf asks for the id of an account, "" when it is not among these.
func idOf(ask func(cupi.Request) ([]cupi.Object, bool), accounts cupi.Collection, alias string) string {
	items, _ := ask(cupi.List(accounts, cupi.Query{Column: "Alias", Op: cupi.Is, Value: alias}, 0, 0))
	for _, one := range items {
		if strings.EqualFold(one["Alias"], alias) {
			return one["ObjectId"]
		}
	}
	return ""
}
