package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/cupi/trace"
)

// mostSilent is after how many requests in a row without a proper answer a walk ends.
const mostSilent = 3

// walk is the way through the table on one server.
type walk struct {
	client *cupi.Client
	values values
	marks  *trace.Marks
	own    *own // nil: of the simulator, which is thrown away
	rate   float64

	proven bool            // the user was read, and has the walk's alias
	parts  map[string]bool // ids that stand for the walk's own parts outside its user
	silent int             // requests in a row without a proper answer
	last   time.Time       // when the last request was sent
}

// outcome is what came of a try.
type outcome struct {
	exchange trace.Exchange
	sent     bool
	why      string // it was not sent, or not answered
}

// errEnd ends a walk; what is wrapped says why.
var errEnd = errors.New("the walk ends here")

func newWalk(client *cupi.Client, v values, template, shown string, rate float64) *walk {
	w := &walk{client: client, values: maps.Clone(v), marks: trace.NewMarks(time.Now()), rate: rate, parts: map[string]bool{}}
	w.marks.Elements = 200
	w.values["template"] = template
	w.marks.Keep(template, shown)
	for name, value := range v {
		if !secret[name] {
			w.marks.Keep(value, value)
		}
	}
	return w
}

// step takes one try. An error ends the walk.
func (w *walk) step(ctx context.Context, t *try) (outcome, error) {
	request, missing, err := w.request(t)
	switch {
	case err != nil:
		return outcome{}, err
	case missing != "" && t.what == "tidy":
		return outcome{}, nil
	case missing != "":
		return outcome{why: "there is no " + missing}, nil
	}
	if refusal := w.harmless(request.Request); refusal != "" {
		return outcome{why: refusal}, nil
	}
	makes := w.makes(request.Request)
	if makes && w.own != nil {
		if err := w.own.sending(); err != nil {
			return outcome{}, fmt.Errorf("%w: %w", errEnd, err)
		}
	}
	if err := w.pace(ctx); err != nil {
		return outcome{}, err
	}
	raw, err := w.client.Say(context.WithoutCancel(ctx), request) // what is on its way is not cut off
	if err != nil {
		return w.unanswered(makes, err)
	}
	return w.answered(t, request, makes, raw)
}

// pace waits until the rate allows the next request.
func (w *walk) pace(ctx context.Context) error {
	if w.rate > 0 && !w.last.IsZero() {
		select {
		case <-time.After(time.Until(w.last.Add(time.Duration(float64(time.Second) / w.rate)))):
		case <-ctx.Done():
		}
	}
	w.last = time.Now()
	return ctx.Err()
}

func (w *walk) unanswered(makes bool, err error) (outcome, error) {
	var failure *cupi.Error
	errors.As(err, &failure)
	if err := w.note(makes, failure.Sent == cupi.NotSent); err != nil {
		return outcome{}, err
	}
	if w.silent++; failure.Kind == cupi.KindSignIn || failure.Kind == cupi.KindCertificate || w.silent >= mostSilent {
		return outcome{}, fmt.Errorf("%w: %w", errEnd, err)
	}
	return outcome{why: "no answer: " + err.Error()}, nil
}

func (w *walk) answered(t *try, request cupi.Verbatim, makes bool, raw trace.Raw) (outcome, error) {
	status := raw.Answer.StatusCode
	if w.own == nil {
		raw.Clean = nil // nobody ever sees it
	}
	o := outcome{exchange: w.marks.Exchange(raw), sent: true}
	switch {
	case status == http.StatusUnauthorized && raw.Request.Header.Get("Authorization") != "":
		return outcome{}, fmt.Errorf("%w: the server refuses the account or its password", errEnd)
	case status == http.StatusServiceUnavailable:
		o.sent, o.why = false, "the server is too busy (503)"
		if w.silent++; w.silent >= mostSilent {
			return o, errors.Join(fmt.Errorf("%w: the server is too busy (503)", errEnd), w.note(makes, true))
		}
		return o, w.note(makes, true)
	case status >= 400:
		if err := w.note(makes, status < 500); err != nil {
			return o, err
		}
	}
	w.silent = 0
	return o, w.learn(t, request.Request, makes, raw)
}

// note keeps how a request that makes the user ended which did not make it, or of which that is
// not known.
func (w *walk) note(makes, refused bool) (err error) {
	switch {
	case !makes || w.own == nil:
	case refused:
		err = w.own.refused()
	default:
		err = w.own.lost()
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", errEnd, err)
	}
	return err
}

// learn takes from an answer what later tries need.
func (w *walk) learn(t *try, request cupi.Request, makes bool, raw trace.Raw) error {
	if id := cupi.Made(raw); id != "" {
		if makes {
			if w.own != nil {
				if err := w.own.made(id); err != nil {
					return fmt.Errorf("%w: %w", errEnd, err)
				}
			}
		} else if request.Method == http.MethodPost {
			w.parts[id] = true
		}
		for _, l := range t.learns {
			if l.field == "" {
				w.values[l.name] = id
			}
		}
		return nil
	}
	if request.Method != http.MethodGet {
		return nil
	}
	for _, object := range request.Shown(raw) {
		if t.where[0] != "" && !strings.EqualFold(object[t.where[0]], t.where[1]) {
			continue
		}
		if id := w.values["user"]; id != "" && request.Path == cupi.GetUser(id).Path {
			mine := w.isOwn(object["Alias"])
			if w.proven = w.proven || mine; !mine {
				return fmt.Errorf("%w: the server says that the new user has the ObjectId of another one; nothing of "+
					"that one was changed", errEnd)
			}
		}
		for _, l := range t.learns {
			if w.values[l.name] == "" && l.field != "" {
				w.values[l.name] = object[l.field]
			}
		}
		break
	}
	return nil
}

func (w *walk) isOwn(alias string) bool {
	return model.Fold(alias) == model.Fold(w.values["alias"]) || model.Fold(alias) == model.Fold(w.values["renamed"])
}

// request fills a try. missing is what it needs and the walk does not know.
func (w *walk) request(t *try) (v cupi.Verbatim, missing string, err error) {
	note := func(text, lacking string) string {
		if missing == "" {
			missing = lacking
		}
		return text
	}
	path, query, _ := strings.Cut(t.target, "?")
	v = cupi.Verbatim{Header: t.header, Expired: t.expired, Sound: sounds[t.sound]}
	v.Request = cupi.Request{Method: t.method, Wrapper: t.list, Root: t.root,
		Path: "/vmrest/" + note(w.values.in(path, url.PathEscape)), Query: note(w.values.in(query, inQuery))}
	if t.fields != nil {
		v.Fields = cupi.Object{}
	}
	for name, text := range t.fields {
		value := note(w.values.in(text, plainly))
		v.Fields[name] = value
		if !strings.Contains(text, "{") || strings.Contains(text, ":") { // it is the table's own
			w.marks.Keep(value, value)
		}
	}
	return v, missing, nil
}

// makes reports whether a request may make the user.
func (w *walk) makes(r cupi.Request) bool {
	return r.Method == http.MethodPost && r.Path == cupi.Users.Path
}

// ownersOf are the lists of all users' entries, and the field that says whose one is.
var ownersOf = map[string]string{cupi.SmtpProxyAddresses.Path: "ObjectGlobalUserObjectId", cupi.AlternateNames.Path: "GlobalUserObjectId"}

// harmless says why a request could touch what is not the walk's own, "" if it can't.
func (w *walk) harmless(r cupi.Request) string {
	const not = "it would touch what is not the probe's own"
	if r.Method == http.MethodGet {
		return ""
	}
	if w.makes(r) {
		if w.isOwn(r.Fields["Alias"]) {
			return ""
		}
		return not
	}
	parent := r.Path[:strings.LastIndexByte(r.Path, '/')]
	if field := ownersOf[r.Path]; field != "" && r.Method == http.MethodPost && r.Fields[field] == w.values["user"] && w.proven {
		return ""
	}
	if ownersOf[parent] != "" && w.parts[model.LastPart(r.Path)] {
		return ""
	}
	within := func(collection cupi.Collection, id string) bool {
		at := collection.Path + "/" + id
		return id != "" && (r.Path == at || strings.HasPrefix(r.Path, at+"/"))
	}
	switch {
	case w.isNobodys(r.Path):
		return ""
	case within(cupi.Users, w.values["user"]), within(cupi.CallHandlers, w.values["handler"]):
		if !w.proven {
			return "the user is not proven to be the probe's own"
		}
		return ""
	}
	return not
}

// nobodys are the lists of which the walk asks for an id that it drew: a server has nothing to change there. A voice file
// that it made all the same would be gone after 30 minutes, and is named nowhere.
var nobodys = []string{cupi.Users.Path, "/vmrest/ports", "/vmrest/voicefiles"}

// isNobodys reports whether a path is of what nobody has.
func (w *walk) isNobodys(path string) bool {
	id := w.values["unknown"]
	return id != "" && slices.ContainsFunc(nobodys, func(list string) bool {
		at := list + "/" + id
		return path == at || path == at+".wav" || list == cupi.Users.Path && strings.HasPrefix(path, at+"/")
	})
}

// sentIn lists the fields that the tries of each part send: those whose values are compared.
func sentIn(tries []try) map[string][]string {
	names := map[string][]string{}
	for _, t := range tries {
		for _, name := range t.sends {
			if !slices.Contains(names[t.part], name) {
				names[t.part] = append(names[t.part], name)
			}
		}
	}
	return names
}
