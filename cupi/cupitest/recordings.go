package cupitest

import (
	"net/http"
	"strings"
)

// recordingRoutes take what a greeting plays, in one step or in three, and give it back. Recordings are not in
// [Server.Save]'s file.
var recordingRoutes = []route{
	{"GET " + streamsPath, nil, listStreams},
	{"GET " + streamsPath + "/{id}", nil, getStream},
	{"PUT " + streamsPath + "/{id}", []string{"GreetingStreamFile"}, assignStream},
	{"GET " + streamsPath + "/{id}/audio", nil, getAudio},
	{"PUT " + streamsPath + "/{id}/audio", []string{audioBody}, putAudio},
	{"POST /vmrest/voicefiles", nil, createVoiceFile},
	{"PUT /vmrest/voicefiles/{id}", []string{audioBody}, putVoiceFile},
}

// streamsPath is the recordings of one greeting, each of one language.
const streamsPath = "/vmrest/handlers/callhandlers/{id}/greetings/{id}/greetingstreamfiles"

// audioBody stands for the root element where a route takes a recording, and for the field that holds it.
const audioBody = "audio"

var streamSchema = schemaOf("handlers/callhandlers/{id}/greetings/{id}/greetingstreamfiles")

// greetingOfPath is the greeting that the path names; nil when there is none.
func (c *call) greetingOfPath() *document {
	k := resourceOf("greetings")
	handler := c.data.handlers[c.ids[0]]
	if handler == nil {
		return nil
	}
	for _, greeting := range k.of(c.data, handler) {
		if strings.EqualFold(greeting.own[k.named], c.ids[1]) {
			return greeting
		}
	}
	return nil
}

// recordingKey is where a greeting's recording in a language is kept.
func recordingKey(greeting *document, language string) string {
	return greeting.own["ObjectId"] + " " + language
}

// streams is the recordings of a greeting, in the order of the installed languages.
func (c *call) streams(greeting *document) []*document {
	var streams []*document
	for _, language := range c.data.lists["installedlanguages"].documents {
		if code := language.own["LanguageCode"]; c.data.recordings[recordingKey(greeting, code)] != "" {
			streams = append(streams, &document{schema: streamSchema, owner: greeting, own: map[string]string{"LanguageCode": code}})
		}
	}
	return streams
}

func (c *call) noGreeting() answer { return c.fail(notFound("greeting", "GreetingType", c.ids[1])) }

func listStreams(c *call) answer {
	greeting := c.greetingOfPath()
	if greeting == nil {
		return c.noGreeting()
	}
	return c.listing("GreetingStreamFiles", "GreetingStreamFile", streamSchema, c.streams(greeting))
}

func getStream(c *call) answer {
	greeting := c.greetingOfPath()
	if greeting == nil {
		return c.noGreeting()
	}
	for _, stream := range c.streams(greeting) {
		if stream.own["LanguageCode"] == c.ids[2] {
			return c.object("GreetingStreamFile", stream.pairs(false))
		}
	}
	return c.fail(notFound("greetingstreamfile", "LanguageCode", c.ids[2]))
}

func getAudio(c *call) answer {
	greeting := c.greetingOfPath()
	if greeting == nil {
		return c.noGreeting()
	}
	recording := c.data.recordings[recordingKey(greeting, c.ids[2])]
	if recording == "" {
		return c.fail(notFound("greetingstreamfile", "LanguageCode", c.ids[2]))
	}
	return answer{status: http.StatusOK, body: []byte(recording)}.with("Content-Type", "audio/wav")
}

func putAudio(c *call) answer { return c.record(c.fields[audioBody]) }

// assignStream takes the recording that was put into a voice file before.
func assignStream(c *call) answer {
	fields, problems := streamSchema.check(c.data, c.fields)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	return c.record(c.data.recordings[fields["StreamFile"]])
}

// record keeps a recording as what the greeting of the path plays in the language of the path.
func (c *call) record(recording string) answer {
	greeting := c.greetingOfPath()
	switch {
	case greeting == nil:
		return c.noGreeting()
	case c.data.lists["installedlanguages"].find(c.ids[2]) == nil:
		return c.fail(invalid("Language is not installed"))
	case recording == "":
		return c.fail(invalid("there is no recording"))
	}
	c.fields = nil // what sounds is no field
	if refusal := c.change(aliasOf(greeting)); refusal != nil {
		return *refusal
	}
	c.data.recordings[recordingKey(greeting, c.ids[2])] = recording
	return c.done()
}

// createVoiceFile makes a place for a recording; the answer is its name alone.
func createVoiceFile(c *call) answer {
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	name := c.data.newID() + ".wav"
	c.data.voiceFiles[name] = true
	return c.body(http.StatusCreated, []byte(name))
}

func putVoiceFile(c *call) answer {
	switch {
	case !c.data.voiceFiles[c.ids[0]]:
		return c.fail(invalid("VoiceFile not found "))
	case c.fields[audioBody] == "":
		return c.fail(invalid("there is no recording"))
	}
	c.data.recordings[c.ids[0]] = c.fields[audioBody]
	return c.done()
}
