package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cucbulk/validate"
)

const configHelp = `Show the value of every flag of the commands that use a server, and where it came
from. A flag takes its value from the first of these that has one:

  the command line
  the environment: CUCBULK_MAX_DELETES for --max-deletes
  the file that --config names: the part under profiles that --profile names
  the same file: what stands outside of profiles
  its default

The file is YAML and holds flags by their names; a flag that may be repeated takes
a list. A path in it counts from the folder in which the command is typed. No file
is read that isn't named.

  user: bulkadmin
  password-file: /etc/cucbulk/password
  workers: 3
  set: [City=Paris, Country=FR]
  profile: production
  profiles:
    production:
      server: https://cuc1.example.com
      tls-pin: sha256//k2oY...
      max-deletes: 25
    lab:
      server: https://lab.example.com

A password in the file is refused, and so is a key that is no flag. Any flag may be
given to config show, to see what it would be.`

const configExample = `  cucbulk config show --config cucbulk.yaml
  cucbulk config show --config cucbulk.yaml --profile lab --workers 2
  cucbulk run users.csv --config cucbulk.yaml --profile lab --dry-run`

// configCommand shows the flags of these commands, as they would be.
func configCommand(p *program, commands []*cobra.Command) *cobra.Command {
	var format outputFormat
	command := &cobra.Command{
		Use: "config show [flags]", Short: "Show the value of every flag, and where it came from",
		Long:    configHelp + exitStatus + "  0  shown\n  2  the command line, a variable or the file is wrong",
		Example: configExample, ValidArgs: []string{"show"},
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 1 && arguments[0] == "show" {
				return nil
			}
			return misused("config takes one word, show; see: cucbulk config --help")
		},
	}
	command.Flags().SortFlags = false
	declare(command, groupConfig)
	format.declare(command, "")
	var others []*pflag.Flag
	for _, other := range commands {
		if usesConfig(other) {
			other.Flags().SortFlags = false
			other.Flags().VisitAll(func(flag *pflag.Flag) {
				if command.Flags().Lookup(flag.Name) == nil {
					hidden := *flag
					hidden.Hidden = true
					command.Flags().AddFlag(&hidden)
					others = append(others, &hidden)
				}
			})
		}
	}
	command.RunE = p.does(func(context.Context, []string) (int, error) {
		if err := format.check(); err != nil {
			return 0, err
		}
		flags := append([]*pflag.Flag{command.Flags().Lookup("config"), command.Flags().Lookup("profile")}, others...)
		values := append(valuesOf(flags), flagValue{"password", "(never shown)", passwordOrigin(p.access.getenv, command)})
		return 0, showConfig(p.screen, values, format.isJSON())
	})
	return command
}

// flagValue is a flag as scripts read it.
type flagValue struct {
	Flag  string `json:"flag"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// valuesOf are these flags, as they are shown.
func valuesOf(flags []*pflag.Flag) []flagValue {
	var values []flagValue
	for _, flag := range flags {
		values = append(values, flagValue{flag.Name, shownValue(flag), originOf(flag)})
	}
	return values
}

func showConfig(s *screen, values []flagValue, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(s.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(values)
	}
	table := tabwriter.NewWriter(s.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FLAG\tVALUE\tFROM")
	for _, value := range values {
		if value.Value == "" {
			value.Value = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", value.Flag, value.Value, value.From)
	}
	return table.Flush()
}

// shownValue is a flag's value without what may be secret in it.
func shownValue(flag *pflag.Flag) string {
	if flag.Name == "server" && strings.Contains(flag.Value.String(), "@") {
		return "(not shown: it holds a user name or a password)"
	}
	list, repeated := flag.Value.(pflag.SliceValue)
	if !repeated {
		return flag.Value.String()
	}
	values := list.GetSlice()
	for i, value := range values {
		name, _, _ := strings.Cut(value, "=")
		if column, known := validate.ColumnByHeading(name); known && column.Secret {
			values[i] = name + "=(not shown)"
		}
	}
	return strings.Join(values, ", ")
}

// passwordOrigin says where the password would come from.
func passwordOrigin(getenv func(string) string, command *cobra.Command) string {
	file := command.Flags().Lookup("password-file").Value.String()
	switch {
	case file != "":
		return "the first line of " + file
	case getenv("CUCBULK_PASSWORD") != "":
		return "env CUCBULK_PASSWORD"
	}
	return "asked for on the terminal"
}
