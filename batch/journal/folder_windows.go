package journal

// SyncFolder does nothing: Windows has no sync for folders, and its file systems
// journal the names themselves.
func SyncFolder(string) error { return nil }
