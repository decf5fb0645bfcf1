package cupitest

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Custom roles are in the list of roles, with the system role whose privileges they began with.
//
// G:m-system-settings, Roles [DOC].
var customRoleRoutes = []route{
	{"POST /vmrest/customroles", []string{rawBody}, createRole},
	{"PUT /vmrest/customroles/{id}", []string{rawBody}, updateRole},
	{"DELETE /vmrest/customroles/{id}", nil, deleteRole},
	{"GET /vmrest/roles/{id}/privileges", nil, listPrivileges},
	{"GET /vmrest/privileges", nil, func(c *call) answer {
		return c.listing("Privileges", "Privilege", privilegeSchema(), privilegesShown(func(string) bool { return true }))
	}},
}

// inheritable are the system roles of which the page says that a custom role can be made of them.
var inheritable = []string{"Audio Text Administrator", "Greeting Administrator", "Help Desk Administrator", "Technician",
	"User Administrator", "Tenant Administrator"}

// privileges are those that the page prints: first those of one role. Of the last three it prints no names.
var privileges = []struct{ id, name string }{
	{"f34d7ee3-43a0-411a-8de9-724937ea8fc8", "Manage Call Handler Templates And System Call Handlers - View, Create, Update"},
	{"7ea8e97a-f620-4fdf-b70f-7eaff092647f", "Call Management: Directory Handlers - View, Create, Update"},
	{"62778f0d-cdc5-495c-9602-1e95b1c5e641", "Call Management: Interview Handlers - View, Create, Update"},
	{"fef92b42-77c1-40aa-99df-fafdf793e763", "Call Management: Call Routing Rules - Full Access"},
	{"8979151b-8554-4483-b75b-d46d56e1fb98", "Networking: VPIM - Full Access"},
	{"2431bc0b-1251-4c95-aaf9-2a82a893a60d", "Distribution Lists -  Full Access"},
	{"2c2ef5b5-b15c-42b3-9cc3-f7d4de137825", "System Settings: Advanced - Full Access"},
	{"56ea5443-4832-40b9-88b7-879068465bc9", "Manage Users - Full Access"},
	{"37ae97bf-a0ca-4adf-a498-a1af3f4d4acd", "Manage Users: Assign/Unassign Roles"},
	{"140a9af7-b76a-49de-9ed3-a020bcd2c1bb", "Reset User Passwords"},
	{"7c0326f7-e7e6-4853-8e4e-b93dd1c13ce6", "Run Serviceability Page"},
	{"0db37044-b459-4784-a82c-fea1ddb35b73", ""},
	{"0d20ccc4-2694-4762-bfaa-649871fd0e99", ""},
	{"93c8c92f-a6c7-4458-bbde-1b28dcc5adc6", ""},
}

// ofOneRole is how many of them the page prints as those of one role.
const ofOneRole = 7

// privilegesField holds the ids of a custom role's privileges; no answer shows it.
const privilegesField = "privileges"

var privilegeSchema = schemaAt("roles/{id}/privileges")

// isCustom reports whether an administrator made a role.
func isCustom(role *document) bool { return role.own["InheritedObjectId"] != "" }

// privilegesOf gives the ids of a role's privileges: of a system role those that the page prints for one
// like it, and of others none, because no page tells them.
func privilegesOf(role *document) []string {
	var ids []string
	for i, p := range privileges {
		if role.own["RoleName"] == "Audio Text Administrator" && i < ofOneRole {
			ids = append(ids, p.id)
		}
	}
	if isCustom(role) {
		ids = strings.Fields(role.own[privilegesField])
	}
	return ids
}

func listPrivileges(c *call) answer {
	role := c.data.lists["roles"].find(c.ids[0])
	if role == nil {
		return c.fail(notFound("role", "ObjectId", c.ids[0]))
	}
	has := privilegesOf(role)
	return c.listing("Privileges", "Privilege", privilegeSchema(),
		privilegesShown(func(id string) bool { return slices.Contains(has, id) }))
}

// privilegesShown are those that a list has.
func privilegesShown(has func(id string) bool) (all []*document) {
	for _, p := range privileges {
		if has(p.id) {
			all = append(all, &document{schema: privilegeSchema(), own: map[string]string{"ObjectId": p.id, "DisplayName": p.name}})
		}
	}
	return all
}

// roleBody is what a request says of a role.
type roleBody struct {
	fields         map[string]string
	assign, remove []string
}

// decodeRole reads a body whose privileges are within it.
func decodeRole(r *http.Request, text string) (b roleBody, err error) {
	b.fields = map[string]string{}
	known := []string{"RoleName", "RoleDescription", "InheritedObjectId"}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		var given map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &given); err != nil {
			return b, errors.New("the body is not a JSON object")
		}
		for _, name := range sortedKeys(given) {
			switch {
			case name == "AssignPrivileges":
				b.assign, err = idsIn(given[name])
			case name == "RemovePrivileges":
				b.remove, err = idsIn(given[name])
			case slices.Contains(known, name):
				var value string
				err = json.Unmarshal(given[name], &value)
				b.fields[name] = value
			default:
				err = fmt.Errorf("%s is unknown", name)
			}
			if err != nil {
				return b, fmt.Errorf("%s: %w", name, err)
			}
		}
		return b, nil
	}
	var given struct {
		Assign []string `xml:"AssignPrivileges>PrivilegeObjectId"`
		Remove []string `xml:"RemovePrivileges>PrivilegeObjectId"`
		Fields []struct {
			XMLName xml.Name
			Value   string `xml:",chardata"`
		} `xml:",any"`
	}
	if xml.Unmarshal([]byte(text), &given) != nil {
		return b, errors.New("the body is not valid XML")
	}
	b.assign, b.remove = given.Assign, given.Remove
	for _, field := range given.Fields {
		if !slices.Contains(known, field.XMLName.Local) {
			return b, fmt.Errorf("%s is unknown", field.XMLName.Local)
		}
		b.fields[field.XMLName.Local] = strings.TrimSpace(field.Value)
	}
	return b, nil
}

// idsIn reads {"PrivilegeObjectId": …}: as everywhere one is no array.
func idsIn(text json.RawMessage) ([]string, error) {
	var one struct{ PrivilegeObjectId string }
	var several struct{ PrivilegeObjectId []string }
	if json.Unmarshal(text, &several) == nil {
		return several.PrivilegeObjectId, nil
	}
	err := json.Unmarshal(text, &one)
	return []string{one.PrivilegeObjectId}, err
}

// settle gives the fields that a role will have, or what is wrong. current is nil for a new one.
func (b roleBody) settle(d *data, current *document) (own map[string]string, problems []string) {
	roles := d.lists["roles"]
	own = map[string]string{}
	var has []string
	if current != nil {
		own, has = maps.Clone(current.own), privilegesOf(current)
	}
	maps.Copy(own, b.fields)
	parent := roles.find(own["InheritedObjectId"])
	if parent == nil || !slices.Contains(inheritable, parent.own["RoleName"]) {
		return nil, []string{"the role to inherit is not one that can be inherited"}
	}
	if _, other := b.fields["InheritedObjectId"]; other {
		has = privilegesOf(parent)
	}
	if own["RoleName"] == "" {
		problems = append(problems, "RoleName is mandatory")
	}
	if slices.ContainsFunc(roles.documents, func(other *document) bool {
		return (current == nil || other.own["ObjectId"] != current.own["ObjectId"]) && strings.EqualFold(other.own["RoleName"],
			own["RoleName"])
	}) {
		problems = append(problems, "RoleName is in use")
	}
	for _, id := range slices.Concat(b.assign, b.remove) {
		if !slices.ContainsFunc(privileges, func(p struct{ id, name string }) bool { return p.id == id }) {
			problems = append(problems, "PrivilegeObjectId is not the id of a privilege")
		}
	}
	if slices.ContainsFunc(b.remove, func(id string) bool { return slices.Contains(privilegesOf(parent), id) }) {
		problems = append(problems, "a privilege of the inherited role can't be removed")
	}
	has = append(has, slices.DeleteFunc(slices.Clone(b.assign), func(id string) bool { return slices.Contains(has, id) })...)
	has = slices.DeleteFunc(has, func(id string) bool { return slices.Contains(b.remove, id) })
	own[privilegesField] = strings.Join(has, " ")
	return own, problems
}

func createRole(c *call) answer {
	b, err := decodeRole(c.r, c.fields[rawBody])
	if err != nil {
		return c.fail(invalid("The request is malformed: " + err.Error() + "."))
	}
	b.fields["InheritedObjectId"] = inLowerCase(c.params.Get("systemRoleToInherit"))
	own, problems := b.settle(c.data, nil)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	c.fields = nil
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	own["ObjectId"] = c.data.newID()
	c.data.lists["roles"].add(own)
	return c.created("/vmrest/customroles/" + own["ObjectId"])
}

// customRole is the one that the path names; nil is none.
func (c *call) customRole() *document {
	if role := c.data.lists["roles"].find(c.ids[0]); role != nil && isCustom(role) {
		return role
	}
	return nil
}

// updateRole is answered with 201, as the page prints it.
func updateRole(c *call) answer {
	role := c.customRole()
	if role == nil {
		return c.fail(invalid("Role not found "))
	}
	b, err := decodeRole(c.r, c.fields[rawBody])
	if err != nil {
		return c.fail(invalid("The request is malformed: " + err.Error() + "."))
	}
	own, problems := b.settle(c.data, role)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	c.fields = nil
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	role.own = own
	return answer{status: http.StatusCreated}
}

// deleteRole: of one that somebody has no page tells; it is refused.
func deleteRole(c *call) answer {
	role := c.customRole()
	if role == nil {
		return c.fail(notFound("role", "ObjectId", c.ids[0]))
	}
	for _, assigned := range c.data.belongings["userroles"].all {
		if assigned.own["RoleObjectId"] == role.own["ObjectId"] {
			return c.fail(invalid("This role is assigned to a user."))
		}
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	c.data.lists["roles"].remove(role)
	return c.done()
}
