package validate

import (
	"slices"
	"strings"
)

// identifiers are parts of the names of columns that hold digits which are no number:
// nobody counts with them, and a spreadsheet may not either.
var identifiers = []string{"employeeid", "billingid", "mattercode", "authorizationcode"}

// dialedParts are the same for what is dialed.
var dialedParts = []string{"extension", "dtmfaccessid", "xferstring", "afterdialdigits"}

// classified works out what the texts of each column are.
func classified(columns []Column) []Column {
	for i := range columns {
		columns[i].holds = kindOf(&columns[i])
	}
	return columns
}

// Reaches reports whether the column's texts say how somebody is reached: by an alias, an
// address, an extension, a number.
func (c Column) Reaches() bool { return c.kind()&(login|address|dialed|phone) != 0 || c.Type == Digits }

// Describes reports whether the column's texts are words about a person, or a code of which no server makes
// anything else.
func (c Column) Describes() bool { return c.kind()&(freeText|personName|identifier|postal) != 0 }

// kind is what the column's texts are.
func (c *Column) kind() kind {
	if c.holds == 0 { // a column that is in no table
		return kindOf(c)
	}
	return c.holds
}

func kindOf(c *Column) kind {
	name := strings.ToLower(c.Name)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
	}
	switch {
	case c.Type != String || c.Access == PassedOver || c.Name == "Operation":
		return typed
	case c.Secret && has("pass"):
		return password
	case c.Secret:
		return pinCode
	case c.Name == "Alias" || c.Name == "NewAlias" || c.Name == "ReassignTo" || c.Name == "TemplateAlias" || c.Name == "MemberAlias":
		return login
	case c.Collection != "":
		return objectName
	case c.isEmail() || has("smtpaddress", "smtpproxyaddresses", "mailaddress"):
		return address
	case has("phonenumber", "dialable"):
		return phone
	case has(dialedParts...):
		return dialed
	case has("postalcode"):
		return postal
	case has(identifiers...):
		return identifier
	case has("firstname", "lastname", "manager") || c.Name == "DisplayName":
		return personName
	}
	return freeText
}

// HoldsCode reports whether the column's texts are codes, such as extensions, or aliases.
func (c Column) HoldsCode() bool { return c.kind()&(exactTexts&^pinCode) != 0 }

func (c *Column) isEmail() bool {
	return c.Field == "EmailAddress" || c.Field == "SmtpAddress" || c.Field == "RelayAddress"
}
