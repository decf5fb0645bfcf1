package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/cupi"
)

const fingerprintHelp = `Connect to a server, without signing in and without verifying it, and print the pin
of its public key for --tls-pin.

The pin is worth what the network is worth at this moment: compare it with what the
server's administrator sees. On the server, or from a saved certificate, it is:

  openssl x509 -in tomcat.pem -pubkey -noout |
      openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`

// fingerprintPatience is how long the server may take.
const fingerprintPatience = time.Minute

func fingerprintCommand(p *program) *cobra.Command {
	command := &cobra.Command{
		Use: "fingerprint [SERVER]", Short: "Print the pin of a server's public key, for --tls-pin",
		Long: fingerprintHelp + exitStatus + "  0  the pin is on stdout, and on stderr what the certificate says\n" +
			"  1  the server can't be reached, or does not speak TLS\n  2  the command line is wrong",
		Example: "  cucbulk fingerprint cuc1.example.com\n  cucbulk fingerprint --server https://cuc1.example.com:8443",
		Args: func(command *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return nil
			}
			return oneArgument("the server")(command, arguments)
		},
	}
	declare(command, groupServer|groupConfig)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		c, err := connectionOf(command)
		if err != nil {
			return 0, err
		}
		server := c.server
		if len(arguments) == 1 {
			server = arguments[0]
			if typed(command, "server") {
				return 0, misused("give the server once: as SERVER or with --server")
			}
		}
		if server == "" {
			return 0, misused("%s", noServer)
		}
		return fingerprint(ctx, p.screen, server)
	})
	return command
}

func fingerprint(ctx context.Context, s *screen, server string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, fingerprintPatience)
	defer cancel()
	pin, certificate, err := cupi.Fingerprint(ctx, server)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(s.Stderr, "subject %s\nissuer  %s\nvalid   %s to %s\n", certificate.Subject, certificate.Issuer,
		certificate.NotBefore.Format(time.DateOnly), certificate.NotAfter.Format(time.DateOnly))
	s.print("%s\n", pin)
	return 0, nil
}
