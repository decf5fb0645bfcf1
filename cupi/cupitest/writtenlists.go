package cupitest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// writtenList is a list whose elements are made, changed and removed by requests too: one whose table has methods.
type writtenList struct {
	*table
	hooks
	element string
}

// writtenLists is every list of that kind. What hangs on their elements is resources.
var writtenLists = sync.OnceValue(makeWrittenLists)

func makeWrittenLists() []writtenList {
	var made []writtenList
	for _, seeded := range allLists() {
		if t := tableOf(seeded.path); t != nil && (t.methods != "" || t.single != 0) {
			made = append(made, writtenList{t, special[t.path], seeded.element})
		}
	}
	return made
}

func writtenListRoutes() []route {
	var routes []route
	all := writtenLists()
	for i := range all {
		w := &all[i]
		path, roots := "/vmrest/"+w.path, []string{w.element}
		for method := range strings.FieldsSeq(w.methods) {
			switch method {
			case "POST":
				routes = append(routes, route{"POST " + path, roots, w.open(w.create)})
			case "PUT":
				routes = append(routes, route{"PUT " + path + "/{id}", roots, w.open(w.update)})
			case "DELETE":
				routes = append(routes, route{"DELETE " + path + "/{id}", nil, w.open(w.delete)})
			}
		}
	}
	return routes
}

// open handles a request if this server has its method.
func (w *writtenList) open(handle func(*call) answer) func(*call) answer {
	return func(c *call) answer {
		if w.closed != nil && w.closed(c.s, c.r.Method) {
			return notAllowed(http.MethodGet)
		}
		return handle(c)
	}
}

// refuse applies the rules that look further than at one field; current is nil for a new one.
func (w *writtenList) refuse(d *data, current *document, written map[string]string) []string {
	proposed := map[string]string{}
	if current != nil {
		proposed = merged(proposed, current.own)
	}
	proposed = merged(proposed, written)
	var problems []string
	if current != nil {
		for _, name := range sortedKeys(written) {
			if w.schema.fields[w.schema.index[name]].is(once) && written[name] != current.own[name] {
				problems = append(problems, name+" can't be changed")
			}
		}
	}
	if current == nil {
		for _, name := range w.needs {
			if written[name] == "" {
				problems = append(problems, name+" is mandatory")
			}
		}
	}
	for _, name := range w.unique {
		if written[name] != "" && slices.ContainsFunc(d.lists[w.path].documents, func(other *document) bool {
			return other != current && strings.EqualFold(other.own[name], written[name])
		}) {
			problems = append(problems, name+" is in use")
		}
	}
	problems = append(problems, d.checkNumber(&document{schema: w.schema, own: proposed}, current, written)...)
	problems = append(problems, d.checkTargets(&document{schema: w.schema, own: proposed}, written)...)
	if w.check != nil && len(problems) == 0 {
		problems = w.check(d, current, written, proposed)
	}
	return problems
}

func (w *writtenList) create(c *call) answer {
	if w.one != "" && len(c.data.lists[w.path].documents) > 0 {
		return c.fail(&failure{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", []string{w.one}})
	}
	made := &document{schema: w.schema}
	for _, name := range w.ignored {
		delete(c.fields, name)
	}
	fields, problems := w.schema.check(c.data, made.withoutEcho(c.fields))
	problems = append(problems, w.refuse(c.data, nil, fields)...)
	if w.admit != nil {
		problems = append(problems, w.admit(c, fields)...)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(fields["Alias"]); refusal != nil {
		return *refusal
	}
	fields["ObjectId"] = c.data.newID()
	for _, name := range []string{"CreationTime", "TimeOfCreation", "LastModifiedTime"} {
		if _, has := w.schema.index[name]; has && fields[name] == "" {
			fields[name] = c.data.now().Format(time.RFC3339)
		}
	}
	made = c.data.lists[w.path].add(fields)
	if w.settled != nil {
		w.settled(c.data, nil, made)
	}
	return c.created("/vmrest/" + w.path + "/" + fields["ObjectId"])
}

func (w *writtenList) update(c *call) answer {
	l := c.data.lists[w.path]
	found := l.find(c.ids[0])
	if found == nil {
		return c.fail(invalid(w.element + " not found "))
	}
	fields, problems := w.schema.check(c.data, c.data.completed(w.shows, found)[0].withoutEcho(c.fields))
	if len(problems) == 0 {
		problems = w.refuse(c.data, found, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	found.write(fields)
	return c.done()
}

func (w *writtenList) delete(c *call) answer {
	found := c.data.lists[w.path].find(c.ids[0])
	if found == nil {
		return c.fail(notFound(strings.ToLower(w.element), c.data.lists[w.path].key, c.ids[0]))
	}
	if found.own["Undeletable"] == "true" {
		return c.fail(invalid("This one can't be deleted."))
	}
	if w.keeps != nil {
		if why := w.keeps(c.data, c.ids[0]); why != "" {
			return c.fail(invalid(why))
		}
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	if w.gone != nil {
		w.gone(c.data, c.ids[0])
	}
	c.data.dropBelongings(found)
	c.data.forget(found)
	c.data.lists[w.path].remove(found)
	return c.done()
}
