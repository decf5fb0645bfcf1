package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/validate"
)

// A portable export holds what makes people again on another server: everything by its name, nothing
// by an ObjectId. What it is written into is in carried.go; this is what is read of a person.

// NotCarried is what no portable export holds.
var NotCarried = []string{
	"messages",
	"PINs, passwords and whether they must be changed: nobody can read them",
	"ObjectIds, and fields that hold one and have no column for its name",
	"the template that a user was made of: no server tells it",
	"SmtpAddress: each server makes it of the alias and its own domain",
	"recordings of greetings that do not play them, and recorded names of private lists",
	"contacts and video service accounts",
}

// portableColumns are those of which a portable export reads what a user shows, as the usual export
// does. Of several columns for one thing it is the one that means the same on every server.
func portableColumns() []string {
	var names []string
	for _, column := range validate.Users.Columns() {
		if (exportable(column) || exportablePart(column)) && means(column) {
			names = append(names, column.Name)
		}
	}
	return names
}

// Emptied are the columns in which an empty cell of a portable export says that nothing is there: whoever
// compares takes it for [validate.Null].
func Emptied() (list []validate.Setting) {
	special := specialColumns()
	for _, name := range portableColumns() {
		column, _ := validate.Users.Column(name)
		if column.Nullable && column.TurnsOff() == "" && !slices.ContainsFunc(special.members,
			func(other validate.Column) bool { return other.Name == name }) {
			list = append(list, validate.Setting{Column: name, Value: validate.Null})
		}
	}
	return list
}

// means reports whether the values of a column mean the same on another server, and no other column
// says the same better.
func means(column validate.Column) bool {
	if column.Type == validate.ID || column.LocalPartOf != "" || column.Field == "CredMustChange" {
		return false
	}
	for _, other := range validate.Users.Columns() {
		switch {
		case other.Step != column.Step || other.Name == column.Name:
		case other.LocalPartOf != "" && other.LocalPartOf == column.Field:
			return false
		// A code that all servers know.
		case column.Collection != "" && other.Collection == "" && other.Field == column.Field && other.Type != validate.ID:
			return false
		case other.Destination != nil && slices.Contains(other.Destination.Fields(), column.Field):
			return false
		}
	}
	return true
}

// special are the columns that are read in ways of their own.
type special struct{ recordings, memberships, members []validate.Column }

func specialColumns() (s special) {
	for _, column := range validate.Users.Columns() {
		kind := model.KindOf(column.Step)
		switch {
		case column.Access != validate.ReadWrite:
		case column.Type == validate.File:
			s.recordings = append(s.recordings, column)
		case kind.Shape == model.Memberships:
			s.memberships = append(s.memberships, column)
		case kind.Owner == model.TheSlot && column.Collection == kind.About.Collection.Name:
			s.members = append(s.members, column)
		}
	}
	return s
}

// mailboxStore is the column of what only a new user is given, and field is how users show it.
const mailboxStore, mailboxStoreField = "MailboxStore", "MailboxStoreName"

// onlyLater is the column of what no new user can be given: it may only change from true to false.
const onlyLater = "Inactive"

// reader reads people whole.
type reader struct {
	*exporter
	special special
	folder  *Folder
	store   *audio.Store
	aliases map[string]string // by folded ObjectId, of everybody
	leads   map[string]string // the same by that of the call handler
	members send.ListMembers
}

// learnAliases finds out who everybody is: people lead to each other by ids.
func (r *reader) learnAliases(ctx context.Context) error {
	r.aliases, r.leads = map[string]string{}, map[string]string{}
	_, _, err := (&send.Requester{Session: r.Session}).Chosen(ctx, r.about.Collection, math.MaxInt, func(user cupi.Object) bool {
		alias := r.about.Name(user)
		r.aliases[model.Fold(user["ObjectId"])], r.leads[model.Fold(user["CallHandlerObjectId"])] = alias, alias
		return false // nothing else of it is kept
	})
	delete(r.leads, "")
	return err
}

// put reads some people at once, and puts each into the folder when it is read.
func (r *reader) put(ctx context.Context, users []cupi.Object) error {
	return pool.AtOnce(r.Workers, slices.Values(users), func(user cupi.Object) error {
		one, err := r.read(ctx, user)
		if err != nil || one == nil {
			return err
		}
		return r.folder.add(one)
	})
}

// read reads a person; nil for one who is gone meanwhile.
func (r *reader) read(ctx context.Context, listed cupi.Object) (*person, error) {
	user, found, err := (&send.Requester{Session: r.Session}).Whole(ctx, r.about, listed["ObjectId"])
	if err != nil || !found {
		return nil, err
	}
	p := &person{ID: user["ObjectId"], Alias: r.about.Name(user), Cells: map[string]cell{}}
	if model.Same("Undeletable", user["Undeletable"], "true") {
		p.Own = true
		return p, nil
	}
	s := r.subjectOf(user)
	s.Target = user
	shown, err := r.fields(ctx, p, s, user)
	if err != nil {
		return nil, err
	}
	if store, _ := validate.Users.Column(mailboxStore); user[mailboxStoreField] != "" {
		p.set(store, user[mailboxStoreField])
	}
	return p, errors.Join(r.extra(ctx, p, s, shown), r.lists(ctx, p, s), r.privateMembers(ctx, p, s), r.recordings(ctx, p, s, shown))
}

// fields fills what the user and its parts show. It gives the objects by step.
func (r *reader) fields(ctx context.Context, p *person, s *batch.Subject, user cupi.Object) (map[string][]cupi.Object, error) {
	singles, shown := map[string]cupi.Object{}, map[string][]cupi.Object{}
	asking := &send.Requester{Session: r.Session}
	for _, column := range r.layout.columns {
		objects := []cupi.Object{user}
		if exportablePart(column) {
			var known bool
			if objects, known = shown[column.Step]; !known {
				var err error
				if objects, err = r.shown(ctx, asking, s, column.Step, singles); err != nil {
					return nil, err
				}
				shown[column.Step] = objects
			}
		}
		switch {
		case column.Name == onlyLater:
			if model.Same(column.Name, user[column.Field], "true") {
				p.leave(column.Name, "nobody can be made inactive")
			}
		case column.Destination != nil:
			r.leadsTo(p, column, objects)
		case column.TurnsOff() != "" && model.Same(column.TurnsOff(), user[column.TurnsOff()], "true"): // the default counts
		default:
			value := r.cell(column, objects)
			if value == "" && column.Collection != "" && slices.ContainsFunc(objects, func(o cupi.Object) bool {
				id := model.Value(o, column.Field)
				return id != "" && model.Agrees(o, column.GoesWith(id))
			}) {
				p.leave(column.Name, "the server tells no name of what is there, or has another of the name")
			}
			p.set(column, worded(column, value))
		}
	}
	return shown, nil
}

// worded is the word for a number, where there is one: no two documents count otherwise then.
func worded(column validate.Column, value string) string {
	for _, word := range column.Words {
		if word.Number == value {
			return word.Text
		}
	}
	return value
}

// leadsTo fills where a call goes.
func (r *reader) leadsTo(p *person, column validate.Column, objects []cupi.Object) {
	for _, object := range objects {
		alias, nameless := "", false
		value := column.DestinationOf(object, func(collection, id string) string {
			if collection == r.about.Collection.Name {
				alias = r.leads[model.Fold(id)]
				return alias
			}
			name := r.names[collection][model.Fold(id)]
			nameless = name == ""
			return name
		})
		word, _, _ := strings.Cut(value, ":")
		switch {
		case alias != "":
			p.Cells[column.Name] = cell{Word: word, Users: []string{alias}}
		case nameless:
			p.leave(column.Name, "it leads to something that has no name on the server, or to a user without a mailbox")
		case value == "" && object[column.Field] != "":
			p.leave(column.Name, "there is no word for where it leads")
		default:
			p.set(column, value)
		}
	}
}

// extra tells what a user has more of than there are columns.
func (r *reader) extra(ctx context.Context, p *person, s *batch.Subject, shown map[string][]cupi.Object) error {
	for _, kind := range r.layout.kinds(func(kind *model.StepKind) bool { return kind.Shape == model.Slot && !kind.Named }) {
		part, err := s.PartOf(ctx, kind, kind.Name)
		if err != nil {
			return notShown(err)
		}
		members, err := s.Members(ctx, part)
		if notShown(err) != nil {
			return err
		}
		for _, member := range members {
			own := kind.Extensions == model.Alternate && strings.Trim(member[kind.Key], "0") == ""
			has := func(step string) bool {
				return model.KindOf(step) == kind && slices.ContainsFunc(shown[step],
					func(o cupi.Object) bool { return o["ObjectId"] == member["ObjectId"] })
			}
			if !own && !slices.ContainsFunc(r.layout.columns, func(column validate.Column) bool { return has(column.Step) }) {
				p.leave(strings.TrimPrefix(kind.Describe(member), "the "), "there is no column for it, or not for so many")
			}
		}
	}
	return nil
}

// lists fills the distribution lists that a user is in.
func (r *reader) lists(ctx context.Context, p *person, s *batch.Subject) error {
	for _, column := range r.special.memberships {
		lists, told, err := r.members.Of(ctx, r.Session, s.ObjectID)
		if err != nil {
			return err
		}
		if !told {
			p.leave(column.Name, "the server does not show who is in which list")
			continue
		}
		names := make([]string, len(lists))
		for i, list := range lists {
			names[i] = list[cupi.DistributionLists.NameField]
		}
		slices.Sort(names)
		p.set(column, validate.JoinList(names))
	}
	return nil
}

// privateMembers fills who is in a user's private lists.
func (r *reader) privateMembers(ctx context.Context, p *person, s *batch.Subject) error {
	for _, column := range r.special.members {
		kind := model.KindOf(column.Step)
		list, _ := validate.ColumnOfStep(kind.HangsOn+"/"+model.SlotOf(column.Step), model.KindOf(kind.HangsOn).RequiredFields[0])
		if _, has := p.Cells[list.Name]; !has {
			continue
		}
		part, err := s.PartOf(ctx, kind, column.Step)
		if err != nil {
			return notShown(err)
		}
		members, err := s.Members(ctx, part)
		if notShown(err) != nil {
			return err
		}
		if err != nil {
			p.leave(column.Name, "the server does not show who is in the list")
		}
		var users []string
		for _, member := range members {
			alias := r.aliases[model.Fold(member[column.Field])]
			if alias == "" {
				p.leave(column.Name, fmt.Sprintf("%q is in the list, and is no user with a mailbox",
					cmp.Or(member["DisplayName"], member["Alias"])))
				continue
			}
			users = append(users, alias)
		}
		if slices.Sort(users); len(users) > 0 {
			p.Cells[column.Name] = cell{Users: users}
		}
	}
	return nil
}

// played is the PlayWhat of a greeting that plays what was recorded.
const played = "1"

// recordings fetches what is recorded, and fills in the names of the files.
func (r *reader) recordings(ctx context.Context, p *person, s *batch.Subject, shown map[string][]cupi.Object) error {
	for _, column := range r.special.recordings {
		kind := model.KindOf(column.Step)
		if kind.Within == nil {
			file, err := r.recording(ctx, p, column, send.PartOf(kind, column.Step, s.ObjectID))
			if err != nil {
				return err
			}
			p.set(column, file)
			continue
		}
		parent := model.KindOf(kind.HangsOn)
		greeting := shown[parent.Name+"/"+model.SlotOf(column.Step)]
		if len(greeting) == 0 || greeting[0]["PlayWhat"] != played {
			continue
		}
		greetings, err := s.PartOf(ctx, parent, parent.Name)
		if err != nil {
			return notShown(err)
		}
		list := kind.Within(cupi.Get(greetings.Collection, model.SlotOf(column.Step)).Path)
		languages, _, err := s.Reader.Members(ctx, send.Entries(r.about, list), s.ObjectID)
		if notShown(err) != nil {
			return err
		}
		var files []string
		for _, one := range languages {
			file, err := r.recording(ctx, p, column, send.PartOf(kind, column.Step, cupi.Get(list, one[list.IDField]).Path))
			if err != nil {
				return err
			}
			if file != "" {
				files = append(files, one[list.IDField]+":"+file)
			}
		}
		slices.Sort(files)
		p.set(column, strings.Join(files, ";"))
	}
	return nil
}

// recording fetches one, and gives the name of its file; "" if there is none.
func (r *reader) recording(ctx context.Context, p *person, column validate.Column, part send.Part) (string, error) {
	object, _, err := (&send.Requester{Session: r.Session}).Single(ctx, part)
	if notShown(err) != nil {
		return "", err
	}
	digest := object[cupi.Recording]
	switch {
	case err != nil:
		p.leave(column.Name, "the server does not give the recording")
		return "", nil
	case digest == "":
		return "", nil
	}
	name := audio.FileName(digest)
	path := filepath.Join(r.folder.path, audioFolder, name)
	if _, err := r.store.Check(path); err != nil {
		p.leave(column.Name, "the recording can't be sent to a server again: "+err.Error())
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) { // another's may be the same
			return "", err
		}
		return "", nil
	}
	return audioFolder + "/" + name, nil
}
