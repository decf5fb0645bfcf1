package cupitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Switch is one thing that public sources leave open, or say in two ways; or how the server stands that is simulated.
type Switch struct {
	Name    string
	Values  string // what it may be
	Default string
	Meaning string
	Source  string // who says what

	field func(*Server) any // a bool is true where the value is not the default
}

// switches is all of them. Each is a field of [Server], too.
var switches = []Switch{
	{"unknown-fields", "refuse|pass-over", "refuse",
		"what becomes of a field that a resource does not have: a 400 that names it, or nothing, told at once",
		"not documented; public clients send such fields, and one tells of fields silently ignored [CODE]",
		func(s *Server) any { return &s.PassOverFields }},
	{"errors", "xml|json", "xml", "the wire of errors when the Accept header leaves the choice",
		"JSON in a vendor sample, XML in a public Python client [CODE]", func(s *Server) any { return &s.JSONErrorsByDefault }},
	{"answers", "xml|json", "xml", "the wire of answers when the Accept header leaves the choice", "a public Python client [CODE]",
		func(s *Server) any { return &s.JSONByDefault }},
	{"wrapped-json", "true|false", "false", "lists in JSON have the wrapper of the user page",
		"CUPI User API page prints it [DOC]; no recorded answer has it [recorded]", func(s *Server) any { return &s.WrappedJSON }},
	{"doubled-brackets", "true|false", "false", "booleans in XML begin with a second bracket", "CUPI User API page prints it [DOC]",
		func(s *Server) any { return &s.DoubledBrackets }},
	{"voice-file-type", "required|optional", "required",
		"whether the recording of a voice file needs a Content-Type; without one it is a 415",
		"REST FAQ [DOC]; one public client sends none [CODE]", func(s *Server) any { return &s.UntypedVoiceFiles }},
	{"alternate-partition", "required|optional", "required", "whether an alternate extension needs its PartitionObjectId",
		"alternate extensions page [DOC]; two public clients leave it out [CODE]", func(s *Server) any { return &s.PartitionOptional }},
	{"extension-alone", "refuses|keeps|takes|ignores", "refuses", "what an Extension does without UsePrimaryExtension, where " +
		"that is true: a 400 (but for a handler that is nobody's, where it is kept), it is kept and that stays, it makes that " +
		"false, or nothing",
		"false without Extension, and true with it, are errors by G:m_cupi-api-user-template-settings [DOC]; G:m-call-handler " +
			"sends it alone [DOC], as does a public Python client for a system call handler [CODE]; no exchange shows the " +
			"result for a user", func(s *Server) any { return &s.AloneExtension }},
	{"null-time", "for-ever|refuse", "for-ever", "what an empty TimeExpires means",
		"enable with no end date in the older pages and clients [DOC][CODE]; can't be set to null by " +
			"G:m_cupi-api-user-transfer-rule [DOC]", func(s *Server) any { return &s.NoNullTimes }},
	{"most-rings", "N", "20", "the most TransferRings of a transfer option",
		"20 by G:m_cupi-api-user-transfer-rule [DOC]; 100 by BAT [DOC]", func(s *Server) any { return &s.MostRings }},
	{"longest-message", "N", "3600", "the most seconds of a call handler's MaxMsgLen",
		"3600 by G:m-call-handler and G:m-call-handler-settings [DOC]; 1200 by BAT [DOC]",
		func(s *Server) any { return &s.LongestMessage }},
	{"ports", "writable|read-only", "writable",
		"whether ports and port groups are made, changed and deleted; else only two codes of a group are changed",
		"made, changed and deleted by the ports page [DOC] and SDK PortGroup.cs [CODE]; read only by the port groups and ports page [DOC]",
		func(s *Server) any { return &s.FixedPorts }},
	{"referenced-user", "keep|delete", "keep", "whether a user to whom other objects refer can be deleted; else it is a 400",
		"the web console refuses it [DOC]; CUPI's own answer is not known", func(s *Server) any { return &s.DeleteReferenced }},
	{"recipient-gone", "empties|keeps|replaces|refuses", "empties",
		"what becomes of a handler's recipient where that list or contact is deleted: none is left, the id of what is gone " +
			"stays, the list of undeliverable messages takes its place, or the DELETE is a 400",
		"not documented", func(s *Server) any { return &s.RecipientGone }},
	{"dependency-ids", "handler|own", "handler",
		"by what id a greeting or a key is told that refers to a user: that of the handler that has it, or its own",
		"the examples of G:m_cupi_api-subscriber-dependency: type 3, call handler, of a key, and 66, greeting, of a greeting, " +
			"without a word whose the id is [DOC]", func(s *Server) any { return &s.OwnDependencyIDs }},
	{"list-partition", "writable|read-only", "writable", "whether a distribution list can change its partition",
		"read only by G:m-cupi-api-for-distribution-list [DOC]; BAT has a column for it [DOC]",
		func(s *Server) any { return &s.FixedListPartition }},
	{"contact-fields", "unknown|kept", "unknown", "whether a contact has what only BAT is known to have: DtmfAccessId, City, " +
		"Department, DialableWorkPhone, DialableHomePhone, DialableMobilePhone, RemoteMailAddress, DeliveryLocationObjectId, " +
		"SMTP proxy addresses",
		"BAT has columns for them [DOC]; public client code does not write them [CODE]", func(s *Server) any { return &s.ContactFields }},
	{"voice-name", "voice-file|any", "voice-file", "whether VoiceName must be the name of a voice file of the last 30 minutes",
		"REST FAQ; G:m_voice-names [DOC]; the user page says a text of 40 [DOC]",
		func(s *Server) any { return &s.AnyVoiceName }},
	{"office365-domain", "required|optional", "required",
		"whether a unified messaging service of Office 365 needs ExchOrgDomain and ExchDoAutodiscover, also where it has a Server",
		"unified messaging page [DOC]; SDK ExternalService.cs gives Server alone [CODE]",
		func(s *Server) any { return &s.ServiceByServer }},
	{"old-alias", "forget|proxy-address", "forget", "whether the alias that a user had stays as a proxy address",
		"administration guide, release 15 [DOC]", func(s *Server) any { return &s.KeepOldAlias }},
	{"cluster", "servers|vmsservers", "servers", "what /vmrest/cluster lists",
		"Server in a public client [CODE]; VmsServer by G:m-system-settings [DOC]", func(s *Server) any { return &s.VmsServersInCluster }},
	{"node-state", "running|down|initializing|database-sync|split-brain", "running",
		"what the last of the servers says that it is, by ServerState and ServerDisplayState",
		"G:m-system-settings [DOC]", func(s *Server) any { return &s.NodeState }},
	{"licence", "evaluation|authorized|out-of-compliance|over", "evaluation",
		"how the server is licensed: in its evaluation, with licences, with too few, or the evaluation is over",
		"G:m-system-settings [DOC]; the word for too few was not seen, and OutOfCompliance stands for it",
		func(s *Server) any { return &s.Licence }},
	{"elsewhere", "N", "0", "the users of another cluster of its network, munich00001 with the extension 700001 and so on, as " +
		"/vmrest/globalusers shows them",
		"REST FAQ [DOC]; SDK GlobalUser.cs [CODE]", func(s *Server) any { return &s.Elsewhere }},
	{"release", "14.0.1.11900.122|12.5.1.10000.24|10.0.0.189", "14.0.1.11900.122",
		"what the server says that it is; nothing else goes by it", "SDK BaseUnitTests.cs [CODE]",
		func(s *Server) any { return &s.Release }},
	{"extension-optional", "true|false", "false", "users are made without DtmfAccessId",
		"a JSON example of the CUPI User API page [DOC]; mandatory by the same page [DOC]",
		func(s *Server) any { return &s.ExtensionOptional }},
	{"any-credentials", "true|false", "false", "PINs and passwords are taken whatever their authentication rule says",
		"not documented", func(s *Server) any { return &s.AnyCredentials }},
	{"one-clause-queries", "true|false", "false", "queries have one clause", "releases before 10.0, .NET SDK guide [DOC]",
		func(s *Server) any { return &s.OneClauseQueries }},
	{"queries", "answer|pass-over", "answer", "whether queries choose elements, or are answered as if they were not there",
		"not documented", func(s *Server) any { return &s.PassOverQueries }},
	{"parentheses-in-values", "true|false", "false", "a query's value may hold parentheses", "not documented",
		func(s *Server) any { return &s.ParenthesesInValues }},
	{"all-errors", "true|false", "false", "every problem of a request is answered; else the first",
		"errors may be many by the schema [DOC]", func(s *Server) any { return &s.AllErrors }},
	{"most-rows", "N", "0", "the most elements of a page, 0 for any number", "not documented", func(s *Server) any { return &s.MaxRows }},
}

// Switches lists the switches, in order.
func Switches() []Switch { return slices.Clone(switches) }

// Set turns the switch to the value, before the first request. The error says what there is.
func (s *Server) Set(name, value string) error {
	i := slices.IndexFunc(switches, func(one Switch) bool { return one.Name == name })
	if i < 0 {
		var names []string
		for _, one := range switches {
			names = append(names, one.Name)
		}
		return fmt.Errorf("no switch is named %q; there are %s", name, strings.Join(names, ", "))
	}
	one := switches[i]
	bad := fmt.Errorf("%s may be %s, not %q", name, strings.ReplaceAll(one.Values, "|", ", "), value)
	known := slices.Contains(strings.Split(one.Values, "|"), value)
	switch field := one.field(s).(type) {
	case *bool:
		if !known {
			return bad
		}
		*field = value != one.Default
	case *string:
		if !known {
			return bad
		}
		*field = value
	case *int:
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return bad
		}
		*field = n
	}
	return nil
}
