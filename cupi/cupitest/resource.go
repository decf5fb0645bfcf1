package cupitest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
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
	owner   func(d *data, ids []string) *document             // for paths that do not tell it
	most    func(d *data, owner *document) int                // how many an owner may have; nil is any number
	one     string                                            // why there is no second one; "": there may be
	gone    func(d *data, id string)                          // one was deleted
	closed  func(s *Server, method string) bool               // a method that this server does not have
	keeps   func(d *data, id string) string                   // why one can't be deleted; "" is that it can
	settled func(d *data, owner, made *document)              // one was made
	admit   func(c *call, fields map[string]string) []string  // what else a POST needs
	shows   func(d *data, member *document) map[string]string // what is looked up when one is read
	// Current is nil for a new one, written what the request sets, which it may complete.
	check func(d *data, current *document, written, proposed map[string]string) []string
}

// special is the hooks of each kind that has some.
var special = map[string]hooks{
	"partitions":   {keeps: usedPartition},
	"searchspaces": {keeps: usedSearchSpace},
	"coses":        {keeps: usedCos},
	"contacts": {admit: admitContact, settled: settleContact,
		keeps: keepsRecipient(recipientContact), gone: loseRecipient(recipientContact)},
	"handlers/interviewhandlers":  {check: checkInterview},
	"handlers/directoryhandlers":  {check: checkDirectory},
	"schedulesets":                {check: checkScheduleOwner},
	"schedules":                   {check: checkScheduleOwner},
	"schedulesetmembers":          {check: checkScheduleMember},
	"authenticationrules":         {keeps: usedRule},
	"externalservices":            {check: checkService, keeps: usedService},
	"mailboxstores":               {admit: admitStore, settled: settleStore, keeps: usedStore},
	"ldapphonenumbertransforms":   {one: "Unable to perform requested method because an LDAP phone number transform already exists."},
	"callhandlertemplates":        {check: checkMessages},
	"callhandlerprimarytemplates": {check: checkMessages},
	"routingrules":                {check: nameRoute, settled: firstRule, shows: nameOfRoute},
	"routingruleconditions":       {check: checkCondition},
	"restrictionpatterns":         {check: checkPattern},
	"searchspacemembers":          {},
	"menuentries":                 {check: checkKey},
	"distributionlists":           {keeps: keepsRecipient(recipientList), gone: leaveList, check: checkList},
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
var resources = sync.OnceValue(makeResources)

func makeResources() []resource {
	var made []resource
	for _, t := range tables() {
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
	fields[0] = field{name: "URI", kind: spaced, value: "/vmrest/" +
		strings.Replace(other.path, "{id}", "{owner.ObjectId}", 1) + "/{" + key + "}", flags: listed, source: fields[0].source}
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

// resourceOf finds a kind's table; nil when it has none.
func resourceOf(kind string) *resource {
	all := resources()
	if i := slices.IndexFunc(all, func(k resource) bool { return k.kind == kind }); i >= 0 {
		return &all[i]
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

// keep has a member that came with its owner go when that goes, from when something of it is written.
func (d *data) keep(kind string, member *document) *document {
	b := d.belongings[kind]
	if kept := b.byID[member.own["ObjectId"]]; kept != nil {
		return kept
	}
	return b.add(member.owner, member.own)
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
