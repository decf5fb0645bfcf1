package cli

import (
	"errors"
	"strings"
	"testing"

	"cucbulk/batch"
)

// A server that never answered is not the end of the sentence: what to type comes next.
func TestAdviceAfterGivingUp(t *testing.T) {
	t.Parallel()
	gaveUp := &batch.Stop{Exit: batch.ExitFailed, Code: "gave-up", Reason: "nothing was changed", Err: errors.New("gave up after 5 attempts")}
	if got := sentence(gaveUp); !strings.HasPrefix(got, "nothing was changed: ") || !strings.HasSuffix(got, "cucbulk doctor tells more") {
		t.Errorf("got %q", got)
	}
}
