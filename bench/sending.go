package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// send runs the program on new users. The wall time of the cost is that of the
// sending alone, by its own summary.
func (b *bench) send(rows int, latency time.Duration) (cost, error) {
	path, err := b.narrowFile(rows)
	if err != nil {
		return cost{}, err
	}
	c, s, err := b.creates(path, latency)
	c.wall = time.Duration(s.Seconds * float64(time.Second))
	return c, err
}

// sending compares what keeps the server busy.
func (b *bench) sending() error {
	for _, load := range []struct {
		rows    int
		latency time.Duration
	}{{b.sent, 20 * time.Millisecond}, {b.sentSlowly, 200 * time.Millisecond}} {
		medians, err := inTurns(b.rounds,
			func() (cost, error) { return b.loop(load.rows, load.latency) },
			func() (cost, error) { return b.send(load.rows, load.latency) })
		if err != nil {
			return err
		}
		ideal := time.Duration(load.rows) * load.latency / workers
		table(fmt.Sprintf("Sending %s creates over TLS to a server that takes %s for each, %d at a time",
			grouped(load.rows), load.latency, workers),
			"what", "rows a second while it sends", "of the bare loop's", "of the slots' time used", "from start to exit")
		line := func(name string, c cost) {
			row(name, fmt.Sprintf("%.1f", float64(load.rows)/c.wall.Seconds()),
				fmt.Sprintf("%.3f", medians[0].wall.Seconds()/c.wall.Seconds()),
				fmt.Sprintf("%.3f", ideal.Seconds()/c.wall.Seconds()), seconds(c.whole))
		}
		line("the ideal: no time between two requests", cost{wall: ideal, whole: ideal})
		line("a bare Go loop that only posts", medians[0])
		line("`cucbulk run`, with journal and results", medians[1])
		if load.latency != 20*time.Millisecond {
			continue
		}
		if err := b.scripts(line, load.rows, load.latency); err != nil {
			return err
		}
	}
	fmt.Println("\nIn every run of the program the server counted as many requests as `summary.json`, and every row became a user.")
	return nil
}

const sequentialScript = `import base64, http.client, json, ssl, sys
job, rows = json.load(open(sys.argv[1])), int(sys.argv[2])
host = job["URL"].split("//")[1]
context = ssl.create_default_context(cafile=job["Certificate"])
sign_in = "Basic " + base64.b64encode(b"bench:bench").decode()
server = http.client.HTTPSConnection(host, context=context)
for i in range(rows):
    body = json.dumps({"Alias": "user%06d" % i, "DtmfAccessId": str(1000000 + i),
        "DisplayName": "User", "FirstName": "Jo", "LastName": "Doe"})
    server.request("POST", "/vmrest/users?templateAlias=voicemailusertemplate", body,
        {"Content-Type": "application/json", "Authorization": sign_in})
    answer = server.getresponse()
    answer.read()
    if answer.status != 201: sys.exit("answered with %d" % answer.status)
`

// scripts adds what people have without the program, if it is there. They send
// fewer rows, and the time is counted up to all of them.
func (b *bench) scripts(line func(string, cost), rows int, latency time.Duration) error {
	fewer := min(rows, b.interpreted)
	if python, err := exec.LookPath("python3"); err == nil {
		medians, err := inTurns(1, func() (cost, error) {
			return b.client(latency, func(s *site, job string) (cost, error) {
				return spend(nil, python, "-c", sequentialScript, job, fmt.Sprint(fewer))
			})
		})
		if err != nil {
			return err
		}
		line("a Python script, one after the other", medians[0].times(rows, fewer))
	}
	if curl, err := exec.LookPath("curl"); err == nil {
		medians, err := inTurns(b.rounds, func() (cost, error) {
			return b.client(latency, func(s *site, _ string) (cost, error) { return b.curl(curl, s, fewer) })
		})
		if err != nil {
			return err
		}
		line(fmt.Sprintf("curl, which sends %d in parallel", workers), medians[0].times(rows, fewer))
	}
	return nil
}

// times is what so many rows take, by what fewer took.
func (c cost) times(rows, fewer int) cost {
	c.wall = c.wall * time.Duration(rows) / time.Duration(fewer)
	c.whole = c.wall
	return c
}

// client lets another program loose on a new server.
func (b *bench) client(latency time.Duration, use func(*site, string) (cost, error)) (cost, error) {
	s, err := b.newSite(latency)
	if err != nil {
		return cost{}, err
	}
	defer s.close()
	path := filepath.Join(s.folder, "job.json")
	text := fmt.Sprintf(`{"URL": %q, "Certificate": %q}`, s.listener.URL, s.certificate)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return cost{}, err
	}
	return use(s, path)
}

// curl posts with one process, from a list of requests.
func (b *bench) curl(curl string, s *site, rows int) (cost, error) {
	var list strings.Builder
	for i := range rows {
		if i > 0 {
			list.WriteString("next\n")
		}
		fmt.Fprintf(&list, "url = %q\ncacert = %q\nuser = \"%s:%s\"\nheader = \"Content-Type: application/json\"\n"+
			"data = %q\noutput = %q\nfail\n",
			job{URL: s.listener.URL}.address(), s.certificate, account, password, newUser(i), os.DevNull)
	}
	path := filepath.Join(s.folder, "curl.txt")
	if err := os.WriteFile(path, []byte(list.String()), 0o600); err != nil {
		return cost{}, err
	}
	return spend(nil, curl, "--silent", "--show-error", "--parallel", "--parallel-max", fmt.Sprint(workers), "--config", path)
}
