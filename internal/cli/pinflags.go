package cli

import (
	"io"

	"github.com/spf13/cobra"

	"cucbulk/batch"
)

// pinOptions say whether new users get a PIN, and who may read what holds secrets.
type pinOptions struct {
	pin    string
	length int
	sealTo string
}

const (
	pinRandom  = "random"
	pinDigits  = 6
	flagSealTo = "seal-to"
)

func (o *pinOptions) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.pin, "pin", "", "`random`: each new user whose row has no PIN gets one that nobody else gets and that is not easy to guess; needs --seal-to")
	flags.IntVar(&o.length, "pin-length", pinDigits, "how many digits such a PIN has, as `N`")
	flags.StringVar(&o.sealTo, flagSealTo, "", "age `RECIPIENT` (age1…): the PINs go into pins.csv.age, which only the owner of the key can read, and so do rejected rows if the input has secrets")
}

// fill checks them and hands them on.
func (o *pinOptions) fill(options *batch.Options) error {
	if o.pin != "" && o.pin != pinRandom {
		return misused("--pin takes random: other PINs stand in a column PIN")
	}
	if o.sealTo != "" {
		sealed, err := batch.Seal(io.Discard, o.sealTo)
		if err != nil {
			return misused("--seal-to: %v", err)
		}
		sealed.Close()
	}
	options.SealTo = o.sealTo
	if o.pin == "" {
		return nil
	}
	if o.sealTo == "" {
		return misused("--pin random needs --seal-to: PINs are never written in clear; age-keygen makes a key and prints its recipient")
	}
	if err := batch.CheckPINLength(o.length); err != nil {
		return misused("--pin-length: %v", err)
	}
	options.PINLength = o.length
	return nil
}

// asIn takes from a run what no flag says.
func (o *pinOptions) asIn(command *cobra.Command, run batch.Options) {
	given := command.Flags().Changed
	if !given("pin") && run.PINLength > 0 {
		o.pin = pinRandom
		if !given("pin-length") {
			o.length = run.PINLength
		}
	}
	if !given(flagSealTo) {
		o.sealTo = run.SealTo
	}
}
