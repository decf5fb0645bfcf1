package cupitest

// scheduleResources is what hangs on schedules: which of them a set has, and the hours of each.
var scheduleResources = []resource{
	{kind: "schedulesetmembers", path: "schedulesets/{id}/schedulesetmembers", wrapper: "ScheduleSetMembers", element: "ScheduleSetMember",
		owner: inList("schedulesets"), methods: "POST DELETE", needs: []string{"ScheduleObjectId"}, unique: "ScheduleObjectId",
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/schedulesets/{ScheduleSetObjectId}/schedulesetmembers/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"ScheduleSetObjectId", text, 36, "{owner.ObjectId}", listed},
			field{"ScheduleObjectId", reference, 36, "schedules", listed},
			field{"Exclude", boolean, 0, "false", listed},
		)},
	{kind: "scheduledetails", path: "schedules/{id}/scheduledetails", wrapper: "ScheduleDetails", element: "ScheduleDetail",
		owner: inList("schedules"), methods: "POST PUT DELETE",
		ranges: map[string][2]int{"StartTime": {0, 1440}, "EndTime": {0, 1440}}, // minutes since midnight
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/schedules/{ScheduleObjectId}/scheduledetails/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"ScheduleObjectId", text, 36, "{owner.ObjectId}", listed},
			field{"Subject", text, 64, "", listed},
			field{"StartTime", integer, 0, "", listed},
			field{"EndTime", integer, 0, "", listed},
			field{"StartDate", text, 0, "", listed},
			field{"EndDate", text, 0, "", listed},
			field{"IsActiveMonday", boolean, 0, "false", listed},
			field{"IsActiveTuesday", boolean, 0, "false", listed},
			field{"IsActiveWednesday", boolean, 0, "false", listed},
			field{"IsActiveThursday", boolean, 0, "false", listed},
			field{"IsActiveFriday", boolean, 0, "false", listed},
			field{"IsActiveSaturday", boolean, 0, "false", listed},
			field{"IsActiveSunday", boolean, 0, "false", listed},
		)},
}

// inList finds an owner in the seeded list at the path.
func inList(path string) func(*data, []string) *document {
	return func(d *data, ids []string) *document { return d.lists[path].find(ids[0]) }
}
