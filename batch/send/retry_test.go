package send

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi"
)

func TestRetryTableIsWhole(t *testing.T) {
	t.Parallel()
	table := newRetryTable()
	for _, test := range []struct {
		name   string
		err    cupi.Error
		method string
		want   Decision
	}{
		{"certificate", cupi.Error{Kind: cupi.KindCertificate, Sent: cupi.NotSent}, "GET", Stop},
		{"refused connection", cupi.Error{Kind: cupi.KindNetwork, Sent: cupi.NotSent}, "POST", Again},
		{"lost POST", cupi.Error{Kind: cupi.KindNetwork, Sent: cupi.InDoubt}, "POST", Reconcile},
		{"lost GET", cupi.Error{Kind: cupi.KindTimeout, Sent: cupi.InDoubt}, "GET", Again},
		{"lost DELETE", cupi.Error{Kind: cupi.KindTimeout, Sent: cupi.InDoubt}, "DELETE", Reconcile},
		{"201 cut off", cupi.Error{Kind: cupi.KindCut, Sent: cupi.Answered, Status: 201}, "POST", Reconcile},
		{"201 without an id", cupi.Error{Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: 201}, "POST", Reconcile},
		{"200 cut off", cupi.Error{Kind: cupi.KindCut, Sent: cupi.Answered, Status: 200}, "GET", Again},
		{"200 that is no document", cupi.Error{Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: 200}, "GET", Fail},
		{"login page", cupi.Error{Kind: cupi.KindWebPage, Sent: cupi.Answered, Status: 200}, "GET", Stop},
		{"wrong password", cupi.Error{Kind: cupi.KindSignIn, Sent: cupi.Answered, Status: 401}, "GET", Stop},
		{"redirect", cupi.Error{Kind: cupi.KindRedirect, Sent: cupi.Answered, Status: 302}, "PUT", Stop},
		{"400", cupi.Error{Kind: cupi.KindStatus, Status: 400}, "POST", Refused},
		{"404 of a GET", cupi.Error{Kind: cupi.KindStatus, Status: 404}, "GET", Absent},
		{"404 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 404}, "POST", Misplaced},
		{"429 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 429}, "POST", Again},
		{"503 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 503}, "POST", LookFirst},
		{"503 of a PUT", cupi.Error{Kind: cupi.KindStatus, Status: 503}, "PUT", Busy},
		{"507, which nobody names", cupi.Error{Kind: cupi.KindStatus, Status: 507}, "POST", Reconcile},
		{"418, which nobody names", cupi.Error{Kind: cupi.KindStatus, Status: 418}, "PUT", Fail},
	} {
		if got := table.Decide(test.method, &test.err); got != test.want {
			t.Errorf("%s: %s %s, want %s", test.name, test.method, got, test.want)
		}
	}
	for event, rule := range table {
		for _, d := range []Decision{rule.Get, rule.Post, rule.Put, rule.Delete} {
			if d == "" {
				t.Errorf("%s has no decision for some method", event)
			}
		}
	}
}

func TestRetryCountsAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		problem := errors.New("down")
		tries := 0
		err := DefaultPatience().Retry(t.Context(), 3, func(int) Next { tries++; return Next{Decision: Again, Err: problem} })
		if tries != 3 || !errors.Is(err, problem) {
			t.Errorf("%d tries and error %v, want 3 and the last try's own", tries, err)
		}
	})
}

func TestRetryWaitsForABusyServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		problem := errors.New("503")
		tries := 0
		err := DefaultPatience().Retry(t.Context(), 3, func(number int) Next {
			if tries++; tries == 20 {
				return Next{}
			}
			if number != 1 {
				t.Errorf("a 503 spent an attempt: number %d", number)
			}
			return Next{Decision: Busy, Err: problem}
		})
		if err != nil {
			t.Errorf("error %v after %d tries, want none: 503 is the server's way of saying wait", err, tries)
		}
	})
}

func TestRetryHonoursTheServersWish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		tries := 0
		_ = DefaultPatience().Retry(t.Context(), 3, func(int) Next {
			if tries++; tries == 2 {
				return Next{}
			}
			return Next{Decision: Busy, After: 20 * time.Second, Err: errors.New("503")}
		})
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("waited %s, want the 20 s that the server asked for", took)
		}
	})
}

func TestRetryStopsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := DefaultPatience().Retry(ctx, 3, func(int) Next {
			return Next{Decision: Again, After: time.Minute, Err: errors.New("down")}
		})
		var stop *record.Stop
		if !errors.As(err, &stop) || stop.Exit != record.ExitInterrupted {
			t.Errorf("error %v, want an interruption", err)
		}
		if took := time.Since(began); took != 100*time.Millisecond {
			t.Errorf("took %s, want 100 ms: the context ends the waiting", took)
		}
		tries := 0
		_ = DefaultPatience().Retry(ctx, 3, func(int) Next { tries++; return Next{} })
		if tries != 0 {
			t.Error("something was tried although the context had ended before")
		}
	})
}
