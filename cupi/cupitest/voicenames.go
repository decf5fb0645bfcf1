package cupitest

import (
	"net/http"
	"strings"
)

// namedByVoice is the paths of those who may have a recorded name.
var namedByVoice = []string{
	"users/{id}", "contacts/{id}", "distributionlists/{id}", "handlers/callhandlers/{id}", "handlers/directoryhandlers/{id}",
	"handlers/interviewhandlers/{id}", "users/{id}/privatelists/{id}",
}

// voiceNameRoutes take the recorded name of one, and give it back.
func voiceNameRoutes() []route {
	var routes []route
	for _, path := range namedByVoice {
		owner := ownerAt(path + "/voicename")
		if strings.Count(path, "{id}") == 2 {
			owner = privateListOfPath
		}
		address := "/vmrest/" + path + "/voicename"
		routes = append(routes,
			route{"GET " + address, nil, func(c *call) answer { return c.getVoiceName(owner(c.data, c.ids)) }},
			route{"PUT " + address, []string{audioBody}, func(c *call) answer { return c.putVoiceName(owner(c.data, c.ids)) }})
	}
	return routes
}

func (c *call) getVoiceName(owner *document) answer {
	if owner == nil {
		return c.fail(notFound("voicename", "ObjectId", c.ids[0]))
	}
	name, _ := owner.value(voiceNameField)
	return c.sound(c.data.recordings[name], "voicename", c.ids[0])
}

func (c *call) putVoiceName(owner *document) answer {
	sound := c.fields[audioBody]
	switch {
	case owner == nil:
		return c.fail(notFound("voicename", "ObjectId", c.ids[0]))
	case !isSound(sound):
		return c.fail(invalid("there is no recording"))
	}
	c.fields = nil // what sounds is no field
	if refusal := c.change(aliasOf(owner)); refusal != nil {
		return *refusal
	}
	name := c.data.newID() + ".wav"
	c.data.recordings[name] = sound
	owner.write(map[string]string{voiceNameField: name})
	return c.done()
}

// sound is the answer that holds a recording.
func (c *call) sound(recording, element, id string) answer {
	if recording == "" {
		return c.fail(notFound(element, "ObjectId", id))
	}
	return answer{status: http.StatusOK, body: []byte(recording)}.with("Content-Type", "audio/wav")
}

// isSound is true of what begins as a recording does.
func isSound(body string) bool { return strings.HasPrefix(body, "RIFF") }
