package cupitest

import "strconv"

// licenceRoutes is how many licences of each kind are in use.
var licenceRoutes = []route{
	{"GET /vmrest/licensestatuscounts", nil, listLicences},
	{"GET /vmrest/licensestatuscounts/{id}", nil, getLicence},
}

var licenceSchema = schemaOf("licensestatuscounts")

// subscriberLicence is the one that each user with a mailbox takes.
const subscriberLicence = "LicSubscribersMax"

// licenceKinds is TagName, featureName and description of each.
var licenceKinds = [][3]string{
	{subscriberLicence, "CUC_BasicMessaging", "Users with voice mail"},
	{"LicSrsvCuceSubscribersMax", "CUC_EnhancedMessaging", "Users with enhanced messaging"},
	{"LicSTTSubscribersMax", "CUC_SpeechView", "Users with SpeechView Standard"},
	{"LicSTTProSubscribersMax", "CUC_SpeechViewPro", "Users with SpeechView Professional"},
	{"LicRealspeakSessionsMax", "CUC_SpeechConnectPort", "Speech Connect sessions"},
	{"LicContactsMax", "CUC_SpeechConnectGuestUser", "Contacts"},
}

// licences counts anew; each kind without a count is in no use.
func (d *data) licences() []*document {
	var licences []*document
	for _, kind := range licenceKinds {
		own := map[string]string{"TagName": kind[0], "featureName": kind[1], "description": kind[2],
			"ObjectId": objectID(hash(kind[0], "licence"))}
		if kind[0] == subscriberLicence {
			own["Count"] = strconv.Itoa(len(d.sorted))
		}
		licences = append(licences, &document{schema: licenceSchema, own: own})
	}
	return licences
}

func listLicences(c *call) answer {
	return c.listing("LicenseStatusCounts", "LicenseStatusCount", licenceSchema, c.data.licences())
}

func getLicence(c *call) answer {
	for _, licence := range c.data.licences() {
		if licence.own["TagName"] == c.ids[0] {
			return c.object("LicenseStatusCount", licence.pairs(false))
		}
	}
	return c.fail(notFound("licensestatuscount", "TagName", c.ids[0]))
}
