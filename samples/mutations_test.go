package samples_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

var mutations = flag.Int("mutations", 1000, "how many damaged files TestDamagedBytesSendNothing reads")

// TestDamagedBytesSendNothing changes random bytes of the samples and checks what is
// left. There is no server to send to, so all that can happen is a problem or an error;
// each must be one line that a terminal can show.
func TestDamagedBytesSendNothing(t *testing.T) {
	t.Parallel()
	var files [][]byte
	for _, pattern := range []string{"*.csv", "damage/*.csv"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, text)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	path := filepath.Join(t.TempDir(), "users.csv")
	showable := func(text string) bool {
		return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
	}
	problems := 0
	for range *mutations {
		damaged := mutate(random, files[random.IntN(len(files))])
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := record.OpenInput("users.csv", path)
		if err == nil {
			_, err = plan.Check(in, record.Options{Operation: validate.Upsert}, func(p validate.Problem) {
				problems++
				if !showable(p.String()) {
					t.Errorf("%q: got the problem %q", damaged, p.String())
				}
			})
		}
		if err != nil && !utf8.ValidString(err.Error()) {
			t.Errorf("%q: got the error %q", damaged, err)
		}
	}
	if problems < *mutations {
		t.Errorf("only %d problems of %d files", problems, *mutations)
	}
}

// mutate changes, takes out, repeats or cuts off some bytes.
func mutate(random *rand.Rand, file []byte) []byte {
	damaged := append([]byte(nil), file...)
	for range 1 + random.IntN(4) {
		if len(damaged) == 0 {
			break
		}
		at := random.IntN(len(damaged))
		switch random.IntN(6) {
		case 0:
			damaged = append(damaged[:at], damaged[at+1:]...)
		case 1:
			damaged = append(damaged[:at], append([]byte{damaged[at]}, damaged[at:]...)...)
		case 2:
			damaged = damaged[:at]
		case 3:
			damaged[at] = "\",;\t\r\n\x00\xEF\xFF'"[random.IntN(10)]
		default:
			damaged[at] = byte(random.IntN(256))
		}
	}
	return damaged
}
