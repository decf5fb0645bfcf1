package cupitest

import (
	"maps"
	"slices"
	"strings"
)

// The requests that every resource answers in the same way.

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
	c.data.belongings[k.kind].write(c.data.keep(k.kind, found), fields)
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
			return other != current && (current == nil || other.own["ObjectId"] != current.own["ObjectId"]) &&
				strings.EqualFold(other.own[name], proposed[name])
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

func resourceRoutes() []route {
	var routes []route
	all := resources()
	for i := range all {
		k := &all[i]
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
