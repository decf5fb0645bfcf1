package cli

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version",
		Long:    "Print the version of cucbulk, and of Go that it was built with." + exitStatus + "  0  printed",
		Example: "  cucbulk version", Args: cobra.NoArgs,
		RunE: p.does(func(context.Context, []string) (int, error) {
			p.screen.print("cucbulk %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return 0, nil
		}),
	}
}

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
