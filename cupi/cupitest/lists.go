package cupitest

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// fresh makes the collection as a fresh server has it.
func (seeded seededList) fresh() *list {
	l := &list{seededList: seeded, key: "ObjectId", byKey: map[string]*document{}}
	if t := tableOf(seeded.path); t != nil && t.schema.fields[1].name == "FullName" {
		l.key = "FullName"
	}
	names := strings.Fields(seeded.columns)
	for i, name := range names {
		if key, marked := strings.CutSuffix(name, "*"); marked {
			l.key, names[i] = key, key
		}
	}
	if t := tableOf(seeded.path); t != nil {
		l.schema = t.schema
	} else {
		l.schema = seeded.guess(names, l.key)
	}
	for _, row := range seeded.rows {
		own := map[string]string{}
		for i, name := range names {
			if row[i] != "" {
				own[name] = row[i]
			}
		}
		l.add(own)
	}
	return l
}

// guess makes a schema of the columns, for a list that no table describes: all is read only.
func (seeded seededList) guess(names []string, key string) *schema {
	fields := []field{{name: "URI", kind: derived, value: "/vmrest/" + seeded.path + "/{" + key + "}", flags: listed}}
	for i, name := range names {
		kind := text
		if slices.ContainsFunc(seeded.rows, func(row []string) bool { return row[i] == "true" || row[i] == "false" }) {
			kind = boolean
		}
		fields = append(fields, field{name: name, kind: kind, flags: listed | fixed})
	}
	return newSchema(fields...)
}

// allLists is every list that a fresh server has: those with elements, and those that only a table describes.
var allLists = sync.OnceValue(everyList)

func everyList() []seededList {
	all := slices.Concat(seededLists, telephonyLists)
	for _, t := range tables() {
		known := slices.ContainsFunc(all, func(seeded seededList) bool { return seeded.path == t.path })
		if !known && t.element != "" && !t.hangs() {
			all = append(all, seededList{path: t.path, wrapper: t.wrapper, element: t.element})
		}
	}
	return all
}

// listRoutes is the reading of every seeded list, and of each element by its id.
func listRoutes(lists []seededList) []route {
	var routes []route
	for _, seeded := range lists {
		path, element := seeded.path, seeded.element
		if t := tableOf(path); t != nil && t.single != 0 {
			continue
		}
		looksUp := special[path].shows
		routes = append(routes,
			route{"GET /vmrest/" + path, nil, func(c *call) answer {
				l := c.data.lists[path]
				return c.listing(l.wrapper, l.element, l.schema, c.data.completed(looksUp, l.documents...))
			}},
			route{"GET /vmrest/" + path + "/{id}", nil, func(c *call) answer {
				l := c.data.lists[path]
				found := cmp.Or(l.find(c.ids[0]), l.abbreviated(c.ids[0]))
				if found == nil {
					return c.fail(notFound(strings.ToLower(element), l.key, c.ids[0]))
				}
				return c.object(element, c.data.completed(looksUp, found)[0].pairs(false))
			}})
	}
	return routes
}

// completed is the documents with what is looked up when they are read.
func (d *data) completed(looksUp func(*data, *document) map[string]string, documents ...*document) []*document {
	if looksUp == nil {
		return documents
	}
	all := make([]*document, len(documents))
	for i, one := range documents {
		all[i] = &document{schema: one.schema, base: one.base, owner: one.owner, own: merged(one.own, looksUp(d, one))}
	}
	return all
}

// discoveryRoutes tells what server this is.
var discoveryRoutes = []route{
	{"GET /vmrest/version", nil, version},
	{"GET /vmrest/version/product", nil, version},
}

func version(c *call) answer {
	return c.object("VersionInformation", []pair{{"name", "vmrest"}, {"version", cmp.Or(c.s.Release, "14.0.1.11900.122")}})
}
