package reports

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"cucbulk/batch"
)

// PlanFile is the plan that `cucbulk run --plan` carries out.
const PlanFile = "plan.json"

// plan.json is one JSON document. Its rows come first, one a line, so that they are written as
// they are found; what they add up to is known when all are.
const (
	planBegin = `{"rows":[`
	planRows  = "],\n" + `"plan":`
	planEnd   = "}\n"
)

// planWriter writes plan.json.
type planWriter struct {
	out  io.Writer
	rows int
}

func (w *planWriter) row(preview batch.Preview) error {
	text, err := json.Marshal(preview)
	if err != nil {
		return err
	}
	before := ",\n"
	if w.rows == 0 {
		before = planBegin + "\n"
	}
	w.rows++
	_, err = fmt.Fprintf(w.out, "%s%s", before, text)
	return err
}

func (w *planWriter) end(plan batch.SavedPlan) error {
	text, err := json.MarshalIndent(plan, "", " ")
	if err != nil {
		return err
	}
	begin := ""
	if w.rows == 0 {
		begin = planBegin
	}
	_, err = fmt.Fprintf(w.out, "%s%s%s%s", begin, planRows, text, planEnd)
	return err
}

// Plan is a plan.json that was read.
type Plan struct {
	batch.SavedPlan
	Folder string
	SHA256 string // of the file

	path string
}

// ReadPlan reads the plan in a folder. Nothing of one that was changed is taken for it: its
// SHA-256 is another.
func ReadPlan(folder string) (*Plan, error) {
	plan := &Plan{Folder: folder, path: filepath.Join(folder, PlanFile)}
	hash := sha256.New()
	if err := readPlan(plan.path, hash, &plan.SavedPlan, nil); err != nil {
		return nil, err
	}
	plan.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if plan.Version != batch.SavedPlanVersion {
		return nil, fmt.Errorf("%s is of version %d, and this program reads version %d: make it again with the program "+
			"that shall run it", plan.path, plan.Version, batch.SavedPlanVersion)
	}
	return plan, nil
}

// CopyTo copies the plan into a folder that has none.
func (p *Plan) CopyTo(folder string) error {
	text, err := os.ReadFile(p.path)
	if err != nil {
		return fmt.Errorf("the plan can't be read: %w", err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != p.SHA256 {
		return fmt.Errorf("%s was changed while it was read; nothing was sent: type the command again", p.path)
	}
	path := filepath.Join(folder, PlanFile)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = file.Write(text)
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err != nil {
		return fmt.Errorf("the plan can't be copied to %s: %w", path, err)
	}
	return nil
}

// Rows are what the plan says of each row, in order.
func (p *Plan) Rows() iter.Seq2[batch.Preview, error] { return rowsOfPlan(p.path) }

// rowsOfPlan reads them from a plan.json.
func rowsOfPlan(path string) iter.Seq2[batch.Preview, error] {
	return func(yield func(batch.Preview, error) bool) {
		stopped := false
		err := readPlan(path, io.Discard, &batch.SavedPlan{}, func(preview batch.Preview) bool {
			stopped = !yield(preview, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(batch.Preview{}, err)
		}
	}
}

// readPlan reads a plan.json from its first byte to its last, and hands on its rows until row
// says no.
func readPlan(path string, hash io.Writer, plan *batch.SavedPlan, row func(batch.Preview) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the plan can't be read: %w; name the folder that validate --out or run --dry-run --out made", err)
	}
	defer file.Close()
	source := io.TeeReader(bufio.NewReaderSize(file, 1<<16), hash)
	decoder := json.NewDecoder(source)
	damaged := func(err error) error {
		return fmt.Errorf("%s is no plan, or was changed: %w; make it again", path, err)
	}
	for _, want := range []json.Token{json.Delim('{'), "rows", json.Delim('[')} {
		if got, err := decoder.Token(); err != nil || got != want {
			return damaged(fmt.Errorf("it does not begin as a plan does"))
		}
	}
	for decoder.More() {
		var preview batch.Preview
		if err := decoder.Decode(&preview); err != nil {
			return damaged(err)
		}
		if row != nil && !row(preview) {
			return nil
		}
	}
	for _, want := range []json.Token{json.Delim(']'), "plan"} {
		if got, err := decoder.Token(); err != nil || got != want {
			return damaged(fmt.Errorf("its rows do not end as a plan's do"))
		}
	}
	if err := decoder.Decode(plan); err != nil {
		return damaged(err)
	}
	if got, err := decoder.Token(); err != nil || got != json.Delim('}') {
		return damaged(fmt.Errorf("it is cut off"))
	}
	_, err = io.Copy(io.Discard, source) // what the decoder did not read; the hash is of all
	return err
}
