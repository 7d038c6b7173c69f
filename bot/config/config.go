package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"time"
	_ "time/tzdata" // the host may have no time zones
)

// Config is every setting in the form in which it is used. Its fields are set
// by [Load]; the zero value is not usable.
type Config struct {
	Data          string   // folder of the store, backups and media
	Listen        string   // HOST:PORT of web chat, console, API and webhooks; port 0: any free one
	MetricsListen string   // HOST:PORT of metrics and profiles, never the same port as Listen; empty: off
	PublicURL     *url.URL // base of links, webhooks and QR codes, without a slash at its end; nil: none
	Content       string   // folder of the content; empty: the embedded one

	Timezone *time.Location // in which people read and write times; never nil

	Telegram Telegram
	ZaloOA   ZaloOA
	ZaloBot  ZaloBot
	Centre   Centre

	Hold time.Duration // how long a freed seat is held for the first in line

	LogLevel  slog.Level
	LogFormat LogFormat

	WidgetOrigins  []string       // origins (scheme://host[:port]) that may frame the web chat; empty: none
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; empty: nobody's
}

// Telegram is how the program reaches Telegram. It is off without a token.
type Telegram struct {
	Token   Secret
	API     *url.URL // base URL of the Bot API
	Webhook bool     // updates come to PublicURL/webhook/telegram; false: long polling
	Rate    int      // most messages in any sliding second, all chats together
	Paid    bool     // messages over Telegram's free limit may be paid for with the bot's Stars
}

// ZaloOA is a Zalo Official Account. It is off without an AppID; with one,
// AppSecret and Secret are there too.
type ZaloOA struct {
	AppID        string
	AppSecret    Secret
	Secret       Secret   // signs webhooks
	RefreshToken Secret   // only the first one: each use of it yields the next, which the store keeps
	API          *url.URL // base URL of the OpenAPI
	OAuth        *url.URL // base URL where tokens are refreshed
	BusinessAPI  *url.URL // base URL of template messages by phone number
}

// ZaloBot is a bot on the Zalo Bot Platform. It is off without a token.
type ZaloBot struct {
	Token   Secret
	API     *url.URL // base URL of the platform
	Webhook bool     // updates come to PublicURL/webhook/zalo-bot; false: long polling
}

// Centre is the agency in whose name the program speaks. Texts and printed
// tables take it from here, since its name, its parent and the name of its
// place have changed before. All but Name may be empty.
type Centre struct {
	Name    string
	Parent  string // the body above it, printed over its name
	Place   string // the place before the date on a document
	Address string
	Phone   string // as it is to be shown
	Email   string // one plain address
}

// LogFormat is the form in which the log is written.
type LogFormat string

// The forms of the log: for people, for programs.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Load returns the settings. The flags are those that were given, by the name
// in [Setting.Flag] without dashes; lookup finds a variable of the environment
// and readFile reads the configuration file and files of secrets. A nil lookup
// is the program's own environment, a nil readFile the file system.
//
// The error is an [*Error] for the first setting that cannot be used.
func Load(flags map[string]string, lookup func(string) (string, bool), readFile func(string) ([]byte, error)) (Config, error) {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	if readFile == nil {
		readFile = os.ReadFile
	}
	var c Config
	settings := Settings()
	if err := knownFlags(settings, flags); err != nil {
		return Config{}, err
	}
	g := given{flags: flags, lookup: lookup, readFile: readFile}
	if err := g.open(settings); err != nil {
		return Config{}, err
	}
	for _, s := range settings {
		if err := g.apply(s, &c); err != nil {
			return Config{}, err
		}
	}
	if err := c.agrees(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// agrees finds settings that are right each but not together.
func (c *Config) agrees() error {
	switch {
	case c.MetricsListen != "" && samePort(c.Listen, c.MetricsListen):
		return &Error{Setting: "SACHHON_METRICS_LISTEN", Value: c.MetricsListen,
			Problem: "has the port of SACHHON_LISTEN, which everybody can reach", Want: "another port, or nothing to turn metrics off"}
	case c.PublicURL == nil && c.Telegram.Webhook:
		return publicURLMissing("SACHHON_TELEGRAM_WEBHOOK")
	case c.PublicURL == nil && c.ZaloBot.Webhook:
		return publicURLMissing("SACHHON_ZALO_BOT_WEBHOOK")
	}
	oa := c.ZaloOA
	if oa.AppID == "" && oa.AppSecret == "" && oa.Secret == "" && oa.RefreshToken == "" {
		return nil
	}
	for _, part := range []struct{ name, value string }{
		{"SACHHON_ZALO_OA_APP_ID", oa.AppID},
		{"SACHHON_ZALO_OA_APP_SECRET", oa.AppSecret.Reveal()},
		{"SACHHON_ZALO_OA_SECRET", oa.Secret.Reveal()},
	} {
		if part.value == "" {
			return &Error{Setting: part.name, Problem: "is missing, while other settings of the Zalo Official Account are there", Want: "it too, or none of SACHHON_ZALO_OA_APP_ID, _APP_SECRET, _SECRET and _REFRESH_TOKEN"}
		}
	}
	return nil
}

func publicURLMissing(because string) error {
	return &Error{Setting: "SACHHON_PUBLIC_URL", Problem: "is missing, while " + because + " is true",
		Want: "the https address under which the network reaches this program"}
}

// samePort says whether two addresses would meet: the same port on any
// interfaces, as one of them may be all. Port 0 never meets another.
func samePort(a, b string) bool {
	_, p, _ := net.SplitHostPort(a)
	_, q, _ := net.SplitHostPort(b)
	return p == q && p != "0"
}
