package cupitest

import (
	"net/http"
	"strings"
)

// recordingRoutes take what is played, in three steps, and the questions of an interview.
var recordingRoutes = []route{
	{"POST /vmrest/voicefiles", nil, createVoiceFile},
	{"PUT /vmrest/voicefiles/{id}", []string{audioBody}, putVoiceFile},
	{"GET /vmrest/voicefiles/{id}", nil, func(c *call) answer { return c.sound(c.data.recordings[c.ids[0]], "voicefile", c.ids[0]) }},
	{"GET /vmrest/handlers/interviewhandlers/{id}/interviewquestions/{id}/audio", nil, getQuestion},
	{"PUT /vmrest/handlers/interviewhandlers/{id}/interviewquestions/{id}/audio", []string{audioBody}, putQuestion},
}

// streams is what one plays, in each language a recording.
type streams struct {
	path, wrapper, element string
	schema                 func() *schema
	owner                  func(c *call) *document
}

var streamSchema = schemaAt("handlers/callhandlers/{id}/greetings/{id}/greetingstreamfiles")

// streamKinds is all that have such recordings.
var streamKinds = []streams{
	{"handlers/callhandlers/{id}/greetings/{id}/greetingstreamfiles", "GreetingStreamFiles", "GreetingStreamFile", streamSchema,
		func(c *call) *document { return c.greetingOf(c.data.handlers[c.ids[0]]) }},
	{"callhandlertemplates/{id}/greetings/{id}/greetingstreamfiles", "GreetingStreamFiles", "GreetingStreamFile", streamSchema,
		greetingIn("callhandlertemplates")},
	{"callhandlertemplates/{id}/templategreetings/{id}/greetingstreamfiles", "GreetingStreamFiles", "GreetingStreamFile",
		streamSchema, greetingIn("callhandlertemplates")},
	{"callhandlerprimarytemplates/{id}/usertemplategreetings/{id}/greetingstreamfiles", "GreetingStreamFiles",
		"GreetingStreamFile", streamSchema, greetingIn("callhandlerprimarytemplates")},
	{"postgreetingrecordings/{id}/postgreetingrecordingstreamfiles", "PostGreetingRecordingStreamFiles",
		"PostGreetingRecordingStreamFile", schemaAt("postgreetingrecordings/{id}/postgreetingrecordingstreamfiles"),
		inListOf("postgreetingrecordings")},
	{"handlers/directoryhandlers/{id}/directoryhandlerstreamfiles", "DirectoryHandlerStreamFiles", "DirectoryHandlerStreamFile",
		schemaAt("handlers/directoryhandlers/{id}/directoryhandlerstreamfiles"), inListOf("handlers/directoryhandlers")},
}

func streamRoutes() []route {
	var routes []route
	for i := range streamKinds {
		k := &streamKinds[i]
		path := "/vmrest/" + k.path
		routes = append(routes,
			route{"GET " + path, nil, k.list}, route{"GET " + path + "/{id}", nil, k.get},
			route{"PUT " + path + "/{id}", []string{k.element}, k.assign}, route{"POST " + path + "/{id}", []string{k.element}, k.make},
			route{"GET " + path + "/{id}/audio", nil, k.getAudio}, route{"PUT " + path + "/{id}/audio", []string{audioBody}, k.putAudio})
	}
	return routes
}

func inListOf(list string) func(*call) *document {
	return func(c *call) *document { return c.data.lists[list].find(c.ids[0]) }
}

func greetingIn(list string) func(*call) *document {
	return func(c *call) *document { return c.greetingOf(c.data.lists[list].find(c.ids[0])) }
}

// greetingOf is the handler's greeting that the path names; nil when there is none.
func (c *call) greetingOf(handler *document) *document {
	if handler == nil {
		return nil
	}
	k := resourceOf("greetings")
	for _, greeting := range k.of(c.data, handler) {
		if strings.EqualFold(greeting.own[k.named], greetingName(c.ids[1])) {
			return greeting
		}
	}
	return nil
}

// greetingName is what a greeting is called; one of the vendor's pages has another name for one.
func greetingName(name string) string {
	if strings.EqualFold(name, "Closed") {
		return "Off Hours"
	}
	return name
}

// of is the recordings of one, in the order of the installed languages.
func (k *streams) of(d *data, owner *document) []*document {
	var all []*document
	seen := map[string]bool{}
	for _, language := range d.lists["installedlanguages"].documents {
		code := language.own["LanguageCode"]
		if !seen[code] && d.recordings[recordingKey(owner, code)] != "" {
			all = append(all, &document{schema: k.schema(), owner: owner,
				own: map[string]string{"LanguageCode": code, "StreamFile": objectID(hash(recordingKey(owner, code), "stream")) + ".wav"}})
		}
		seen[code] = true
	}
	return all
}

func (k *streams) missing(c *call) answer {
	return c.fail(notFound(strings.ToLower(k.element), "LanguageCode", c.language()))
}

// language is the code that the path ends with.
func (c *call) language() string { return c.ids[len(c.ids)-1] }

func (k *streams) list(c *call) answer {
	owner := k.owner(c)
	if owner == nil {
		return k.missing(c)
	}
	return c.listing(k.wrapper, k.element, k.schema(), k.of(c.data, owner))
}

func (k *streams) get(c *call) answer {
	if owner := k.owner(c); owner != nil {
		for _, stream := range k.of(c.data, owner) {
			if stream.own["LanguageCode"] == c.language() {
				return c.object(k.element, stream.pairs(false))
			}
		}
	}
	return k.missing(c)
}

func (k *streams) getAudio(c *call) answer {
	owner := k.owner(c)
	if owner == nil {
		return k.missing(c)
	}
	return c.sound(c.data.recordings[recordingKey(owner, c.language())], strings.ToLower(k.element), c.language())
}

func (k *streams) putAudio(c *call) answer { return k.record(c, c.fields[audioBody]) }

// assign takes the recording that was put into a voice file before.
func (k *streams) assign(c *call) answer {
	fields, problems := k.schema().check(c.data, c.fields)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	return k.record(c, c.data.recordings[fields["StreamFile"]])
}

// make is assign as the directory handlers page has it: a recording that was not there is made.
func (k *streams) make(c *call) answer {
	a := k.assign(c)
	if a.status != http.StatusNoContent {
		return a
	}
	owner, language := k.owner(c), c.language()
	for _, stream := range k.of(c.data, owner) {
		if stream.own["LanguageCode"] == language {
			uri, _ := stream.value("URI")
			return c.created(uri)
		}
	}
	return a
}

// record keeps a recording as what is played in the language of the path.
func (k *streams) record(c *call, recording string) answer {
	owner := k.owner(c)
	switch {
	case owner == nil:
		return k.missing(c)
	case c.data.lists["installedlanguages"].find(c.language()) == nil:
		return c.fail(invalid("Language is not installed"))
	case !isSound(recording):
		return c.fail(invalid("there is no recording"))
	}
	c.fields = nil // what sounds is no field
	if refusal := c.change(aliasOf(owner)); refusal != nil {
		return *refusal
	}
	if owner.owner != nil {
		owner = c.data.keep("greetings", owner)
	}
	c.data.recordings[recordingKey(owner, c.language())] = recording
	return c.done()
}

// createVoiceFile makes a place for a recording; the answer is its name alone.
func createVoiceFile(c *call) answer {
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	name := c.data.newID() + ".wav"
	c.data.voiceFiles[name] = c.data.now()
	return c.body(http.StatusCreated, []byte(name))
}

func putVoiceFile(c *call) answer {
	_, known := c.data.voiceFiles[c.ids[0]]
	switch {
	case !known:
		return c.fail(invalid("VoiceFile not found "))
	case !isSound(c.fields[audioBody]):
		return c.fail(invalid("there is no recording"))
	}
	c.data.recordings[c.ids[0]] = c.fields[audioBody]
	return c.done()
}

// question is the one of an interview handler that the path names; nil when there is none.
func (c *call) question() *document { return resourceOf("interviewquestions").find(c) }

func getQuestion(c *call) answer {
	found := c.question()
	if found == nil {
		return c.fail(notFound("interviewquestion", "QuestionNumber", c.ids[1]))
	}
	return c.sound(c.data.recordings[recordingKey(found, questionRecording)], "interviewquestion", c.ids[1])
}

func putQuestion(c *call) answer {
	found := c.question()
	switch {
	case found == nil:
		return c.fail(notFound("interviewquestion", "QuestionNumber", c.ids[1]))
	case !isSound(c.fields[audioBody]):
		return c.fail(invalid("there is no recording"))
	}
	recording := c.fields[audioBody]
	c.fields = nil
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	c.data.recordings[recordingKey(c.data.keep("interviewquestions", found), questionRecording)] = recording
	return c.done()
}
