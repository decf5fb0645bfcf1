package validate

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
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

// sound is a file that a cell names, and the language in which it is recorded; "": that of the user.
type sound struct{ language, path string }

// languages begin the files of a greeting in a cell that has several: 1033:hello.wav;1031:hallo.wav.
var languages = regexp.MustCompile(`(?:^|;)\s*(\d+)\s*:`)

// soundsOf takes the cell of a recording apart. problem says what is wrong with it.
func soundsOf(column *Column, text string) (sounds []sound, problem string) {
	marks := languages.FindAllStringSubmatchIndex(text, -1)
	if !strings.HasPrefix(column.Step, stepGreetingRecordings) || len(marks) == 0 {
		return []sound{{path: text}}, ""
	}
	if marks[0][0] > 0 {
		return nil, "has several recordings, and the first of them is in no language: give each a LanguageCode, such as " +
			"1033:hello.wav;1031:hallo.wav"
	}
	for i, mark := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		one := sound{text[mark[2]:mark[3]], strings.TrimSpace(text[mark[1]:end])}
		switch {
		case one.path == "":
			return nil, "has no file for the language " + one.language
		case slices.ContainsFunc(sounds, func(other sound) bool { return other.language == one.language }):
			return nil, "has two files for the language " + one.language + ": keep one of them"
		}
		sounds = append(sounds, one)
	}
	return sounds, ""
}

// step is that which records it.
func (s sound) step(column *Column) string {
	if s.language == "" {
		return column.Step
	}
	return column.Step + "/" + s.language
}

// recordingRules look through the files that the row names, and give their digests.
func (l *dataLine) recordingRules() (digests []audio.Digest) {
	for i, text := range l.values {
		if column := l.slots[i].column; column.Type == File && text != "" {
			sounds, wrong := soundsOf(column, text)
			if wrong != "" {
				l.add(column.Name, codes.BadRecording, wrong, false)
			}
			for _, sound := range sounds {
				digest, problem := l.recording(sound.path)
				if problem.message != "" {
					l.add(column.Name, problem.code, problem.message, problem.warning)
				}
				digests = append(digests, digest)
			}
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
		if at, is := l.position[column.Name]; is && l.slots[at].mapping != nil { // files are called as the file's cells
			value, _ = l.slots[at].written(l.row)
		}
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
		return "", finding{code: codes.NoRecording, message: fmt.Sprintf("there is no file %s: what is recorded stays as it is", path),
			warning: true}
	case errors.Is(err, fs.ErrNotExist):
		return "", finding{code: codes.BadRecording,
			message: fmt.Sprintf("there is no file %s: paths count from the folder of the input, or from --audio DIR", path)}
	}
	return "", finding{code: codes.BadRecording, message: fmt.Sprintf("%s can't be sent: %v", text, err)}
}

// recordings sets those that the row names.
func (l *dataLine) recordings(record *Record) {
	for i, text := range l.values {
		column := l.slots[i].column
		if column.Type != File || text == "" {
			continue
		}
		sounds, _ := soundsOf(column, text) // else the row is invalid
		for _, sound := range sounds {
			digest, problem := l.recording(sound.path)
			if problem.message != "" && !problem.warning { // it is gone since it was checked: the step fails
				digest = "?" + sound.path
			}
			if digest == "" {
				continue
			}
			record.set(sound.step(column), cupi.Recording, digest)
			if greeting, is := strings.CutPrefix(column.Step, stepGreetingRecordings); is &&
				record.Steps["greetings/"+greeting]["PlayWhat"] == "" {
				record.set("greetings/"+greeting, "PlayWhat", playRecording)
			}
		}
	}
}
