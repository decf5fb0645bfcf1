package model

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// How names are compared, and small words for texts.

// Fold gives the form in which aliases and names are compared. Servers do not mind the case
// of letters; whether they mind in which of Unicode's forms an accent is written is told
// nowhere, and nobody sees the difference: so those are one name here.
func Fold(text string) string { return norm.NFC.String(Lower(text)) }

// Lower is a text as queries ask for it.
func Lower(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// LastPart is the id at the end of a path.
func LastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// UserKey is a column and a value by which a user is looked up.
type UserKey struct{ Column, Value string }

// Match is the key in the form in which it is looked up.
func (k UserKey) Match() string { return MatchKey(k.Column, k.Value) }

// MatchKey is a column and a value, in the form in which they are looked up.
func MatchKey(column, value string) string { return column + "\x00" + Fold(value) }
