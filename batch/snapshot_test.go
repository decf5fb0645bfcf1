package batch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cucbulk/batch/batchtest"
)

// byAlias makes snapshots comparable when users were deleted and made again: by
// alias, without the ids and times that can't come back, and with what belongs to
// each user as a field of it.
func byAlias(snapshot map[string]map[string]string) map[string]map[string]string {
	users := map[string]map[string]string{}
	byID := map[string]map[string]string{}
	for path, object := range snapshot {
		id, isUser := strings.CutPrefix(path, "users/")
		if !isUser || strings.Contains(id, "/") {
			continue
		}
		user := map[string]string{}
		for name, value := range object {
			switch name {
			case "ObjectId", "CallHandlerObjectId", "CreationTime", "ExitCallActionObjectId":
			default:
				user[name] = value
			}
		}
		users[object["Alias"]], byID[id] = user, user
	}
	for path, object := range snapshot {
		parts := strings.Split(path, "/")
		if parts[len(parts)-1] == "mailboxattributes" {
			byID[parts[1]]["messages"] = object["NumMessages"]
		}
		switch parts[len(parts)-2] {
		case "alternateextensions":
			byID[parts[1]]["alternate extension "+object["IdIndex"]] = object["DtmfAccessId"] + " in " + object["PartitionObjectId"]
		case "smtpproxyaddresses":
			byID[object["ObjectGlobalUserObjectId"]]["proxy "+object["SmtpAddress"]] = "is there"
		case "distributionlistmembers":
			if user := byID[object["MemberUserObjectId"]]; user != nil {
				user["list "+object["DistributionListObjectId"]] = "is there"
			}
		}
	}
	return users
}

func compareSnapshots(t *testing.T, before, after map[string]map[string]string) {
	t.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the server is not as before (- before, + after):\n%s", diff)
	}
}

// compareTo is compareSnapshots for a property test, which says what it ran.
func compareTo(rt *rapid.T, before, after map[string]map[string]string, ran string) {
	rt.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		rt.Errorf("the server is not as before (- before, + after):\n%s\nafter running\n%s", diff, ran)
	}
}

func newGuard() *batchtest.IntentGuard { return &batchtest.IntentGuard{} }
