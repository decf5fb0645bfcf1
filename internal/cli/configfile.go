package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cucbulk/validate"
)

// maxConfigFile is more bytes than any file of flags has.
const maxConfigFile = 1 << 20

// configFile is a file of flags: some for every server, and some for one server
// each, under its name in profiles.
type configFile struct {
	name     string
	settings map[string]setting
	profiles map[string]map[string]setting
	order    []string // names of the profiles, as they stand in the file
}

// setting is what a file says for one flag.
type setting struct {
	values []string // one, or more for a flag that may be repeated
	line   int
}

// readConfig reads the file at path. flags are the names that it may use.
func readConfig(ctx context.Context, path string, flags []string) (*configFile, error) {
	text, err := readWhole(ctx, "--config", path, maxConfigFile)
	if err != nil {
		return nil, err
	}
	return parseConfig(path, text, flags)
}

// document reads the one document that a file of YAML may hold.
func (c *configFile) document(text []byte) (document yaml.Node, err error) {
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err = documents.Decode(&document); err == nil {
		var second yaml.Node
		if err = documents.Decode(&second); err == nil {
			return document, c.problem(&second,
				"a second document begins here, and only one is read: take the line --- out, or make two files")
		}
	}
	if !errors.Is(err, io.EOF) {
		return document, fmt.Errorf("%s: %s", c.name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return document, nil
}

// parseConfig reads flags by name from YAML. Its errors name file and line, and
// never repeat a value: it may be a password.
func parseConfig(name string, text []byte, flags []string) (*configFile, error) {
	c := &configFile{name: name, settings: map[string]setting{}, profiles: map[string]map[string]setting{}}
	document, err := c.document(text)
	if err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return c, nil // nothing but comments
	}
	return c, c.eachKey(document.Content[0], func(key, value *yaml.Node) error {
		if key.Value != "profiles" {
			return c.set(c.settings, key, value, append(flags, "profiles"))
		}
		return c.eachKey(value, func(profile, value *yaml.Node) error {
			settings := map[string]setting{}
			c.profiles[profile.Value] = settings
			c.order = append(c.order, profile.Value)
			return c.eachKey(value, func(key, value *yaml.Node) error {
				if key.Value == "profile" {
					return c.problem(key, "a profile can't name another one")
				}
				return c.set(settings, key, value, flags)
			})
		})
	})
}

// eachKey calls visit for each flag of a mapping.
func (c *configFile) eachKey(node *yaml.Node, visit func(key, value *yaml.Node) error) error {
	return c.eachEntry(node, "here belong flags by their names, such as workers: 3", visit)
}

// eachEntry calls visit for each entry of a mapping, and refuses what is none.
func (c *configFile) eachEntry(node *yaml.Node, belongs string, visit func(key, value *yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return c.problem(node, belongs)
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		flag := strings.TrimPrefix(key.Value, "--")
		if before := seen[flag]; before > 0 {
			return c.problem(key, fmt.Sprintf("%s stands on line %d too: keep one of the two", key.Value, before))
		}
		seen[flag] = key.Line
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

// set takes one flag from the file.
func (c *configFile) set(settings map[string]setting, key, value *yaml.Node, flags []string) error {
	name := strings.TrimPrefix(key.Value, "--")
	switch known := slices.Contains(flags, name); {
	case holdsPassword(name):
		return c.problem(key, "a password does not belong in this file: put it into a file of its own that only you can "+
			"read and name that with password-file, or set CUCBULK_PASSWORD")
	case name == "config":
		return c.problem(key, "one file of flags can't name another")
	case !known:
		return c.problem(key, fmt.Sprintf("there is no flag %s%s", key.Value, didYouMean(validate.Nearest(name, flags))))
	}
	values, err := c.valuesOf(value)
	if err != nil {
		return err
	}
	for _, text := range values {
		if name == "server" && strings.Contains(text, "@") {
			return c.problem(value, "the server's address holds a user name or a password: give them separately")
		}
		column, _, _ := strings.Cut(text, "=")
		if secret, found := validate.ColumnByHeading(column); name == "set" && found && secret.Secret {
			return c.problem(value, secret.Name+" is a secret, and does not belong in this file: put it into a column of the CSV file")
		}
	}
	settings[name] = setting{values, key.Line}
	return nil
}

// valuesOf gives the texts of a value exactly as they are written: 0042 is no
// number here, and 22:00 no time.
func (c *configFile) valuesOf(value *yaml.Node) ([]string, error) {
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
		return nil, c.problem(value, "there is no value: write one, or take the line out")
	case value.Kind == yaml.ScalarNode:
		return []string{value.Value}, nil
	case value.Kind != yaml.SequenceNode || len(value.Content) == 0:
		return nil, c.problem(value, "here belongs a text, or a list of texts")
	}
	var values []string
	for _, entry := range value.Content {
		if entry.Kind != yaml.ScalarNode || entry.Tag == "!!null" {
			return nil, c.problem(entry, "here belongs a text")
		}
		values = append(values, entry.Value)
	}
	return values, nil
}

func (c *configFile) problem(node *yaml.Node, message string) error {
	return fmt.Errorf("%s:%d: %s", c.name, node.Line, message)
}

// profile gives the settings of a profile, none for "".
func (c *configFile) profile(name string) (map[string]setting, error) {
	settings, known := c.profiles[name]
	switch {
	case name == "" || known:
		return settings, nil
	case len(c.order) == 0:
		return nil, fmt.Errorf("--profile: %s has no profiles", c.name)
	}
	return nil, fmt.Errorf("--profile: %s has no profile %q; it has %s", c.name, name, strings.Join(c.order, ", "))
}

// holdsPassword reports whether a key's name says that its value is a password.
func holdsPassword(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "-")) {
	case "password", "passwd", "pass", "passphrase", "pwd", "secret", "credentials":
		return true
	}
	return false
}

// errNoConfig is a profile without a file that has it.
var errNoConfig = errors.New("--profile names a part of a file of flags: give --config FILE too")
