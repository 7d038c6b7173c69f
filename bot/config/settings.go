package config

import (
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// configName is the setting that names the configuration file.
const configName = "SACHHON_CONFIG"

// fileSuffix turns the key of a secret into that of the path of a file with
// the secret in it.
const fileSuffix = "_file"

// Setting describes one setting.
type Setting struct {
	Name     string // in the environment, such as SACHHON_METRICS_LISTEN
	Flag     string // on the command line, without dashes: metrics-listen
	Key      string // in the configuration file: metrics_listen; empty: not there
	Default  string // as it would be typed; empty: off or none
	Help     string // what it is for, in one line without a full stop
	Want     string // what is allowed, as the object of "give"
	Secret   bool   // never shown; NAME_FILE, --flag-file and key_file exist too
	Optional bool   // an empty value is allowed and means off or none
	Switch   bool   // true or false; the flag may stand without a value

	// set checks a value and keeps it; nil for the configuration file itself.
	set func(c *Config, v string) bool
}

// Settings returns every setting, in the order in which help shows them and in
// which they are checked. The slice is the caller's own.
func Settings() []Setting {
	all := slices.Concat(serverSettings(), telegramSettings(), zaloOASettings(), zaloBotSettings(), centreSettings())
	for i, s := range all {
		short := strings.ToLower(strings.TrimPrefix(s.Name, "SACHHON_"))
		all[i].Flag = strings.ReplaceAll(short, "_", "-")
		if s.Name != configName {
			all[i].Key = short
		}
	}
	return all
}

// into makes a setter of a field and the check that reads its value.
func into[T any](field func(*Config) *T, read func(string) (T, bool)) func(*Config, string) bool {
	return func(c *Config, text string) bool {
		v, ok := read(text)
		if ok {
			*field(c) = v
		}
		return ok
	}
}

func serverSettings() []Setting {
	return []Setting{
		{Name: configName, Optional: true, Help: "a YAML file with settings", Want: "the path of a YAML file"},
		{Name: "SACHHON_DATA", Default: "./data", Help: "folder of the store, backups and media", Want: "the path of a folder",
			set: into(func(c *Config) *string { return &c.Data }, path)},
		{Name: "SACHHON_LISTEN", Default: "127.0.0.1:8080", Help: "address of web chat, console, API and webhooks", Want: wantAddress,
			set: into(func(c *Config) *string { return &c.Listen }, address)},
		{Name: "SACHHON_METRICS_LISTEN", Default: "127.0.0.1:9090", Optional: true, Help: "address of /metrics and /debug/pprof, never a public one; empty: off", Want: wantAddress + ", or nothing",
			set: into(func(c *Config) *string { return &c.MetricsListen }, address)},
		{Name: "SACHHON_PUBLIC_URL", Optional: true, Help: "https base of links, webhooks and QR codes", Want: "an https address such as https://chat.example.vn (http only for this machine itself)",
			set: into(func(c *Config) **url.URL { return &c.PublicURL }, publicURL)},
		{Name: "SACHHON_CONTENT", Optional: true, Help: "content folder in place of the embedded content", Want: "the path of a folder",
			set: into(func(c *Config) *string { return &c.Content }, path)},
		{Name: "SACHHON_TIMEZONE", Default: "Asia/Ho_Chi_Minh", Help: "time zone of everything that is shown", Want: "a name of the IANA time zones, such as Asia/Ho_Chi_Minh",
			set: into(func(c *Config) **time.Location { return &c.Timezone }, timezone)},
		{Name: "SACHHON_HOLD", Default: "12h", Help: "how long a freed seat is held for the first in line", Want: "a time from 1h to 72h, such as 12h or 90m",
			set: into(func(c *Config) *time.Duration { return &c.Hold }, hold)},
		{Name: "SACHHON_WIDGET_ORIGINS", Optional: true, Help: "https origins that may frame the web chat, with commas between them; empty: none", Want: "origins such as https://www.example.vn, with commas between them",
			set: into(func(c *Config) *[]string { return &c.WidgetOrigins }, list(origin))},
		{Name: "SACHHON_TRUSTED_PROXIES", Optional: true, Help: "networks whose X-Forwarded-For is believed, with commas between them; empty: none", Want: "networks such as 10.0.0.0/8 or 127.0.0.1, with commas between them",
			set: into(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }, list(network))},
		{Name: "SACHHON_LOG_LEVEL", Default: "info", Help: "least important entry that is logged: debug, info, warn or error", Want: "debug, info, warn or error",
			set: into(func(c *Config) *slog.Level { return &c.LogLevel }, logLevel)},
		{Name: "SACHHON_LOG_FORMAT", Default: string(LogText), Help: "form of the log: text or json", Want: "text or json",
			set: into(func(c *Config) *LogFormat { return &c.LogFormat }, logFormat)},
	}
}

func telegramSettings() []Setting {
	return []Setting{
		{Name: "SACHHON_TELEGRAM_TOKEN", Secret: true, Optional: true, Help: "token of the Telegram bot; empty: off", Want: wantBotToken,
			set: into(func(c *Config) *Secret { return &c.Telegram.Token }, botToken)},
		{Name: "SACHHON_TELEGRAM_API", Default: "https://api.telegram.org", Help: "base URL of the Telegram Bot API", Want: wantBaseURL,
			set: into(func(c *Config) **url.URL { return &c.Telegram.API }, baseURL)},
		{Name: "SACHHON_TELEGRAM_WEBHOOK", Default: "false", Switch: true, Help: "true: webhook at PUBLIC_URL/webhook/telegram; false: long polling", Want: wantSwitch,
			set: into(func(c *Config) *bool { return &c.Telegram.Webhook }, yesOrNo)},
		{Name: "SACHHON_TELEGRAM_RATE", Default: "28", Help: "most messages in any sliding second; over 30 only with paid broadcasts", Want: "a whole number from 1 to 1000",
			set: into(func(c *Config) *int { return &c.Telegram.Rate }, rate)},
		{Name: "SACHHON_TELEGRAM_PAID", Default: "false", Switch: true, Want: wantSwitch,
			Help: "true: what leaves over 30 a second is paid for with the bot's Stars (paid broadcasts, to be allowed at @BotFather)",
			set:  into(func(c *Config) *bool { return &c.Telegram.Paid }, yesOrNo)},
	}
}

func zaloOASettings() []Setting {
	return []Setting{
		{Name: "SACHHON_ZALO_OA_APP_ID", Optional: true, Help: "app id of the Zalo Official Account; empty: off", Want: "the app id as the Zalo console shows it: digits",
			set: into(func(c *Config) *string { return &c.ZaloOA.AppID }, digits)},
		{Name: "SACHHON_ZALO_OA_APP_SECRET", Secret: true, Optional: true, Help: "secret key of that app", Want: wantSecret,
			set: into(func(c *Config) *Secret { return &c.ZaloOA.AppSecret }, secret)},
		{Name: "SACHHON_ZALO_OA_SECRET", Secret: true, Optional: true, Help: "OA secret key, which signs webhooks", Want: wantSecret,
			set: into(func(c *Config) *Secret { return &c.ZaloOA.Secret }, secret)},
		{Name: "SACHHON_ZALO_OA_REFRESH_TOKEN", Secret: true, Optional: true, Help: "first refresh token; later ones are kept in the store", Want: wantSecret,
			set: into(func(c *Config) *Secret { return &c.ZaloOA.RefreshToken }, secret)},
		{Name: "SACHHON_ZALO_OA_API", Default: "https://openapi.zalo.me", Help: "base URL of the Zalo OpenAPI", Want: wantBaseURL,
			set: into(func(c *Config) **url.URL { return &c.ZaloOA.API }, baseURL)},
		{Name: "SACHHON_ZALO_OAUTH", Default: "https://oauth.zaloapp.com", Help: "base URL where Zalo tokens are refreshed", Want: wantBaseURL,
			set: into(func(c *Config) **url.URL { return &c.ZaloOA.OAuth }, baseURL)},
		{Name: "SACHHON_ZALO_BUSINESS_API", Default: "https://business.openapi.zalo.me", Help: "base URL of Zalo template messages by phone number", Want: wantBaseURL,
			set: into(func(c *Config) **url.URL { return &c.ZaloOA.BusinessAPI }, baseURL)},
	}
}

func zaloBotSettings() []Setting {
	return []Setting{
		{Name: "SACHHON_ZALO_BOT_TOKEN", Secret: true, Optional: true, Help: "token of the bot on the Zalo Bot Platform; empty: off", Want: wantBotToken,
			set: into(func(c *Config) *Secret { return &c.ZaloBot.Token }, botToken)},
		{Name: "SACHHON_ZALO_BOT_API", Default: "https://bot-api.zaloplatforms.com", Help: "base URL of the Zalo Bot Platform", Want: wantBaseURL,
			set: into(func(c *Config) **url.URL { return &c.ZaloBot.API }, baseURL)},
		{Name: "SACHHON_ZALO_BOT_WEBHOOK", Default: "false", Switch: true, Help: "true: webhook at PUBLIC_URL/webhook/zalo-bot; false: long polling", Want: wantSwitch,
			set: into(func(c *Config) *bool { return &c.ZaloBot.Webhook }, yesOrNo)},
	}
}

func centreSettings() []Setting {
	return []Setting{
		{Name: "SACHHON_CENTRE_NAME", Default: "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp", Help: "name of the centre, in texts and on documents", Want: wantLine,
			set: into(func(c *Config) *string { return &c.Centre.Name }, line)},
		{Name: "SACHHON_CENTRE_PARENT", Optional: true, Help: "body above the centre, printed over its name on documents", Want: wantLine,
			set: into(func(c *Config) *string { return &c.Centre.Parent }, line)},
		{Name: "SACHHON_CENTRE_PLACE", Optional: true, Help: "place before the date on documents", Want: wantLine,
			set: into(func(c *Config) *string { return &c.Centre.Place }, line)},
		{Name: "SACHHON_CENTRE_ADDRESS", Optional: true, Help: "address of the centre", Want: wantLine,
			set: into(func(c *Config) *string { return &c.Centre.Address }, line)},
		{Name: "SACHHON_CENTRE_PHONE", Optional: true, Help: "phone of the centre, as it is to be shown", Want: "a phone number such as 0274 3822 222",
			set: into(func(c *Config) *string { return &c.Centre.Phone }, phone)},
		{Name: "SACHHON_CENTRE_EMAIL", Optional: true, Help: "e-mail address of the centre; it organises calendar entries", Want: "one address such as phong@example.vn",
			set: into(func(c *Config) *string { return &c.Centre.Email }, email)},
	}
}
