package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// partCase is one kind of step: how rows set it, and what that does.
type partCase struct {
	step    string
	columns string // of the file
	set     string // the cells that set it
	changed string // cells that change it
	cleared string // cells that clear it; "": it can't be cleared
	fresh   int    // requests for it on a user that the row makes
	lost    bool   // what it sets can't be put back
}

// partCases has a case for each kind of step.
func partCases() []partCase {
	return []partCase{
		{step: "pin", columns: "PIN,PIN_CredMustChange", set: "947251,false", changed: "836142,true", fresh: 1, lost: true},
		{step: "password", columns: "Password,Password_DoesntExpire", set: "Tr0ub4dor&3x,true", changed: "Tr0ub4dor&3y,false", fresh: 1, lost: true},
		{step: "alternateextensions/1", columns: "Extension_Alt1", set: "777001", changed: "777002", cleared: "%null%", fresh: 1},
		{step: "alternateextensions/9", columns: "Extension_Alt9,Extension_Alt9_Partition", set: "777001,Branch Partition", changed: "777002,cuc1 Partition", cleared: "%null%,", fresh: 1},
		{step: "smtpproxyaddresses", columns: "SmtpProxyAddresses", set: `"a@x.org,b@x.org"`, changed: `"B@x.org,c@x.org"`, cleared: "%null%", fresh: 2},
		{step: "alternatenames", columns: "AltFirstNames,AltLastNames", set: "Bob;Rob,A;B", changed: "Rob;Robby,B;C;;D", cleared: "%null%,%null%", fresh: 2},
		{step: "mwis", columns: "MWIExtension,MWIMediaSwitchDisplayName", set: "1234,PhoneSystem", changed: "1235,", cleared: "%null%,", fresh: 2},
		{step: "phonedevices/HomePhone", columns: "PhoneNumber_HomePhone,Active_HomePhone,DisplayName_HomePhone", set: "5551,true,At home", changed: "5552,false,At home", cleared: "%null%,,At home", fresh: 2},
		{step: "phonedevices/WorkPhone", columns: "PhoneNumber_WorkPhone,Active_WorkPhone", set: "5551,1", changed: "5552,0", cleared: "%null%,", fresh: 2},
		{step: "pagerdevices/Pager", columns: "PhoneNumber_Pager,AfterDialDigits_Pager,Active_Pager", set: "5551,99,true", changed: "5552,98,false", cleared: "%null%,%null%,", fresh: 2},
		{step: "smtpdevices/TextPager1", columns: "SmtpAddress_TextPager1,Active_TextPager1", set: "p@x.org,true", changed: "q@x.org,false", cleared: "%null%,", fresh: 2},
		{step: "htmldevices/HTML2", columns: "SmtpAddress_HTML2,Active_HTML2,templateName_HTML2", set: "p@x.org,true,Default_Missed_Call", changed: "q@x.org,false,", cleared: "%null%,,", fresh: 2},
		{step: "callhandler", columns: "MaxMsgLen,PostGreetingRecordingDisplayName,PlayAfterMessageRecording,SendPrivateMsg,AfterMessageAction,PrependDigits,CallHandler_Language", set: "60,Holiday hours,2,ask,hangup,91,1031", changed: "90,This call is recorded,0,never,restart,92,1033", cleared: ",%null%,,,,%null%,", fresh: 2},
		{step: "transferoptions/Off Hours", columns: "ClosedTransferType,ClosedTransferRings,ClosedTransferExtension,ClosedTransferEnabled,ClosedTransferScreening,ClosedTransferHoldingMode,ClosedTransferTimeExpires", set: "supervised,5,1234,true,true,ask,2099-01-01 00:00:00.0", changed: "0,6,1235,false,false,hold,", cleared: ",,%null%,true,,,%null%", fresh: 2},
		{step: "greetings/Alternate", columns: "Greeting_Alternate_Enabled,Greeting_Alternate_PlayWhat,Greeting_Alternate_Reprompts,Greeting_Alternate_AfterGreetingAction,Greeting_Alternate_TimeExpires", set: "true,recording,2,hangup,2099-01-01 00:00:00.0", changed: "false,0,3,message,", cleared: "true,,,,%null%", fresh: 2},
		{step: "menuentries/#", columns: "Key_Pound,Key_Pound_Locked,Key_Pound_DisplayName", set: "user:user00002,true,Deputy", changed: "directory:System Directory Handler,false,Names", fresh: 2},
		{step: "messagehandlers", columns: "EmailAction,VoiceMailAction,RelayAddress", set: "2,3,r@x.org", changed: "1,1,s@x.org", cleared: ",,%null%", fresh: 2},
		{step: "externalserviceaccounts", columns: "Exchange2010Service_ServiceDisplayName,Exchange2010Service_EmailAddress,UM_EnableCalendarCapability", set: "Office 365,u@x.org,true", changed: "Office 365,v@x.org,false", cleared: "%null%,,", fresh: 1},
		{step: "userroles", columns: "UserRoles", set: "Help Desk Administrator;Greeting Administrator", changed: "greeting administrator;User Administrator", cleared: "%null%", fresh: 2},
		{step: "mailboxattributes", columns: "ReceiveQuota,SendQuota,WarningQuota", set: "4096000,2048000,1024000", changed: "-1,-2,2048", fresh: 1},
		{step: "privatelists/2", columns: "PrivateList2", set: "Friends", changed: "Enemies", cleared: "%null%", fresh: 1},
		{step: "privatelists/3 privatelistmembers/3", columns: "PrivateList3,PrivateList3_Members", set: "Team,user00002;user00003", changed: "Crew,USER00003", cleared: "Nobody,%null%", fresh: 3},
		{step: "distributionlistmembers", columns: "DistributionLists", set: "allvoicemailusers;undeliverablemessages", changed: "allvoicemailenabledcontacts", fresh: 2},
	}
}

// Each kind of step that a column belongs to has a case, and a case clears what can be
// cleared.
func TestEachKindOfStepHasACase(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{validate.StepUser: true, "": true}
	for _, p := range partCases() {
		for step := range strings.FieldsSeq(p.step) {
			kind, _, _ := strings.Cut(step, "/")
			tried[kind] = true
		}
		for heading := range strings.SplitSeq(p.columns, ",") {
			column, known := validate.ColumnByHeading(heading)
			if !known || column.Nullable && p.cleared == "" {
				t.Errorf("%s: %s can be cleared, and the case does not", p.step, heading)
			}
		}
	}
	for _, column := range validate.Users.Columns() {
		if kind, _, _ := strings.Cut(column.Step, "/"); column.Access == validate.ReadWrite && !tried[kind] && column.Type != validate.File { // those have TestRecordings
			t.Errorf("%s: no case tries the step %s", column.Name, kind)
		}
	}
}

// file makes rows of the case: each is "operation alias extension cells".
func (p partCase) file(rows ...string) string {
	text := "Operation,Alias,DtmfAccessId,TemplateAlias," + p.columns + "\n"
	for _, row := range rows {
		text += row + "\n"
	}
	return text
}

const freshUser = "create,fresh,4711,voicemailusertemplate,"
const presentUser = "update,user00001,,,"

// eachPart runs a test for every kind of step, in both wires.
func eachPart(t *testing.T, test func(t *testing.T, s *site, p partCase)) {
	t.Parallel()
	for _, p := range partCases() {
		for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
			t.Run(p.step+" "+string(wire), func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(3)
				s := newSite(t, simulator)
				s.wire = wire
				test(t, s, p)
			})
		}
	}
}

// only gives the one result of a history.
func only(t *testing.T, history *record.History) record.Result {
	t.Helper()
	all := results(t, history)
	if len(all) != 1 {
		t.Fatalf("%d results, want 1", len(all))
	}
	return all[0]
}

func sent(simulator *cupitest.Server) int {
	n := 0
	for what, count := range simulator.Requests() {
		if !strings.HasPrefix(what, "GET") {
			n += count
		}
	}
	return n
}

func TestPartsOfANewUser(t *testing.T) {
	eachPart(t, func(t *testing.T, s *site, p partCase) {
		before := s.simulator.Snapshot()
		_, history := s.run(t.Context(), "run", p.file(freshUser+p.set), options(""), 1)
		result := only(t, history)
		if result.Status != record.Created || strings.Join(result.StepsDone, " ") != "user "+p.step {
			t.Fatalf("%+v", result)
		}
		if result.Requests != 1+p.fresh {
			t.Errorf("%d requests, want %d", result.Requests, 1+p.fresh)
		}
		if result.Reversible != record.FullyReversible {
			t.Errorf("reversible %s: all goes with the user", result.Reversible)
		}
		s.unlost(history)
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := only(t, of); got.Status != record.Deleted {
			t.Errorf("rollback: %+v", got)
		}
		compareSnapshots(t, before, s.simulator.Snapshot())
	})
}

// unlost verifies that the server kept all that a run wrote.
func (s *site) unlost(history *record.History) {
	s.t.Helper()
	found, err := verify.ReadBack(s.t.Context(), s.server(1), history)
	if err != nil {
		s.t.Fatal(err)
	}
	for v, err := range found {
		if err != nil || !v.Kept {
			s.t.Errorf("verify: %+v %v", v, err)
		}
	}
}

func TestPartsOfAUserThatIsThere(t *testing.T) {
	eachPart(t, func(t *testing.T, s *site, p partCase) {
		start := s.simulator.Snapshot()
		states := []map[string]map[string]string{start}
		var histories []*record.History
		cells := []string{p.set, p.changed}
		if p.cleared != "" {
			cells = append(cells, p.cleared)
		}
		for i, cell := range cells {
			_, history := s.run(t.Context(), fmt.Sprint("run", i), p.file(presentUser+cell), options(""), 1)
			result := only(t, history)
			if result.Status != record.Updated || strings.Join(result.StepsDone, " ") != p.step {
				t.Fatalf("%s: %+v", cell, result)
			}
			want := map[bool]record.Reversible{true: record.NotReversible, false: record.FullyReversible}[p.lost]
			if cell == p.cleared && (p.step == "privatelists/2" || p.step == "externalserviceaccounts") { // its members, its password
				want = record.PartlyReversible
			}
			if result.Reversible != want {
				t.Errorf("%s: reversible %s, want %s", cell, result.Reversible, want)
			}
			s.unlost(history)
			changes := sent(s.simulator)
			upsert := strings.Replace(presentUser, "update,user00001,,", "upsert,user00001,10000,voicemailusertemplate", 1)
			_, again := s.run(t.Context(), fmt.Sprint("again", i), p.file(upsert+cell), options(""), 1)
			if got := only(t, again); got.Status != record.Unchanged || sent(s.simulator) != changes {
				t.Errorf("%s again: %d changes, %+v", cell, sent(s.simulator)-changes, got)
			}
			states = append(states, s.simulator.Snapshot())
			if !p.lost {
				_, of := s.rollback(t.Context(), fmt.Sprint("undo", i), history, record.UndoOptions{})
				if got := only(t, of); got.Status != record.Restored {
					t.Errorf("rollback of %s: %+v", cell, got)
				}
				compareSnapshots(t, withoutIDs(states[i]), withoutIDs(s.simulator.Snapshot()))
				_, history = s.run(t.Context(), fmt.Sprint("redo", i), p.file(presentUser+cell), options(""), 1)
			}
			histories = append(histories, history)
		}
		if p.lost {
			_, of := s.rollback(t.Context(), "undo", histories[1], record.UndoOptions{})
			if got := only(t, of); !strings.Contains(got.Message, "can't be put back") {
				t.Errorf("rollback: %+v", got)
			}
			return
		}
		// One rollback after the other: what the rollback of a later run added again is not the
		// earlier run's own any more.
		exact := true
		for i, history := range slices.Backward(histories) {
			_, of := s.rollback(t.Context(), fmt.Sprint("back", i), history, record.UndoOptions{})
			got := only(t, of)
			exact = exact && got.Status == record.Restored
			if got.Status != record.Restored && (got.Status != record.Kept || i == len(histories)-1 || !strings.Contains(got.Message, "which this run did not make")) {
				t.Errorf("rollback of %s: %+v", cells[i], got)
			}
			if exact {
				compareSnapshots(t, withoutIDs(states[i]), withoutIDs(s.simulator.Snapshot()))
			}
		}
	})
}

// What the pre-flight says that a part costs is what the run sends.
func TestPartsCostWhatThePreflightSays(t *testing.T) {
	eachPart(t, func(t *testing.T, s *site, p partCase) {
		rows := []string{freshUser + p.set, presentUser + p.changed, presentUser + p.changed}
		for i, row := range rows {
			recorder := s.recorder(fmt.Sprint("run", i))
			checked := s.prepare(recorder, p.file(row), options(""))
			preparation, err := batch.Preflight(t.Context(), s.server(1), checked, func(validate.Problem) {})
			if err != nil {
				t.Fatal(err)
			}
			foreseen := map[string]int{}
			var status record.Status
			for preview, err := range preparation.Previews(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				foreseen, status = preview.Requests, preview.Status
			}
			before := s.simulator.Requests()
			if _, err := preparation.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			sent := map[string]int{}
			for what, n := range s.simulator.Requests() {
				method, _, _ := strings.Cut(what, " ")
				if n -= before[what]; n > 0 {
					sent[method] += n
				}
			}
			history := s.history(recorder.Folder)
			result := only(t, history)
			if i == 0 {
				s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			}
			for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
				if foreseen[method] != sent[method] {
					t.Errorf("%s: the pre-flight said %v, and the run sent %v", row, foreseen, sent)
					break
				}
			}
			if result.Status != status {
				t.Errorf("%s: the pre-flight said %s, and the run did %+v", row, status, result)
			}
		}
	})
}

// An alternate extension that another user has as its own is known before anything
// is sent, in the same partition; in another one it is free.
func TestAlternateExtensionsThatAreTaken(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,TemplateAlias,Extension_Alt1,Extension_Alt1_Partition\n"+
		"update,user00001,,,10001,\n"+
		"create,fresh,4711,voicemailusertemplate,10002,\n"+
		"update,user00003,,,10001,Branch Partition\n", options(""), 1)
	if got, want := statuses(t, history), "invalid extension-taken, invalid extension-taken, updated"; got != want {
		t.Errorf("got %s, want %s: %s", got, want, messages(t, history))
	}
}

// What is taken is told with the column by which the row asks for it, the partition's
// where the row gives only that.
func TestAnExtensionThatIsTakenNamesItsColumn(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(4)
	s := newSite(t, simulator)
	const branchID = "30c21994-bd80-4992-97ce-601ca93bf3da"
	o := s.other()
	o.set("user00002", "PartitionObjectId", branchID)
	o.set("user00002", "DtmfAccessId", "10000")
	for i, test := range []struct{ columns, row, want string }{
		{"DtmfAccessId,Extension_Alt1", "update,user00004,10002,", "2 DtmfAccessId extension-taken"},
		{"DtmfAccessId,Extension_Alt1", "update,user00004,,10002", "2 Extension_Alt1 extension-taken"},
		{"Extension_Alt1,Extension_Alt7,Extension_Alt7_Partition", "update,user00004,4711,10000,Branch Partition", "2 Extension_Alt7 extension-taken"},
		{"PartitionName,DtmfAccessId", "update,user00001,Branch Partition,\nupdate,user00003,,10000", "2 PartitionName extension-taken, 3 DtmfAccessId extension-taken"},
		{"PartitionObjectId,DtmfAccessId", "update,user00001," + branchID + ",\nupdate,user00003,,10000", "2 PartitionObjectId extension-taken, 3 DtmfAccessId extension-taken"},
		{"NewAlias", "update,user00001,user00002", "2 NewAlias alias-taken"},
	} {
		_, problems := s.preflight(s.recorder(fmt.Sprint("run", i)), "Operation,Alias,"+test.columns+"\n"+test.row+"\n", options(""))
		if problems != test.want {
			t.Errorf("%s: got %q, want %q", test.row, problems, test.want)
		}
	}
}

// withoutIDs tells the same of two servers whose objects have other ids: users and
// their call handlers are told by aliases, and what hangs on them by what it holds.
func withoutIDs(snapshot map[string]map[string]string) map[string]map[string]string {
	known := []string{}
	for path, object := range snapshot {
		if strings.Count(path, "/") == 1 && strings.HasPrefix(path, "users/") {
			known = append(known, object["ObjectId"], object["Alias"], object["CallHandlerObjectId"], "handler of "+object["Alias"])
		}
		if strings.Count(path, "/") == 1 && strings.HasPrefix(path, "distributionlists/") {
			known = append(known, object["ObjectId"], "list "+object["Alias"])
		}
		if strings.Count(path, "/") == 1 && strings.HasPrefix(path, "contacts/") {
			known = append(known, object["ObjectId"], "contact "+object["Alias"], object["CallHandlerObjectId"], "handler of "+object["Alias"])
		}
		if object["NumericId"] != "" {
			known = append(known, object["ObjectId"], "list "+object["NumericId"])
		}
	}
	rename := strings.NewReplacer(known...)
	same := map[string]map[string]string{}
	for path, object := range snapshot {
		plain := map[string]string{}
		for name, value := range object {
			switch name {
			case "ObjectId", "CreationTime", "ExitCallActionObjectId", "TimeChanged", "URI":
			default:
				if value != "" { // as good as none
					plain[name] = rename.Replace(value)
				}
			}
		}
		path = rename.Replace(path)
		if id := object["ObjectId"]; id != "" && strings.HasSuffix(path, id) {
			path = strings.TrimSuffix(path, id) + fmt.Sprint(plain)
		}
		same[path] = plain
	}
	return same
}
