package plan

import (
	"cmp"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

const mostDigits = 16

// UsualPINLength is how many digits a PIN has where nothing asks for more.
const UsualPINLength = 6

// CheckPINLength refuses lengths that make no PIN.
func CheckPINLength(length int) error {
	if length < 4 || length > mostDigits {
		return fmt.Errorf("a PIN has 4 to %d digits, not %d", mostDigits, length)
	}
	return nil
}

// PINs are the PINs that were drawn. A row's place holds 0 for none, else its PIN as
// a number, and one more.
type PINs struct {
	Length int
	ByRow  []uint64
}

// Of is the PIN that was drawn for a row, "" where none was.
func (d *PINs) Of(row int) string {
	if d == nil || d.ByRow[row] == 0 {
		return ""
	}
	return fmt.Sprintf("%0*d", d.Length, d.ByRow[row]-1)
}

// TakePIN gives the plan its PIN.
func (p Plan) TakePIN(drawn *PINs) {
	for _, step := range p.Steps {
		if pin := drawn.Of(p.Row); pin != "" && step.ToBeDrawn() {
			step.Wanted[step.Kind.WriteOnly] = pin
		}
	}
}

// DrawPINs draws the PINs that this start of a run needs, and seals them. All are
// on the disk before the first request leaves. A row for which a PIN was sent
// before gets no other: which of the two counts could not be told.
func (p *Prepared) DrawPINs(folder string) (*PINs, error) {
	length := cmp.Or(p.Options.PINLength, p.Options.KeptPINLength)
	if length == 0 {
		return nil, nil
	}
	drawn := &PINs{Length: length, ByRow: make([]uint64, p.Rows+1)}
	taken := map[uint64]bool{}
	var file *os.File
	var sealed io.WriteCloser
	var out *csv.Writer
	for plan, err := range p.Plans() {
		if err != nil {
			return nil, err
		}
		if !plan.needsPIN() || p.History.SentPIN(plan.Row) {
			continue
		}
		if file == nil {
			if file, err = newPINsFile(folder); err != nil {
				return nil, err
			}
			defer file.Close()
			if sealed, err = record.Seal(file, p.Options.SealTo); err != nil {
				return nil, err
			}
			out = csv.NewWriter(sealed)
			out.Write(slices.Concat([]string{"Row", "Line", "Alias", "DtmfAccessId", "PIN"}, addressees)) // its errors come with Flush
		}
		number, err := Draw(length, taken, plan.guessable())
		if err != nil {
			return nil, err
		}
		drawn.ByRow[plan.Row] = number + 1
		out.Write(slices.Concat([]string{strconv.Itoa(plan.Row), strconv.Itoa(plan.Line), plan.Alias, plan.DtmfAccessID,
			drawn.Of(plan.Row)}, plan.addressee()))
	}
	if file == nil {
		return drawn, nil
	}
	out.Flush()
	if err := errors.Join(out.Error(), sealed.Close(), file.Sync(), journal.SyncFolder(folder)); err != nil {
		return nil, fmt.Errorf("the PINs can't be written: %w", err)
	}
	return drawn, nil
}

// addressees are the fields by which a letter finds its reader.
var addressees = []string{"DisplayName", "FirstName", "LastName", "EmailAddress", "Department"}

// addressee gives them as the user will have them: from the row, and else as the listing of the server
// shows them.
func (p Plan) addressee() (cells []string) {
	wanted := p.User()
	for _, field := range addressees {
		value, given := wanted[field]
		if !given {
			value = p.Target[field]
		}
		cells = append(cells, record.Inert(value))
	}
	return cells
}

// guessable is what people know of the row's user, of which no PIN should be made.
func (p Plan) guessable() []string {
	user := p.User()
	about := []string{p.Alias, p.DtmfAccessID, user["FirstName"], user["LastName"], p.Target["FirstName"],
		p.Target["LastName"], p.Target["DtmfAccessId"]}
	for _, step := range p.Steps {
		about = append(about, step.Wanted["DtmfAccessId"])
	}
	return about
}

// Draw finds a PIN that nobody has yet and that is not easy to guess.
func Draw(length int, taken map[uint64]bool, about []string) (uint64, error) {
	all := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(length)), nil)
	for range 1000 {
		number, err := rand.Int(rand.Reader, all)
		if err != nil {
			return 0, err
		}
		pin := number.Uint64()
		if taken[pin] || validate.TrivialPIN(fmt.Sprintf("%0*d", length, pin), about...) != "" {
			continue
		}
		taken[pin] = true
		return pin, nil
	}
	return 0, fmt.Errorf("there are not enough PINs of %d digits for so many users; give a larger --pin-length", length)
}

// newPINsFile makes the next sealed file; none is ever overwritten.
func newPINsFile(folder string) (*os.File, error) {
	name := record.PINsFile
	for next := 2; ; next++ {
		file, err := os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, os.ErrExist) {
			if err != nil {
				err = fmt.Errorf("the PINs can't be written: %w", err)
			}
			return file, err
		}
		name = fmt.Sprintf("pins-%d.csv%s", next, record.Sealed)
	}
}
