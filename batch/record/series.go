package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cucbulk/batch/journal"
	"cucbulk/internal/shell"
)

// A series is several files that are one run: each is a run as any other, with an object, a journal and a copy
// of its file, in a folder of its own, and they go one after the other. What they have in common
// is checked before the first, and stands in the file of the series.

// SeriesFile is the file in a run folder by which that is the folder of a series.
const SeriesFile = "series.json"

// SeriesVersion is that of the series files that this program writes, and reads.
const SeriesVersion = 1

// KindPlan is the kind of a series of which nothing has run: its folders hold plans.
const KindPlan = "plan"

// Series says which runs are one.
type Series struct {
	Version int     `json:"version"`
	Tool    string  `json:"tool"`
	Kind    string  `json:"kind"`         // KindRun, KindRollback or KindPlan
	Of      string  `json:"of,omitempty"` // rollback: the folder of the series that it takes back
	Stages  []Stage `json:"stages"`       // in the order in which they go

	Folder string `json:"-"`
	SHA256 string `json:"-"` // of the file, as it was read or written
}

// Stage is one run of a series.
type Stage struct {
	Folder string `json:"folder"` // in that of the series
	File   string `json:"file"`   // as the user named it

	// Share is what the pre-flight of all files found that the stage is to do.
	Share Share `json:"share"`

	// Plan is the SHA-256 of the plan of the file: that of a plan, which has one wherever the
	// server was asked, or the one that the run is held to.
	Plan string `json:"planSha256,omitempty"`

	// Conflicts are rows that this pre-flight left out.
	Conflicts []Conflict `json:"conflicts,omitempty"`
}

// Share is what one file adds to what the limits of a series go by: rows that are to be sent, and of these
// rows that delete, and rows that delete or make something.
type Share struct {
	Rows    int `json:"rows"`
	Deletes int `json:"deletes,omitempty"`
	Surely  int `json:"surely,omitempty"`
}

// With is both together.
func (s Share) With(other Share) Share {
	return Share{s.Rows + other.Rows, s.Deletes + other.Deletes, s.Surely + other.Surely}
}

// Path is the folder of a stage.
func (s *Series) Path(stage int) string { return filepath.Join(s.Folder, s.Stages[stage].Folder) }

// IsSeries reports whether a folder is that of a series.
func IsSeries(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, SeriesFile))
	return err == nil
}

// SeriesOf is the folder of the series of which a run is a stage; "": it is a run by itself.
func SeriesOf(run string) string {
	folder := SeriesAround(run)
	if folder == "" {
		return ""
	}
	s, err := readSeries(folder)
	if err == nil && (s.Kind == KindPlan ||
		!slices.ContainsFunc(s.Stages, func(stage Stage) bool { return stage.Folder == filepath.Base(run) })) {
		return "" // it only stands there
	}
	return folder
}

// SeriesAround is the folder of the series in which a run's folder stands, as one of it or as the rollback of one; "": in none.
func SeriesAround(run string) string {
	if folder := filepath.Dir(filepath.Clean(run)); IsSeries(folder) {
		return folder
	}
	return ""
}

// GoesBefore reports whether two runs are of one series, and the first had ended when the second began.
func GoesBefore(run, other string) bool {
	folder := SeriesOf(run)
	if folder == "" || SeriesOf(other) != folder {
		return false
	}
	s, err := readSeries(folder)
	if err != nil {
		return false
	}
	place := func(run string) int {
		return slices.IndexFunc(s.Stages, func(stage Stage) bool { return stage.Folder == filepath.Base(run) })
	}
	return place(run) < place(other)
}

// ReadSeries reads the series in a folder, of which something has run or is to go on.
func ReadSeries(folder string) (*Series, error) {
	s, err := readSeries(folder)
	if err == nil && s.Kind == KindPlan {
		err = fmt.Errorf("%s is a plan of several files, and no run: %s carries it out", folder, shell.New("run").Flag("plan", folder))
	}
	return s, err
}

// ReadPlannedSeries reads the series in a folder that is a plan.
func ReadPlannedSeries(folder string) (*Series, error) {
	s, err := readSeries(folder)
	if err == nil && s.Kind != KindPlan {
		err = fmt.Errorf("%s holds runs of several files, and no plan: name the folder that a dry run with --out left", folder)
	}
	return s, err
}

func readSeries(folder string) (*Series, error) {
	path := filepath.Join(folder, SeriesFile)
	if err := refuseLinks(folder); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s tells which runs are one, and can't be read: %w", path, err)
	}
	s := &Series{Folder: folder, SHA256: digest(text)}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w; each folder in %s is a run of its own, and can be given by itself", path, err, folder)
	}
	if s.Version > SeriesVersion {
		return nil, fmt.Errorf("%s has version %d, and this program reads version %d: use the one that wrote it (%s)", path,
			s.Version, SeriesVersion, s.Tool)
	}
	for _, stage := range s.Stages {
		if stage.Folder != filepath.Base(stage.Folder) || !filepath.IsLocal(stage.Folder) || stage.Folder == "." {
			return nil, fmt.Errorf("%s is damaged: it names the folder %q, which is not in %s", path, stage.Folder, folder)
		}
	}
	if len(s.Stages) == 0 {
		return nil, fmt.Errorf("%s is damaged: it names no run", path)
	}
	return s, nil
}

// Write writes the file of the series, whole or not at all. When it returns, the file is durable.
func (s *Series) Write() error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	s.SHA256 = digest(text)
	path := filepath.Join(s.Folder, SeriesFile)
	written, err := os.CreateTemp(s.Folder, "."+SeriesFile+".*")
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", path, err)
	}
	_, err = written.Write(text)
	if err == nil {
		err = written.Sync()
	}
	if err = errors.Join(err, written.Close()); err == nil {
		err = os.Rename(written.Name(), path)
	}
	if err == nil {
		err = journal.SyncFolder(s.Folder)
	}
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", path, errors.Join(err, os.Remove(written.Name())))
	}
	return nil
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// refuseSeries says of the folder of a series that it is none of a single run.
func refuseSeries(folder string) error {
	s, err := ReadSeries(folder)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s holds several files that are one run, and this takes the folder of one: give one of %s",
		folder, s.Path(0)+", …")
}

// Worst is the exit code of runs that are one: the one of those of each that counts most.
func Worst(exits ...int) int {
	for _, exit := range []int{ExitFailed, ExitInterrupted, ExitRail, ExitUncertain, ExitIncomplete, ExitInvalid} {
		for _, one := range exits {
			if one == exit {
				return exit
			}
		}
	}
	return ExitDone
}

// ExitOfSeries is the exit code of runs that are one. One that was not begun says nothing while another says why.
func ExitOfSeries(histories []*History) int {
	var exits []int
	waiting := false
	for _, history := range histories {
		if len(history.Begins) == 0 && len(history.Footers) == 0 {
			waiting = true
			continue
		}
		exits = append(exits, history.Exit())
	}
	exit := Worst(exits...)
	if waiting && exit != ExitFailed && exit != ExitRail {
		return ExitInterrupted
	}
	return exit
}

// FileName is what people call the input of a run, or that of the run that a rollback takes back.
func (h *History) FileName() string { return cmp.Or(h.Header.Input.Name, filepath.Base(h.Folder)) }

// seriesIn gives the folders of the runs in the folder of a series, and of what else may be a run there, as the rollback of
// one of them is; none where it is no such folder.
func seriesIn(folder string) []string {
	if !IsSeries(folder) {
		return nil
	}
	s, err := ReadSeries(folder)
	if err != nil {
		return nil
	}
	var folders []string
	for i := range s.Stages {
		folders = append(folders, s.Path(i))
	}
	entries, _ := os.ReadDir(folder) // without them there are the runs
	for _, entry := range entries {
		if path := filepath.Join(folder, entry.Name()); entry.IsDir() && !slices.Contains(folders, path) {
			folders = append(folders, path)
		}
	}
	return folders
}
