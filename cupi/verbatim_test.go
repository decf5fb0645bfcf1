package cupi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestWhatIsSaidVerbatim(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!", handler: func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			w.Header().Set("Location", "/vmrest/users/"+someID)
			w.WriteHeader(http.StatusCreated)
		case http.MethodPut:
			reply(http.StatusBadRequest, "application/json", `{"errors":{"code":"DATA_EXCEPTION","message":"no"}}`)(w, r)
		default:
			reply(http.StatusOK, "application/json", `{"@total":"1","User":{"Alias":"ann"}}`)(w, r)
		}
	}}
	client, seen := setup(t, server.ServeHTTP)
	ctx := context.Background()

	raw, err := client.Say(ctx, Verbatim{Request: UpdateUser(someID, Object{"City": "Bonn"}), Header: map[string]string{"Content-Type": "", "Accept": "*/*"}})
	if err != nil || raw.Answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(raw.AnswerBody), "DATA_EXCEPTION") { // a refusal is no error
		t.Errorf("got %v, %v", raw.Answer, err)
	}
	sent := seen.list()[0].header
	if sent.Get("Accept") != "*/*" || sent.Values("Content-Type") != nil || sent.Get("Authorization") == "" {
		t.Errorf("sent %v", sent)
	}

	if raw, err = client.Say(ctx, Verbatim{Request: GetUser(someID), Expired: true}); err != nil || raw.Answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %v, %v", raw.Answer, err)
	}
	if raw, err = client.Say(ctx, Verbatim{Request: CreateUser("t", "", Object{"Alias": "ann"})}); err != nil || Made(raw) != someID {
		t.Errorf("made %q, %v", Made(raw), err)
	}
	server.forget() // and it signs in again by itself
	request := List(Users, Query{}, 1, 1)
	if raw, err = client.Say(ctx, Verbatim{Request: request}); err != nil || len(request.Shown(raw)) != 1 || request.Shown(raw)[0]["Alias"] != "ann" {
		t.Errorf("shows %v, %v", request.Shown(raw), err)
	}
	if client.SignIns() != 2 || len(seen.list()) != 5 {
		t.Errorf("%d sign-ins, %d requests", client.SignIns(), len(seen.list()))
	}

	var failure *Error
	if _, err = client.Say(ctx, Verbatim{Request: Request{Method: "GET", Path: "/cuadmin/home.do"}}); !errors.As(err, &failure) || failure.Kind != KindRequest || failure.Sent != NotSent {
		t.Errorf("got %v", err)
	}
}

// A wrong password is shown once.
func TestVerbatimWrongPassword(t *testing.T) {
	t.Parallel()
	client, seen := setup(t, (&sessions{password: "another"}).ServeHTTP)
	raw, err := client.Say(context.Background(), Verbatim{Request: OneUser()})
	if err != nil || raw.Answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %v, %v", raw.Answer, err)
	}
	var failure *Error
	if _, err = client.Say(context.Background(), Verbatim{Request: OneUser()}); !errors.As(err, &failure) || failure.Kind != KindSignIn || len(seen.list()) != 1 {
		t.Errorf("got %v after %d requests", err, len(seen.list()))
	}
}
