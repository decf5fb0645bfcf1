package batch_test

import (
	"encoding/csv"
	"maps"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What export writes for BAT, a run reads as it is, and finds every user unchanged:
// people with every part set, one with an odd name and half of it, and the server's own.
func TestAnExportForBATRunAgainChangesNothing(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(3)
		s := newSite(t, simulator)
		s.wire = wire
		s.run(t.Context(), "whole", wholeFile(5), options("create"), 4)
		_, odd := s.run(t.Context(), "odd", "Alias,AltFirstNames,AltLastNames,Language,Country,DisplayName,Active_HomePhone,PhoneNumber_HomePhone,templateName_HTML2\n"+
			"user00002,Jo;J;;o,Doe;;s;Roe,1031,DE,\"Doe; \"\"Jo\"\", 0042\",yes,\"9,T555#*\",Default_Missed_Call\n", options(validate.Update), 4)
		if got := only(t, odd); got.Status != record.Updated {
			t.Fatalf("%+v", got)
		}
		wanted := export.Options{BAT: true}
		layout, err := wanted.Layout()
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		exported, err := export.Write(t.Context(), s.server(4), wanted, &text)
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 + exported.Users*layout.Requests + len(layout.Lists); exported.Requests > want-2*exported.Users {
			t.Errorf("%d requests, and it said %d at most, of which lists of everybody's spare some", exported.Requests, want)
		}
		people := cellsByAlias(t, text.String())
		for heading, want := range map[string]string{
			"Extension": "60003", "CosDisplayName": "Executive COS", "MediaSwitchDisplayName": "PhoneSystem", "ListInDirectory": "0", "Active_HomePhone": "1", "DisplayName": "Hole, Wendy 0003",
			"AltFirstNames": "Wen;W", "AltLastNames": "Hole;Ho;;le0003", "SmtpProxyAddresses": "w0003@example.org,wh0003@example.org", "Language": "1031", "TimeZone": "110", "PostalCode": "00003",
			"Extension_Alt1_Partition": "Branch Partition", "PostGreetingRecordingDisplayName": "Holiday hours", "Exchange2010Service_ServiceDisplayName": "Exchange",
			"StandardTransferAction": "1", "Play After Message Recording": "2", "VoiceMailAction": "3",
		} {
			if got, is := people["whole0003"][heading]; got != want || !is {
				t.Errorf("%s is %q, want %q", heading, got, want)
			}
		}
		if got := people["user00002"]; got["templateName_HTML2"] != "Default_Missed_Call" || got["AltFirstNames"] != "Jo;J;;o" || got["PhoneNumber_HomePhone"] != "9,T555#*" {
			t.Errorf("the odd one: %q", got)
		}
		if got := people["user00001"]; got["TimeZone"] != "" || got["Language"] != "" {
			t.Errorf("TimeZone %q and Language %q of a user with the defaults", got["TimeZone"], got["Language"])
		}
		for _, heading := range []string{"PIN", "Password", "TemplateAlias", "CorporatePhoneNumber", "UseDefaultTimeZone"} {
			if _, is := people["user00001"][heading]; is {
				t.Errorf("there is a column %s", heading)
			}
		}
		for _, operation := range []validate.Operation{validate.Update, validate.Upsert} {
			changes := sent(simulator)
			summary, history := s.run(t.Context(), string(operation), text.String(), options(operation), 4)
			if n := sent(simulator) - changes; summary.Counts[record.Unchanged] != exported.Users || n != 0 {
				t.Errorf("%s: %v and %d changes: %s\n%s", operation, summary.Counts, n, statuses(t, history), messages(t, history))
			}
		}
	})
}

// cellsByAlias reads a file whose headings are BAT's.
func cellsByAlias(t *testing.T, text string) map[string]map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := validate.Users.BATHeadings()
	people := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, cell := range row {
			if !slices.Contains(known, rows[0][i]) {
				t.Fatalf("BAT has no heading %s", rows[0][i])
			}
			cells[rows[0][i]] = cell
		}
		people[row[0]] = cells
	}
	return people
}

// Columns that BAT does not have are refused, and those that are chosen cost no more
// than they must.
func TestExportForBATOfSomeColumns(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		columns  string
		headings string
		requests int
		err      string
	}{
		{"DtmfAccessId,cosdisplayname", "Alias,Extension,CosDisplayName", 0, ""},
		{"TimeZone", "Alias,TimeZone", 1, ""},
		{"XferString,allowVmAsAttachment_HTML1,Active_HTML1", "Alias,CrossServerTransferExtension,allowVmAsAttachment_HTML,Active_HTML1", 2, ""},
		{"PartitionName", "", 0, "BAT has no column for PartitionName"},
		{"CosObjectId", "", 0, "BAT has no column for CosObjectId"},
		{"CorporatePhoneNumber", "", 0, "no run can write it"},
		{"PIN", "", 0, "can't be exported"},
	} {
		layout, err := export.Options{BAT: true, Columns: strings.Split(test.columns, ",")}.Layout()
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %s", test.columns, err, test.err)
			}
		case err != nil || strings.Join(layout.Headings, ",") != test.headings || layout.Requests != test.requests:
			t.Errorf("%s: %+v %v", test.columns, layout, err)
		}
	}
}

// A row as BAT's own export writes it, under its own headings, in their order and
// case. What it can't set is said and not sent; a Language turns the default off.
func TestAnExportThatBATWroteIsRun(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	cells := map[string]string{
		"Alias": "user00001", "Country": "US", "Department": "OPR - Service Engineering", "DisplayName": "Kim Perry", "EmailAddress": "Kim.Perry@example.com", "FirstName": "Kim",
		"Language": "1031", "LastName": "Perry", "Manager": "bman", "TimeZone": "35", "Title": "IPT Network Engineer", "CosDisplayName": "Voice Mail User COS", "Extension": "10000",
		"TransferType": "0", "TransferRings": "4", "TransferExtension": "10000", "TransferAction": "1", "RnaAction": "1", "StandardTransferType": "0", "StandardTransferRings": "4",
		"MWIExtension": "10000", "MWIMediaSwitchDisplayName": "PhoneSystem", "MaxMsgLen": "300", "playPostGreetingRecording": "0", "ListInDirectory": "1", "CreateSmtpProxyFromCorp": "1",
		"MediaSwitchDisplayName": "PhoneSystem", "DisplayName_HomePhone": "Home Phone", "DisplayName_Pager": "Pager", "DisplayName_TextPager1": "SMTP", "DisplayName_HTML": "HTML",
		"disableMobPCA_HTML": "0", "disableTemplatePCA_HTML": "0", "allowVmAsAttachment_HTML": "0", "EmailAction": "1", "VoicemailAction": "1", "FaxAction": "1", "DeliveryReceiptAction": "1",
		"RelayAddress": "kim@example.net", "SmtpProxyAddresses": "kim@a.example.com,kim.perry@example.org", "LdapCcmUserId": "kperry", "CorporatePhoneNumber": "555-0100",
	}
	headings := strings.Split(batExportHeadings, ",")
	row := make([]string, len(headings))
	for i, heading := range headings {
		row[i] = cells[heading]
		delete(cells, heading)
	}
	if len(cells) > 0 {
		t.Fatalf("not in the headings: %v", slices.Collect(maps.Keys(cells)))
	}
	var text strings.Builder
	out := csv.NewWriter(&text)
	out.WriteAll([][]string{headings, row})
	_, history := s.run(t.Context(), "run", text.String(), options(validate.Update), 1)
	if got := only(t, history); got.Status != record.Updated {
		t.Fatalf("%+v", got)
	}
	s.unlost(history)
	parts := partsOf(simulator.Snapshot())["user00001"]
	for _, want := range []string{"user :UseDefaultLanguage=false", "user :Language=1031", "user :TimeZone=35", "user :Title=IPT Network Engineer", "user :PhoneNumber=", "user :LdapCcmUserId=kperry",
		"smtpproxyaddresses kim.perry@example.org:SmtpAddress=kim.perry@example.org", "mwis MWI-1:MwiExtension=10000", "messagehandlers :RelayAddress=kim@example.net"} {
		part, field, _ := strings.Cut(want, ":")
		name, value, _ := strings.Cut(field, "=")
		if got := parts[part][name]; got != value {
			t.Errorf("%s %s is %q, want %q", part, name, got, value)
		}
	}
	changes := sent(simulator)
	_, again := s.run(t.Context(), "again", text.String(), options(validate.Update), 1)
	if got := only(t, again); got.Status != record.Unchanged || sent(simulator) != changes {
		t.Errorf("again: %d changes, %+v", sent(simulator)-changes, got)
	}
}

// batExportHeadings is the heading line of an export of users with mailboxes.
const batExportHeadings = "Alias,Address,AltFirstNames,AltLastNames,BillingId,Building,City,Country,Department,DisplayName,EmailAddress,MailName,EmployeeId,EnhancedSecurityAlias,FirstName,Initials,Language,LastName,Manager,PostalCode,State,TimeZone,Title,CosDisplayName,Extension,ClientMatterCode,TransferType,TransferRings,TransferExtension,TransferAction,RnaAction,StandardTransferType,StandardTransferRings,StandardTransferExtension,StandardTransferAction,StandardRnaAction,ClosedTransferType,ClosedTransferRings,ClosedTransferExtension,ClosedTransferAction,ClosedRnaAction,MWIExtension,MWIMediaSwitchDisplayName,MaxMsgLen,playPostGreetingRecording,postGreetingRecordingDisplayName,ForcedAuthorizationCode,ListInDirectory,CreateSmtpProxyFromCorp,MediaSwitchDisplayName,PhoneNumber_HomePhone,Active_HomePhone,DisplayName_HomePhone,PhoneNumber_WorkPhone,Active_WorkPhone,DisplayName_WorkPhone,PhoneNumber_MobilePhone,Active_MobilePhone,DisplayName_MobilePhone,PhoneNumber_Pager,AfterDialDigits_Pager,Active_Pager,DisplayName_Pager,PhoneNumber_TextPager1,SmtpAddress_TextPager1,Active_TextPager1,DisplayName_TextPager1,SmtpAddress_HTML,Active_HTML,DisplayName_HTML,templateName_HTML,callback_HTML,disableMobPCA_HTML,disableTemplatePCA_HTML,allowVmAsAttachment_HTML,Extension_Alt1,Extension_Alt1_Partition,Extension_Alt2,Extension_Alt2_Partition,Extension_Alt3,Extension_Alt3_Partition,Extension_Alt4,Extension_Alt4_Partition,Extension_Alt5,Extension_Alt5_Partition,Extension_Alt6,Extension_Alt6_Partition,Extension_Alt7,Extension_Alt7_Partition,Extension_Alt8,Extension_Alt8_Partition,Extension_Alt9,Extension_Alt9_Partition,CcmId,EmailAction,VoicemailAction,FaxAction,DeliveryReceiptAction,RelayAddress,SmtpProxyAddresses,LdapCcmUserId,CorporatePhoneNumber,CrossServerTransferExtension"
