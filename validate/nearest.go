package validate

import "strings"

// Nearest returns the candidate that is most like a misspelt word, or "" when none
// comes near. Case does not count.
func Nearest(word string, candidates []string) string {
	wanted := []rune(fold(word))
	nearest, best := "", max(2, len(wanted)/3)+1
	for _, candidate := range candidates {
		if d := distance(wanted, []rune(fold(candidate)), best); d < best {
			nearest, best = candidate, d
		}
	}
	return nearest
}

// NearestHeading returns the known heading that is most like an unknown one, or ""
// when none comes near.
func NearestHeading(heading string) string {
	var known []string
	for i := range table {
		if table[i].Access != PassedOver {
			known = append(append(known, table[i].Name), table[i].Also...)
		}
	}
	return Nearest(strings.TrimSpace(heading), known)
}

// distance counts the edits (insert, delete, replace one character) between two
// texts. It may return any number of at least limit once it is sure of that many.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			replace := diagonal
			if ra != rb {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
