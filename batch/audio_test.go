package batch_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// wave is a WAV file of so many bytes of mu-law.
func wave(sound string) []byte {
	var file bytes.Buffer
	for _, part := range []any{[]byte("RIFF"), uint32(36 + len(sound)), []byte("WAVEfmt "), uint32(16), uint16(7), uint16(1), uint32(8000), uint32(8000), uint16(1), uint16(8), []byte("data"), uint32(len(sound)), []byte(sound)} {
		_ = binary.Write(&file, binary.LittleEndian, part) // to memory
	}
	return file.Bytes()
}

// soundSite is a site with recordings in its folder, by name.
func soundSite(t *testing.T, wire cupi.Wire, recordings ...string) (*site, record.Options) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	s.wire, s.audio = wire, new(audio.Store)
	for _, name := range recordings {
		s.record(name, name)
	}
	o := options(validate.Upsert)
	o.Audio, o.AudioFolder = s.audio, s.folder
	return s, o
}

func (s *site) record(name, sound string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), wave(sound), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// heard is what the server plays of a user: the name, and the standard greeting; "-" for nothing.
func (s *site) heard(alias string) string {
	s.t.Helper()
	user := s.simulator.UserByAlias(alias)
	return s.plays("users/"+user["ObjectId"]+"/voicename") + " " + s.plays("handlers/callhandlers/"+user["CallHandlerObjectId"]+"/greetings/Standard/greetingstreamfiles/1033/audio")
}

// plays is the sound behind a path; "-" for none.
func (s *site) plays(path string) string {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url+"/vmrest/"+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.SetBasicAuth("admin", "secret")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	var sound bytes.Buffer
	if _, err = sound.ReadFrom(response.Body); err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		return "-"
	}
	return string(sound.Bytes()[44:])
}

// Each column of a recording goes where the vendor's pages have it, in the language that the row
// gives.
func TestEachFileOfSound(t *testing.T) {
	t.Parallel()
	paths := map[string]string{"VoiceNameFile": "users/USER/voicename", "GreetingFile_Alternate": "Alternate", "GreetingFile_Busy": "Busy", "GreetingFile_Internal": "Internal",
		"GreetingFile_OffHours": "Off%20Hours", "GreetingFile_Holiday": "Holiday", "GreetingFile_Standard": "Standard", "GreetingFile_Error": "Error"}
	s, o := soundSite(t, cupi.JSON)
	headings, cells := "Alias,DtmfAccessId,Language", "fresh,4711,1031"
	for _, column := range validate.Users.Columns() {
		if column.Type != validate.File {
			continue
		}
		if paths[column.Name] == "" {
			t.Errorf("%s is not tried", column.Name)
		}
		s.record(column.Name+".wav", column.Name)
		headings, cells = headings+","+column.Name, cells+","+column.Name+".wav"
	}
	_, history := s.run(t.Context(), "run", headings+"\n"+cells+"\n", o, 1)
	if got := statuses(t, history); got != "created" {
		t.Fatal(got, messages(t, history))
	}
	user := s.simulator.UserByAlias("fresh")
	for name, path := range paths {
		if !strings.Contains(path, "/") {
			path = "handlers/callhandlers/" + user["CallHandlerObjectId"] + "/greetings/" + path + "/greetingstreamfiles/1031/audio"
		}
		if got := s.plays(strings.Replace(path, "USER", user["ObjectId"], 1)); got != name {
			t.Errorf("%s: the server plays %q", name, got)
		}
	}
}

// Recordings are made, found unchanged, changed and taken back, byte by byte.
func TestRecordings(t *testing.T) {
	t.Parallel()
	for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
		t.Run(string(wire), func(t *testing.T) {
			t.Parallel()
			s, o := soundSite(t, wire, "one.wav", "two.wav", "fresh.wav")
			const file = "Alias,DtmfAccessId,VoiceNameFile,GreetingFile_Standard\nuser00001,10000,%s,%s\nfresh,4711,fresh.wav,{Alias}.wav\n"
			keep := func(run string) { s.audio.KeepIn(filepath.Join(s.folder, run, record.RecordingsFolder)) }
			run := func(name, voice, greeting, want string) *record.History {
				t.Helper()
				keep(name)
				_, history := s.run(t.Context(), name, fmt.Sprintf(file, voice, greeting), o, 2)
				if got := statuses(t, history); got != want {
					t.Errorf("%s: %s\n%s", name, got, messages(t, history))
				}
				return history
			}
			run("first", "one.wav", "two.wav", "updated, created")
			if got := s.heard("user00001") + ", " + s.heard("fresh"); got != "one.wav two.wav, fresh.wav fresh.wav" {
				t.Errorf("after the first run: %s", got)
			}
			run("again", "one.wav", "two.wav", "unchanged, unchanged")
			history := run("other", "two.wav", "one.wav", "updated, unchanged")
			if got := s.heard("user00001"); got != "two.wav one.wav" {
				t.Errorf("after the change: %s", got)
			}
			keep("undo")
			if summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); summary.Exit != record.ExitDone {
				t.Errorf("exit %d: %s", summary.Exit, messages(t, of))
			}
			if got := s.heard("user00001"); got != "one.wav two.wav" {
				t.Errorf("after the rollback: %s", got)
			}
		})
	}
}

// A greeting is recorded in the languages that its cell names, and each goes back by itself.
func TestAGreetingInTwoLanguages(t *testing.T) {
	t.Parallel()
	s, o := soundSite(t, cupi.JSON, "one.wav", "two.wav", "other.wav")
	languages := func() string {
		path := "handlers/callhandlers/" + s.simulator.UserByAlias("user00001")["CallHandlerObjectId"] + "/greetings/Standard/greetingstreamfiles/"
		return s.plays(path+"1033/audio") + " " + s.plays(path+"1031/audio")
	}
	run := func(name, cell, want string) *record.History {
		t.Helper()
		s.audio.KeepIn(filepath.Join(s.folder, name, record.RecordingsFolder))
		_, history := s.run(t.Context(), name, "Alias,DtmfAccessId,GreetingFile_Standard\nuser00001,10000,"+cell+"\n", o, 1)
		if got := statuses(t, history); got != want {
			t.Errorf("%s: %s\n%s", name, got, messages(t, history))
		}
		return history
	}
	run("first", "1033:one.wav;1031: two.wav", "updated")
	run("again", "1031:two.wav;1033:one.wav", "unchanged")
	history := run("other", "1031:other.wav", "updated")
	if got := languages(); got != "one.wav other.wav" {
		t.Errorf("the server plays %s", got)
	}
	if summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); summary.Exit != record.ExitDone || languages() != "one.wav two.wav" {
		t.Errorf("exit %d, and the server plays %s: %s", summary.Exit, languages(), messages(t, of))
	}
	for cell, want := range map[string]string{"one.wav;1031:two.wav": "in no language", "1031:one.wav;1031:two.wav": "two files for the language 1031", "1031:;1033:one.wav": "no file for the language 1031"} {
		_, history := s.run(t.Context(), "wrong "+want, "Alias,DtmfAccessId,GreetingFile_Standard\nuser00001,10000,"+cell+"\n", o, 1)
		if got := only(t, history); got.Code != codes.BadRecording || !strings.Contains(got.Message, want) {
			t.Errorf("%s: %+v", cell, got)
		}
	}
}

// Where nothing was recorded, a rollback can't make it so again, and says so.
func TestARecordingStaysWhereNoneWas(t *testing.T) {
	t.Parallel()
	s, o := soundSite(t, cupi.JSON, "one.wav")
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,VoiceNameFile\nuser00001,10000,one.wav\n", o, 1)
	if got := only(t, history); got.Status != record.Updated || got.Reversible == record.FullyReversible {
		t.Errorf("%+v", got)
	}
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := messages(t, of); !strings.Contains(got, `VoiceNameFile stays "recording `) || !strings.Contains(got, `…", because the server never empties it`) {
		t.Errorf("the rollback says %s", got)
	}
}

// A file that changes between the check and the sending is not sent, in part or in whole.
func TestARecordingThatChangesIsNotSent(t *testing.T) {
	t.Parallel()
	s, o := soundSite(t, cupi.JSON, "one.wav")
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if strings.HasSuffix(r.URL.Path, "/voicename") {
			s.record("one.wav", "something else")
		}
		return cupitest.NoFault
	}
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,VoiceNameFile\nuser00001,10000,one.wav\n", o, 1)
	if got := only(t, history); got.Status != record.Failed || got.Code != codes.BadRecording || !strings.Contains(got.Message, "one.wav has changed since it was checked") {
		t.Errorf("%+v", got)
	}
	if got := s.heard("user00001"); got != "- -" {
		t.Errorf("the server plays %q", got)
	}
}

// A recording whose answer was lost is compared with what the server plays.
func TestARecordingInDoubt(t *testing.T) {
	t.Parallel()
	for fault, want := range map[cupitest.Fault]string{cupitest.CutAfterCommit: "updated", cupitest.Reset: "updated", cupitest.ErrorAfterCommit: "updated", cupitest.BadRequestAfter: "updated"} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			s, o := soundSite(t, cupi.JSON, "one.wav")
			s.simulator.Fault = once(fault, http.MethodPut, "/vmrest/users/")
			_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,VoiceNameFile\nuser00001,10000,one.wav\n", o, 1)
			if got := only(t, history); string(got.Status) != want || s.heard("user00001") != "one.wav -" {
				t.Errorf("%+v: the server plays %s", got, s.heard("user00001"))
			}
		})
	}
}
