package batch

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// Preparation is a checked input whose every row was planned against a server, and can be
// run.
type Preparation struct {
	*plan.Prepared
}

// Preflight signs in, learns what the run must know of the server, and plans
// every row. Conflicts go to report, and make their rows invalid. It changes
// nothing on the server. The rows find what the files leave that are run before, which are prepared.
func Preflight(ctx context.Context, server send.Server, checked *plan.Checked, report func(validate.Problem),
	before ...*Preparation) (*Preparation, error) {
	var files []*plan.Prepared
	for _, file := range before {
		files = append(files, file.Prepared)
	}
	p, err := plan.Prepare(ctx, server, checked, files...)
	if err != nil {
		return nil, err
	}
	return &Preparation{p}, p.Arrange(ctx, nil, report)
}

// Refuse records an input that is not sent because rows of it are invalid: exit
// code 3. It needs no server.
func Refuse(checked *plan.Checked, recorder Recorder) (Summary, error) {
	p := &Preparation{plan.WithoutServer(checked)}
	return p.Refuse(recorder)
}

// Lay begins the record of a run whose turn comes later: what was asked, of which input.
// [Preparation.Run] goes on with it.
func Lay(checked *plan.Checked, recorder Recorder) error {
	p := &Preparation{plan.WithoutServer(checked)}
	run, err := p.open(recorder)
	if err != nil {
		return err
	}
	return run.Writer.Close()
}

// Refuse records an input that is not sent because the pre-flight found
// conflicts: exit code 3.
func (p *Preparation) Refuse(recorder Recorder) (Summary, error) {
	run, err := p.open(recorder)
	if err != nil {
		return Summary{}, err
	}
	if p.Session != nil { // a server was asked
		if err := run.Writer.Append(record.RecordBegin, beginning(p.Prepared)); err != nil {
			run.Writer.Close()
			return Summary{}, err
		}
	}
	return p.refuse(run)
}

// Run carries the plans out, and journals whatever it does. Invalid rows are
// left out, each with its result. A row's failure is in its result; the error is
// not nil only when the record of the run could not be kept.
func (p *Preparation) Run(ctx context.Context, recorder Recorder) (Summary, error) {
	if err := p.Input.Verify(); err != nil {
		return Summary{}, err
	}
	run, err := p.open(recorder)
	if err != nil {
		return Summary{}, err
	}
	return newExecutor(p.Prepared, run).carryOut(ctx)
}

// open starts the journal with its header, or goes on behind the one that [Lay] wrote.
func (p *Preparation) open(recorder Recorder) (*Running, error) {
	path := filepath.Join(recorder.Folder, record.JournalFile)
	if recorder.Laid != nil {
		recorder.Journal.Expect = &recorder.Laid.Tail
		writer, err := journal.Continue(path, recorder.Journal)
		if err != nil {
			return nil, err
		}
		return NewRunning(writer, recorder, p.Rows), nil
	}
	writer, err := journal.Create(path, recorder.Journal)
	if err != nil {
		return nil, err
	}
	header := record.Header{Version: record.FormatVersion, Tool: recorder.Tool, Kind: record.KindRun,
		Started: time.Now().UTC(), Input: p.Input, Options: p.Options, Rows: p.Rows, Secrets: p.Header.Secret(), Typed: recorder.Typed}
	if err := writer.Append(record.RecordHeader, header); err != nil {
		writer.Close()
		return nil, err
	}
	return NewRunning(writer, recorder, p.Rows), nil
}

// refuse gives every settled row its result and ends with exit code 3.
func (p *Preparation) refuse(r *Running) (Summary, error) {
	for record, err := range p.DecodedRows() {
		if err != nil {
			r.Writer.Close()
			return Summary{}, err
		}
		if end, settled := p.Verdicts[record.Row]; settled {
			r.Finish(pool.Outcome{Result: resultOfEnded(plan.EndedPlan(record, p.Header, end))})
		}
	}
	reason := fmt.Sprintf("invalid rows: %d, so nothing was sent", p.Invalid)
	if !p.Refused() {
		reason = "rows of a file that is one run with this one are invalid, so nothing was sent"
	}
	return r.End(record.Footer{Exit: record.ExitInvalid, Reason: reason}, nil)
}
