package cupitest

import (
	"cmp"
	"slices"
	"strconv"
)

// What a unified messaging service needs, by its ServerType.
var serviceNeeds = map[string][]string{
	meetingPlace: {"ServiceAlias", "ServicePassword", "Server"},
	exchange:     {"ServiceAlias", "ServicePassword", "Server", "AuthenticationMode", "SecurityTransportType"},
	office365:    {"ServiceAlias", "ServicePassword", "ExchOrgDomain", "ExchDoAutodiscover"},
}

// The server types, and the AuthenticationMode by which a service signs in with an application's id in place of a name.
const (
	meetingPlace, exchange, office365 = "1", "4", "5"
	oAuth2                            = "4"
)

// checkService: a new service has what its type needs; one that is there already is asked for it when its type or its way to
// sign in changes.
//
// G:m-unified-messaging [DOC].
func checkService(d *data, current *document, written, proposed map[string]string) []string {
	_, typed := written["ServerType"]
	_, signs := written["AuthenticationMode"]
	if current != nil && !typed && !signs {
		return nil
	}
	kind, signIn := proposed["ServerType"], proposed["AuthenticationMode"]
	needs := serviceNeeds[kind]
	if kind == office365 && d.server.ServiceByServer && proposed["Server"] != "" {
		needs = serviceNeeds[meetingPlace]
	}
	if signIn == oAuth2 {
		needs = append(slices.DeleteFunc(slices.Clone(needs), func(name string) bool {
			return name == "ServiceAlias" || name == "ServicePassword"
		}), "DirectoryID", "ClientId")
		written["AdAuthenticationEndpoint"] = cmp.Or(proposed["AdAuthenticationEndpoint"], "https://login.microsoftonline.com")
		written["ResourceURI"] = cmp.Or(proposed["ResourceURI"], "https://outlook.office365.com")
	}
	var problems []string
	for _, name := range needs {
		if proposed[name] == "" && !(current != nil && name == "ServicePassword") {
			problems = append(problems, name+" is mandatory")
		}
	}
	switch {
	case kind == office365 && proposed["ExchDoAutodiscover"] == "false":
		problems = append(problems, "ExchDoAutodiscover must be true for Office 365")
	case kind == office365 && signIn == "2":
		problems = append(problems, "AuthenticationMode is not 1, 3 or 4")
	case kind == meetingPlace && current == nil:
		written["SupportsMeetingCapability"] = cmp.Or(written["SupportsMeetingCapability"], "true")
	}
	return problems
}

// usedService keeps a service that accounts are of.
func usedService(d *data, id string) string {
	of := func(account *document) bool { return account.own["ExternalServiceObjectId"] == id }
	if slices.ContainsFunc(d.belongings["externalserviceaccounts"].all, of) {
		return "It is in use by an account."
	}
	return ""
}

// mostStores is how many mailbox stores there may be: the first, and four more. G:m-message-aging-policy-apis [DOC].
const mostStores = 5

// noSize is the size of a mailbox store that was never counted.
const noSize = "0.0 Kilobytes"

func admitStore(c *call, _ map[string]string) []string {
	if len(c.data.lists["mailboxstores"].documents) >= mostStores {
		return []string{"there are as many mailbox stores as there may be"}
	}
	return nil
}

// settleStore gives a new mailbox store what requests can't.
func settleStore(d *data, _, made *document) {
	stores := d.lists["mailboxstores"].documents
	for n := 1; made.own["MailDatabase"] == ""; n++ {
		name := "UnityMbxDb" + strconv.Itoa(n)
		if !slices.ContainsFunc(stores, func(other *document) bool { return other.own["MailDatabase"] == name }) {
			made.own["MailDatabase"] = name
		}
	}
	made.own["Server"], made.own["TotalSizeOfMailbox"] = stores[0].own["Server"], noSize
	made.own["TimeAtWhichSizeCalculated"] = d.now().Format("2006-01-02 15:04:05.000")
}

// usedStore keeps a store that has mailboxes, or that new ones come into. G:m-message-aging-policy-apis, LastError 6 and 7 [DOC].
func usedStore(d *data, id string) string {
	return d.usedBy("MailboxStoreName", d.lists["mailboxstores"].find(id).own["DisplayName"]) + d.usedBy("MailboxStoreObjectId", id)
}

// storeRoutes tell how many mailboxes there are in a store, and not which.
var storeRoutes = []route{
	{"GET /vmrest/mailboxstores/{id}/mailboxes", nil, func(c *call) answer {
		store := c.data.lists["mailboxstores"].find(c.ids[0])
		if store == nil {
			return c.fail(notFound("mailboxstore", "ObjectId", c.ids[0]))
		}
		count := 0
		for _, user := range c.data.users {
			if user.own["MailboxStoreName"] == store.own["DisplayName"] {
				count++
			}
		}
		return c.list("Mailboxes", "Mailbox", count, nil)
	}},
}
