package cupitest

import (
	"regexp"
	"strings"
	"testing"
)

// TestLists reads every list that names are looked up in, and its first element by its id.
func TestLists(t *testing.T) {
	t.Parallel()
	cases := []struct{ path, wrapper, element, name string }{
		{"usertemplates", "UserTemplates", "UserTemplate", "Alias"},
		{"coses", "Coses", "Cos", "DisplayName"},
		{"partitions", "Partitions", "Partition", "Name"},
		{"searchspaces", "SearchSpaces", "SearchSpace", "Name"},
		{"phonesystems", "PhoneSystems", "PhoneSystem", "DisplayName"},
		{"mailboxstores", "MailboxStores", "MailboxStore", "DisplayName"},
		{"schedulesets", "ScheduleSets", "ScheduleSet", "DisplayName"},
		{"schedules", "Schedules", "Schedule", "DisplayName"},
		{"timezones", "TimeZones", "TimeZone", "TimeZoneId"},
		{"installedlanguages", "InstalledLanguages", "InstalledLanguage", "LanguageCode"},
		{"languagemap", "LanguageMappings", "LanguageMapping", "LanguageTag"},
		{"roles", "Roles", "Role", "RoleName"},
		{"authenticationrules", "AuthenticationRules", "AuthenticationRule", "DisplayName"},
		{"credentialpolicies", "CredentialPolicies", "CredentialPolicy", "DisplayName"},
		{"messageagingpolicies", "MessageAgingPolicies", "MessageAgingPolicy", "DisplayName"},
		{"notificationtemplates", "NotificationTemplates", "NotificationTemplate", "NotificationTemplateName"},
		{"postgreetingrecordings", "PostGreetingRecordings", "PostGreetingRecording", "DisplayName"},
		{"externalservices", "ExternalServices", "ExternalService", "DisplayName"},
		{"locations/connectionlocations", "ConnectionLocations", "ConnectionLocation", "DisplayName"},
		{"callhandlertemplates", "CallhandlerTemplates", "CallhandlerTemplate", "DisplayName"},
		{"distributionlists", "DistributionLists", "DistributionList", "Alias"},
		{"handlers/directoryhandlers", "DirectoryHandlers", "DirectoryHandler", "DisplayName"},
		{"routingrules", "RoutingRules", "RoutingRule", "DisplayName"},
		{"globalusers", "GlobalUsers", "GlobalUser", "Alias"},
		{"vmsservers", "VmsServers", "VmsServer", "HostName"},
		{"tenants", "Tenants", "Tenant", "Alias"},
		{"handlers/callhandlers", "Callhandlers", "Callhandler", "DisplayName"},
		{"users", "Users", "User", "Alias"},
	}
	for _, test := range cases {
		t.Run(test.path, func(t *testing.T) {
			t.Parallel()
			c := serve(t, &Server{}, xmlType)
			body := c.expect(200, "GET", "/vmrest/"+test.path, "").body
			if !strings.HasPrefix(body, xmlHeader+"<"+test.wrapper+" total=") {
				t.Fatalf("got %.100s", body)
			}
			names, addresses := found(body, test.name), found(body, "URI")
			if len(names) == 0 || len(names) != len(addresses) || len(names) != strings.Count(body, "<"+test.element+">") {
				t.Fatalf("got %d names and %d addresses", len(names), len(addresses))
			}
			one := c.read(addresses[0], test.element)
			if one[test.name] != names[0] || one["URI"] != addresses[0] {
				t.Errorf("got %v, want %s and %s", one, names[0], addresses[0])
			}
			c.wire = jsonType
			if one := c.read(addresses[0], test.element); one[test.name] != names[0] {
				t.Errorf("in JSON: got %v, want %s", one, names[0])
			}
			picked := c.expect(200, "GET", "/vmrest/"+test.path+"?query=("+test.name+" is "+names[0]+")", "")
			if got := picked.total(t); got == "0" {
				t.Errorf("%s can't be found by its name", names[0])
			}
			missing := c.expect(404, "GET", "/vmrest/"+test.path+"/00000000-none", "")
			if want := strings.ToLower(test.element) + " - "; !strings.Contains(missing.body, want) {
				t.Errorf("got %s, want %s", missing.body, want)
			}
		})
	}
}

// TestSeededIDs looks for slips in the tables.
func TestSeededIDs(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	d := newData(0)
	references := map[string]string{
		"CosObjectId": "coses", "PartitionObjectId": "partitions", "MediaSwitchObjectId": "phonesystems", "SearchByNameSearchSpaceObjectId": "searchspaces",
		"SearchByExtensionSearchSpaceObjectId": "searchspaces", "LocationObjectId": "locations/connectionlocations", "MailboxStoreObjectId": "mailboxstores",
		"DefaultPartitionObjectId": "partitions", "OwnerLocationObjectId": "locations/connectionlocations",
	}
	for path, l := range d.lists {
		if path != "installedlanguages" && len(l.byKey) != len(l.documents) {
			t.Errorf("%s: an id is there twice", path)
		}
		for _, element := range l.documents {
			if id := element.own["ObjectId"]; id != "" && !shape.MatchString(id) {
				t.Errorf("%s: %q is no ObjectId", path, id)
			}
			for name, target := range references {
				if id := element.own[name]; id != "" && !d.exists(target, id) {
					t.Errorf("%s: %s %s is not in %s", path, name, id, target)
				}
			}
		}
	}
	made := map[string]bool{}
	for range 10_000 {
		id := d.newID()
		if made[id] || !shape.MatchString(id) {
			t.Fatalf("%q was made twice or is no ObjectId", id)
		}
		made[id] = true
	}
}
