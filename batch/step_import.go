package batch

import (
	"context"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// importUser is the change that makes a user of a person in the directory. Whom the
// pre-flight did not find there is looked for now: an earlier row of the file may have
// deleted the user.
func (s *rowSteps) importUser(ctx context.Context) ([]send.Change, error) {
	person := s.plan.Person
	if person == nil {
		var err error
		if person, err = s.knowledge.person(ctx, s.About.Key(s.plan.Alias), s.plan.Record.Pkid); err != nil {
			return nil, err
		}
	}
	return []send.Change{ImportOf(s.About, s.plan.Template, person, s.plan.DtmfAccessID, s.absentSince)}, nil
}

// ImportOf is the change that imports a person, whose alias was proven free at
// absentSince.
func ImportOf(about *model.Object, template string, person cupi.Object, extension string, absentSince time.Time) send.Change {
	return send.Change{Step: about.Main.Name, Request: about.Importing(template, person, extension), AbsentSince: absentSince}
}

func (s fromServer) person(ctx context.Context, key model.UserKey, pkid string) (cupi.Object, error) {
	return FindPerson(ctx, s.Requester, key, pkid)
}

// FindPerson looks for somebody in the LDAP directory. pkid says who is meant of several
// with one alias; "": there is one.
func FindPerson(ctx context.Context, e *send.Requester, key model.UserKey, pkid string) (cupi.Object, error) {
	found, err := plan.FindLDAPUsers(ctx, e, []model.UserKey{key})
	if err != nil {
		return nil, err
	}
	person, end := plan.ChoosePerson(found[model.MatchKey(key.Column, key.Value)], key, pkid)
	if end.Status != "" {
		return nil, &send.Failure{Status: record.Failed, Code: end.Code, Message: end.Message}
	}
	return person, nil
}
