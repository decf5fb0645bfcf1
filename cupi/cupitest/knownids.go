package cupitest

// The ids of what other resources refer to; those that the vendor's user page shows are as there.
const (
	smtpDomain = "cuc1.example.com"

	locationID            = "42a9ab40-490d-4819-9bfb-8ddce4f430ff"
	tenantID              = "fe6541fb-b42c-44f2-8404-ded14cbf7438"
	systemCosID           = "610c9c71-32be-4465-b61a-523f24a9d828"
	voiceMailCosID        = "8ab2b94d-1531-4589-865f-27bd3eea8adc"
	executiveCosID        = "0a987b74-acf0-4310-ab81-4ebe0190cca4"
	partitionID           = "da2114bf-cde7-43d8-9709-cd3895a9d41b"
	branchID              = "30c21994-bd80-4992-97ce-601ca93bf3da"
	searchSpaceID         = "877942bf-6600-4b7a-809d-159199cfc2ec"
	branchSpaceID         = "5d004dee-14ef-4fc4-83b8-850274628286"
	phoneSystemID         = "ec1e2636-fc14-44fc-8cda-d6c1a3d61150"
	weekdaysID            = "58dce2eb-9d6d-4621-b81d-a56c80b83897"
	allHoursID            = "214cc45c-db48-44c6-a239-aa4c5e65e32a"
	undeliverableListID   = "6f5da271-b480-42df-8c1e-739423b05179"
	goodbyeID             = "55af319d-7a26-40ad-9b20-153ee1f39e99"
	allHoursSetID         = "30d9c0df-1c4f-4b0e-9b3b-7a6a3e0f8a11"
	weekdaysSetID         = "9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22"
	undeliverable         = "4d5df6e3-a036-4f16-8f1e-d48e7e9b73c1"
	operatorID            = "671fd8d1-7240-4e60-9194-0ec9c4a626ce"
	mailDatabaseID        = "6b1f4f0a-3a5d-4cf1-8f6e-0c9d1b2a3e01"
	systemAdministratorID = "b4a2f7c6-09d5-4724-9163-c8e9042516bd"

	policyVoiceID = "1a0e5d2c-6f3b-4d8a-b7c9-2e4f6a8b0c13"
	policyWebID   = "2b1f6e3d-704c-4e9b-a8da-3f507b9c1d24"

	defaultAgingID = "f8e63b0a-4d19-4b68-95a7-0c2d48695af1"
)

const (
	holidaysID        = "325dd56d-ec59-4f07-b34a-bb5d6f76f43b"
	updatesID         = "6d0c2f6a-2c2b-4a86-9b56-5f0d0c7b1e10"
	updatesSetID      = "6d0c2f6a-2c2b-4a86-9b56-5f0d0c7b1e11"
	openingID         = "b1c2d3e4-0f1a-4b2c-8d3e-4f5a6b7c8d91"
	operatorHandlerID = "c2d3e4f5-1a2b-4c3d-9e4f-5a6b7c8d9ea2"
	systemDirectoryID = "dbe8f3da-15af-4059-a24a-c88c9fe0e277"

	faxTableID     = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a01"
	outdialTableID = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a02"
	xferTableID    = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a03"
	systemTableID  = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a04"
	userTableID    = "7b1fbe60-2a0f-4b7c-8a53-0f6d1c2e3a05"
)

const (
	portGroupID = "8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0a01"
	sipGroupID  = "8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0b02"
	muLawID     = "8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0c01"
	g729ID      = "8c2f7e51-4b0a-4d63-9a18-5e7d3c1b0c03"
)

// adminUserID is that of the account of a fresh server.
const adminUserID = "c8a3a38b-df1a-4612-9679-d1fddc790e95"

// longAgo is when what is not enabled ended.
const longAgo = "1972-01-01 00:00:00.0"
