package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// adviceFor says what to type next when a command could not reach the server, or
// not get in. It is "" when the error's own words say enough.
func adviceFor(err error) string {
	if errors.Is(err, batch.ErrNoRun) {
		return whereRunsAre()
	}
	var problem *cupi.Error
	if !errors.As(err, &problem) {
		var stop *batch.Stop
		if errors.As(err, &stop) && stop.Code == codes.GaveUp {
			if strings.Contains(stop.Error(), "does not look like a TLS handshake") {
				return "Something answers there that speaks no TLS, plain http perhaps. Check --server and its port (443 or 8443)"
			}
			return "Check --server, and that this computer reaches it; then type the command again. cucbulk doctor tells more"
		}
		return ""
	}
	switch problem.Kind {
	case cupi.KindCertificate:
		if strings.Contains(problem.Error(), "pinned") {
			return "The server's key is not the one that was pinned. Ask its administrator why before you pin another one: somebody may be in between"
		}
		return "For the first give --ca-file FILE. For the second look at the key with: cucbulk fingerprint URL, let the administrator confirm it, and give it with --tls-pin; that is the only way for a certificate that has no host names"
	case cupi.KindSignIn:
		return "Check --user, and the password in CUCBULK_PASSWORD or --password-file; then type the command again"
	case cupi.KindNetwork, cupi.KindTimeout:
		if problem.Sent == cupi.NotSent {
			return "Check --server (https, and port 443 or 8443), and that this computer reaches it; cucbulk fingerprint URL is a quick try"
		}
		return "Type the command again when the server answers"
	case cupi.KindWebPage, cupi.KindRedirect:
		return "Check --server: it must be the address of Unity Connection's publisher itself"
	case cupi.KindStatus:
		switch {
		case problem.Status == 403:
			return "Give the account the role System Administrator or User Administrator; then type the command again"
		case problem.Status >= 500:
			return "The server is in trouble or too busy: type the command again later"
		}
	}
	return ""
}

// whereRunsAre says which folder to name in place of one that holds no run.
func whereRunsAre() string {
	advice := "Give the folder that the run named at its end"
	journals, _ := filepath.Glob(filepath.Join(runsFolder, "*", batch.JournalFile)) // the pattern is a good one
	journals = slices.DeleteFunc(journals, func(path string) bool { return strings.Contains(path, rollbackSuffix) })
	if len(journals) > 0 { // their names begin with the time
		advice += "; the newest here is " + filepath.Dir(journals[len(journals)-1])
	}
	return advice
}

// sentence makes one line of an error, with what to do.
func sentence(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	var stop *batch.Stop
	if advice := adviceFor(err); advice != "" && !(errors.As(err, &stop) && strings.Contains(stop.Reason, "resume")) {
		text = strings.TrimSuffix(text, ".") + ". " + advice
	}
	return text
}
