package cli

import (
	"errors"
	"io"
	"sync"
	"syscall"
)

// stream is stdout or stderr. It remembers the first text that could not be written, so
// that a command whose words are lost does not end as if they had been read.
type stream struct {
	out    io.Writer
	closed func() // told once, when whoever reads it is gone; it ends the command politely

	mutex sync.Mutex // guards what follows
	err   error
}

func (s *stream) Write(text []byte) (int, error) {
	n, err := s.out.Write(text)
	if err != nil && s.fail(err) && errors.Is(err, syscall.EPIPE) {
		s.closed()
	}
	return n, err
}

// fail keeps an error, and reports whether it is the first.
func (s *stream) fail(err error) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	first := s.err == nil
	if first {
		s.err = err
	}
	return first
}

// lost is why not all was written, nil if it was.
func (s *stream) lost() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.err
}
