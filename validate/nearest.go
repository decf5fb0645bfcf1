package validate

import (
	"strings"
	"unicode"
)

// Nearest returns the candidate that is most like a misspelt word, or "" when none
// comes near. Case does not count.
func Nearest(word string, candidates []string) string {
	wanted := []rune(fold(word))
	nearest, best := "", max(2, len(wanted)/3)+1
	for _, candidate := range candidates {
		if d := distance(wanted, []rune(fold(candidate)), best); d < best {
			nearest, best = candidate, d
		}
	}
	return nearest
}

// NearestHeading returns the known heading that is most like an unknown one, or ""
// when none comes near.
func (t *Table) NearestHeading(heading string) string {
	if meant := t.otherwiseCalled(heading); meant != "" {
		return meant
	}
	var known []string
	for i := range t.columns {
		if column := &t.columns[i]; column.Access != PassedOver {
			known = append(append(known, column.Name), column.Also...)
		}
	}
	return Nearest(strings.TrimSpace(heading), known)
}

// distance counts the edits (insert, delete, replace one character) between two
// texts. It may return any number of at least limit once it is sure of that many.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			replace := diagonal
			if ra != rb {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// otherNames are headings of other programs, without blanks and marks.
var otherNames = map[string]string{
	"ext": "Extension", "extn": "Extension", "extensionnumber": "Extension", "phoneextension": "Extension",
	"primaryextension": "Extension", "nebenstelle": "Extension", "durchwahl": "Extension", "poste": "Extension",
	"extensión": "Extension", "interno": "Extension", "toestel": "Extension",
	"username": "Alias", "userid": "Alias", "user": "Alias", "login": "Alias", "samaccountname": "Alias", "uid": "Alias",
	"account": "Alias", "benutzername": "Alias", "kürzel": "Alias", "kuerzel": "Alias", "benutzer": "Alias",
	"utilisateur": "Alias", "identifiant": "Alias", "usuario": "Alias", "utente": "Alias", "gebruikersnaam": "Alias",
	"surname": "LastName", "familyname": "LastName", "sn": "LastName", "nachname": "LastName", "nom": "LastName",
	"apellido": "LastName", "apellidos": "LastName", "cognome": "LastName", "achternaam": "LastName", "givenname": "FirstName",
	"forename": "FirstName", "vorname": "FirstName", "prénom": "FirstName", "voornaam": "FirstName", "anzeigename": "DisplayName",
	"stadt": "City", "ville": "City", "ciudad": "City", "città": "City",
	"name": "DisplayName", "fullname": "DisplayName", "email": "EmailAddress", "mail": "EmailAddress",
	"emailaddress": "EmailAddress", "smtp": "SmtpAddress",
	"dept": "Department", "abteilung": "Department", "zip": "PostalCode", "zipcode": "PostalCode", "postcode": "PostalCode",
	"plz": "PostalCode", "jobtitle": "Title",
	"mobile": "PhoneNumber_MobilePhone", "mobilephone": "PhoneNumber_MobilePhone", "cos": "CosDisplayName",
	"classofservice": "CosDisplayName", "template": "TemplateAlias", "usertemplate": "TemplateAlias",
	"employeenumber": "EmployeeId", "personnelnumber": "EmployeeId", "personalnummer": "EmployeeId", "partition": "PartitionName",
	"store": "MailboxStore", "action": "Operation", "newusername": "NewAlias",
	"pincode": "PIN", "passcode": "PIN", "phonepassword": "PIN", "voicemailpassword": "PIN", "webpassword": "Password",
}

// otherwiseCalled finds the column that a heading means which is written with other marks
// (First_Name), is that of another program (sAMAccountName), or has a word more (new_pin).
func (t *Table) otherwiseCalled(heading string) string {
	words := headingWords(heading)
	joined := strings.Join(words, "")
	for i := range t.columns {
		if column := &t.columns[i]; column.Access != PassedOver && column.Access != Unsupported && bareHeading(column.Name) == joined {
			return column.Name
		}
	}
	if meant := otherNames[joined]; t.byHeading[fold(meant)] != nil {
		return meant
	}
	for _, word := range words {
		if column, known := t.byHeading[word]; known && len(words) > 1 && column.Access == ReadWrite {
			return column.Name
		}
	}
	return ""
}

// headingWords are the words of a heading, without marks.
func headingWords(heading string) []string {
	return strings.FieldsFunc(fold(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// bareHeading is a heading without blanks and marks.
func bareHeading(name string) string {
	return strings.ReplaceAll(fold(name), "_", "")
}

// isHeading reports whether a text is the heading of a column, in this file or another.
func isHeading(text string) bool {
	var room [64]byte
	if len(text) > len(room) {
		return false
	}
	folded := appendFolded(room[:0], text)
	for _, t := range tables {
		if t.byHeading[string(folded)] != nil {
			return true
		}
	}
	return false
}
