package main

import "os"

// mostMemory is not told by Windows when a process has ended.
func mostMemory(*os.ProcessState) int64 { return 0 }
