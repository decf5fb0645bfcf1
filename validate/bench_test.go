package validate

import (
	"fmt"
	"strings"
	"testing"
)

const benchHeadings = "Alias,Extension,DisplayName,FirstName,LastName,Title,Department,City,State,PostalCode," +
	"Country,EmployeeId,EmailAddress,BillingId,Manager,ListInDirectory,CosDisplayName,TimeZone,UseDefaultTimeZone,Language"

func benchRow(i int) Row {
	cells := fmt.Sprintf("user%06d,%d,User %d,Jo,Doe,Engineer,Sales,Paris,,75001,FR,%d,user%d@example.com,42,Anna,1,Voice Mail User COS,190,false,1036",
		i, 1_000_000+i, i, i, i)
	return Row{Number: i + 1, Line: i + 2, Cells: strings.Split(cells, ",")}
}

func benchChecker(b *testing.B) (*Checker, []Row) {
	o := Options{File: "f", Operation: Create, Template: "t"}
	header, _ := ParseHeader("f", 1, strings.Split(benchHeadings, ","), o)
	rows := make([]Row, 1000)
	for i := range rows {
		rows[i] = benchRow(i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	return NewChecker(header, o), rows
}

func BenchmarkCheck(b *testing.B) {
	checker, rows := benchChecker(b)
	for i := 0; b.Loop(); i++ {
		if i%len(rows) == 0 {
			checker.unique = newUnique(Options{})
		}
		if problems := checker.check(rows[i%len(rows)]); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	checker, rows := benchChecker(b)
	for i := 0; b.Loop(); i++ {
		if record := checker.Record(rows[i%len(rows)]); record.Alias == "" {
			b.Fatal(record)
		}
	}
}
