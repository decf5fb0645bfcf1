package cupitest

// seededPart is one thing that hangs on another on a fresh server.
type seededPart struct {
	kind, owner string
	fields      []string
}

// always is the days of a schedule that has no end.
var always = []string{"StartTime", "0", "EndTime", "0", "IsActiveMonday", "true", "IsActiveTuesday", "true", "IsActiveWednesday",
	"true", "IsActiveThursday", "true",
	"IsActiveFriday", "true", "IsActiveSaturday", "true", "IsActiveSunday", "true"}

// seededParts is what hangs on the schedules, the search spaces and the administrator.
var seededParts = []seededPart{
	{"schedulesetmembers", allHoursSetID, []string{"ScheduleObjectId", allHoursID}},
	{"schedulesetmembers", weekdaysSetID, []string{"ScheduleObjectId", weekdaysID}},
	{"schedulesetmembers", weekdaysSetID, []string{"ScheduleObjectId", holidaysID, "Exclude", "true"}},
	{"schedulesetmembers", updatesSetID, []string{"ScheduleObjectId", updatesID}},
	{"scheduledetails", allHoursID, append([]string{"Subject", "All Hours"}, always...)},
	{"scheduledetails", updatesID, append([]string{"Subject", "Voice Recognition Update"}, always...)},
	{"scheduledetails", weekdaysID, []string{"Subject", "Weekdays", "StartTime", "480", "EndTime", "1020", "IsActiveMonday",
		"true", "IsActiveTuesday", "true",
		"IsActiveWednesday", "true", "IsActiveThursday", "true", "IsActiveFriday", "true"}},
	{"scheduledetails", holidaysID, []string{"Subject", "New Year's Day", "StartTime", "0", "EndTime", "0", "StartDate",
		"2013-01-01 00:00:00.0", "EndDate", "2013-01-01 00:00:00.0"}},
	{"searchspacemembers", searchSpaceID, []string{"PartitionObjectId", partitionID, "SortOrder", "1"}},
	{"searchspacemembers", branchSpaceID, []string{"PartitionObjectId", branchID, "SortOrder", "1"}},
	{"portgroupcodecs", portGroupID, []string{"RtpCodecDefObjectId", muLawID, "RtpCodecDefDisplayName", "G.711 mu-law"}},
	{"portgroupcodecs", portGroupID, []string{"RtpCodecDefObjectId", g729ID, "RtpCodecDefDisplayName", "G.729", "Preference", "1"}},
	{"portgroupservers", portGroupID, []string{"HostOrIPAddress", "cucm1.example.com"}},
	{"userroles", adminUserID, []string{"RoleObjectId", systemAdministratorID, "RoleName", "System Administrator"}},
	{"userroles", "5e4c9160-a37f-41ce-9b0d-6283aecf4057", []string{"RoleObjectId", systemAdministratorID, "RoleName",
		"System Administrator"}},
}

// seededPatterns are what each restriction table forbids.
var seededPatterns = map[string][]string{
	faxTableID:     {"9011???????*", "9???????*", "*"},
	outdialTableID: {"9011???????*", "91???????*", "*"},
	xferTableID:    {"9???????????*", "91???????*", "9???????", "900", "*"},
	systemTableID:  {"*"},
	userTableID:    {"*"},
}

// greeted are the system's call handlers, whose standard greetings are recordings in every language.
var greeted = []string{openingID, operatorHandlerID, goodbyeID}

// silence is a recording of nothing: G.711 mu-law, 8 kHz, one channel.
const silence = "RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00" +
	"data\x08\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
