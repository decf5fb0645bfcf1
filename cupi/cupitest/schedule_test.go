package cupitest

import (
	"bytes"
	"strings"
	"testing"
)

// id is the id of what a POST made.
func (r reply) id() string { return r.body[strings.LastIndexByte(r.body, '/')+1:] }

// Schedules, call handlers and what callers press are no part of a user, but scripts that set up users set up these too.
func TestSchedulesAndMenus(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		before := len(s.Snapshot())
		set := c.expect(201, "POST", "/vmrest/schedulesets", c.write("ScheduleSet", "DisplayName", "Office", "OwnerLocationObjectId", locationID)).id()
		schedule := c.expect(201, "POST", "/vmrest/schedules", c.write("Schedule", "DisplayName", "Office", "IsHoliday", "false", "OwnerLocationObjectId", locationID)).id()
		c.expect(400, "POST", "/vmrest/schedules", c.write("Schedule", "DisplayName", "office", "OwnerLocationObjectId", locationID))
		c.expect(400, "POST", "/vmrest/schedules", c.write("Schedule", "DisplayName", "Nobody's"))
		c.expect(400, "POST", "/vmrest/schedulesets", c.write("ScheduleSet", "OwnerLocationObjectId", locationID))
		members := "/vmrest/schedulesets/" + set + "/schedulesetmembers"
		c.expect(201, "POST", members, c.write("ScheduleSetMember", "ScheduleSetObjectId", set, "ScheduleObjectId", schedule, "Exclude", "false"))
		c.expect(400, "POST", members, c.write("ScheduleSetMember", "ScheduleObjectId", schedule))
		c.expect(400, "POST", members, c.write("ScheduleSetMember", "ScheduleObjectId", weekdaysID))
		c.expect(400, "POST", members, c.write("ScheduleSetMember", "ScheduleObjectId", holidaysID))
		c.expect(400, "POST", members, c.write("ScheduleSetMember", "ScheduleObjectId", "none"))
		c.expect(404, "POST", "/vmrest/schedulesets/none/schedulesetmembers", c.write("ScheduleSetMember", "ScheduleObjectId", schedule))
		details := "/vmrest/schedules/" + schedule + "/scheduledetails"
		detail := c.expect(201, "POST", details, c.write("ScheduleDetail", "Subject", "Office", "StartTime", "510", "EndTime", "1020", "IsActiveMonday", "true")).id()
		c.expect(400, "PUT", details+"/"+detail, c.write("ScheduleDetail", "EndTime", "1441"))
		c.expect(204, "PUT", details+"/"+detail, c.write("ScheduleDetail", "EndTime", "1080"))
		if got := c.read(details+"/"+detail, "ScheduleDetail"); got["EndTime"] != "1080" || got["IsActiveMonday"] != "true" || got["ScheduleObjectId"] != schedule {
			t.Errorf("the detail is %v", got)
		}

		user := c.create("Alias", "anna", "DtmfAccessId", "4711")
		mine := c.read("/vmrest/users/"+user, "User")["CallHandlerObjectId"]
		c.expect(204, "PUT", "/vmrest/handlers/callhandlers/"+mine, c.write("Callhandler", "ScheduleSetObjectId", set))
		c.expect(204, "PUT", "/vmrest/handlers/callhandlers/"+mine+"/menuentries/1", c.write("MenuEntry", "Action", "2", "TargetConversation", "PHGreeting", "TargetHandlerObjectId", mine))
		if got := c.read("/vmrest/handlers/callhandlers/"+mine+"/menuentries/1", "MenuEntry"); got["Action"] != "2" || got["TouchtoneKey"] != "1" {
			t.Errorf("the key is %v", got)
		}
		if got := c.expect(200, "GET", "/vmrest/handlers/callhandlers/"+mine+"/menuentries", "").total(t); got != "12" {
			t.Errorf("%s keys, want 12", got)
		}
		if got := c.expect(200, "GET", "/vmrest/handlers/callhandlers/none/menuentries", "").total(t); got != "0" {
			t.Errorf("%s keys of an unknown call handler, want an empty list", got)
		}

		const system = "3c2a7f4e-815d-4fac-b9eb-4061908d2e46"
		menu := c.expect(201, "POST", "/vmrest/handlers/callhandlers?templateObjectId="+system, c.write("Callhandler", "DisplayName", "Main menu", "DtmfAccessId", "5000", "ScheduleSetObjectId", set)).id()
		c.expect(400, "POST", "/vmrest/handlers/callhandlers?templateObjectId=none", c.write("Callhandler", "DisplayName", "Other"))
		c.expect(400, "POST", "/vmrest/handlers/callhandlers?templateObjectId="+system, c.write("Callhandler", "DtmfAccessId", "5001"))

		var state bytes.Buffer
		if err := s.Save(&state); err != nil {
			t.Fatal(err)
		}
		var copied Server
		if err := copied.Load(&state); err != nil {
			t.Fatal(err)
		}
		if got, want := len(copied.Snapshot()), len(s.Snapshot()); got != want {
			t.Errorf("%d of %d parts were kept by saving and loading", got, want)
		}

		c.expect(400, "DELETE", "/vmrest/handlers/callhandlers/"+mine, "")
		c.expect(400, "DELETE", "/vmrest/schedulesets/"+allHoursSetID, "")
		c.expect(204, "DELETE", "/vmrest/handlers/callhandlers/"+menu, "")
		c.expect(404, "DELETE", "/vmrest/handlers/callhandlers/"+menu, "")
		c.expect(204, "DELETE", "/vmrest/users/"+user, "")
		c.expect(204, "DELETE", "/vmrest/schedulesets/"+set, "")
		c.expect(204, "DELETE", "/vmrest/schedules/"+schedule, "")
		if after := len(s.Snapshot()); after != before {
			t.Errorf("%d parts are left over", after-before)
		}
	})
}

// Fields that no resource has are refused, or passed over and told.
func TestUnknownFields(t *testing.T) {
	t.Parallel()
	for _, wire := range wires {
		body := []string{"Alias", "anna", "DtmfAccessId", "4711", "transferExtension", "4711", "emailaddress", "anna@example.com"}
		strict := serve(t, &Server{}, wire)
		strict.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", strict.write("User", body...))
		var told []string
		s := &Server{PassOverFields: true, OnPassedOver: func(request, field string) { told = append(told, request+" "+field) }}
		lenient := serve(t, s, wire)
		id := lenient.create(body...)
		body[1], body[3] = "berta", "4712"
		lenient.create(body...)
		handler := lenient.read("/vmrest/users/"+id, "User")["CallHandlerObjectId"]
		lenient.expect(204, "PUT", "/vmrest/handlers/callhandlers/"+handler+"/greetings/Standard", lenient.write("Greeting", "emailaddress", "x"))
		if got := strings.Join(s.PassedOver(), ", "); got != "emailaddress, transferExtension" {
			t.Errorf("passed over: %s", got)
		}
		const want = "POST /vmrest/users emailaddress, POST /vmrest/users transferExtension, PUT /vmrest/handlers/callhandlers/{id}/greetings/{id} emailaddress"
		if got := strings.Join(told, ", "); got != want {
			t.Errorf("told at once: %s, want %s", got, want)
		}
	}
}
