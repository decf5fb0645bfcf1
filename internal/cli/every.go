package cli

import (
	"time"

	"cucbulk/internal/crash"
)

// every calls show again and again until stop is called. When stop returns, show has
// been called for the last time.
func every(interval time.Duration, show func()) (stop func()) {
	stopping, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if crash.Caught(show) != nil { // what is shown is not what is done
					return
				}
			case <-stopping:
				return
			}
		}
	}()
	return func() {
		close(stopping)
		<-gone
	}
}
