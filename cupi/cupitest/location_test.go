package cupitest

import (
	"strings"
	"testing"
)

func TestServersHaveLocationsOfTheirOwn(t *testing.T) {
	t.Parallel()
	inBoth(t, func() *Server { return &Server{Location: LocationOf("here")} }, func(t *testing.T, s *Server, c *client) {
		here := LocationOf("here")
		if user := c.read("/vmrest/users/"+operatorID, "User"); user["LocationObjectId"] != here || !strings.HasSuffix(user["LocationURI"], here) {
			t.Errorf("got %s and %s, want %s", user["LocationObjectId"], user["LocationURI"], here)
		}
		c.expect(200, "GET", "/vmrest/locations/connectionlocations/"+here, "")
		c.expect(201, "POST", "/vmrest/schedulesets", c.write("ScheduleSet", "DisplayName", "Office", "OwnerLocationObjectId", here))
	})
	if LocationOf("here") == LocationOf("there") || LocationOf("here") == locationID {
		t.Error("two locations are one")
	}
}
