package codes

// Table lists all codes.
func Table() []Section {
	return []Section{
		{"the file and its headings", fileEntries()},
		{"a cell", cellEntries()},
		{"a row, and the rows beside it", rowEntries()},
		{"a row, and what is on the server", serverEntries()},
		{"what became of a row", sendingEntries()},
		{"a row of a rollback", rollbackEntries()},
		{"a run as a whole", runEntries()},
	}
}

// Lookup finds a code. It reports false for one of the server's own.
func Lookup(code Code) (Entry, bool) {
	for _, section := range Table() {
		for _, entry := range section.Entries {
			if entry.Code == code {
				return entry, true
			}
		}
	}
	return Entry{}, false
}
