package send

import (
	"testing"
	"time"

	"cucbulk/cupi"
)

// What the pages of a list say together.
func TestReadingAList(t *testing.T) {
	t.Parallel()
	page := func(total int, ids ...string) cupi.Page {
		p := cupi.Page{Total: total}
		for _, id := range ids {
			p.Items = append(p.Items, cupi.Object{"ObjectId": id, "CreationTime": "2020-01-01T00:00:00Z"})
		}
		return p
	}
	born := func(id string, at string) cupi.Page {
		return cupi.Page{Total: 4, Items: []cupi.Object{{"ObjectId": id, "CreationTime": at}, {"ObjectId": "d", "CreationTime": "2020-01-01T00:00:00Z"}}}
	}
	for name, test := range map[string]struct {
		pages []cupi.Page
		whole bool
	}{
		"it stands still":                    {[]cupi.Page{page(4, "a", "b"), page(4, "c", "d")}, true},
		"one page again":                     {[]cupi.Page{page(4, "a", "b"), page(4, "a", "b")}, false},
		"one page again, in other letters":   {[]cupi.Page{page(4, "a", "b"), page(4, "A", "B")}, false},
		"one of it again":                    {[]cupi.Page{page(3, "a", "b"), page(3, "b", "c")}, false},
		"the total shrinks":                  {[]cupi.Page{page(4, "a", "b"), page(3, "c", "d")}, false},
		"the total shrinks to what is shown": {[]cupi.Page{page(4, "a", "b"), page(3, "d")}, false},
		"the total grows":                    {[]cupi.Page{page(4, "a", "b"), page(5, "c", "d")}, false},
		"one is missing":                     {[]cupi.Page{page(4, "a", "b"), page(4, "c")}, false},
		"one was made before":                {[]cupi.Page{page(4, "a", "b"), born("c", "2026-01-01T11:59:59Z")}, true},
		"one was made meanwhile":             {[]cupi.Page{page(4, "a", "b"), born("c", "2026-01-01T12:00:02Z")}, false},
		"one was made in this second":        {[]cupi.Page{page(4, "a", "b"), born("c", "2026-01-01T12:00:00Z")}, false},
		"many were, before it too":           {[]cupi.Page{{Total: 4, Items: []cupi.Object{{"ObjectId": "a", "CreationTime": "2026-01-01T12:00:00Z"}, {"ObjectId": "b"}}}, born("c", "2026-01-01T12:00:00Z")}, false},
		"the first page only has such":       {[]cupi.Page{{Total: 4, Items: []cupi.Object{{"ObjectId": "a", "CreationTime": "2026-01-01T12:00:00Z"}, {"ObjectId": "b"}}}, born("c", "2026-01-01T11:59:59Z")}, true},
	} {
		l := &Reading{IdField: "ObjectId"}
		for _, p := range test.pages {
			l.Add(cupi.Answer{Page: p, Date: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)})
		}
		if l.Whole() != test.whole {
			t.Errorf("%s: whole %v (%s), want %v", name, l.Whole(), l.Why(), test.whole)
		}
		again := &Reading{IDs: l.IDs, Total: len(l.IDs), Moved: "somehow"}
		if !again.Proven(l) || again.Proven(nil) {
			t.Errorf("%s: the same a second time is no proof, or once is", name)
		}
	}
}

// Elements that have neither an id nor a path are told apart by all that they show.
func TestIdentifier(t *testing.T) {
	t.Parallel()
	anna, bert := cupi.Object{"Alias": "anna"}, cupi.Object{"Alias": "bert"}
	if Identifier(anna, "ObjectId") == Identifier(bert, "ObjectId") {
		t.Error("two elements without an id are taken for one")
	}
	anna["URI"], bert["URI"] = "/vmrest/x/1", "/VMREST/x/1"
	if Identifier(anna, "ObjectId") != Identifier(bert, "ObjectId") {
		t.Error("the path does not tell an element")
	}
}
