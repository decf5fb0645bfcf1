package batch_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// inBubble joins a simulator and a client in a synctest bubble. end must be called
// before the bubble ends.
func inBubble(t *testing.T, memory *memoryNet, simulator *cupitest.Server, workers int) (server send.Server, end func()) {
	t.Helper()
	return inBubbleBehind(t, simulator, memory, simulator, workers)
}

// inBubbleBehind is [inBubble] with something in front of the simulator.
func inBubbleBehind(t *testing.T, front http.Handler, memory *memoryNet, simulator *cupitest.Server, workers int) (server send.Server, end func()) {
	t.Helper()
	web := &http.Server{Handler: front}
	go web.Serve(memory)
	client, err := cupi.New(cupi.Config{Server: "http://127.0.0.1", User: "admin", Password: "secret", Wire: cupi.JSON, Workers: workers, Timeout: time.Minute, DialContext: memory.dial})
	if err != nil {
		t.Fatal(err)
	}
	server = send.Server{Client: client, URL: "http://127.0.0.1", Account: "admin", Workers: workers}
	return server, func() {
		client.Close()
		simulator.Wait()
		web.Close()
		synctest.Wait()
		for _, err := range simulator.ChangeErrors() {
			t.Errorf("a change without a durable intent: %v", err)
		}
	}
}

// checkFile writes an input into the folder and checks it.
func checkFile(t *testing.T, folder, text string, options record.Options) *plan.Checked {
	t.Helper()
	path := filepath.Join(folder, record.InputFile)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return checkInput(t, path, options)
}

// preflightFile writes an input into the folder, checks it and plans it.
func preflightFile(t *testing.T, server send.Server, folder, text string, options record.Options) *batch.Preparation {
	t.Helper()
	p, err := batch.Preflight(t.Context(), server, checkFile(t, folder, text, options), func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
