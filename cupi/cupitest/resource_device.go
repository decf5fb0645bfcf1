package cupitest

import (
	"slices"
	"strings"
)

// deviceEvents is what a device can notify of.
var deviceEvents = []string{"None", "AllMessage", "AllUrgentMessage", "NewVoiceMail", "NewUrgentVoiceMail", "NewFax",
	"NewUrgentFax", "DispatchMessage",
	"UrgentDispatchMessage", "CalendarAppointment", "CalendarMeeting", "NewMissedCall"}

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

// settleDevice: one that is made is active, and of no kind, where the request says nothing.
func settleDevice(_ *data, _, made *document) {
	for name, usual := range map[string]string{"Active": "true", "DeviceName": "Other"} {
		if _, given := made.own[name]; !given {
			made.own[name] = usual
		}
	}
}

// deviceKinds are the devices that can be written. A new user has those that came with the template: they are not
// active, and can't be deleted.
var deviceKinds = []string{"phonedevices", "pagerdevices", "smtpdevices", "smsdevices", "htmldevices"}

// deviceRoutes is all devices of a user or a template, of whatever kind, to read.
var deviceRoutes = []route{
	{"GET /vmrest/users/{id}/notificationdevices", nil, listDevices},
	{"GET /vmrest/users/{id}/notificationdevices/{id}", nil, getDevice},
	{"GET /vmrest/usertemplates/{id}/usertemplatenotificationdevices", nil, listDevices},
	{"GET /vmrest/usertemplates/{id}/usertemplatenotificationdevices/{id}", nil, getDevice},
}

var deviceSchema = schemaAt("users/{id}/notificationdevices")

// devices is all devices of the one in the path, each with the fields of every kind; none of one who is not there.
func (c *call) devices() []*document {
	owner := ownerAt("users/{id}/notificationdevices")(c.data, c.ids)
	if owner == nil {
		return nil
	}
	var all []*document
	for _, kind := range deviceKinds {
		k := resourceOf(kind)
		for _, device := range k.of(c.data, owner) {
			shown := &document{schema: deviceSchema(), owner: owner, own: map[string]string{"Kind": k.kind}}
			for _, p := range device.pairs(false) {
				if _, known := deviceSchema().index[p.name]; known && p.name != "URI" {
					shown.own[p.name] = p.value
				}
			}
			if system := c.data.lists["phonesystems"].find(shown.own["MediaSwitchObjectId"]); system != nil {
				shown.own["MediaSwitchDisplayName"] = system.own["DisplayName"]
			}
			all = append(all, shown)
		}
	}
	return all
}

func listDevices(c *call) answer {
	return c.listing("NotificationDevices", "NotificationDevice", deviceSchema(), c.devices())
}

func getDevice(c *call) answer {
	for _, device := range c.devices() {
		if device.own["ObjectId"] == c.ids[1] {
			return c.object("NotificationDevice", device.pairs(false))
		}
	}
	return c.fail(notFound("notificationdevice", "ObjectId", c.ids[1]))
}
