package reports

import (
	"unicode/utf8"

	"cucbulk/batch"
)

// shownOfValue is how many characters of a value the page shows; plan.csv has all.
const shownOfValue = 200

// planColumns are those of preflight.html, of which many cells name the same texts.
func planColumns(texts *textTable) []rowColumn[batch.Preview] {
	return []rowColumn[batch.Preview]{
		{Name: "Row", Title: "Row", Shown: true, Class: "narrow", Figure: true, value: func(p batch.Preview) any { return p.Row }},
		{Name: "Line", Title: "Line in the file", Figure: true, value: func(p batch.Preview) any { return p.Line }},
		{Name: "Operation", Title: "Operation", Shown: true, Class: "middle wide-only",
			value: func(p batch.Preview) any { return inert(string(p.Operation)) }},
		{Name: "Alias", Title: "Alias", Shown: true, Class: "name", value: func(p batch.Preview) any { return inert(p.Alias) }},
		{Name: "Status", Title: "Status", Shown: true, Class: "status", value: func(p batch.Preview) any { return string(p.Status) }},
		{Name: "Code", Title: "Reason", Shown: true, Class: "reason-code wide-only",
			value: func(p batch.Preview) any { return inert(string(p.Code)) }},
		{Name: "Changes", Title: "Changes", Shown: true, Class: "wide-only", Long: true, Kind: "changes",
			value: func(p batch.Preview) any { return changesOf(p, texts) }},
		{Name: "Removed", Title: "What goes", Shown: true, Class: "goes wide-only", Long: true, Kind: "list",
			value: func(p batch.Preview) any { return removedOf(p) }},
		{Name: "Lost", Title: "What can’t come back", Long: true, Kind: "texts",
			value: func(p batch.Preview) any { return lostOf(p, texts) }},
		{Name: "Message", Title: "Message", Long: true, value: func(p batch.Preview) any { return inert(p.Message) }},
		{Name: "Requests", Title: "Requests", Figure: true, value: func(p batch.Preview) any { return requestsOf(p) }},
		{Name: "Reversible", Title: "Undo", Shown: true, Class: "narrow wide-only",
			value: func(p batch.Preview) any { return string(p.Reversible) }},
	}
}

// changesOf gives three cells for each change: the place of its field's name, the old value
// and the new one.
func changesOf(p batch.Preview, texts *textTable) []any {
	changes := []any{}
	for _, change := range p.Changes {
		old, now := change.Shown()
		changes = append(changes, texts.place(inert(change.Name())), shortened(old), shortened(now))
	}
	return changes
}

func removedOf(p batch.Preview) []string {
	removed := []string{}
	for _, removal := range p.Removed {
		removed = append(removed, shortened(removal.What))
	}
	return removed
}

// lostOf gives the places of the texts.
func lostOf(p batch.Preview, texts *textTable) []int {
	lost := []int{}
	for _, text := range p.Lost {
		lost = append(lost, texts.place(inert(text)))
	}
	return lost
}

// shortened is a value as the page shows it.
func shortened(value string) string {
	if utf8.RuneCountInString(value) > shownOfValue {
		value = string([]rune(value)[:shownOfValue]) + "…"
	}
	return inertJSON(value)
}
