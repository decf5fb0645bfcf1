package cupitest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// resource is a collection that keeps the common rules: it hangs on an owner, its members are listed, read, made,
// changed and deleted, and some may come with the owner and stay as long as it does.
type resource struct {
	*table
	hooks
	owner     func(d *data, ids []string) *document
	elsewhere bool // at another path than its table's
}

// hooks is what is special of a resource, where data does not do.
type hooks struct {
	owner   func(d *data, ids []string) *document                                          // for paths that do not tell it
	most    func(d *data, owner *document) int                                             // how many an owner may have; nil is any number
	gone    func(d *data, id string)                                                       // one was deleted
	closed  func(s *Server, method string) bool                                            // a method that this server does not have
	keeps   func(d *data, id string) string                                                // why one can't be deleted; "" is that it can
	settled func(d *data, owner, made *document)                                           // one was made
	admit   func(c *call, fields map[string]string) []string                               // what else a POST needs
	shows   func(d *data, member *document) map[string]string                              // what is looked up when one is read
	check   func(d *data, current *document, written, proposed map[string]string) []string // current is nil for a new one, written what the request sets, which it may complete
}

// special is the hooks of each kind that has some.
var special = map[string]hooks{
	"partitions":                  {keeps: usedPartition},
	"searchspaces":                {keeps: usedSearchSpace},
	"coses":                       {keeps: usedCos},
	"contacts":                    {admit: admitContact, settled: settleContact},
	"handlers/interviewhandlers":  {check: checkInterview},
	"handlers/directoryhandlers":  {check: checkDirectory},
	"schedulesets":                {check: checkScheduleOwner},
	"schedules":                   {check: checkScheduleOwner},
	"schedulesetmembers":          {check: checkScheduleMember},
	"authenticationrules":         {keeps: usedRule},
	"callhandlertemplates":        {check: checkMessages},
	"callhandlerprimarytemplates": {check: checkMessages},
	"routingrules":                {check: nameRoute, settled: firstRule},
	"routingruleconditions":       {check: checkCondition},
	"restrictionpatterns":         {check: checkPattern},
	"searchspacemembers":          {},
	"menuentries":                 {check: checkKey},
	"distributionlists":           {gone: leaveList, check: checkList},
	"alternatenames":              {owner: userOrList},
	"mwis":                        {check: checkMwi},
	"messagehandlers":             {check: checkRelay},
	"externalserviceaccounts":     {check: checkServiceAccount},
	"userroles":                   {check: nameRole},
	privateLists:                  {most: mostPrivateLists, settled: settlePrivateList},
	"privatelistmembers":          {owner: privateListOfPath, check: checkPrivateMember, shows: namesOfMember},
	"phonedevices":                {check: checkDevice("PhoneNumber"), settled: settleDevice},
	"pagerdevices":                {check: checkDevice("PhoneNumber"), settled: settleDevice},
	"smtpdevices":                 {check: checkDevice("SmtpAddress"), settled: settleDevice},
	"smsdevices":                  {check: checkDevice("RecipientAddress"), settled: settleDevice},
	"htmldevices":                 {check: checkDevice("SmtpAddress"), settled: settleDevice},
	"transferoptions":             {check: checkTransfer},
	"greetings":                   {check: checkGreeting},
	"callhandlerowners":           {check: checkHandlerOwner},
	"sipsecurityprofiles":         {check: nameProfile},
	"portgroups":                  {check: checkPortGroup, keeps: usedPortGroup, closed: fixedGroups},
	"portgroupcodecs":             {check: nameCodec},
	"ports":                       {closed: fixedPorts, admit: admitPorts, settled: settlePorts, gone: uncountPort},
}

// resources is every collection of that kind: of the tables those whose answers have names, and their other paths.
var resources = makeResources()

func makeResources() []resource {
	var made []resource
	for _, t := range tables {
		if t.element == "" || !t.hangs() {
			continue
		}
		k := resource{table: t, hooks: special[t.kind]}
		if k.owner = k.hooks.owner; k.owner == nil {
			k.owner = ownerAt(t.path)
		}
		made = append(made, k)
		for _, other := range t.also {
			made = append(made, k.at(other))
		}
	}
	return made
}

// at is the same resource at another path, where its answers call it otherwise.
func (k resource) at(other also) resource {
	t := *k.table
	t.path, t.wrapper, t.element = other.path, other.wrapper, other.element
	fields := slices.Clone(t.schema.fields)
	key := cmp.Or(t.named, "ObjectId")
	fields[0] = field{name: "URI", kind: spaced, value: "/vmrest/" + strings.Replace(other.path, "{id}", "{owner.ObjectId}", 1) + "/{" + key + "}", flags: listed, source: fields[0].source}
	t.schema = newSchema(fields...)
	t.schema.targets = t.targets
	k.table, k.owner, k.elsewhere = &t, ownerAt(other.path), true
	return k
}

// shown is the members as they are at this path, with what is looked up.
func (k *resource) shown(d *data, members []*document) []*document {
	if !k.elsewhere && k.shows == nil {
		return members
	}
	var all []*document
	for _, member := range members {
		shown := &document{schema: k.schema, owner: member.owner, own: member.own}
		if k.shows != nil {
			shown.own = merged(member.own, k.shows(d, member))
		}
		all = append(all, shown)
	}
	return all
}

// ownerAt finds the owner that a path names, which ends with {id} and the resource's kind. A template may stand for a user.
func ownerAt(path string) func(*data, []string) *document {
	owners, _, _ := strings.Cut(path, "/{id}")
	switch owners {
	case "users":
		return func(d *data, ids []string) *document {
			if user := d.users[ids[0]]; user != nil {
				return user
			}
			return d.lists["usertemplates"].find(ids[0])
		}
	case "handlers/callhandlers":
		return func(d *data, ids []string) *document { return d.handlers[ids[0]] }
	}
	return func(d *data, ids []string) *document { return d.lists[owners].find(ids[0]) }
}

func resourceRoutes() []route {
	var routes []route
	for i := range resources {
		k := &resources[i]
		path := "/vmrest/" + k.path
		routes = append(routes, route{"GET " + path, nil, k.list}, route{"GET " + path + "/{id}", nil, k.get})
		for method := range strings.FieldsSeq(k.methods) {
			switch method {
			case "POST":
				routes = append(routes, route{"POST " + path, []string{k.element}, k.create})
			case "PUT":
				routes = append(routes, route{"PUT " + path + "/{id}", []string{k.element}, k.update})
			case "DELETE":
				routes = append(routes, route{"DELETE " + path + "/{id}", nil, k.delete})
			}
		}
	}
	return routes
}

// resourceOf finds a kind's table; nil when it has none.
func resourceOf(kind string) *resource {
	if i := slices.IndexFunc(resources, func(k resource) bool { return k.kind == kind }); i >= 0 {
		return &resources[i]
	}
	return nil
}

// of is the members of one owner: first those that came with it.
func (k *resource) of(d *data, owner *document) []*document {
	var members []*document
	for _, own := range k.comes {
		members = append(members, k.coming(d, owner, own))
	}
	for _, one := range d.belongings[k.kind].byOwner[owner.own["ObjectId"]] {
		if !slices.Contains(members, one) {
			members = append(members, one)
		}
	}
	return members
}

// comingID is the id of a member that came with the owner.
func (k *resource) comingID(owner *document, own map[string]string) string {
	return objectID(hash(owner.own["ObjectId"], k.kind+" "+own["DisplayName"]+own[k.named]+own["RuleDescription"]))
}

// coming is a member that came with the owner; nothing is kept of it before it is written.
func (k *resource) coming(d *data, owner *document, own map[string]string) *document {
	id := k.comingID(owner, own)
	if written := d.belongings[k.kind].byID[id]; written != nil {
		return written
	}
	fresh := maps.Clone(own)
	fresh["ObjectId"] = id
	return &document{schema: k.schema, owner: owner, own: fresh}
}

// asItCame reports whether a member that came with its owner is as it was then. A text that is cleared is as good as none.
func (k *resource) asItCame(d *document) bool {
	for _, own := range k.comes {
		if d.own["ObjectId"] != k.comingID(d.owner, own) {
			continue
		}
		fresh := &document{schema: k.schema, owner: d.owner, own: maps.Clone(own)}
		fresh.own["ObjectId"] = d.own["ObjectId"]
		now := d.fields()
		maps.DeleteFunc(now, func(_, v string) bool { return v == "" })
		return maps.Equal(fresh.fields(), now)
	}
	return false
}

// find is the member that the path names; nil when there is none.
func (k *resource) find(c *call) *document {
	id := c.ids[len(c.ids)-1]
	if len(k.owners) > 0 {
		return c.data.belongings[k.kind].byID[id]
	}
	owner := k.owner(c.data, c.ids)
	if owner == nil {
		return nil
	}
	for _, member := range k.of(c.data, owner) {
		if k.named != "" && strings.EqualFold(member.own[k.named], greetingName(id)) || k.named == "" && member.own["ObjectId"] == id {
			return member
		}
	}
	return nil
}

func (k *resource) missing(c *call) answer {
	return c.fail(notFound(strings.ToLower(k.element), "ObjectId", c.ids[len(c.ids)-1]))
}

func (k *resource) list(c *call) answer {
	if len(k.owners) > 0 {
		return c.listing(k.wrapper, k.element, k.schema, c.data.belongings[k.kind].all)
	}
	owner := k.owner(c.data, c.ids)
	switch {
	case owner == nil && k.lenient:
		return c.listing(k.wrapper, k.element, k.schema, nil)
	case owner == nil:
		return k.missing(c)
	}
	return c.listing(k.wrapper, k.element, k.schema, k.shown(c.data, k.of(c.data, owner)))
}

func (k *resource) get(c *call) answer {
	found := k.find(c)
	if found == nil {
		return k.missing(c)
	}
	return c.object(k.element, k.shown(c.data, []*document{found})[0].pairs(false))
}

func (k *resource) create(c *call) answer {
	ids := c.ids
	for _, name := range k.owners {
		ids = append(ids, c.fields[name])
	}
	owner := k.owner(c.data, ids)
	switch {
	case owner == nil && len(k.owners) > 0:
		return c.fail(invalid(strings.Join(k.owners, " or ") + " is not the id of one who can have it"))
	case owner == nil:
		return k.missing(c)
	}
	made := &document{schema: k.schema, owner: owner}
	fields, problems := k.schema.check(c.data, made.withoutEcho(c.fields))
	for _, name := range k.needs {
		if fields[name] == "" {
			problems = append(problems, name+" is mandatory")
		}
	}
	if k.most != nil && len(k.of(c.data, owner)) >= k.most(c.data, owner) {
		problems = append(problems, "there are as many as there may be")
	}
	if len(problems) == 0 {
		problems = k.refuse(c.data, owner, nil, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(aliasOf(owner)); refusal != nil {
		return *refusal
	}
	fields["ObjectId"] = c.data.newID()
	made = c.data.belongings[k.kind].add(owner, fields)
	if k.settled != nil {
		k.settled(c.data, owner, made)
	}
	uri, _ := k.shown(c.data, []*document{made})[0].value("URI")
	return c.created(uri)
}

func (k *resource) update(c *call) answer {
	found := k.find(c)
	if found == nil {
		return c.fail(invalid(k.element + " not found "))
	}
	fields, problems := k.schema.check(c.data, found.withoutEcho(c.fields))
	if len(problems) == 0 {
		problems = k.refuse(c.data, found.owner, found, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(aliasOf(found.owner)); refusal != nil {
		return *refusal
	}
	b := c.data.belongings[k.kind]
	if b.byID[found.own["ObjectId"]] == nil {
		found = b.add(found.owner, found.own)
	}
	b.write(found, fields)
	return c.done()
}

func (k *resource) delete(c *call) answer {
	found := k.find(c)
	if found == nil {
		return k.missing(c)
	}
	if found.own["Undeletable"] == "true" {
		return c.fail(invalid(k.element + " can't be deleted"))
	}
	if refusal := c.change(aliasOf(found.owner)); refusal != nil {
		return *refusal
	}
	c.data.dropBelongings(found)
	c.data.belongings[k.kind].remove(found)
	return c.done()
}

// refuse applies the rules that look further than at one field.
func (k *resource) refuse(d *data, owner, current *document, written map[string]string) []string {
	proposed := map[string]string{}
	if current != nil {
		proposed = maps.Clone(current.own)
	}
	maps.Copy(proposed, written)
	for _, f := range k.schema.fields {
		if f.value == "{owner.ObjectId}" {
			proposed[f.name] = owner.own["ObjectId"]
		}
	}
	var problems []string
	for _, name := range k.unique {
		if _, given := written[name]; given && slices.ContainsFunc(k.of(d, owner), func(other *document) bool {
			return other != current && (current == nil || other.own["ObjectId"] != current.own["ObjectId"]) && strings.EqualFold(other.own[name], proposed[name])
		}) {
			problems = append(problems, name+" is in use")
		}
	}
	problems = append(problems, d.checkTargets(&document{schema: k.schema, owner: owner, own: proposed}, written)...)
	if k.check != nil {
		problems = append(problems, k.check(d, current, written, proposed)...)
	}
	return problems
}

// aliasOf is whose it is. What it belongs to may have an alias of its own, such as a private list; the last one counts.
func aliasOf(d *document) (alias string) {
	for ; d != nil; d = d.owner {
		if own := d.own["Alias"]; own != "" {
			alias = own
		}
	}
	return alias
}
