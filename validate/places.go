package validate

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// What people write in place of a code: the name of a country, the tag of a language, the
// name of a time zone. The code is suggested, and not taken: who means another would not
// see it.

// suggestion says which value of a column a text means that is none; "" if nobody knows.
func suggestion(column *Column, text string) string {
	code := column.IDNamed(text)
	if column.Type == Country {
		code = countryNamed(text)
	}
	if column.Type == Boolean {
		code = flagsOf[fold(text)]
	}
	if code == "" {
		return ""
	}
	return ": " + code + "?"
}

// flagsOf are true and false as spreadsheets of other languages write them.
var flagsOf = map[string]string{
	"wahr": "true", "falsch": "false", "vrai": "true", "faux": "false", "verdadero": "true", "falso": "false", "vero": "true",
	"verdadeiro": "true", "waar": "true", "onwaar": "false",
	"sant": "true", "falskt": "false", "sand": "true", "falsk": "false", "prawda": "true", "fałsz": "false", "истина": "true",
	"ложь": "false", "ja": "true", "nein": "false", "oui": "true", "non": "false", "si": "true", "sí": "true", "nee": "false",
	"on": "true", "off": "false", "enabled": "true", "disabled": "false", "t": "true", "f": "false", "y": "true", "n": "false",
}

// namesOfCountries are in the languages in which files call them.
var namesOfCountries = sync.OnceValue(func() map[string]string {
	found := map[string]string{"uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "usa": "US",
		"u.s.a.": "US", "u.s.": "US", "america": "US", "holland": "NL", "korea": "KR", "czech republic": "CZ", "uae": "AE", "brasil": "BR"}
	for _, in := range []language.Tag{language.English, language.German, language.French, language.Spanish, language.Italian,
		language.Dutch, language.Portuguese, language.Polish} {
		names := display.Regions(in)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				region, err := language.ParseRegion(string([]rune{a, b}))
				if err != nil || !region.IsCountry() || region.String() != string([]rune{a, b}) || region.Canonicalize() != region {
					continue
				}
				if name := fold(names.Name(region)); name != "" && found[name] == "" {
					found[name] = region.String()
				}
			}
		}
	}
	return found
})

// countryNamed finds the two letters of a country by its name, or by its three letters.
func countryNamed(text string) string {
	if code := namesOfCountries()[fold(strings.TrimSpace(text))]; code != "" {
		return code
	}
	if region, err := language.ParseRegion(text); err == nil && len(text) == 3 && region.IsCountry() {
		return region.String()
	}
	return ""
}

// languageCodes are the numbers by which Windows, and the server, know languages.
var languageCodes = map[string]int{
	"ar-SA": 1025, "bg-BG": 1026, "ca-ES": 1027, "zh-TW": 1028, "cs-CZ": 1029, "da-DK": 1030, "de-DE": 1031, "el-GR": 1032,
	"en-US": 1033, "es-ES": 1034, "fi-FI": 1035, "fr-FR": 1036,
	"he-IL": 1037, "hu-HU": 1038, "is-IS": 1039, "it-IT": 1040, "ja-JP": 1041, "ko-KR": 1042, "nl-NL": 1043, "nb-NO": 1044,
	"pl-PL": 1045, "pt-BR": 1046, "ro-RO": 1048, "ru-RU": 1049,
	"hr-HR": 1050, "sk-SK": 1051, "sv-SE": 1053, "th-TH": 1054, "tr-TR": 1055, "ur-PK": 1056, "id-ID": 1057, "uk-UA": 1058,
	"sl-SI": 1060, "et-EE": 1061, "lv-LV": 1062, "lt-LT": 1063,
	"fa-IR": 1065, "vi-VN": 1066, "af-ZA": 1078, "hi-IN": 1081, "ms-MY": 1086, "zh-CN": 2052, "de-CH": 2055, "en-GB": 2057,
	"es-MX": 2058, "fr-BE": 2060, "it-CH": 2064, "nl-BE": 2067,
	"nn-NO": 2068, "pt-PT": 2070, "zh-HK": 3076, "de-AT": 3079, "en-AU": 3081, "fr-CA": 3084, "zh-SG": 4100, "en-CA": 4105,
	"fr-CH": 4108, "en-NZ": 5129, "en-IE": 6153, "en-ZA": 7177,
	"es-CO": 9226, "es-AR": 11274, "es-CL": 13322, "en-IN": 16393, "en-SG": 18441,
}

// languageNamed finds the number of a language by its tag, or by its name in English, and
// where several countries speak it, that of the one which speaks it most.
func languageNamed(text string) string {
	text = strings.TrimSpace(text)
	if tag, err := language.Parse(strings.ReplaceAll(text, "_", "-")); err == nil {
		base, _ := tag.Base()
		region, _ := tag.Region()
		if code := languageCodes[base.String()+"-"+region.String()]; code > 0 {
			return strconv.Itoa(code)
		}
	}
	names := display.English.Tags()
	for tag, code := range languageCodes {
		parsed := language.MustParse(tag)
		base, _ := parsed.Base()
		likely, _ := language.Make(base.String()).Region()
		region, _ := parsed.Region()
		if fold(names.Name(parsed)) == fold(text) || likely == region && fold(names.Name(language.Make(base.String()))) == fold(text) {
			return strconv.Itoa(code)
		}
	}
	return ""
}

// timeZones are the numbers by which the server knows them, with the names that Windows
// and people use. The server's list calls most of them by the name of a city.
var timeZones = []struct {
	id    int
	city  string
	names string // with semicolons between them
}{
	{2, "Pacific/Honolulu", "Hawaiian Standard Time;Hawaii;HST"}, {3, "America/Anchorage", "Alaskan Standard Time;Alaska;AKST"},
	{4, "America/Los_Angeles", "Pacific Standard Time;Pacific;Pacific Time;PST;PT;US/Pacific"},
	{10, "America/Denver", "Mountain Standard Time;Mountain;Mountain Time;MST;MT;US/Mountain"},
	{15, "America/Phoenix", "US Mountain Standard Time;Arizona;US/Arizona"},
	{20, "America/Chicago", "Central Standard Time;Central;Central Time;CST;CT;US/Central"},
	{25, "America/Regina", "Canada Central Standard Time;Saskatchewan"}, {30, "America/Mexico_City", ""},
	{35, "America/New_York", "Eastern Standard Time;Eastern;Eastern Time;EST;ET;US/Eastern;America/Toronto;America/Detroit"},
	{40, "America/Indiana/Indianapolis", "US Eastern Standard Time;Indiana"},
	{45, "America/Bogota", "SA Pacific Standard Time;America/Lima"}, {50, "America/Halifax", "Atlantic Standard Time;Atlantic;AST"},
	{60, "America/St_Johns", "Newfoundland Standard Time;Newfoundland"},
	{65, "America/Sao_Paulo", "E. South America Standard Time"}, {70, "America/Argentina/Buenos_Aires", "America/Buenos_Aires"},
	{80, "Atlantic/Azores", "Azores Standard Time"}, {85, "Europe/London", "GMT Standard Time;GMT;UTC;Etc/UTC;Europe/Dublin;Europe/Lisbon"},
	{95, "Europe/Prague", "Central Europe Standard Time;Europe/Budapest;Europe/Bratislava;Europe/Belgrade"},
	{100, "Europe/Warsaw", "Central European Standard Time;Europe/Zagreb"},
	{105, "Europe/Paris", "Romance Standard Time;Europe/Brussels;Europe/Madrid;Europe/Copenhagen"},
	{110, "Europe/Berlin", "W. Europe Standard Time;CET;MEZ;Europe/Vienna;Europe/Zurich;Europe/Rome;Europe/Amsterdam;Europe/Stockholm"},
	{120, "Africa/Cairo", "Egypt Standard Time"}, {125, "Europe/Helsinki", "FLE Standard Time;Europe/Kiev;Europe/Kyiv;Europe/Riga"},
	{130, "Europe/Athens", "GTB Standard Time;EET"}, {135, "Asia/Jerusalem", "Israel Standard Time;Israel"},
	{140, "Africa/Johannesburg", "South Africa Standard Time"}, {145, "Europe/Moscow", "Russian Standard Time;MSK"},
	{150, "Asia/Riyadh", "Arab Standard Time;Asia/Kuwait"},
	{160, "Asia/Tehran", "Iran Standard Time"}, {165, "Asia/Dubai", "Arabian Standard Time"},
	{175, "Asia/Kabul", "Afghanistan Standard Time"}, {185, "Asia/Karachi", "West Asia Standard Time"},
	{190, "Asia/Kolkata", "India Standard Time;India;IST;Asia/Calcutta"},
	{193, "Asia/Kathmandu", "Nepal Standard Time"}, {195, "Asia/Dhaka", "Central Asia Standard Time"},
	{205, "Asia/Bangkok", "SE Asia Standard Time;Asia/Jakarta"}, {210, "Asia/Shanghai", "China Standard Time;China;Asia/Hong_Kong"},
	{215, "Asia/Singapore", "Singapore Standard Time;Asia/Kuala_Lumpur"},
	{220, "Asia/Taipei", "Taipei Standard Time"}, {225, "Australia/Perth", "W. Australia Standard Time"},
	{230, "Asia/Seoul", "Korea Standard Time;KST"}, {235, "Asia/Tokyo", "Tokyo Standard Time;Japan;JST"},
	{245, "Australia/Darwin", "AUS Central Standard Time"},
	{250, "Australia/Adelaide", "Cen. Australia Standard Time"},
	{255, "Australia/Sydney", "AUS Eastern Standard Time;Australia/Melbourne;Australia/Canberra"},
	{260, "Australia/Brisbane", "E. Australia Standard Time"}, {290, "Pacific/Auckland", "New Zealand Standard Time;New Zealand"},
}

// timeZoneNamed finds the number of a time zone by a name of it, or the city in it.
func timeZoneNamed(text string) string {
	wanted := zoneName(text)
	if wanted == "" {
		return ""
	}
	for _, zone := range timeZones {
		_, city, _ := strings.Cut(zone.city, "/")
		for _, name := range append(strings.Split(zone.names, ";"), zone.city, city) {
			if _, part, _ := strings.Cut(name, "/"); zoneName(name) == wanted || part != "" && zoneName(part) == wanted {
				return strconv.Itoa(zone.id)
			}
		}
	}
	return ""
}

func zoneName(name string) string {
	return strings.NewReplacer("_", " ", ".", "", "  ", " ").Replace(fold(strings.TrimSpace(name)))
}

// IDNamed finds the number of a language or of a time zone by any name of it, for a column
// that takes its number, or its name as the server lists it; "" if nobody knows.
func (c Column) IDNamed(name string) string {
	switch c.Field {
	case "Language":
		return languageNamed(name)
	case "TimeZone":
		return timeZoneNamed(name)
	}
	return ""
}
