package batch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// claim is what a row does to what only one user may have: an alias, or an
// extension in a partition.
type claim struct {
	row, line int
	who       string   // the user: its ObjectId, or its alias while it is to be made
	names     []string // aliases that other rows name too: those rows keep the order of the file
	frees     []string
	takes     []string
	moves     string // the primary extension that an update frees, and so can leave for a temporary one; "" if it frees none
}

// claimOf tells what a plan frees and takes. A partition that is not known claims
// nothing: the server decides.
func (d *directory) claimOf(p Plan, named *named) claim {
	c := claim{row: p.Row, line: p.Line, who: orElse(p.Target["ObjectId"], "alias "+fold(p.Alias))}
	for _, alias := range []string{fold(p.Alias), fold(p.Record.NewAlias)} {
		if named.rowsNaming(alias) > 1 && !slices.Contains(c.names, alias) {
			c.names = append(c.names, alias)
		}
	}
	switch p.Operation {
	case validate.Create, validate.ImportLDAP:
		if first := extensionKey(p.user()["DtmfAccessId"], d.template[fold(p.Template)]["PartitionObjectId"]); p.Operation == validate.ImportLDAP && first != "" {
			c.takes = append(c.takes, first) // where an import puts it, before the partition is set
		}
		c.who = "alias " + fold(p.Alias)
		c.takes = append(c.takes, aliasKey(p.Alias))
	case validate.Delete:
		c.frees = append(c.frees, aliasKey(p.Alias))
		d.freesAll(p, &c)
		return c
	default:
		if alias := p.Record.NewAlias; alias != "" && !same("Alias", alias, p.Alias) {
			c.frees = append(c.frees, aliasKey(p.Alias))
			c.takes = append(c.takes, aliasKey(alias))
		}
	}
	for i, h := range d.handles(p) {
		if h.frees != "" {
			c.frees = append(c.frees, h.frees)
		}
		if h.takes != "" && !slices.Contains(c.takes, h.takes) {
			c.takes = append(c.takes, h.takes)
		}
		if p.Steps[i].Kind == validate.StepUser && p.Operation == validate.Update && h.takes != "" {
			c.moves = h.frees
		}
	}
	return c
}

// freesAll adds the extensions that go with a user that is deleted.
func (d *directory) freesAll(p Plan, c *claim) {
	members := slices.Concat([]cupi.Object{p.Target}, d.alternates.of(p.Target["ObjectId"]))
	for _, member := range members {
		key := extensionKey(member["DtmfAccessId"], member["PartitionObjectId"])
		if key != "" && !slices.Contains(c.frees, key) {
			c.frees = append(c.frees, key)
		}
	}
}

// lacks reports whether a row can't take a thing while its holder has it. That may be the
// row's own user, who has the extension in another place that the row does not free.
func (c claim) lacks(key, holder string) bool {
	return holder != "" && (holder != c.who || !slices.Contains(c.frees, key))
}

func aliasKey(alias string) string { return "alias " + fold(alias) }

// anyPartition stands in a key for a partition that the server does not tell.
const anyPartition = "*"

func extensionKey(extension, partition string) string {
	if extension == "" {
		return ""
	}
	if partition == "" {
		partition = anyPartition
	}
	return "extension " + fold(extension) + " " + fold(partition)
}

// describeKey says what a key stands for, to people.
func describeKey(key string) string {
	kind, rest, _ := strings.Cut(key, " ")
	if kind == "extension" {
		rest, _, _ = strings.Cut(rest, " ")
	}
	return fmt.Sprintf("the %s %q", kind, rest)
}

// wanted gives the fields that a step of the plan sets.
func (p Plan) wanted(kind string) cupi.Object {
	for _, step := range p.Steps {
		if step.Kind == kind {
			return step.Wanted
		}
	}
	return nil
}

// user gives the fields of the user itself that the plan sets.
func (p Plan) user() cupi.Object {
	fields := p.wanted(validate.StepUser)
	if more := p.wanted(stepFields); more != nil {
		fields = maps.Clone(fields)
		maps.Copy(fields, more)
	}
	return fields
}

// ordering says which jobs come after which, and which rows go through a temporary
// extension. A row's job has the row's number as its id; the job that moves a row
// out of the way first has the number with a minus.
type ordering struct {
	after map[int][]int
	parks map[int]bool

	sameAlias map[int][]int // of after, those that are there because the rows name one alias
}

// awaited gives the rows after which others come.
func (o ordering) awaited() map[int]bool {
	awaited := map[int]bool{}
	for _, rows := range o.after {
		for _, row := range rows {
			awaited[row] = true
		}
	}
	return awaited
}

// clash is a row that can't take what it wants.
type clash struct {
	row, line     int
	code, message string
	warning       bool // only the server can tell
}

// order finds out who holds what rows take, lets the row that frees a thing go
// before the row that takes it, and breaks the circles that extensions make by
// moving one user out of the way first. named counts the rows that name an alias.
func (d *directory) order(claims []claim, named *named) (ordering, []clash) {
	o := ordering{after: map[int][]int{}, parks: map[int]bool{}, sameAlias: map[int][]int{}}
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
	var clashes []clash
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
				if alias, is := strings.CutPrefix(key, "alias "); is && frees[i].row > taker.row && named.rowsNaming(alias) > 2 {
					clashes = append(clashes, clashOf(taker, key, description))
					continue
				}
				o.after[taker.row] = append(o.after[taker.row], frees[i].row)
				reversed[[2]int{taker.row, frees[i].row}] = strings.HasPrefix(key, "alias ")
				frees = slices.Delete(slices.Clone(frees), i, i+1)
			}
			holder, description = taker.who, fmt.Sprintf("row %d of the file (line %d)", taker.row, taker.line)
		}
	}
	o.keepOrder(claims, reversed)
	return o, append(clashes, o.breakCircles(claims)...)
}

// keepOrder lets rows that name one alias go in the order of the file.
func (o ordering) keepOrder(claims []claim, reversed map[[2]int]bool) {
	last := map[string]int{}
	for _, c := range claims {
		for _, name := range c.names {
			if before := last[name]; before != 0 && !reversed[[2]int{before, c.row}] {
				o.sameAlias[c.row] = append(o.sameAlias[c.row], before)
				o.after[c.row] = append(o.after[c.row], before)
			}
			last[name] = c.row
		}
	}
}

func clashOf(taker claim, key, holder string) clash {
	code := "extension-taken"
	if strings.HasPrefix(key, "alias ") {
		code = "alias-taken"
	}
	if strings.HasSuffix(key, " "+anyPartition) {
		return clash{row: taker.row, line: taker.line, code: "extension-perhaps-taken", warning: true,
			message: fmt.Sprintf("%s is taken by %s, perhaps in another partition: the server does not show which; it refuses the row if the partition is the same", describeKey(key), holder)}
	}
	return clash{row: taker.row, line: taker.line, code: code, message: fmt.Sprintf("%s is taken by %s, and no row of the file frees it; use another one, or free it", describeKey(key), holder)}
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
func (d *directory) holder(key string) (objectID, description string) {
	kind, rest, _ := strings.Cut(key, " ")
	if kind == "alias" {
		for _, user := range d.find("Alias", rest) {
			return user["ObjectId"], describe(user)
		}
		return "", ""
	}
	extension, partition, _ := strings.Cut(rest, " ")
	for _, user := range d.find("DtmfAccessId", extension) {
		if partition == anyPartition || fold(user["PartitionObjectId"]) == partition {
			return user["ObjectId"], describe(user)
		}
	}
	if other, is := d.others[key]; is {
		return other.objectID, other.description
	}
	return "", ""
}

// breakCircles finds rows that wait for each other.
func (o ordering) breakCircles(claims []claim) []clash {
	byRow := map[int]claim{}
	for _, c := range claims {
		byRow[c.row] = c
	}
	var clashes []clash
	for {
		circle := o.circle(claims)
		if circle == nil {
			return clashes
		}
		circle = slices.DeleteFunc(circle, func(id int) bool { return id < 0 })
		i := slices.IndexFunc(circle, func(row int) bool {
			return byRow[row].moves != "" && !o.parks[row] && o.onlyExtensions(row, circle, byRow)
		})
		if i < 0 {
			for _, row := range circle {
				clashes = append(clashes, clash{row: row, line: byRow[row].line, code: "rows-in-a-circle",
					message: fmt.Sprintf("rows %s each take what another one frees, and can't go through a temporary value; do it in two files", numbers(circle))})
				delete(o.after, row)
				delete(o.after, -row)
			}
			continue
		}
		o.park(circle[i], byRow)
	}
}

// onlyExtensions reports whether the others of the circle wait for the row's
// extension alone.
func (o ordering) onlyExtensions(row int, circle []int, byRow map[int]claim) bool {
	return !slices.ContainsFunc(circle, func(other int) bool {
		return slices.Contains(o.after[other], row) && !o.onlyExtension(other, row, byRow)
	})
}

// onlyExtension reports whether a row waits for another's primary extension alone:
// neither is the other's alias its own, nor does it take anything else that it frees.
func (o ordering) onlyExtension(waiting, row int, byRow map[int]claim) bool {
	waiting = max(waiting, -waiting)
	if slices.Contains(o.sameAlias[waiting], row) {
		return false
	}
	return !slices.ContainsFunc(byRow[row].frees, func(key string) bool {
		return key != byRow[row].moves && slices.Contains(byRow[waiting].takes, key)
	})
}

// park lets a row leave its extension first, so that those that wait for it alone
// need not wait for the rest of the row.
func (o ordering) park(row int, byRow map[int]claim) {
	o.parks[row] = true
	for waiting, list := range o.after {
		for i, before := range list {
			if before == row && waiting != -row && o.onlyExtension(waiting, row, byRow) {
				list[i] = -row
			}
		}
	}
	o.after[-row] = slices.Clone(o.sameAlias[row])
	o.after[row] = append(o.after[row], -row)
}

// circle gives the rows of one circle, nil if there is none.
func (o ordering) circle(claims []claim) []int {
	const visiting, visited = 1, 2
	state := map[int]int{}
	var path []int
	var visit func(row int) []int
	visit = func(row int) []int {
		switch state[row] {
		case visiting:
			return slices.Clone(path[slices.Index(path, row):])
		case visited:
			return nil
		}
		state[row] = visiting
		path = append(path, row)
		for _, before := range o.after[row] {
			if circle := visit(before); circle != nil {
				return circle
			}
		}
		path = path[:len(path)-1]
		state[row] = visited
		return nil
	}
	for _, c := range claims {
		if circle := visit(c.row); circle != nil {
			return circle
		}
	}
	return nil
}

func numbers(rows []int) string {
	sorted := slices.Sorted(slices.Values(rows))
	texts := make([]string, len(sorted))
	for i, row := range sorted {
		texts[i] = fmt.Sprint(row)
	}
	return strings.Join(texts, ", ")
}
