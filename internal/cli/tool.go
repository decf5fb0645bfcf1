package cli

import "runtime/debug"

// version is the version of the module, as the build recorded it.
func version() string {
	build, known := debug.ReadBuildInfo()
	if !known || build.Main.Version == "" {
		return "(unknown)"
	}
	return build.Main.Version
}

// tool is how the program names itself in what it leaves.
func tool() string { return "cucbulk " + version() }
