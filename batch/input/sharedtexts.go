package input

import (
	"encoding/xml"
)

// sharedTexts are the texts that cells name by their numbers, one behind the other.
type sharedTexts struct {
	text []byte
	ends []uint32
}

func (s *sharedTexts) get(number int) (string, bool) {
	if number < 0 || number >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if number > 0 {
		from = s.ends[number-1]
	}
	return string(s.text[from:s.ends[number]]), true
}

// sharedTexts reads them all; "" is no part, and none.
func (a archive) sharedTexts(part string) (*sharedTexts, error) {
	shared := &sharedTexts{}
	if part == "" {
		return shared, nil
	}
	return shared, a.visit(part, func(at place, token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			if err := known(part, at); err != nil {
				return err
			}
		case xml.CharData:
			if at.is("sst/si/t") || at.is("sst/si/r/t") {
				shared.text = append(shared.text, t...)
			}
		case xml.EndElement:
			if at.is("sst/si") {
				shared.ends = append(shared.ends, uint32(len(shared.text)))
			}
		}
		if len(shared.text) > mostText || len(shared.ends) > mostShared {
			return errTooMuchText
		}
		return nil
	})
}
