package validate

import "math/bits"

// uniqueKeys tells what a row takes for itself.
func (l *dataLine) claims() uniqueKeys {
	var c uniqueKeys
	if l.operation == "" {
		return c
	}
	if l.options.table().Member != nil {
		return l.claimedAsMember()
	}
	alias := l.digest(l.at.alias)
	c.once[useAlias], c.cells[useAlias] = alias.in(l.demands.aliasRealm), l.cellOf(l.at.alias)
	if key := l.demands.key; key >= 0 && key != l.at.alias {
		c.once[useKey], c.cells[useKey], c.key = l.digest(key).in(l.demands.keyRealm), l.cellOf(key), l.slots[key].column.Name
	}
	if l.operation == Update {
		c.once[useNewAlias], c.cells[useNewAlias] = l.digest(l.at.newAlias).in(l.realms.newAlias), l.cellOf(l.at.newAlias)
	}
	if l.operation == Delete {
		return c
	}
	c.user, c.hasUser = alias.tail, alias.head != 0
	if l.demands.key != l.at.extension {
		c.extension = l.claimedExtension(l.at.extension)
	}
	for _, slot := range l.at.alternates {
		if l.givenAt(slot) {
			c.alternates = append(c.alternates, l.claimedExtension(slot))
		}
	}
	for _, slot := range l.at.members {
		if l.givenAt(slot) {
			c.members = l.claimedMembers(c.members, slot)
		}
	}
	return c
}

// claimedAsMember tells which member of which owner a row is about, whatever it asks for: a second row would do
// the same again, or the opposite. One that does not say of what kind the member is may mean each.
func (l *dataLine) claimedAsMember() (c uniqueKeys) {
	owner, member := l.digest(l.demands.key), l.digest(l.at.member)
	if owner.head == 0 || member.head == 0 {
		return c
	}
	owner = owner.in(l.realms.owner)
	owner = digest{bits.RotateLeft64(owner.head, 31), bits.RotateLeft32(owner.tail, 13)}
	c.cells[useMember], c.key = l.cellOf(l.at.member), l.slots[l.at.member].column.Name
	var kinds []string
	switch {
	case l.givenAt(l.at.memberKind):
		kinds = []string{l.valueAt(l.at.memberKind)}
	case l.cellOf(l.at.memberKind) >= 0:
		kinds = l.slots[l.at.memberKind].column.Values
	default: // no row says it
		c.once[useMember] = member.in(owner)
		return c
	}
	for _, kind := range kinds {
		c.kinds = append(c.kinds, member.in(l.digester.of("kind "+kind)).in(owner))
	}
	c.once[useMember], c.kinds = c.kinds[0], c.kinds[1:]
	return c
}

func (l *dataLine) claimedExtension(slot int) claimedExtension {
	claimed := claimedExtension{digest: l.digest(slot).in(l.realms.extension)}
	if claimed.head == 0 {
		return claimed
	}
	claimed.column, claimed.cell = l.slots[slot].column.Name, l.cellOf(slot)
	if kind, text := l.partition(claimed.column); kind != "" {
		if kind != l.scope.kind || text != l.scope.text {
			l.scope = scope{kind, text, l.digester.of(text).in(l.digester.of(kind)).head}
		}
		claimed.scope = l.scope.hash
	}
	return claimed
}

// claimedMembers appends what a cell gives, of which no two users have the same.
func (l *dataLine) claimedMembers(claimed []claimedMember, slot int) []claimedMember {
	column, text := l.slots[slot].column, bare(l.values[slot])
	items := []string{text}
	if column.List != "" {
		items = column.List.items(text)
	}
	for _, item := range items {
		claimed = append(claimed, claimedMember{l.digester.of(item).in(l.realms.members[column.Name]), column, l.cellOf(slot), item})
	}
	return claimed
}

// cellOf is under which heading a slot stands, from 0; -1: under none.
func (l *dataLine) cellOf(slot int) int {
	if slot < 0 {
		return -1
	}
	return l.slots[slot].cell
}

// digest stands for the value of a slot; it has no head when none is given.
func (l *dataLine) digest(slot int) digest {
	if !l.givenAt(slot) {
		return digest{}
	}
	return l.digester.of(bare(l.values[slot]))
}

// partition returns what surely decides the partition of one of the row's
// extensions: two with the same kind and text mean the same partition. The kind is
// "" when nothing does, because the row may meet a user that has a partition
// already. An alternate extension is in its user's partition unless it names one.
func (l *dataLine) partition(column string) (kind, text string) {
	switch {
	case len(l.at.alternates) > 0 && l.given(column+"_Partition"):
		return "name", l.get(column + "_Partition")
	case l.givenAt(l.at.partitionID):
		return "id", l.values[l.at.partitionID]
	case l.givenAt(l.at.partitionName):
		return "name", l.values[l.at.partitionName]
	case l.operation.MakesUsers() && l.template() != "":
		return "template", l.template()
	}
	return "", ""
}
