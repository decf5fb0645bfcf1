package torture

import (
	"io"
	"net/http"
	"time"
)

// cell is what the first start says of the row whose request a fault strikes, by the
// request's method: its status, or the code with which the run stops. Every row that
// a stop leaves pending is done by the resume.
type cell struct {
	fault                  string
	post, put, delete, get string
	strike                 strike
}

// cutOff is a row whose own change was answered in a way that ends the run: what became
// of it is for the resume to find out.
const cutOff = "uncertain interrupted"

// strike gives the client, of a request, what the fault leaves of its answer.
type strike func(m *matrix, w http.ResponseWriter, r *http.Request)

// matrixCells is the whole table. The GET is the one by which an update reads its
// pre-image.
//
// With the process dying at the fault or shortly after, in place of going on, the
// table is simpler: the resume ends every cell as if there had been no fault.
func matrixCells() []cell {
	return []cell{
		{"refused", "created", "updated", "deleted", "updated", nil}, // see [matrix.refuse]
		{"reset before commit", "created", "updated", "deleted", "updated", func(_ *matrix, w http.ResponseWriter, _ *http.Request) { cut(w, nil) }},
		{"cut after commit", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			m.carryOut(r)
			cut(w, nil)
		}},
		{"half header", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			answer, head := m.carryOut(r)
			cut(w, answer[:1+m.random.IntN(head-1)])
		}},
		{"half body", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			answer, head := m.carryOut(r)
			if body := len(answer) - head; body > 0 { // a 204 has none, and is whole
				answer = answer[:head+m.random.IntN(body)]
			}
			cut(w, answer)
		}},
		{"500 after commit", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			m.carryOut(r)
			http.Error(w, "<html>Exception</html>", http.StatusInternalServerError)
		}},
		{"503 after commit", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			m.carryOut(r)
			http.Error(w, "<html>Busy</html>", http.StatusServiceUnavailable)
		}},
		{"late commit after the look-up", "created", "updated", "deleted", "updated", func(m *matrix, w http.ResponseWriter, r *http.Request) {
			later := time.Second + time.Duration(m.random.Int64N(int64(doubt/2)))
			m.late.Go(func() {
				time.Sleep(later) // of the bubble's clock
				m.carryOut(r)
			})
			cut(w, nil)
		}},
		{"redirect", cutOff, cutOff, cutOff, "redirect", func(_ *matrix, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/cuadmin/home.do", http.StatusFound)
		}},
		{"HTML login page", "created", "updated", "deleted", "web-page", func(_ *matrix, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html;charset=utf-8")
			_, _ = io.WriteString(w, "<!DOCTYPE html><html><body>Sign in</body></html>") // the client hears it or has gone
		}},
	}
}
