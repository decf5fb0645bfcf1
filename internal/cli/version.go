package cli

import (
	"context"
	"runtime"

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
