package cupitest

import (
	"slices"
	"strings"
)

// deviceEvents is what a device can notify of.
var deviceEvents = []string{"None", "AllMessage", "AllUrgentMessage", "NewVoiceMail", "NewUrgentVoiceMail", "NewFax", "NewUrgentFax", "DispatchMessage",
	"UrgentDispatchMessage", "CalendarAppointment", "CalendarMeeting"}

// checkDevice: an active one needs the place to which it notifies.
func checkDevice(place string) func(*data, *document, map[string]string, map[string]string) []string {
	return func(_ *data, _ *document, written, proposed map[string]string) []string {
		for event := range strings.SplitSeq(written["EventList"], ",") {
			if event = strings.TrimSpace(event); event != "" && !slices.Contains(deviceEvents, event) {
				return []string{"EventList holds an event that there is not"}
			}
		}
		if proposed["Active"] == "true" && proposed[place] == "" {
			return []string{place + " is mandatory for an active device"}
		}
		return nil
	}
}

// deviceKinds are the devices that can be written. A new user has those that came with the template: they are not
// active, and can't be deleted.
var deviceKinds = []string{"phonedevices", "pagerdevices", "smtpdevices", "smsdevices", "htmldevices"}

// deviceRoutes is all devices of a user in one list, to read.
var deviceRoutes = []route{
	{"GET /vmrest/users/{id}/notificationdevices", nil, listDevices},
}

var deviceSchema = schemaOf("users/{id}/notificationdevices")

func listDevices(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	var all []*document
	for _, kind := range deviceKinds {
		k := resourceOf(kind)
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
