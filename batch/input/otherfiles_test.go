package input

import (
	"strings"
	"testing"
)

// A file that is no table is named for what it is.
func TestOtherKindsOfFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"<table border=\"1\"><tr><td>Alias</td></tr></table>": "HTML", "\ufeff\n<!DOCTYPE html>": "HTML", "<?xml version=\"1.0\"?>\n<?mso-application?>": "XML Spreadsheet", "[{\"Alias\":\"u001\"}]": "JSON", "{\"users\":[]}": "JSON",
		"{\\rtf1": "RTF", "dn: cn=jdoe,dc=corp\n": "LDIF", "BEGIN:VCARD\n": "vCard", "INSERT INTO users": "SQL", "Alias,Extension\r\r\njdoe,4001\r\r\n": "CR CR LF", "Alias,Extension\rjdoe,4001\r": "Macintosh",
	} {
		if _, err := NewReader(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
