package config_test

import (
	"errors"
	"strings"
	"testing"

	"sachhon/bot/config"
)

func TestAWrongSettingSaysWhatToDo(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"SACHHON_LISTEN", "8080", `SACHHON_LISTEN (the environment) is "8080"; give HOST:PORT, such as 127.0.0.1:8080, or :8080 for all interfaces`},
		{"SACHHON_LISTEN", "127.0.0.1:70000", `is "127.0.0.1:70000"; give HOST:PORT`},
		{"SACHHON_LISTEN", "127.0.0.256:80", `give HOST:PORT`},
		{"SACHHON_LISTEN", "a b:80", `give HOST:PORT`},
		{"SACHHON_METRICS_LISTEN", "off", `is "off"; give HOST:PORT, such as 127.0.0.1:8080, or :8080 for all interfaces, or nothing`},
		{"SACHHON_METRICS_LISTEN", "0.0.0.0:8080", `SACHHON_METRICS_LISTEN has the port of SACHHON_LISTEN, which everybody can reach; give another port, or nothing to turn metrics off`},
		{"SACHHON_PUBLIC_URL", "http://chat.example.vn", `give an https address such as https://chat.example.vn`},
		{"SACHHON_PUBLIC_URL", "chat.example.vn", `give an https address`},
		{"SACHHON_PUBLIC_URL", "https://chat.example.vn/?a=b", `give an https address`},
		{"SACHHON_PUBLIC_URL", "https://chat.example.vn/#top", `give an https address`},
		{"SACHHON_PUBLIC_URL", "https://", `give an https address`},
		{"SACHHON_PUBLIC_URL", "https://chat.example.vn:", `give an https address`},
		{"SACHHON_PUBLIC_URL", "https://chat.example.vn:99999", `give an https address`},
		{"SACHHON_TIMEZONE", "Saigon", `SACHHON_TIMEZONE (the environment) is "Saigon"; give a name of the IANA time zones, such as Asia/Ho_Chi_Minh`},
		{"SACHHON_TIMEZONE", "Local", `is "Local"`},
		{"SACHHON_HOLD", "59m", `is "59m"; give a time from 1h to 72h`},
		{"SACHHON_HOLD", "72h1s", `give a time from 1h to 72h`},
		{"SACHHON_HOLD", "12", `give a time from 1h to 72h`},
		{"SACHHON_WIDGET_ORIGINS", "https://a.vn,*", `is "https://a.vn,*"; give origins such as`},
		{"SACHHON_WIDGET_ORIGINS", "https://a.vn/page", `give origins such as`},
		{"SACHHON_WIDGET_ORIGINS", "https://a.vn;script-src", `give origins such as`},
		{"SACHHON_WIDGET_ORIGINS", "http://a.vn", `give origins such as`},
		{"SACHHON_TRUSTED_PROXIES", "10.0.0.0/40", `give networks such as 10.0.0.0/8`},
		{"SACHHON_TRUSTED_PROXIES", "proxy", `give networks such as 10.0.0.0/8`},
		{"SACHHON_LOG_LEVEL", "loud", `is "loud"; give debug, info, warn or error`},
		{"SACHHON_LOG_FORMAT", "xml", `is "xml"; give text or json`},
		{"SACHHON_TELEGRAM_API", "ftp://a", `give an address that begins with https:// or http://`},
		{"SACHHON_TELEGRAM_API", "https://:80", `give an address`},
		{"SACHHON_TELEGRAM_WEBHOOK", "maybe", `is "maybe"; give true or false`},
		{"SACHHON_TELEGRAM_WEBHOOK", "true", `SACHHON_PUBLIC_URL is missing, while SACHHON_TELEGRAM_WEBHOOK is true; give the https address`},
		{"SACHHON_ZALO_BOT_WEBHOOK", "true", `SACHHON_PUBLIC_URL is missing, while SACHHON_ZALO_BOT_WEBHOOK is true`},
		{"SACHHON_TELEGRAM_RATE", "0", `is "0"; give a whole number from 1 to 1000`},
		{"SACHHON_TELEGRAM_RATE", "1001", `give a whole number from 1 to 1000`},
		{"SACHHON_TELEGRAM_RATE", "2.5", `give a whole number from 1 to 1000`},
		{"SACHHON_ZALO_OA_APP_ID", "abc", `is "abc"; give the app id as the Zalo console shows it`},
		{"SACHHON_ZALO_OA_APP_ID", "123", `SACHHON_ZALO_OA_APP_SECRET is missing, while other settings of the Zalo Official Account are there`},
		{"SACHHON_ZALO_OA_REFRESH_TOKEN", "abc", `SACHHON_ZALO_OA_APP_ID is missing`},
		{"SACHHON_CENTRE_NAME", "a\nb", `is "a\nb"; give one line of at most 200 letters`},
		{"SACHHON_CENTRE_NAME", strings.Repeat("ơ", 201), `is "` + strings.Repeat("ơ", 80) + `…"; give one line`},
		{"SACHHON_CENTRE_PHONE", "call us", `is "call us"; give a phone number such as`},
		{"SACHHON_CENTRE_EMAIL", "Phòng <a@b.vn>", `give one address such as`},
		{"SACHHON_CONFIG", "./none.yaml", `SACHHON_CONFIG (the environment) names the file "./none.yaml" that cannot be read: there is none; give the path`},
	} {
		_, err := world{env: map[string]string{tt.name: tt.value}}.load()
		var wrong *config.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%s=%q: %v, want an Error", tt.name, tt.value, err)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%s=%q:\n got %s\nwant %s", tt.name, tt.value, err, tt.want)
		}
	}
}

func TestAWrongFlagIsNamed(t *testing.T) {
	for _, tt := range []struct{ flag, value, want string }{
		{"listen", "x", `SACHHON_LISTEN (flag --listen) is "x"; give HOST:PORT`},
		{"listen", "", `SACHHON_LISTEN (flag --listen) is empty; give HOST:PORT`},
		{"lisen", "x", `--lisen (flag) is not a setting; give --listen, if that was meant`},
		{"telegram-token-fil", "x", `give --telegram-token-file, if that was meant`},
		{"frobnicate-everything", "x", `--frobnicate-everything (flag) is not a setting; give one of those that serve --help lists`},
	} {
		_, err := world{flags: map[string]string{tt.flag: tt.value}}.load()
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("--%s=%q:\n got %v\nwant %s", tt.flag, tt.value, err, tt.want)
		}
	}
}

func TestTheFileIsReadAsPeopleWriteIt(t *testing.T) {
	const good = `
# the centre
centre_phone: 02743822222
METRICS-LISTEN: ""
SACHHON_LOG_LEVEL: debug
listen:
telegram:
  token: "12:secret"   # from BotFather
  rate: 20
  webhook: false
zalo:
  bot:
    token: 34:secret
widget-origins: [https://a.vn, https://b.vn]
trusted_proxies:
  - 10.0.0.0/8
  - 127.0.0.1
centre_name: >-
  Trung tâm
  Khuyến công
`
	c := world{flags: map[string]string{"config": "c.yaml"}, files: map[string]string{"c.yaml": good}}.mustLoad(t)
	for _, tt := range []struct {
		what      string
		got, want any
	}{
		{"a leading zero", c.Centre.Phone, "02743822222"},
		{"empty is off", c.MetricsListen, ""},
		{"name of the environment", c.LogLevel.String(), "DEBUG"},
		{"nothing after the colon is the default", c.Listen, "127.0.0.1:8080"},
		{"a group", c.Telegram.Token.Reveal(), "12:secret"},
		{"a number in it", c.Telegram.Rate, 20},
		{"a group in a group", c.ZaloBot.Token.Reveal(), "34:secret"},
		{"a list in a line", strings.Join(c.WidgetOrigins, " "), "https://a.vn https://b.vn"},
		{"a list below", len(c.TrustedProxies), 2},
		{"a folded text", c.Centre.Name, "Trung tâm Khuyến công"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, tt.got, tt.want)
		}
	}
	for _, nothing := range []string{"", "# only a remark\n", "---\n", "--- \n...\n", "~"} {
		world{flags: map[string]string{"config": "c.yaml"}, files: map[string]string{"c.yaml": nothing}}.mustLoad(t)
	}
}

func TestAWrongFileNamesTheLine(t *testing.T) {
	for _, tt := range []struct{ what, yaml, want string }{
		{"misspelt", "data: x\ntelegran_token: 1:hidden", `telegran_token (c.yaml:2) is not a setting; give telegram_token, if that was meant`},
		{"misspelt in a group", "telegram:\n  tokne: 1:hidden", `telegram_tokne (c.yaml:2) is not a setting; give telegram_token, if that was meant`},
		{"unknown", "colour: 1:hidden", `colour (c.yaml:1) is not a setting; give one of those that serve --help lists`},
		{"a group that is none", "colours:\n  red: 1:hidden", `colours (c.yaml:1) is not a setting`},
		{"a file in the file", "config: d.yaml", `config (c.yaml:1) is not a setting`},
		{"wrong value", "\n\nhold: soon", `SACHHON_HOLD (c.yaml:3) is "soon"; give a time from 1h to 72h`},
		{"twice", "telegram_token: 1:hidden\ntelegram:\n  token: 1:hidden", `SACHHON_CONFIG (c.yaml:3) telegram_token stands here and at c.yaml:1; give it once`},
		{"twice the same", "data: a\ndata: b", `SACHHON_CONFIG (c.yaml:2) is not YAML`},
		{"a mapping as a value", "data: {a: 1:hidden}", `data has a value that is more than a text; give one plain value`},
		{"a list of lists", "data: [[a]]", `data has a value that is more than a text`},
		{"an alias", "data: &x a\ncontent: *x", `has a value that is more than a text`},
		{"a number as a name", "1: hidden", `has a name that is no plain text`},
		{"no name", "\"\": hidden", `SACHHON_CONFIG (c.yaml:1) has a name that no setting has; give names of letters and _, such as metrics_listen`},
		{"two lines as a name", "\"a\\nb\": hidden", `has a name that no setting has`},
		{"Vietnamese as a name", "điện_thoại: hidden", `has a name that no setting has`},
		{"another encoding", "centre_name: S\xf4ng", `SACHHON_CONFIG (c.yaml) is not a text in UTF-8; give the file saved as UTF-8`},
		{"a list", "- hidden", `is not a setting; give lines of the form NAME: VALUE`},
		{"two documents", "data: a\n---\ndata: b", `begins a second document`},
		{"no YAML", "data: \"hidden\ntelegram_token: 1:hidden", `(c.yaml:1) is not YAML (could not find end character of double-quoted text); give lines`},
		{"both ways", "telegram_token: 1:hidden\ntelegram_token_file: ./x", `SACHHON_TELEGRAM_TOKEN (the configuration file) is given twice, as itself and as SACHHON_TELEGRAM_TOKEN_FILE; give one of the two`},
	} {
		_, err := world{flags: map[string]string{"config": "c.yaml"}, files: map[string]string{"c.yaml": tt.yaml}}.load()
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.what, err, tt.want)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\r\n") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: more than a line, or a value shows: %v", tt.what, err)
		}
	}
}

func TestAWrongSecretIsNotShown(t *testing.T) {
	const hidden = "hush hush"
	for _, s := range config.Settings() {
		if !s.Secret {
			continue
		}
		for what, w := range map[string]world{
			"environment":            {env: map[string]string{s.Name: hidden}},
			"flag":                   {flags: map[string]string{s.Flag: hidden}},
			"file":                   {flags: map[string]string{"config": "c"}, files: map[string]string{"c": s.Key + ": " + hidden}},
			"file of a secret":       {env: map[string]string{s.Name + "_FILE": "f"}, files: map[string]string{"f": hidden}},
			"secret for a file name": {env: map[string]string{s.Name + "_FILE": hidden}},
			"both ways":              {env: map[string]string{s.Name: hidden, s.Name + "_FILE": hidden}},
		} {
			_, err := w.load()
			if err == nil || strings.Contains(err.Error(), "hush") || !strings.HasPrefix(err.Error(), s.Name) {
				t.Errorf("%s, %s: %v", s.Name, what, err)
			}
		}
	}
	for what, value := range map[string]string{
		"a password in a URL":         "https://user:hush@a.vn",
		"one with a sign in it":       "https://user:hush@hush@a.vn/x",
		"one in a URL that is broken": "https://user:hush@a b",
	} {
		_, err := world{env: map[string]string{"SACHHON_TELEGRAM_API": value}}.load()
		if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "•••@a") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAFileOfASecretThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"/run/none", `SACHHON_TELEGRAM_TOKEN_FILE (the environment) names the file "/run/none" that cannot be read: there is none; give the path of a file that this program may read`},
		{"7:token-in-the-wrong-place", `SACHHON_TELEGRAM_TOKEN_FILE (the environment) names a file that cannot be read: there is none`},
		{"empty", `SACHHON_TELEGRAM_TOKEN_FILE (the environment) names a file that is empty; give the path of a file with the secret in it`},
	} {
		_, err := world{env: map[string]string{"SACHHON_TELEGRAM_TOKEN_FILE": tt.path}, files: map[string]string{"empty": " \n"}}.load()
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.path, err, tt.want)
		}
	}
	// A real folder in place of a file, through the real file system.
	_, err := config.Load(map[string]string{"telegram-token-file": t.TempDir()}, func(string) (string, bool) { return "", false }, nil)
	if err == nil || !strings.Contains(err.Error(), "is a directory") || strings.Count(err.Error(), "/") < 2 {
		t.Errorf("a folder: %v", err)
	}
}
