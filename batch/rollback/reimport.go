package rollback

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// How a rollback brings back a user that came from the LDAP directory: by another
// import, and never as a user of the server's own.

// importAgain is the change that imports a deleted user again, whose alias was proven
// free at absentSince. The person is looked for by the pkid, where the run knows it.
func (w *rowUndo) importAgain(ctx context.Context, about *model.Object, gone string, before cupi.Object,
	absentSince time.Time) (send.Change, error) {
	key := about.Key(about.Name(before))
	if pkid := w.all.Sources.Persons[gone]; pkid != "" {
		key = model.UserKey{Column: about.People.IDField, Value: pkid}
	}
	person, err := batch.FindPerson(ctx, &w.Requester, key, "")
	var unknown *send.Failure
	if errors.As(err, &unknown) {
		message := "the user came from the LDAP directory and can't be imported again: " + unknown.Message
		if unknown.Code == codes.NotInDirectory {
			message = fmt.Sprintf("the user came from the LDAP directory, which does not list %q any more, so it can't "+
				"be imported again, and it was not made a user of the server's own: synchronize the directory and roll "+
				"back once more, or make the user with create", about.Name(before))
		}
		return send.Change{}, &send.Failure{Status: record.Failed, Code: unknown.Code, Message: message}
	}
	return batch.ImportOf(about, w.all.Sources.Template(gone), person, before["DtmfAccessId"], absentSince), err
}

// restoreFields gives a user that was imported again what the import did not bring and
// the directory does not own. What can't come back is noted as missing.
func (w *rowUndo) restoreFields(ctx context.Context, about *model.Object, id string, before cupi.Object) error {
	present, found, err := w.Whole(ctx, about, id)
	if err != nil {
		return err
	}
	if !found {
		return &send.Failure{Status: record.Failed, Code: codes.TargetGone,
			Message: "the user that was imported again was deleted meanwhile"}
	}
	if store := before["MailboxStoreName"]; store != "" && store != present["MailboxStoreName"] {
		w.missing = append(w.missing, fmt.Sprintf("the mailbox store %q (an import uses the server's default)", store))
	}
	back, err := w.makeable(ctx, about, before)
	if err != nil {
		return err
	}
	delete(back, about.Collection.NameField)
	back = model.Differences(present, back)
	if w.leaveWritten(w.own.Made, id, "the user", about.Get(id).Path, present, back); len(back) == 0 {
		return nil
	}
	names := strings.Join(slices.Sorted(maps.Keys(back)), ", ")
	return w.attempt(ctx, "the fields "+names, send.Change{Step: about.AfterImport.Name, Request: about.Update(id, back),
		Before: model.PreImage(present, back)})
}
