package torture

import (
	"errors"
	"os"
)

// remains is what a process leaves of a journal when it dies.
type remains struct{ journal, mark []byte }

// markSuffix makes of a journal's path that of the file that tells how far it reaches.
const markSuffix = ".lock"

// remainsOf reads what there is at this moment. The mark first: it is never ahead.
func remainsOf(path string) (remains, error) {
	mark, err := os.ReadFile(path + markSuffix)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return remains{}, err
	}
	journal, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return remains{}, err
	}
	return remains{journal, mark}, nil
}

// putBack makes the files what they were then, whatever was written since by what goes
// on in place of the process. A journal without a byte is as good as none.
func (r remains) putBack(path string) error {
	if len(r.journal) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	return errors.Join(os.WriteFile(path, r.journal, 0o600), os.WriteFile(path+markSuffix, r.mark, 0o600))
}
