package cupitest

import "net/http"

// singleRoutes is what a server has one of, at an address without an id: those whose tables say with what status a change
// is answered.
func singleRoutes() []route {
	var routes []route
	for _, t := range tables() {
		if t.single == 0 {
			continue
		}
		w := &writtenList{t, special[t.path], t.element}
		path := "/vmrest/" + t.path
		routes = append(routes,
			route{"GET " + path, nil, func(c *call) answer { return c.object(t.element, w.only(c.data).pairs(false)) }},
			route{"PUT " + path, []string{t.element}, func(c *call) answer {
				c.ids = []string{w.only(c.data).own["ObjectId"]}
				a := w.update(c)
				if a.status == http.StatusNoContent {
					a.status = t.single
				}
				return a
			}})
	}
	return routes
}

// only is the one that there is.
func (w *writtenList) only(d *data) *document { return d.lists[w.path].documents[0] }
