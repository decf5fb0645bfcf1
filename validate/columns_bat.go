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
	batDevices = map[string][]BATRule{
		"PhoneNumber": {
			{Code: "bat-phone-number-long", MaxLength: 40},
			{Code: "bat-phone-number-characters", Characters: "digits and T t , # *", Allowed: func(r rune) bool { return isDigit(r) || strings.ContainsRune("Tt,#*", r) }},
		},
		"AfterDialDigits": {{Code: "bat-after-dial-digits", MaxLength: 32}},
		"SmtpAddress":     batEmail,
	}
)

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isASCIIAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// unsupportedColumns are parts of a user that the vendor's page names. A file that
// has them gets a plain answer.
var unsupportedColumns = []Column{
	unsupported("VideoServiceAccounts", "No public document says what the server takes for a video service account."),
	unsupported("Contacts", "Contacts are no users: the user page only links to them."),
	unsupported("PersonalData", "The user page names personal data, and no public document says what the server takes for it."),
}

func unsupported(name, why string) Column {
	return Column{Name: name, Type: String, Access: Unsupported, Note: why}
}
