package batch_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// What the draws of forecasts are about: few users, names, extensions and lists, so that they
// meet.
var (
	drawnPeople     = []string{"sdavis", "tlee", "user00006", "fresh1", "fresh2", "moved"} // those who are no users, or may become some
	drawnExtensions = []string{"10000", "10001", "10002", "10003", "55001", "55002", "55003", "56001", "56002", "66001", "66002", "66003"}
)

// drawnServer is a server of six users, who have alternate extensions, addresses, roles and
// lists or have none, and of people in an LDAP directory.
func drawnServer(t *testing.T, rt *rapid.T) *site {
	simulator := &cupitest.Server{Seed: rapid.Uint64().Draw(rt, "seed")}
	simulator.AddUsers(6)
	pkids := map[string]string{}
	for _, alias := range []string{"sdavis", "tlee", "user00006"} {
		var err error
		if pkids[alias], err = simulator.AddDirectoryUser(map[string]string{"alias": alias, "lastName": "Davis", "emailAddress": alias + "@example.com"}); err != nil {
			rt.Fatal(err)
		}
	}
	s := drawnSite(t, rt, simulator)
	o := s.other()
	if rapid.Bool().Draw(rt, "one was imported") {
		o.do(cupi.ImportUser("voicemailusertemplate", cupi.Object{"pkid": pkids["sdavis"], "alias": "sdavis", "lastName": "Davis"}, "10009"))
	}
	for user := 1; user <= 3; user++ {
		alias := fmt.Sprintf("user%05d", user)
		has := func(what string) bool { return rapid.Bool().Draw(rt, alias+" has "+what) }
		if has("an alternate extension") {
			o.giveExtension(alias, "1", fmt.Sprint(55000+user))
		}
		if user < 3 && has("another") {
			o.giveExtension(alias, "2", fmt.Sprint(56000+user))
		}
		if has("an address") {
			o.giveAddress(alias, alias+"@x.org")
		}
		if has("another name") {
			o.do(cupi.Create(cupi.AlternateNames, cupi.Object{"FirstName": "Jo", "GlobalUserObjectId": o.id(alias)}))
		}
		if has("a list") {
			o.join(alias, allVoiceMail)
		}
	}
	return s
}

// drawnFile makes rows that hand round extensions, primary and alternate, and names: taken,
// swapped, promoted, freed and cleared, within one user and between them; several rows a user.
func drawnFile(rt *rapid.T) string {
	text := "Operation,Alias,DtmfAccessId,Extension_Alt1,Extension_Alt2,NewAlias,Title,PIN,SmtpProxyAddresses,UserRoles,PhoneNumber_HomePhone,DistributionLists,PhoneNumber_Pager,SmtpAddress_TextPager1,AltFirstNames,MaxMsgLen\n"
	for range rapid.IntRange(1, 8).Draw(rt, "rows") {
		text += strings.Join(drawnRow(rt), ",") + "\n"
	}
	return text
}

func drawnRow(rt *rapid.T) []string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, what) }
	some := func(what string, of ...string) string { return pick(what, append(of, "", "")...) }
	operation := pick("operation", "update", "update", "update", "update", "upsert", "delete", "create", "import-ldap")
	user := rapid.IntRange(1, 5).Draw(rt, "user")
	alias := fmt.Sprintf("user%05d", user)
	if operation == "create" || operation == "import-ldap" || rapid.IntRange(0, 5).Draw(rt, "another") == 0 {
		alias = pick("who", drawnPeople...)
	}
	pool := drawnExtensions
	if rapid.Bool().Draw(rt, "own") {
		pool = []string{fmt.Sprint(9999 + user), fmt.Sprint(55000 + user), fmt.Sprint(56000 + user), "66001"}
	}
	extension := some("extension", pool...)
	if operation == "create" || operation == "import-ldap" {
		extension = pick("its extension", pool...)
	}
	newAlias := ""
	if operation == "update" && rapid.IntRange(0, 4).Draw(rt, "renamed") == 0 {
		newAlias = pick("new alias", "user00001", "user00002", "user00003", "moved", "fresh1")
	}
	if operation == "delete" {
		return append([]string{operation, alias}, make([]string, 14)...)
	}
	length := "" // what a handler has of its template is not foretold
	if strings.HasPrefix(alias, "user0000") && alias != "user00006" {
		length = some("length", "300", "240")
	}
	alternates := append([]string{"%null%"}, pool...)
	return []string{operation, alias, extension, some("alternate", alternates...), some("another", alternates...), newAlias, some("title", "Boss"), some("PIN", "947251"),
		some("addresses", alias+"@x.org;b"+alias+"@x.org", "%null%"), some("roles", "Help Desk Administrator", "%null%"),
		some("phone", "5551", "%null%"), some("lists", "allvoicemailusers", "undeliverablemessages"),
		some("pager", "5552", "%null%"), some("text pager", "p@x.org"), some("names", "Jo", "Jo;J", "%null%"), length}
}
