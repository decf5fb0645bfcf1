package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// How a rollback brings back a user that came from the LDAP directory: by another
// import, and never as a user of the server's own.

// importAgain is the change that imports a deleted user again, whose alias was proven
// free at absentSince. The person is looked for by the pkid, where the run knows it.
func (w *undoWork) importAgain(ctx context.Context, about *object, gone string, before cupi.Object, absentSince time.Time) (change, error) {
	key := about.key(about.name(before))
	if pkid := w.all.sources.persons[gone]; pkid != "" {
		key = userKey{about.people.IDField, pkid}
	}
	person, err := w.person(ctx, key, "")
	var unknown *failure
	if errors.As(err, &unknown) {
		message := "the user came from the LDAP directory and can't be imported again: " + unknown.message
		if unknown.code == codes.NotInDirectory {
			message = fmt.Sprintf("the user came from the LDAP directory, which does not list %q any more, so it can't be imported again, and it was not made a user of the server's own: synchronize the directory and roll back once more, or make the user with create", about.name(before))
		}
		return change{}, &failure{Failed, unknown.code, message}
	}
	return importOf(about, w.all.sources.template(gone), person, before["DtmfAccessId"], absentSince), err
}

// restoreFields gives a user that was imported again what the import did not bring and
// the directory does not own. What can't come back is noted as missing.
func (w *undoWork) restoreFields(ctx context.Context, about *object, id string, before cupi.Object) error {
	present, found, err := w.whole(ctx, about, id)
	if err != nil {
		return err
	}
	if !found {
		return &failure{Failed, codes.TargetGone, "the user that was imported again was deleted meanwhile"}
	}
	if store := before["MailboxStoreName"]; store != "" && store != present["MailboxStoreName"] {
		w.missing = append(w.missing, fmt.Sprintf("the mailbox store %q (an import uses the server's default)", store))
	}
	back := recreatable(before)
	delete(back, about.collection.NameField)
	if back = differences(present, back); len(back) == 0 {
		return nil
	}
	names := strings.Join(slices.Sorted(maps.Keys(back)), ", ")
	return w.attempt(ctx, "the fields "+names, change{step: about.afterImport.name, request: about.update(id, back), before: preImage(present, back)})
}
