package cupitest

import (
	"strings"
	"testing"
)

func TestGreetingsAreRecorded(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "ann", "DtmfAccessId", "7001")
		greeting := "/vmrest/handlers/callhandlers/" + s.User(user)["CallHandlerObjectId"] + "/greetings/Off%20Hours"
		streams := c.read(greeting, "Greeting")["GreetingStreamFilesURI"]
		if streams != greeting+"/greetingstreamfiles" {
			t.Fatalf("the recordings are at %q", streams)
		}
		if got := c.expect(200, "GET", streams, "").total(t); got != "0" {
			t.Errorf("a new greeting has %s recordings", got)
		}
		c.expect(404, "GET", streams+"/1033/audio", "")
		sound := "RIFF\x00\xff\x01" + strings.Repeat("~", 1<<20)
		c.expect(204, "PUT", streams+"/1033/audio", sound, "Content-Type", "audio/wav")
		c.expect(415, "PUT", streams+"/1033/audio", sound, "Content-Type", "text/plain")
		c.expect(415, "PUT", greeting, sound, "Content-Type", "audio/wav")
		c.expect(400, "PUT", streams+"/1041/audio", sound, "Content-Type", "audio/wav")
		c.expect(400, "PUT", streams+"/1033/audio", "")
		c.expect(404, "PUT", strings.Replace(streams, "Off%20Hours", "None", 1)+"/1033/audio", sound, "Content-Type", "audio/wav")
		if got := c.expect(200, "GET", streams+"/1033/audio", ""); got.body != sound || got.header.Get("Content-Type") != "audio/wav" {
			t.Errorf("%d bytes of %s came back", len(got.body), got.header.Get("Content-Type"))
		}

		file := c.expect(201, "POST", "/vmrest/voicefiles", "").body
		c.expect(400, "PUT", streams+"/1031", c.write("GreetingStreamFile", "StreamFile", file))
		c.expect(204, "PUT", "/vmrest/voicefiles/"+file, "RIFF2", "Content-Type", "audio/wav")
		c.expect(400, "PUT", "/vmrest/voicefiles/none.wav", "RIFF2", "Content-Type", "audio/wav")
		c.expect(204, "PUT", streams+"/1031", c.write("GreetingStreamFile", "StreamFile", file))
		if got := c.expect(200, "GET", streams+"/1031/audio", "").body; got != "RIFF2" {
			t.Errorf("got %q", got)
		}
		if got := c.expect(200, "GET", streams, "").total(t); got != "2" {
			t.Errorf("%s recordings, want 2", got)
		}
		if got := c.read(streams+"/1031", "GreetingStreamFile"); got["LanguageCode"] != "1031" || got["GreetingType"] != "Off Hours" {
			t.Errorf("got %v", got)
		}

		c.expect(204, "DELETE", "/vmrest/users/"+user, "")
		for name := range s.Snapshot() {
			if strings.HasPrefix(name, "recordings/") {
				if fresh := fresh().Snapshot(); fresh[name] == nil {
					t.Errorf("of a deleted user %s is left", name)
				}
			}
		}
	})
}
