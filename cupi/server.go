package cupi

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// parseServer reads the address that people give: a host, host:port or URL, with
// or without "/" and "/vmrest" at the end. The errors don't repeat the text: it
// may hold a password.
func parseServer(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New("no server: give its address, such as https://cuc1.example.com")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	server, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the server's address can't be read: write it as https://cuc1.example.com or https://cuc1.example.com:8443")
	}
	if server.User != nil {
		return nil, errors.New("the server's address holds a user name or password: give them separately, addresses end up in logs")
	}
	server.Scheme = strings.ToLower(server.Scheme)
	server.Host = strings.ToLower(server.Host)
	path := strings.TrimSuffix(strings.Trim(server.Path, "/"), "vmrest")
	switch {
	case server.Scheme != "https" && server.Scheme != "http":
		return nil, fmt.Errorf("the server's address begins with %s://: CUPI is served over https", printable(server.Scheme, 20))
	case server.Hostname() == "":
		return nil, errors.New("the server's address has no host: write it as https://cuc1.example.com")
	case path != "" || server.RawQuery != "" || server.Fragment != "":
		return nil, errors.New("the server's address has more than a host and a port: leave the rest away")
	case server.Scheme == "http" && !isLoopback(server.Hostname()):
		return nil, errors.New("plain http would send the password readable for anyone on the way: use https; http is " +
			"for this computer only")
	}
	if port := server.Port(); port != "" {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return nil, errors.New("the server's port is not between 1 and 65535")
		}
	}
	return &url.URL{Scheme: server.Scheme, Host: server.Host}, nil
}

func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}
