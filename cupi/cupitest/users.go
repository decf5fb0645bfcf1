package cupitest

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// userSchema is every field of a user. What it refers to it takes from its template, where it says nothing of it.
var userSchema = schemaAt("users")

// userRoutes is the vendor's user page.
var userRoutes = []route{
	{"GET /vmrest/users", nil, listUsers},
	{"POST /vmrest/users", []string{"User"}, createUser},
	{"GET /vmrest/users/{id}", nil, getUser},
	{"PUT /vmrest/users/{id}", []string{"User"}, updateUser},
	{"DELETE /vmrest/users/{id}", nil, deleteUser},
	{"POST /vmrest/users/{id}", []string{"User"}, resetMwi},
}

func listUsers(c *call) answer {
	return c.listingOf("Users", "User", userSchema(), func(chosen selection) []*document { return c.data.candidates(chosen.clauses) })
}

func getUser(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	return c.object("User", user.pairs(false))
}

func createUser(c *call) answer {
	made, problems := c.data.newUser(c.params.Get("templateAlias"), inLowerCase(c.params.Get("MailboxStoreObjectId")),
		c.fields, c.s.ExtensionOptional)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(made.fields["Alias"]); refusal != nil {
		return *refusal
	}
	id := made.enter(c.data)
	return c.created("/vmrest/users/" + id)
}

// newUser is a user that passed the rules and is not yet on the server.
type newUser struct {
	template *document
	fields   map[string]string
}

// newUser applies the rules for creation.
func (d *data) newUser(templateAlias, storeID string, body map[string]string, extensionOptional bool) (newUser, []string) {
	template := d.template(templateAlias)
	if template == nil {
		return newUser{}, []string{"UserTemplate not found "}
	}
	made := newUser{template: template}
	var problems []string
	made.fields, problems = userSchema().check(d, body)
	if problem := d.placeMailbox(made, storeID); problem != "" {
		problems = append(problems, problem)
	}
	mandatory := []string{"Alias", "DtmfAccessId"}
	if extensionOptional {
		mandatory = mandatory[:1]
	}
	for _, name := range mandatory {
		if _, given := body[name]; !given {
			problems = append(problems, name+" is mandatory")
		}
	}
	if _, given := body["CallHandlerObjectId"]; given {
		problems = append(problems, "CallHandlerObjectId is made with the user")
	}
	if len(problems) > 0 {
		return made, problems
	}
	proposed := &document{schema: userSchema(), own: made.fields, base: template}
	return made, d.checkUser(proposed, nil, made.fields)
}

// placeMailbox chooses the mailbox store: the one that was asked for, or else the default. Users of an administrator
// template get none.
func (d *data) placeMailbox(made newUser, storeID string) string {
	stores := d.lists["mailboxstores"]
	store := stores.documents[0]
	if of := stores.find(made.template.own["MailboxStoreObjectId"]); of != nil {
		store = of
	}
	if storeID != "" {
		if store = stores.find(storeID); store == nil {
			return "MailboxStore not found "
		}
	}
	if made.template.own["IsAdministrator"] != "true" {
		made.fields["MailboxStoreName"] = store.own["DisplayName"]
	}
	return ""
}

// enter puts the user on the server and returns its id.
func (made newUser) enter(d *data) string {
	own := made.fields
	if own["ObjectId"] == "" {
		own["ObjectId"] = d.newID()
	}
	if own["CreationTime"] == "" {
		own["CreationTime"] = d.now().Format("2006-01-02T15:04:05Z")
	}
	if tenant := d.tenantAt(cmp.Or(own["PartitionObjectId"], made.template.own["PartitionObjectId"])); tenant != "" &&
		own["TenantObjectId"] == "" {
		own["TenantObjectId"] = tenant
	}
	if own["DisplayName"] == "" {
		own["DisplayName"] = cmp.Or(d.displayName(made.template, own["FirstName"], own["LastName"]), own["Alias"])
	}
	if own["SmtpAddress"] == "" {
		own["SmtpAddress"] = strings.ToLower(strings.ReplaceAll(own["Alias"], " ", "_")) + "@" + smtpDomain
	}
	d.addUser(made.template, own, d.newID())
	user := d.users[own["ObjectId"]]
	d.inherit(made.template, user)
	d.inheritMailbox(made.template, user)
	d.joinLists(d.users[own["ObjectId"]])
	d.matchProxy(d.users[own["ObjectId"]])
	return own["ObjectId"]
}

// tenantAt is the tenant that has a partition of its own, "" if nobody has.
func (d *data) tenantAt(partition string) string {
	for _, tenant := range d.lists["tenants"].documents {
		if tenant.own["PartitionObjectId"] == partition && partition != partitionID {
			return tenant.own["ObjectId"]
		}
	}
	return ""
}

func updateUser(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(invalid("User not found "))
	}
	return c.writeUser(user)
}

// writeUser changes what the body sets.
func (c *call) writeUser(user *document) answer {
	fields, problems := userSchema().check(c.data, user.withoutEcho(c.fields))
	if len(problems) == 0 {
		proposed := &document{schema: userSchema(), own: merged(user.own, fields), base: user.base}
		problems = c.data.checkUser(proposed, user, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(user.own["Alias"]); refusal != nil {
		return *refusal
	}
	was := user.own["Alias"]
	c.data.remove(user)
	user.write(fields)
	c.data.insert(user)
	if alias := fields["Alias"]; c.s.KeepOldAlias && alias != "" && !strings.EqualFold(alias, was) {
		c.data.keepAlias(user, was)
	}
	c.data.matchProxy(user)
	return c.done()
}

func deleteUser(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	if user.own["Undeletable"] == "true" {
		return c.fail(invalid("This user can't be deleted."))
	}
	if !c.s.DeleteReferenced && c.data.referenced(user) {
		return c.fail(invalid("This user is referenced by other objects."))
	}
	if refusal := c.change(user.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.remove(user)
	c.data.dropBelongings(user)
	c.data.dropBelongings(user.parts["callhandler"])
	c.data.forget(user)
	delete(c.data.handlers, user.parts["callhandler"].own["ObjectId"])
	return c.done()
}

// resetMwi sets the message lamps anew: method=resetmwi is the one thing that a POST to a user does.
func resetMwi(c *call) answer {
	user := c.data.users[c.ids[0]]
	switch {
	case user == nil:
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	case !strings.EqualFold(c.params.Get("method"), "resetmwi"):
		return c.fail(invalid("The method is unknown."))
	}
	if refusal := c.change(user.own["Alias"]); refusal != nil {
		return *refusal
	}
	return c.done()
}

// checkUser applies the rules that look at more than one field: proposed is the user as it would be, current as it
// is (nil for a new one), written what the request sets.
func (d *data) checkUser(proposed, current *document, written map[string]string) []string {
	var problems []string
	refuse := func(format string, arguments ...any) { problems = append(problems, fmt.Sprintf(format, arguments...)) }
	before := func(name string) string {
		if current == nil {
			current := &document{schema: userSchema(), base: proposed.base}
			v, _ := current.value(name)
			return v
		}
		v, _ := current.value(name)
		return v
	}
	after := func(name string) string { v, _ := proposed.value(name); return v }

	if other := d.aliases[folded(proposed)]; other != nil && other != current {
		refuse("Alias is in use by another user")
	}
	if d.extensionTaken(after("DtmfAccessId"), after("PartitionObjectId"), current) {
		refuse(numberTaken)
	}
	problems = append(problems, d.checkTargets(proposed, written)...)
	if after("Inactive") == "true" && before("Inactive") != "true" {
		refuse("Inactive may only change from true to false")
	}
	if n, _ := strconv.Atoi(after("LdapType")); n < 0 || n > 4 {
		refuse("LdapType is not one of 0 to 4")
	}
	if id := written["TimeZone"]; id != "" && d.lists["timezones"].find(id) == nil {
		refuse("TimeZone is not the id of a time zone")
	}
	if code := written["Language"]; code != "" && d.lists["installedlanguages"].find(code) == nil {
		refuse("Language is not installed")
	}
	ownZone := func(value func(string) string) bool { return value("UseDefaultTimeZone") == "false" }
	ownLanguage := func(value func(string) string) bool {
		return value("UseDefaultLanguage") == "false" && value("UseCallLanguage") != "true"
	}
	if ownZone(after) && (after("TimeZone") == "" || !ownZone(before) && written["TimeZone"] == "") {
		refuse("TimeZone must be given when UseDefaultTimeZone is false")
	}
	if ownLanguage(after) && (after("Language") == "" || !ownLanguage(before) && written["Language"] == "") {
		refuse("Language must be given when UseDefaultLanguage is false")
	}
	return problems
}

// addUser enters a user that passed the rules, and its call handler.
func (d *data) addUser(template *document, own map[string]string, handlerID string) {
	user := &document{schema: userSchema(), own: own, base: template}
	d.giveCallHandler(user, handlerID)
	d.insert(user)
	d.newest = [2]string{own["ObjectId"], d.newest[0]}
}

// giveCallHandler makes the user's own call handler.
func (d *data) giveCallHandler(user *document, id string) {
	handler := &document{schema: callHandlerSchema(), owner: user,
		own: map[string]string{"ObjectId": id, "ScheduleSetObjectId": allHoursSetID}}
	user.own["CallHandlerObjectId"] = id
	user.parts = map[string]*document{"callhandler": handler}
	d.handlers[id] = handler
}
