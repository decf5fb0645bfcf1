package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Keys are texts by which what users have is told apart, as the server tells it apart: a member of
// which no two users may have the same, an extension in a partition, a code that is nearly another.

// memberKey stands for a member that only one user may have.
func memberKey(kind *model.StepKind, value string) string {
	return kind.Name + " " + model.Fold(value)
}

// isMember reports whether a key stands for such a member.
func isMember(key string) bool {
	name, _, _ := strings.Cut(key, " ")
	kind := model.KindNamed(name)
	return kind != nil && kind.Unique != ""
}

// uniqueMembers gives the keys of the members that a step shall set.
func uniqueMembers(step string, wanted cupi.Object) (keys []string) {
	kind := model.KindOf(step)
	if kind.Unique == "" {
		return nil
	}
	for _, value := range validate.SplitList(wanted[kind.Unique]) {
		if key := memberKey(kind, value); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// NearForm is one text for all codes that differ only in a way in which a spreadsheet makes them
// differ; "" for a text that is no code, of which nothing near is looked for.
func NearForm(text string) string {
	if strings.ContainsFunc(text, unicode.IsLetter) {
		wide := norm.NFKC.String(text)
		if wide == text {
			return ""
		}
		return model.Fold(wide)
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '*' || r == '#' {
			return r
		}
		return -1
	}, norm.NFKC.String(text))
	if digits == "" {
		return ""
	}
	return "#" + strings.TrimLeft(digits, "0")
}

// near reports whether two codes differ, and only so.
func near(one, other string) bool {
	form := NearForm(one)
	return form != "" && model.Fold(one) != model.Fold(other) && form == NearForm(other)
}

// nearKey is a column and what codes in it have in common that are near each other.
func nearKey(column, form string) string { return column + "\x00~" + form }

// extensionKey stands for an extension in a partition.
func extensionKey(extension, partition string) string {
	if extension == "" {
		return ""
	}
	if partition == "" {
		partition = anyPartition
	}
	return "extension " + model.Fold(extension) + " " + model.Fold(partition)
}

// anyPartition stands in a key for a partition that the server does not tell.
const anyPartition = "*"

// madeBefore stands for the user whom a row of a file before makes: of one alias there may be several, one after
// the other. It is "" for other rows.
func madeBefore(row int) string {
	if row >= 0 {
		return ""
	}
	return fmt.Sprint("that of row ", row)
}
