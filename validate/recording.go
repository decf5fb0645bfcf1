package validate

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"

	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/internal/codes"
)

// A cell of a recording is the path of a WAV file, in the folder of Options.AudioFolder. What the
// server gets is the file's sound; what the row carries is its digest, so that everything after
// this compares two recordings as it compares two titles.

// playRecording is the PlayWhat of a greeting that plays what was recorded.
const playRecording = "1"

// placeholders stand in a path for the row's own cells: {Alias}.wav.
var placeholders = regexp.MustCompile(`\{[^{}]*\}`)

// recordingRules look through the files that the row names, and give their digests.
func (l *dataLine) recordingRules() (digests []audio.Digest) {
	for i, text := range l.values {
		if column := l.slots[i].column; column.Type == File && text != "" {
			digest, problem := l.recording(text)
			if problem.message != "" {
				l.add(column.Name, problem.code, problem.message, problem.warning)
			}
			digests = append(digests, digest)
		}
	}
	return digests
}

// recording gives the digest of the file that a cell names; "" and what is wrong, if it can't be
// sent. A path with placeholders is one for many rows: who has no such file keeps what is there.
func (l *dataLine) recording(text string) (audio.Digest, finding) {
	var wrong error
	path := placeholders.ReplaceAllStringFunc(bare(text), func(placeholder string) string {
		name := strings.Trim(placeholder, "{}")
		column, known := ColumnByHeading(name)
		value := bare(l.get(column.Name))
		switch {
		case !known || column.Secret:
			wrong = fmt.Errorf("%s is no column whose text can be a part of the name", placeholder)
		case value == "":
			wrong = fmt.Errorf("the row has no %s for %s", name, placeholder)
		case strings.ContainsAny(value, `/\`) || value == "..":
			wrong = fmt.Errorf("the row's %s, %q, can't be a part of a file's name", name, value)
		}
		return value
	})
	if wrong != nil {
		return "", finding{code: codes.BadRecording, message: wrong.Error()}
	}
	if path = filepath.FromSlash(path); !filepath.IsAbs(path) {
		path = filepath.Join(l.options.AudioFolder, path)
	}
	if l.options.Audio == nil {
		return "", finding{}
	}
	recording, err := l.options.Audio.Check(path)
	switch {
	case err == nil:
		return recording.Digest, finding{}
	case errors.Is(err, fs.ErrNotExist) && placeholders.MatchString(text):
		return "", finding{code: codes.NoRecording, message: fmt.Sprintf("there is no file %s: what is recorded stays as it is", path), warning: true}
	case errors.Is(err, fs.ErrNotExist):
		return "", finding{code: codes.BadRecording, message: fmt.Sprintf("there is no file %s: paths count from the folder of the input, or from --audio DIR", path)}
	}
	return "", finding{code: codes.BadRecording, message: fmt.Sprintf("%s can't be sent: %v", text, err)}
}

// recordings sets those that the row names.
func (l *dataLine) recordings(record *Record) {
	for i, text := range l.values {
		if column := l.slots[i].column; column.Type == File && text != "" {
			digest, problem := l.recording(text)
			if problem.message != "" && !problem.warning { // it is gone since it was checked: the step fails
				digest = "?" + text
			}
			if digest != "" {
				record.set(column.Step, cupi.Recording, digest)
				if greeting, is := strings.CutPrefix(column.Step, "greetingrecordings/"); is && record.Steps["greetings/"+greeting]["PlayWhat"] == "" {
					record.set("greetings/"+greeting, "PlayWhat", playRecording)
				}
			}
		}
	}
}
