package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A flag gets its value from the nearest of: the command line, its variable in the
// environment, the profile, the file of flags, its default.

// origin is the annotation of a flag that says where its value came from, for a
// flag that was not typed.
const origin = "cucbulk-origin"

// variable is the environment's name of a flag.
func variable(flag string) string {
	return "CUCBULK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// applyConfig gives flags their values, and refuses one that was given nothing: a script
// whose variable is empty asks for some rows, and must not do all of them.
func applyConfig(getenv func(string) string, command *cobra.Command) error {
	if usesConfig(command) {
		if err := applyFlags(getenv, command); err != nil {
			return err
		}
	}
	var empty error
	command.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Value.String() == "" && empty == nil {
			from := ""
			if !typed(command, flag.Name) {
				from = " (" + originOf(flag) + ")"
			}
			empty = misused("--%s is given without a value%s; see: %s --help", flag.Name, from, command.CommandPath())
		}
	})
	return empty
}

// applyFlags gives the flags of a command that were not typed the values that the
// environment and the file of flags have for them.
func applyFlags(getenv func(string) string, command *cobra.Command) error {
	var wrong error
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		if text := getenv(variable(flag.Name)); text != "" && !flag.Changed && flag.Name != "help" && wrong == nil {
			wrong = setFlag(command, flag, "env "+variable(flag.Name), setting{values: []string{text}})
		}
	})
	if wrong != nil {
		return wrong
	}
	path, _ := command.Flags().GetString("config")
	if path == "" {
		if command.Flags().Lookup("profile").Value.String() != "" {
			return errNoConfig
		}
		return nil
	}
	config, err := readConfig(command.Context(), path, serverFlags(command.Root()))
	if err != nil {
		return err
	}
	if getenv("CUCBULK_PASSWORD") != "" {
		config.forget("password-file") // the environment comes before the file
	}
	return config.apply(command)
}

// forget takes a flag out of the file.
func (c *configFile) forget(flag string) {
	delete(c.settings, flag)
	for _, settings := range c.profiles {
		delete(settings, flag)
	}
}

// apply gives the flags that have no value yet those of the profile, and then
// those for every server.
func (c *configFile) apply(command *cobra.Command) error {
	name := command.Flags().Lookup("profile")
	if usual, found := c.settings["profile"]; found && !name.Changed {
		if err := setFlag(command, name, fmt.Sprintf("%s:%d", c.name, usual.line), usual); err != nil {
			return err
		}
	}
	profile, err := c.profile(name.Value.String())
	if err != nil {
		return err
	}
	for _, part := range []struct {
		settings map[string]setting
		note     string
	}{{profile, ", profile " + name.Value.String()}, {c.settings, ""}} {
		for _, name := range sortedKeys(part.settings) {
			flag, value := command.Flags().Lookup(name), part.settings[name]
			if flag == nil || flag.Changed {
				continue
			}
			if err := setFlag(command, flag, fmt.Sprintf("%s:%d%s", c.name, value.line, part.note), value); err != nil {
				return err
			}
		}
	}
	return nil
}

// setFlag sets a flag that was not typed. The error does not repeat the value.
func setFlag(command *cobra.Command, flag *pflag.Flag, from string, value setting) error {
	if len(value.values) > 1 && flag.Value.Type() != "stringArray" {
		return misused("%s: %s takes one value, not a list", from, flag.Name)
	}
	for _, text := range value.values {
		if err := command.Flags().Set(flag.Name, text); err != nil {
			return misused("%s: %s does not take this value: it must be a %s; see: %s --help", from, flag.Name,
				flag.Value.Type(), command.CommandPath())
		}
	}
	return command.Flags().SetAnnotation(flag.Name, origin, []string{from})
}

// originOf says where the value of a flag came from.
func originOf(flag *pflag.Flag) string {
	switch from := flag.Annotations[origin]; {
	case len(from) == 1:
		return from[0]
	case flag.Changed:
		return "command line"
	}
	return "default"
}

// typed reports whether a flag stands on the command line.
func typed(command *cobra.Command, name string) bool {
	flag := command.Flags().Lookup(name)
	return flag != nil && flag.Changed && len(flag.Annotations[origin]) == 0
}

// usesConfig reports whether a command takes flags from a file.
func usesConfig(command *cobra.Command) bool { return command.Flags().Lookup("config") != nil }

// serverFlags are the flags of all commands that take flags from a file.
func serverFlags(root *cobra.Command) []string {
	var names []string
	for _, command := range root.Commands() {
		if !usesConfig(command) {
			continue
		}
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name != "help" && !slices.Contains(names, flag.Name) {
				names = append(names, flag.Name)
			}
		})
	}
	return names
}
