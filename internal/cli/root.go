package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/validate"
)

const rootHelp = `cucbulk provisions the users of a Cisco Unity Connection server in bulk: it reads
them from a CSV file and creates, updates or deletes them over the provisioning
interface (CUPI). Whatever it does is journaled, can be resumed, and can be rolled
back as far as the server allows.`

const rootExample = `  See what it does, on a server simulated on this computer:
    cucbulk demo

  The usual way:
    cucbulk new users.csv
    cucbulk validate users.csv --operation create
    cucbulk run users.csv --operation create \
        --server https://cuc1.example.com --user admin
    cucbulk verify runs/20260102-150405-users
    cucbulk rollback runs/20260102-150405-users`

func rootCommand(p *program) *cobra.Command {
	root := &cobra.Command{
		Use: "cucbulk", Short: "Provision Cisco Unity Connection users in bulk",
		Long: rootHelp + exitStatus + runExits, Example: rootExample,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs,
	}
	root.RunE = func(_ *cobra.Command, arguments []string) error {
		if len(arguments) == 0 {
			return root.Help()
		}
		return unknownCommand(root, arguments[0])
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(command *cobra.Command, err error) error {
		return fmt.Errorf("%w; see: %s --help", err, command.CommandPath())
	})
	root.AddCommand(
		demoCommand(p), newCommand(p), fieldsCommand(p), codesCommand(p), validateCommand(p), runCommand(p), syncCommand(p),
		doctorCommand(p), probeCommand(p), resumeCommand(p), rollbackCommand(p), verifyCommand(p), exportCommand(p),
		compareCommand(p), reportCommand(p),
		historyCommand(p), cleanCommand(p), simulateCommand(p),
		fingerprintCommand(p), completionCommand(p), versionCommand(p),
	)
	root.AddCommand(configCommand(p, root.Commands()))
	for _, command := range root.Commands() {
		command.PreRunE = func(command *cobra.Command, _ []string) error { return applyConfig(p.access.getenv, command) }
		command.DisableFlagsInUseLine = true
		command.Flags().SortFlags = false
		command.Long = filled(command.Long)
		completeFlags(p.access.getenv, command)
	}
	root.Long = filled(root.Long)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", columns)))
	return root
}

// unknownCommand says which command was meant, perhaps.
func unknownCommand(root *cobra.Command, name string) error {
	var names []string
	for _, command := range root.Commands() {
		names = append(names, command.Name())
	}
	if near := validate.Nearest(name, names); near != "" {
		return misused("there is no command %q: did you mean %s? See: cucbulk --help", name, near)
	}
	return misused("there is no command %q; see: cucbulk --help", name)
}
