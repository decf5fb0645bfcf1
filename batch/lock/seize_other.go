//go:build unix && !linux

package lock

// seize takes a lock in the folder of temporary files that all accounts share. If another
// has it, release is nil, and read gives that one's words.
func seize(name string, words []byte) (release func(), read func() ([]byte, error), err error) {
	return seizeFile("/tmp/"+name+".lock", words)
}
