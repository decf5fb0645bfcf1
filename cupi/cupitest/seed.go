package cupitest

// builtInUsers can't be deleted.
var builtInUsers = [][]string{
	{"ObjectId", undeliverable, "TenantObjectId", tenantID, "Alias", "undeliverablemessagesmailbox", "DisplayName",
		"Undeliverable Messages",
		"TimeZone", "0", "CreationTime", "2013-03-05T10:54:38Z", "CosObjectId", systemCosID, "Language", "0", "ListInDirectory", "false",
		"CallHandlerObjectId", "13a3c5fc-f706-4bd0-aeeb-32dad2c4a29b", "DtmfAccessId", "99999", "Undeletable", "true",
		"SmtpAddress", "undeliverablemessagesmailbox@" + smtpDomain, "MailboxStoreName", "Unity Messaging Database -1"},
	{"ObjectId", operatorID, "Alias", "operator", "DisplayName", "Operator",
		"TimeZone", "0", "CreationTime", "2013-03-05 10:54:39.02", "CosObjectId", systemCosID, "Language", "0", "ListInDirectory", "false",
		"CallHandlerObjectId", "4546d6df-5120-4fb3-9719-8d521b8a5796", "DtmfAccessId", "99990", "Undeletable", "true",
		"SmtpAddress", "operator@" + smtpDomain, "MailboxStoreName", "Unity Messaging Database -1"},
	{"ObjectId", adminUserID, "Alias", "admin", "DisplayName", "admin", "TemplateAlias", "administratortemplate", "TimeZone",
		"0", "CreationTime", "2013-03-05T10:54:38Z",
		"CosObjectId", systemCosID, "Language", "0", "ListInDirectory", "false", "CallHandlerObjectId",
		"5c1be6a0-7a0e-4a65-9d8f-0b6a7f1f5d33", "Undeletable", "true"},
	{"ObjectId", "d9b4b49c-ef2b-4723-86ae-e2d0eda01fa6", "Alias", "UnityConnection", "DisplayName", "UnityConnection",
		"TemplateAlias", "administratortemplate", "TimeZone", "0", "CreationTime", "2013-03-05T10:54:38Z",
		"CosObjectId", systemCosID, "Language", "0", "ListInDirectory", "false", "CallHandlerObjectId",
		"6d2cf7b1-8b1f-4b76-8e90-1c7b802f6e44", "Undeletable", "true"},
	{"ObjectId", "eac5c5ad-f03c-4834-97bf-f3e1feb120b7", "Alias", "Replication", "DisplayName", "Replication", "TemplateAlias",
		"administratortemplate", "TimeZone", "0", "CreationTime", "2013-03-05T10:54:38Z",
		"CosObjectId", systemCosID, "Language", "0", "ListInDirectory", "false", "CallHandlerObjectId",
		"7e3d08c2-9c20-4c87-9fa1-2d8c9130af55", "Undeletable", "true"},
}

// systemCallHandlers belong to no user.
var systemCallHandlers = [][]string{
	{"ObjectId", openingID, "DisplayName", "Opening Greeting", "CreationTime", "2013-03-05T10:54:37Z", "IsPrimary", "false",
		"Undeletable", "true", "RecipientDistributionListObjectId", undeliverableListID, "ScheduleSetObjectId", allHoursSetID,
		"PartitionObjectId", partitionID, "MediaSwitchObjectId", phoneSystemID,
		"CallSearchSpaceObjectId", searchSpaceID, "AfterMessageAction", "2", "AfterMessageTargetConversation", "PHGreeting",
		"SendUrgentMsg", "0", "UseCallLanguage", "true"},
	{"ObjectId", operatorHandlerID, "DisplayName", "Operator", "CreationTime", "2013-03-05T10:54:37Z", "IsPrimary", "false",
		"Undeletable", "true", "RecipientSubscriberObjectId", operatorID, "ScheduleSetObjectId", allHoursSetID, "DtmfAccessId",
		"0", "PartitionObjectId", partitionID},
	{"ObjectId", goodbyeID, "DisplayName", "Goodbye", "CreationTime", "2013-03-05T10:54:37Z", "IsPrimary", "false",
		"Undeletable", "true", "RecipientSubscriberObjectId", undeliverable, "ScheduleSetObjectId", allHoursSetID},
}

// seededLists is every collection that names are looked up in.
var seededLists = []seededList{
	{"usertemplates", "UserTemplates", "UserTemplate",
		"ObjectId Alias DisplayName IsTemplate IsAdministrator Undeletable LocationObjectId CosObjectId PartitionObjectId " +
			"MediaSwitchObjectId " +
			"SearchByExtensionSearchSpaceObjectId SearchByNameSearchSpaceObjectId ListInDirectory IsVmEnrolled " +
			"SkipPasswordForKnownDevice UseShortPollForCache RouteNDRToSender",
		[][]string{
			{"3c2a7f4e-815d-4fac-b9eb-40618cad2e35", "voicemailusertemplate", "Voice Mail User Template", "true", "false",
				"true", locationID, voiceMailCosID, partitionID, phoneSystemID,
				searchSpaceID, searchSpaceID, "true", "true", "false", "false", "true"},
			{"4d3b805f-926e-40bd-8afc-51729dbe3f46", "executivetemplate", "Executive Template", "true", "false", "false",
				locationID, executiveCosID, partitionID, phoneSystemID,
				searchSpaceID, searchSpaceID, "false", "false", "true", "true", "true"},
			{"5e4c9160-a37f-41ce-9b0d-6283aecf4057", "administratortemplate", "Administrator Template", "true", "true", "true",
				locationID, systemCosID, partitionID, phoneSystemID,
				searchSpaceID, searchSpaceID, "false", "false", "false", "false", "true"},
		}},
	{"mailboxstores", "MailboxStores", "MailboxStore",
		"ObjectId DisplayName Undeletable MaxSizeMB MailDatabase Server TotalSizeOfMailbox TimeAtWhichSizeCalculated", [][]string{
			{mailDatabaseID, "Unity Messaging Database -1", "true", "10000", "UnityMbxDb1", smtpDomain, noSize, "2013-03-05 10:54:37.0"},
			{"7c2a5b1d-4e6f-4a7b-9c8d-1e0f2a3b4c52", "Unity Messaging Database -2", "false", "10000", "UnityMbxDb2", smtpDomain,
				noSize, "2013-03-05 10:54:37.0"},
		}},
	{"coses", "Coses", "Cos", "ObjectId DisplayName Undeletable LocationObjectId AccessVmi AccessIMAP MaxPrivateDlists " +
		"MaxGreetingLength MaxMsgLength MovetoDeleteFolder", [][]string{
		{voiceMailCosID, "Voice Mail User COS", "true", locationID, "true", "true", "25", "90", "300", "true"},
		{systemCosID, "System", "true", locationID, "false", "false", "25", "90", "300", "true"},
		{executiveCosID, "Executive COS", "false", locationID, "true", "true", "99", "180", "600", "true"},
	}},
	{"partitions", "Partitions", "Partition", "ObjectId Name Description LocationObjectId", [][]string{
		{partitionID, "cuc1 Partition", "The partition that users are in by default", locationID},
		{branchID, "Branch Partition", "The branch office", locationID},
	}},
	{"searchspaces", "SearchSpaces", "SearchSpace", "ObjectId Name Description LocationObjectId TimeOfCreation", [][]string{
		{searchSpaceID, "cuc1 Search Space", "The search space that users have by default", locationID, "2013-03-05T10:54:36Z"},
		{branchSpaceID, "Branch Search Space", "The branch office", locationID, "2013-03-05T10:54:36Z"},
	}},
	{"phonesystems", "PhoneSystems", "PhoneSystem", "ObjectId DisplayName PortCount", [][]string{
		{phoneSystemID, "PhoneSystem", "2"},
	}},
	{"restrictiontables", "RestrictionTables", "RestrictionTable", "ObjectId DisplayName Undeletable", [][]string{
		{faxTableID, "Default Fax", "true"},
		{outdialTableID, "Default Outdial", "true"},
		{xferTableID, "Default Transfer", "true"},
		{systemTableID, "Default System Transfer", "true"},
		{userTableID, "User-Defined and Automatically-Added Alternate Extensions", "true"},
	}},
	{"smppproviders", "SmppProviders", "SmppProvider", "ObjectId TextName", [][]string{
		{"4d3b805f-926e-40bd-8afc-51729dbeaf57", "SMPP Provider"},
	}},
	{"configurationvalues", "ConfigurationValues", "ConfigurationValue", "FullName* Type Value", configurationValues()},
	{"faxservers", "FaxServers", "FaxServer", "ObjectId FaxServerName IpAddress SmtpAddress", [][]string{
		{"1564dbbc-002f-47b9-a0f3-38f2cd6e2d87", "Fax Server", "192.0.2.9", "fax@example.com"},
	}},
	{"schedulesets", "ScheduleSets", "ScheduleSet", "ObjectId DisplayName OwnerLocationObjectId Undeletable", [][]string{
		{allHoursSetID, "All Hours", locationID, "true"},
		{updatesSetID, "Voice Recognition Update Schedule", locationID, "false"},
		{weekdaysSetID, "Weekdays", locationID, "true"},
	}},
	{"schedules", "Schedules", "Schedule", "ObjectId DisplayName OwnerLocationObjectId IsHoliday Undeletable", [][]string{
		{allHoursID, "All Hours", locationID, "false", "true"},
		{updatesID, "Voice Recognition Update Schedule", locationID, "false", "true"},
		{weekdaysID, "Weekdays", locationID, "false", "true"},
		{holidaysID, "Holidays", locationID, "true", "false"},
	}},
	{"timezones", "TimeZones", "TimeZone", "TimeZoneId* DisplayName Bias DaylightBias", timeZones()},
	{"installedlanguages", "InstalledLanguages", "InstalledLanguage", "LanguageCode* ObjectId LanguageType Loaded IsLicensed",
		installedLanguages()},
	{"languagemap", "LanguageMappings", "LanguageMapping", "LanguageCode* LanguageAbbreviation LanguageTag", languages()},
	{"roles", "Roles", "Role", "ObjectId RoleName RoleDescription", [][]string{
		{systemAdministratorID, "System Administrator", "Full access to all administration"},
		{"c5b308d7-1ae6-4835-a274-d9fa153627ce", "User Administrator", "Access to user administration"},
		{"d6c419e8-2bf7-4946-b385-ea0b264738df", "Help Desk Administrator", "Access to unlock users and reset their PINs"},
		{"e7d52af9-3c08-4a57-8496-fb1c375849e0", "Greeting Administrator", "Access to greetings by telephone"},
		{"f8e63b0a-4d19-4b68-95a7-0c2d48695af2", "Audio Text Administrator", "Access to call handlers and directory handlers"},
		{"09f74c1b-5e2a-4c79-a6b8-1d3e597a6b13", "Audit Administrator", "Access to the audit log"},
		{"1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c24", "Mailbox Access Delegate Account", "Access to all messages"},
		{"2b196e3d-704c-4e9b-a8da-3f507b9c8d35", "Remote Administrator", "Access to the database from afar"},
		{"3c2a7f4e-815d-4fac-b9eb-40618cad9e46", "Technician", "Access to diagnostics"},
		{"4d3b805f-926e-4abd-8cf1-51729dbeaf57", "Read Only Administrator",
			"Read only access to view all Connection administrative functions"},
		{"5e4c9160-a37f-4bce-9d02-6283aecfb068", "Tenant Administrator", "Access to the objects of one tenant"},
	}},
	{"authenticationrules", "AuthenticationRules", "AuthenticationRule",
		"ObjectId DisplayName MinLength MaxHacks MaxDays PrevCredCount TrivialCredChecking", [][]string{
			{policyVoiceID, "Recommended Voice Mail Authentication Rule", "6", "3", "180", "5", "true"},
			{policyWebID, "Recommended Web Application Authentication Rule", "8", "7", "120", "5", "true"},
		}},
	{"messageagingpolicies", "MessageAgingPolicies", "MessageAgingPolicy", "ObjectId DisplayName Enabled", [][]string{
		{defaultAgingID, "Default System Policy", "true"},
		{"09f74c1b-5e2a-4c79-a6b8-1d3e597a6b02", "Do Not Age Messages", "false"},
	}},
	{"messageexpirations", "MessageExpirations", "MessageExpiration", "ObjectId", [][]string{{"dbe8f3da-15af-4059-a24a-c88c9fe0e288"}}},
	{"smtpserver/serverconfigs", "SmtpServerConfigurations", "SmtpServerConfiguration", "ObjectId",
		[][]string{{"dbe8f3da-15af-4059-a24a-c88c9fe0e299"}}},
	{"smtpclient/clientconfigs", "SmtpClientConfigurations", "SmtpClientConfiguration", "ObjectId",
		[][]string{{"dbe8f3da-15af-4059-a24a-c88c9fe0e2aa"}}},
	{"locations/locallocation", "LocalLocations", "LocalLocation", "ObjectId", [][]string{{"dbe8f3da-15af-4059-a24a-c88c9fe0e2bb"}}},
	{"smartlicense/transportsettings", "TransportSettings", "TransportSetting", "ObjectId",
		[][]string{{"dbe8f3da-15af-4059-a24a-c88c9fe0e2cc"}}},
	{"waveformats", "WaveFormats", "WaveFormat",
		"ObjectId FormatName JavaEncoding FormatTag AvgBytesPerSec BitsPerSample BlockAlign CodecId", [][]string{
			{"cb85b520-e2de-4878-96e2-3331607f4671", "G.729a", "G.729a", "307", "1000", "0", "10", "3"},
		}},
	{"subjectlineformats", "SubjectLineFormats", "SubjectLineFormat", "ObjectId FactoryDefaultSubject Subject SubjectType MessageType",
		[][]string{
			{"75b13d88-7313-491a-b239-dff1f1372379", "%D% %U% %P% Message from %NAME% (%CALLERID%)",
				"%D% %U% %P% Message from %NAME% (%CALLERID%)", "1", "1"},
			{"7048d455-374b-4b81-bf0b-ebb70239b441", "Message notification", "Message notification", "7", "2"},
		}},
	{"subject-line-parameters", "SubjectLineParameters", "SubjectLineParameter",
		"ObjectId FactoryDefaultParameter Parameter ParameterType", [][]string{
			{"462d2eaa-8109-470e-982e-00c2c99e8770", "Unknown caller ID", "Unknown caller ID", "1"},
		}},
	{"conversations", "Conversations", "Conversation", "ObjectId DisplayName", conversationRows()},
	{"notificationtemplates", "NotificationTemplates", "NotificationTemplate", "NotificationTemplateId* NotificationTemplateName",
		[][]string{
			{"75825d74-bf4f-4af3-bf84-6226389a8611", "Default_Actionable_Links_Only"},
			{"8693ae85-c05a-4b04-ad95-73374a9b9722", "Default_Dynamic_Icons"},
			{"a4cf3357-3856-48d5-a75e-8848a673fa66", "Default_Missed_Call"},
			{"a8b5c0a7-e27c-4d26-8f17-95596cbdb944", "Default_Voice_Message_Summary"},
		}},
	{"postgreetingrecordings", "PostGreetingRecordings", "PostGreetingRecording", "ObjectId DisplayName", [][]string{
		{"b9c6d1b8-f38d-4e37-9028-a66a7dcec055", "This call is recorded"},
		{"cad7e2c9-049e-4f48-a139-b77b8edfd166", "Holiday hours"},
	}},
	{"externalservices", "ExternalServices", "ExternalService",
		"ObjectId DisplayName ServerType AuthenticationMode Server SecurityTransportType ExchDoAutodiscover ExchOrgDomain ServiceAlias",
		[][]string{
			{"1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c13", "Office 365", "5", "3", "", "", "true", "example.com", "unity@example.com"},
			{"2b196e3d-704c-4e9b-a8da-3f507b9c8d24", "Exchange", "4", "1", "exchange.example.com", "1", "false", "", `example\unity`},
		}},
	{"locations/connectionlocations", "ConnectionLocations", "ConnectionLocation", "ObjectId DisplayName HostAddress SmtpDomain",
		[][]string{
			{locationID, "cuc1", "cuc1.example.com", smtpDomain},
		}},
	{"callhandlertemplates", "CallhandlerTemplates", "CallhandlerTemplate",
		"ObjectId DisplayName Undeletable RecipientDistributionListObjectId AfterMessageAction AfterMessageTargetConversation", [][]string{
			{"3c2a7f4e-815d-4fac-b9eb-4061908d2e46", "System Call Handler Template", "true", undeliverableListID, "2", "PHGreeting"},
		}},
	{"handlers/directoryhandlers", "DirectoryHandlers", "DirectoryHandler",
		"ObjectId DisplayName PartitionObjectId Undeletable ScopeObjectLocationObjectId", [][]string{
			{systemDirectoryID, "System Directory Handler", partitionID, "true", locationID},
		}},
	{"handlers/interviewhandlers", "InterviewHandlers", "InterviewHandler", "ObjectId DisplayName", nil},
	{"contacts", "Contacts", "Contact", "ObjectId Alias DisplayName", nil},
	{"routingrules", "RoutingRules", "RoutingRule", "ObjectId DisplayName RuleIndex Type State RouteTargetConversation " +
		"RouteTargetHandlerObjectId Undeletable RouteTargetHandlerObjectType", [][]string{
		{"ecf904eb-26b0-416a-b35b-d99da0f1f388", "Attempt Forward", "0", "2", "0", "AttemptForward", "", "true", "0"},
		{"fd0a15fc-37c1-427b-846c-eaaeb102a499", "Attempt Sign-In", "1", "1", "0", "AttemptSignIn", "", "true", "0"},
		{"0e1b260d-48d2-438c-957d-fbbfc213b5aa", "Opening Greeting", "2", "1", "0", "PHGreeting", openingID, "true", "3"},
	}},
	{"distributionlists", "DistributionLists", "DistributionList",
		"ObjectId Alias DisplayName DtmfAccessId PartitionObjectId AllowContacts AllowForeignMessage Undeletable", [][]string{
			{"5e4c9160-a37f-41ce-9b0d-628312af4068", "allvoicemailusers", "All Voice Mail Users", "99991", partitionID, "true",
				"false", "true"},
			{undeliverableListID, "undeliverablemessages", "Undeliverable Messages", "", partitionID, "true", "false", "true"},
			{"706eb382-c591-43e0-9d2f-84a534c1628a", "allvoicemailenabledcontacts", "All Voicemail-Enabled Contacts", "99992",
				partitionID, "true", "false", "true"},
		}},
	{"tenants", "Tenants", "Tenant", "ObjectId Alias Name Description SmtpDomain CreationDate Language TimeZone " +
		"MailboxStoreObjectId MediaSwitchObjectId PartitionObjectId PilotNumber", [][]string{
		{tenantID, "branch", "branch", "The branch office", "branch.example.com", "2013-03-05T10:54:36Z", "1033", "190",
			mailDatabaseID, phoneSystemID, branchID, "7000"},
		{"07184cc2-60d3-4a2b-8f44-7c19e5b3d6a8", "labs", "labs", "The laboratory", "labs.example.com", "2013-03-05T10:54:36Z",
			"1033", "190", mailDatabaseID, phoneSystemID, partitionID, "7100"},
	}},
}

// What the plausible users are made of.
var (
	firstNames = []string{"Ada", "Bruno", "Chloë", "Dmitri", "Elif", "Farid", "Grace", "Hanna", "Ivo", "Júlia", "Kenji", "Lotte", "Mbali"}
	lastNames  = []string{"Almeida", "Brandt", "Castro", "Dvořák", "Evans", "Fischer", "Gupta", "Hughes", "Ito", "Jansen",
		"Kowalski", "Lindqvist", "Müller", "Nguyen", "O'Brien", "Petit", "Rossi"}
	departments = []string{"Sales", "Engineering", "Finance", "Support", "Human Resources"}
)
