package batch_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// ofBranch are the options of a run that is narrowed to the tenant "branch".
func ofBranch(o record.Options) record.Options {
	o.Tenant = "BRANCH"
	return o
}

// tenantSite is a server on which a tenant has a template, in its own partition, and a user.
func tenantSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	return tenantOn(t, &cupitest.Server{}, wire)
}

func tenantOn(t *testing.T, simulator *cupitest.Server, wire cupi.Wire) *site {
	t.Helper()
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.wire = wire
	o := s.other()
	partition := o.do(cupi.List(cupi.Partitions, cupi.Query{Column: "Name", Op: cupi.Is, Value: "Branch Partition"}, 1, 100)).Page.Items[0]["ObjectId"]
	o.do(cupi.Request{Method: "POST", Path: cupi.UserTemplates.Path, Root: cupi.UserTemplates.Element, Query: "templateAlias=voicemailusertemplate",
		Fields: cupi.Object{"Alias": "branchtemplate", "PartitionObjectId": partition}})
	o.do(cupi.CreateUser("branchtemplate", "", cupi.Object{"Alias": "theirs", "DtmfAccessId": "10001"}))
	return s
}

// branch is the ObjectId of the tenant.
func (s *site) branch() string {
	return s.other().do(cupi.List(cupi.Tenants, cupi.Query{Column: "Alias", Op: cupi.Is, Value: "branch"}, 1, 100)).Page.Items[0]["ObjectId"]
}

// A run that is narrowed to a tenant makes, changes and deletes what is the tenant's, and so do its resume, its
// rollback and its verification.
func TestARunOfATenant(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := tenantSite(t, wire)
		o := s.other()
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "everybody"}))
		o.do(cupi.Create(cupi.MembersOf(s.list("everybody")), cupi.Object{"MemberUserObjectId": s.simulator.UserByAlias("theirs")["ObjectId"]}))
		branch, before := s.branch(), withoutIDs(s.simulator.Snapshot())
		const file = "Operation,Alias,Extension,TemplateAlias,Title\ncreate,fresh,4001,branchtemplate,New\nupdate,theirs,,,Boss\n"
		of := options("")
		of.Template = ""
		killed := s.killedAt(1, "run", file, ofBranch(of), cupitest.NoFault)
		_, history := s.resume(t.Context(), killed, of)
		if got := statuses(t, history); got != "created, updated" {
			t.Fatalf("%s: %s", got, messages(t, history))
		}
		if user := s.simulator.UserByAlias("fresh"); user["TenantObjectId"] != branch {
			t.Errorf("the user is of the tenant %q", user["TenantObjectId"])
		}
		results, err := verify.ReadBack(t.Context(), s.server(1), history)
		if err != nil {
			t.Fatal(err)
		}
		for result, err := range results {
			if err != nil || !result.Kept {
				t.Errorf("%+v: %v", result, err)
			}
		}
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
		_, deleted := s.run(t.Context(), "delete", "Alias\ntheirs\n", ofBranch(options(validate.Delete)), 1)
		if got := statuses(t, deleted); got != "deleted" {
			t.Fatalf("%s: %s", got, messages(t, deleted))
		}
		if _, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{Template: "branchtemplate"}); statuses(t, undone) != "recreated" {
			t.Errorf("%s: %s", statuses(t, undone), messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	})
}

// What is another tenant's, or nobody's, is not there for such a run, and it says why.
func TestWhatIsNotOfTheTenant(t *testing.T) {
	t.Parallel()
	s := tenantSite(t, cupi.JSON)
	s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "its", cupi.TenantField: s.branch()}))
	byID := options(validate.Update)
	byID.Match = "ObjectId"
	for name, test := range map[string]struct {
		options    record.Options
		text, want string
	}{
		"user":      {options(validate.Update), "Alias,Title\nuser00001,x\n", "2 Alias no-such-user"},
		"id":        {byID, "ObjectId,Title\n" + s.simulator.UserByAlias("user00001")["ObjectId"] + ",x\n", "2 ObjectId no-such-user"},
		"template":  {options(validate.Create), "Alias,Extension,TemplateAlias\nx,4001,voicemailusertemplate\n", "2 TemplateAlias unknown-template"},
		"cos":       {options(validate.Update), "Alias,CosDisplayName\ntheirs,Executive COS\n", "2 CosDisplayName unknown-name"},
		"handler":   {options(validate.Update), "Alias,CallHandlerObjectId\ntheirs," + s.operatorHandler() + "\n", "2 CallHandlerObjectId unknown-id"},
		"cos id":    {options(validate.Update), "Alias,CosObjectId\ntheirs," + s.simulator.UserByAlias("user00001")["CosObjectId"][:35] + "9\n", "2 CosObjectId unknown-id"},
		"member":    {memberOptions(validate.Create), "DLAlias,MemberAlias\nits,user00001\n", "2 MemberAlias unknown-name"},
		"successor": {options(validate.Delete), "Alias,ReassignTo\ntheirs,user00001\n", "2 ReassignTo unknown-successor"},
		"partition": {options(validate.Update), "Alias,PartitionName\ntheirs,cuc1 Partition\n", "2 PartitionName unknown-name"},
		"list":      {listOptions(validate.Update), "Alias,DisplayName\nallvoicemailusers,x\n", "2 Alias no-such-user"},
		"free":      {options(validate.Update), "Alias,Extension\ntheirs,10002\n", ""}, // in another partition
		"taken":     {options(validate.Create), "Alias,Extension,TemplateAlias\nx,10001,branchtemplate\n", "2 DtmfAccessId extension-taken"},
	} {
		var told []string
		recorder := s.recorder(name)
		_, err := batch.Preflight(t.Context(), s.server(1), s.prepare(recorder, test.text, ofBranch(test.options)), func(p validate.Problem) { told = append(told, p.Message) })
		if _, problems := s.preflight(s.recorder(name+" again"), test.text, ofBranch(test.options)); problems != test.want {
			t.Errorf("%s: got %q, want %q", name, problems, test.want)
		}
		if test.want != "" && !strings.Contains(test.want, "taken") && !strings.Contains(strings.Join(told, "\n"), `tenant "branch"`) || err != nil && test.want == "" {
			t.Errorf("%s: %q, %v", name, told, err)
		}
	}
	if _, problems := s.preflight(s.recorder("undeletable"), "Alias\nundeliverablemessagesmailbox\n", ofBranch(options(validate.Delete))); problems != "2  undeletable" {
		t.Errorf("who can't be deleted: %s", problems)
	}
	o := options(validate.Update)
	o.Tenant = "nobody"
	_, err := batch.Preflight(t.Context(), s.server(1), s.prepare(s.recorder("unknown"), "Alias,Title\ntheirs,x\n", o), func(validate.Problem) {})
	var stop *record.Stop
	if !errors.As(err, &stop) || stop.Exit != record.ExitUsage || stop.Code != "unknown-tenant" {
		t.Errorf("an unknown tenant: %v", err)
	}
}

// A list that is made for a tenant says so; a template that makes users for nobody is found out with the first.
func TestWhatIsMadeForATenant(t *testing.T) {
	t.Parallel()
	s := tenantSite(t, cupi.JSON)
	_, made := s.run(t.Context(), "list", "Alias,Extension\nsales,5000\n", ofBranch(listOptions(validate.Create)), 1)
	if list := s.simulator.Snapshot()["distributionlists/"+s.list("sales")]; statuses(t, made) != "created" || list["TenantObjectId"] != s.branch() {
		t.Errorf("%s: %v: %s", statuses(t, made), list, messages(t, made))
	}
	_, made = s.run(t.Context(), "contact", "Alias,ContactTemplateAlias\nvendor,systemcontacttemplate\n", ofBranch(contactOptions(validate.Create)), 1)
	if got := statuses(t, made); got != "created" {
		t.Errorf("%s: %s", got, messages(t, made))
	}
	s.frontOf("", func(text string) string { return strings.ReplaceAll(text, `"TenantObjectId"`, `"Tenant"`) })
	_, made = s.run(t.Context(), "user", "Alias,Extension,TemplateAlias\nx,4001,branchtemplate\n", ofBranch(options(validate.Create)), 1)
	if got := statuses(t, made); got != "partial other-tenant" {
		t.Errorf("%s: %s", got, messages(t, made))
	}
}

// What a user of the tenant has of another's already stays, by its name too: so an export runs, and changes nothing.
func TestATenantsExportRunsUnchanged(t *testing.T) {
	t.Parallel()
	s := tenantSite(t, cupi.JSON)
	o := s.other()
	cos := o.do(cupi.List(cupi.Coses, cupi.Query{Column: "DisplayName", Op: cupi.Is, Value: "Executive COS"}, 1, 100)).Page.Items[0]["ObjectId"]
	o.do(cupi.UpdateUser(s.simulator.UserByAlias("theirs")["ObjectId"], cupi.Object{"CosObjectId": cos}))
	o.do(cupi.CreateUser("branchtemplate", "", cupi.Object{"Alias": "other", "DtmfAccessId": "10002"}))
	var out strings.Builder
	if _, err := export.Write(t.Context(), s.server(1), export.Options{Tenant: "branch", Columns: []string{"CosDisplayName", "PartitionName"}}, &out); err != nil {
		t.Fatal(err)
	}
	_, history := s.run(t.Context(), "run", out.String(), ofBranch(options(validate.Update)), 1)
	if got := strings.ReplaceAll(statuses(t, history), "unchanged", ""); strings.Trim(got, ", ") != "" {
		t.Errorf("%s: %s", got, messages(t, history))
	}
	if _, problems := s.preflight(s.recorder("other"), "Alias,CosDisplayName\ntheirs,Executive COS\nother,Executive COS\n", ofBranch(options(validate.Update))); problems != "3 CosDisplayName unknown-name" {
		t.Error(problems)
	}
}

// An export of a tenant has its users, and no others.
func TestAnExportOfATenant(t *testing.T) {
	t.Parallel()
	s := tenantSite(t, cupi.JSON)
	var out strings.Builder
	if _, err := export.Write(t.Context(), s.server(1), export.Options{Tenant: "branch", Columns: []string{"DtmfAccessId"}}, &out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "theirs,10001") || strings.Contains(got, "user00001") {
		t.Error(got)
	}
}

// The listing is asked for what is the tenant's, and who is found by a key all the same is not taken.
func TestATenantIsAskedFor(t *testing.T) {
	t.Parallel()
	var narrow, wide atomic.Int32
	s := tenantOn(t, &cupitest.Server{Fault: func(r *http.Request) cupitest.Fault {
		if asked := r.URL.RawQuery; r.Method == "GET" && (r.URL.Path == "/vmrest/users" || r.URL.Path == "/vmrest/distributionlists") && strings.Contains(asked, "rowsPerPage=100") {
			if strings.Contains(asked, cupi.TenantField) {
				narrow.Add(1)
			} else {
				wide.Add(1)
			}
		}
		return cupitest.NoFault
	}}, cupi.JSON)
	_, history := s.run(t.Context(), "run", "Alias,Extension,DistributionLists\ntheirs,10003,\n", ofBranch(options(validate.Update)), 1)
	if got := statuses(t, history); got != "updated" || narrow.Load() != 2 || wide.Load() != 0 {
		t.Errorf("%s, with %d lists of the tenant's and %d of all: %s", got, narrow.Load(), wide.Load(), messages(t, history))
	}
	e := &send.Requester{Session: send.NewSession(s.server(1), ofBranch(record.Options{}))}
	if err := e.LearnTenant(t.Context(), model.UserObject); err != nil {
		t.Fatal(err)
	}
	for alias, want := range map[string]int{"user00001": 0, "theirs": 1} {
		if hits, _, err := e.LookUp(t.Context(), cupi.Users, "Alias", alias, true); err != nil || len(hits) != want {
			t.Errorf("%s: %v, %v", alias, hits, err)
		}
	}
}

// What refers to a user and is another's is not handed over: such a user stays. The successor gets into the lists
// of the tenant, and into no others.
func TestAHandOverWithinATenant(t *testing.T) {
	for _, partIDs := range []bool{false, true} { // the server tells of a key by its own id
		t.Run(fmt.Sprint(partIDs), func(t *testing.T) {
			t.Parallel()
			handsOverWithin(t, tenantOn(t, &cupitest.Server{OwnDependencyIDs: partIDs}, cupi.JSON))
		})
	}
}

func handsOverWithin(t *testing.T, s *site) {
	o := s.other()
	id := func(alias string) string { return s.simulator.UserByAlias(alias)["ObjectId"] }
	o.do(cupi.CreateUser("branchtemplate", "", cupi.Object{"Alias": "heir", "DtmfAccessId": "10002"}))
	o.do(cupi.CreateUser("branchtemplate", "", cupi.Object{"Alias": "stays", "DtmfAccessId": "10003"}))
	for list, tenant := range map[string]string{"its": s.branch(), "everybody": ""} {
		fields := cupi.Object{"Alias": list}
		if tenant != "" {
			fields[cupi.TenantField] = tenant
		}
		made := o.do(cupi.Create(cupi.DistributionLists, fields)).ObjectID
		o.do(cupi.Create(cupi.MembersOf(made), cupi.Object{"MemberUserObjectId": id("theirs")}))
	}
	s.changeHandler("", cupi.Object{"RecipientSubscriberObjectId": id("stays")}) // of nobody's tenant
	key := cupi.KeysIn(cupi.CallHandlers, s.simulator.UserByAlias("heir")["CallHandlerObjectId"])
	o.do(cupi.Request{Method: http.MethodPut, Path: cupi.Get(key, "3").Path, Root: key.Element,
		Fields: cupi.Object{"Action": "2", "TargetConversation": "PHTransfer", "TargetHandlerObjectId": s.simulator.UserByAlias("theirs")["CallHandlerObjectId"]}})
	const file = "Alias,ReassignTo\ntheirs,heir\nstays,heir\n"
	if _, problems := s.preflight(s.recorder("look"), file, ofBranch(options(validate.Delete))); problems != "3  referenced" {
		t.Error(problems)
	}
	with := ofBranch(options(validate.Delete))
	with.SkipInvalid = true
	_, history := s.run(t.Context(), "run", file, with, 1)
	if got := statuses(t, history); got != "deleted, invalid referenced" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	if its, others := s.members("its"), s.members("everybody"); !strings.Contains(its, "heir") || strings.Contains(others, "heir") {
		t.Errorf("the tenant's list has %s, and the other %s", its, others)
	}
}

// Of whom the server does not tell whose they are, nothing is done for a tenant.
func TestATenantHasNoUsersWithoutMailbox(t *testing.T) {
	t.Parallel()
	s := tenantSite(t, cupi.JSON)
	s.other().do(cupi.CreateAdminUser("administratortemplate", cupi.Object{"Alias": "clerk"}))
	_, err := batch.Preflight(t.Context(), s.server(1), s.prepare(s.recorder("run"), "Alias\nclerk\n", ofBranch(adminOptions(validate.Delete))), func(validate.Problem) {})
	var stop *record.Stop
	if !errors.As(err, &stop) || stop.Exit != record.ExitUsage || stop.Code != "tenant-not-told" {
		t.Errorf("a run: %v", err)
	}
	var out strings.Builder
	if _, err := export.Write(t.Context(), s.server(1), export.Options{Tenant: "branch", Table: validate.AdminUsers}, &out); !errors.As(err, &stop) || stop.Code != "tenant-not-told" {
		t.Errorf("an export: %v, %s", err, out.String())
	}
}
