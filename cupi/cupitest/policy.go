package cupitest

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checkCredential applies the authentication rule of a PIN or password: proposed is the credential as it would be.
// What a rule calls trivial is decided by the vendor's administration guides.
func (d *data) checkCredential(user *document, part string, proposed map[string]string) []string {
	rule := d.lists["authenticationrules"].find(proposed["CredentialPolicyObjectId"])
	if rule == nil {
		rule = d.lists["authenticationrules"].find(map[string]string{"pin": policyVoiceID, "password": policyWebID}[part])
	}
	secret := proposed["Credentials"]
	shortest, _ := rule.value("MinLength")
	least, _ := strconv.Atoi(shortest)
	checks, _ := rule.value("TrivialCredChecking")
	switch {
	case utf8.RuneCountInString(secret) < least:
		return []string{"Credentials is shorter than its authentication rule allows"}
	case part == "pin" && strings.Trim(secret, "0123456789") != "":
		return []string{"Credentials of a PIN may be digits only"}
	case checks == "true" && part == "pin" && trivialPIN(user, secret):
		return []string{"Credentials is trivial"}
	case checks == "true" && part == "password" && strings.EqualFold(secret, user.own["Alias"]):
		return []string{"Credentials is trivial"}
	}
	return nil
}

// trivialPIN: fewer than three different digits, steps of one up or down, a group repeated to the end, a straight line
// on the keypad, the extension either way round, or a name spelled on the keypad.
func trivialPIN(user *document, pin string) bool {
	different := map[rune]bool{}
	for _, digit := range pin {
		different[digit] = true
	}
	backwards := []byte(pin)
	slices.Reverse(backwards)
	extension := user.own["DtmfAccessId"]
	if len(different) < 3 || steps(pin, 1) || steps(pin, -1) || pin == extension || string(backwards) == extension {
		return true
	}
	for size := 1; size <= len(pin)/2; size++ {
		if len(pin)%size == 0 && strings.Repeat(pin[:size], len(pin)/size) == pin {
			return true
		}
	}
	if len(pin)%3 == 0 && !slices.ContainsFunc(chunks(pin),
		func(three string) bool { return !strings.Contains(keypadLines, " "+three+" ") }) {
		return true
	}
	for _, names := range [][]string{{"FirstName"}, {"LastName"}, {"Alias"}, {"FirstName", "LastName"}, {"LastName", "FirstName"}} {
		if spelled, ok := user.spell(names); ok && spelled == pin {
			return true
		}
	}
	return false
}

// keypadLines are the rows, columns and diagonals of the keypad, both ways.
const keypadLines = " 123 321 456 654 789 987 147 741 258 852 369 963 159 951 357 753 "

func chunks(pin string) []string {
	var all []string
	for three := range slices.Chunk([]byte(pin), 3) {
		all = append(all, string(three))
	}
	return all
}

// steps is true if every digit differs from the one before by the same step of one.
func steps(pin string, by int) bool {
	for i := 1; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != by {
			return false
		}
	}
	return true
}
