package validate

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// A spreadsheet takes 0042 for a number and 12-3 for a day, a script writes NULL for
// nothing, and what is saved then is not what was meant. The table below knows the shapes
// that they leave in a cell, whatever the column is; those that only show beside other
// rows are in neighbours.go, and those of single characters in letters.go.

// shape is one of them.
type shape struct {
	code    codes.Code
	in      kind   // the columns in which it is damage
	has     string // characters of which one must be there, which is asked first; "": any text may do
	mild    kind   // those of them in which it may be meant too: a warning
	pattern func() *regexp.Regexp
	message string                   // after the text
	meant   func(text string) string // what was meant; nil or "": nobody knows
	holds   func(text string) bool   // beside the pattern; nil: it says all
}

// later compiles a pattern when a text first asks for it: few ever do.
func later(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// The months are those of the spreadsheets of English, German, French, Spanish,
// Italian and Dutch people, as far as they are short.
const months = `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|` +
	`mrz|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|déc|` +
	`ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei)\.?`

const makeText = ": make the column text, and type the code again"

// escapedLetter is a letter as programs write it: \u00e9. nameInDirectory is a value up to the
// comma behind it.
var (
	escapedLetter   = later(`\\u[0-9a-fA-F]{4}`)
	nameInDirectory = later(`^(?:\\.|[^\\,])*`)
	utf7Letter      = later(`\+[A-Za-z0-9+/]{3,}(?:-|$)`)
)

// shapes are looked for in this order; the first that is found is told. What is certain
// damage is an error, because nobody can want it on the server; who does, writes [Literal]
// before it.
var shapes = []shape{
	{code: codes.FormulaError, in: allTexts | password, pattern: later(`^#NORESULT!$`),
		message: "is a formula whose result was not saved: open the workbook in Excel, and save it there"},
	{code: codes.FormulaError, in: allTexts | password, pattern: later(`^#MERGED!$`),
		message: "is covered by a merged cell, so that it holds nothing itself: unmerge the cells, and write into each what is meant"},
	{code: codes.FormulaError, in: allTexts | password,
		pattern: later(`^(?:#[¡¿]?\p{Lu}[\p{Lu}\p{N}/_]*[!?]|` +
			`#\p{Lu}{1,2}/\p{Lu}{1,2}|#(?:NV|YOK|SAKNAS|HIÁNYZIK|BRAK|GETTING_DATA)|` +
			`#{2,}|` +
			`(?i:#[¡¿]?(?:\p{L}/\p{L}{1,2}|NUL{1,2}|VALUE|REF|NAME|NUM|DIV/0|CALC|SPILL|FIELD|ERROR|` +
			`WERT|BEZUG|ZAHL|VALEUR|NOM|NOMBRE|VALOR|NOME|` +
			`NAZWA|ARG|LICZBA|ADR|VALORE|RIF|WAARDE|NAAM|GETAL|VERW)[!?]?)|` +
			`(?:Err|Error|Erreur|Erro|Fehler|Fel|Fout) ?: ?5[0-9]{2}|` +
			`(?:Loading|Cargando|Chargement|Wird geladen|Caricamento|Carregando|Laden)` +
			`(?: in corso| en cours)?(?:\.\.\.|…))$`),
		message: "is a formula of a spreadsheet that went wrong, or a cell that did not show: mend it there, or empty the cell"},
	{code: codes.EscapedText, in: allTexts, has: "?", pattern: later(`=\?[A-Za-z0-9-]+\?[QqBb]\?[^?\s]*\?=`),
		message: "is written as in the head of an e-mail: write the letters", meant: inMailHead},
	{code: codes.FormulaError, in: allTexts, pattern: later(`^=[^=\s]`),
		message: "is a formula of a spreadsheet, not what comes out of it: save what it shows"},
	{code: codes.UnfilledPlace, in: allTexts, has: "}$)>»%]@_",
		pattern: later(`^(?:\{\{.*\}\}|[$#]\{[^{}]*\}|\$\([^()]*\)|\$[A-Za-z_]\w*(?:\.\w+)*|` +
			`<%.*%>|«[^«»]+»|%[A-Za-z_]\w*%|<{1,2}[A-Za-z_][\w .-]*>{1,2}|` +
			`\[\[[\w .-]+\]\]|@@\w+@@|__[A-Z]+__)$`),
		message: "is a place that a template or a script should have filled: let it write the text",
		holds:   func(text string) bool { return !isNoValue(text) && !strings.Contains(text, " at 0x") }},
	{code: codes.ScriptObject, in: allTexts, has: ".{}[]()<>'\"@",
		pattern: later(`^(?:%![a-zA-Z]?\(.*\)|&\{.*\}|map\[.*\]|Decimal\(.*\)|datetime\.\w+\(.*\)|` +
			`(?:Optional|Some|Just)[\[(].*[\])]|(?:[a-z]\w*\.)+[A-Z][\w$]*;?@[0-9a-f]{4,8}|\[L?[\w.]+;?@[0-9a-f]{4,8}|` +
			`@?\{.*\}|(?:System|Microsoft|Deserialized|java|javax)\.(?:\w+\.)+\w+(?:\[\])?|` +
			`System\.\w+(?:\[\])?|\[object \w+\]|<.+ at 0x[0-9a-fA-F]+>|` +
			`\[(?:'.*'|".*")\]|b'.*'|b".*")$`),
		message: "is how a script shows an object or a list of its own, not the text in it: let the script write that", meant: inObject},
	{code: codes.AddressType, in: address,
		pattern: later(`^(?i:smtp|mailto|sip|sips|x400|x500|eum|notes|ms|ccmail|fax|exch|im)\s*:.`),
		message: "has the type of the address before it: take it off", meant: afterColon("smtp", "mailto")},
	{code: codes.AddressType, in: address, pattern: later(`^[^<>]*<[^<>@\s]+@[^<>\s]+>$`),
		message: "has a name around the address: give the address alone", meant: func(text string) string {
			return strings.TrimPrefix(text[strings.IndexByte(text, '<')+1:len(text)-1], "mailto:")
		}},
	{code: codes.AddressType, in: address, has: "[", pattern: later(`^\[[^\[\]]*\]\((?:mailto:)?[^()@\s]+@[^()\s]+\)$`),
		message: "is a link, with the address in it: give the address alone", meant: func(text string) string {
			return strings.TrimPrefix(text[strings.LastIndexByte(text, '(')+1:len(text)-1], "mailto:")
		}},
	{code: codes.DomainName, in: login, has: `\`, pattern: later(`^[A-Za-z0-9._-]+\\[^\\]+$`),
		message: "has the domain of an account before it: take it off",
		meant:   func(text string) string { return text[strings.IndexByte(text, '\\')+1:] }},
	{code: codes.AddressType, in: dialed,
		pattern: later(`^(?i:x|ext|extn|extension|nst|durchwahl|poste|int|interno)\.?:? ?[0-9]{2,}$`),
		message: "has a word before the number: take it off",
		meant:   func(text string) string { return text[strings.IndexAny(text, "0123456789"):] }},
	{code: codes.SeveralNumbers, in: dialed,
		pattern: later(`^[0-9]{2,}(?: ?[/;|&] ?[0-9]{2,}| (?i:or|and|und|oder|et|ou|y|o) [0-9]{2,})+$`),
		message: "holds more than one number: give one here, and the others in Extension_Alt1 to Extension_Alt9"},
	{code: codes.SeveralNumbers, in: dialed, pattern: later(`^[0-9]{2,} ?[(\[][^()\[\]]*\p{L}[^()\[\]]*[)\]]$`),
		message: "has words behind the number: take them off",
		meant:   func(text string) string { return text[:strings.IndexAny(text, " ([")] }},
	{code: codes.AddressType, in: dialed | phone, pattern: later(`^(?i:tel|callto|sip|sips|fax)\s*:.`),
		message: "has the type of the number before it: take it off", meant: afterColon("tel", "callto", "fax")},
	{code: codes.DirectoryName, in: allTexts, mild: words, pattern: later(`^(?i:CN|OU|UID)=[^=]+,\s*(?i:CN|OU|DC|O|L|C)=.`),
		message: "is the name of an entry in a directory: give the person's own", meant: func(text string) string {
			text = text[strings.IndexByte(text, '=')+1:]
			return strings.ReplaceAll(nameInDirectory().FindString(text), `\`, "")
		}},
	{code: codes.EscapedText, in: allTexts, has: "&", pattern: later(`&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);`),
		message: "is written as in a web page: write the letters", meant: html.UnescapeString,
		holds: func(text string) bool { return html.UnescapeString(text) != text }},
	{code: codes.EscapedText, in: allTexts, has: `\`, pattern: escapedLetter,
		message: "is written as in a program: write the letters", meant: unescaped},
	{code: codes.EscapedText, in: allTexts, has: "%=", pattern: later(`%[0-9A-Fa-f]{2}|=[0-9A-F]{2}`),
		message: "is written as in the address of a page or in the text of an e-mail: write the letters", meant: hexUnescaped,
		holds: func(text string) bool { return hexUnescaped(text) != "" }},
	{code: codes.EscapedText, in: words | address, has: "+", pattern: utf7Letter,
		message: "is written in UTF-7: save the file as CSV UTF-8", meant: utf7Unescaped,
		holds: func(text string) bool { return utf7Unescaped(text) != "" }},
	{code: codes.ScientificNotation, in: codeTexts | login,
		pattern: later(`^[0-9](?:(?:[.,][0-9]+)?[Ee]\+[0-9]+|[.,][0-9]+[Ee][0-9]+)$`),
		message: "is how a spreadsheet writes a long number, and its last digits are lost: make the column text, and take the " +
			"digits from where they came from"},
	{code: codes.DecimalNumber, in: codeTexts | login, pattern: later(`^[0-9]+[.,]0+$`),
		message: "is a code that a program took for a number: take .0 off, and make the column text", meant: integerPart},
	{code: codes.NumberFormat, in: codeTexts | login, mild: phone,
		pattern: later(`^[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?|` +
			`(?:\.[0-9]{3})+(?:,[0-9]+)?|` +
			`(?:['’\x{A0}\x{202F}\x{2007}][0-9]{3})+(?:[.,][0-9]+)?)$`),
		message: "is a code that a spreadsheet shows as a number, in groups: zeros may be lost from its front, so look, and " +
			"make the column text", meant: ungrouped},
	{code: codes.NumberFormat, in: dialed | identifier | pinCode | login,
		pattern: later(`^[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?$`),
		message: "is a code that a spreadsheet shows as a number, in groups: zeros may be lost from its front, so look, and " +
			"make the column text", meant: ungrouped},
	{code: codes.NumberFormat, in: codeTexts | login, pattern: later(`^[0-9][0-9.,]* ?[%‰€£¥$]$|^[€£¥$] ?[0-9][0-9.,]*$`),
		message: "is a code that a spreadsheet shows as a share or as money" + makeText},
	{code: codes.NumberFormat, in: dialed | identifier | postal | pinCode,
		pattern: later(`^\([0-9][0-9.,]*\)$|^[-−][0-9][0-9.,]*$|^[0-9][0-9.,]*[-−]$`),
		message: "is a code that a spreadsheet shows as a number below zero" + makeText},
	{code: codes.NumberFormat, in: dialed | pinCode, pattern: later(`^[0-9]+[.,][0-9]+$`),
		message: "is a number with a fraction, and no code" + makeText},
	{code: codes.DateForCode, in: codeTexts, mild: identifier | postal,
		pattern: later(`^(?:[0-9]{1,2}[-. ]{1,2}` + months + `(?:[-. ][0-9]{2,4})?|` + months +
			`[- ][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00(?::00(?:\.0+)?)?)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?: ` +
			`0?0:00(?::00)?)?|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})$`),
		message: "is a date that a spreadsheet made of a code such as 12-3" + makeText},
	{code: codes.DateForCode, in: codeTexts, mild: identifier | postal,
		pattern: later(`^[0-9]{1,7}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?$`),
		message: "is a time of day that a spreadsheet made of a code" + makeText},
	{code: codes.NoValue, in: allTexts | password, mild: allTexts | password, pattern: later(`^.{1,11}$`), holds: isNoValue,
		message: "is what a program writes where it has no value, and would be sent: empty the cell to leave what is there, or write " +
			Null + " to clear it"},
}

// isNoValue knows the words for nothing of programs, as they write them. In any other
// spelling they may name a person: people are called Null and Nan.
func isNoValue(text string) bool {
	switch text { // takes less time than a map
	case "null", "NULL", "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "[NULL]", "$null", "DBNull",
		"nan", "NaN", "-nan", "NaT", "<NA>", "None", "none", "NONE", "(none)", "N/A", "n/a", "n.a.", "N.A.", "k.A.",
		"undefined", "(undefined)", `\N`, "nil", "NIL", "(nil)", "<nil>", "(empty)", "<empty>",
		"-", "--", "---", "–", "—",
		"%null", "null%", "%nul%", "%NUL%", "%%null%%", "%none%", "%empty%", "% null %":
		return true
	}
	return false
}

// checkShapes finds what a spreadsheet or a script did to one text.
func checkShapes(column *Column, text string) []finding {
	kind := column.kind()
	if kind&typed != 0 {
		return nil
	}
	if isDigits(text) {
		return checkDigits(column, text)
	}
	for i := range shapes {
		s := &shapes[i]
		if s.in&kind == 0 || s.has != "" && !strings.ContainsAny(text, s.has) || !s.pattern().MatchString(text) ||
			s.holds != nil && !s.holds(text) {
			continue
		}
		message := column.shown(text) + " " + s.message
		if s.meant != nil && !column.Secret {
			if meant := s.meant(text); meant != "" && meant != text {
				message += "; " + quoted(meant) + " is meant"
			}
		}
		return []finding{{code: s.code, message: message, warning: s.mild&kind != 0}}
	}
	return checkLetters(column, text)
}

// digitsKept is how many digits of a number a spreadsheet keeps: those behind them become zeros.
const digitsKept = 15

// checkDigits finds a long code that a spreadsheet took for a number.
func checkDigits(column *Column, text string) []finding {
	if column.kind()&codeTexts == 0 || len(text) < digitsKept+2 || strings.Trim(text[digitsKept:], "0") != "" ||
		strings.Trim(text, "0") == "" {
		return nil
	}
	return []finding{{code: codes.LostDigits, warning: true,
		message: column.shown(text) + " has zeros from its 16th digit on, as a spreadsheet makes of any longer number: look " +
			"at it where it came from, and make the column text"}}
}

// suspicious reports whether a text may have one of the shapes, by the little that a
// glance sees of it: how it begins and how long it is. Codes get no such glance, because
// of them only digits pass.
func suspicious(text string) bool {
	switch text[0] {
	case 'D':
		return isNoValue(text) || strings.HasPrefix(text, "Decimal(") || strings.HasPrefix(text, "Deserialized.")
	case 'n', 'N', 'u', 'k':
		return isNoValue(text)
	case 'O':
		return strings.HasPrefix(text, "Optional") || strings.Contains(text, "=")
	case 'L', 'C', 'W', 'E', 'F', 'U', 'c', 'o':
		return strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…") || strings.Contains(text, "=") ||
			strings.IndexByte(text, ':') > 0
	case 'm':
		return strings.HasPrefix(text, "map[")
	case 'd':
		return strings.HasPrefix(text, "datetime.")
	case 'J':
		return strings.HasPrefix(text, "Just")
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return strings.ContainsAny(text, ".,'+-%$ ")
	case 'b':
		return len(text) > 1 && (text[1] == '\'' || text[1] == '"')
	case 'S', 'M', 'j':
		return strings.HasPrefix(text, "System.") || strings.HasPrefix(text, "Some") || strings.HasPrefix(text, "Microsoft.") ||
			strings.HasPrefix(text, "java")
	}
	return true
}

// suspects are the bytes with which a text may begin that has one of the shapes: in an
// alias these may be those of numbers too.
func suspects(kind kind) (first [256]bool) {
	for _, c := range []byte(`nNukDLCWEFOUcoSMj#=@{<[(\$%-b"'md_J&`) {
		first[c] = true
	}
	first["–"[0]], first["«"[0]] = true, true
	for c := '0'; c <= '9' && kind == login; c++ {
		first[c] = true
	}
	return first
}

func inObject(text string) string {
	switch {
	case strings.HasPrefix(text, "[object "), strings.HasPrefix(text, "&{"), strings.HasPrefix(text, "map["), strings.HasPrefix(text, "%!"):
		return ""
	case strings.HasPrefix(text, "Optional[") || strings.HasPrefix(text, "Some(") || strings.HasPrefix(text, "Just("):
		return strings.Trim(text[strings.IndexAny(text, "[(")+1:len(text)-1], `'"`)
	}
	text = strings.Trim(strings.TrimLeft(text, "@b"), `{}[]'"`)
	if strings.ContainsAny(text, "=.<(,") && !strings.Contains(text, "@") {
		return ""
	}
	if _, rest, typed := strings.Cut(text, ":"); typed {
		text = rest
	}
	return strings.TrimSpace(text)
}

// afterColon gives the text behind one of these words and a colon.
func afterColon(words ...string) func(string) string {
	return func(text string) string {
		for _, word := range words {
			if before, rest, _ := strings.Cut(text, ":"); strings.EqualFold(strings.TrimSpace(before), word) {
				return strings.TrimSpace(rest)
			}
		}
		return ""
	}
}

// unescaped puts characters in the place of \u00e9.
func unescaped(text string) string {
	return escapedLetter().ReplaceAllStringFunc(text, func(escape string) string {
		n, _ := strconv.ParseUint(escape[2:], 16, 16) // four hexadecimal digits
		return string(rune(n))
	})
}

func integerPart(text string) string { return text[:strings.IndexAny(text, ".,")] }

// ungrouped takes the marks out of a number, and a fraction of zeros.
func ungrouped(text string) string {
	mark, size := utf8.DecodeRuneInString(strings.TrimLeft(text, "0123456789"))
	if size == 0 {
		return ""
	}
	text = strings.ReplaceAll(text, string(mark), "")
	if at := strings.IndexAny(text, ".,"); at >= 0 {
		if strings.Trim(text[at+1:], "0") != "" {
			return ""
		}
		text = text[:at]
	}
	return text
}
