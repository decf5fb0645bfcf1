package cupitest

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The files in the folder tables say what the server has, one kind of resource after the other:
//
//	[users/{id}/mwis]                        its path below /vmrest/
//	list: Mwis Mwi                           the elements of its XML
//	methods: POST PUT DELETE                 besides GET
//	ignored: Server Status                   what a POST may hold too, which changes nothing
//	source: SDK Mwi.cs [CODE]                who says so, of the fields that follow
//	DisplayName  text 64 listed required     a field: name, what it holds, and more of it
//	UserRings    integer 2..20 =4  # …       this one has a source of its own
//
// What a field holds is text, integer, boolean, country, id:LIST (the id of an element of a list), made:PATTERN (other
// fields), path:PATTERN (the same as a path) or keypad:A+B (fields as they are dialed). Then come, in any order, the most
// characters (64), the numbers it may be (2..20), the words it may be (a|b|c), the list that it must be in (of:LIST), its
// default (=4; an id may be called by its $name), and flags.
//
//go:embed tables
var tableFiles embed.FS

// table is one kind of resource, as the files say.
type table struct {
	path, kind       string // kind is the last part of the path, unless the files say otherwise
	also             []also // other paths of the same resource
	wrapper, element string
	methods          string
	needs            []string            // fields that a POST must give
	unique           []string            // fields in each of which no two of an owner agree
	ignored          []string            // fields that a POST may give, and that are not looked at
	single           int                 // there is one alone, at the path itself, and this is the status of a PUT
	named            string              // field whose text is in the path in place of ObjectId
	lenient          bool                // the list of an unknown owner is empty, and not an error
	owners           []string            // fields of a POST of which one names the owner, where the path does not
	comes            []map[string]string // those that come with the owner
	targets          []string            // what the names of fields begin with that say together where a call goes
	schema           *schema
}

// also is another path to a resource, whose answers call it otherwise.
type also struct{ path, wrapper, element string }

// tableIDs are the ids that the files call by a name.
var tableIDs = map[string]string{
	"location": locationID, "goodbye": goodbyeID, "weekdays": weekdaysID, "longago": longAgo, "partition": partitionID,
	"store":       mailDatabaseID,
	"phonesystem": phoneSystemID, "searchspace": searchSpaceID, "allhours": allHoursSetID, "operator": operatorID,
	"undeliverable": undeliverable, "opening": openingID, "operatorhandler": operatorHandlerID,
}

// tables is all of them, in the order of the files.
var tables = sync.OnceValue(readTables)

// hangs is true of a resource that belongs to an owner.
func (t *table) hangs() bool { return len(t.owners) > 0 || strings.Contains(t.path, "{id}") }

// tableOf finds the table of a path.
func tableOf(path string) *table {
	all := tables()
	if i := slices.IndexFunc(all, func(t *table) bool { return t.path == path }); i >= 0 {
		return all[i]
	}
	return nil
}

// schemaOf is the fields of the resource at a path that there is.
func schemaOf(path string) *schema { return tableOf(path).schema }

// schemaAt is schemaOf for what is named before the tables are read: nothing is, until a server is asked.
func schemaAt(path string) func() *schema {
	return sync.OnceValue(func() *schema { return schemaOf(path) })
}

// readTables reads the files. What is wrong in them is a mistake of the program, and the first test shows it.
func readTables() []*table {
	var all []*table
	files, _ := tableFiles.ReadDir("tables")
	for _, file := range files {
		text, _ := tableFiles.ReadFile("tables/" + file.Name())
		for section := range strings.SplitSeq("\n"+string(text), "\n[") {
			if head, body, found := strings.Cut(section, "]\n"); found {
				t := &table{path: head, kind: path.Base(head)}
				t.schema = newSchema(t.readFields(body, all)...)
				t.schema.targets = t.targets
				all = append(all, t)
			}
		}
	}
	return all
}

// readFields reads a table's lines; before it stand the tables whose fields it may use.
func (t *table) readFields(body string, before []*table) []field {
	var fields []field
	source := ""
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		name, rest, directive := strings.Cut(line, ": ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case directive && name == "source":
			source = rest
		case directive && name == "use":
			i := slices.IndexFunc(before, func(other *table) bool { return other.path == rest })
			fields = slices.Clone(before[i].schema.fields)
			t.targets = before[i].targets
		case directive && !strings.Contains(name, " "):
			t.readDirective(name, rest)
		default:
			f := readField(line)
			if f.source == "" {
				f.source = source
			}
			if i := slices.IndexFunc(fields, func(used field) bool { return used.name == f.name }); i >= 0 {
				fields[i] = f
				continue
			}
			fields = append(fields, f)
		}
	}
	return fields
}

// readDirective reads a line that is about the whole resource.
func (t *table) readDirective(name, rest string) {
	words := strings.Fields(rest)
	switch name {
	case "list":
		t.wrapper, t.element = words[0], words[1]
	case "kind":
		t.kind = rest
	case "target":
		t.targets = append(t.targets, strings.Trim(rest, "-"))
	case "also":
		t.also = append(t.also, also{words[0], words[1], words[2]})
	case "methods":
		t.methods = rest
	case "needs":
		t.needs = words
	case "unique":
		t.unique = words
	case "ignored":
		t.ignored = words
	case "single":
		t.single, _ = strconv.Atoi(rest)
	case "named":
		t.named = rest
	case "lenient":
		t.lenient = true
	case "owners":
		t.owners = words
	case "comes":
		t.comes = append(t.comes, readComing(rest)...)
	default:
		panic(fmt.Sprintf("tables: %s: there is no line %q", t.path, name))
	}
}

// readComing reads what comes with an owner: "Name: value; Name: value", or "Name: a | b | c" for one after the other.
func readComing(text string) []map[string]string {
	one := map[string]string{}
	var several []map[string]string
	for part := range strings.SplitSeq(text, "; ") {
		name, value, _ := strings.Cut(part, ": ")
		if choices := strings.Split(value, " | "); len(choices) > 1 {
			for _, choice := range choices {
				several = append(several, map[string]string{name: choice})
			}
			continue
		}
		one[name] = named(value)
	}
	if several == nil {
		return []map[string]string{one}
	}
	for i := range several {
		several[i] = merged(one, several[i])
	}
	return several
}

// named is the id that a $name stands for, or the value itself.
func named(value string) string {
	name, is := strings.CutPrefix(value, "$")
	if !is {
		return value
	}
	id, known := tableIDs[name]
	if !known {
		panic("tables: there is no id " + value)
	}
	return id
}

var (
	kindNames = map[string]kind{"text": text, "integer": integer, "boolean": boolean, "country": country, "id": reference,
		"made": derived, "path": spaced, "keypad": keypad}
	flagNames = map[string]flags{"listed": listed, "fixed": fixed, "required": required, "hidden": hidden,
		"indexed": indexed, "blanked": blanked, "extension": extension, "once": once, "doubted": doubted}
)

// readField reads the line of one field.
func readField(line string) field {
	line, source, _ := strings.Cut(line, "  # ")
	words := strings.Fields(line)
	if len(words) < 2 {
		panic(fmt.Sprintf("tables: %q is no field", line))
	}
	kindName, more, _ := strings.Cut(words[1], ":")
	kind, known := kindNames[kindName]
	if !known {
		panic(fmt.Sprintf("tables: %q holds nothing that is known", line))
	}
	f := field{name: words[0], kind: kind, source: source}
	switch kind {
	case reference:
		f.list, f.limit = more, 36
	case keypad:
		f.value = strings.ReplaceAll(more, "+", " ")
	case derived, spaced:
		f.value = more
	}
	for _, word := range words[2:] {
		f.readMore(word, line)
	}
	return f
}

// readMore reads one of the words that may follow.
func (f *field) readMore(word, line string) {
	least, most, ranged := strings.Cut(word, "..")
	list, isIn := strings.CutPrefix(word, "of:")
	value, isDefault := strings.CutPrefix(word, "=")
	limit, err := strconv.Atoi(word)
	switch flag, isFlag := flagNames[word]; {
	case isFlag:
		f.flags |= flag
	case isIn:
		f.list = list
	case isDefault:
		f.value = named(value)
	case ranged:
		f.least, _ = strconv.Atoi(least)
		f.most, _ = strconv.Atoi(most)
	case strings.Contains(word, "|"):
		f.words = strings.Split(word, "|")
	case err == nil:
		f.limit = limit
	default:
		panic(fmt.Sprintf("tables: %q has the unknown word %q", line, word))
	}
}
