package cli

import "cucbulk/batch/record"

// More files as they go wrong, and what is said of each: other delimiters and encodings, what
// generators leave, and what hands do.
var fileCases = map[string]struct{ text, says string }{
	"semicolon-rows.csv":     {"Alias,Extension,City\njdoe;4001;Paris\n", "semicolon-rows.csv:2: the cells of this line stand between semicolons, and the headings between commas"},
	"comma-rows.csv":         {"Alias;Extension;City\njdoe,4001,\"Paris; F\"\n", "comma-rows.csv:2: the cells of this line stand between commas, and the headings between semicolons"},
	"tab-heading.csv":        {"Alias\tExtension\tCity\njdoe,4001,Paris\n", "the headings between tabs"},
	"half-way.csv":           {"Alias,Extension,City\njdoe,4001,Paris\nadoe;4002;\"Rome, I\"\n", "half-way.csv:3: the cells of this line stand between semicolons"},
	"quoted-heading.csv":     {"\"Alias,Extension,City\"\n\"jdoe,4001,Paris\"\n", "quoted-heading.csv:1: the whole line stands in quotes"},
	"quoted-rows.csv":        {"Alias,Extension,City\n\"jdoe,4001,Paris\"\n", "quoted-rows.csv:2: the whole line stands in quotes"},
	"wrong-sep.csv":          {"sep=;\nAlias,Extension,City\njdoe,4001,Paris\n", "a line sep= above them names semicolons"},
	"two-in-the-heading.csv": {"Alias,Extension;Title,City\njdoe,4001,Boss,Paris\n", "these headings stand between semicolons, and the others between commas"},
	"gbk.csv":                {"Alias,Extension,City\njdoe,4001,\xB1\xB1\xBE\xA9\n", `gbk.csv:2: City: the file is no UTF-8, and looks like`},
	"gbk-as-utf-8.csv":       {"Alias,Extension,City\njdoe,4001,\xC2\xA3\xCC\xCE\nadoe,4002,\xD5\xC5\xCE\xB0\nbdoe,4003,\xC0\xEE\xC4\xC8\n", `looks like GBK: --encoding gbk reads`},
	"shift-jis.csv":          {"Alias,Extension,City\njdoe,4001,\x91\xE5\x8D\xE3\n", `shift-jis.csv:2: City: the file is no UTF-8, and looks like Shift-JIS: --encoding shift_jis reads this as "大阪"`},
	"dos.csv":                {"Alias,Extension,City\njdoe,4001,M\x81nchen\n", `dos.csv:2: City: the file is no UTF-8, and as Windows-1252 it has "M`},
	"half-utf-8.csv":         {"Alias,Extension,City\njdoe,4001,Köln\nadoe,4002,M\xFCnchen\nbdoe,4003,Z\xFCrich\n", "half-utf-8.csv:3: City: holds bytes that are no text"},
	"utf-7.csv":              {"Alias,Extension,City\njdoe,4001,M+APw-nchen\n", `"München" is meant`},
	"merged.csv":             {"Alias,Extension,City\n<<<<<<< HEAD\njdoe,4001,Paris\n=======\n>>>>>>> main\n", `merged.csv:2: "<<<<<<< HEAD" is a mark of a program that merges versions`},
	"comment.csv":            {"Alias,Extension,City\njdoe,4001,Paris\n#adoe,4002,Rome\n", `comment.csv:3: "#adoe" looks like a comment`},
	"cut.csv":                {"Alias,Extension,City\njdoe,4001,Paris\nadoe,4002,Rome\nbdoe,4003,Oslo\ncdoe,40", "cut.csv:5: the file ends in the middle of this row: it has 2 cells, all the others have 3"},
	"two-headings.csv":       {"Alias,Extension,City\nKürzel,Nebenstelle,Stadt\njdoe,4001,Paris\n", "two-headings.csv:2: holds headings again"},
	"places.csv":             {"Alias,Extension,City\n${alias},4001,{{city}}\n", "places.csv:2: Alias: \"${alias}\" is a place that a template or a script should have filled"},
	"numbers.csv":            {"Alias,Extension,City\njdoe,4001/4002,Paris\nCORP\\adoe,x4003,Rome\n", "numbers.csv:2: Extension: \"4001/4002\" holds more than one number"},
	"printed.csv":            {"Alias,Extension,City\njdoe,4001,K=C3=B6ln\nadoe,4002,%!s(MISSING)\n", `"Köln" is meant`},
	"addresses.csv":          {"Alias,Extension,SmtpProxyAddresses\njdoe,4001,\"a@x.org,b@x.org\"\nadoe,4002,B@x.org\n", "addresses.csv:3: SmtpProxyAddresses: \"B@x.org\" is on line 2 too"},
}

// filesCase tries each of them as somebody new would.
func filesCase() inputCase {
	all := inputCase{name: "files", users: []string{"jdoe"}}
	for name, test := range fileCases {
		all.steps = append(all.steps, caseStep{"validate " + name + creates, record.ExitInvalid, []string{test.says}, nil})
	}
	return all
}
