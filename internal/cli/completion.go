package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
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
		"object":     strings.Split(objectNames(), ", "),
		"operation":  words(validate.Users.Operations()),
		"match":      validate.Users.MatchColumns(),
		"ldap-owned": {record.OwnedSkip, record.OwnedError},
		"show":       {showProblems, showChanges, showAll},
		"format":     {"text", "json"},
		"progress":   {progressAuto, progressBar, progressPlain, progressJSON, progressNone},
		"wire":       {string(cupi.JSON), string(cupi.XML)},
		"workers":    {"auto"},
	}
}

func words[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// completeFlags tells a shell which words the flags of a command take.
func completeFlags(getenv func(string) string, command *cobra.Command) {
	for flag, values := range flagValues() {
		if command.Flags().Lookup(flag) != nil {
			// It fails only for a flag that is not there, or that has its words already.
			_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for flag, complete := range map[string]cobra.CompletionFunc{
		"columns": completeColumns, "set": completeSetting, "only": completeSetting, "profile": completeProfile(getenv),
	} {
		if command.Flags().Lookup(flag) != nil {
			_ = command.RegisterFlagCompletionFunc(flag, complete)
		}
	}
}

// completeColumns completes the last name of A,B,C.
func completeColumns(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndex(typed, ",")+1]
	var words []cobra.Completion
	for _, column := range validate.Users.Columns() {
		words = append(words, before+column.Name)
	}
	return beginningWith(typed, words), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeSetting completes the name in Column=Value.
func completeSetting(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var words []cobra.Completion
	for _, column := range validate.Users.Columns() {
		if !column.Secret {
			words = append(words, column.Name+"=")
		}
	}
	return beginningWith(typed, words), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeProfile completes a name from the file of flags.
func completeProfile(getenv func(string) string) cobra.CompletionFunc {
	return func(command *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		path, _ := command.Flags().GetString("config")
		if path == "" {
			path = getenv(variable("config"))
		}
		config, err := readConfig(command.Context(), path, serverFlags(command.Root()))
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return beginningWith(typed, config.order), cobra.ShellCompDirectiveNoFileComp
	}
}

// beginningWith leaves the words that go on from what was typed, in any case.
func beginningWith(typed string, words []string) []string {
	return slices.DeleteFunc(words, func(word string) bool {
		return len(word) < len(typed) || !strings.EqualFold(word[:len(typed)], typed)
	})
}

func completionCommand(p *program) *cobra.Command {
	command := &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: "Print a script that completes commands in a shell",
		Long: "Print a script that completes commands and flags in a shell." + exitStatus +
			"  0  printed\n  2  the command line is wrong",
		Example: completionExample, Args: oneArgument("the shell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
	}
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		root := command.Root()
		switch arguments[0] {
		case "bash":
			return 0, root.GenBashCompletionV2(p.screen.Stdout, true)
		case "zsh":
			return 0, root.GenZshCompletion(p.screen.Stdout)
		case "fish":
			return 0, root.GenFishCompletion(p.screen.Stdout, true)
		case "powershell":
			return 0, root.GenPowerShellCompletionWithDesc(p.screen.Stdout)
		}
		return 0, misused("there is no completion for %q: it is one of bash, zsh, fish, powershell", arguments[0])
	})
	return command
}
