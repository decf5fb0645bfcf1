package lock

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// seize takes a lock by making an object that the computer has one of, for all accounts
// and sessions, and that is gone with its process. Its words stand in a file beside. If
// another has it, release is nil, and read gives that one's words.
func seize(name string, words []byte) (release func(), read func() ([]byte, error), err error) {
	object, err := windows.UTF16PtrFromString(`Global\` + name)
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(os.Getenv("ProgramData"), "cucbulk", name+".json")
	mutex, err := windows.CreateMutex(nil, false, object)
	switch {
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
		_ = windows.CloseHandle(mutex) // it is the other's
		return nil, func() ([]byte, error) { return os.ReadFile(path) }, nil
	case errors.Is(err, windows.ERROR_ACCESS_DENIED): // another account's
		return nil, func() ([]byte, error) { return os.ReadFile(path) }, nil
	case err != nil:
		return nil, nil, err
	}
	// Words that can't be written are missed by those who wait, and nobody else.
	_ = os.MkdirAll(filepath.Dir(path), 0o755)
	_ = os.Remove(path)
	_ = os.WriteFile(path, words, 0o644)
	return func() {
		_ = os.Remove(path)
		_ = windows.CloseHandle(mutex)
	}, nil, nil
}
