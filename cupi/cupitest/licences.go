package cupitest

import "strconv"

// licenceRoutes is how many licences of each kind are in use.
var licenceRoutes = []route{
	{"GET /vmrest/licensestatuscounts", nil, listLicences},
	{"GET /vmrest/licensestatuscounts/{id}", nil, getLicence},
}

var licenceSchema = schemaAt("licensestatuscounts")

// subscriberLicence is the one that each user with a mailbox takes.
const subscriberLicence = "LicSubscribersMax"

// licenceKinds is TagName, featureName and description of each.
var licenceKinds = [][3]string{
	{subscriberLicence, "CUC_BasicMessaging", "Total Number of Voicemail users"},
	{"LicSrsvCuceSubscribersMax", "CUC_EnhancedMessaging", "Total Number of Enhanced Messaging Users"},
	{"LicSTTSubscribersMax", "CUC_SpeechView", "Speechview Standard users"},
	{"LicSTTProSubscribersMax", "CUC_SpeechViewPro", "Speechview Professional Users"},
	{"LicRealspeakSessionsMax", "CUC_SpeechConnectPort", "Total Number of speech connect sessions"},
	{"LicContactsMax", "CUC_SpeechConnectGuestUser", "Total Number of Contacts"},
}

// licences counts anew; each kind without a count is in no use.
func (d *data) licences() []*document {
	counts := map[string]int{subscriberLicence: d.licensedUsers(), "LicContactsMax": len(d.lists["contacts"].documents)}
	var licences []*document
	for _, kind := range licenceKinds {
		own := map[string]string{"TagName": kind[0], "featureName": kind[1], "description": kind[2],
			"ObjectId": objectID(hash(kind[0], "licence"))}
		if n := counts[kind[0]]; n > 0 {
			own["Count"] = strconv.Itoa(n)
		}
		licences = append(licences, &document{schema: licenceSchema(), own: own})
	}
	return licences
}

// licensedUsers is how many users take a licence: not those that a new installation has.
//
// G:m-system-settings, License Dump [DOC].
func (d *data) licensedUsers() int {
	n := len(d.sorted)
	for _, builtIn := range []string{operatorID, undeliverable} {
		if d.users[builtIn] != nil {
			n--
		}
	}
	return n
}

func listLicences(c *call) answer {
	return c.listing("LicenseStatusCounts", "LicenseStatusCount", licenceSchema(), c.data.licences())
}

func getLicence(c *call) answer {
	for _, licence := range c.data.licences() {
		if licence.own["TagName"] == c.ids[0] {
			return c.object("LicenseStatusCount", licence.pairs(false))
		}
	}
	return c.fail(notFound("licensestatuscount", "TagName", c.ids[0]))
}
