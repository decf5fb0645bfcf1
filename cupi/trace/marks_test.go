package trace

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	annID = "49f257e7-adaa-5b18-86a5-6d51efb3216b"
	setID = "76f604f3-6aa4-5c23-aeb7-473917fb71ff"
)

// exchange masks one request and its answer.
func exchange(t *testing.T, m *Marks, method, target, body string, status int, contentType, answer string, headers ...string) Exchange {
	t.Helper()
	request, err := http.NewRequest(method, "https://cuc7.example.com:8443"+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Accept": {contentType}, "Authorization": {"Basic YWRtaW46czNjcmV0IQ=="}, "Cookie": {"JSESSIONID=F00; Odd=F01"}}
	response := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}}
	for i := 0; i+1 < len(headers); i += 2 {
		response.Header.Add(headers[i], headers[i+1])
	}
	return m.Exchange(Raw{Request: request, RequestBody: []byte(body), Began: m.began, Answer: response, AnswerBody: []byte(answer),
		Clean: func(text string) string { return strings.ReplaceAll(text, "739", "…") }})
}

func TestValuesAreMasked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ target, body, want string }{
		{"/vmrest/users", `{"Alias":"ann","DtmfAccessId":"7001","Department":"ANN","FirstName":"true","City":"5","RepeatMenu":"5"}`, // relations stay; a boolean is one
			`{"Alias":"alias-1","DtmfAccessId":"extension-1","Department":"alias-1","FirstName":"true","City":"text-1","RepeatMenu":"5"}`},
		{"/vmrest/users", `{"Alias":"operator","FirstName":"Operator","FirstDigitTimeout":5000,"ObjectCode":5001,"CreationTime":"2013-03-05T10:54:38Z"}`,
			`{"Alias":"operator","FirstName":"name-1","FirstDigitTimeout":5000,"ObjectCode":"text-1","CreationTime":"2013-03-05T10:54:38Z"}`},
		{"/vmrest/x", `{"MediaSwitchDisplayName":"PhoneSystem","PhoneSystem":{"DisplayName":"phonesystem"}}`, // as every server calls its first, and as its element is called
			`{"MediaSwitchDisplayName":"PhoneSystem","PhoneSystem":{"DisplayName":"phonesystem"}}`},
		{"/vmrest/users/x", `{"Credentials":"1","UserPassword":"x","CantChange":"true","PIN":""}`, `{"Credentials":"secret","UserPassword":"secret","CantChange":"true","PIN":""}`},
		{"/vmrest/users/x", `{"RepeatMenu":"739","Odd":"Standard"}`, `{"RepeatMenu":"secret","Odd":"Standard"}`}, // a PIN in another field
		{"/vmrest/users/x", `{"RepeatMenu":"7","Odd":"739","A739":"5","FirstDigitTimeout":739}`, `{"RepeatMenu":"7","Odd":"secret","text-1":"5","FirstDigitTimeout":"secret"}`},
		{"/vmrest/users/x", `{"EventList":"NewVoiceMail,NewFax","A":"NewFax,Ann"}`, `{"EventList":"NewVoiceMail,NewFax","A":"text-1"}`},
		{"/vmrest/users", `{"@total":"9","User":[{"ObjectId":"` + annID + `"},{"A":null},{"B":[true,{"C":"x"}]},{"Alias":"d"},{"Alias":"e"}]}`,
			`{"@total":"9","User":[{"ObjectId":"user-1"},{"A":null},{"B":[true,{"C":"text-1"}]}]}`},
		{"/vmrest/users/x", `{"URI":"/vmrest/users/` + annID + `/mwis","UserURI":"/vmrest/alternatenames?query=(GlobalUserObjectId is ` + annID + `)"}`,
			`{"URI":"/vmrest/users/user-1/mwis","UserURI":"/vmrest/alternatenames?query=(GlobalUserObjectId%20is%20user-1)"}`},
		{"/vmrest/x", `{"HostName":"cuc7","Url":"https://CUC7:8443/vmrest/users/` + annID + `","IpAddress":"10.1.2.3","SystemVersion":"12.5.1","A":"12.5.1"}`,
			`{"HostName":"host-1","Url":"https://host-1:8443/vmrest/users/user-1","IpAddress":"host-2","SystemVersion":"12.5.1","A":"text-1"}`},
		{"/vmrest/x", `{"errors":{"code":"DATA_EXCEPTION","message":"DtmfAccessId 7001 of Jane O'Neil <b>is</b> in use by ` + annID + ` (j@x.org), 7001"},"DtmfAccessId":"7001"}`,
			`{"errors":{"code":"DATA_EXCEPTION","message":"DtmfAccessId number-1 of word-2 word-3'word-4 <b>is</b> in use by id-1 (address-1), number-1"},"DtmfAccessId":"number-1"}`},
		{"/vmrest/x", `{"Authorization":{"Status":"Out of Compliance"},"Register":{"Status":"by ann@x.org"},"EvaluationPeriodRemaining":"87:0:36"}`,
			`{"Authorization":{"Status":"Out of Compliance"},"Register":{"Status":"by address-1"},"EvaluationPeriodRemaining":"87:0:36"}`},
		{"/vmrest/x", `{"ann's":"x","Äx":"y"}`, `{"text-1":"text-2","text-3":"text-4"}`},
		{"/vmrest/users/x", `<User><Alias>ann</Alias><Inactive>false</Inactive><City> </City></User>`, `"<User><Alias>alias-1</Alias><Inactive>false</Inactive><City> </City></User>"`},
		{"/vmrest/users", `<Users total="7"><User><Alias>a&amp;b</Alias></User><User/><User/><User><Alias>d</Alias></User></Users>`, `"<Users total=\"7\"><User><Alias>alias-1</Alias></User><User></User><User></User></Users>"`},
		{"/vmrest/users", `<html><head><title>Status 500 for ann</title></head></html>`, `"<html><head><title>Status number-1 for word-2</title></head></html>"`},
		{"/vmrest/users", `{"Alias":"ann"`, `"{\"Alias\":\"alias-1\""`},
		{"/vmrest/users", "/vmrest/users/" + annID, `"/vmrest/users/user-1"`},
		{"/vmrest/users", "739 is Ann", `"… is word-2"`},
		{"/vmrest/users", "cuc7.example.com is 10.1.2.3 or fe80::1 or ::1, 00:50:56:aa:0b:cc; not at 12:30, user.not.found", `"host-1 is host-2 or host-3 or host-4, text-1; not at number-1:number-2, user.not.found"`},
		{"/vmrest/users", `{"LastName":"Long","Alias":"it","errors":{"message":"it is too long"}}`, `{"LastName":"name-1","Alias":"alias-1","errors":{"message":"it is too name-1"}}`},
		{"/vmrest/users", `{"qzimmermann":"1","firstName":"x","errors":{}}`, `{"text-1":"1","firstName":"name-1","errors":{}}`},
	} {
		got := exchange(t, NewMarks(time.Now()), "GET", test.target, "", 200, "application/json", test.body).Answer.Body
		if string(got) != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.body, got, test.want)
		}
	}
}

func TestAddressesAreMasked(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/vmrest/users/" + annID + "/credential/pin":                                "/vmrest/users/user-1/credential/pin",
		"/vmrest/handlers/callhandlers/" + annID + "/transferoptions/Off%20Hours":   "/vmrest/handlers/callhandlers/callhandler-1/transferoptions/Off%20Hours",
		"/vmrest/handlers/callhandlers/" + annID + "/menuentries/%23":               "/vmrest/handlers/callhandlers/callhandler-1/menuentries/%23",
		"/vmrest/handlers/x/greetings/Busy/greetingstreamfiles/1033/audio":          "/vmrest/handlers/x/greetings/Busy/greetingstreamfiles/1033/audio",
		"/vmrest/configurationvalues/System.API.CumiAccessSecureMessageAttachments": "/vmrest/configurationvalues/System.API.CumiAccessSecureMessageAttachments",
		"/vmrest/users/Ann-7": "/vmrest/users/text-1",
		"/vmrest/users?query=(alias%20is%20ann+b)&rowsPerPage=100&pageNumber=1":        "/vmrest/users?query=(alias%20is%20alias-1)&rowsPerPage=100&pageNumber=1",
		"/vmrest/users?query=(firstname%20is%20ann%20%26%20lastname%20startswith%20b)": "/vmrest/users?query=(firstname%20is%20name-1%20%26%20lastname%20startswith%20name-2)",
		"/vmrest/users?query=ann": "/vmrest/users?query=word-1",
		"/vmrest/users?query=(emailaddress%20isnull)&sort=(alias%20asc)":                     "/vmrest/users?query=(emailaddress%20isnull)&sort=(alias%20word-1)",
		"/vmrest/users?templateAlias=Staff&MailboxStoreObjectId=" + annID:                    "/vmrest/users?templateAlias=alias-1&MailboxStoreObjectId=mailboxstore-1",
		"/vmrest/users?templateAlias=voicemailusertemplate&ann%20b=c&method=resetmwi":        "/vmrest/users?templateAlias=voicemailusertemplate&text-1&method=text-2",
		"/vmrest/import/users/ldap?query=(alias%20is%20x)&limit=5&userobjectid=" + setID:     "/vmrest/import/users/ldap?query=(alias%20is%20alias-1)&limit=5&userobjectid=user-1",
		"/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%20" + annID + "%29": "/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%20user-1)",
	} {
		e := exchange(t, NewMarks(time.Now()), "GET", target, "", 204, "", "")
		got := e.Path
		if e.Query != "" {
			got += "?" + e.Query
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", target, got, want)
		}
	}
}

func TestHeadersAreMasked(t *testing.T) {
	t.Parallel()
	e := exchange(t, NewMarks(time.Now()), "POST", "/vmrest/users", "", 201, "application/json;charset=UTF-8", "/vmrest/users/"+annID,
		"Location", "https://cuc7.example.com:8443/vmrest/users/vmrest/users/"+annID, "Set-Cookie", "JSESSIONID=F00F; Path=/vmrest/; Secure; HttpOnly", "Set-Cookie", "Ann=1; Expires=Thu, 01-Jan-1970 00:00:10 GMT",
		"Date", "Sun, 29 Nov 2026 01:21:49 GMT", "Retry-After", "3", "Server", "cuc7", "Www-Authenticate", `Basic realm="cuc7"`)
	want := []string{"Content-Type: application/json;charset=UTF-8", "Location: https://host-1:8443/vmrest/users/vmrest/users/user-1", "Retry-After: 3", "Date: Sun, 29 Nov 2026 01:21:49 GMT",
		`Www-Authenticate: Basic word-2="word-3"`, "Set-Cookie: JSESSIONID; Path=/vmrest/; Secure; HttpOnly", "Set-Cookie: word-4; Expires=Thu, 01 Jan 1970 00:00:10 GMT"}
	if !slices.Equal(e.Answer.Headers, want) {
		t.Errorf("got  %q\nwant %q", e.Answer.Headers, want)
	}
	if want := []string{"Accept: application/json;charset=UTF-8", "Authorization: secret", "Cookie: JSESSIONID; word-1"}; !slices.Equal(e.Request.Headers, want) {
		t.Errorf("got  %q\nwant %q", e.Request.Headers, want)
	}
}

func TestAttemptsAreCounted(t *testing.T) {
	t.Parallel()
	m := NewMarks(time.Now())
	var got []int
	for _, status := range []int{503, 500, 201, 201} {
		got = append(got, exchange(t, m, "POST", "/vmrest/users", `{"Alias":"ann"}`, status, "application/json", "").Attempt)
	}
	got = append(got, exchange(t, m, "POST", "/vmrest/users", `{"Alias":"bob"}`, 503, "application/json", "").Attempt)
	if want := []int{1, 2, 3, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAFailureIsTold(t *testing.T) {
	t.Parallel()
	m := NewMarks(time.Now())
	request, err := http.NewRequest("GET", "https://cuc7/vmrest/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := m.Exchange(Raw{Request: request, Began: m.began.Add(1500 * time.Millisecond), Took: 2 * time.Second, Failure: "network", Sent: "not-sent", Error: errors.New("dial tcp: lookup cuc7 on 10.0.0.53:53: no such host")})
	if e.Answer != nil || e.Status != 0 || e.At != 1.5 || e.Seconds != 2 || e.Failure != "network" || e.Error != "dial tcp: lookup word-1 on host-1:number-1: no such host" {
		t.Errorf("got %+v", e)
	}
}

// However large a body is, what is shown of it is small, and says that there is more.
func TestBodiesAreCapped(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`"A":"true",`, 20_000)
	for _, test := range []struct{ contentType, body string }{
		{"application/json", `{` + many + `"B":"x"}`},
		{"application/json", `{"Users":{"User":[` + strings.Repeat(`{"Alias":"ann"},`, 5000) + `{}]}}`},
		{"application/json", `{"A":"` + strings.Repeat("x", 1<<20)},
		{"application/xml", "<User>" + strings.Repeat("<A>true</A>", 20_000) + "</User>"},
		{"application/json", strings.Repeat(`{"A":`, 1000) + "1" + strings.Repeat("}", 1000)},
		{"audio/wav", "RIFF" + strings.Repeat("ann", 1000)},
		{"text/plain", strings.Repeat("ann ", 100_000)},
		{"application/json", `{"Alias":"ann"` + strings.Repeat(" ", mostRead) + `}`},
	} {
		e := exchange(t, NewMarks(time.Now()), "GET", "/vmrest/x", "", 200, test.contentType, test.body)
		line, err := json.Marshal(e)
		if err != nil || len(line) > mostBody+2000 || e.Answer.LeftOut == 0 && e.Answer.Bytes == 0 {
			t.Errorf("%.40s: %d bytes, left out %d, bytes %d: %v", test.body, len(line), e.Answer.LeftOut, e.Answer.Bytes, err)
		}
		if strings.Contains(string(line), "ann") {
			t.Errorf("%.40s: a name is in it", test.body)
		}
	}
}

func FuzzMasking(f *testing.F) {
	f.Add("application/json", `{"A":["x",{"B":1}]}`)
	f.Add("application/xml", `<A b="c"><D>e</D></A>`)
	f.Add("text/html", "<html>&nbsp;\xff")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		const person = "qzimmermann"
		m := NewMarks(time.Now())
		request := &http.Request{Method: "GET", Header: http.Header{}}
		request.URL, _ = request.URL.Parse("https://x/vmrest/users")
		for _, text := range []string{body, body + person, person + body, strings.ReplaceAll(body, "e", " "+person+" ")} {
			e := m.Exchange(Raw{Request: request, Began: m.began, Answer: &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {contentType}}}, AnswerBody: []byte(text)})
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if strings.Contains(string(line), person) && !strings.Contains(contentType, person) {
				t.Errorf("%q: the name is in %s", text, line)
			}
		}
	})
}

// What a program made up stands as it is, and a mark is never what every server calls something.
func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	m := NewMarks(time.Now())
	m.Elements = 1
	m.Keep("MadeUp", "MadeUp")
	m.Keep("our-template", "voicemailusertemplate")
	m.Keep("1212", "1212")
	got := exchange(t, m, "GET", "/vmrest/users?query=(Alias%20is%20madeup)&templateAlias=our-template", "", 200, "application/json", `{"User":[{"Alias":"MadeUp","Title":"our-template","Credentials":"1212"},{"Alias":"ann"}]}`)
	if want := `{"User":[{"Alias":"MadeUp","Title":"voicemailusertemplate","Credentials":"secret"}]}`; string(got.Answer.Body) != want || got.Answer.LeftOut != 1 {
		t.Errorf("got %s, %d left out\nwant %s", got.Answer.Body, got.Answer.LeftOut, want)
	}
	if want := "query=(Alias%20is%20MadeUp)&templateAlias=voicemailusertemplate"; got.Query != want {
		t.Errorf("got %s, want %s", got.Query, want)
	}
	lamp := exchange(t, m, "GET", "/vmrest/users/x/mwis/"+annID, "", 200, "application/json", `{"ObjectId":"`+annID+`","DisplayName":"MWI-1"}`)
	if want := `{"ObjectId":"mwi-2","DisplayName":"MWI-1"}`; string(lamp.Answer.Body) != want {
		t.Errorf("got %s, want %s", lamp.Answer.Body, want)
	}
	if texts := lamp.Answer.Texts(); len(texts["DisplayName"]) != 1 || texts["DisplayName"][0] != "MWI-1" {
		t.Errorf("got %v", texts)
	}
}
