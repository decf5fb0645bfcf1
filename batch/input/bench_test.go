package input

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func BenchmarkReader(b *testing.B) {
	var text strings.Builder
	text.WriteString("Alias,Extension,DisplayName,FirstName,LastName,Title,Department,City,State,PostalCode,Country,EmployeeId,EmailAddress,BillingId,Manager,ListInDirectory,CosDisplayName,TimeZone,UseDefaultTimeZone,Language\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "user%06d,%d,User %d,Jo,Doe,Engineer,Sales,Paris,,75001,FR,%d,user%d@example.com,42,Anna,1,Voice Mail User COS,190,false,1036\n", i, 1_000_000+i, i, i, i)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		reader, err := NewReader(strings.NewReader(text.String()))
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		for {
			_, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if rows != 10_000 {
			b.Fatalf("got %d rows", rows)
		}
	}
}
