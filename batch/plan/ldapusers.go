package plan

import (
	"context"
	"errors"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// ldapUsers are who the LDAP directory has of those that were looked for: by the
// matchKey of an Alias or a pkid, persons of whom no user was made yet. A key with an
// empty list was looked for and is not there.
type ldapUsers map[string][]cupi.Object

// errNotListed is returned when a server does not list its directory.
var errNotListed = &send.Failure{Status: record.Failed, Code: codes.DirectoryNotShown,
	Message: "the server does not list its LDAP directory: is it integrated with one, and may this account import users?"}

// FindLDAPUsers looks for people in the LDAP directory: with a query for each, or page by
// page, whichever costs fewer requests. The error is as that of pages.
func FindLDAPUsers(ctx context.Context, e *send.Requester, wanted []model.UserKey) (ldapUsers, error) {
	search := &ldapSearch{Requester: e, found: ldapUsers{}, wanted: wanted}
	for _, key := range wanted {
		search.found[model.MatchKey(key.Column, key.Value)] = nil
	}
	err := search.pages(ctx)
	if errors.Is(err, errNotQueried) { // then only the list can tell
		search.queriesFail = true
		err = search.pages(ctx)
	}
	return search.found, err
}

// ldapSearch is one search of the directory.
type ldapSearch struct {
	*send.Requester
	found       ldapUsers
	wanted      []model.UserKey
	queriesFail bool // the server does not answer queries of the directory
}

// missing gives the keys of whom nobody was found yet.
func (s *ldapSearch) missing() []model.UserKey {
	return slices.DeleteFunc(slices.Clone(s.wanted),
		func(key model.UserKey) bool { return len(s.found[model.MatchKey(key.Column, key.Value)]) > 0 })
}

// pages reads the list until all are found, or the rest costs less by queries. A list
// that moves while it is read may pass somebody over: then the missing are asked for
// one by one, or it is read until it shows the same twice, whichever costs fewer
// requests. The error is errNotListed, a *failure of a list that moves, or a *Stop.
func (s *ldapSearch) pages(ctx context.Context) error {
	var before map[string]bool
	for range send.MaxReadings {
		seen, requests, err := s.look(ctx)
		missing := s.missing()
		switch {
		case err != nil, len(missing) == 0, requests <= 1, maps.Equal(seen, before):
			return err
		case len(missing) <= requests && !s.queriesFail:
			return s.queries(ctx, missing)
		}
		before = seen
	}
	if !s.queriesFail {
		return s.queries(ctx, s.missing())
	}
	return &send.Failure{Status: record.Failed, Code: codes.ListMoves,
		Message: "the LDAP directory could not be listed whole: it changed each time it was read. Type the command again"}
}

// look reads the pages of the list once, as far as need be, and gives whom they
// showed. Where it has asked for the rest, it made no request for a page.
func (s *ldapSearch) look(ctx context.Context) (seen map[string]bool, requests int, err error) {
	seen = map[string]bool{}
	read, total, left := 0, 0, 1
	for {
		missing := s.missing()
		if len(missing) == 0 {
			return seen, requests, nil
		}
		if len(missing) <= left && !s.queriesFail {
			return seen, 0, s.queries(ctx, missing)
		}
		page, err := s.ask(ctx, cupi.ListDirectoryUsers(cupi.Query{}, read, cupi.MaxDirectoryRows))
		if err != nil {
			return seen, requests, err
		}
		requests++
		known := len(seen)
		for _, person := range page.Items {
			seen[send.Identifier(person, validate.KeyPerson)] = true
		}
		s.keep(page.Items)
		rows := len(page.Items)
		if read == 0 {
			total = page.Total
		}
		read += rows
		more := read < total || rows == cupi.MaxDirectoryRows // not every server tells its total
		if !more || len(seen) == known || read >= maxLDAPUsers {
			return seen, requests, nil
		}
		left = max(1, (total-read+rows-1)/rows)
	}
}

// maxLDAPUsers is how many people of a directory are looked through.
const maxLDAPUsers = 500_000

// queries asks for each person by the key.
func (s *ldapSearch) queries(ctx context.Context, keys []model.UserKey) error {
	for _, key := range keys {
		column := cupi.DirectoryUsers.NameField
		if key.Column == validate.KeyPerson {
			column = validate.KeyPerson
		}
		if err := s.query(ctx, column, model.Fold(key.Value)); err != nil {
			return err
		}
	}
	return nil
}

// query asks for the people whose column is the value.
func (s *ldapSearch) query(ctx context.Context, column, value string) error {
	for _, query := range cupi.Lookups(column, value) {
		rows, full := send.ListingRows, false
		if query.Op != cupi.Is {
			rows = cupi.MaxDirectoryRows
		}
		for read := 0; read == 0 || full && read < maxLDAPUsers; {
			page, err := s.ask(ctx, cupi.ListDirectoryUsers(query, read, rows))
			if errors.Is(err, errNotListed) {
				return errNotQueried
			}
			if err != nil {
				return err
			}
			hits, _ := send.Matching(page.Items, column, value, false)
			s.keep(hits)
			if query.Op == cupi.Is && len(hits) < len(page.Items) {
				return errNotQueried
			}
			read += max(len(page.Items), 1)
			full = query.Op != cupi.Is && len(page.Items) == rows
			if len(hits) > 0 && !full {
				return nil
			}
		}
	}
	return nil
}

// ask reads one page.
func (s *ldapSearch) ask(ctx context.Context, request cupi.Request) (cupi.Page, error) {
	answer, told, err := s.ReadIfSupported(ctx, request)
	if err == nil && !told {
		err = errNotListed
	}
	return answer.Page, err
}

// keep takes from a page the people that are looked for, each once.
func (s *ldapSearch) keep(items []cupi.Object) {
	for _, person := range items {
		for _, key := range []string{model.MatchKey("Alias", person["alias"]),
			model.MatchKey(validate.KeyPerson, person[validate.KeyPerson])} {
			persons, wanted := s.found[key]
			if wanted && !slices.ContainsFunc(persons, func(other cupi.Object) bool {
				return send.Identifier(other, validate.KeyPerson) == send.Identifier(person, validate.KeyPerson)
			}) {
				s.found[key] = append(persons, person)
			}
		}
	}
}
