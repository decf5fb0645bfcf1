package cli

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// caseStep is one command on files of testdata/cases: what it ends with, and what it says.
type caseStep struct {
	command string // the folder of a run is out1, out2 and so on
	exit    int
	says    []string
	hides   []string
}

// inputCase is a kind of damaged input, with users as they must be on the server after it.
type inputCase struct {
	name  string
	steps []caseStep
	users []string // "ALIAS Field=Value|Field=Value", or "ALIAS" alone for one who must not be there
}

// moreInputs are files beside those of testdata/cases.
var moreInputs = map[string]string{
	"z-code.csv":       "Alias,PostalCode\nz000,2110\nz001,2111\n",
	"numups.csv":       "Alias,Extension\n771,5671\n",
	"mended.csv":       "FailureReason,Alias,Extension,DisplayName,PIN\nmended,pr001,5951,Name Mended,274183\n",
	"alternates.csv":   "Operation,Alias,Extension_Alt1,Extension_Alt2\nupdate,user00011,31011,\nupdate,user00014,31014,32014\nupdate,user00015,31015,\nupdate,user00017,31017,\n",
	"one-list.csv":     "Operation,Alias,PrivateList1,PrivateList1_Members\nupdate,user00023,Mine,user00025\n",
	"mailname.csv":     "Alias,Extension,MailName\nuser00041,,Ann.Lee\nfresh one,77991,fresh_one\n",
	"names.csv":        "Operation,Alias,PartitionName,ScheduleSetName\nupdate,user00001,Branch Partition,Weekdays\n",
	"concat-order.csv": "Alias,Extension,DisplayName\nu001,7001,One\nu002,7002,Two\nAlias,DisplayName,Extension\nu003,Three,7003\n",
}

const creates = " --operation create --template voicemailusertemplate"

var inputCases = []inputCase{
	{"a column that lost all its zeros", []caseStep{
		{"run z-new.csv" + creates, record.ExitDone, nil, nil},
		{"run z-upd.csv --operation update --dry-run", record.ExitInvalid, []string{
			`z-upd.csv:2: Extension: "410" is "0410" on the server`, `z-upd.csv:13: EmployeeId: "5221" is "005221" on the server`}, nil},
		{"run z-upd.csv --operation update", record.ExitInvalid, []string{`z-upd.csv:2: Extension: "410" is "0410" on the server`}, nil},
		{"run z-code.csv --operation update --dry-run", record.ExitInvalid, []string{`z-code.csv:2: PostalCode: "2110" is "02110" on the server`}, nil},
		{"run z-code.csv --operation update", record.ExitRail, nil, nil},
	}, []string{"z000 DtmfAccessId=0410|EmployeeId=005210|PostalCode=02110", "z011 DtmfAccessId=0421"}},
	{"a leavers file that finds nobody", []caseStep{
		{"run num.csv" + creates, record.ExitDone, nil, nil},
		{"run numdel.csv --operation delete --max-deletes 10", record.ExitInvalid, []string{`numdel.csv:1: 4 of the 4 rows`, `numdel.csv:2: Alias: no user has Alias "771"`, `"00771" is there`}, nil},
		{"run numdel.csv --operation delete --max-deletes 10 --allow-missing", record.ExitDone, []string{`"00771" is there`}, nil},
		{"run numdel.csv --operation upsert --dry-run", record.ExitInvalid, []string{`"00771" is there`}, nil},
		{"run numups.csv --operation upsert --template voicemailusertemplate", record.ExitInvalid, []string{`"00771" is there`}, nil},
	}, []string{"00771 DtmfAccessId=5671", "771"}},
	{"zeros lost in a PIN column", []caseStep{
		{"run pinzeros.csv --dry-run" + creates, record.ExitDone, []string{"pinzeros.csv:5: PIN: warning: has 5 digits", "pinzeros.csv:11: PIN: warning: has 4 digits"}, []string{"50291", "7301", "274183"}},
		{"run pin8.csv --dry-run" + creates, record.ExitDone, []string{"pin8.csv:6: PIN: warning: has 7 digits", "pin8.csv:11: PIN: warning: has 6 digits"}, []string{"8991880", "516425"}},
	}, nil},
	{"number formats and text tricks", []caseStep{
		{"run thousands.csv --operation create", record.ExitInvalid, []string{`Extension: "4,001" is a code`, `"4001" is meant`, `"4.002"`, `"4 003"`}, nil},
		{"run eqtext.csv --operation create", record.ExitInvalid, []string{"eqtext.csv:2: ", "(bad-quotes)"}, nil},
		{"run eqtext-q.csv --operation create", record.ExitDone, []string{`eqtext-q.csv:2: Extension: warning: "=\"0001\"" is taken for "0001"`}, nil},
		{"run apos.csv --operation upsert", record.ExitDone, []string{`apos.csv:2: Extension: warning: "'0001" is taken for "0001"`}, nil},
		{"run code-thou.csv", record.ExitInvalid, []string{`EmployeeId: "4,001"`, `PostalCode: "4,001"`, `BillingId: "4,001"`, `Extension_Alt1: "4,001"`, `MWIExtension: "4,001"`, `TransferExtension: "4,001"`, `PhoneNumber_MobilePhone: `, `XferString: "4,001"`}, nil},
		{"run code-eq.csv", record.ExitDone, []string{`EmployeeId: warning: `, `PostalCode: warning: `, `Extension_Alt1: warning: `, `PhoneNumber_MobilePhone: warning: `, `Manager: warning: `}, nil},
		{"run code-apos.csv", record.ExitDone, []string{`EmployeeId: warning: `, `PostalCode: warning: `, `Extension_Alt1: warning: `}, nil},
		{"run x-fmts.xlsx --dry-run" + creates, record.ExitInvalid, []string{`Users!B3 shows "6001.00" and holds 6001`, "x-fmts.xlsx:Users!B8: Extension: "}, nil},
	}, []string{"u001 DtmfAccessId=0001|Department=01", "user00001 EmployeeId=0042|PostalCode=0042|BillingId=0042|Department=0042|XferString=0042"}},
	{"mended rejects", []caseStep{
		{"run pr.csv --canary 0" + creates, record.ExitIncomplete, nil, []string{"2X4183"}},
		{"run mended.csv --continues out1 --dry-run --show changes", record.ExitDone, []string{`DisplayName "Nmae Wrong" -> "Name Mended", DtmfAccessId "5921" -> "5951"`}, []string{"274183"}},
		{"run mended.csv --continues out1", record.ExitDone, nil, nil},
	}, []string{"pr001 DisplayName=Name Mended|DtmfAccessId=5951"}},
	{"a user's own alternate becomes the primary", []caseStep{
		{"run alternates.csv", record.ExitDone, nil, nil},
		{"run promote-null.csv --dry-run --show changes", record.ExitDone, []string{`DtmfAccessId "10010" -> "31011"`, "removes the alternate extension 31011"}, nil},
		{"run promote-null.csv", record.ExitDone, nil, nil},
		{"run alt-swap.csv --dry-run", record.ExitInvalid, []string{"alt-swap.csv:2: ", "extensions-in-a-circle"}, nil},
		{"run alt-swap.csv", record.ExitRail, []string{"row 1, the first to update a user, is failed (the row hands extensions round"}, nil},
		{"run promote-bare.csv --dry-run", record.ExitInvalid, []string{`promote-bare.csv:2: Extension: the extension "31015" is an alternate one of this user already (Extension_Alt1)`}, nil},
		{"run promote-bare.csv", record.ExitRail, nil, nil},
		{"run promote-two.csv --dry-run", record.ExitInvalid, []string{"promote-two.csv:3: Alias: is on line 2 too"}, nil},
	}, []string{"user00011 DtmfAccessId=31011", "user00015 DtmfAccessId=10014"}},
	{"what goes is shown", []caseStep{
		{"run setup1.csv", record.ExitDone, nil, nil},
		{"run clear1.csv --dry-run --show changes", record.ExitDone, []string{"removes the alternate extension 31022", "removes the SMTP proxy address a22@x.example", "removes the SMTP proxy address b22@x.example",
			"removes the alternate name Bob Smith", `Title "Boss" -> ""`, `phonedevices/MobilePhone.PhoneNumber "5551022" -> ""`, `transferoptions/Alternate.Extension "5022" -> ""`}, nil},
		{"run clear1.csv --dry-run --json", record.ExitDone, []string{`"removed":[{`, "a22@x.example", "31022"}, nil},
		{"run c2.csv --dry-run --show changes", record.ExitDone, []string{"removes the SMTP proxy address b22@x.example"}, nil},
		{"run one-list.csv", record.ExitDone, nil, nil},
		{"run dl2.csv --dry-run --show changes", record.ExitDone, []string{"removes the private list member Mbali Brandt", `RoleObjectId "" -> "Help Desk Administrator"`, `MemberSubscriberObjectId "" -> "user00024"`}, nil},
		{"run names.csv --dry-run --show changes", record.ExitDone, []string{`-> "Branch Partition"`, `-> "Weekdays"`}, nil},
	}, nil},
	{"the MailName of BAT", []caseStep{
		{"run bat-real-old.csv --operation update", record.ExitDone, nil, nil},
		{"verify out1", record.ExitDone, []string{"the server kept all that was written"}, nil},
		{"run bat-real-old.csv --operation update --dry-run", record.ExitDone, []string{"6 unchanged"}, nil},
		{"run bat-real-new.csv --operation upsert --template voicemailusertemplate", record.ExitDone, nil, nil},
		{"run bat-real-new.csv --operation upsert --template voicemailusertemplate", record.ExitDone, []string{"6 unchanged"}, nil},
		{"run mailname.csv --operation upsert --template voicemailusertemplate", record.ExitDone, []string{"1 created, 1 updated"}, nil},
		{"verify out4", record.ExitDone, nil, nil},
		{"run mailname.csv --operation upsert --template voicemailusertemplate --dry-run", record.ExitDone, []string{"2 unchanged"}, nil},
		{"export --columns MailName,SmtpAddress --only-in mailname.csv", record.ExitDone, []string{"user00041,Ann.Lee,Ann.Lee@", "fresh one,fresh_one,fresh_one@"}, nil},
	}, []string{"user00030 DtmfAccessId=10029"}},
	{"texts that mean nothing", []caseStep{
		{"run nulls.csv --operation create --dry-run", record.ExitDone, []string{"8 no-value (DisplayName, Department)"}, nil},
		{"run code-null.csv --dry-run", record.ExitDone, []string{`BillingId: warning: "NULL"`, `PhoneNumber_MobilePhone: warning: "NULL"`}, nil},
		{"run errs.csv --dry-run", record.ExitInvalid, []string{"errs.csv: 17 rows, 17 invalid", "34 formula-error"}, nil},
		{"run psarr.csv --dry-run", record.ExitInvalid, []string{"psarr.csv: 3 rows, 3 invalid", `Manager: warning: "CN=Big Boss`, `"Big Boss" is meant`, `"jd@corp.example" is meant`}, nil},
		{"run mojibake.csv --operation create --dry-run", record.ExitInvalid, []string{`"José Muñoz" is meant`, "character 4 is U+FFFD"}, nil},
	}, nil},
	{"look-alikes", []caseStep{
		{"run nfc.csv --operation create", record.ExitDone, nil, nil},
		{"run nfd2.csv --operation create", record.ExitInvalid, []string{`is taken by josé`}, nil},
		{"run nfd2.csv --operation upsert --dry-run --show changes", record.ExitDone, []string{`josé: update DtmfAccessId "7001" -> "7011"`}, []string{"DisplayName"}},
		{"run nf3.csv", record.ExitInvalid, []string{"nf3.csv:3: Alias: is on line 2 too", "nf3.csv:4: Alias: is on line 2 too"}, nil},
		{"run cyr.csv --operation create", record.ExitInvalid, []string{"letters of Latin and of Cyrillic"}, nil},
	}, nil},
	{"legacy code pages", []caseStep{
		{"run cp1250.csv --operation create", record.ExitInvalid, []string{"cp1250.csv:2: ", `--encoding windows-1250 reads it as "Łukasz"`}, nil},
		{"run cp1251.csv --operation create", record.ExitInvalid, []string{"cp1251.csv:2: ", `--encoding windows-1251 reads it as "Иван"`}, nil},
		{"run macroman.csv --operation create", record.ExitInvalid, []string{"macroman.csv:2: ", `--encoding macintosh reads it as "José"`}, nil},
		{"run cp1250.csv --operation create --encoding cp1250", record.ExitDone, nil, []string{"warning"}},
		{"run cp1250.csv --operation create --encoding windows-1250 --skip-invalid", record.ExitIncomplete, []string{"the alias \"u001\" is taken"}, nil},
		{"run out5/rejects.csv --operation update --encoding windows-1250", record.ExitDone, nil, []string{"warning", "encoded"}},
		{"run macroman.csv --operation update --encoding macintosh", record.ExitDone, nil, nil},
		{"run nfc.csv --operation create --encoding macintosh --dry-run", record.ExitInvalid, []string{"nfc.csv:1: warning: the file is utf-8, and is read so"}, nil},
		{"run x-rich.xlsx --operation create --encoding macintosh", record.ExitUsage, []string{"is a workbook"}, nil},
		{"run cp1251.csv --operation update --encoding klingon", record.ExitUsage, []string{`"klingon" is no encoding`, "windows-1250"}, nil},
	}, []string{"u001 DisplayName=José Muñoz|Department=München", "u002 DisplayName=Jiří Dvořák|Department=Plzeň"}},
	{"headings again", []caseStep{
		{"run concat-nobom.csv --operation create", record.ExitInvalid, []string{"concat-nobom.csv:4: holds headings again"}, nil},
		{"run concat-order.csv --operation create --skip-invalid", record.ExitInvalid, []string{"concat-order.csv:4: holds headings again", "another order"}, nil},
	}, []string{"u001", "u003"}},
	{"workbooks", []caseStep{
		{"run x-hiddenfirst.xlsx --dry-run --show changes" + creates, record.ExitDone, []string{`only the sheet "Users" is read`, "2 x001: create"}, nil},
		{"run x-uncached.xlsx --dry-run" + creates, record.ExitInvalid, []string{"x-uncached.xlsx:Users!C2: DisplayName: ", "result was not saved"}, nil},
		{"run x-merged.xlsx --dry-run" + creates, record.ExitInvalid, []string{"x-merged.xlsx:Users!D3: Department: ", "merged cell"}, nil},
		{"run x-rownum.xlsx --dry-run --show changes" + creates, record.ExitInvalid, []string{"x-rownum.xlsx:Users!B8: Extension: is empty", "\n7 r006: create"}, []string{"\n17 "}},
		{"run x-totals.xlsx --dry-run" + creates, record.ExitInvalid, []string{`x-totals.xlsx:Users!5: "Total"`}, nil},
		{"run x-bignum.xlsx --dry-run --show changes" + creates, record.ExitDone, []string{`EmployeeId "123456789012"`, `EmployeeId "100234567891234"`}, nil},
		{"run x-strict.xlsx --dry-run" + creates, record.ExitDone, []string{"3 created"}, nil},
		{"run x-prefix.xlsx --dry-run" + creates, record.ExitDone, []string{"3 created"}, nil},
		{"run x-rich.xlsx --dry-run --show changes" + creates, record.ExitDone, []string{`DisplayName "John Doe"`, `"line1\nline2"`, "5 x004: create"}, nil},
	}, nil},
	{"the failed objects of BAT", []caseStep{
		{"run batfailed.csv --operation create", record.ExitInvalid, []string{"batfailed.csv:3: FailureReason: holds commas"}, nil},
	}, []string{"bf001"}},
	{"sentences", []caseStep{
		{"run crcrlf.csv --operation create", record.ExitFailed, []string{"CR CR LF"}, nil},
		{"run pipe.csv --operation create", record.ExitInvalid, []string{`stand between "|"`}, nil},
		{"run nohead.csv --operation create", record.ExitInvalid, []string{"nohead.csv:1: the file has no headings"}, nil},
		{"run html.csv --operation create", record.ExitFailed, []string{"it is a web page (HTML)"}, nil},
		{"run json.csv --operation create", record.ExitFailed, []string{"it is JSON"}, nil},
		{"run newpin.csv --operation update", record.ExitInvalid, []string{"newpin.csv:1: new_pin: no such column: did you mean PIN?"}, []string{"274183"}},
		{"run footer.csv --operation create", record.ExitInvalid, []string{`footer.csv:6: "(3 rows affected)"`}, nil},
	}, []string{"u001"}},
}

// Files as they really go wrong, each an example of its kind, are told or taken as they must be.
func TestDamagedInputs(t *testing.T) {
	t.Parallel()
	for _, test := range append(inputCases, filesCase()) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{Username: "admin", Password: "correct-horse"}
			simulator.AddUsers(60)
			web := httptest.NewServer(simulator)
			defer web.Close()
			simulator.Location = cupitest.LocationOf(web.URL)
			folder := t.TempDir()
			if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "cases"))); err != nil {
				t.Fatal(err)
			}
			for name, text := range moreInputs {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for name, test := range fileCases {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(test.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			runs := 0
			for _, step := range test.steps {
				words := strings.Fields(step.command)
				for i, word := range words {
					if strings.HasSuffix(word, ".csv") || strings.HasSuffix(word, ".xlsx") || strings.HasPrefix(word, "out") {
						words[i] = filepath.Join(folder, word)
					}
				}
				if words[0] == "run" && !slices.Contains(words, "--dry-run") {
					runs++
					words = append(words, "--out", filepath.Join(folder, fmt.Sprint("out", runs)), "--progress", "none")
				}
				p := online(t, step.exit, append(words, "--server", web.URL, "--user", "admin"))
				printed := p.stdout.String() + p.stderr.String()
				for _, want := range step.says {
					if !strings.Contains(printed, want) {
						t.Errorf("%s: does not say %s:\n%s", step.command, want, printed)
					}
				}
				for _, never := range step.hides {
					if strings.Contains(printed, never) {
						t.Errorf("%s: says %q:\n%s", step.command, never, printed)
					}
				}
			}
			for _, want := range test.users {
				alias, fields, given := strings.Cut(want, " ")
				user := simulator.UserByAlias(alias)
				if given != (user != nil) {
					t.Errorf("%s: on the server: %v, want %v", alias, user != nil, given)
				}
				for field := range strings.SplitSeq(fields, "|") {
					if name, value, _ := strings.Cut(field, "="); user != nil && user[name] != value {
						t.Errorf("%s: %s is %q, want %q", alias, name, user[name], value)
					}
				}
			}
		})
	}
}
