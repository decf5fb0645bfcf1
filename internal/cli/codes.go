package cli

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

const codesHelp = `List every code: the word in brackets after a problem, in the column Code of results.csv,
and in the warnings of a dry run. CODE explains those that are named: what happened, what
is safe, and what to do. A code's spelling stays the same from release to release.

A code of the server's own, such as INVALID_PARAMETER, is told as it was sent and is not
listed; the message beside it has the server's words.

STATUS is what a row with the code ends as. A row of which other steps are done before one
fails is partial. "warning" stops nothing; "exit" and a number end a whole run.`

func codesCommand(p *program) *cobra.Command {
	var format outputFormat
	command := &cobra.Command{
		Use: "codes [CODE]... [flags]", Short: "List every code, or explain some: what happened and what to do",
		Long:    codesHelp + exitStatus + "  0  listed\n  2  the command line is wrong, or there is no such code",
		Example: "  cucbulk codes\n  cucbulk codes alias-taken target-gone\n  cucbulk codes --format json", Args: cobra.ArbitraryArgs,
		ValidArgsFunction: completeCodes,
	}
	format.declare(command, "")
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		if err := format.check(); err != nil {
			return 0, err
		}
		sections, err := sectionsOf(arguments)
		switch {
		case err != nil:
			return 0, err
		case format.isJSON():
			return 0, codesJSON(p.screen, sections)
		case len(arguments) > 0:
			explainCodes(p.screen, sections)
		default:
			listCodes(p.screen, sections)
		}
		return 0, nil
	})
	return command
}

// sectionsOf gives the whole table, or what it has of the codes that are named.
func sectionsOf(names []string) ([]codes.Section, error) {
	table := codes.Table()
	if len(names) == 0 {
		return table, nil
	}
	var chosen []codes.Section
	for _, name := range names {
		found := false
		for _, section := range table {
			for _, entry := range section.Entries {
				if string(entry.Code) == name {
					chosen, found = append(chosen, codes.Section{About: section.About, Entries: []codes.Entry{entry}}), true
				}
			}
		}
		if !found {
			hint := didYouMean(validate.Nearest(name, codeNames()))
			if hint == "" {
				hint = "; " + shell.New("codes").String() + " lists them all"
			}
			return nil, misused("there is no code %q (one in capitals is the server's own)%s", name, hint)
		}
	}
	return chosen, nil
}

func codeNames() []string {
	var names []string
	for _, section := range codes.Table() {
		for _, entry := range section.Entries {
			names = append(names, string(entry.Code))
		}
	}
	return names
}

func completeCodes(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return beginningWith(typed, codeNames()), cobra.ShellCompDirectiveNoFileComp
}

// codeInfo is a code as scripts read it.
type codeInfo struct {
	codes.Entry
	About string `json:"about"`
}

func codesJSON(s *screen, sections []codes.Section) error {
	var list []codeInfo
	for _, section := range sections {
		for _, entry := range section.Entries {
			list = append(list, codeInfo{entry, section.About})
		}
	}
	encoder := json.NewEncoder(s.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

// listCodes tells each code on one line; on a terminal on lines that fit.
func listCodes(s *screen, sections []codes.Section) {
	for i, section := range sections {
		if i > 0 {
			s.print("\n")
		}
		s.print("Codes of %s:\n", section.About)
		for _, entry := range section.Entries {
			first, text := "  "+string(entry.Code)+" ("+strings.Join(entry.Statuses, ", ")+"): ", entry.Means
			if s.StdoutIsTerminal {
				s.print("%s", s.hanging(first, "      ", text))
			} else {
				s.print("%s%s\n", first, text)
			}
		}
	}
}

func explainCodes(s *screen, sections []codes.Section) {
	for i, section := range sections {
		if i > 0 {
			s.print("\n")
		}
		entry := section.Entries[0]
		s.print("%s (%s), about %s\n", entry.Code, strings.Join(entry.Statuses, ", "), section.About)
		for _, text := range []string{entry.Means, entry.Advice} {
			s.print("%s", s.hanging("  ", "  ", text))
		}
	}
}
