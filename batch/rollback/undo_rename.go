package rollback

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// A server makes an SMTP proxy address of the alias that a user had. So the run's rename leaves
// the former alias as one, which is the user's own again after a rollback, and the rollback's
// leaves the one that the run gave. That goes again: what was not there before it, and is there
// after it, came of it.

// renaming is a rename of the rollback's, with the addresses that were there before it.
type renaming struct {
	addresses *model.StepKind
	from      string // the alias that the run gave
	before    []cupi.Object
	told      bool // the server shows them
}

// beforeRename reads what the user has before the rollback gives the former alias back; nil where
// it does not.
func (u *undoing) beforeRename(ctx context.Context, present, back cupi.Object) (*renaming, error) {
	name := u.kind.About.Collection.NameField
	if !u.kind.Main || back[name] == "" || model.Same(name, back[name], present[name]) {
		return nil, nil
	}
	r := &renaming{addresses: addressKind(u.kind.About), from: present[name]}
	var err error
	r.before, r.told, err = u.addressesOf(ctx, r.addresses)
	return r, err
}

// addressesOf reads the proxy addresses of the row's user.
func (u *undoing) addressesOf(ctx context.Context, kind *model.StepKind) ([]cupi.Object, bool, error) {
	id := u.all.current(u.row.ObjectID)
	return u.Requester.All(ctx, kind.In(id), kind.Query(id))
}

// renamedBefore tells of the address that an earlier start of this rollback may have left when it gave
// the former alias back and ended then: nobody knows any more whether it was there before.
func (u *undoing) renamedBefore(ctx context.Context) error {
	name := u.kind.About.Collection.NameField
	i := slices.IndexFunc(u.own.Made, func(c record.AppliedChange) bool {
		return u.kind.Main && model.IsMain(c.Step) && c.Method == "PUT" && c.Intent.Fields[name] != ""
	})
	if i < 0 {
		return nil
	}
	back := u.own.Made[i].Intent
	r := &renaming{addresses: addressKind(u.kind.About), from: back.Before[name]}
	now, told, err := u.addressesOf(ctx, r.addresses)
	switch {
	case err != nil:
		return err
	case !told:
		u.notes = append(u.notes, r.notChecked())
	}
	for _, address := range now {
		if r.isOf(address, u.all.current(u.row.ObjectID)) {
			u.notes = append(u.notes, fmt.Sprintf("%s is an SMTP proxy address of the user: the server may have made it when an "+
				"earlier start of this rollback gave the alias back, so look whether it is wanted", address["SmtpAddress"]))
		}
	}
	return nil
}

// addressKind is the kind of addresses that a server makes by itself.
func addressKind(about *model.Object) *model.StepKind {
	kinds := about.Restorable()
	return kinds[slices.IndexFunc(kinds, func(kind *model.StepKind) bool { return kind.Mirrors != nil })]
}

// isOf reports whether an address can be what the server made of the alias that the run gave.
func (r *renaming) isOf(address cupi.Object, userID string) bool {
	local, _, _ := strings.Cut(address["SmtpAddress"], "@")
	return strings.EqualFold(local, strings.ReplaceAll(r.from, " ", "_")) && model.Same("ObjectId", address[r.addresses.Of], userID)
}

func (r *renaming) notChecked() string {
	return fmt.Sprintf("not checked: whether the server keeps the alias %q as an SMTP proxy address, because it does not show them", r.from)
}

// afterRename takes away the address that the rename back has left.
func (u *undoing) afterRename(ctx context.Context, r *renaming) error {
	if r == nil {
		return nil
	}
	now, told, err := u.addressesOf(ctx, r.addresses)
	if err != nil {
		return err
	}
	if !r.told || !told {
		u.notes = append(u.notes, r.notChecked())
		return nil
	}
	for _, address := range now {
		if model.Holds(r.before, address["ObjectId"]) || !r.isOf(address, u.all.current(u.row.ObjectID)) {
			continue
		}
		gone := send.Change{Step: r.addresses.Name, Request: cupi.Delete(r.addresses.In(""), address["ObjectId"]),
			Before: model.Only(address, r.addresses.CreateFields...)}
		if _, err := u.make(ctx, gone); err != nil {
			return err
		}
		u.notes = append(u.notes, fmt.Sprintf("the server made %s an SMTP proxy address when the alias went back, and "+
			"that is taken away again", address["SmtpAddress"]))
	}
	return nil
}
