package cupi_test

import (
	"fmt"
	"testing"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

func TestLifeOfAnImportedUser(t *testing.T) {
	each(t, func(t *testing.T, server *cupitest.Server, client *cupi.Client) {
		for number := range 3 {
			person := map[string]string{"alias": fmt.Sprint("person", number), "lastName": "Söhn & Co", "emailAddress": "a@example.com"}
			if number == 1 {
				person["firstName"] = "Per"
			}
			if _, err := server.AddDirectoryUser(person); err != nil {
				t.Fatal(err)
			}
		}
		before := server.Snapshot()
		page := do(t, client, cupi.ListDirectoryUsers(cupi.Query{}, 1, 1)).Page
		if page.Total != 3 || len(page.Items) != 1 || page.Items[0]["alias"] != "person1" {
			t.Fatalf("from 1 on, one row: got %+v", page)
		}
		if beyond := do(t, client, cupi.ListDirectoryUsers(cupi.Query{}, 3, 2)).Page; len(beyond.Items) != 0 {
			t.Errorf("beyond the end: got %+v", beyond)
		}
		found := do(t, client, cupi.ListDirectoryUsers(cupi.Query{Column: "alias", Op: cupi.Is, Value: "PERSON1"}, 0, 5)).Page
		if len(found.Items) != 1 || found.Items[0]["pkid"] != page.Items[0]["pkid"] {
			t.Fatalf("the query found %+v", found)
		}
		request := cupi.ImportUser("voicemailusertemplate", found.Items[0], "0042")
		made := do(t, client, request)
		user := do(t, client, cupi.GetUser(made.ObjectID)).Object
		for name, want := range cupi.Imported(request.Fields) {
			if user[name] != want {
				t.Errorf("got %s %q, want %q", name, user[name], want)
			}
		}
		if want := (cupi.Object{"Alias": "person1", "FirstName": "Per", "LastName": "Söhn & Co", "DtmfAccessId": "0042"}); fmt.Sprint(cupi.Imported(request.Fields)) != fmt.Sprint(want) {
			t.Errorf("the import sets %v, want %v", cupi.Imported(request.Fields), want)
		}
		if left := do(t, client, cupi.ListDirectoryUsers(cupi.Query{}, 0, 5)).Page; left.Total != 2 {
			t.Errorf("%d people left, want 2", left.Total)
		}
		do(t, client, cupi.DeleteUser(made.ObjectID))
		if after := server.Snapshot(); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("after the delete the server is not as before")
		}
	})
}
