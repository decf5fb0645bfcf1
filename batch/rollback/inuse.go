package rollback

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// keepInUse fails with the status kept when a user that the run created is in use:
// the owner of its mailbox enrolled, its mailbox holds messages, or somebody changed it since.
// What the server does not tell is said in the notes.
func (u *undoing) keepInUse(ctx context.Context, user cupi.Object, also map[string][]cupi.Object) error {
	about := u.change.Intent.About()
	given, err := u.all.shared.Template(ctx, u.Session, about, u.change.Intent.Template())
	if err != nil {
		return err
	}
	if given == nil && about.Templates.Name != "" {
		u.notChecked("whether somebody enrolled or changed what the run had not set: the server does not show the template")
	}
	const force = "; --force deletes it all the same"
	sent := u.wroteOnUser()
	if enrolled, has := hasEnrolled(about, user, sent, given); has {
		return &send.Failure{Status: record.Kept, Code: codes.Enrolled,
			Message: fmt.Sprintf("the user has enrolled since the run (IsVmEnrolled was %s and is %s), so the user is kept%s",
				enrolled, user["IsVmEnrolled"], force)}
	}
	var owned []string
	if u.change.Intent.Imports() {
		if owned = model.DirectoryOwned()[model.ImportedType]; !model.FromDirectory(user) {
			return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: "the user was imported, and somebody took it out of the LDAP directory's hands since, so the user is kept" + force}
		}
	}
	if err := u.withoutTemplates(ctx, about, given["ObjectId"], also); err != nil {
		return err
	}
	changed := changesOfOthers(about, user, sent, given, also, owned)
	for _, name := range slices.Sorted(maps.Keys(about.Blank)) {
		if user[name] != "" && !u.wrote(about.Blank[name]) {
			changed = append(changed, name)
		}
	}
	if len(changed) > 0 {
		return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
			Message: fmt.Sprintf("somebody changed %s since the run, so the %s is kept%s", strings.Join(changed, ", "), about.One(), force)}
	}
	if about.Mailbox == nil {
		return nil
	}
	messages, bytes, err := u.mailbox(ctx, about.Mailbox(user["ObjectId"]))
	if err != nil {
		return err
	}
	if messages > 0 || bytes > 0 {
		return &send.Failure{Status: record.Kept, Code: codes.HasMessages,
			Message: fmt.Sprintf("the mailbox is not empty (messages: %d, bytes: %d), so the user is kept%s", messages, bytes, force)}
	}
	return nil
}

// hasEnrolled reports whether the user has enrolled, whom the run or the template had not, and what they had said.
func hasEnrolled(about *model.Object, user, sent, given cupi.Object) (before string, has bool) {
	before, known := sent["IsVmEnrolled"]
	if !known {
		before, known = given["IsVmEnrolled"]
	}
	return before, known && about.Mailbox != nil && model.Shows(user, "IsVmEnrolled") &&
		!model.Same("IsVmEnrolled", user["IsVmEnrolled"], before)
}

// withoutTemplates leaves out of what hangs on the user what the template gave.
func (u *undoing) withoutTemplates(ctx context.Context, about *model.Object, template string, also map[string][]cupi.Object) error {
	for _, kind := range about.Restorable() {
		if kind.FromTemplate == nil || template == "" {
			continue
		}
		from, err := u.all.shared.FromTemplate(ctx, u.Session, kind.FromTemplate(template))
		if err != nil {
			return err
		}
		also[kind.Name] = slices.DeleteFunc(slices.Clone(also[kind.Name]), func(member cupi.Object) bool {
			return slices.ContainsFunc(from, func(of cupi.Object) bool {
				return model.Agrees(member, model.Only(of, kind.CreateFields...))
			})
		})
	}
	return nil
}

// wroteOnUser gives what the row wrote on the user itself.
func (u *undoing) wroteOnUser() cupi.Object {
	fields := cupi.Object{}
	for _, c := range u.before.Made {
		if model.KindOf(c.Step).Shape == model.WholeUser {
			maps.Copy(fields, c.Intent.Shown())
		}
	}
	return fields
}

// wrote reports whether the row wrote a field, on the user or on a part.
func (u *undoing) wrote(field string) bool {
	return slices.ContainsFunc(u.before.Changes(), func(c record.AppliedChange) bool {
		_, is := c.Intent.Shown()[field]
		return is
	})
}

// mailbox tells how much a mailbox holds. Where the server does not tell it, the
// notes say so.
func (u *undoing) mailbox(ctx context.Context, request cupi.Request) (messages, bytes int64, err error) {
	answer, told, err := u.ReadIfSupported(ctx, request)
	if err != nil {
		return 0, 0, err
	}
	messages, noCount := strconv.ParseInt(answer.Object["NumMessages"], 10, 64)
	bytes, noSize := strconv.ParseInt(answer.Object["ByteSize"], 10, 64)
	if !told || (noCount != nil && noSize != nil) {
		u.notChecked("whether the mailbox holds messages: the server does not show it")
	}
	return messages, bytes, nil
}

// changesOfOthers names what somebody else changed on a user that the run created.
// A field proves it only by a value that neither the run nor the template gave:
//
//   - a field that was sent proves nothing while it is as sent, empty, or as the
//     template has it, because some servers do not keep every field that they take;
//   - a field that was not sent proves nothing while it is empty or as the template
//     has it; one that the template does not show proves it if it is a text that
//     nobody but a person fills in. The DisplayName proves it by a word that is in
//     none of the names;
//   - a field that is owned by the directory proves nothing: a synchronization wrote it.
//
// An alternate extension proves it too, and an SMTP proxy address unless it is the
// user's own address, for which servers make one by themselves. Being in a list
// proves nothing: templates put users there.
func changesOfOthers(about *model.Object, user, sent, given cupi.Object, also map[string][]cupi.Object, owned []string) []string {
	var names []string
	for name, value := range sent {
		now := user[name]
		template, shown := given[name]
		if now != "" && !model.Same(name, now, value) && !(shown && model.Same(name, now, template)) {
			names = append(names, name)
		}
	}
	if _, wasSent := sent["DisplayName"]; !wasSent && !madeOfNames(user) {
		names = append(names, "DisplayName")
	}
	if given != nil {
		for _, column := range about.Table.Columns() {
			if _, wasSent := sent[column.Name]; !wasSent && tellsOfOthers(column, user) &&
				filledByOthers(column, user[column.Name], given) {
				names = append(names, column.Name)
			}
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(owned, name) })
	slices.Sort(names)
	for _, kind := range about.Restorable() {
		if kind.Shape != model.Memberships && slices.ContainsFunc(also[kind.Name],
			func(member cupi.Object) bool { return !kind.Mirrors.Made(user, member) }) {
			names = append(names, "the "+kind.Many)
		}
	}
	return names
}

// madeOfNames reports whether a user's DisplayName has no word but those of its
// names and alias, as the server makes one, in whatever order.
func madeOfNames(user cupi.Object) bool {
	words := func(text string) []string {
		return strings.FieldsFunc(model.Fold(text), func(r rune) bool { return r == ' ' || r == ',' })
	}
	names := words(user["FirstName"] + " " + user["LastName"] + " " + user["Alias"])
	return !slices.ContainsFunc(words(user["DisplayName"]), func(word string) bool { return !slices.Contains(names, word) })
}

// tellsOfOthers reports whether a field that was not sent can tell anything: the
// server makes some by itself, and does not heed others.
func tellsOfOthers(column validate.Column, user cupi.Object) bool {
	if column.Access != validate.ReadWrite || !model.IsMain(column.Step) || column.Field != column.Name ||
		record.GoneWithTheUser(column.Name) {
		return false
	}
	switch column.Name {
	case "Alias", "DisplayName", "SmtpAddress", "DtmfAccessId", "IsVmEnrolled":
		return false
	case "TimeZone":
		return !model.Same("UseDefaultTimeZone", user["UseDefaultTimeZone"], "true")
	case "Language":
		return !model.Same("UseDefaultLanguage", user["UseDefaultLanguage"], "true") &&
			!model.Same("UseCallLanguage", user["UseCallLanguage"], "true")
	}
	return true
}

func filledByOthers(column validate.Column, now string, given cupi.Object) bool {
	template, shown := given[column.Name]
	switch {
	case now == "":
		return false
	case shown:
		return !model.Same(column.Name, now, template)
	}
	return column.Type == validate.String && column.Default == "" && !column.Filled
}
