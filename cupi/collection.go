package cupi

import "slices"

// Collection is a list that CUPI serves, and how to read it.
type Collection struct {
	Name      string // the last part of the path, by which other packages name it
	Path      string // "/vmrest/coses"
	Wrapper   string // XML root of the list: "Coses"
	Element   string // one entry: "Cos"
	NameField string // the field that people call an entry by
	IDField   string // the field that other resources refer to
}

// The collections, by theme. Users and call handlers are provisioned; in the
// others names are looked up.
var (
	Users        = Collection{"users", "/vmrest/users", "Users", "User", "Alias", "ObjectId"}
	CallHandlers = Collection{"callhandlers", "/vmrest/handlers/callhandlers", "Callhandlers", "Callhandler", "DisplayName", "ObjectId"}

	// DirectoryHandlers and InterviewHandlers are where calls can go besides.
	DirectoryHandlers = Collection{"directoryhandlers", "/vmrest/handlers/directoryhandlers", "DirectoryHandlers",
		"DirectoryHandler", "DisplayName", "ObjectId"}
	InterviewHandlers = Collection{"interviewhandlers", "/vmrest/handlers/interviewhandlers", "InterviewHandlers",
		"InterviewHandler", "DisplayName", "ObjectId"}

	UserTemplates        = Collection{"usertemplates", "/vmrest/usertemplates", "UserTemplates", "UserTemplate", "Alias", "ObjectId"}
	CallHandlerTemplates = Collection{"callhandlertemplates", "/vmrest/callhandlertemplates", "CallhandlerTemplates",
		"CallhandlerTemplate", "DisplayName", "ObjectId"}
	Coses               = Collection{"coses", "/vmrest/coses", "Coses", "Cos", "DisplayName", "ObjectId"}
	Roles               = Collection{"roles", "/vmrest/roles", "Roles", "Role", "RoleName", "ObjectId"}
	AuthenticationRules = Collection{"authenticationrules", "/vmrest/authenticationrules", "AuthenticationRules",
		"AuthenticationRule", "DisplayName", "ObjectId"}
	CredentialPolicies = Collection{"credentialpolicies", "/vmrest/credentialpolicies", "CredentialPolicies",
		"CredentialPolicy", "DisplayName", "ObjectId"}

	Partitions    = Collection{"partitions", "/vmrest/partitions", "Partitions", "Partition", "Name", "ObjectId"}
	SearchSpaces  = Collection{"searchspaces", "/vmrest/searchspaces", "SearchSpaces", "SearchSpace", "Name", "ObjectId"}
	PhoneSystems  = Collection{"phonesystems", "/vmrest/phonesystems", "PhoneSystems", "PhoneSystem", "DisplayName", "ObjectId"}
	ScheduleSets  = Collection{"schedulesets", "/vmrest/schedulesets", "ScheduleSets", "ScheduleSet", "DisplayName", "ObjectId"}
	Schedules     = Collection{"schedules", "/vmrest/schedules", "Schedules", "Schedule", "DisplayName", "ObjectId"}
	MailboxStores = Collection{"mailboxstores", "/vmrest/mailboxstores", "MailboxStores", "MailboxStore", "DisplayName", "ObjectId"}

	TimeZones          = Collection{"timezones", "/vmrest/timezones", "TimeZones", "TimeZone", "DisplayName", "TimeZoneId"}
	InstalledLanguages = Collection{"installedlanguages", "/vmrest/installedlanguages", "InstalledLanguages",
		"InstalledLanguage", "LanguageCode", "LanguageCode"}
	LanguageMap = Collection{"languagemap", "/vmrest/languagemap", "LanguageMappings", "LanguageMapping", "LanguageTag",
		"LanguageCode"}

	MessageAgingPolicies = Collection{"messageagingpolicies", "/vmrest/messageagingpolicies", "MessageAgingPolicies",
		"MessageAgingPolicy", "DisplayName", "ObjectId"}
	NotificationTemplates = Collection{"notificationtemplates", "/vmrest/notificationtemplates", "NotificationTemplates",
		"NotificationTemplate", "NotificationTemplateName", "NotificationTemplateId"}
	PostGreetingRecordings = Collection{"postgreetingrecordings", "/vmrest/postgreetingrecordings", "PostGreetingRecordings",
		"PostGreetingRecording", "DisplayName", "ObjectId"}
	ExternalServices = Collection{"externalservices", "/vmrest/externalservices", "ExternalServices", "ExternalService",
		"DisplayName", "ObjectId"}
	ConnectionLocations = Collection{"connectionlocations", "/vmrest/locations/connectionlocations", "ConnectionLocations",
		"ConnectionLocation", "DisplayName", "ObjectId"}
	DistributionLists = Collection{"distributionlists", "/vmrest/distributionlists", "DistributionLists",
		"DistributionList", "Alias", "ObjectId"}
	Contacts = Collection{"contacts", "/vmrest/contacts", "Contacts", "Contact", "Alias", "ObjectId"}
	Tenants  = Collection{"tenants", "/vmrest/tenants", "Tenants", "Tenant", "Alias", "ObjectId"}

	// ClusterMembers are the servers that share the users: one, or a publisher and a
	// subscriber. ClusterMemberId is 0 for the publisher.
	//
	// CUPI Cluster API.
	ClusterMembers = Collection{"vmsservers", "/vmrest/vmsservers", "VmsServers", "VmsServer", "HostName", "ObjectId"}

	// ClusterNodes are the same servers as recorded answers show them: without
	// ClusterMemberId, so that of two it is not told which is the publisher.
	ClusterNodes = Collection{"cluster", "/vmrest/cluster", "Servers", "Server", "HostName", "Key"}

	// LicenceCounts are how many licences of each kind are in use. No list tells how many there are.
	//
	// CUPI License Users Entitlement API.
	LicenceCounts = Collection{"licensestatuscounts", "/vmrest/licensestatuscounts", "LicenseStatusCounts", "LicenseStatusCount",
		"TagName", "ObjectId"}

	// GlobalUsers are the users of all clusters of a network; LocationObjectId tells whose each is.
	//
	// REST FAQ.
	GlobalUsers = Collection{"globalusers", "/vmrest/globalusers", "GlobalUsers", "GlobalUser", "Alias", "ObjectId"}

	// SubscriberDependencies are what refers to users: to whom a key, a greeting or a
	// handler sends calls or messages. None has an id of its own: one handler may refer to
	// several users, and to one in several ways.
	//
	// CUPI Subscriber Dependency API.
	SubscriberDependencies = Collection{"subscriberdependencies", "/vmrest/subscriberdependencies", "SubscriberDependencies",
		"SubscriberDependency", "DependentEntityOwner", ""}

	// AdminUsers are administrators without a mailbox, whom Users does not hold. Their
	// roles are read like those of users: [UserRolesOf].
	//
	// CUPI User API, Admin Users without Mailbox.
	AdminUsers = Collection{"adminusers", "/vmrest/adminusers", "Users", "User", "Alias", "ObjectId"}
)

// Collections returns all of them, in a fixed order.
func Collections() []Collection {
	return []Collection{
		Users, CallHandlers, DirectoryHandlers, InterviewHandlers,
		UserTemplates, CallHandlerTemplates, Coses, Roles, AuthenticationRules, CredentialPolicies,
		Partitions, SearchSpaces, PhoneSystems, ScheduleSets, Schedules, MailboxStores,
		TimeZones, InstalledLanguages, LanguageMap,
		NotificationTemplates, PostGreetingRecordings, MessageAgingPolicies, ExternalServices, ConnectionLocations,
		DistributionLists, Tenants,
	}
}

// Named narrows a list to those of its entries that people call by a name: of call handlers, those
// that are nobody's own.
func (c Collection) Named() Query {
	if c.Name == CallHandlers.Name {
		return Query{Column: "IsPrimary", Op: Is, Value: "0"}
	}
	return Query{}
}

// CollectionByName finds a collection by its Name.
func CollectionByName(name string) (Collection, bool) {
	all := Collections()
	i := slices.IndexFunc(all, func(c Collection) bool { return c.Name == name })
	if i < 0 {
		return Collection{}, false
	}
	return all[i], true
}
