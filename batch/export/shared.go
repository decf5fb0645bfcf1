package export

import (
	"context"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What lists show of more than one part at once is not asked for singly: of everybody's parts of a
// kind, and of a user's parts of several kinds.

// readShared reads the lists of everybody's that serve so many users, of all that the server has.
func (e *exporter) readShared(ctx context.Context, users, all int) error {
	asking := &send.Requester{Session: e.Session, Optional: true}
	var needs []send.PartNeed
	for _, kind := range e.layout.sharedKinds() {
		need := send.PartNeed{Kind: kind, Asks: users, Fields: e.layout.fieldsOf(kind.Name)}
		if kind.Owner == model.TheCallHandler {
			need.Least = all
		}
		needs = append(needs, need)
	}
	if err := e.lists.Learn(ctx, asking, needs); err != nil {
		return err
	}
	for _, need := range needs {
		if err := e.lists.Prove(ctx, asking, need.Kind); err != nil {
			return err
		}
	}
	return nil
}

// mostSamples is of how many users both is read, to know what a list of several kinds shows.
const mostSamples = 3

// learnMixed finds out for the first users which kinds of parts a list of several shows as they are
// shown themselves. Where so few are exported that this does not pay, each kind is asked for.
func (e *exporter) learnMixed(ctx context.Context, users []cupi.Object) error {
	kinds := e.layout.mixedKinds()
	if e.mixed != nil || len(users) == 0 {
		return nil
	}
	if e.mixed = map[string]bool{}; (len(kinds)-1)*(len(users)-mostSamples) <= mostSamples {
		return nil
	}
	looked, err := pool.AllAtOnce(e.Workers, users[:mostSamples],
		func(user cupi.Object) (*looked, error) { return e.look(ctx, user, kinds) })
	if err != nil {
		return err
	}
	e.known = map[string]*batch.Subject{}
	for _, one := range looked {
		e.known[one.subject.ObjectID] = one.subject
	}
	served := 0
	for _, kind := range kinds {
		proof := send.MixedProof{Kind: kind, Needed: e.layout.fieldsOf(kind.Name)}
		for _, one := range looked {
			proof.Compare(one.own[kind.Name], one.listed[kind.Name])
		}
		if e.mixed[kind.Name] = proof.Holds(); e.mixed[kind.Name] {
			served++
		}
	}
	if served < 2 {
		clear(e.mixed)
	}
	return nil
}

// looked is a user of whom both was read.
type looked struct {
	subject     *batch.Subject
	own, listed map[string][]cupi.Object // by kind
}

// look reads a user's parts of some kinds, and the list of several.
func (e *exporter) look(ctx context.Context, user cupi.Object, kinds []*model.StepKind) (*looked, error) {
	l := &looked{subject: e.newSubject(user), own: map[string][]cupi.Object{}, listed: map[string][]cupi.Object{}}
	for _, kind := range kinds {
		p := send.PartOf(kind, kind.Name, l.subject.ObjectID)
		own, err := l.subject.Members(ctx, p)
		if err == nil {
			l.own[kind.Name] = own
			l.listed[kind.Name], err = l.subject.MixedMembers(ctx, p)
		}
		if notShown(err) != nil {
			return nil, err
		}
	}
	return l, nil
}
