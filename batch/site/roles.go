package site

import (
	"slices"
	"strings"

	"cucbulk/cupi"
)

// sufficient ones let an account do whatever a run does; insufficient are the
// server's own that do not, not even together. Roles that are in neither were made by
// an administrator, and only the server knows what they allow.
var (
	sufficient   = []string{"System Administrator", "User Administrator"}
	insufficient = []string{"Audio Text Administrator", "Audit Administrator", "Greeting Administrator", "Help Desk Administrator",
		"Mailbox Access Delegate Account", "Remote Administrator", "Technician"}
)

// Sufficient names the roles of which one suffices.
func Sufficient() string { return strings.Join(sufficient, " or ") }

// Mend is what to do when an account's roles do not suffice.
func Mend() string { return "give it the role " + Sufficient() + " on the server" }

// Roles are what the server says that an account has.
type Roles struct {
	Names   []string
	Suffice bool     // for whatever a run does
	Unclear []string // those of which only the server knows what they allow
}

// String says what the account has where it does not suffice.
func (r Roles) String() string {
	switch len(r.Names) {
	case 0:
		return "no role"
	case 1:
		return "only the role " + r.Names[0]
	}
	return "only the roles " + strings.Join(r.Names, ", ")
}

// ReadRoles asks what roles an account has; it needs the account's id, or "" when
// that must be asked too. They are not known when ask fails, or when the server does
// not show the account.
func ReadRoles(ask func(cupi.Request) ([]cupi.Object, bool), account, id string) (had Roles, known bool) {
	// Most administrators have no mailbox, and are not among the users.
	for _, accounts := range []cupi.Collection{cupi.AdminUsers, cupi.Users} {
		if id == "" {
			id = idOf(ask, accounts, account)
		}
	}
	if id == "" {
		return Roles{}, false
	}
	items, known := ask(cupi.List(cupi.UserRolesOf(id), cupi.Query{}, 1, mostShown))
	for _, role := range items {
		name := role["RoleName"]
		had.Names = append(had.Names, name)
		switch {
		case slices.Contains(sufficient, name):
			had.Suffice = true
		case !slices.Contains(insufficient, name):
			had.Unclear = append(had.Unclear, name)
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
