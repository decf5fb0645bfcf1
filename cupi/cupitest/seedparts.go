package cupitest

// seededPart is one thing that hangs on another on a fresh server.
type seededPart struct {
	kind, owner string
	fields      []string
}

const (
	holidaysID        = "325dd56d-ec59-4f07-b34a-bb5d6f76f43b"
	updatesID         = "6d0c2f6a-2c2b-4a86-9b56-5f0d0c7b1e10"
	updatesSetID      = "6d0c2f6a-2c2b-4a86-9b56-5f0d0c7b1e11"
	openingID         = "b1c2d3e4-0f1a-4b2c-8d3e-4f5a6b7c8d91"
	operatorHandlerID = "c2d3e4f5-1a2b-4c3d-9e4f-5a6b7c8d9ea2"
	systemDirectoryID = "dbe8f3da-15af-4059-a24a-c88c9fe0e277"

	faxTableID     = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a01"
	outdialTableID = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a02"
	xferTableID    = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a03"
	systemTableID  = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a04"
	userTableID    = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a05"
)

// always is the days of a schedule that has no end.
var always = []string{"StartTime", "0", "EndTime", "0", "IsActiveMonday", "true", "IsActiveTuesday", "true", "IsActiveWednesday", "true", "IsActiveThursday", "true",
	"IsActiveFriday", "true", "IsActiveSaturday", "true", "IsActiveSunday", "true"}

// seededParts is what hangs on the schedules, the search spaces and the administrator.
var seededParts = []seededPart{
	{"schedulesetmembers", allHoursSetID, []string{"ScheduleObjectId", allHoursID}},
	{"schedulesetmembers", weekdaysSetID, []string{"ScheduleObjectId", weekdaysID}},
	{"schedulesetmembers", weekdaysSetID, []string{"ScheduleObjectId", holidaysID, "Exclude", "true"}},
	{"schedulesetmembers", updatesSetID, []string{"ScheduleObjectId", updatesID}},
	{"scheduledetails", allHoursID, append([]string{"Subject", "All Hours"}, always...)},
	{"scheduledetails", updatesID, append([]string{"Subject", "Voice Recognition Update"}, always...)},
	{"scheduledetails", weekdaysID, []string{"Subject", "Weekdays", "StartTime", "480", "EndTime", "1020", "IsActiveMonday", "true", "IsActiveTuesday", "true",
		"IsActiveWednesday", "true", "IsActiveThursday", "true", "IsActiveFriday", "true"}},
	{"scheduledetails", holidaysID, []string{"Subject", "New Year's Day", "StartTime", "0", "EndTime", "0", "StartDate", "2013-01-01 00:00:00.0", "EndDate", "2013-01-01 00:00:00.0"}},
	{"searchspacemembers", searchSpaceID, []string{"PartitionObjectId", partitionID, "SortOrder", "1"}},
	{"searchspacemembers", branchSpaceID, []string{"PartitionObjectId", branchID, "SortOrder", "1"}},
	{"portgroupcodecs", portGroupID, []string{"RtpCodecDefObjectId", muLawID, "RtpCodecDefDisplayName", "G.711 mu-law"}},
	{"portgroupcodecs", portGroupID, []string{"RtpCodecDefObjectId", g729ID, "RtpCodecDefDisplayName", "G.729", "Preference", "1"}},
	{"portgroupservers", portGroupID, []string{"HostOrIPAddress", "cucm1.example.com"}},
	{"userroles", adminUserID, []string{"RoleObjectId", systemAdministratorID, "RoleName", "System Administrator"}},
	{"userroles", "5e4c9160-a37f-41ce-9b0d-6283aecf4057", []string{"RoleObjectId", systemAdministratorID, "RoleName", "System Administrator"}},
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
const silence = "RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x08\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
