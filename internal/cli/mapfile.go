package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cucbulk/batch/plan"
	"cucbulk/validate"
)

// The parts of a map that hold rules, and not names.
const (
	mapRename   = "rename"
	mapRenumber = "renumber"
)

// setMap takes the file in full, so that the next command finds it wherever it is typed. A run keeps
// what it says.
func setMap(a *asked, texts []string) error {
	path, err := filepath.Abs(texts[0])
	if err != nil {
		return err
	}
	text, err := readBounded(texts[0], maxConfigFile)
	if err != nil {
		return misused("--map: %v", err)
	}
	m, err := parseMap(texts[0], text)
	if err != nil {
		return misused("--map: %v", err)
	}
	m.File = path
	a.batch.Map = m
	return nil
}

// readBounded reads a file that has no more bytes than so many.
func readBounded(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s holds more than %d KiB: it is another file than is meant here", path, most>>10)
	}
	return text, err
}

func getMap(a *asked) []string {
	if a.batch.Map == nil {
		return nil
	}
	return some(a.batch.Map.File)
}

func setRenumber(a *asked, texts []string) error {
	a.batch.Renumber = nil
	for _, text := range texts {
		rule, err := validate.ParseRule(text, true)
		if err != nil {
			return misused("--renumber: %v", err)
		}
		a.batch.Renumber = append(a.batch.Renumber, rule)
	}
	return nil
}

func getRenumber(a *asked) []string {
	var texts []string
	for _, rule := range a.batch.Renumber {
		texts = append(texts, rule.String())
	}
	return texts
}

// parseMap reads a map from YAML. Its errors name file and line.
func parseMap(name string, text []byte) (*validate.Mapping, error) {
	c := &configFile{name: name}
	document, err := c.document(text)
	if err != nil {
		return nil, err
	}
	m := &validate.Mapping{Names: map[string]map[string]string{}}
	if len(document.Content) == 0 {
		return m, nil
	}
	lists := validate.MapLists()
	return m, c.eachEntry(document.Content[0], "here belong lists of names, such as coses:, and rename: and renumber:",
		func(key, value *yaml.Node) error {
			switch {
			case key.Value == mapRename:
				return c.rules(value, &m.Rename, false)
			case key.Value == mapRenumber:
				return c.rules(value, &m.Renumber, true)
			case !slices.Contains(lists, key.Value):
				near := didYouMean(validate.Nearest(key.Value, append(slices.Clone(lists), mapRename, mapRenumber)))
				if near == "" {
					near = fmt.Sprintf(": a map has %s, %s and %s", strings.Join(lists, ", "), mapRename, mapRenumber)
				}
				return c.problem(key, fmt.Sprintf("there is no list %q%s", key.Value, near))
			}
			names := map[string]string{}
			m.Names[key.Value] = names
			return c.eachEntry(value, "here belong names, as they are there: as they are here", func(old, now *yaml.Node) error {
				folded := validate.FoldName(old.Value)
				if _, is := names[folded]; is {
					return c.problem(old, fmt.Sprintf("%q stands here twice: keep one of the two", old.Value))
				}
				if now.Kind != yaml.ScalarNode {
					return c.problem(now, "here belongs a name, or nothing: then it is left out")
				}
				if now.Tag != "!!null" {
					names[folded] = now.Value
				} else {
					names[folded] = ""
				}
				return nil
			})
		})
}

// rules reads one rule, or a list of them.
func (c *configFile) rules(value *yaml.Node, into *[]validate.Rule, numbers bool) error {
	texts, err := c.valuesOf(value)
	if err != nil {
		return err
	}
	for i, text := range texts {
		rule, err := validate.ParseRule(text, numbers)
		if err != nil {
			node := value
			if value.Kind == yaml.SequenceNode {
				node = value.Content[i]
			}
			return c.problem(node, err.Error())
		}
		*into = append(*into, rule)
	}
	return nil
}

// namesShown is how many names are listed that a server does not have.
const namesShown = 100

// tellMissing lists what rows name and the server does not have, each name once, where a file comes from
// another server or lacks several.
func (s *screen) tellMissing(out io.Writer, missing []plan.MissingName, mapped bool) {
	if len(missing) == 0 || len(missing) == 1 && !mapped {
		return
	}
	fmt.Fprint(out, "The server does not have:\n")
	for i, one := range missing {
		if i == namesShown {
			fmt.Fprintf(out, "  and %d names more\n", len(missing)-i)
			break
		}
		instead := one.Instead
		if instead == "" && one.List != validate.Users.Object {
			instead = "; it has none"
		}
		fmt.Fprint(out, s.hanging("  ", "    ", fmt.Sprintf("%s %q (%s)%s", one.List, one.Name, rowsText(one.Rows), instead)))
	}
	fmt.Fprint(out, s.hanging("", "  ", "Make them there, or say in a file for --map what they are called there."))
}

// checkMapping refuses rules that change by what rows find their users.
func (a *asked) checkMapping() error {
	renumbers := len(a.batch.Renumber) > 0 || a.batch.Map != nil && len(a.batch.Map.Renumber) > 0
	if renumbers && strings.EqualFold(a.batch.Match, "DtmfAccessId") {
		return misused("--match DtmfAccessId would look for people by the numbers that the rules give them: match by Alias, " +
			"EmployeeId or EmailAddress")
	}
	return nil
}
