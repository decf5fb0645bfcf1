package validate

import "testing"

func TestTrivialPIN(t *testing.T) {
	t.Parallel()
	about := []string{"53172", "Anne-Marie", "O'Neill", "12"}
	for pin, want := range map[string]string{
		"482913": "", "0730": "", "": "", "secret": "", "192837": "", "126640": "",
		"111111": "has fewer than three different digits", "121221": "has fewer than three different digits",
		"482229": "has the same digit three times in a row",
		"345678": "is a run of digits, up or down", "765432": "is a run of digits, up or down", "8901": "is a run of digits, up or down",
		"482482": "repeats a group of digits", "48134813": "repeats a group of digits",
		"147258": "is made of straight lines on the keypad", "159753": "is made of straight lines on the keypad", "2580369": "is made of straight lines on the keypad", "852963": "is made of straight lines on the keypad",
		"953172":     "holds an extension or a name of its user, forwards or backwards",
		"271358":     "holds an extension or a name of its user, forwards or backwards",
		"2663627439": "holds an extension or a name of its user, forwards or backwards", // Anne-Marie
		"663455":     "holds an extension or a name of its user, forwards or backwards", // O'Neill
	} {
		if got := TrivialPIN(pin, about...); got != want {
			t.Errorf("TrivialPIN(%q) = %q, want %q", pin, got, want)
		}
	}
}

func TestPartRules(t *testing.T) {
	t.Parallel()
	create := Options{Operation: Create, Template: "t"}
	for _, test := range []struct {
		name, column, value string
		want                []string
	}{
		{"a good PIN", "PIN", "482913", nil},
		{"the extension as PIN", "PIN", "445566", []string{"PIN:trivial-pin?"}},
		{"a short PIN", "PIN", "4829", []string{"PIN:bat-pin-short?"}},
		{"letters in a PIN", "PIN", "48291x", []string{"PIN:bat-pin-characters?"}},
		{"blanks around a PIN", "PIN", " 482913", []string{"PIN:blanks"}},
		{"a cleared PIN", "PIN", "%null%", []string{"PIN:not-nullable"}},
		{"a short password", "Password", "abc12", []string{"Password:bat-password-short?"}},
		{"an active device without a number", "Active_Pager", "1", []string{"Active_Pager:needs-number?"}},
		{"an active device without an address", "Active_HTML", "yes", []string{"Active_HTML1:needs-address?"}},
		{"a relay to nowhere", "FaxAction", "2", []string{"FaxAction:needs-address?"}},
		{"an action that is none", "FaxAction", "4", []string{"FaxAction:not-a-value"}},
		{"no relay", "EmailAction", "1", nil},
		{"two addresses", "SmtpProxyAddresses", "a@x.org,b@x.org", nil},
		{"no address", "SmtpProxyAddresses", "a@x.org,here", []string{"SmtpProxyAddresses:email-shape?"}},
		{"an address twice", "SmtpProxyAddresses", "a@x.org,A@x.org", []string{"SmtpProxyAddresses:repeated-item?"}},
		{"an empty name", "UserRoles", "Audit;", []string{"UserRoles:empty-item"}},
		{"leaving lists", "DistributionLists", "%null%", []string{"DistributionLists:not-nullable"}},
		{"a greeting that is always on", "Greeting_Standard_Enabled", "no", []string{"Greeting_Standard_Enabled:not-a-value"}},
		{"a long message", "MaxMsgLen", "1201", []string{"MaxMsgLen:out-of-range"}},
		{"a quota of odd bytes", "SendQuota", "1000", []string{"SendQuota:not-a-size"}},
		{"a phone number as people write it", "PhoneNumber_HomePhone", "+49 30 1", []string{"PhoneNumber_HomePhone:bat-phone-number-characters?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			short, _ := checkFile(create, []string{"Alias", "Extension", test.column}, []string{"jdoe", "5566", test.value})
			wantShort(t, short[1], test.want...)
		})
	}
	short, _ := checkFile(Options{Operation: Update}, []string{"Alias", "AltFirstNames", "AltLastNames", "Active_Pager"},
		[]string{"a", "Jo;J", "Doe;Roe", "1"}, []string{"b", "Jo;J;;o", "Doe;Roe"}, []string{"c", "Jo; ;Mo", "A;B;C"}, []string{"d", "Jo", "A;B"}, []string{"e", "%null%", "A"})
	for i, want := range [][]string{nil, nil, nil, {"AltLastNames:lists-differ"}, {"AltLastNames:lists-differ"}} {
		wantShort(t, short[i+1], want...)
	}
}
