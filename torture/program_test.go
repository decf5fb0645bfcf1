package torture

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// ending is how one start of the program ended.
type ending struct {
	killed bool
	exit   int
	output string
}

// start runs a program on the site's server. It is killed after that time, unless
// it has ended by itself; 0 lets it end.
func (s *site) start(program, folder string, killAfter time.Duration, arguments ...string) ending {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	if killAfter > 0 {
		ctx, cancel = context.WithTimeout(ctx, killAfter) // the end of a command's context is SIGKILL
		defer cancel()
	}
	command := exec.CommandContext(ctx, program, arguments...)
	command.Dir = folder
	command.Env = s.environment()
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	return endingOf(s.t, command.Run(), &output)
}

// environment is that of this process, with what the program needs to reach the server.
func (s *site) environment() []string {
	return append(os.Environ(), "CUCBULK_SERVER="+s.web.URL, "CUCBULK_USER=admin", "CUCBULK_PASSWORD=correct-horse-battery")
}

func endingOf(t *testing.T, err error, output *bytes.Buffer) ending {
	t.Helper()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return ending{output: output.String()}
	case errors.As(err, &failed) && !failed.Exited():
		return ending{killed: true, output: output.String()}
	case errors.As(err, &failed):
		return ending{exit: failed.ExitCode(), output: output.String()}
	case errors.Is(err, context.DeadlineExceeded): // before the program began
		return ending{killed: true}
	}
	t.Fatal(err)
	return ending{}
}
