package cupitest

import (
	"strings"
	"testing"
)

// What is here is what the vendor's page of notification devices says (G:m_cupi_api-for-user-account-settings).

// deviceSamples are devices of a fresh user as the page prints the list of all of them, without ids.
var deviceSamples = map[string]string{
	"Pager": "Active=false BusyRetryInterval=5 Type=2 DialDelay=1 MaxBody=512 MaxSubject=64 RetriesOnBusy=4 RetriesOnRna=4 RingsToWait=4 RnaRetryInterval=15 SendCount=true WaitConnect=true " +
		"TransmitForcedAuthorizationCode=false DeviceName=Pager PromptForId=false SendCallerId=true SendPcaLink=false Undeletable=true MediaSwitchDisplayName=PhoneSystem DetectTransferLoop=false " +
		"SuccessRetryInterval=1 RetriesOnSuccess=0 EventList=NewVoiceMail InitialDelay=0 RepeatInterval=0 RepeatNotify=false ScheduleSetObjectId=" + allHoursSetID + " PhoneSystemURI=/vmrest/phonesystems/" + phoneSystemID,
	"Home Phone": "Active=false BusyRetryInterval=5 Conversation=SubNotify Type=1 DialDelay=1 MaxBody=512 MaxSubject=64 RetriesOnBusy=4 RetriesOnRna=4 RingsToWait=4 RnaRetryInterval=15 SendCount=false WaitConnect=true " +
		"TransmitForcedAuthorizationCode=false PromptForId=false SendCallerId=false SendPcaLink=false Undeletable=true MediaSwitchDisplayName=PhoneSystem DetectTransferLoop=false SuccessRetryInterval=0 " +
		"RetriesOnSuccess=0 EventList=NewVoiceMail InitialDelay=0 RepeatInterval=0 RepeatNotify=false MediaSwitchObjectId=" + phoneSystemID,
	"SMTP": "Active=false BusyRetryInterval=0 Type=4 DialDelay=0 MaxBody=512 MaxSubject=64 RetriesOnBusy=0 RetriesOnRna=0 RingsToWait=0 RnaRetryInterval=0 SendCount=true WaitConnect=false " +
		"TransmitForcedAuthorizationCode=false DeviceName=SMTP PromptForId=false SendCallerId=true SendPcaLink=false Undeletable=true DetectTransferLoop=false SuccessRetryInterval=0 " +
		"RetriesOnSuccess=0 EventList=NewVoiceMail InitialDelay=0 RepeatInterval=0 RepeatNotify=false MediaSwitchObjectId= PhoneSystemURI= MediaSwitchDisplayName=",
}

func TestAllDevicesAreListedWhole(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		seen := 0
		for _, device := range c.all("/vmrest/users/"+ann+"/notificationdevices", "NotificationDevice") {
			sample, is := deviceSamples[device["DisplayName"]]
			if !is {
				continue
			}
			seen++
			for pair := range strings.FieldsSeq(sample) {
				name, want, _ := strings.Cut(pair, "=")
				if got := device[name]; got != want {
					t.Errorf("%s: %s is %q, want %q", device["DisplayName"], name, got, want)
				}
			}
		}
		if seen != len(deviceSamples) {
			t.Errorf("%d of %d devices are listed", seen, len(deviceSamples))
		}
	})
}

// deviceFields is which fields the page's table calls writable, and of which devices.
const (
	ofAllDevices    = "Active=false DeviceName=Desk DisplayName=Desk EventList=AllMessage InitialDelay=1 MaxBody=100 MaxSubject=20 RepeatInterval=2 RepeatNotify=true ScheduleSetObjectId=" + weekdaysSetID
	ofDialedDevices = "AfterDialDigits=12 BusyRetryInterval=6 DialDelay=2 PhoneNumber=7001 RetriesOnBusy=3 RetriesOnRna=2 RingsToWait=5 RnaRetryInterval=7 TransmitForcedAuthorizationCode=true WaitConnect=false MediaSwitchObjectId=" + phoneSystemID
)

func TestDevicesTakeWhatThePageSays(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		devices := "/vmrest/users/" + ann + "/notificationdevices/"
		for kind, fields := range map[string]string{
			"phonedevices": ofDialedDevices + " DetectTransferLoop=true PromptForId=true RetriesOnSuccess=1",
			"pagerdevices": ofDialedDevices + " SendCallerId=false SendCount=false SuccessRetryInterval=3",
			"smtpdevices":  "SmtpAddress=a@example.com SendCallerId=false SendCount=false SendPcaLink=true StaticText=x",
			"smsdevices":   "RecipientAddress=7001 SendCallerId=false SendCount=false SenderAddress=7002 SmppProviderObjectId=4d3b805f-926e-40bd-8afc-51729dbeaf57 StaticText=x",
		} {
			asked := []string{"DisplayName", "New"}
			if strings.HasPrefix(fields, ofDialedDevices) {
				asked = append(asked, "PhoneNumber", "7000", "MediaSwitchObjectId", phoneSystemID)
			}
			made := c.post(devices+kind, asked...)
			element := map[string]string{"phonedevices": "PhoneDevice", "pagerdevices": "PagerDevice", "smtpdevices": "SmtpDevice", "smsdevices": "SmsDevice"}[kind]
			if got := c.read(made, element); got["Active"] != "true" || got["DeviceName"] != "Other" || got["Undeletable"] != "false" {
				t.Errorf("%s: a new one has %v", kind, got)
			}
			for pair := range strings.FieldsSeq(fields + " " + ofAllDevices) {
				name, value, _ := strings.Cut(pair, "=")
				c.put(204, made, name, value)
				if got := c.read(made, element)[name]; got != value {
					t.Errorf("%s: %s was set to %q and is %q", kind, name, value, got)
				}
			}
			c.put(204, made, "FailDeviceObjectId", c.all(devices+"phonedevices", "PhoneDevice")[0]["ObjectId"])
			for _, name := range []string{"Undeletable", "Type", "SubscriberObjectId", "Conversation"} {
				c.put(400, made, name, "7")
			}
		}
	})
}
