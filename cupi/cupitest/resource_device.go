package cupitest

import (
	"slices"
	"strings"
)

// deviceResources is the notification devices that can be written. A new user has those that came with the template:
// they are not active, and can't be deleted.
var deviceResources = []resource{
	deviceResource("phonedevices", "PhoneDevices", "PhoneDevice", "1", "PhoneNumber", []string{"Home Phone", "Work Phone", "Mobile Phone"}, phoneFields...),
	deviceResource("pagerdevices", "PagerDevices", "PagerDevice", "2", "PhoneNumber", []string{"Pager"}, phoneFields...),
	deviceResource("smtpdevices", "SmtpDevices", "SmtpDevice", "4", "SmtpAddress", []string{"SMTP"},
		field{"SmtpAddress", text, 320, "", listed},
		field{"PhoneNumber", text, 40, "", listed},
		field{"StaticText", text, 64, "", listed},
		field{"SendCallerId", boolean, 0, "true", listed},
		field{"SendCount", boolean, 0, "true", listed},
		field{"SendPcaLink", boolean, 0, "false", listed},
	),
	deviceResource("smsdevices", "SmsDevices", "SmsDevice", "5", "RecipientAddress", nil,
		field{"SmppProviderObjectId", text, 36, "", listed},
		field{"RecipientAddress", text, 40, "", listed},
		field{"SenderAddress", text, 40, "", listed},
	),
	deviceResource("htmldevices", "HtmlDevices", "HtmlDevice", "7", "SmtpAddress", []string{"HTML", "HTML Missed Call", "HTML Scheduled Summary"},
		field{"SmtpAddress", text, 320, "", listed},
		field{"CallbackNumber", text, 40, "", listed},
		field{"NotificationTemplateID", reference, 36, "notificationtemplates", listed},
		field{"DisableMobileNumberFromPCA", boolean, 0, "false", listed},
		field{"DisableTemplateSelectionFromPCA", boolean, 0, "false", listed},
		field{"AllowVoiceMailAsAttachment", boolean, 0, "false", listed},
	),
}

// deviceEvents is what a device can notify of.
var deviceEvents = []string{"None", "AllMessage", "AllUrgentMessage", "NewVoiceMail", "NewUrgentVoiceMail", "NewFax", "NewUrgentFax", "DispatchMessage",
	"UrgentDispatchMessage", "CalendarAppointment", "CalendarMeeting"}

var phoneFields = []field{
	{"PhoneNumber", text, 40, "", listed},
	{"AfterDialDigits", text, 32, "", listed},
	{"DialDelay", integer, 0, "1", listed},
	{"RingsToWait", integer, 0, "4", listed},
	{"RemainingConversationTimeouts", integer, 0, "0", 0},
	{"SendCallerId", boolean, 0, "true", listed},
	{"SendCount", boolean, 0, "true", listed},
	{"WaitConnect", boolean, 0, "true", listed},
}

// deviceResource is one kind of devices; an active one needs the place to which it notifies.
func deviceResource(kind, wrapper, element, number, place string, comes []string, special ...field) resource {
	fields := slices.Concat([]field{
		{"SubscriberObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
		{"Type", integer, 0, number, listed | fixed},
		{"DisplayName", text, 64, "", listed | required},
		{"DeviceName", text, 64, "{DisplayName}", listed | fixed},
		{"Active", boolean, 0, "false", listed},
		{"MediaSwitchObjectId", reference, 36, "phonesystems", listed},
		{"EventList", text, 0, "NewVoiceMail", listed},
		{"BusyRetryInterval", integer, 0, "5", listed},
		{"RetriesOnBusy", integer, 0, "4", listed},
		{"MaxBody", integer, 0, "512", listed},
		{"MaxSubject", integer, 0, "64", listed},
		{"Undeletable", boolean, 0, "false", listed | fixed},
	}, special)
	k := resource{
		kind: kind, path: "users/{id}/notificationdevices/" + kind, wrapper: wrapper, element: element, owner: userOfPath,
		methods: "POST PUT DELETE", needs: []string{"DisplayName"}, unique: "DisplayName",
		schema: ofUser("notificationdevices/"+kind, fields...),
		check: func(_ *data, _ *document, written, proposed map[string]string) []string {
			for event := range strings.SplitSeq(written["EventList"], ",") {
				if event = strings.TrimSpace(event); event != "" && !slices.Contains(deviceEvents, event) {
					return []string{"EventList holds an event that there is not"}
				}
			}
			if proposed["Active"] == "true" && proposed[place] == "" {
				return []string{place + " is mandatory for an active device"}
			}
			return nil
		},
	}
	for _, name := range comes {
		k.comes = append(k.comes, map[string]string{"DisplayName": name, "Undeletable": "true"})
	}
	return k
}

// deviceRoutes is all devices of a user in one list, to read.
var deviceRoutes = []route{
	{"GET /vmrest/users/{id}/notificationdevices", nil, listDevices},
}

var deviceSchema = newSchema(
	field{"URI", derived, 0, "/vmrest/users/{owner.ObjectId}/notificationdevices/{Kind}/{ObjectId}", listed},
	field{"Kind", text, 0, "", fixed | hidden},
	field{"ObjectId", text, 36, "", listed | fixed},
	field{"SubscriberObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
	field{"Type", integer, 0, "", listed | fixed},
	field{"DisplayName", text, 64, "", listed | fixed},
	field{"DeviceName", text, 64, "{DisplayName}", listed | fixed},
	field{"Active", boolean, 0, "false", listed | fixed},
	field{"PhoneNumber", text, 40, "", listed | fixed},
	field{"SmtpAddress", text, 320, "", listed | fixed},
	field{"EventList", text, 0, "", listed | fixed},
	field{"Undeletable", boolean, 0, "false", listed | fixed},
)

func listDevices(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	var all []*document
	for i := range deviceResources {
		k := &deviceResources[i]
		for _, device := range k.of(c.data, user) {
			shown := &document{schema: deviceSchema, owner: user, own: map[string]string{"Kind": k.kind}}
			for _, p := range device.pairs(false) {
				if _, known := deviceSchema.index[p.name]; known && p.name != "URI" {
					shown.own[p.name] = p.value
				}
			}
			all = append(all, shown)
		}
	}
	return c.listing("NotificationDevices", "NotificationDevice", deviceSchema, all)
}
