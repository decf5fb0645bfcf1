package batch

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
		want   decision
	}{
		{"certificate", cupi.Error{Kind: cupi.KindCertificate, Sent: cupi.NotSent}, "GET", stop},
		{"refused connection", cupi.Error{Kind: cupi.KindNetwork, Sent: cupi.NotSent}, "POST", again},
		{"lost POST", cupi.Error{Kind: cupi.KindNetwork, Sent: cupi.InDoubt}, "POST", settle},
		{"lost GET", cupi.Error{Kind: cupi.KindTimeout, Sent: cupi.InDoubt}, "GET", again},
		{"lost DELETE", cupi.Error{Kind: cupi.KindTimeout, Sent: cupi.InDoubt}, "DELETE", settle},
		{"201 cut off", cupi.Error{Kind: cupi.KindCut, Sent: cupi.Answered, Status: 201}, "POST", settle},
		{"201 without an id", cupi.Error{Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: 201}, "POST", settle},
		{"200 cut off", cupi.Error{Kind: cupi.KindCut, Sent: cupi.Answered, Status: 200}, "GET", again},
		{"200 that is no document", cupi.Error{Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: 200}, "GET", fail},
		{"login page", cupi.Error{Kind: cupi.KindWebPage, Sent: cupi.Answered, Status: 200}, "GET", stop},
		{"wrong password", cupi.Error{Kind: cupi.KindSignIn, Sent: cupi.Answered, Status: 401}, "GET", stop},
		{"redirect", cupi.Error{Kind: cupi.KindRedirect, Sent: cupi.Answered, Status: 302}, "PUT", stop},
		{"400", cupi.Error{Kind: cupi.KindStatus, Status: 400}, "POST", refused},
		{"404 of a GET", cupi.Error{Kind: cupi.KindStatus, Status: 404}, "GET", absent},
		{"404 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 404}, "POST", misplaced},
		{"429 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 429}, "POST", again},
		{"503 of a POST", cupi.Error{Kind: cupi.KindStatus, Status: 503}, "POST", lookFirst},
		{"503 of a PUT", cupi.Error{Kind: cupi.KindStatus, Status: 503}, "PUT", busy},
		{"507, which nobody names", cupi.Error{Kind: cupi.KindStatus, Status: 507}, "POST", settle},
		{"418, which nobody names", cupi.Error{Kind: cupi.KindStatus, Status: 418}, "PUT", fail},
	} {
		if got := table.decide(test.method, &test.err); got != test.want {
			t.Errorf("%s: %s %s, want %s", test.name, test.method, got, test.want)
		}
	}
	for event, rule := range table {
		for _, d := range []decision{rule.get, rule.post, rule.put, rule.delete} {
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
		err := defaultPatience().retry(t.Context(), 3, func(int) next { tries++; return next{decision: again, err: problem} })
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
		err := defaultPatience().retry(t.Context(), 3, func(number int) next {
			if tries++; tries == 20 {
				return next{}
			}
			if number != 1 {
				t.Errorf("a 503 spent an attempt: number %d", number)
			}
			return next{decision: busy, err: problem}
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
		_ = defaultPatience().retry(t.Context(), 3, func(int) next {
			if tries++; tries == 2 {
				return next{}
			}
			return next{decision: busy, after: 20 * time.Second, err: errors.New("503")}
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
		err := defaultPatience().retry(ctx, 3, func(int) next { return next{decision: again, after: time.Minute, err: errors.New("down")} })
		var stop *record.Stop
		if !errors.As(err, &stop) || stop.Exit != record.ExitInterrupted {
			t.Errorf("error %v, want an interruption", err)
		}
		if took := time.Since(began); took != 100*time.Millisecond {
			t.Errorf("took %s, want 100 ms: the context ends the waiting", took)
		}
		tries := 0
		_ = defaultPatience().retry(ctx, 3, func(int) next { tries++; return next{} })
		if tries != 0 {
			t.Error("something was tried although the context had ended before")
		}
	})
}
