package cupitest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// inventoryRoutes is what an inventory reads: licences of users, the state of the smart licence, mailboxes, and what
// fields there are.
var inventoryRoutes = []route{
	{"GET /vmrest/userlicenses", nil, listUserLicences},
	{"GET /vmrest/tenants/{id}/userlicenses", nil, listUserLicences},
	{"GET /vmrest/searchspacemembers", nil, listSpaceMembers},
	{"GET /vmrest/searchspacesmembers", nil, listSpaceMembers}, // as one of the vendor's pages writes it
	{"GET /vmrest/smartlicense/licensedetails", nil, smartLicence},
	{"GET /vmrest/mailbox", nil, getMailboxInfo},
	{"GET /vmrest/mailbox/folders", nil, listFolders},
	{"GET /vmrest/mailbox/folders/{id}", nil, getFolder},
	{"GET /vmrest/schema", nil, func(c *call) answer { return c.schemaPage("") }},
	{"GET /vmrest/schema/{id}", nil, func(c *call) answer { return c.schemaPage(c.ids[0]) }},
}

// userLicencesPage is how many of them a page has where the request does not say.
const userLicencesPage = 2001

func listUserLicences(c *call) answer {
	s := schemaOf("userlicenses")
	if !c.params.Has("rowsPerPage") {
		c.params.Set("rowsPerPage", strconv.Itoa(userLicencesPage))
	}
	return c.listingOf("UserLicenses", "UserLicense", s, func(chosen selection) (all []*document) {
		for _, user := range c.data.sorted {
			if len(c.ids) == 0 || user.own["TenantObjectId"] == c.ids[0] {
				all = append(all, &document{schema: s, owner: user})
			}
		}
		return all
	})
}

// listSpaceMembers is the partitions of all search spaces.
func listSpaceMembers(c *call) answer {
	k := resourceOf("searchspacemembers")
	return c.listing(k.wrapper, k.element, k.schema, c.data.belongings[k.kind].all)
}

// asked is the mailbox of the user whom the address names, else of the one who asks; nil when there is none.
func (c *call) asked() *document {
	id := inLowerCase(c.params.Get("userobjectid"))
	if id == "" {
		alias, _, _ := c.r.BasicAuth()
		if user := c.data.aliases[strings.ToLower(alias)]; user != nil {
			id = user.own["ObjectId"]
		}
	}
	c.ids = []string{id}
	return mailbox(c)
}

func getMailboxInfo(c *call) answer {
	found := c.asked()
	if found == nil {
		return c.fail(notFound("mailbox", "UserObjectId", c.ids[0]))
	}
	shown := &document{schema: schemaOf("mailbox"), owner: found.owner, own: map[string]string{}}
	for from, to := range map[string]string{"ByteSize": "CurrentSizeInBytes", "WarningQuota": "WarningQuota",
		"SendQuota": "SendQuota", "ReceiveQuota": "ReceiveQuota"} {
		shown.own[to], _ = found.value(from)
	}
	return c.object("Mailbox", shown.pairs(false))
}

// folders are what every mailbox has; all that callers leave is in the first.
var folders = []string{"inbox", "deleted", "sent"}

func (c *call) folder(found *document, name string) *document {
	return &document{schema: schemaOf("mailbox/folders"), owner: found.owner,
		own: map[string]string{"DisplayName": name, "MessageCount": strconv.Itoa(len(c.messagesIn(found, name)))}}
}

func listFolders(c *call) answer {
	found := c.asked()
	if found == nil {
		return c.fail(notFound("mailbox", "UserObjectId", c.ids[0]))
	}
	var all []*document
	for _, name := range folders {
		all = append(all, c.folder(found, name))
	}
	return c.listing("Folders", "Folder", schemaOf("mailbox/folders"), all)
}

// inFolder gives the folder that the address names, and the mailbox that is asked for.
func (c *call) inFolder() (string, *document, *failure) {
	name := strings.ToLower(c.ids[0])
	if !slices.Contains(folders, name) {
		return "", nil, notFound("folder", "DisplayName", name)
	}
	found := c.asked()
	if found == nil {
		return "", nil, notFound("mailbox", "UserObjectId", c.ids[0])
	}
	return name, found, nil
}

func getFolder(c *call) answer {
	name, found, missing := c.inFolder()
	if missing != nil {
		return c.fail(missing)
	}
	return c.object("Folder", c.folder(found, name).pairs(false))
}

// schemaPage is the fields of every resource, or of the one with the name, as an XML schema.
func (c *call) schemaPage(name string) answer {
	var text strings.Builder
	text.WriteString(xmlHeader + `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`)
	for _, t := range tables() {
		if name != "" && !strings.EqualFold(strings.TrimSuffix(name, ".xsd"), t.kind) {
			continue
		}
		fmt.Fprintf(&text, `<xs:element name="%s"><xs:complexType><xs:sequence>`, t.kind)
		for _, f := range t.schema.fields {
			if !f.is(hidden) {
				fmt.Fprintf(&text, `<xs:element name="%s" type="xs:%s" minOccurs="0"/>`, f.name,
					map[kind]string{integer: "integer", boolean: "boolean"}[f.kind]+map[bool]string{true: "",
						false: "string"}[f.kind == integer || f.kind == boolean])
			}
		}
		text.WriteString(`</xs:sequence></xs:complexType></xs:element>`)
	}
	return answer{status: http.StatusOK, body: []byte(text.String() + `</xs:schema>`)}.with("Content-Type", "application/xml")
}
