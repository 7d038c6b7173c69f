package config

import (
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// What several settings allow.
const (
	wantAddress  = "HOST:PORT, such as 127.0.0.1:8080, or :8080 for all interfaces"
	wantBaseURL  = "an address that begins with https:// or http://, without a name, password, ? or #"
	wantBotToken = "the token as the platform showed it: digits, a colon, then letters, digits, - or _"
	wantSecret   = "it as the Zalo console shows it: one word of ASCII letters, digits and signs"
	wantSwitch   = "true or false"
	wantLine     = "one line of at most 200 letters"
)

// The bounds of SACHHON_HOLD: a person needs some time to answer, and the
// next in line some to come.
const (
	shortestHold = time.Hour
	longestHold  = 72 * time.Hour
)

// highestRate is what Telegram allows a bot with paid broadcasts in a second
// (Bot API, sendMessage, allow_paid_broadcast).
const highestRate = 1000

// longestLine bounds a name or address so that it fits a message and a page.
const longestLine = 200

var (
	botTokenForm = lazily(`^[0-9]{1,20}:[A-Za-z0-9_-]{1,200}$`)
	digitsForm   = lazily(`^[0-9]{1,30}$`)
	hostForm     = lazily(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$`)
	phoneForm    = lazily(`^[+(]?[0-9][0-9 .()-]{1,28}[0-9]$`)
)

func path(v string) (string, bool) { return v, v != "" && !strings.ContainsRune(v, 0) }

func digits(v string) (string, bool) { return v, digitsForm().MatchString(v) }

func phone(v string) (string, bool) { return v, phoneForm().MatchString(v) }

func botToken(v string) (Secret, bool) { return Secret(v), botTokenForm().MatchString(v) }

// secret takes what may stand in an HTTP header: visible ASCII.
func secret(v string) (Secret, bool) {
	outside := func(r rune) bool { return r <= ' ' || r > '~' }
	return Secret(v), v != "" && !strings.ContainsFunc(v, outside)
}

func line(v string) (string, bool) {
	return v, v != "" && utf8.ValidString(v) && utf8.RuneCountInString(v) <= longestLine && !strings.ContainsFunc(v, unicode.IsControl)
}

func email(v string) (string, bool) {
	a, err := mail.ParseAddress(v)
	return v, err == nil && a.Address == v
}

func address(v string) (string, bool) {
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return v, err == nil && (host == "" || isHost(host))
}

// isHost says whether a name or number can be that of a machine. A name of
// digits and dots alone is a misspelt number.
func isHost(v string) bool {
	if _, err := netip.ParseAddr(v); err == nil {
		return true
	}
	return hostForm().MatchString(v) && strings.Trim(v, "0123456789.") != ""
}

// isLoopback says whether the host is this machine itself, where a
// connection needs no https.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// baseURL returns an address to which paths are added, without a slash at its
// end.
func baseURL(v string) (*url.URL, bool) {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "" {
		return nil, false
	}
	if u.User != nil || strings.ContainsAny(v, "?#") || !isHost(u.Hostname()) || !isPort(u) {
		return nil, false
	}
	u.Host = strings.ToLower(u.Host)
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, true
}

// isPort says whether the port of a URL, which may be missing, can be one.
func isPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && n > 0
}

func publicURL(v string) (*url.URL, bool) {
	u, ok := baseURL(v)
	return u, ok && (u.Scheme == "https" || isLoopback(u.Hostname()))
}

// origin returns a web origin in the form in which browsers send it.
func origin(v string) (string, bool) {
	u, ok := publicURL(v)
	if !ok || u.Path != "" {
		return "", false
	}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	return u.String(), true
}

// network returns an address range; one address is a range of its own.
func network(v string) (netip.Prefix, bool) {
	if ip, err := netip.ParseAddr(v); err == nil && ip.Zone() == "" {
		return netip.PrefixFrom(ip, ip.BitLen()), true
	}
	p, err := netip.ParsePrefix(v)
	return p.Masked(), err == nil
}

// list reads values with commas between them. What is empty between commas is
// passed over.
func list[T any](read func(string) (T, bool)) func(string) ([]T, bool) {
	return func(v string) ([]T, bool) {
		var all []T
		for part := range strings.SplitSeq(v, ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			one, ok := read(part)
			if !ok {
				return nil, false
			}
			all = append(all, one)
		}
		return all, true
	}
}

// timezone refuses "Local": what the host believes is not a setting.
func timezone(v string) (*time.Location, bool) {
	if v == "" || v == "Local" {
		return nil, false
	}
	l, err := time.LoadLocation(v)
	return l, err == nil
}

func hold(v string) (time.Duration, bool) {
	d, err := time.ParseDuration(v)
	return d, err == nil && d >= shortestHold && d <= longestHold
}

func rate(v string) (int, bool) {
	n, err := strconv.Atoi(v)
	return n, err == nil && n >= 1 && n <= highestRate
}

func yesOrNo(v string) (bool, bool) {
	b, err := strconv.ParseBool(v)
	return b, err == nil
}

func logLevel(v string) (slog.Level, bool) {
	switch strings.ToLower(v) {
	case "debug":
		return slog.LevelDebug, true
	case "info":
		return slog.LevelInfo, true
	case "warn":
		return slog.LevelWarn, true
	case "error":
		return slog.LevelError, true
	}
	return 0, false
}

func logFormat(v string) (LogFormat, bool) {
	f := LogFormat(strings.ToLower(v))
	return f, f == LogText || f == LogJSON
}

// lazily compiles a pattern when it is first used: what a start does not need,
// it does not wait for.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
