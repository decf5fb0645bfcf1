package batch_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

var returningPeople = flag.Int("returning", 3, "how many people TestWholePeopleComeBack deletes")

// furnished is a server with people who have all that CUPI lets one read and write, and their
// leaver's file. They are in lists of each other.
func furnished(t *testing.T, wire cupi.Wire, people int) (s *site, file string) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s = newSite(t, simulator)
	s.wire, s.audio = wire, new(audio.Store)
	if summary, history := s.run(t.Context(), "made", wholeFile(people), options("create"), 4); summary.Exit != record.ExitDone {
		t.Fatal(messages(t, history))
	}
	o := s.other()
	stays := simulator.UserByAlias("user00002")
	file = "Alias\n"
	alias := func(number int) string { return fmt.Sprintf("whole%04d", number) }
	for number := 1; number <= people; number++ {
		user := simulator.UserByAlias(alias(number))
		id, handler := user["ObjectId"], user["CallHandlerObjectId"]
		file += alias(number) + "\n"
		put := func(c cupi.Collection, member string, fields cupi.Object) {
			o.do(cupi.Update(c, member, fields))
		}
		to := func(conversation, handler string) cupi.Object {
			return cupi.Object{"Action": "2", "TargetConversation": conversation, "TargetHandlerObjectId": handler, "Locked": "true"}
		}
		put(cupi.MenuEntriesOf(handler), "3", to("PHTransfer", stays["CallHandlerObjectId"]))
		put(cupi.MenuEntriesOf(handler), "#", to("PHGreeting", handler))
		put(cupi.MenuEntriesOf(handler), "5", cupi.Object{"Action": "7", "TransferNumber": "9011", "DisplayName": "Mobile", "TransferType": "1", "TransferRings": "6"})
		put(cupi.GreetingsOf(handler), "Busy", cupi.Object{"Enabled": "true", "TimeExpires": "2099-01-01 00:00:00.0", "PlayWhat": "1", "Reprompts": "2", "EnableTransfer": "true"})
		put(cupi.TransferOptionsOf(handler), "Standard", cupi.Object{"Action": "1", "UsePrimaryExtension": "false", "Extension": "4711", "TransferScreening": "true", "TransferType": "1"})
		o.do(cupi.UpdateUser(id, cupi.Object{"ExitAction": "2", "ExitTargetConversation": "PHTransfer", "ExitTargetHandlerObjectId": handler}))
		phones := cupi.PhoneDevicesOf(id)
		o.do(cupi.Create(phones, cupi.Object{"DisplayName": "Boat", "PhoneNumber": "9055", "MediaSwitchObjectId": user["MediaSwitchObjectId"]}))
		for _, phone := range o.do(cupi.List(phones, cupi.Query{}, 0, 0)).Page.Items {
			if phone["DisplayName"] == "Work Phone" {
				put(phones, phone["ObjectId"], cupi.Object{"EventList": "AllMessage", "DialDelay": "3"})
			}
		}
		s.plant("users/"+id+"/voicename", "name of "+alias(number))
		for _, language := range []string{"1033", "1031"} {
			s.plant("handlers/callhandlers/"+handler+"/greetings/Busy/greetingstreamfiles/"+language+"/audio", language+" of "+alias(number))
		}
		s.plant("handlers/callhandlers/"+handler+"/greetings/Off%20Hours/greetingstreamfiles/1033/audio", "closed")
		lists := cupi.PrivateListsOf(id)
		list := o.do(cupi.Create(lists, cupi.Object{"NumericId": "7", "DisplayName": "Colleagues"})).ObjectID
		at := cupi.Get(lists, list).Path
		s.plant(strings.TrimPrefix(at, "/vmrest/")+"/voicename", "list of "+alias(number))
		for _, colleague := range colleagues(number, people) {
			o.do(cupi.Create(cupi.PrivateListMembers(at), cupi.Object{"MemberSubscriberObjectId": o.id(alias(colleague))}))
		}
		o.do(cupi.Create(cupi.PrivateListMembers(at), cupi.Object{"MemberDistributionListObjectId": allVoiceMail}))
		o.do(cupi.Create(cupi.PrivateListMembers(at), cupi.Object{"MemberPersonalVoiceMailListObjectId": o.do(cupi.List(lists, cupi.Query{}, 0, 0)).Page.Items[0]["ObjectId"]}))
	}
	s.audio = new(audio.Store) // which knows of no recording
	return s, file
}

// team is how many of them are in lists of each other.
const team = 5

// colleagues are the others of somebody's team.
func colleagues(number, people int) (others []int) {
	first := (number-1)/team*team + 1
	for other := first; other < first+team && other <= people; other++ {
		if other != number {
			others = append(others, other)
		}
	}
	return others
}

// readFirst lets nobody of a team go before the lists of all of them were read: else those who go lose
// their places in the lists of the others, which nobody has recorded then.
func (s *site) readFirst(people int) func(*http.Request) cupitest.Fault {
	numbers := map[string]int{}
	for number := 1; number <= people; number++ {
		numbers[s.simulator.UserByAlias(fmt.Sprintf("whole%04d", number))["ObjectId"]] = number
	}
	var mutex sync.Mutex
	read, all := map[int]int{}, make([]chan struct{}, people/team+1)
	for i := range all {
		all[i] = make(chan struct{})
	}
	return func(r *http.Request) cupitest.Fault {
		parts := strings.Split(r.URL.Path, "/")
		if len(parts) < 4 || numbers[parts[3]] == 0 {
			return cupitest.NoFault
		}
		number := numbers[parts[3]]
		group := (number - 1) / team
		switch {
		case r.Method == http.MethodDelete && len(parts) == 4:
			select {
			case <-all[group]:
			case <-time.After(30 * time.Second):
				s.t.Error("a team's lists are not read")
			}
		case len(parts) == 7 && parts[4] == "privatelists" && parts[6] == "voicename": // which is read when the members were
			mutex.Lock()
			defer mutex.Unlock()
			if read[group]++; read[group] == 2*(1+len(colleagues(number, people))) {
				close(all[group])
			}
		}
		return cupitest.NoFault
	}
}

// plant records something.
func (s *site) plant(path, sound string) {
	s.t.Helper()
	s.record(sound+".wav", sound)
	recording, err := s.audio.Check(filepath.Join(s.folder, sound+".wav"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.other().do(cupi.Request{Method: http.MethodPut, Path: "/vmrest/" + path, Root: cupi.Sound, Fields: cupi.Object{cupi.Recording: recording.Digest}})
}

// sounds are what the server plays of people, by their aliases.
func (s *site) sounds(people int) map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for number := 1; number <= people; number++ {
		alias := fmt.Sprintf("whole%04d", number)
		user := s.simulator.UserByAlias(alias)
		if user == nil {
			continue
		}
		var heard []string
		for _, path := range []string{"users/ID/voicename", "CALLS/Busy/greetingstreamfiles/1033/audio", "CALLS/Busy/greetingstreamfiles/1031/audio", "CALLS/Off%20Hours/greetingstreamfiles/1033/audio", "CALLS/Standard/greetingstreamfiles/1033/audio"} {
			heard = append(heard, s.plays(strings.NewReplacer("ID", user["ObjectId"], "CALLS", "handlers/callhandlers/"+user["CallHandlerObjectId"]+"/greetings").Replace(path)))
		}
		for _, list := range s.other().do(cupi.List(cupi.PrivateListsOf(user["ObjectId"]), cupi.Query{}, 0, 0)).Page.Items {
			heard = append(heard, s.plays("users/"+user["ObjectId"]+"/privatelists/"+list["ObjectId"]+"/voicename"))
		}
		all[alias] = strings.Join(heard, ", ")
	}
	return all
}

// fullOptions are those of a run that deletes and records everything before.
func (s *site) fullOptions() record.Options {
	o := options("delete")
	o.PreImage, o.Audio, o.AudioFolder = send.PreImageFull, s.audio, s.folder
	return o
}

// whole is what the server has, but for ids, and for sounds, which sounds tells.
func (s *site) whole() map[string]map[string]string {
	all := withoutIDs(s.simulator.Snapshot())
	maps.DeleteFunc(all, func(path string, _ map[string]string) bool { return strings.HasPrefix(path, "recordings/") })
	return all
}

// sameAs fails the test where the server has not all that it had.
func (s *site) sameAs(before map[string]map[string]string, sounds map[string]string) {
	s.t.Helper()
	compareSnapshots(s.t, before, s.whole())
	for alias, heard := range s.sounds(len(sounds)) {
		if heard != sounds[alias] {
			s.t.Errorf("the server plays %s of %s, and played %s", heard, alias, sounds[alias])
		}
	}
}

// Whole people are deleted and come back, field by field and byte by byte, with what they have of
// each other; the forecast counts what the run asks for.
func TestWholePeopleComeBack(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		people := *returningPeople
		s, file := furnished(t, wire, people)
		before, sounds := s.whole(), s.sounds(people)
		recorder := s.recorder("run")
		s.audio.KeepIn(filepath.Join(recorder.Folder, record.RecordingsFolder))
		o := s.fullOptions()
		o.Deep = wire == cupi.XML
		p, err := batch.Preflight(t.Context(), s.server(3*team), s.prepare(recorder, file, o), func(p validate.Problem) { t.Error(p) })
		if err != nil {
			t.Fatal(err)
		}
		foretold := previews(t, p)
		s.simulator.Fault = s.readFirst(people)
		if summary, err := p.Run(t.Context(), recorder); err != nil || summary.Exit != record.ExitDone {
			t.Fatal(summary, err)
		}
		history := s.history(recorder.Folder)
		for i, result := range results(t, history) {
			asked := foretold[i].Requests["GET"] + foretold[i].Requests["DELETE"]
			if more := result.Requests - asked; result.Status != record.Deleted || o.Deep && more != 0 || !o.Deep && (more < 0 || more > 12) {
				t.Errorf("row %d is %s with %d requests, foretold %d", i+1, result.Status, result.Requests, asked)
			}
		}
		summary, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := messages(t, undone); summary.Exit != record.ExitDone || strings.Contains(got, "missing") || strings.Contains(got, "greetings") {
			t.Errorf("the rollback ends with %d: %s", summary.Exit, got)
		}
		s.sameAs(before, sounds)
	})
}

// Who is sent to the own call handler at the exit is made again, with that, whatever was recorded.
func TestAnExitToTheOwnCallHandlerComesBack(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	user := simulator.UserByAlias("user00001")
	s.other().do(cupi.UpdateUser(user["ObjectId"], cupi.Object{"ExitAction": "2", "ExitTargetConversation": "PHGreeting", "ExitTargetHandlerObjectId": user["CallHandlerObjectId"]}))
	before := s.whole()
	_, history := s.run(t.Context(), "run", "Alias\nuser00001\n", options("delete"), 1)
	if summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); summary.Exit != record.ExitDone {
		t.Errorf("exit %d: %s", summary.Exit, messages(t, of))
	}
	s.sameAs(before, nil)
}

var everySync = flag.Bool("every-sync", false, "let TestWholePeopleComeBackInTwoStarts end the rollback at each sync")

// The rollback that brings whole people back ends at one of its syncs, with the last answer recorded or
// lost, and goes on.
func TestWholePeopleComeBackInTwoStarts(t *testing.T) {
	t.Parallel()
	for at := 2; ; at++ {
		if !*everySync && at > 2 {
			at += 28
		}
		for _, lost := range []bool{false, true} {
			if lost == (at%4 == 2) && !*everySync {
				continue
			}
			s, file := furnished(t, cupi.JSON, 2)
			before, sounds := s.whole(), s.sounds(2)
			s.audio.KeepIn(filepath.Join(s.folder, record.RecordingsFolder))
			s.simulator.Fault = s.readFirst(2)
			_, history := s.run(t.Context(), "run", file, s.fullOptions(), team)
			if !s.interrupt(t, history, at, lost) {
				return
			}
			of := s.goOn(t, history, at)
			if got := statuses(t, of); got != "recreated, recreated" || strings.Contains(messages(t, of), "missing") {
				t.Errorf("ended at sync %d: %s\n%s", at, got, messages(t, of))
			}
			if s.sameAs(before, sounds); t.Failed() {
				return
			}
		}
	}
}
