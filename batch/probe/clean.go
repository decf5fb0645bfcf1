package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"cucbulk/cupi"
)

// ErrUncertain is wrapped by what says that the probe's user may be there still, or may yet come.
var ErrUncertain = errors.New("it is not proven that the probe's user is gone")

// attempts is how often each request of a removal is sent at most, and firstPause how long the
// first wait between two is; each other is twice as long.
const (
	attempts   = 4
	firstPause = time.Second
)

// removal deletes the probe's user.
type removal struct {
	client *cupi.Client
	own    *own
	doubt  time.Duration // after so long what has not come will not come
	pause  func(time.Duration)
}

// Clean deletes the user that a probe made which was cut off, by the file at [Owned] of path, and
// removes that file. It says what it found.
func Clean(client *cupi.Client, path string, doubt time.Duration) (string, error) {
	o, err := readOwn(Owned(path))
	if err != nil {
		return "", err
	}
	if len(o.Aliases) > 0 && !strings.EqualFold(o.Server, client.Server()) {
		o.leave()
		return "", fmt.Errorf("%s is of a probe of another server, %s: nothing was sent; give that one with --server", o.path, o.Server)
	}
	return (&removal{client, o, doubt, time.Sleep}).finish()
}

// finish deletes the user, if it is there, and removes the file when nothing of it is left.
func (r *removal) finish() (found string, err error) {
	found = "no request that could make a user had been sent"
	if r.own.Sent != nil {
		found, err = r.remove()
	}
	if err != nil {
		r.own.leave()
		return "", err
	}
	return found, r.own.forget()
}

func (r *removal) remove() (found string, err error) {
	told, another := r.own.ID != "", false
	if told {
		user, err := r.ask(cupi.GetUser(r.own.ID))
		switch {
		case err != nil && !isGone(err):
			return "", uncertain(err)
		case err != nil:
			r.own.ID = ""
		case !r.own.has(user.Object["Alias"]): // the server named somebody else, who is left alone
			r.own.ID, another = "", true
		}
	}
	if r.own.ID == "" {
		if err := r.find(); err != nil {
			return "", err
		}
	}
	switch {
	case r.own.ID != "":
		found, err = "the user was deleted", r.delete()
	case another:
		err = fmt.Errorf("%w: the server gave it the ObjectId of a user with another alias, who was left alone; look "+
			"for %s on the server", ErrUncertain, strings.Join(r.own.Aliases, " or "))
	case told:
		found = "the user is gone"
	default:
		found = "there is no such user"
	}
	if err == nil && (r.own.Lost || !told && r.own.ID == "" && r.own.open()) {
		err = r.waits()
	}
	return found, err
}

// delete deletes the user, and sees that it is gone.
func (r *removal) delete() error {
	if _, err := r.ask(cupi.DeleteUser(r.own.ID)); err != nil && !isGone(err) {
		return uncertain(err)
	}
	id := r.own.ID
	r.own.ID = ""
	switch _, err := r.ask(cupi.GetUser(id)); {
	case err == nil:
		return fmt.Errorf("%w: the server says that it was deleted, and still shows it", ErrUncertain)
	case !isGone(err):
		return uncertain(err)
	}
	if err := r.find(); err != nil || r.own.ID == "" {
		return err
	}
	return fmt.Errorf("%w: the server says that it was deleted, and still lists it", ErrUncertain)
}

// waits says how long a request without an answer may still be carried out.
func (r *removal) waits() error {
	left := r.doubt - time.Since(*r.own.Sent)
	if left <= 0 {
		return nil
	}
	return fmt.Errorf("%w: no answer came to a request that makes it, which may still be carried out; look again in %s",
		ErrUncertain, left.Round(time.Second)+time.Second)
}

func uncertain(err error) error { return fmt.Errorf("%w: %w", ErrUncertain, err) }

// isGone reports whether the server says that nobody has the id: real ones say it in two ways.
func isGone(err error) bool {
	var failure *cupi.Error
	return errors.As(err, &failure) && failure.Kind == cupi.KindStatus &&
		(failure.Status == http.StatusNotFound || failure.Status == http.StatusBadRequest && failure.Method == http.MethodGet)
}

const pageRows = 100

// find looks for the user by its aliases, and keeps its id. It must show the probe's second mark.
func (r *removal) find() error {
	for _, alias := range r.own.Aliases {
		for page := 1; ; page++ {
			listed, err := r.ask(cupi.List(cupi.Users, cupi.Query{Column: "Alias", Op: cupi.Is, Value: alias}, page, pageRows))
			if err != nil {
				return uncertain(err)
			}
			for _, user := range listed.Page.Items {
				if !r.own.has(user["Alias"]) || user["ObjectId"] == "" {
					continue
				}
				whole, err := r.ask(cupi.GetUser(user["ObjectId"]))
				switch {
				case isGone(err):
				case err != nil:
					return uncertain(err)
				case whole.Object["BillingId"] != r.own.Mark || !r.own.has(whole.Object["Alias"]):
					return fmt.Errorf("%w: there is a user %s without the probe's mark, which was left alone", ErrUncertain, user["Alias"])
				default:
					return r.own.made(user["ObjectId"])
				}
			}
			if len(listed.Page.Items) == 0 || page*pageRows >= listed.Page.Total {
				break
			}
		}
	}
	return nil
}

// ask sends a request until it is answered, but not for ever.
func (r *removal) ask(request cupi.Request) (answer cupi.Answer, err error) {
	wait := firstPause
	for n := 1; ; n++ {
		answer, err = r.client.Do(context.Background(), request)
		var failure *cupi.Error
		if err == nil || n == attempts || !errors.As(err, &failure) || !mayPass(failure) {
			return answer, err
		}
		r.pause(wait)
		wait *= 2
	}
}

// mayPass reports whether the same request may fare better.
func mayPass(failure *cupi.Error) bool {
	switch failure.Kind {
	case cupi.KindSignIn, cupi.KindCertificate, cupi.KindRequest, cupi.KindRedirect:
		return false
	case cupi.KindStatus:
		return failure.Status >= 500 || failure.Status == http.StatusUnauthorized
	}
	return true
}
