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

func (p *program) fingerprintCommand() *cobra.Command {
	return &cobra.Command{
		Use: "fingerprint SERVER", Short: "Print the pin of a server's public key, for --tls-pin",
		Long:    fingerprintHelp + exitStatus + "  0  the pin is on stdout, and on stderr what the certificate says\n  1  the server can't be reached, or does not speak TLS\n  2  the command line is wrong",
		Example: "  cucbulk fingerprint cuc1.example.com\n  cucbulk fingerprint https://cuc1.example.com:8443",
		Args:    oneArgument("the server"),
		RunE:    p.does(func(ctx context.Context, arguments []string) (int, error) { return p.fingerprint(ctx, arguments[0]) }),
	}
}

func (p *program) fingerprint(ctx context.Context, server string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, fingerprintPatience)
	defer cancel()
	pin, certificate, err := cupi.Fingerprint(ctx, server)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(p.Stderr, "subject %s\nissuer  %s\nvalid   %s to %s\n", certificate.Subject, certificate.Issuer,
		certificate.NotBefore.Format(time.DateOnly), certificate.NotAfter.Format(time.DateOnly))
	p.print("%s\n", pin)
	return 0, nil
}
