package trace

import "strings"

// secret stands for every PIN and password.
const secret = "secret"

// value masks what a field of an element holds.
func (k *masking) value(element, field, value string) string {
	trimmed := strings.TrimSpace(value)
	switch {
	case trimmed == "", isBoolean(trimmed):
		return value
	case isSecret(field):
		return secret
	case isText(field), strings.EqualFold(field, "status") && !isNumber(trimmed): // of a licence
		text, _ := k.text(value)
		return text
	case isKept(field, trimmed):
		if k.hides(trimmed) {
			return secret
		}
		return value
	case isObjectID(trimmed):
		return k.mark(kindOfID(element, field), trimmed)
	case strings.HasPrefix(trimmed, "/vmrest/"):
		return k.path(trimmed)
	case strings.Contains(trimmed, "://"):
		return k.url(trimmed)
	}
	return k.mark(kindOf(field, trimmed), trimmed)
}
