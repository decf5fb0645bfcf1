package journal

// syncFolder does nothing: Windows has no sync for folders, and its file systems
// journal the names themselves.
func syncFolder(string) error { return nil }
