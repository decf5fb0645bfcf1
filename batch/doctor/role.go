package doctor

import (
	"context"
	"fmt"
	"strings"

	"cucbulk/batch/site"
	"cucbulk/cupi"
)

// role tells whether the account may do what a run does.
func (d *doctor) role(ctx context.Context, client *cupi.Client) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, err := d.ask(ctx, client, request)
		return answer.Page.Items, err == nil
	}
	switch roles, known := site.ReadRoles(ask, d.Config.User, ""); {
	case !known:
		d.warn("role", "the server does not tell what roles the account has",
			"look there that it has "+site.Sufficient())
	case roles.Suffice:
		d.ok("role", "%s", strings.Join(roles.Names, ", "))
	case len(roles.Unclear) > 0:
		d.warn("role", fmt.Sprintf("only the server knows what %s allows", strings.Join(roles.Unclear, ", ")),
			"try a row or two before the night: cucbulk run users.csv --rows 1-2")
	default:
		d.fail("role", fmt.Sprintf("the account %s has %s", d.Config.User, roles), site.Mend())
	}
}
