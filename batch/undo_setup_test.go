package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The ids of a fresh simulator's distribution lists and of a partition.
const (
	allVoiceMail = "5e4c9160-a37f-41ce-9b0d-628312af4068"
	contacts     = "706eb382-c591-43e0-9d2f-84a534c1628a"
	partition    = "da2114bf-cde7-43d8-9709-cd3895a9d41b"
)

// other is another administrator, who does what a test says past the run.
type other struct {
	s      *site
	client *cupi.Client
}

func (s *site) other() *other {
	s.t.Helper()
	return &other{s, s.server(1).Client}
}

// do sends a change that no journal knows of.
func (o *other) do(request cupi.Request) cupi.Answer {
	o.s.t.Helper()
	o.s.guard.Exempt(request.Method, request.Path)
	answer, err := o.client.Do(o.s.t.Context(), request)
	if err != nil {
		o.s.t.Fatalf("%s %s: %v", request.Method, request.Path, err)
	}
	return answer
}

func (o *other) id(alias string) string {
	o.s.t.Helper()
	user := o.s.simulator.UserByAlias(alias)
	if user == nil {
		o.s.t.Fatalf("there is no user %s", alias)
	}
	return user["ObjectId"]
}

func (o *other) set(alias, field, value string) {
	o.s.t.Helper()
	o.do(cupi.UpdateUser(o.id(alias), cupi.Object{field: value}))
}

func (o *other) giveExtension(alias, index, extension string) {
	o.s.t.Helper()
	o.do(cupi.Create(cupi.AlternateExtensionsOf(o.id(alias)), cupi.Object{"IdIndex": index, "DtmfAccessId": extension, "PartitionObjectId": partition}))
}

// takeExtension takes away the only alternate extension of user00001.
func (o *other) takeExtension() {
	extensions := cupi.AlternateExtensionsOf(o.id("user00001"))
	for _, extension := range o.do(cupi.List(extensions, cupi.Query{}, 0, 0)).Page.Items {
		if extension["IdIndex"] == "1" {
			o.do(cupi.Delete(extensions, extension["ObjectId"]))
		}
	}
}

func (o *other) giveAddress(alias, address string) {
	o.s.t.Helper()
	o.do(cupi.Create(cupi.SmtpProxyAddresses, cupi.Object{"SmtpAddress": address, "ObjectGlobalUserObjectId": o.id(alias)}))
}

func (o *other) join(alias, list string) {
	o.s.t.Helper()
	o.do(cupi.Create(cupi.MembersOf(list), cupi.Object{"MemberUserObjectId": o.id(alias)}))
}

// messages gives the messages of a history's rows.
func messages(t *testing.T, history *record.History) string {
	t.Helper()
	var words []string
	for _, r := range results(t, history) {
		words = append(words, r.Message)
	}
	return strings.Join(words, "\n")
}

// wellEquipped is a server with users that have all that a rollback brings back.
func wellEquipped(t *testing.T, wire cupi.Wire) (*site, *other) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(4)
	s := newSite(t, simulator)
	s.wire = wire
	o := s.other()
	o.giveExtension("user00001", "1", "999341")
	o.giveExtension("user00001", "11", "999342")
	o.giveAddress("user00001", "first@example.com")
	o.join("user00001", allVoiceMail)
	o.join("user00001", contacts)
	o.giveExtension("user00002", "3", "999343")
	o.join("user00002", allVoiceMail)
	o.join("user00002", contacts)
	o.join("user00003", allVoiceMail)
	template := o.do(cupi.List(cupi.UserTemplates, cupi.Query{Column: "Alias", Op: cupi.Is, Value: "voicemailusertemplate"}, 0, 0)).Page.Items[0]["ObjectId"]
	o.do(cupi.Create(cupi.MembersOf(allVoiceMail), cupi.Object{"MemberUserObjectId": template}))
	return s, o
}

func (o *other) putMessages(alias string, count, bytes int) {
	o.s.t.Helper()
	if err := o.s.simulator.PutMessages(o.id(alias), count, bytes); err != nil {
		o.s.t.Fatal(err)
	}
}

// forbid gives 403 for whatever has a path that ends so.
func forbid(path string) func(*http.Request) cupitest.Fault {
	return func(r *http.Request) cupitest.Fault {
		if strings.HasSuffix(r.URL.Path, path) {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
}

func onlyAlias(alias string) []validate.Setting {
	return []validate.Setting{{Column: "Alias", Value: alias}}
}
