package trace

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkUser masks a user with as many fields as a real one has.
func BenchmarkUser(b *testing.B) {
	body := `{"ObjectId":"` + annID + `","Alias":"ann"` + strings.Repeat(`,"RepeatMenu":"1","Inactive":"false","City":"Bonn","CreationTime":"2013-03-05T10:54:38Z"`, 40) + `}`
	request, err := http.NewRequest("GET", "https://cuc7/vmrest/users/"+annID, nil)
	if err != nil {
		b.Fatal(err)
	}
	m := NewMarks(time.Now())
	for b.Loop() {
		m.Exchange(Raw{Request: request, Began: m.began, Answer: &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}}, AnswerBody: []byte(body)})
	}
}
