package validate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

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

// Each rule is written here once more, most as the PINs that it means and not as a look
// at one. Every PIN of 4 and 5 digits, a tenth of those of 6 and all that the rules
// mean must be judged the same, by that rule.
func TestTrivialPINsAreJustThese(t *testing.T) {
	t.Parallel()
	met := map[string]int{}
	for length, all := range map[int]int{4: 10_000, 5: 100_000, 6: 1_000_000} {
		pins := map[string][]string{} // what may be said of each
		for number := 0; number < all; number += max(1, all/100_000) {
			pins[fmt.Sprintf("%0*d", length, number)] = nil
		}
		for pin, why := range meant(length) {
			pins[pin] = append(pins[pin], why...)
		}
		for pin, want := range pins {
			different := map[rune]bool{}
			for _, digit := range pin {
				different[digit] = true
				if strings.Contains(pin, strings.Repeat(string(digit), 3)) {
					want = append(want, "has the same digit three times in a row")
				}
			}
			if len(different) < 3 {
				want = append(want, "has fewer than three different digits")
			}
			for _, known := range []string{"317", "713", "569", "965"} { // an extension, and Joz on the keypad
				if strings.Contains(pin, known) {
					want = append(want, "holds an extension or a name of its user, forwards or backwards")
				}
			}
			got := TrivialPIN(pin, "317", "Joz")
			met[got]++
			if got == "" && len(want) > 0 || got != "" && !slices.Contains(want, got) {
				t.Errorf("TrivialPIN(%q) = %q, want one of %q", pin, got, want)
			}
		}
	}
	if len(met) != 7 {
		t.Errorf("only these were met: %v", met)
	}
}

// meant are the PINs of a length that a rule lists.
func meant(length int) map[string][]string {
	pins := map[string][]string{}
	add := func(pin, why string) {
		if len(pin) == length {
			pins[pin] = append(pins[pin], why)
		}
	}
	for start := range 10 {
		up, down := "", ""
		for i := range length {
			up += fmt.Sprint((start + i) % 10)
			down += fmt.Sprint((start + 10 - i) % 10)
		}
		add(up, "is a run of digits, up or down")
		add(down, "is a run of digits, up or down")
	}
	for number := range 1000 {
		for size := 1; size <= 3; size++ {
			group := fmt.Sprintf("%0*d", size, number)
			if times := length / len(group); times > 1 {
				add(strings.Repeat(group, times), "repeats a group of digits")
			}
		}
	}
	for _, first := range keypadLines() {
		add(first, "is made of straight lines on the keypad")
		for _, second := range keypadLines() {
			add(first+second, "is made of straight lines on the keypad")
		}
	}
	return pins
}

// keypadLines are the keys in a line of three or of four, from where they are.
func keypadLines() []string {
	rows := []string{"123", "456", "789", " 0 "}
	key := func(row, column int) byte {
		if row < 0 || row >= len(rows) || column < 0 || column > 2 {
			return ' '
		}
		return rows[row][column]
	}
	var lines []string
	for row := range 4 {
		for column := range 3 {
			for _, step := range [][2]int{{0, 1}, {1, 0}, {1, 1}, {1, -1}, {0, -1}, {-1, 0}, {-1, -1}, {-1, 1}} {
				line := ""
				for i := range 4 {
					line += string(key(row+i*step[0], column+i*step[1]))
				}
				if !strings.Contains(line[:3], " ") {
					lines = append(lines, line[:3])
				}
				if !strings.Contains(line, " ") {
					lines = append(lines, line)
				}
			}
		}
	}
	return lines
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
		{"a long message", "MaxMsgLen", "3601", []string{"MaxMsgLen:out-of-range"}},
		{"rings that one document takes, and another does not", "TransferRings", "21", []string{"TransferRings:doubtful-number?"}},
		{"as many rings as both take", "ClosedTransferRings", "20", nil},
		{"more rings than any takes", "StandardTransferRings", "101", []string{"StandardTransferRings:out-of-range"}},
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
	short, _ = checkFile(Options{Operation: Update}, []string{"Alias", "PrivateList1", "PrivateList2", "PrivateList9"},
		[]string{"a", "Team", "Other", "Third"}, []string{"b", "Team", "Other", "TEAM"}, []string{"c", "%null%", "%null%", "Team"})
	for i, want := range [][]string{nil, {"PrivateList9:duplicate-name?"}, nil} {
		wantShort(t, short[i+1], want...)
	}
}
