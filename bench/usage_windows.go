package main

import (
	"os"
	"syscall"
	"time"
)

// processorTime is what this process has spent so far.
func processorTime() time.Duration {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, ended, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &ended, &kernel, &user); err != nil {
		return 0
	}
	spent := func(t syscall.Filetime) time.Duration {
		return time.Duration(int64(t.HighDateTime)<<32+int64(t.LowDateTime)) * 100
	}
	return spent(kernel) + spent(user)
}

// mostMemory is not told by Windows when a process has ended.
func mostMemory(*os.ProcessState) int64 { return 0 }
