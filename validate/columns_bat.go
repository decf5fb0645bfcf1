package validate

import (
	"strings"
	"unicode"

	"cucbulk/internal/codes"
)

// Where BAT is stricter than the vendor's API page. Its files are full of these
// values, and a file that keeps the rules can go back to BAT.
var (
	batExtension = []BATRule{
		{Code: codes.BATExtensionShort, MinLength: 3},
		{Code: codes.BATExtensionCharacters, Characters: "letters and digits of ASCII", Allowed: isASCIIAlphanumeric},
	}
	batAlias = []BATRule{
		{Code: codes.BATAliasCharacters, Characters: "letters, digits, blanks and .,`~!@#$%^&-_'", Allowed: func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,`~!@#$%^&-_'", r)
		}},
	}
	batInitials  = []BATRule{{Code: codes.BATInitials, MaxLength: 6}}
	batBillingID = []BATRule{
		{Code: codes.BATBillingID, Characters: "digits", Allowed: isDigit},
	}
	batEmail = []BATRule{
		{Code: codes.BATEmailCharacters, Characters: "letters and digits of ASCII and -_.@", Allowed: func(r rune) bool {
			return isASCIIAlphanumeric(r) || strings.ContainsRune("-_.@", r)
		}},
	}
	batAlternateExtension = []BATRule{
		{Code: codes.BATExtensionLong, MaxLength: 40},
		{Code: codes.BATExtensionCharacters, Characters: "letters and digits of ASCII", Allowed: isASCIIAlphanumeric},
	}
	batPIN = []BATRule{
		{Code: codes.BATPINShort, MinLength: 6},
		{Code: codes.BATPINCharacters, Characters: "digits", Allowed: isDigit},
	}
	batPassword = []BATRule{
		{Code: codes.BATPasswordShort, MinLength: 8},
		{Code: codes.BATPasswordCharacters, Characters: "letters and digits of ASCII and ~`!@#$%^&*()-_+={}|[]:\"';<>?/\\",
			Allowed: func(r rune) bool {
				return isASCIIAlphanumeric(r) || strings.ContainsRune("~`!@#$%^&*()-_+={}|[]:\"';<>?/\\", r)
			}},
	}
	batDialable = []BATRule{
		{Code: codes.BATPhoneNumberCharacters, Characters: "digits and , # *",
			Allowed: func(r rune) bool { return isDigit(r) || strings.ContainsRune(",#*", r) }},
	}
	batASCII = []BATRule{
		{Code: codes.BATASCII, Characters: "ASCII", Allowed: func(r rune) bool { return r <= unicode.MaxASCII }},
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
			{Code: codes.BATPhoneNumberLong, MaxLength: most},
			{Code: codes.BATPhoneNumberCharacters, Characters: "digits and T t , # *",
				Allowed: func(r rune) bool { return isDigit(r) || strings.ContainsRune("Tt,#*", r) }},
		}
	case "AfterDialDigits":
		return []BATRule{{Code: codes.BATAfterDialDigits, MaxLength: 32}}
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
	unsupported("VideoServiceAccounts", "No public document says what the server takes for a video service account.",
		"VideoServiceAccount"),
	unsupported("Contacts", "Contacts have files of their own: --object contacts.", "Contact"),
	unsupported("PersonalData", "It is no resource of its own: FirstName, LastName, Address, Title, AltFirstNames, "+
		"SmtpProxyAddresses and their like are columns, and the rest only the user can change."),
}

func unsupported(name, why string, also ...string) Column {
	return Column{Name: name, Also: also, Type: String, Access: Unsupported, Note: why}
}
