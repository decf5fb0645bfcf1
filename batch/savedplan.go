package batch

import (
	"time"

	"cucbulk/batch/record"
)

// SavedPlan is what a plan is bound to that the pre-flight leaves in a folder: of what, with
// what, where, as whom, and when the server was looked at. What each row does are the
// [Preview]s that belong to it.
type SavedPlan struct {
	Version  int             `json:"version"`
	Tool     string          `json:"tool"`
	Made     time.Time       `json:"made"`
	Path     string          `json:"path"` // where the input was, from the root; "" if it was read once
	Input    record.Input    `json:"input"`
	Server   record.Identity `json:"server"`
	Account  string          `json:"account"`
	Options  record.Options  `json:"options"`
	Forecast *Forecast       `json:"forecast"`
}

// SavedPlanVersion is that of the plans that this program writes, and reads.
const SavedPlanVersion = 1
