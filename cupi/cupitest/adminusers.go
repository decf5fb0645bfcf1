package cupitest

const adminUserID = "c8a3a38b-df1a-4612-9679-d1fddc790e95"

// adminLists are the administrators without a mailbox, who are not among the users, and the roles of the one that
// there is. Only reading is simulated.
var adminLists = []seededList{
	{"adminusers", "Users", "User", "ObjectId Alias DisplayName Undeletable LocationObjectId", [][]string{
		{adminUserID, "admin", "admin", "true", locationID},
	}},
	{"users/" + adminUserID + "/userroles", "UserRoles", "UserRole", "ObjectId UserObjectId RoleObjectId RoleName Alias", [][]string{
		{"973e143e-af15-4ef4-a7c1-5fafd9cc53d4", adminUserID, systemAdministratorID, "System Administrator", "admin"},
	}},
}
