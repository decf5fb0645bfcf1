package doctor

import (
	"context"
	"fmt"
	"time"

	"cucbulk/cupi"
)

// Level says how a check of [Examine] ended.
type Level string

// The levels: a run would work, it would work but something should be mended, it
// would not work.
const (
	LevelOK   Level = "ok"
	LevelWarn Level = "warn"
	LevelFail Level = "fail"
)

// Finding is what one check found.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Found string `json:"found"`
	Mend  string `json:"mend,omitempty"` // what to do about it; empty with LevelOK
}

// Examination says what to look at.
type Examination struct {
	Config   cupi.Config
	Template string  // the template that must be there; empty: any
	Tenant   string  // the tenant to which a run will be narrowed; empty: to none
	Runs     string  // the folder in which runs will leave their folders
	Rate     float64 // requests a second at most; 0: as they come
}

// doctor asks the server, and tells what it finds.
type doctor struct {
	Examination
	report func(Finding)
	took   time.Duration // by the last request; 0: there was none
}

// ask sends the next request, when the rate allows it.
func (d *doctor) ask(ctx context.Context, client *cupi.Client, request cupi.Request) (cupi.Answer, error) {
	if d.took > 0 && d.Rate > 0 {
		select {
		case <-time.After(time.Duration(float64(time.Second) / d.Rate)):
		case <-ctx.Done():
			return cupi.Answer{}, ctx.Err()
		}
	}
	began := time.Now()
	answer, err := client.Do(ctx, request)
	d.took = max(time.Since(began), 1)
	return answer, err
}

// all reads a list to its end, which is told by its total, or by a page that has nothing.
func (d *doctor) all(ctx context.Context, client *cupi.Client, list cupi.Collection) (items []cupi.Object, err error) {
	for page := 1; ; page++ {
		answer, err := d.ask(ctx, client, cupi.List(list, cupi.Query{}, page, 100))
		if err != nil {
			return nil, err
		}
		items = append(items, answer.Page.Items...)
		if len(answer.Page.Items) == 0 || len(items) >= answer.Page.Total {
			return items, nil
		}
	}
}

func (d *doctor) ok(check, format string, values ...any) {
	d.report(Finding{Check: check, Level: LevelOK, Found: fmt.Sprintf(format, values...)})
}

func (d *doctor) warn(check, found, mend string) {
	d.report(Finding{check, LevelWarn, found, mend})
}

func (d *doctor) fail(check, found, mend string) {
	d.report(Finding{check, LevelFail, found, mend})
}

// rounded is a duration as people say it.
func rounded(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond)
	}
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
