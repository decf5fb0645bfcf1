package send

import (
	"maps"
	"slices"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Unconfirmed is what a run has learned of what a server may not have: fields of an object, and whole parts of one, by
// the names of their kinds. The zero value knows nothing; nil stands for a run whose rows fail for want of such things.
type Unconfirmed struct {
	mutex sync.Mutex
	has   map[possession]bool
	once  map[possession]bool // a row was refused it, for its value perhaps
}

// possession is one thing that objects of a kind may have.
type possession struct {
	about *model.Object
	name  string
}

// newUnconfirmed knows nothing yet.
func newUnconfirmed() *Unconfirmed {
	return &Unconfirmed{has: map[possession]bool{}, once: map[possession]bool{}}
}

// Learn notes that the server has something, or does not. What it was seen to have, it has.
func (u *Unconfirmed) Learn(about *model.Object, has bool, names ...string) {
	if u == nil {
		return
	}
	u.mutex.Lock()
	defer u.mutex.Unlock()
	for _, name := range names {
		one := possession{about, name}
		u.has[one] = has || u.has[one]
	}
}

// Refused notes what a row was refused. Of one thing the value may be the reason; of several, and of one that was refused
// to another row before, it is not: then it is known that the server does not have it.
func (u *Unconfirmed) Refused(about *model.Object, names ...string) (known bool) {
	if u == nil {
		return false
	}
	u.mutex.Lock()
	defer u.mutex.Unlock()
	for _, name := range names {
		one := possession{about, name}
		if len(names) > 1 || u.once[one] {
			known = true
			if _, noted := u.has[one]; !noted {
				u.has[one] = false
			}
		}
		u.once[one] = true
	}
	return known
}

// Lacking gives those of some names of which it is known that the server does not have them.
func (u *Unconfirmed) Lacking(about *model.Object, names cupi.Object) []string {
	return u.those(about, names, func(has, known bool) bool { return known && !has })
}

// Perhaps gives those of some names that the server was not seen to have.
func (u *Unconfirmed) Perhaps(about *model.Object, names cupi.Object) []string {
	return u.those(about, names, func(has, _ bool) bool { return !has })
}

func (u *Unconfirmed) those(about *model.Object, names cupi.Object, which func(has, known bool) bool) (those []string) {
	if u == nil || !about.MayLack {
		return nil
	}
	u.mutex.Lock()
	defer u.mutex.Unlock()
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if has, known := u.has[possession{about, name}]; which(has, known) {
			those = append(those, name)
		}
	}
	return those
}
