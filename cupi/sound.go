package cupi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"cucbulk/cupi/audio"
)

// Sound is the Root of a request whose body, or answer, is a recording in WAV and no object. To who
// sends it the recording is an object all the same: its field [Recording] is the recording's
// digest, and Config.Audio has the sound.
//
// REST API FAQ, Voice Names; CUPI Call Handler Settings, Greetings.
const Sound = "audio/wav"

// Recording is the only field of such an object: an [audio.Digest], "" where nothing was recorded.
const Recording = "Recording"

// BadRecording is the Code of an [Error] that says why a recording was not sent.
const BadRecording = "bad-recording"

// ShortRecording is the value of that field as people read it.
func ShortRecording(recording string) string { return audio.Short(recording) }

func (r Request) sounds() bool { return r.Root == Sound }

// isSound tells an answer that is a recording from one that says what is wrong.
func isSound(response *http.Response) bool {
	kind := strings.ToLower(response.Header.Get("Content-Type"))
	return response.StatusCode == http.StatusOK &&
		(strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "application/octet-stream"))
}

// attachSound makes a recording the body of a request. It is read while it is sent.
func (c *Client) attachSound(request *http.Request, r Request) error {
	request.Header.Set("Accept", Sound+", "+c.wire.mediaType())
	if r.Method != http.MethodPut {
		return nil
	}
	request.Header.Set("Content-Type", Sound)
	if request.Body != nil { // who sends it has the sound at hand
		return nil
	}
	if len(r.Fields) != 1 || r.Fields[Recording] == "" {
		return errors.New("what is sent here is one recording")
	}
	sound, bytes, err := c.audio.Open(r.Fields[Recording])
	if err != nil {
		return err
	}
	request.Body, request.ContentLength = sound, bytes
	return nil
}

// receive keeps the recording that an answer is.
func (c *Client) receive(ctx context.Context, r Request, response *http.Response) (Answer, *Error) {
	answer := Answer{Status: response.StatusCode}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		answer.Date = date
	}
	digest, err := c.audio.Receive(response.Body)
	if err == nil {
		answer.Object = Object{Recording: digest}
		return answer, nil
	}
	failure := &Error{Method: r.Method, Path: r.Path, Sent: Answered, Status: response.StatusCode, Kind: kindOf(ctx, err),
		Err: cause(ctx, err)}
	if errors.Is(err, audio.ErrTooLong) {
		failure.Kind = KindAnswer
	} else if failure.Kind == KindNetwork && ctx.Err() == nil {
		failure.Kind = KindCut
	}
	return Answer{}, failure
}
