package cupi

// TenantField is what an entry of a list shows that belongs to a tenant.
const TenantField = "TenantObjectId"

// OfTenant narrows a list to what belongs to a tenant, where the server documents such a query; else
// it narrows nothing.
//
// CUPI User API, Listing Specific Tenant Related Users; CUPI Distribution List API.
func OfTenant(c Collection, tenantID string) Query {
	if c.Name == Users.Name || c.Name == DistributionLists.Name {
		return Query{Column: TenantField, Op: Is, Value: tenantID}
	}
	return Query{}
}

// TenantList is a list of what of a collection is a tenant's.
type TenantList struct {
	Of    Collection // what is meant
	In    Collection // the list
	Field string     // of its entries, that names what is meant
}

// TenantLists are those that a tenant has.
//
// Public client code.
func TenantLists(tenantID string) []TenantList {
	list := func(of Collection, wrapper, element, field string) TenantList {
		return TenantList{of, below(Tenants, tenantID, of.Name, wrapper, element, field), field}
	}
	return []TenantList{
		list(Coses, "TenantCoses", "TenantCos", "CosObjectId"),
		list(PhoneSystems, "TenantPhoneSystems", "TenantPhoneSystem", "MediaSwitchObjectId"),
		list(ScheduleSets, "TenantScheduleSets", "TenantScheduleSet", "ScheduleSetObjectId"),
	}
}
