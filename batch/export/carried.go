package export

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/send"
	"cucbulk/cupi/audio"
	"cucbulk/validate"
)

// What a portable export leaves. Each person who was read is a record of a journal, so that a start
// that ended early is gone on with by the same command. When all are read, the files are made from it,
// the manifest last: a folder with a manifest is whole.

// Portable counts what a portable export holds, and what this start of it cost.
type Portable struct {
	Manifest
	Before   int // users who were read by earlier starts, and are called the same
	Gone     int // users who were read by earlier starts, and are not on the server any more: they are in no file
	Requests int
	Linked   bool     // there is a file of what leads to people
	Own      []string // aliases of the server's own users, who are left out
}

// WritePortable writes a portable export of users into a folder, or goes on with one. It changes nothing on
// the server. store is the one of the server's client.
func WritePortable(ctx context.Context, server send.Server, options Options, path string, store *audio.Store,
	tool string) (done Portable, err error) {
	options.Table, options.Columns = validate.Users, portableColumns()
	layout, err := options.Layout()
	if err != nil {
		return done, err
	}
	layout.whole = false // each is read with all else of a person
	header := portableHeader{Format: manifestFormat, Server: server.URL, Query: options.Query.String(), Tenant: options.Tenant,
		Among: digestOf(options.Aliases),
		Began: time.Now().UTC().Truncate(time.Second)}
	folder, read, err := openFolder(path, header)
	if err != nil {
		return done, err
	}
	store.KeepIn(filepath.Join(path, audioFolder))
	e := &exporter{about: options.about(), Session: send.NewReadingSession(server, options.Tenant), server: server,
		options: options, layout: layout, seen: map[string]bool{}}
	r := &reader{exporter: e, special: specialColumns(), folder: folder, store: store}
	e.put = r.put
	if err = (&send.Requester{Session: e.Session}).LearnTenant(ctx, e.about); err == nil {
		err = r.learnAliases(ctx)
	}
	gone := map[string]bool{}
	if err == nil {
		for id, alias := range read {
			now, there := r.aliases[id]
			if gone[id] = !there; now == alias { // else who was renamed is read again
				e.seen[id] = true
			}
		}
		done.Before = len(e.seen)
		err = e.export(ctx)
	}
	if err = errors.Join(err, folder.people.Close()); err != nil {
		return done, plan.CouldNotStart(err)
	}
	done.Requests = int(e.Session.Sent.Load())
	done.Manifest = Manifest{Format: manifestFormat, Server: server.URL, Tool: tool, NotCarried: NotCarried, Began: folder.began,
		Ended: time.Now().UTC().Truncate(time.Second)}
	return done, folder.finish(&done, gone)
}

// digestOf names a set of aliases.
func digestOf(aliases map[string]bool) string {
	if aliases == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(maps.Keys(aliases)), "\n")))
	return hex.EncodeToString(sum[:])
}

// finish makes the files of what was read, but of whom is gone.
func (f *Folder) finish(done *Portable, gone map[string]bool) error {
	x, err := f.index(done, gone)
	if err != nil {
		return err
	}
	files := []carriedFile{
		{PeopleFile, headings(x.own), func(p *person) [][]string { return [][]string{x.cells(p, x.own)} }},
		{LinksFile, headings(x.links), func(p *person) [][]string { return x.linkRow(p) }},
		{LeftFile, []string{"Alias", "What", "Why"}, func(p *person) [][]string { return x.leftRows(p) }},
	}
	for _, file := range files {
		fact, rows, err := f.writeRows(file, x)
		if err != nil {
			return err
		}
		switch file.name {
		case LeftFile:
			done.Left = rows
		case LinksFile:
			if done.Linked = rows > 0; !done.Linked {
				if err := os.Remove(filepath.Join(f.path, LinksFile)); err != nil {
					return err
				}
				continue
			}
		}
		done.Files = append(done.Files, fact)
	}
	sounds, err := f.sounds()
	if err != nil {
		return err
	}
	done.Recordings, done.Files = len(sounds), append(done.Files, sounds...)
	text, err := json.MarshalIndent(done.Manifest, "", "  ")
	if err == nil {
		_, err = f.write(ManifestFile, func(out io.Writer) error { _, err := out.Write(append(text, '\n')); return err })
	}
	if err != nil {
		return err
	}
	rest, err := filepath.Glob(filepath.Join(f.path, peopleFile+"*")) // what they hold, the files hold now
	for _, one := range rest {
		err = errors.Join(err, os.Remove(one))
	}
	return err
}

// carriedFile is a file of rows, as many as there are to be of a person.
type carriedFile struct {
	name     string
	headings []string
	rows     func(*person) [][]string
}

// index is what the journal of a folder holds of whom.
type index struct {
	people     []indexed       // in the order of their aliases
	folded     map[string]bool // the aliases, folded
	own, links []validate.Column
}

// indexed is one person of a folder.
type indexed struct {
	alias string
	at    int64 // where the record begins
}

func (f *Folder) index(done *Portable, gone map[string]bool) (*index, error) {
	x := &index{folded: map[string]bool{}}
	last := map[string]indexed{} // by folded ObjectId: who was renamed between two starts was read twice
	own, links := map[string]bool{}, map[string]bool{}
	_, err := journal.Read(filepath.Join(f.path, peopleFile), func(r journal.Record) error {
		if r.Type != aPerson {
			return nil
		}
		var one person
		if err := r.Decode(&one); err != nil {
			return err
		}
		switch id := model.Fold(one.ID); {
		case gone[id]:
			done.Gone++
			return nil
		case one.Own:
			done.Own = append(done.Own, one.Alias)
			return nil
		default:
			last[id] = indexed{one.Alias, r.Offset}
		}
		for column, cell := range one.Cells {
			if cell.Users == nil {
				own[column] = true
			} else {
				links[column] = true
			}
		}
		return nil
	})
	slices.Sort(done.Own)
	for _, one := range last {
		x.people, x.folded[model.Fold(one.alias)] = append(x.people, one), true
	}
	slices.SortFunc(x.people, func(a, b indexed) int { return cmp.Or(cmp.Compare(a.alias, b.alias), cmp.Compare(a.at, b.at)) })
	done.Users = len(x.people)
	for _, column := range validate.Users.Columns() {
		if column.Name == "Alias" || own[column.Name] {
			x.own = append(x.own, column)
		}
		if column.Name == "Alias" || links[column.Name] {
			x.links = append(x.links, column)
		}
	}
	return x, err
}

func headings(columns []validate.Column) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	return names
}

// cells are those of a person that lead to nobody.
func (x *index) cells(p *person, columns []validate.Column) []string {
	texts := make([]string, len(columns))
	for i, column := range columns {
		texts[i] = p.Cells[column.Name].Text
	}
	texts[0] = cmp.Or(texts[0], p.Alias) // without it the row would be nobody's
	return texts
}

// linkRow has those that lead to people of the export; nil for a person who has none.
func (x *index) linkRow(p *person) [][]string {
	texts, any := make([]string, len(x.links)), false
	for i, column := range x.links {
		users := slices.DeleteFunc(slices.Clone(p.Cells[column.Name].Users),
			func(alias string) bool { return !x.folded[model.Fold(alias)] })
		if len(users) == 0 {
			continue
		}
		text := validate.JoinList(users)
		if word := p.Cells[column.Name].Word; word != "" {
			text = word + ":" + users[0]
		}
		texts[i], any = text, true
	}
	if !any {
		return nil
	}
	texts[0] = x.cells(p, x.own[:1])[0]
	return [][]string{texts}
}

// leftRows has what of a person is in no file.
func (x *index) leftRows(p *person) [][]string {
	var rows [][]string
	for _, one := range p.Left {
		rows = append(rows, []string{p.Alias, one.What, one.Why})
	}
	for _, column := range x.links {
		for _, alias := range p.Cells[column.Name].Users {
			if !x.folded[model.Fold(alias)] {
				rows = append(rows, []string{p.Alias, column.Name, fmt.Sprintf("%s is not among the users of this export", alias)})
			}
		}
	}
	return rows
}

// writeRows writes a file of rows, person by person in the order of the aliases.
func (f *Folder) writeRows(file carriedFile, x *index) (fact ManifestFact, rows int, err error) {
	people, err := journal.OpenLookup(filepath.Join(f.path, peopleFile))
	if err != nil {
		return fact, 0, err
	}
	defer people.Close()
	fact, err = f.write(file.name, func(out io.Writer) error {
		lines := csv.NewWriter(out)
		if err := lines.Write(file.headings); err != nil {
			return err
		}
		for _, entry := range x.people {
			record, err := people.Record(entry.at)
			if err != nil {
				return err
			}
			var one person
			if err := record.Decode(&one); err != nil {
				return err
			}
			for _, row := range file.rows(&one) {
				rows++
				if err := lines.Write(row); err != nil {
					return err
				}
			}
		}
		lines.Flush()
		return lines.Error()
	})
	return fact, rows, err
}

// write writes a file, which has its name when it is whole and on the disk.
func (f *Folder) write(name string, write func(io.Writer) error) (ManifestFact, error) {
	fact, path := ManifestFact{Name: name}, filepath.Join(f.path, name)
	file, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fact, err
	}
	hash, size := sha256.New(), counter(0)
	buffered := bufio.NewWriter(io.MultiWriter(file, hash, &size))
	err = errors.Join(write(buffered), buffered.Flush(), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	if err == nil {
		err = journal.SyncFolder(f.path)
	}
	if err != nil {
		return fact, fmt.Errorf("%s can't be written: %w", path, err)
	}
	fact.Bytes, fact.SHA256 = int64(size), hex.EncodeToString(hash.Sum(nil))
	return fact, nil
}

// unfinished is behind the name of a file that is not whole.
const unfinished = ".unfinished"

// counter counts bytes.
type counter int64

func (c *counter) Write(text []byte) (int, error) {
	*c += counter(len(text))
	return len(text), nil
}
