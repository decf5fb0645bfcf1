package cupi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tests of this file follow the vendor's CUPI User API page, section by
// section: what goes over the wire, byte by byte, and what is read from the
// answers that the page shows. The fixtures hold the page's field names and
// oddities: ">>false", a total lower than the entries, line breaks as values,
// a bare element where a list is due.

func TestListingTheUsers(t *testing.T) {
	section(t,
		exchange{name: "all", request: List(Users, Query{}, 0, 0), target: "/vmrest/users", status: 200, answer: both(t, "list"),
			check: func(t *testing.T, wire Wire, got Answer) {
				want := map[Wire]string{XML: "undeliverablemessagesmailbox operator mholm", JSON: "mholm"}
				if got := aliases(got.Page); got != want[wire] {
					t.Fatalf("got aliases %q, want %q", got, want[wire])
				}
				if got, want := got.Page.Total, len(got.Page.Items); got != want { // the page's XML says 2 and shows 3
					t.Errorf("got total %d, want %d", got, want)
				}
				if wire == XML {
					shown(t, got.Page.Items[0], Object{"ListInDirectory": "false", "IsVmEnrolled": "true", "DtmfAccessId": "99999",
						"TenantObjectId": "a15c0558-feae-53cf-87fd-0bcea3aa49ac", "City": "(absent)", "CreationTime": "2013-03-05T10:54:38Z"})
					shown(t, got.Page.Items[2], Object{"City": "", "Department": "", "EmployeeId": "", "ListInDirectory": "true"})
				}
				last := got.Page.Items[len(got.Page.Items)-1]
				shown(t, last, Object{"FirstName": "Maren", "LastName": "Holm", "DisplayName": "Maren Holm", "EmailAddress": "maren.holm@example.com",
					"TimeZone": "190", "Language": "1033", "Inactive": "false", "MailboxStoreName": "Unity Messaging Database -1"})
			}},
		exchange{name: "a page", request: List(Users, Query{}, 3, 100), target: "/vmrest/users?rowsPerPage=100&pageNumber=3", status: 200, answer: both(t, "list")},
	)
}

func TestListingUsersBasedOnEmailAddress(t *testing.T) {
	check := func(t *testing.T, wire Wire, got Answer) {
		if got, want := aliases(got.Page), "lbrandt"; got != want {
			t.Fatalf("got aliases %q, want %q", got, want)
		}
		if got.Page.Total != 1 {
			t.Errorf("got total %d, want 1", got.Page.Total)
		}
		shown(t, got.Page.Items[0], Object{"EmailAddress": "lia.brandt@example.com", "DtmfAccessId": "9899", "VoiceNameRequired": "false"})
		if wire == XML { // line breaks as values are an artefact
			shown(t, got.Page.Items[0], Object{"City": "", "Department": "", "EmployeeId": "", "LastName": ""})
		}
	}
	answer := both(t, "email")
	one := func(name string, q Query, target string) exchange {
		return exchange{name: name, request: List(Users, q, 0, 0), target: "/vmrest/users?query=" + target, status: 200, answer: answer, check: check}
	}
	section(t,
		one("is", Query{"emailaddress", Is, "lia.brandt@example.com"}, "(emailaddress%20is%20lia.brandt%40example.com)"),
		one("startswith", Query{"emailaddress", StartsWith, "lia.brandt"}, "(emailaddress%20startswith%20lia.brandt)"),
		one("isnull", Query{"emailaddress", IsNull, ""}, "(emailaddress%20isnull)"),
		one("isnotnull", Query{"emailaddress", IsNotNull, ""}, "(emailaddress%20isnotnull)"),
	)
}

func TestListingSpecificTenantRelatedUsersBySystemAdministrator(t *testing.T) {
	const tenant = "a15c0558-feae-53cf-87fd-0bcea3aa49ac"
	section(t,
		exchange{name: "users of a tenant", request: List(Users, Query{"TenantObjectId", Is, tenant}, 1, 100),
			target: "/vmrest/users?query=(TenantObjectId%20is%20" + tenant + ")&rowsPerPage=100&pageNumber=1", status: 200, answer: map[Wire]string{
				JSON: `{"@total":"1","User":{"ObjectId":"` + someID + `","TenantObjectId":"` + tenant + `","Alias":"ane"}}`,
				XML:  `<Users total="1"><User><ObjectId>` + someID + `</ObjectId><TenantObjectId>` + tenant + `</TenantObjectId><Alias>ane</Alias></User></Users>`,
			},
			check: func(t *testing.T, _ Wire, got Answer) {
				want := Page{Total: 1, Items: []Object{{"ObjectId": someID, "TenantObjectId": tenant, "Alias": "ane"}}}
				if diff := cmp.Diff(want, got.Page); diff != "" {
					t.Error(diff)
				}
			}},
		exchange{name: "tenants", request: List(Tenants, Query{}, 0, 0), target: "/vmrest/tenants", status: 200, answer: map[Wire]string{
			JSON: `{"@total":"2","Tenant":[{"ObjectId":"` + tenant + `","Alias":"north"},{"ObjectId":"` + otherID + `","Alias":"south"}]}`,
			XML:  `<Tenants total="2"><Tenant><ObjectId>` + tenant + `</ObjectId><Alias>north</Alias></Tenant><Tenant><ObjectId>` + otherID + `</ObjectId><Alias>south</Alias></Tenant></Tenants>`,
		}, check: func(t *testing.T, _ Wire, got Answer) {
			if got, want := aliases(got.Page), "north south"; got != want {
				t.Errorf("got tenants %q, want %q", got, want)
			}
		}},
	)
}

func TestViewingTheDetailsOfASpecificUser(t *testing.T) {
	answer := both(t, "user")
	section(t,
		exchange{name: "by object id", request: GetUser(someID), target: "/vmrest/users/" + someID, status: 200, answer: answer,
			check: func(t *testing.T, wire Wire, got Answer) {
				if got, want := len(got.Object), fieldCount(answer[wire], wire); got != want {
					t.Errorf("got %d fields, want %d", got, want)
				}
				want := map[Wire]Object{
					XML: {"ObjectId": someID, "Alias": "oszabo", "FirstName": "Ödön", "LastName": "Szabó & Fia", "EmployeeId": "0042", "IsTemplate": "false",
						"XferString": "", "City": "", "Address": "", "Speed": "100", "SayTimestampBefore": "false", "MailboxStoreName": "(absent)"},
					JSON: {"Alias": "tkurz", "DtmfAccessId": "12345", "Inactive": "false", "LdapType": "0", "CreationTime": "2013-03-14T10:54:47Z", "City": "(absent)"},
				}
				shown(t, got.Object, want[wire])
			}},
		// The page asks for one user by a query and prints the answer without any list around it.
		exchange{name: "by a query", request: List(Users, Query{"emailaddress", Is, "tkurz@example.com"}, 0, 0),
			target: "/vmrest/users?query=(emailaddress%20is%20tkurz%40example.com)", status: 200, answer: answer,
			check: func(t *testing.T, _ Wire, got Answer) {
				if len(got.Page.Items) != 1 || got.Page.Total != 1 {
					t.Errorf("got %d users of %d, want 1 of 1", len(got.Page.Items), got.Page.Total)
				}
			}},
	)
}

func TestCreatingAUser(t *testing.T) {
	const store = "0a987b74-acf0-4310-ab81-4ebe0190cca4"
	fields := Object{"DtmfAccessId": "123422", "Alias": "texoma"}
	body := map[Wire]string{
		JSON: `{"Alias":"texoma","DtmfAccessId":"123422"}`,
		XML:  `<User><Alias>texoma</Alias><DtmfAccessId>123422</DtmfAccessId></User>`,
	}
	text := map[Wire]string{JSON: "/vmrest/users/" + someID, XML: "/vmrest/users/" + someID}
	made := func(t *testing.T, _ Wire, got Answer) {
		if got.ObjectID != someID {
			t.Errorf("got id %q, want %q", got.ObjectID, someID)
		}
	}
	section(t,
		exchange{name: "in the default mailbox store", request: CreateUser("voicemailusertemplate", "", fields), body: body,
			target: "/vmrest/users?templateAlias=voicemailusertemplate", status: 201, answer: text, check: made},
		exchange{name: "in a given mailbox store", request: CreateUser("voicemailusertemplate", store, fields), body: body,
			target: "/vmrest/users?templateAlias=voicemailusertemplate&MailboxStoreObjectId=" + store, status: 201, answer: text, check: made},
		exchange{name: "without an extension, as the JSON example", request: CreateUser("voicemailusertemplate", "", Object{"Alias": "ane", "DisplayName": "Ane Ulv"}),
			body:   map[Wire]string{JSON: `{"Alias":"ane","DisplayName":"Ane Ulv"}`, XML: `<User><Alias>ane</Alias><DisplayName>Ane Ulv</DisplayName></User>`},
			target: "/vmrest/users?templateAlias=voicemailusertemplate", status: 201, answer: text, check: made},
		exchange{name: "a template with a blank, and an answer that has a Location only", request: CreateUser("Sales & Co", "", fields), body: body,
			target: "/vmrest/users?templateAlias=Sales%20%26%20Co", status: 201, check: made,
			headers: []string{"Location", "https://cuc1.example.com:8443/vmrest/users/vmrest/users/" + someID}},
		exchange{name: "the templates", request: List(UserTemplates, Query{}, 0, 0), target: "/vmrest/usertemplates", status: 200,
			answer: map[Wire]string{JSON: `{"@total":"0"}`, XML: `<UserTemplates total="0"/>`}},
		exchange{name: "the mailbox stores", request: List(MailboxStores, Query{}, 0, 0), target: "/vmrest/mailboxstores", status: 200,
			answer: map[Wire]string{
				JSON: `{"@total":"1","MailboxStore":{"ObjectId":"` + store + `","DisplayName":"Unity Messaging Database -1"}}`,
				XML:  `<MailboxStores total="1"><MailboxStore><ObjectId>` + store + `</ObjectId><DisplayName>Unity Messaging Database -1</DisplayName></MailboxStore></MailboxStores>`,
			},
			check: func(t *testing.T, _ Wire, got Answer) {
				if len(got.Page.Items) != 1 || got.Page.Items[0][MailboxStores.IDField] != store {
					t.Errorf("got stores %v, want the one with id %s", got.Page.Items, store)
				}
			}},
	)
}

func TestUpdatingAUser(t *testing.T) {
	const partition = "da2114bf-cde7-43d8-9709-cd3895a9d41b"
	section(t,
		exchange{name: "several fields", target: "/vmrest/users/" + someID, status: 204,
			request: UpdateUser(someID, Object{"UseShortPollForCache": "true", "Alias": "Texoma", "DtmfAccessId": "99934", "PartitionObjectId": partition, "Inactive": "false"}),
			body: map[Wire]string{
				JSON: `{"Alias":"Texoma","DtmfAccessId":"99934","Inactive":"false","PartitionObjectId":"` + partition + `","UseShortPollForCache":"true"}`,
				XML:  `<User><Alias>Texoma</Alias><DtmfAccessId>99934</DtmfAccessId><Inactive>false</Inactive><PartitionObjectId>` + partition + `</PartitionObjectId><UseShortPollForCache>true</UseShortPollForCache></User>`,
			}},
		exchange{name: "one field", request: UpdateUser(someID, Object{"DtmfAccessId": "123?"}), target: "/vmrest/users/" + someID, status: 204,
			body: map[Wire]string{JSON: `{"DtmfAccessId":"123?"}`, XML: `<User><DtmfAccessId>123?</DtmfAccessId></User>`}},
		exchange{name: "clearing, and characters with a meaning", request: UpdateUser(someID, Object{"Title": "", "Department": `R&D <"Ost">`}),
			target: "/vmrest/users/" + someID, status: 200, // older documents say 200 and 204 Accepted
			body: map[Wire]string{JSON: `{"Department":"R&D <\"Ost\">","Title":""}`, XML: `<User><Department>R&amp;D &lt;&#34;Ost&#34;&gt;</Department><Title></Title></User>`}},
	)
}

func TestUpdateLanguageAndTimeZone(t *testing.T) {
	list := func(c Collection, json, xml, wantID string) exchange {
		return exchange{name: c.Name, request: List(c, Query{}, 0, 0), target: c.Path, status: 200,
			answer: map[Wire]string{JSON: json, XML: xml},
			check: func(t *testing.T, _ Wire, got Answer) {
				if len(got.Page.Items) != 1 || got.Page.Items[0][c.IDField] != wantID {
					t.Errorf("got %v, want one with %s %s", got.Page.Items, c.IDField, wantID)
				}
			}}
	}
	section(t,
		exchange{name: "update", target: "/vmrest/users/" + someID, status: 204,
			request: UpdateUser(someID, Object{"UseDefaultTimeZone": "false", "TimeZone": "175", "UseDefaultLanguage": "false", "Language": "1034"}),
			body: map[Wire]string{
				JSON: `{"Language":"1034","TimeZone":"175","UseDefaultLanguage":"false","UseDefaultTimeZone":"false"}`,
				XML:  `<User><Language>1034</Language><TimeZone>175</TimeZone><UseDefaultLanguage>false</UseDefaultLanguage><UseDefaultTimeZone>false</UseDefaultTimeZone></User>`,
			}},
		list(TimeZones, `{"@total":"1","TimeZone":{"TimeZoneId":175,"Bias":-60}}`, `<TimeZones total="1"><TimeZone><TimeZoneId>175</TimeZoneId></TimeZone></TimeZones>`, "175"),
		list(InstalledLanguages, `{"@total":"1","InstalledLanguage":{"LanguageCode":"1034","Loaded":true}}`,
			`<InstalledLanguages total="1"><InstalledLanguage><LanguageCode>1034</LanguageCode></InstalledLanguage></InstalledLanguages>`, "1034"),
		list(LanguageMap, `{"@total":"1","LanguageMapping":{"LanguageCode":"1034","LanguageTag":"es-ES"}}`,
			`<LanguageMappings total="1"><LanguageMapping><LanguageCode>1034</LanguageCode><LanguageTag>es-ES</LanguageTag></LanguageMapping></LanguageMappings>`, "1034"),
	)
}

func TestDeleteAUser(t *testing.T) {
	section(t,
		exchange{name: "204", request: DeleteUser(someID), target: "/vmrest/users/" + someID, status: 204},
		exchange{name: "200, as older documents", request: DeleteUser(someID), target: "/vmrest/users/" + someID, status: 200},
	)
}

// Every field of the table, and every field that the page's answers show, goes
// out and comes back unchanged.
func TestExplanationOfDataFields(t *testing.T) {
	t.Parallel()
	want := Object{}
	for _, name := range strings.Fields(fixture(t, "fields.txt")) {
		want[name] = "0042 of " + name
	}
	if len(want) != 48 {
		t.Fatalf("got %d fields in the table, want 48", len(want))
	}
	for _, name := range []string{"list", "email", "user"} {
		for wire, text := range both(t, name) {
			page, err := decodePage(wire.mediaType(), []byte(text), "Users", "User")
			if err != nil {
				t.Fatal(name, wire, err)
			}
			for _, item := range page.Items {
				maps.Copy(want, item)
			}
		}
	}
	if len(want) < 160 {
		t.Errorf("got only %d fields: %v", len(want), slices.Sorted(maps.Keys(want)))
	}
	for _, wire := range []Wire{JSON, XML} {
		t.Run(string(wire), func(t *testing.T) {
			t.Parallel()
			var stored []byte
			client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut {
					w.WriteHeader(http.StatusNoContent)
					return
				}
				w.Write(stored) // no content type of ours: the first byte tells the wire
			}, speak(wire))
			mustDo(t, client, UpdateUser(someID, want))
			stored = []byte(seen.list()[0].body)
			got := mustDo(t, client, GetUser(someID)).Object
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
