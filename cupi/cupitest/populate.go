package cupitest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AddUsers adds n plausible users, user00001 and so on, with extensions from 10000, who were made a day ago. Numbers that
// are taken are passed over.
func (s *Server) AddUsers(n int) {
	s.start()
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.data
	template := d.template("voicemailusertemplate")
	store := d.lists["mailboxstores"].documents[0].own["DisplayName"]
	created := d.now().Add(-24 * time.Hour).Format("2006-01-02T15:04:05Z")
	for number := 1; n > 0; number++ {
		alias := fmt.Sprintf("user%05d", number)
		extension := strconv.Itoa(9999 + number)
		if d.aliases[alias] != nil || d.extensionTaken(extension, partitionID, nil) || len(d.extensions[extension]) > 0 {
			continue
		}
		n--
		first, last := firstNames[number%len(firstNames)], lastNames[number/len(firstNames)%len(lastNames)]
		user := &document{schema: userSchema(), base: template, own: map[string]string{
			"ObjectId": d.newID(), "CreationTime": created,
			"Alias": alias, "FirstName": first, "LastName": last, "DisplayName": first + " " + last,
			"DtmfAccessId": extension, "EmailAddress": alias + "@example.com", "SmtpAddress": alias + "@" + smtpDomain,
			"Department": departments[number%len(departments)], "EmployeeId": strconv.Itoa(500000 + number), "MailboxStoreName": store,
		}}
		d.giveCallHandler(user, d.newID())
		d.index(user)
	}
	d.sort()
}

// AddUser adds one user by the rules of a POST and returns its ObjectId. Besides what a POST may set, fields may hold
// TemplateAlias (without it, voicemailusertemplate), ObjectId, CreationTime, TenantObjectId, Undeletable, PhoneNumber,
// and an Inactive that is true. [Server.OnChange] does not hear of it.
func (s *Server) AddUser(fields map[string]string) (id string, err error) {
	s.start()
	s.mu.Lock()
	defer s.mu.Unlock()
	body, given := maps.Clone(fields), map[string]string{}
	template := cmp.Or(body["TemplateAlias"], "voicemailusertemplate")
	delete(body, "TemplateAlias")
	for _, name := range []string{"ObjectId", "CreationTime", "TenantObjectId", "Undeletable", "PhoneNumber", "Inactive"} {
		if v, ok := body[name]; ok {
			given[name] = v
			delete(body, name)
		}
	}
	if admin := s.data.users[adminUserID]; admin != nil && strings.EqualFold(body["Alias"], admin.own["Alias"]) {
		s.data.remove(admin) // the one that is added stands for it
	}
	made, problems := s.data.newUser(template, "", body, s.ExtensionOptional)
	if id, ok := given["ObjectId"]; ok {
		given["ObjectId"] = strings.ToLower(id) // as queries look for it
	}
	if s.data.users[given["ObjectId"]] != nil {
		problems = append(problems, "ObjectId is in use")
	}
	if len(problems) > 0 {
		return "", fmt.Errorf("can't add the user %q: %s", fields["Alias"], strings.Join(problems, "; "))
	}
	maps.Copy(made.fields, given)
	return made.enter(s.data), nil
}

// PutMessages sets how many messages are in the mailbox of a user, and their size in bytes, as if callers had left
// them. It returns an error for a user who is not there or has no mailbox.
func (s *Server) PutMessages(id string, messages, bytes int) error {
	s.start()
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.data.users[id]
	if user == nil || !hasMailbox(user) {
		return fmt.Errorf("there is no mailbox of a user %q", id)
	}
	if user.parts["mailboxattributes"] == nil {
		user.parts["mailboxattributes"] = newMailbox(user)
	}
	for _, message := range slices.Clone(s.data.belongings[messageKind].byOwner[id]) {
		s.data.dropMessage(message)
	}
	delete(user.parts["mailboxattributes"].own, "Kept")
	user.parts["mailboxattributes"].write(map[string]string{"NumMessages": strconv.Itoa(messages), "ByteSize": strconv.Itoa(bytes)})
	return nil
}

// User is everything that a GET of the user shows; nil when there is none.
func (s *Server) User(id string) map[string]string {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	if user := s.data.users[id]; user != nil {
		return user.fields()
	}
	return nil
}

// UserByAlias is [Server.User] by alias, in any case.
func (s *Server) UserByAlias(alias string) map[string]string {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	if user := s.data.aliases[strings.ToLower(alias)]; user != nil {
		return user.fields()
	}
	return nil
}

// Aliases lists the aliases of all users, those without a mailbox too, in order, but for the accounts that come with a
// server and have none.
func (s *Server) Aliases() []string {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	var aliases []string
	for _, user := range s.data.users {
		if hasMailbox(user) || user.own["Undeletable"] != "true" { // accounts that come with the server
			aliases = append(aliases, user.own["Alias"])
		}
	}
	slices.Sort(aliases)
	return aliases
}

// AddDirectoryUser puts a person into the LDAP directory, whom an import can make a user of, and returns the pkid.
// fields may hold alias, firstName, lastName, emailAddress, telephoneNumber and pkid; alias and lastName must be there.
func (s *Server) AddDirectoryUser(fields map[string]string) (pkid string, err error) {
	s.start()
	s.mu.Lock()
	defer s.mu.Unlock()
	own, problems := importSchema().check(s.data, fields)
	if own["alias"] == "" || own["lastName"] == "" {
		problems = append(problems, "alias and lastName are mandatory")
	}
	if own["pkid"] == "" {
		own["pkid"] = s.data.newID()
	}
	if s.data.person(own["pkid"]) != nil {
		problems = append(problems, "pkid is in use")
	}
	if len(problems) > 0 {
		return "", fmt.Errorf("can't add %q to the directory: %s", fields["alias"], strings.Join(problems, "; "))
	}
	s.data.directory = append(s.data.directory, &document{schema: importSchema(), own: own})
	return own["pkid"], nil
}

// AddDirectoryUsers puts n plausible people into the LDAP directory, ldap00001 and so on.
func (s *Server) AddDirectoryUsers(n int) {
	s.start()
	s.mu.Lock()
	defer s.mu.Unlock()
	for number := range n {
		alias := fmt.Sprintf("ldap%05d", number+1)
		s.data.directory = append(s.data.directory, &document{schema: importSchema(), own: map[string]string{
			"alias": alias, "firstName": firstNames[number%len(firstNames)], "lastName": lastNames[number/len(firstNames)%len(lastNames)],
			"emailAddress": alias + "@example.com", "pkid": s.data.newID(),
		}})
	}
}

// Credentials is the text that was last written as the user's PIN or password (part is "pin" or "password"), for
// tests to compare; "" when nothing was written or the user is unknown.
func (s *Server) Credentials(id, part string) string {
	s.start()
	s.mu.RLock()
	defer s.mu.RUnlock()
	if user := s.data.users[id]; user != nil && user.parts[part] != nil {
		return user.parts[part].own["Credentials"]
	}
	return ""
}
