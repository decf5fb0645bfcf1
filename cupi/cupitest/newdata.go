package cupitest

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// newData is a fresh server.
func newData(seed uint64) *data {
	d := &data{
		seed: seed, now: func() time.Time { return time.Now().UTC() }, lists: map[string]*list{}, users: map[string]*document{},
		aliases:    map[string]*document{},
		extensions: map[string][]*document{}, handlers: map[string]*document{}, belongings: newBelongings(),
		ownerless: map[string]*document{}, recordings: map[string]string{}, voiceFiles: map[string]time.Time{}, server: &Server{},
	}
	for _, seeded := range allLists() {
		d.lists[seeded.path] = seeded.fresh()
	}
	for _, template := range d.lists["usertemplates"].documents {
		for _, name := range blankInTemplates {
			template.own[name] = ""
		}
		d.givePrimary(template)
	}
	for _, own := range systemCallHandlers {
		handler := &document{schema: callHandlerSchema(), own: pairsToMap(own)}
		d.addHandler(handler)
	}
	for _, own := range builtInUsers {
		fields := pairsToMap(own)
		handlerID := fields["CallHandlerObjectId"]
		d.addUser(d.template(cmp.Or(fields["TemplateAlias"], "voicemailusertemplate")), fields, handlerID)
		delete(fields, "TemplateAlias")
	}
	d.seedBelongings()
	return d
}

// pairsToMap turns name, value, name, value … into a map.
func pairsToMap(pairs []string) map[string]string {
	fields := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return fields
}

func newBelongings() map[string]*belongings {
	kinds := map[string]*belongings{
		alternateExtensions: {schema: alternateExtensionSchema(),
			key: func(d *document) string { return strings.ToLower(d.own["DtmfAccessId"]) }},
		smtpProxyAddresses: {schema: smtpProxyAddressSchema(),
			key: func(d *document) string { return strings.ToLower(d.own["SmtpAddress"]) }},
		listMembers: {schema: listMemberSchema(),
			key: func(d *document) string { return d.own["DistributionListObjectId"] + " " + d.owner.own["ObjectId"] }},
	}
	kinds[messageKind] = &belongings{schema: messageSchema(), key: func(d *document) string { return d.own["ObjectId"] }}
	for _, k := range resources() {
		if k.elsewhere {
			continue
		}
		kinds[k.kind] = &belongings{schema: k.schema, key: func(d *document) string { return d.own["ObjectId"] }}
	}
	for _, b := range kinds {
		b.byID, b.byKey, b.byOwner = map[string]*document{}, map[string][]*document{}, map[string][]*document{}
	}
	return kinds
}

// seedBelongings makes what hangs on others on a fresh server.
func (d *data) seedBelongings() {
	for i, part := range seededParts {
		fields := pairsToMap(part.fields)
		fields["ObjectId"] = objectID(hash(part.owner, part.kind+strconv.Itoa(i)))
		d.belongings[part.kind].add(d.owner(part.owner), fields)
	}
	for _, table := range sortedKeys(seededPatterns) {
		for i, pattern := range seededPatterns[table] {
			d.belongings["restrictionpatterns"].add(d.owner(table), map[string]string{
				"ObjectId": objectID(hash(table, pattern)), "NumberPattern": pattern, "SequenceNumber": strconv.Itoa(i),
				"Blocked": strconv.FormatBool(pattern != "*"),
			})
		}
	}
	for _, id := range greeted {
		standard := objectID(hash(id, "greetings Standard"))
		d.belongings["greetings"].add(d.handlers[id], map[string]string{"ObjectId": standard, "GreetingType": "Standard",
			"Enabled": "true", "PlayWhat": "1"})
		for _, language := range d.lists["installedlanguages"].documents {
			d.recordings[standard+" "+language.own["LanguageCode"]] = silence
		}
	}
}
