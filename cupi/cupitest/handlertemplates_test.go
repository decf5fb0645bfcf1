package cupitest

import (
	"strings"
	"testing"
)

// What is here is what the vendor's page of call handler templates says (G:m-cupi-api-for-call-handler-templates).

const systemTemplate = "/vmrest/callhandlertemplates/3c2a7f4e-815d-4fac-b9eb-4061908d2e46"

func TestACallHandlerTemplateIsAsThePagePrintsIt(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		got := c.read(systemTemplate, "CallhandlerTemplate")
		for name, want := range map[string]string{
			"SendUrgentMsg": "0", "SendPrivateMsg": "0", "MaxMsgLen": "300", "OneKeyDelay": "1500", "EditMsg": "true", "IsTemplate": "true", "Undeletable": "true", "PlayAfterMessage": "1",
			"AfterMessageAction": "2", "AfterMessageTargetConversation": "PHGreeting", "AfterMessageTargetHandlerObjectId": goodbyeID,
			"RecipientDistributionListURI": "/vmrest/distributionlists/" + got["RecipientDistributionListObjectId"], "PhoneSystemURI": "/vmrest/phonesystems/" + phoneSystemID,
			"LocationURI": "/vmrest/locations/connectionlocations/" + locationID, "ScheduleSetURI": "/vmrest/schedulesets/" + allHoursSetID, "PartitionURI": "/vmrest/partitions/" + partitionID,
			"CallSearchSpaceURI": "/vmrest/searchspaces/" + searchSpaceID, "GreetingsURI": systemTemplate + "/templategreetings",
			"TransferOptionsURI": systemTemplate + "/templatetransferoptions", "MenuEntriesURI": systemTemplate + "/templatemenuentries",
		} {
			if got[name] != want {
				t.Errorf("%s is %q, want %q", name, got[name], want)
			}
		}
		for path, element := range map[string]string{"templatemenuentries": "TemplateMenuEntry", "templatetransferoptions": "TemplateTransferOption", "templategreetings": "TemplateGreeting"} {
			if len(c.all(systemTemplate+"/"+path, element)) == 0 {
				t.Errorf("%s is empty", path)
			}
		}
		for _, name := range []string{"PrependDigits", "PlayAfterMessageRecordingObjectId", "PostGreetingRecordingObjectId"} {
			c.put(204, systemTemplate, name, "")
		}
	})
}

func TestANewCallHandlerIsAsItsTemplate(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.put(204, systemTemplate, "MaxMsgLen", "120", "SendUrgentMsg", "2")
		c.put(204, systemTemplate+"/templatemenuentries/5", "Action", "7", "TransferNumber", "1000", "TransferType", "1", "TransferRings", "2")
		id := systemTemplate[strings.LastIndex(systemTemplate, "/")+1:]
		handler := c.post("/vmrest/handlers/callhandlers?templateObjectId="+id, "DisplayName", "Sales", "SendUrgentMsg", "1")
		c.put(204, systemTemplate, "MaxMsgLen", "60")
		c.put(204, systemTemplate+"/templatemenuentries/5", "Action", "0")
		got := c.read(handler, "Callhandler")
		for name, want := range map[string]string{"MaxMsgLen": "120", "SendUrgentMsg": "1", "AfterMessageAction": "2", "IsTemplate": "false", "Undeletable": "false", "DisplayName": "Sales",
			"RecipientDistributionListObjectId": c.read(systemTemplate, "CallhandlerTemplate")["RecipientDistributionListObjectId"], "RecipientSubscriberObjectId": ""} {
			if got[name] != want {
				t.Errorf("%s is %q, want %q", name, got[name], want)
			}
		}
		if got := c.read(handler+"/menuentries/5", "MenuEntry"); got["Action"] != "7" || got["TransferNumber"] != "1000" {
			t.Errorf("the key 5 is %v", got)
		}
		own := c.post("/vmrest/handlers/callhandlers?templateObjectId="+id, "DisplayName", "Own", "RecipientSubscriberObjectId", operatorID)
		if got := c.read(own, "Callhandler"); got["RecipientDistributionListObjectId"] != "" || got["RecipientSubscriberObjectId"] != operatorID {
			t.Errorf("it is for %v", got)
		}
	})
}
