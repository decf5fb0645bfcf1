package validate

import (
	"fmt"
	"strings"

	"cucbulk/internal/codes"
)

// knownOfUsers are the columns with what people know of a user, of which no PIN should
// be made.
var knownOfUsers = append([]string{"DtmfAccessId", "FirstName", "LastName", "Alias"}, alternateExtensions()...)

func alternateExtensions() []string {
	columns := make([]string, 9)
	for i := range columns {
		columns[i] = fmt.Sprintf("Extension_Alt%d", i+1)
	}
	return columns
}

// partRules checks columns of the user's parts that depend on each other.
func (l *dataLine) partRules() {
	if !l.parts {
		return
	}
	l.trivialPIN()
	l.alternateNames()
	l.extensionTwice()
	l.privateListTwice()
	if l.options.table() == ServiceAccounts && l.operation == Create && !l.given("EmailAddress") && !l.given("LoginType") &&
		boolean(l.get("EmailAddressUseCorp")) != "true" {
		l.add("EmailAddress", codes.NeedsAddress,
			"is empty, and EmailAddressUseCorp is not true: a new account with Exchange or Office 365 needs one of them", true)
	}
	if l.operation.MakesUsers() {
		l.deviceNeeds()
	}
}

// trivialPIN finds a PIN that a policy may refuse.
func (l *dataLine) trivialPIN() {
	if l.given("PIN") {
		about := make([]string, 0, len(knownOfUsers))
		for _, column := range knownOfUsers {
			if l.given(column) {
				about = append(about, l.get(column))
			}
		}
		if why := TrivialPIN(l.get("PIN"), about...); why != "" {
			l.add("PIN", codes.TrivialPIN, why+": the server's policy may refuse it", true)
		}
	}
}

// alternateNames finds first and last names that don't make pairs.
func (l *dataLine) alternateNames() {
	first, last := l.given("AltFirstNames"), l.given("AltLastNames")
	if n, m := len(SplitList(l.get("AltFirstNames"))), len(SplitList(l.get("AltLastNames"))); first && last && n != m {
		l.add("AltLastNames", codes.ListsDiffer, fmt.Sprintf("has %d names, and AltFirstNames has %d: each alternate "+
			"name is one of both", m, n), false)
	} else if isNull(l.get("AltFirstNames")) && last || isNull(l.get("AltLastNames")) && first {
		l.add("AltLastNames", codes.ListsDiffer, "one of AltFirstNames and AltLastNames is cleared and the other is not", false)
	}
}

// deviceNeeds finds devices that a new user can't have as the row wants them.
func (l *dataLine) deviceNeeds() {
	for _, n := range activeNeeds {
		if boolean(l.get(n.column)) == "true" && !l.given(n.needs) {
			l.add(n.column, n.code, "is true, and a new user's device has none yet: give "+l.header.Heading(n.needs), true)
		}
	}
	for _, column := range relaying {
		if text := l.get(column); (text == "2" || text == "3") && !l.given("RelayAddress") {
			l.add(column, codes.NeedsAddress, "relays, and a new user has no address to relay to: give RelayAddress", true)
		}
	}
}

// activeNeeds says what a device must have before it can be active.
var activeNeeds = func() (list []activeNeed) {
	for _, device := range strings.Fields("HomePhone WorkPhone MobilePhone Pager") {
		list = append(list, activeNeed{"Active_" + device, "PhoneNumber_" + device, codes.NeedsNumber})
	}
	for _, device := range strings.Fields("TextPager1 HTML1 HTML2 HTML3") {
		list = append(list, activeNeed{"Active_" + device, "SmtpAddress_" + device, codes.NeedsAddress})
	}
	return list
}()

type activeNeed struct {
	column, needs string
	code          codes.Code
}

var relaying = []string{"EmailAction", "VoiceMailAction", "FaxAction", "DeliveryReceiptAction"}

// extensionTwice reports an extension that the row gives its user twice.
func (l *dataLine) extensionTwice() {
	given := make(map[[3]string]string)
	for _, slot := range append([]int{l.at.extension}, l.at.alternates...) {
		if !l.givenAt(slot) {
			continue
		}
		column := l.slots[slot].column.Name
		kind, partition := l.partition(column)
		key := [3]string{fold(l.values[slot]), kind, fold(partition)}
		if before, twice := given[key]; twice {
			l.add(column, codes.DuplicateExtension, "is the "+l.header.Heading(before)+" of this row too, in the same "+
				"partition: keep one of the two", false)
		} else {
			given[key] = column
		}
	}
}

// privateListTwice warns of two private lists of one name. The vendor's page of what users may do in their own mailbox says
// that a name is there once; nothing says it of an administrator.
func (l *dataLine) privateListTwice() {
	given := make(map[string]string)
	for _, slot := range l.at.privateLists {
		if !l.givenAt(slot) || isNull(l.values[slot]) {
			continue
		}
		column, key := l.slots[slot].column.Name, fold(l.values[slot])
		if before, twice := given[key]; twice {
			l.add(column, codes.DuplicateName, "is the name of "+l.header.Heading(before)+" too: the server may refuse a second "+
				"private list of one name", true)
		} else {
			given[key] = column
		}
	}
}
