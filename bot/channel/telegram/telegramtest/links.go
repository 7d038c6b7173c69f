package telegramtest

import (
	"net/url"
	"strconv"
	"strings"
)

// userLink reads tg://user?id=N.
func userLink(s string) (int64, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "tg" || u.Host != "user" {
		return 0, false
	}
	id, err := strconv.ParseInt(u.Query().Get("id"), 10, 64)
	return id, err == nil && id > 0
}

// checkURL makes an absolute address out of what was written, as Telegram does
// for links and buttons.
func checkURL(s string) (string, error) {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err == nil && u.Scheme == "" {
		u, err = url.Parse("http://" + s)
	}
	switch {
	case s == "":
		return "", says("URL must be non-empty")
	case err != nil:
		return "", says("Wrong HTTP URL")
	case u.Scheme == "tg" || u.Scheme == "mailto" || u.Scheme == "tel":
		return u.String(), nil
	case u.Scheme != "http" && u.Scheme != "https":
		return "", says("Unsupported URL protocol")
	case u.Hostname() == "" || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" || strings.ContainsAny(u.Hostname(), " _"):
		return "", says("Wrong HTTP URL")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}
