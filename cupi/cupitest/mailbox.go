package cupitest

import "strconv"

// mailboxRoutes is a user's mailbox quota. The vendor's page prints the PUT with the root UserTemplate.
var mailboxRoutes = []route{
	{"GET /vmrest/users/{id}/mailboxattributes", nil, getMailbox},
	{"PUT /vmrest/users/{id}/mailboxattributes", []string{"UserTemplate", "MailboxAttributes", "UserMailbox"}, updateMailbox},
}

var mailboxSchema = schemaAt("users/{id}/mailboxattributes")

// mailbox is the user's mailbox; nil when there is no such user, or the user has none.
func mailbox(c *call) *document {
	user := c.data.users[c.ids[0]]
	if user == nil || !hasMailbox(user) {
		return nil
	}
	if part := user.parts["mailboxattributes"]; part != nil {
		return part
	}
	return newMailbox(user)
}

// newMailbox is a mailbox as it comes with its user.
func newMailbox(user *document) *document {
	return &document{schema: mailboxSchema(), owner: user, own: map[string]string{"MessageAgingPolicyObjectId": defaultAgingID}}
}

func getMailbox(c *call) answer {
	found := mailbox(c)
	if found == nil {
		return c.fail(notFound("mailbox", "UserObjectId", c.ids[0]))
	}
	return c.object("MailboxAttributes", found.pairs(false))
}

func updateMailbox(c *call) answer {
	found := mailbox(c)
	if found == nil {
		return c.fail(notFound("mailbox", "UserObjectId", c.ids[0]))
	}
	fields, problems := mailboxSchema().check(c.data, found.withoutEcho(c.fields))
	for _, name := range []string{"ReceiveQuota", "SendQuota", "WarningQuota"} {
		if quota, err := strconv.ParseInt(fields[name], 10, 64); err == nil && !validQuota(quota) {
			problems = append(problems, name+" is neither -2, -1 nor a multiple of 1024 up to 2048 MB")
		}
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	found.write(fields)
	found.owner.parts["mailboxattributes"] = found
	return c.done()
}

// validQuota: -2 is the system's default, -1 unlimited, else bytes.
func validQuota(quota int64) bool {
	return quota == -2 || quota == -1 || quota >= 0 && quota%1024 == 0 && quota <= 2048<<20
}
