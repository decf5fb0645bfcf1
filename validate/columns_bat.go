package validate

import (
	"strings"
	"unicode"
)

// Where BAT is stricter than the vendor's API page. Its files are full of these
// values, and a file that keeps the rules can go back to BAT.
var (
	batExtension = []BATRule{
		{Code: "bat-extension-short", MinLength: 3},
		{Code: "bat-extension-characters", Characters: "letters and digits of ASCII", Allowed: isASCIIAlphanumeric},
	}
	batAlias = []BATRule{
		{Code: "bat-alias-characters", Characters: "letters, digits, blanks and .,`~!@#$%^&-_'", Allowed: func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,`~!@#$%^&-_'", r)
		}},
	}
	batInitials  = []BATRule{{Code: "bat-initials", MaxLength: 6}}
	batBillingID = []BATRule{
		{Code: "bat-billing-id", Characters: "digits", Allowed: isDigit},
	}
	batEmail = []BATRule{
		{Code: "bat-email-characters", Characters: "letters and digits of ASCII and -_.@", Allowed: func(r rune) bool {
			return isASCIIAlphanumeric(r) || strings.ContainsRune("-_.@", r)
		}},
	}
	batAlternateExtension = []BATRule{
		{Code: "bat-extension-long", MaxLength: 40},
		{Code: "bat-extension-characters", Characters: "letters and digits of ASCII", Allowed: isASCIIAlphanumeric},
	}
	batPIN = []BATRule{
		{Code: "bat-pin-short", MinLength: 6},
		{Code: "bat-pin-characters", Characters: "digits", Allowed: isDigit},
	}
	batPassword = []BATRule{
		{Code: "bat-password-short", MinLength: 8},
		{Code: "bat-password-characters", Characters: "letters and digits of ASCII and ~`!@#$%^&*()-_+={}|[]:\"';<>?/\\", Allowed: func(r rune) bool {
			return isASCIIAlphanumeric(r) || strings.ContainsRune("~`!@#$%^&*()-_+={}|[]:\"';<>?/\\", r)
		}},
	}
	batASCII = []BATRule{
		{Code: "bat-ascii", Characters: "ASCII", Allowed: func(r rune) bool { return r <= unicode.MaxASCII }},
	}
)

// batDeviceRules are BAT's rules for a field that says where a device is.
func batDeviceRules(device, field string) []BATRule {
	switch field {
	case "PhoneNumber":
		most := 38
		if device == "TextPager1" {
			most = 40
		}
		return []BATRule{
			{Code: "bat-phone-number-long", MaxLength: most},
			{Code: "bat-phone-number-characters", Characters: "digits and T t , # *", Allowed: func(r rune) bool { return isDigit(r) || strings.ContainsRune("Tt,#*", r) }},
		}
	case "AfterDialDigits":
		return []BATRule{{Code: "bat-after-dial-digits", MaxLength: 32}}
	}
	return batEmail
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isASCIIAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// unsupportedColumns are parts of a user that the vendor's page names. A file that
// has them gets a plain answer.
// CUPI User API, introduction.
var unsupportedColumns = []Column{
	unsupported("VideoServiceAccounts", "No public document says what the server takes for a video service account.", "VideoServiceAccount"),
	unsupported("Contacts", "Contacts are no users: the user page only links to them.", "Contact"),
	unsupported("PersonalData", "The user page names personal data, and no public document says what the server takes for it."),
	unsupported("PhoneMenu", "The user page names the phone menu, and no public document says what the server takes for it; of the user's fields, ConversationTui, Volume, Speed and those that begin with Say touch it."),
	unsupported("Screening", "The user page names call screening, and no public document says what the server takes for it.", "CallScreening"),
}

func unsupported(name, why string, also ...string) Column {
	return Column{Name: name, Also: also, Type: String, Access: Unsupported, Note: why}
}
