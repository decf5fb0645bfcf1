package cupitest

// tenantResources tells which classes of service, phone systems and schedule sets a tenant has. Only reading is simulated.
var tenantResources = []resource{
	tenantResource("coses", "TenantCoses", "TenantCos", "CosObjectId", "CosURI", "coses", voiceMailCosID),
	tenantResource("phonesystems", "TenantPhoneSystems", "TenantPhoneSystem", "MediaSwitchObjectId", "PhoneSystemURI", "phonesystems", phoneSystemID),
	tenantResource("schedulesets", "TenantScheduleSets", "TenantScheduleSet", "ScheduleSetObjectId", "ScheduleSetURI", "schedulesets", allHoursSetID),
}

// tenantResource is one of these lists: id is its one element's, which is one of the server's list too.
func tenantResource(kind, wrapper, element, reference, address, list, id string) resource {
	return resource{
		kind: "tenant" + kind, path: "tenants/{id}/" + kind, wrapper: wrapper, element: element, owner: inList("tenants"),
		comes: []map[string]string{{reference: id}},
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/tenants/{owner.ObjectId}/" + kind + "/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"TenantObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"TenantURI", derived, 0, "/vmrest/tenants/{TenantObjectId}", listed},
			field{reference, text, 36, "", listed | fixed},
			field{address, derived, 0, "/vmrest/" + list + "/{" + reference + "}", listed},
		)}
}
