package cupitest

import "slices"

// furniture is what a server has here that a new installation has not, to try things with: a branch office, a second
// template, class of service and mailbox store, ports, services. None named is all of a list.
var furniture = map[string][]string{
	"usertemplates":          {"4d3b805f-926e-40bd-8afc-51729dbe3f46"},
	"mailboxstores":          {"7c2a5b1d-4e6f-4a7b-9c8d-1e0f2a3b4c52"},
	"coses":                  {executiveCosID},
	"partitions":             {branchID},
	"searchspaces":           {branchSpaceID},
	"tenants":                nil,
	"externalservices":       nil,
	"smppproviders":          nil,
	"faxservers":             nil,
	"postgreetingrecordings": nil,
	"ports":                  nil,
	"portgroups":             nil,
}

// bare takes the furniture away, and all languages but the one that is always installed.
func (d *data) bare() {
	for path, ids := range furniture {
		d.takeAway(path, func(one *document) bool { return ids == nil || slices.Contains(ids, one.own["ObjectId"]) })
	}
	d.takeAway("installedlanguages", func(one *document) bool { return one.own["LanguageCode"] != "1033" })
	for _, system := range d.lists["phonesystems"].documents {
		system.own["PortCount"] = "0"
	}
	for _, user := range d.users {
		delete(user.own, "TenantObjectId")
	}
}

// takeAway removes elements of a list, and what belongs to them.
func (d *data) takeAway(path string, goes func(*document) bool) {
	for _, one := range slices.Clone(d.lists[path].documents) {
		if !goes(one) {
			continue
		}
		primary := d.lists["callhandlerprimarytemplates"]
		if handler := primary.find(one.own["CallHandlerObjectId"]); handler != nil {
			d.dropBelongings(handler)
			primary.remove(handler)
		}
		d.dropBelongings(one)
		d.lists[path].remove(one)
	}
}
