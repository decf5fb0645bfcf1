package cupitest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestTwentyClients is for the race detector: all write at once, each user is there in the end.
func TestTwentyClients(t *testing.T) {
	t.Parallel()
	s := &Server{Slots: 3, Latency: time.Millisecond, OnChange: func(Change) error { return nil }}
	c := serve(t, s, jsonType)
	var clients sync.WaitGroup
	for number := range 20 {
		clients.Go(func() {
			for turn := range 5 {
				alias := fmt.Sprintf("client%d-%d", number, turn)
				body := fmt.Sprintf(`{"Alias":%q,"DtmfAccessId":"%d"}`, alias, 1000+number*5+turn)
				made, err := c.try("POST", "/vmrest/users?templateAlias=voicemailusertemplate", body)
				if err != nil || made.status != http.StatusCreated {
					t.Errorf("%s: got status %d, error %v", alias, made.status, err)
					return
				}
				for _, request := range [][2]string{{"PUT", `{"City":"x"}`}, {"GET", ""}} {
					if answer, err := c.try(request[0], made.body, request[1]); err != nil || answer.status >= 300 {
						t.Errorf("%s %s: got status %d, error %v", request[0], alias, answer.status, err)
					}
				}
				c.try("GET", "/vmrest/users?rowsPerPage=10&query=(firstname isnull)", "")
				s.Snapshot()
				s.Requests()
			}
		})
	}
	clients.Wait()
	if got := len(s.Aliases()); got != 102 {
		t.Errorf("got %d users, want 102", got)
	}
	if got := s.MaxWorking(); got != 3 {
		t.Errorf("got %d requests worked on at once, want 3", got)
	}
	if got := s.MaxInFlight(); got <= 3 || got > 20 {
		t.Errorf("got %d requests in flight, want more than the 3 slots and at most 20", got)
	}
	if got := s.Requests()["POST /vmrest/users"]; got != 100 || s.Total() != 400 {
		t.Errorf("got %d creations of %d requests, want 100 of 400", got, s.Total())
	}
}

func TestQueueTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Latency: 15 * time.Second} // 5 slots, 20 s of queue: the third five wait too long
		statuses := make(chan int, 15)
		began := time.Now()
		for range 15 {
			go func() { statuses <- (&visitor{s: s}).get("a", "b").StatusCode }()
		}
		counts := map[int]int{}
		for range 15 {
			counts[<-statuses]++
		}
		if counts[200] != 10 || counts[503] != 5 || s.Busy() != 5 {
			t.Errorf("got %v, want 10 answers 200 and 5 answers 503", counts)
		}
		if got := time.Since(began); got != 30*time.Second {
			t.Errorf("got %v in all, want 30s", got)
		}
		if s.MaxWorking() != 5 || s.MaxInFlight() != 15 {
			t.Errorf("got %d worked on and %d in flight, want 5 and 15", s.MaxWorking(), s.MaxInFlight())
		}
	})
}

func TestQueueIsFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Slots: 1, Queue: 2, Latency: time.Second}
		statuses := make(chan int, 4)
		began := time.Now()
		for range 4 {
			go func() { statuses <- (&visitor{s: s}).get("a", "b").StatusCode }()
		}
		if got := <-statuses; got != 503 || time.Since(began) != 0 {
			t.Errorf("got %d after %v, want 503 at once", got, time.Since(began))
		}
		for range 3 {
			if got := <-statuses; got != 200 {
				t.Errorf("got %d, want 200", got)
			}
		}
	})
}
