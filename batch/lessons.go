package batch

import (
	"strings"
	"sync"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// What a template gives a new user is nowhere told for sure, so it is learned from the users
// that the run makes of it: two are read whole before anything of theirs is changed. What the
// two agree on, the others are taken to have too, and a change to just that is left out. It is
// a guess until a user is looked at that was made later, see confirm.go.

// lessons are what a run has learned so far. The zero value is ready for use.
type lessons struct {
	mutex   sync.Mutex
	learned map[subject]*lesson
}

// subject is one part of users that are alike.
type subject struct{ alike, step string }

// lesson is what is known of it.
type lesson struct {
	teachers int           // users that have been read, or are being read
	failed   int           // users that could not be read
	seen     []cupi.Object // what they had
	since    time.Time     // when the first of these had been made
}

// enoughTeachers is how many users must agree. Of a part that could not be read of so many nothing
// is learned: the server may not show it.
const (
	enoughTeachers = 2
	mostFailed     = 3
)

// newcomer is the user that a row makes beside others that are alike, as far as its run learns
// of them what their template gives. Its row's worker has it first, and then the coordinator.
type newcomer struct {
	lessons *lessons
	alike   string                 // see [plan.Plan.Alike]; "": nothing is learned of it, or left out
	left    map[string]cupi.Object // by step: the fields that are not sent, because the template gives them
	before  time.Time              // the user was not made yet
	by      time.Time              // it was made
}

// tellLeft says in a result what was left out. Until a user is looked at that was made later, it
// is not known that the template gave it.
func (n *newcomer) tellLeft(result record.Result) record.Result {
	if len(n.left) > 0 {
		result.AsTemplate, result.Unconfirmed = n.left, true
	}
	return result
}

// claim reports whether a part of the caller's user is to be read, so that others learn of it.
func (l *lessons) claim(of subject) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.learned == nil {
		l.learned = map[subject]*lesson{}
	}
	if l.learned[of] == nil {
		l.learned[of] = &lesson{}
	}
	lesson := l.learned[of]
	if lesson.teachers == enoughTeachers || lesson.failed >= mostFailed {
		return false
	}
	lesson.teachers++
	return true
}

// giveUp takes a claim back: the part could not be read.
func (l *lessons) giveUp(of subject) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if lesson := l.learned[of]; lesson != nil {
		lesson.teachers--
		lesson.failed++
	}
}

// teach notes what a part was when its user was new, who was made by a time.
func (l *lessons) teach(of subject, part cupi.Object, by time.Time) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if lesson := l.learned[of]; lesson != nil && len(lesson.seen) < enoughTeachers {
		lesson.seen = append(lesson.seen, part)
		if lesson.since.IsZero() || by.Before(lesson.since) {
			lesson.since = by
		}
	}
}

// gives is what a part of a new user is taken to be who was not made before a time; nil while that
// is not known. Of one who may have been made before those who teach, it is not: the template may
// have been another then, and no look at a later user would tell.
func (l *lessons) gives(of subject, notBefore time.Time) cupi.Object {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	lesson := l.learned[of]
	if lesson == nil || len(lesson.seen) < enoughTeachers || notBefore.Before(lesson.since) {
		return nil
	}
	given := cupi.Object{}
	for name, value := range lesson.seen[0] {
		if also, shown := lesson.seen[1][name]; shown && also == value {
			given[name] = value
		}
	}
	return given
}

// forget drops what was learned of users that are alike: their template is not what it was.
func (l *lessons) forget(alike string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for of := range l.learned {
		if of.alike == alike {
			delete(l.learned, of)
		}
	}
}

// impersonal leaves out of a part what may come from the user itself, and not from its template.
func impersonal(part, user cupi.Object) cupi.Object {
	var own []string
	for name, value := range user {
		if column, known := validate.ColumnOfField(name); value != "" &&
			(strings.HasSuffix(name, "ObjectId") && !known || known && (column.Describes() || column.Reaches())) {
			own = append(own, strings.ToLower(value))
		}
	}
	kept := cupi.Object{}
	for name, value := range part {
		if !speaksOf(strings.ToLower(value), own) {
			kept[name] = value
		}
	}
	return kept
}

// speaksOf reports whether a value is one of a user's own, or holds one that is long enough not
// to be there by chance.
func speaksOf(value string, own []string) bool {
	for _, text := range own {
		if value == text || len(text) > 2 && strings.Contains(value, text) {
			return true
		}
	}
	return false
}

// notWritten leaves out of a part what the user's own row has written to it, or what
// goes with that.
func notWritten(part cupi.Object, written []cupi.Object) cupi.Object {
	kept := cupi.Object{}
	for name, value := range part {
		kept[name] = value
	}
	for _, fields := range written {
		for name := range fields {
			delete(kept, name)
		}
		for _, group := range model.Together() {
			for _, name := range group {
				if _, is := fields[name]; is {
					for _, other := range group {
						delete(kept, other)
					}
				}
			}
		}
		for name := range part {
			if model.Follows(name, fields) {
				delete(kept, name)
			}
		}
	}
	return kept
}
