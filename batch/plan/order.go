package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// anyPartition stands in a key for a partition that the server does not tell.
const anyPartition = "*"

// wanted gives the fields that a step of the plan sets.
func (p Plan) wanted(kind string) cupi.Object {
	for _, step := range p.Steps {
		if step.Kind == kind {
			return step.Wanted
		}
	}
	return nil
}

// User gives the fields of the user itself that the plan sets.
func (p Plan) User() cupi.Object {
	fields := p.wanted(p.About.Main.Name)
	if more := p.wanted(p.About.AfterImport.Name); more != nil {
		fields = maps.Clone(fields)
		maps.Copy(fields, more)
	}
	return fields
}

// ordering is an order while it is found out.
type ordering struct {
	record.Order
	sameAlias map[int][]int // of After, those that are there because the rows name one alias
	input     string        // of which temporary extensions are made
}

// Clash is a row that can't take what it wants.
type Clash struct {
	Row, Line int
	Code      codes.Code
	Message   string
	column    string // that it is about, "" for the whole row
	warning   bool   // only the server can tell
}

// order finds out who holds what rows take, lets the row that frees a thing go
// before the row that takes it, and breaks the circles that extensions make by
// moving one user out of the way first. named counts the rows that name an alias; input is
// the digest of the file.
func (d *Snapshot) order(claims []claim, named *Named, input string) (record.Order, []Clash) {
	o := ordering{record.Order{After: map[int][]int{}, Parks: map[int]string{}}, map[int][]int{}, input}
	reversed := map[[2]int]bool{}   // rows of one alias that can't keep the order of the file
	freedBy := map[string][]claim{} // key -> rows that free it
	takenBy := map[string][]claim{} // key -> rows that take it
	var keys []string               // in the order of the file
	claims = blurPartitions(claims)
	for _, c := range claims {
		for _, key := range c.frees {
			freedBy[key] = append(freedBy[key], c)
		}
		for _, key := range c.takes {
			if takenBy[key] == nil {
				keys = append(keys, key)
			}
			takenBy[key] = append(takenBy[key], c)
		}
	}
	var clashes []Clash
	for _, key := range keys {
		holder, description := d.holder(key)
		frees := freedBy[key]
		for _, taker := range takenBy[key] {
			i := slices.IndexFunc(frees, func(c claim) bool { return c.who == holder && c.row != taker.row })
			if i < 0 && taker.lacks(key, holder) {
				clashed := clashOf(taker, key, description)
				if clashes = append(clashes, clashed); !clashed.warning {
					continue
				}
			}
			if i >= 0 {
				if alias, is := strings.CutPrefix(key, "alias "); is && frees[i].row > taker.row && named.RowsNaming(alias) > 2 {
					clashes = append(clashes, clashOf(taker, key, description))
					continue
				}
				o.After[taker.row] = append(o.After[taker.row], frees[i].row)
				if strings.HasPrefix(key, "alias ") {
					reversed[[2]int{taker.row, frees[i].row}] = true
				}
				frees = slices.Delete(slices.Clone(frees), i, i+1)
			}
			holder, description = taker.who, fmt.Sprintf("row %d of the file (line %d)", taker.row, taker.line)
		}
	}
	o.keepOrder(claims, reversed)
	clashes = append(clashes, o.breakCircles(claims)...)
	begun := map[int]bool{}
	for _, c := range claims {
		begun[c.row] = c.begun
	}
	return o.Order, slices.DeleteFunc(clashes, func(c Clash) bool { return begun[c.Row] }) // which go on: they may have what they take
}

// keepOrder lets rows that name one alias go in the order of the file.
func (o ordering) keepOrder(claims []claim, reversed map[[2]int]bool) {
	last := map[string]int{}
	for _, c := range claims {
		for _, name := range c.names {
			if before := last[name]; before != 0 && !reversed[[2]int{before, c.row}] {
				o.sameAlias[c.row] = append(o.sameAlias[c.row], before)
				o.After[c.row] = append(o.After[c.row], before)
			}
			last[name] = c.row
		}
	}
}

func clashOf(taker claim, key, holder string) Clash {
	code, column := codes.ExtensionTaken, taker.columns[slices.Index(taker.takes, key)]
	if strings.HasPrefix(key, "alias ") {
		code = codes.AliasTaken
	}
	if strings.HasSuffix(key, " "+anyPartition) {
		return Clash{Row: taker.row, Line: taker.line, column: column, Code: codes.ExtensionPerhapsTaken, warning: true,
			Message: fmt.Sprintf("%s is taken by %s, perhaps in another partition: the server does not show which; it refuses the row if the partition is the same", describeKey(key), holder)}
	}
	return Clash{Row: taker.row, Line: taker.line, column: column, Code: code, Message: fmt.Sprintf("%s is taken by %s, and no row of the file frees it; use another one, or free it", describeKey(key), holder)}
}

// blurPartitions lets all claims on an extension be on one thing, where the
// partition of one of them is not told: it may be the same.
func blurPartitions(claims []claim) []claim {
	blurred := map[string]bool{}
	for _, c := range claims {
		for _, key := range slices.Concat(c.frees, c.takes) {
			if prefix, unknown := strings.CutSuffix(key, " "+anyPartition); unknown {
				blurred[prefix] = true
			}
		}
	}
	if len(blurred) == 0 {
		return claims
	}
	blur := func(keys []string) []string {
		keys = slices.Clone(keys)
		for i, key := range keys {
			if prefix := key[:strings.LastIndexByte(key, ' ')]; blurred[prefix] {
				keys[i] = prefix + " " + anyPartition
			}
		}
		return keys
	}
	claims = slices.Clone(claims)
	for i := range claims {
		claims[i].frees, claims[i].takes = blur(claims[i].frees), blur(claims[i].takes)
		if moves := claims[i].moves; moves != "" {
			claims[i].moves = blur([]string{moves})[0]
		}
	}
	return claims
}

// holder tells who has a thing on the server: the ObjectId, and in words.
func (d *Snapshot) holder(key string) (objectID, description string) {
	kind, rest, _ := strings.Cut(key, " ")
	if kind == "alias" {
		for _, user := range d.find(d.About.Collection.NameField, rest) {
			return user["ObjectId"], Describe(user)
		}
		return "", ""
	}
	extension, partition, _ := strings.Cut(rest, " ")
	for _, user := range d.find("DtmfAccessId", extension) {
		if partition == anyPartition || model.Fold(user["PartitionObjectId"]) == partition {
			return user["ObjectId"], Describe(user)
		}
	}
	if other, is := d.others[key]; is {
		return other.objectID, other.description
	}
	return "", ""
}
