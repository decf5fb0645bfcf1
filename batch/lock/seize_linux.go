package lock

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// seize takes a lock by listening at a socket whose name is in no file system: every
// account sees it, in whatever home, and also a service that has a /tmp of its own;
// nobody can put a link in its place, and it is gone with its process. Whoever connects is
// told the words. If another has it, release is nil, and read gives that one's words.
func seize(name string, words []byte) (release func(), read func() ([]byte, error), err error) {
	listener, err := net.Listen("unix", "@"+name)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, func() ([]byte, error) { return heardFrom("@" + name) }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			asker, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				time.Sleep(wordsPause) // out of files, say
				continue
			}
			_ = asker.SetDeadline(time.Now().Add(wordsPause))
			_, _ = asker.Write(words) // whoever asks may leave
			_ = asker.Close()
		}
	}()
	return func() {
		_ = listener.Close() // the kernel frees what this can't
		<-gone
	}, nil, nil
}

// wordsPause is how long one who asks may take.
const wordsPause = 100 * time.Millisecond

func heardFrom(name string) ([]byte, error) {
	holder, err := net.DialTimeout("unix", name, wordsPatience)
	if err != nil {
		return nil, err
	}
	defer holder.Close()
	_ = holder.SetDeadline(time.Now().Add(wordsPatience))
	return io.ReadAll(io.LimitReader(holder, maxWords))
}
