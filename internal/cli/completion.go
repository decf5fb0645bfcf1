package cli

import (
	"context"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/cupi"
	"cucbulk/validate"
)

const completionExample = `  source <(cucbulk completion bash)
  cucbulk completion zsh > "${fpath[1]}/_cucbulk"
  cucbulk completion fish > ~/.config/fish/completions/cucbulk.fish
  cucbulk completion powershell | Out-String | Invoke-Expression`

// flagValues are the words that a flag takes, by the flag's name.
func flagValues() map[string][]string {
	return map[string][]string{
		"operation":  {string(validate.Create), string(validate.Update), string(validate.Delete), string(validate.Upsert)},
		"match":      validate.MatchColumns(),
		"ldap-owned": {batch.OwnedSkip, batch.OwnedError},
		"show":       {showProblems, showChanges, showAll},
		"format":     {"text", "json"},
		"progress":   {progressAuto, progressBar, progressPlain, progressJSON, progressNone},
		"wire":       {string(cupi.JSON), string(cupi.XML)},
		"workers":    {"auto"},
	}
}

// completeFlags tells a shell which words the flags of a command take.
func completeFlags(command *cobra.Command) {
	for flag, values := range flagValues() {
		if command.Flags().Lookup(flag) != nil {
			// It fails only for a flag that is not there, or that has its words already.
			_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

func (p *program) completionCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: "Print a script that completes commands in a shell",
		Long:    "Print a script that completes commands and flags in a shell." + exitStatus + "  0  printed\n  2  the command line is wrong",
		Example: completionExample, Args: oneArgument("the shell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
	}
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		root := command.Root()
		switch arguments[0] {
		case "bash":
			return 0, root.GenBashCompletionV2(p.Stdout, true)
		case "zsh":
			return 0, root.GenZshCompletion(p.Stdout)
		case "fish":
			return 0, root.GenFishCompletion(p.Stdout, true)
		case "powershell":
			return 0, root.GenPowerShellCompletionWithDesc(p.Stdout)
		}
		return 0, misused("there is no completion for %q: it is one of bash, zsh, fish, powershell", arguments[0])
	})
	return command
}
