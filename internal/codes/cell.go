package codes

// What is wrong with the text of one cell.
const (
	InvalidUTF8          Code = "invalid-utf8"
	ControlCharacter     Code = "control-character"
	Blanks               Code = "blanks"
	LineBreak            Code = "line-break"
	InvisibleCharacter   Code = "invisible-character"
	TypographicCharacter Code = "typographic-character"
	NotNullable          Code = "not-nullable"
	EmptyItem            Code = "empty-item"
	RepeatedItem         Code = "repeated-item"
	TooLong              Code = "too-long"
	OutOfRange           Code = "out-of-range"
	DoubtfulNumber       Code = "doubtful-number"
	NotAValue            Code = "not-a-value"
	NotAnInteger         Code = "not-an-integer"
	NotABoolean          Code = "not-a-boolean"
	NotAnID              Code = "not-an-id"
	NotASize             Code = "not-a-size"
	NotATime             Code = "not-a-time"
	NotDigits            Code = "not-digits"
	NotADestination      Code = "not-a-destination"
	BadRecording         Code = "bad-recording"
	NoRecording          Code = "no-recording"
	DestinationTwice     Code = "destination-twice"
	BadCountry           Code = "bad-country"
	EmailShape           Code = "email-shape"
	TrivialPIN           Code = "trivial-pin"
	ScientificNotation   Code = "scientific-notation"
	DecimalNumber        Code = "decimal-number"
	DateForCode          Code = "date-for-code"
	FormulaError         Code = "formula-error"
	LostZeros            Code = "lost-zeros"
	LostPlus             Code = "lost-plus"
	NumberFormat         Code = "number-format"
	TextMarks            Code = "text-marks"
	NumberNotKept        Code = "number-not-kept"
	NoValue              Code = "no-value"
	ScriptObject         Code = "script-object"
	UnfilledPlace        Code = "unfilled-place"
	LostDigits           Code = "lost-digits"
	DomainName           Code = "domain-name"
	SeveralNumbers       Code = "several-numbers"
	AddressType          Code = "address-type"
	DirectoryName        Code = "directory-name"
	EscapedText          Code = "escaped-text"
	LostCharacter        Code = "lost-character"
	DoublyEncoded        Code = "doubly-encoded"
	MixedScripts         Code = "mixed-scripts"
)

// What Cisco's Bulk Administration Tool would refuse, and the server takes.
const (
	BATAliasCharacters       Code = "bat-alias-characters"
	BATASCII                 Code = "bat-ascii"
	BATBillingID             Code = "bat-billing-id"
	BATInitials              Code = "bat-initials"
	BATEmailCharacters       Code = "bat-email-characters"
	BATExtensionShort        Code = "bat-extension-short"
	BATExtensionLong         Code = "bat-extension-long"
	BATExtensionCharacters   Code = "bat-extension-characters"
	BATPINShort              Code = "bat-pin-short"
	BATPINCharacters         Code = "bat-pin-characters"
	BATPasswordShort         Code = "bat-password-short"
	BATPasswordCharacters    Code = "bat-password-characters"
	BATDeviceAddress         Code = "bat-device-address"
	BATPhoneNumberLong       Code = "bat-phone-number-long"
	BATPhoneNumberCharacters Code = "bat-phone-number-characters"
	BATAfterDialDigits       Code = "bat-after-dial-digits"
)

func cellEntries() []Entry {
	const bat = "The server takes it, and a run sends it. Mend it only if Cisco's Bulk Administration Tool must read the file too."
	return []Entry{
		{InvalidUTF8, list{"invalid"}, "The cell holds bytes that are no text.", "Save the file as CSV UTF-8."},
		{ControlCharacter, list{"invalid"}, "The cell holds a character that the field can't keep, such as a tab or a line break.",
			"Take the character out."},
		{Blanks, list{"invalid", "warning"}, "There are blanks before or after the text.",
			"Take them out. In most texts they are only not sent; in one that people dial or sign in with they are a mistake."},
		{LineBreak, list{"warning"}, "The cell holds a line break.", "It is sent as it is. Take it out if it is not meant."},
		{InvisibleCharacter, list{"invalid", "warning"}, "The cell holds a character that nobody sees, or that looks like a blank.",
			"Type it again as a plain blank, or take it out."},
		{TypographicCharacter, list{"invalid", "warning"},
			"The cell holds a typographic quote, dash or sign where people type the plain one.", "Type it again with the plain character."},
		{NotNullable, list{"invalid"}, "%null% stands in a cell whose field can't be cleared.",
			"Leave the cell empty to keep what the server has."},
		{EmptyItem, list{"invalid"}, "An item of the list is empty.", "Take out the delimiter that is too many."},
		{RepeatedItem, list{"warning"}, "An item is in the list twice.", "It counts once. Take the other out."},
		{TooLong, list{"invalid"}, "The text has more characters than the field takes.", "Shorten it."},
		{OutOfRange, list{"invalid"}, "The number is too small or too large for the field.",
			"Give a number between the two that the message names."},
		{DoubtfulNumber, list{"warning"}, "The vendor's documents disagree on whether the server takes such a number.",
			"It is sent as it is. If the server refuses it, give one between the two that the message names."},
		{NotAValue, list{"invalid"}, "The field takes certain values only, and this is none of them.",
			"Give one of those that the message lists."},
		{NotAnInteger, list{"invalid"}, "The text is not a whole number.", "Give a whole number."},
		{NotABoolean, list{"invalid"}, "The text is neither true nor false.", "Write true or false; 1 and 0, yes and no are taken too."},
		{NotAnID, list{"invalid"}, "The text is not an ObjectId.", "Give the ObjectId, or use the column that takes the name."},
		{NotATime, list{"invalid"}, "The text is not a moment as the server writes it.", "Write 2027-01-31 18:00:00.0, in UTC."},
		{BadRecording, list{"invalid", "failed"},
			"The file of a recording is not there, has changed since it was checked, or Unity Connection does not take what is in it.",
			"Mend the path, or convert the file to WAV with one channel and 8,000 samples a second (G.711 mu-law or PCM)."},
		{NoRecording, list{"warning"}, "No file has the name that the row's own cells make: what is recorded stays.",
			"Nothing, if this person has none; else see how the file is called."},
		{NotADestination, list{"invalid"}, "The text is no word for where a call goes.",
			"Give one of the words that the message lists, with a name where it needs one."},
		{DestinationTwice, list{"invalid"}, "The row says where a call goes in a word, and in a field of it too.",
			"Empty one of the two cells."},
		{NotDigits, list{"invalid"}, "The text holds what a phone can't dial.", "Give 0 to 9, + # and * only."},
		{NotASize, list{"invalid"}, "The text is not a size of a mailbox.", "Give bytes in steps of 1024, or -1 or -2."},
		{BadCountry, list{"invalid"}, "The text is not a country code of two letters.", "Write two letters, such as US."},
		{EmailShape, list{"warning"}, "The text does not look like an email address.", "It is sent as it is. Mend it if it should be one."},
		{TrivialPIN, list{"warning"}, "The PIN is easy to guess.",
			"The server's policy may refuse it. Choose another, or let --pin random draw one."},
		{ScientificNotation, list{"invalid"}, "A spreadsheet wrote a long number as 1.23E+05, and its last digits are lost.",
			"Make the column text, and take the digits from where they came from."},
		{DecimalNumber, list{"invalid"}, "A program took the digits for a number, and put .0 behind them.",
			"Take .0 off, and make the column text."},
		{DateForCode, list{"invalid", "warning"}, "A spreadsheet made a date of a code such as 12-3.",
			"Make the column text, and type the code again."},
		{FormulaError, list{"invalid"}, "The cell is a formula of a spreadsheet that went wrong.", "Mend the formula, or empty the cell."},
		{LostZeros, list{"warning"}, "The cell has fewer digits than nearly all others of its column.",
			"If a spreadsheet took zeros from its front, put them back, and make the column text."},
		{LostPlus, list{"warning"}, "The cell has no +, and nearly all others of its column have one.",
			"If a spreadsheet took it, put it back, and make the column text."},
		{NumberFormat, list{"invalid", "warning"}, "A spreadsheet shows a code as a number: 4,001, 40%, (42).",
			"Make the column text, and type the code again. If it is meant, write %text% before it."},
		{TextMarks, list{"warning"}, "The cell has marks that make it text for a spreadsheet, such as =\"0042\" or '0042, or " +
			"digits of another alphabet.", "The text is taken without them. If they are meant, write %text% before them."},
		{NumberNotKept, list{"invalid"}, "A rule keeps the number that a user had as an alternate extension, and the row has " +
			"no room for it.", "Name another alternate extension behind keep, or empty one in the row."},
		{NoValue, list{"warning"}, "The cell holds a word for nothing, such as NULL, nan or N/A, and would be sent as it is.",
			"Empty the cell to keep what is there, or write %null% to clear it."},
		{ScriptObject, list{"invalid"}, "A script wrote an object or a list of its own where a text belongs.",
			"Let the script write the text in it. If it is meant, write %text% before it."},
		{AddressType, list{"invalid"}, "There is a type, or a name, around an address or a number, such as SMTP: or tel:.", "Take it off."},
		{DirectoryName, list{"invalid", "warning"}, "The cell holds the name of an entry in a directory, CN=…,OU=….",
			"Write the name alone. If it is meant, write %text% before it."},
		{UnfilledPlace, list{"invalid"}, "A place of a template was not filled: {{extension}}, ${name}, «Alias».",
			"Let the template or script write the text. If it is meant, write %text% before it."},
		{LostDigits, list{"warning"}, "A long code ends with zeros, as a spreadsheet leaves them, which keeps 15 digits of a number.",
			"Look at the code where it came from. It is sent as it is."},
		{DomainName, list{"invalid"}, "An alias has the domain of an account before it: CORP\\jdoe.",
			"Take the domain off. If it is meant, write %text% before it."},
		{SeveralNumbers, list{"invalid"}, "An extension is more than one number, or has words behind it.",
			"Give one number, and others in Extension_Alt1 to 9. If it is meant, write %text% before it."},
		{EscapedText, list{"invalid"}, "Letters are written as in a web page, a program or an e-mail: &amp;, \\u00e9, %C3%A9, " +
			"=C3=A9 or +AOk-.", "Write the letters. If it is meant, write %text% before it."},
		{LostCharacter, list{"invalid", "warning"},
			"A letter was lost on the way: U+FFFD, or a question mark inside a word, stands for it.", "Type the letter again."},
		{DoublyEncoded, list{"invalid"}, "Letters were encoded twice: JosÃ© for José.",
			"Save the file as CSV UTF-8 where they were still right. If it is meant, write %text% before it."},
		{MixedScripts, list{"invalid", "warning"}, "Letters of two alphabets that look alike stand in one name.",
			"Type it again. If it is meant, write %text% before it."},

		{BATAliasCharacters, list{"warning"}, "BAT does not take an alias with these characters.", bat},
		{BATASCII, list{"warning"}, "BAT takes only ASCII here.", bat},
		{BATBillingID, list{"warning"}, "BAT takes only digits as a billing id.", bat},
		{BATInitials, list{"warning"}, "BAT takes six initials at most.", bat},
		{BATEmailCharacters, list{"warning"}, "BAT does not take an email address with these characters.", bat},
		{BATExtensionShort, list{"warning"}, "BAT takes extensions of three characters or more.", bat},
		{BATExtensionLong, list{"warning"}, "BAT takes shorter extensions only.", bat},
		{BATExtensionCharacters, list{"warning"}, "BAT takes only letters and digits in an extension.", bat},
		{BATPINShort, list{"warning"}, "BAT takes PINs of six digits or more.", bat},
		{BATPINCharacters, list{"warning"}, "BAT takes only digits in a PIN.", bat},
		{BATPasswordShort, list{"warning"}, "BAT takes passwords of eight characters or more.", bat},
		{BATPasswordCharacters, list{"warning"}, "BAT does not take a password with these characters.", bat},
		{BATDeviceAddress, list{"warning"}, "BAT takes shorter addresses of devices only.", bat},
		{BATPhoneNumberLong, list{"warning"}, "BAT takes shorter phone numbers only.", bat},
		{BATPhoneNumberCharacters, list{"warning"}, "BAT takes only digits and T t , # * in a phone number.", bat},
		{BATAfterDialDigits, list{"warning"}, "BAT takes fewer digits to dial after the number.", bat},
	}
}
