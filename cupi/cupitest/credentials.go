package cupitest

import "strings"

// credentialRoutes is a user's PIN and web password. What is set can't be read.
var credentialRoutes = []route{
	{"GET /vmrest/users/{id}/credential/pin", nil, credential{"pin", "4", policyVoiceID}.get},
	{"PUT /vmrest/users/{id}/credential/pin", []string{"Credential"}, credential{"pin", "4", policyVoiceID}.update},
	{"GET /vmrest/users/{id}/credential/password", nil, credential{"password", "3", policyWebID}.get},
	{"PUT /vmrest/users/{id}/credential/password", []string{"Credential"}, credential{"password", "3", policyWebID}.update},
}

var credentialSchema = schemaAt("users/{id}/credential")

// credential is one of the two: the last part of its path, its CredentialType, and the policy that a fresh server
// applies to it.
type credential struct{ part, number, policy string }

// of is the user's credential; before anything is written it has the defaults. nil when there is no such user.
func (k credential) of(c *call) *document {
	user := c.data.users[c.ids[0]]
	if user == nil {
		user = c.data.lists["usertemplates"].find(c.ids[0])
	}
	if user == nil {
		return nil
	}
	if part := user.parts[k.part]; part != nil {
		return part
	}
	return &document{schema: credentialSchema(), owner: user, own: map[string]string{
		"Part": k.part, "CredentialType": k.number, "ObjectId": objectID(hash(user.own["ObjectId"], k.part)),
		"CredentialPolicyObjectId": k.policy, "TimeChanged": credentialTime(user.own["CreationTime"]),
	}}
}

// credentialTime writes the moment at which a user was made as credentials have it: with a blank, and with fractions.
func credentialTime(created string) string {
	moment := strings.TrimSuffix(strings.Replace(created, "T", " ", 1), "Z")
	if !strings.Contains(moment, ".") {
		moment += ".0"
	}
	return moment
}

func (k credential) get(c *call) answer {
	found := k.of(c)
	if found == nil {
		return c.fail(notFound("credential", "UserObjectId", c.ids[0]))
	}
	return c.object("Credential", found.pairs(false))
}

func (k credential) update(c *call) answer {
	found := k.of(c)
	if found == nil {
		return c.fail(notFound("credential", "UserObjectId", c.ids[0]))
	}
	fields, problems := credentialSchema().check(c.data, found.withoutEcho(c.fields))
	if _, given := fields["Credentials"]; given && len(problems) == 0 && !c.s.AnyCredentials {
		problems = c.data.checkCredential(found.owner, k.part, merged(found.own, fields))
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	if _, given := fields["Credentials"]; given {
		found.own["TimeChanged"] = c.data.now().Format("2006-01-02 15:04:05.000")
	}
	found.write(fields)
	if found.owner.parts == nil {
		found.owner.parts = map[string]*document{} // a template's
	}
	found.owner.parts[k.part] = found
	return c.done()
}
