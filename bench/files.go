package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// wideFile writes a file of so many new users, once. Its 20 columns are what a file from
// an HR system holds, and names in place of ids.
func (b *bench) wideFile(rows int) (path string, err error) {
	const headings = "Alias,Extension,DisplayName,FirstName,LastName,Title,Department,City,State,PostalCode," +
		"Country,EmployeeId,EmailAddress,BillingId,Manager,ListInDirectory,CosDisplayName,TimeZone,UseDefaultTimeZone,Language\n"
	return b.file("wide", headings, rows, func(i int) string {
		return fmt.Sprintf("user%06d,%d,User Number %d,Josephine,Doe,Senior Engineer,Sales and Support,Paris,Ile de France,75001,"+
			"FR,%d,user%d@example.com,424242,Anna Maria Manager,1,Voice Mail User COS,190,false,1036\n", i, 1_000_000+i, i, i, i)
	})
}

// narrowFile writes a file of creates that cost one request each, once.
func (b *bench) narrowFile(rows int) (path string, err error) {
	return b.file("narrow", "Alias,DtmfAccessId,DisplayName,FirstName,LastName\n", rows, func(i int) string {
		return fmt.Sprintf("user%06d,%d,User Number %d,Josephine,Doe\n", i, 1_000_000+i, i)
	})
}

// peopleFile writes a file of creates that cost four requests each, once: the user, the PIN
// and two alternate extensions.
func (b *bench) peopleFile(rows int) (path string, err error) {
	return b.file("people", "Alias,DtmfAccessId,DisplayName,FirstName,LastName,PIN,Extension_Alt1,Extension_Alt2\n", rows,
		func(i int) string {
			return fmt.Sprintf("user%06d,%d,User Number %d,Josephine,Doe,739164,%d,%d\n", i, 1_000_000+i, i, 2_000_000+i, 3_000_000+i)
		})
}

// file writes a file of so many rows, unless it is there.
func (b *bench) file(name, headings string, rows int, row func(i int) string) (path string, err error) {
	path = filepath.Join(b.folder, fmt.Sprintf("%s-%d.csv", name, rows))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriter(file)
	w.WriteString(headings) // its errors come with Flush
	for i := range rows {
		w.WriteString(row(i))
	}
	return path, w.Flush()
}
