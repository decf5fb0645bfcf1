package cupitest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// state is what Save writes and Load reads.
type state struct {
	Seed     uint64                       `json:"seed"`
	Made     uint64                       `json:"made"`
	Users    []savedUser                  `json:"users"`
	Handlers map[string]map[string]string `json:"systemCallHandlers"`

	Belongings map[string][]savedBelonging    `json:"belongings,omitempty"` // by kind
	Directory  []map[string]string            `json:"directory,omitempty"`
	Lists      map[string][]map[string]string `json:"lists,omitempty"` // by path
	Recordings map[string][]byte              `json:"recordings,omitempty"`
}

// savedBelonging is what was written to one that belongs to a user, a template or a list.
type savedBelonging struct {
	Owner  string            `json:"owner"`
	Fields map[string]string `json:"fields"`
}

// savedUser is one user: what was written to it and to what belongs to it, and the template that gave the rest.
type savedUser struct {
	Template string                       `json:"template"`
	Fields   map[string]string            `json:"fields"`
	Parts    map[string]map[string]string `json:"parts"`
}

// partSchemas is the schema of each part that a user may have.
var partSchemas = map[string]func() *schema{
	"callhandler": callHandlerSchema, "pin": credentialSchema, "password": credentialSchema, "mailboxattributes": mailboxSchema,
}

// Save writes the users, what belongs to them and the call handlers as JSON, PINs and passwords too. The
// server's settings and its sessions are not saved.
func (s *Server) Save(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(s.state()); err != nil {
		return fmt.Errorf("can't save the simulator's state: %w", err)
	}
	return nil
}

// state is a copy, so that requests need not wait until it is written.
func (s *Server) state() state {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	saved := state{Seed: s.data.seed, Made: s.data.made, Handlers: map[string]map[string]string{}}
	for _, id := range sortedKeys(s.data.users) {
		user := s.data.users[id]
		parts := map[string]map[string]string{}
		for name, part := range user.parts {
			parts[name] = maps.Clone(part.own)
		}
		saved.Users = append(saved.Users, savedUser{user.base.own["Alias"], maps.Clone(user.own), parts})
	}
	for id, handler := range s.data.handlers {
		if handler.owner == nil {
			saved.Handlers[id] = maps.Clone(handler.own)
		}
	}
	saved.Belongings = map[string][]savedBelonging{}
	for kind, b := range s.data.belongings {
		for _, one := range b.all {
			saved.Belongings[kind] = append(saved.Belongings[kind], savedBelonging{one.owner.own["ObjectId"], maps.Clone(one.own)})
		}
	}
	saved.Lists = map[string][]map[string]string{}
	paths := []string{"usertemplates", "callhandlerprimarytemplates"}
	for _, w := range writtenLists() {
		if w.path != paths[1] {
			paths = append(paths, w.path)
		}
	}
	if slices.ContainsFunc(s.data.lists["roles"].documents, isCustom) {
		paths = append(paths, "roles")
	}
	saved.Recordings = map[string][]byte{}
	for name, recording := range s.data.recordings {
		if recording != silence {
			saved.Recordings[name] = []byte(recording)
		}
	}
	for _, path := range paths {
		for _, one := range s.data.lists[path].documents {
			saved.Lists[path] = append(saved.Lists[path], maps.Clone(one.own))
		}
	}
	for _, person := range s.data.directory {
		saved.Directory = append(saved.Directory, maps.Clone(person.own))
	}
	return saved
}

// Load puts what [Server.Save] wrote in the place of all users and call handlers. After an error nothing has changed.
func (s *Server) Load(r io.Reader) error {
	s.start()
	var saved state
	if err := json.NewDecoder(r).Decode(&saved); err != nil {
		return fmt.Errorf("can't read the simulator's state, was it written by another version? %w", err)
	}
	d := newData(saved.Seed)
	d.now = s.now
	d.made = saved.Made
	d.server = s
	if s.Bare {
		d.bare()
	}
	d.network(s.Elsewhere)
	for _, b := range d.belongings {
		b.clear()
	}
	for name, recording := range saved.Recordings {
		d.recordings[name] = string(recording)
	}
	clear(d.users)
	clear(d.aliases)
	clear(d.extensions)
	clear(d.handlers)
	clear(d.ownerless)
	for id, own := range saved.Handlers {
		own["ObjectId"] = id
		d.addHandler(&document{schema: callHandlerSchema(), own: own})
	}
	for path, elements := range saved.Lists {
		l := d.lists[path]
		if l == nil {
			return fmt.Errorf("can't use the simulator's state: it has the unknown list %q", path)
		}
		l.documents = nil
		clear(l.byKey)
		for _, own := range elements {
			l.add(own)
		}
	}
	for _, user := range saved.Users {
		if err := d.restore(user); err != nil {
			return fmt.Errorf("can't use the simulator's state: %w", err)
		}
	}
	for _, own := range saved.Directory {
		d.directory = append(d.directory, &document{schema: importSchema(), own: own})
	}
	kinds := sortedKeys(saved.Belongings)
	slices.Reverse(kinds) // private lists before their members
	for _, kind := range kinds {
		for _, one := range saved.Belongings[kind] {
			owner := d.owner(one.Owner)
			if d.belongings[kind] == nil || owner == nil {
				return fmt.Errorf("can't use the simulator's state: %s of %q, who is not there", kind, one.Owner)
			}
			d.belongings[kind].add(owner, one.Fields)
		}
	}
	d.sort()
	s.mu.Lock()
	defer s.mu.Unlock()
	d.passesOver, d.server = s.data.passesOver, s
	s.data = d
	return nil
}

// restore enters one saved user.
func (d *data) restore(saved savedUser) error {
	user := &document{schema: userSchema(), own: saved.Fields, base: d.template(saved.Template), parts: map[string]*document{}}
	switch {
	case user.base == nil:
		return fmt.Errorf("user %q has the unknown template %q", saved.Fields["Alias"], saved.Template)
	case saved.Fields["ObjectId"] == "" || saved.Fields["Alias"] == "":
		return fmt.Errorf("a user has no ObjectId or no Alias")
	case d.users[saved.Fields["ObjectId"]] != nil || d.aliases[folded(user)] != nil:
		return fmt.Errorf("user %q is there twice", saved.Fields["Alias"])
	case saved.Parts["callhandler"]["ObjectId"] == "":
		return fmt.Errorf("user %q has no call handler", saved.Fields["Alias"])
	}
	for name, own := range saved.Parts {
		schema := partSchemas[name]
		if schema == nil {
			return fmt.Errorf("user %q has the unknown part %q", saved.Fields["Alias"], name)
		}
		user.parts[name] = &document{schema: schema(), own: own, owner: user}
	}
	handler := user.parts["callhandler"]
	d.handlers[handler.own["ObjectId"]] = handler
	d.index(user)
	return nil
}

// Snapshot is all users, all call handlers, all distribution lists and schedules, all mailboxes that are not
// as new, and all that hangs on them and is not as it
// came with them, to compare before and after: the key is the path below
// /vmrest/, the value has every field that differs from the vendor's default, and ObjectId. CreationTime and credentials are
// not in it; an empty text is as good as none.
func (s *Server) Snapshot() map[string]map[string]string {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	snapshot := map[string]map[string]string{}
	for id, user := range s.data.users {
		snapshot["users/"+id] = user.distinct()
		if part := user.parts["mailboxattributes"]; part != nil {
			if fields := part.distinct(); !maps.Equal(fields, newMailbox(user).distinct()) {
				snapshot["users/"+id+"/mailboxattributes"] = fields
			}
		}
	}
	for id, handler := range s.data.handlers {
		snapshot["handlers/callhandlers/"+id] = handler.distinct()
	}
	maps.Copy(snapshot, s.data.collections())
	for path, seeded := range newData(0).collections() {
		switch now, there := snapshot[path]; {
		case !there:
			snapshot[path] = map[string]string{"": "gone"}
		case maps.Equal(now, seeded) && !slices.Contains(wholeInSnapshot, path[:strings.IndexByte(path, '/')]):
			delete(snapshot, path)
		}
	}
	return snapshot
}

// wholeInSnapshot are the lists that a snapshot has with all their elements. Of others it has those that a fresh server
// has not, or not so, and those that are gone.
var wholeInSnapshot = []string{"distributionlists", "tenants"}

// collections is what a snapshot has of written lists, of what hangs on others, and of recordings.
func (d *data) collections() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, w := range writtenLists() {
		for id, one := range d.lists[w.path].byKey {
			all[w.path+"/"+id] = one.distinct()
		}
	}
	for kind, b := range d.belongings {
		for _, one := range b.all {
			if k := resourceOf(kind); k != nil && k.asItCame(one) {
				continue
			}
			uri, _ := one.value("URI")
			all[strings.TrimPrefix(uri, "/vmrest/")] = one.distinct()
		}
	}
	for _, role := range d.lists["roles"].documents {
		if isCustom(role) {
			all["customroles/"+role.own["ObjectId"]] = maps.Clone(role.own)
		}
	}
	for name, recording := range d.recordings {
		if owner, language, found := strings.Cut(name, " "); found {
			all["recordings/"+owner+"/"+language] = map[string]string{"digest": objectID(hash(recording, "recording"))}
		}
	}
	return all
}

// distinct is the fields that differ from the schema's defaults; one that was cleared is "".
func (d *document) distinct() map[string]string {
	fields := map[string]string{}
	candidates := maps.Clone(d.own)
	if d.base != nil {
		candidates = map[string]string{}
		maps.Copy(candidates, d.base.own)
		maps.Copy(candidates, d.own)
	}
	for name := range candidates {
		i, known := d.schema.index[name]
		if !known || name == "CreationTime" || d.schema.fields[i].flags&(hidden|blanked) != 0 {
			continue
		}
		now, _ := d.value(name)
		if name == voiceNameField && now != "" {
			now = "recorded"
		}
		if standard, _ := d.standard(d.schema.fields[i]); now != standard {
			fields[name] = now
		}
	}
	return fields
}
