package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"cucbulk/cupi/cupitest"
)

// mostMemory is what a run may take, whatever a server does, in MiB.
const mostMemory = 256

// fatLists answers each list with as much as a page may hold, and says that there is
// more: elements that nobody saw before, with fields that are long.
func fatLists(simulator http.Handler) http.Handler {
	elements := map[string]string{"/vmrest/users": "User", "/vmrest/distributionlists": "DistributionList", "/vmrest/usertemplates": "UserTemplate", "/vmrest/partitions": "Partition", "/vmrest/coses": "Cos"}
	long := strings.Repeat("x", 10_000)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		element, list := elements[r.URL.Path]
		if !list || r.URL.Query().Has("query") {
			simulator.ServeHTTP(w, r)
			return
		}
		page, _ := strconv.Atoi(r.URL.Query().Get("pageNumber"))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"@total":"12000","%s":[`, element)
		for i := range 1500 {
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"ObjectId":"%d-%d","Alias":"a%d-%d","Name":"n%d-%d","DisplayName":"%s"}`, page, i, page, i, page, i, long)
		}
		fmt.Fprint(w, "]}")
	})
}

// A hostile server can't use up this computer's memory, nor keep a command for ever.
func TestMemoryBesideAHostileServer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what a process has in memory at most")
	}
	// The program as users have it: a race detector takes several times the memory.
	program := filepath.Join(t.TempDir(), "cucbulk")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	simulated := func(faults cupitest.Faults) http.Handler {
		simulator := &cupitest.Server{Faults: faults}
		simulator.AddUsers(250)
		return simulator
	}
	file := "Operation,Alias,DtmfAccessId,DisplayName,PartitionName,CosDisplayName\ncreate,fresh,4711,Fresh,p,c\nupdate,user00001,,New,,\ndelete,user00002,,,,\ndelete,a1-1,,,,\n"
	for name, server := range map[string]http.Handler{
		"huge":    simulated(cupitest.Faults{HugeList: 1}),
		"deep":    simulated(cupitest.Faults{DeepList: 1}),
		"total":   simulated(cupitest.Faults{HugeTotal: 1}),
		"fat":     fatLists(simulated(cupitest.Faults{})),
		"endless": simulated(cupitest.Faults{EndlessList: 1}),
	} {
		served := httptest.NewServer(server)
		for _, command := range []string{"export", "export --out all.csv", "run users.csv --template t --skip-invalid --max-deletes 100% --dry-run", "doctor"} {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "users.csv"), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			child := exec.Command(program, strings.Fields(command)...)
			child.Dir = folder
			child.Env = []string{"CUCBULK_SERVER=" + served.URL, "CUCBULK_USER=admin", "CUCBULK_PASSWORD=secret", "XDG_CACHE_HOME=" + folder, "HOME=" + folder}
			var said bytes.Buffer
			child.Stderr = &said
			began := time.Now()
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			memory := watchMemory(child.Process.Pid)
			err := child.Wait()
			most := memory()
			t.Logf("%s, %s: %d MiB, %s, %v: %.300s", name, command, most, time.Since(began).Round(time.Millisecond), err, said.String())
			if most > mostMemory {
				t.Errorf("%s, %s: %d MiB", name, command, most)
			}
			if whole := name == "fat"; err == nil && command == "export" && !whole { // of a fat list all came, but for cells that are too long
				t.Errorf("%s, %s: exit 0", name, command)
			}
		}
		served.Close()
	}
}

// watchMemory watches how much memory a process has at most, until the function that it
// gives is called, which tells that in MiB.
func watchMemory(process int) func() int {
	most, stop, stopped := 0, make(chan struct{}), make(chan struct{})
	peak := regexp.MustCompile(`VmHWM:\s*(\d+) kB`)
	go func() {
		defer close(stopped)
		for {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
			if match := peak.FindSubmatch(status); match != nil {
				kilobytes, _ := strconv.Atoi(string(match[1]))
				most = max(most, kilobytes>>10)
			}
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() int { close(stop); <-stopped; return most }
}
