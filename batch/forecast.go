package batch

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Forecast adds up the previews of a file.
type Forecast struct {
	Counts       record.Counts  `json:"statuses"`
	Requests     map[string]int `json:"requests"`     // that the run will send, by method
	Seconds      float64        `json:"seconds"`      // that it will take, at the latency measured
	Irreversible int            `json:"irreversible"` // rows that can't be undone, or only partly
	// Rows that are as in the run Since, and are not looked at; Counts has them as unchanged.
	AsLastRun int    `json:"asLastRun,omitempty"`
	Since     string `json:"since,omitempty"`
	// Of the requests, those that read who is in distribution lists, once for all rows.
	ListReads int `json:"listReads,omitempty"`
	// Requests that the run may not need, because templates give what rows want; it learns that
	// from the first users that it makes of each.
	Spared         int               `json:"spared,omitempty"`
	Recordings     int               `json:"recordings,omitempty"` // that the run will send
	RecordingBytes int64             `json:"recordingBytes,omitempty"`
	Lists          []send.ListChoice `json:"lists,omitempty"`    // how what lists show of everybody is read
	Warnings       []plan.Warning    `json:"warnings,omitempty"` // of the server and the account
	NotChecked     []string          `json:"notChecked"`         // what the server does not tell

	Lost         string `json:"lost,omitempty"`         // what does not come back of users who are deleted
	FullPreImage int    `json:"fullPreImage,omitempty"` // requests more, at least, with which all of these users is recorded

	FullBelow bool `json:"-"` // and more for each recorded greeting and each private list

	PINs     *plan.PINsForecast     `json:"pins,omitempty"`     // that a run draws
	Licences *plan.LicencesForecast `json:"licences,omitempty"` // where rows make users
}

// PreviewsAtOnce is how many rows are looked at together, so that what must be
// read for them is read in parallel.
const PreviewsAtOnce = 64

// Previews tells of every row, in order, what a run would do. Fields that the
// listing does not show cost a request for the rows where nothing else decides.
func (p *Preparation) Previews(ctx context.Context) iter.Seq2[Preview, error] {
	return func(yield func(Preview, error) bool) {
		var plans []plan.Plan
		names := p.Snapshot.Spelled()
		flush := func() bool {
			previews, err := pool.AllAtOnce(p.Session.Workers, plans,
				func(plan plan.Plan) (Preview, error) { return p.preview(ctx, plan, names) })
			plans = plans[:0]
			if err != nil {
				yield(Preview{}, err)
				return false
			}
			for _, preview := range previews {
				if !yield(preview, nil) {
					return false
				}
			}
			return true
		}
		for plan, err := range p.Plans() {
			if err != nil {
				yield(Preview{}, err)
				return
			}
			if plans = append(plans, plan); len(plans) == PreviewsAtOnce && !flush() {
				return
			}
		}
		flush()
	}
}

// Problem tells why a run would fail the row of a preview; false if it would not.
func (p *Preparation) Problem(preview Preview) (problem validate.Problem, fails bool) {
	if preview.Status != record.Failed {
		return validate.Problem{}, false
	}
	p.Input.Placed(p.Header, func(placed validate.Problem) { problem = placed })(validate.Problem{
		File: p.Input.Name, Line: preview.Line, Row: preview.Row, Message: preview.Message, Code: preview.Code})
	return problem, true
}

// preview tells what one plan does. It reads what the run would read, and sends
// nothing else.
func (p *Preparation) preview(ctx context.Context, plan plan.Plan, names plan.Spelled) (Preview, error) {
	preview := Preview{Row: plan.Row, Line: plan.Line, Operation: plan.Told(), Alias: plan.Alias, Message: plan.MemberText(),
		ObjectID: cmp.Or(plan.Target["ObjectId"], plan.Bound), Reversible: plan.Reversibility(nil), Requests: map[string]int{}}
	if end := plan.End; end.Status != "" {
		preview.Status, preview.Code, preview.Message = end.Status, end.Code, plan.EndText()
		return preview, nil
	}
	row := p.dryRow(plan)
	row.learns = p.Learns(plan) != ""
	if err := row.preview(ctx, &preview, names); err != nil {
		return preview, err
	}
	if plan.Late {
		preview.Requests["GET"]++
	}
	if preview.Status == record.Created && preview.Operation == validate.Update { // an upsert makes a member of its target
		preview.Operation = validate.Create
	}
	p.hears(&preview)
	return preview, nil
}

// hears counts the recordings that a row sends, and names them in place of their digests.
func (p *Preparation) hears(preview *Preview) {
	for i := range preview.Changes {
		change := &preview.Changes[i]
		if change.Field != cupi.Recording {
			continue
		}
		file, bytes := p.Options.Audio.File(change.New)
		change.NewName = filepath.Base(file)
		if change.Old != "" {
			change.OldName = "another recording"
		}
		preview.recordings, preview.recordingBytes = preview.recordings+1, preview.recordingBytes+bytes
	}
}

// Forecast adds up previews, which it takes one by one.
func (p *Preparation) Forecast() *Forecast {
	f := &Forecast{Counts: record.Counts{}, Requests: map[string]int{},
		Lists: p.Snapshot.PartLists.Choices, Warnings: p.Surroundings.Warnings, NotChecked: p.notChecked(),
		Licences: p.Surroundings.Licences, PINs: p.ForecastPINs()}
	if deletes := p.Planned[validate.Delete]; deletes > 0 {
		f.Lost = lostWithUsers(p.About, p.Options.PreImage)
		if p.Options.PreImage != send.PreImageFull {
			f.FullPreImage, f.FullBelow = deletes*plan.FullReads(p.About), p.recordsBelow()
		}
	}
	if since := p.Options.Since; since != nil {
		f.AsLastRun, f.Since = p.AsLastRun(), since.Run
	}
	return f
}

// recordsBelow reports whether a full pre-image has what hangs on parts that not everybody has.
func (p *Preparation) recordsBelow() bool {
	return slices.ContainsFunc(p.About.FullyRestorable(), func(kind *model.StepKind) bool { return kind.HangsOn != "" })
}

// goesWith says what goes with those whom rows delete, and is not looked at.
func (p *Preparation) goesWith() string {
	var parts []string
	requests := 1
	for _, kind := range p.About.Restorable() {
		if kind.Senders != nil { // which were looked at
			continue
		}
		if parts = append(parts, kind.Many); kind.ReadForEach() {
			requests++
		}
	}
	if p.Options.PreImage == send.PreImageFull {
		for _, kind := range p.About.FullyRestorable() {
			if what := cmp.Or(kind.AsLost, kind.Many); !slices.Contains(parts, what) {
				parts = append(parts, what)
			}
		}
		requests += plan.FullReads(p.About)
	}
	return fmt.Sprintf("what goes with %s that are deleted: %s (--deep reads it, at %d requests each)", p.About.Many(),
		strings.Join(parts, ", "), requests)
}

// notChecked lists what this pre-flight could not know.
func (p *Preparation) notChecked() []string {
	list := slices.Clone(p.Snapshot.NotChecked)
	switch {
	case p.About.Main.Extensions == model.None:
	case p.PlannedRows() == p.Planned[validate.Delete]: // none takes an extension
	case p.About.Alternate == nil:
		list = append(list, plan.UncheckedAlternates)
	case !p.Options.Deep:
		list = append(list, plan.UncheckedAlternates+" (--deep checks them, at a request a user)")
	}
	if p.Movers > plan.MostLooked && !p.Options.Deep {
		list = append(list, fmt.Sprintf("whether rows take an extension that their own user has as an alternate one: more "+
			"than %d rows would be looked at (--deep does)", plan.MostLooked))
	}
	if p.Planned[validate.Delete] > 0 && !p.Options.Deep {
		if p.Options.PreImage == send.PreImageFull && p.recordsBelow() {
			list = append(list, "how many recorded greetings and private lists the users have that are deleted: each such "+
				"greeting costs a request more, each list two (--deep reads all that a run records)")
		} else {
			list = append(list, p.goesWith())
		}
	}
	if p.SharedReads() > 0 && !p.Options.Deep {
		list = append(list, "how many members the distribution lists have: a run reads them once, and "+
			"each list costs a request more for every 100 after the first")
	}
	if n := p.AsLastRun(); n > 0 {
		rows := map[bool]string{true: "1 row that is", false: fmt.Sprint(n, " rows that are")}[n == 1]
		list = append(list, rows+" as in "+p.Options.Since.Run)
	}
	return append(list, p.Surroundings.Unchecked...)
}

// Add takes one preview into the forecast.
func (f *Forecast) Add(preview Preview) {
	f.Counts[preview.Status]++
	for method, n := range preview.Requests {
		f.Requests[method] += n
	}
	f.Spared += preview.spared
	f.Recordings, f.RecordingBytes = f.Recordings+preview.recordings, f.RecordingBytes+preview.recordingBytes
	if preview.Reversible != record.FullyReversible && len(preview.Requests) > 0 {
		f.Irreversible++
	}
}

// Estimate adds what the run reads for several rows, once all previews are in the forecast, and sets how long a run
// would take: its requests at the mean latency of those sent so far, over the workers.
func (p *Preparation) Estimate(f *Forecast) {
	if f.ListReads = p.SharedReads(); f.ListReads > 0 {
		f.Requests["GET"] += f.ListReads
	}
	requests := 0
	for _, n := range f.Requests {
		requests += n
	}
	f.Seconds = float64(requests) * p.Session.MeanLatency().Seconds() / float64(p.Server.Workers)
}

// ListsRead says how the parts are read of which lists show everybody's.
func (f *Forecast) ListsRead() []string {
	var texts []string
	for _, list := range f.Lists {
		text := fmt.Sprintf("%s: each row asks for its own, %d requests at most, because a list of everybody's is not had for fewer",
			KindsOf(list.Kind), list.Asks)
		if list.Pages > 0 {
			pages := map[bool]string{true: "a request", false: fmt.Sprint(list.Pages, " requests")}[list.Pages == 1]
			text = fmt.Sprintf("%s: a list of everybody's, %s in place of %d", KindsOf(list.Kind), pages, list.Asks)
		}
		texts = append(texts, text)
	}
	return texts
}
