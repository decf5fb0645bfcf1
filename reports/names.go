package reports

import "cucbulk/batch/record"

// The names of the files in a run folder.
const (
	ResultsFile  = record.ResultsFile
	RejectsFile  = "rejects.csv"
	RollbackFile = record.RollbackFile
	SummaryFile  = record.SummaryFile
	PageFile     = "report.html"
)
