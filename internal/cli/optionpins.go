package cli

import (
	"cmp"
	"io"
	"strconv"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// The options about drawn PINs, and about users who leave and keep their mailboxes.

const pinRandom = "random"

// setPIN says that users get PINs, of which [asked.checkPINs] finds out the length.
func setPIN(a *asked, texts []string) error {
	if texts[0] != pinRandom {
		return misused("--pin takes random: other PINs stand in a column PIN")
	}
	a.randomPINs = true
	return nil
}

func getPIN(a *asked) []string {
	if a.batch.PINLength == 0 {
		return nil
	}
	return []string{pinRandom}
}

func getPINLength(a *asked) []string {
	length := cmp.Or(a.batch.PINLength, a.batch.KeptPINLength)
	if length == 0 || !a.batch.PINFixed && length == plan.UsualPINLength {
		return nil
	}
	return []string{strconv.Itoa(length)}
}

func setSealTo(a *asked, texts []string) error {
	sealed, err := record.Seal(io.Discard, texts[0])
	if err != nil {
		return misused("--seal-to: %v", err)
	}
	sealed.Close()
	a.batch.SealTo = texts[0]
	return nil
}

func getKeepMailbox(a *asked) []string {
	if a.batch.KeptPINLength == 0 {
		return nil
	}
	return []string{"true"}
}

func setKeepNotes(a *asked, texts []string) (err error) {
	if a.batch.KeepNotes, err = settings("--keep-mailbox-note", texts); err != nil {
		return err
	}
	for _, note := range a.batch.KeepNotes {
		if problem := validate.NoteProblem(note); problem != "" {
			return misused("--keep-mailbox-note: %s", problem)
		}
	}
	return nil
}

// checkLeavers checks what the options about users who leave say together.
func (a *asked) checkLeavers() error {
	if err := record.CheckUsersOnly(a.batch.Table(), a.keepsMailbox || a.randomPINs || a.batch.ReassignTo != ""); err != nil {
		return misused("%v", err)
	}
	if a.batch.Exact && a.batch.SkipInvalid {
		return misused("--exact goes by all rows of the file: leave out --skip-invalid")
	}
	switch {
	case len(a.batch.KeepNotes) > 0 && !a.keepsMailbox:
		return misused("--keep-mailbox-note is a note on users whose mailboxes are kept: give --keep-mailbox too")
	case a.keepsMailbox && a.batch.ReassignTo != "":
		return misused("--reassign-to hands over what refers to users who are deleted, and with --keep-mailbox nobody is: give one of them")
	}
	return nil
}

// checkPINs checks what the options about PINs say together.
func (a *asked) checkPINs() error {
	by := "--pin random"
	switch {
	case a.keepsMailbox:
		by = "--keep-mailbox"
	case !a.randomPINs:
		return nil
	}
	if a.batch.SealTo == "" {
		return misused("%s needs --seal-to: PINs are never written in clear; age-keygen makes a key and prints its recipient", by)
	}
	length := cmp.Or(a.pinLength, plan.UsualPINLength)
	if err := plan.CheckPINLength(length); err != nil {
		return misused("--pin-length: %v", err)
	}
	if a.batch.PINFixed = a.pinLength != 0; a.randomPINs {
		a.batch.PINLength = length
	}
	if a.keepsMailbox {
		a.batch.KeptPINLength = length
	}
	return nil
}
