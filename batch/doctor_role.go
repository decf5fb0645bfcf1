package batch

import (
	"context"
	"fmt"
	"strings"

	"cucbulk/cupi"
)

// role tells whether the account may do what a run does.
func (d *doctor) role(ctx context.Context, client *cupi.Client) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, err := d.ask(ctx, client, request)
		return answer.Page.Items, err == nil
	}
	switch roles, known := readRoles(ask, d.Config.User, ""); {
	case !known:
		d.warn("role", "the server does not tell what roles the account has",
			"look there that it has "+strings.Join(sufficientRoles, " or "))
	case roles.suffice:
		d.ok("role", "%s", strings.Join(roles.names, ", "))
	case len(roles.unclear) > 0:
		d.warn("role", fmt.Sprintf("only the server knows what %s allows", strings.Join(roles.unclear, ", ")),
			"try a row or two before the night: cucbulk run users.csv --rows 1-2")
	default:
		d.fail("role", fmt.Sprintf("the account %s has %s", d.Config.User, roles), mendRoles)
	}
}
