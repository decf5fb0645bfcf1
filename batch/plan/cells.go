package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// cellsOf is the digest of what a row asks, by which it is known again in a later run. "" stands
// for a row that sends a secret to a user who is there: of that nothing is ever kept, so nobody
// can tell whether it is the same. A secret that is only for users that are made is left out.
func cellsOf(r validate.Record, resetCredentials bool) string {
	hash := sha256.New()
	add := func(text string) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		hash.Write(length[:])
		hash.Write([]byte(text))
	}
	for _, text := range []string{string(r.Operation), r.Key, r.KeyValue, r.Alias, r.DtmfAccessId, r.ObjectId, r.NewAlias,
		r.TemplateAlias, r.Pkid, r.MailboxStoreObjectId} {
		add(text)
	}
	if r.Asks != "" {
		add("asks " + string(r.Asks) + " of " + r.MemberKind)
		add(r.Member)
	}
	if r.KeepsMailbox {
		add("keeps the mailbox")
	}
	if r.ReassignTo != "" { // earlier versions had no such column
		add("successor " + r.ReassignTo)
	}
	for _, step := range slices.Sorted(maps.Keys(r.Steps)) {
		fields := cupi.Object{}
		for name, value := range r.Steps[step] {
			switch {
			case !model.Secret(name):
				fields[name] = value
			case r.Operation != validate.Upsert || resetCredentials || model.KindOf(step).WriteOnly != name:
				return ""
			}
		}
		add("step " + step)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			add(name)
			add(fields[name])
		}
	}
	for _, name := range r.Names {
		add(fmt.Sprint("name ", name.List))
		for _, text := range []string{name.Column, name.Collection, name.Name, name.Field, name.Step} {
			add(text)
		}
	}
	for _, column := range r.Literal {
		add("literal " + column)
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}
