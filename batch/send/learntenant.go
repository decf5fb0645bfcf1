package send

import (
	"context"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// LearnTenant finds the tenant to which the session is to be narrowed, if there is one, and what it has. That
// goes before all else that is asked for. about is what the session is about.
func (e *Requester) LearnTenant(ctx context.Context, about *model.Object) error {
	if e.narrowTo == "" || e.Tenant != nil {
		return nil
	}
	if about.NobodyTells {
		return &record.Stop{Exit: record.ExitUsage, Code: codes.TenantNotTold,
			Reason: fmt.Sprintf("--tenant: the server does not tell of which tenant %s are, so nothing is done about them for "+
				"one; nothing was changed", about.Many())}
	}
	hits, _, err := e.LookUp(ctx, cupi.Tenants, cupi.Tenants.NameField, e.narrowTo, true)
	if err != nil {
		return err
	}
	if len(hits) == 0 {
		return &record.Stop{Exit: record.ExitUsage, Code: codes.UnknownTenant,
			Reason: fmt.Sprintf("--tenant: the server has no tenant with the alias %q; nothing was changed", e.narrowTo)}
	}
	t := &Tenant{Alias: hits[0]["Alias"], ObjectID: hits[0]["ObjectId"], PartitionID: hits[0]["PartitionObjectId"]}
	t.ids = map[string]map[string]bool{cupi.Partitions.Name: {model.Fold(t.PartitionID): true},
		cupi.MailboxStores.Name: {model.Fold(hits[0]["MailboxStoreObjectId"]): true}}
	for _, list := range cupi.TenantLists(t.ObjectID) {
		items, told, err := e.All(ctx, list.In, cupi.Query{})
		if err != nil {
			return err
		}
		if !told {
			continue
		}
		its := map[string]bool{}
		for _, item := range items {
			its[model.Fold(item[list.Field])] = true
		}
		t.ids[list.Of.Name] = its
	}
	e.Tenant = t
	return nil
}
