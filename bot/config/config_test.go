package config_test

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"sachhon/bot/config"
)

// world is everything outside the program: what a test does not name is not
// there.
type world struct {
	flags map[string]string
	env   map[string]string
	files map[string]string
}

func (w world) load() (config.Config, error) {
	lookup := func(name string) (string, bool) {
		v, ok := w.env[name]
		return v, ok
	}
	read := func(path string) ([]byte, error) {
		if text, ok := w.files[path]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return config.Load(w.flags, lookup, read)
}

func (w world) mustLoad(t *testing.T) config.Config {
	t.Helper()
	c, err := w.load()
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return c
}

func TestNothingGivenMeansDefaults(t *testing.T) {
	c := world{}.mustLoad(t)
	for _, tt := range []struct {
		what      string
		got, want any
	}{
		{"data", c.Data, "./data"},
		{"listen", c.Listen, "127.0.0.1:8080"},
		{"metrics", c.MetricsListen, "127.0.0.1:9090"},
		{"no public address", c.PublicURL == nil, true},
		{"embedded content", c.Content, ""},
		{"time zone", c.Timezone.String(), "Asia/Ho_Chi_Minh"},
		{"hold", c.Hold, 12 * time.Hour},
		{"Telegram off", c.Telegram.Token.Reveal(), ""},
		{"Telegram API", c.Telegram.API.String(), "https://api.telegram.org"},
		{"Telegram polls", c.Telegram.Webhook, false},
		{"Telegram rate", c.Telegram.Rate, 28},
		{"Telegram for nothing", c.Telegram.Paid, false},
		{"Zalo OA off", c.ZaloOA.AppID, ""},
		{"Zalo OpenAPI", c.ZaloOA.API.String(), "https://openapi.zalo.me"},
		{"Zalo OAuth", c.ZaloOA.OAuth.String(), "https://oauth.zaloapp.com"},
		{"Zalo business API", c.ZaloOA.BusinessAPI.String(), "https://business.openapi.zalo.me"},
		{"Zalo bot API", c.ZaloBot.API.String(), "https://bot-api.zaloplatforms.com"},
		{"log level", c.LogLevel, slog.LevelInfo},
		{"log format", c.LogFormat, config.LogText},
		{"centre", c.Centre, config.Centre{Name: "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"}},
		{"no frames", len(c.WidgetOrigins), 0},
		{"no proxies", len(c.TrustedProxies), 0},
	} {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, tt.got, tt.want)
		}
	}
}

// samples are three good values of every setting.
var samples = map[string][3]string{
	"SACHHON_DATA":                  {"/a", "/b", "/c"},
	"SACHHON_LISTEN":                {":1001", "127.0.0.1:1002", "[::1]:1003"},
	"SACHHON_METRICS_LISTEN":        {"localhost:2001", "metrics:2002", "0.0.0.0:2003"},
	"SACHHON_PUBLIC_URL":            {"https://a.vn", "https://b.vn/chat", "http://127.0.0.1:8080"},
	"SACHHON_CONTENT":               {"one", "two", "three"},
	"SACHHON_TIMEZONE":              {"UTC", "Asia/Bangkok", "Europe/Berlin"},
	"SACHHON_HOLD":                  {"1h", "90m", "72h"},
	"SACHHON_WIDGET_ORIGINS":        {"https://a.vn", "https://a.vn, https://b.vn", "http://localhost:3000"},
	"SACHHON_TRUSTED_PROXIES":       {"10.0.0.0/8", "127.0.0.1,::1", "fd00::/8"},
	"SACHHON_LOG_LEVEL":             {"debug", "warn", "ERROR"},
	"SACHHON_LOG_FORMAT":            {"json", "text", "JSON"},
	"SACHHON_TELEGRAM_TOKEN":        {"1:a", "2:b", "3:c"},
	"SACHHON_TELEGRAM_API":          {"http://a:1", "http://b", "https://c/api"},
	"SACHHON_TELEGRAM_WEBHOOK":      {"true", "false", "1"},
	"SACHHON_TELEGRAM_RATE":         {"1", "30", "1000"},
	"SACHHON_TELEGRAM_PAID":         {"true", "false", "1"},
	"SACHHON_ZALO_OA_APP_ID":        {"1", "2", "3"},
	"SACHHON_ZALO_OA_APP_SECRET":    {"a", "b", "c"},
	"SACHHON_ZALO_OA_SECRET":        {"a", "b", "c"},
	"SACHHON_ZALO_OA_REFRESH_TOKEN": {"a", "b", "c"},
	"SACHHON_ZALO_OA_API":           {"http://a", "http://b", "http://c"},
	"SACHHON_ZALO_OAUTH":            {"http://a", "http://b", "http://c"},
	"SACHHON_ZALO_BUSINESS_API":     {"http://a", "http://b", "http://c"},
	"SACHHON_ZALO_BOT_TOKEN":        {"1:a", "2:b", "3:c"},
	"SACHHON_ZALO_BOT_API":          {"http://a", "http://b", "http://c"},
	"SACHHON_ZALO_BOT_WEBHOOK":      {"true", "false", "t"},
	"SACHHON_CENTRE_NAME":           {"Trung tâm A", "Trung tâm B", "Trung tâm C"},
	"SACHHON_CENTRE_PARENT":         {"Sở A", "Sở B", "Sở C"},
	"SACHHON_CENTRE_PLACE":          {"Bình Dương", "Dĩ An", "Bến Cát"},
	"SACHHON_CENTRE_ADDRESS":        {"1 A", "2 B", "3 C"},
	"SACHHON_CENTRE_PHONE":          {"0274 3822 222", "(0274) 382.2222", "1022"},
	"SACHHON_CENTRE_EMAIL":          {"a@b.vn", "c@d.vn", "e@f.vn"},
}

// together are settings that others need beside them.
var together = map[string]string{
	"SACHHON_PUBLIC_URL":         "https://base.vn",
	"SACHHON_ZALO_OA_APP_ID":     "9",
	"SACHHON_ZALO_OA_APP_SECRET": "z",
	"SACHHON_ZALO_OA_SECRET":     "z",
}

func with(name, value string) map[string]string {
	env := map[string]string{name: value}
	for n, v := range together {
		if n != name {
			env[n] = v
		}
	}
	return env
}

func TestFlagBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	for _, s := range config.Settings() {
		if s.Name == "SACHHON_CONFIG" {
			continue
		}
		v, ok := samples[s.Name]
		if !ok {
			t.Errorf("%s has no samples", s.Name)
			continue
		}
		alone := func(i int) config.Config { return world{env: with(s.Name, v[i])}.mustLoad(t) }
		file := map[string]string{"c.yaml": s.Key + ": " + `"` + v[2] + `"`}
		flags := map[string]string{s.Flag: v[0], "config": "c.yaml"}

		if got := (world{flags, with(s.Name, v[1]), file}).mustLoad(t); !reflect.DeepEqual(got, alone(0)) {
			t.Errorf("%s: the flag does not win over environment and file", s.Name)
		}
		delete(flags, s.Flag)
		if got := (world{flags, with(s.Name, v[1]), file}).mustLoad(t); !reflect.DeepEqual(got, alone(1)) {
			t.Errorf("%s: the environment does not win over the file", s.Name)
		}
		env := with(s.Name, "")
		delete(env, s.Name)
		if got := (world{flags, env, file}).mustLoad(t); !reflect.DeepEqual(got, alone(2)) {
			t.Errorf("%s: the file does not win over the default", s.Name)
		}
		if reflect.DeepEqual(alone(0), alone(1)) {
			t.Errorf("%s: two different values make no difference", s.Name)
		}
	}
}

func TestSecretFromAFile(t *testing.T) {
	files := map[string]string{"/run/token": " 7:from-file \r\n", "c.yaml": "telegram_token_file: /run/token"}
	for what, w := range map[string]world{
		"environment": {env: map[string]string{"SACHHON_TELEGRAM_TOKEN_FILE": "/run/token"}},
		"flag":        {flags: map[string]string{"telegram-token-file": "/run/token"}},
		"file":        {env: map[string]string{"SACHHON_CONFIG": "c.yaml"}},
		"beside an empty variable": {env: map[string]string{
			"SACHHON_TELEGRAM_TOKEN": "", "SACHHON_TELEGRAM_TOKEN_FILE": "/run/token"}},
		"before a variable of lower rank": {flags: map[string]string{"telegram-token-file": "/run/token"},
			env: map[string]string{"SACHHON_TELEGRAM_TOKEN": "8:other"}},
	} {
		w.files = files
		if got := w.mustLoad(t).Telegram.Token.Reveal(); got != "7:from-file" {
			t.Errorf("%s: %q", what, got)
		}
	}
}

func TestEveryOtherSecretMayBeAFileToo(t *testing.T) {
	for _, s := range config.Settings() {
		if !s.Secret {
			continue
		}
		direct := with(s.Name, samples[s.Name][1])
		byFile := with(s.Name, "")
		delete(byFile, s.Name)
		byFile[s.Name+"_FILE"] = "secret"
		got := world{env: byFile, files: map[string]string{"secret": samples[s.Name][1] + "\n"}}.mustLoad(t)
		if want := (world{env: direct}).mustLoad(t); !reflect.DeepEqual(got, want) {
			t.Errorf("%s_FILE: differs from %s", s.Name, s.Name)
		}
	}
}

func TestEmptyIsOffOrNotGiven(t *testing.T) {
	file := map[string]string{"c.yaml": "metrics_listen: :7001\nlisten: :7002\ncentre_phone: 0274 3822 222\n"}
	c := world{env: map[string]string{
		"SACHHON_CONFIG":         "c.yaml",
		"SACHHON_METRICS_LISTEN": "",
		"SACHHON_CENTRE_PHONE":   " ",
		"SACHHON_LISTEN":         "",
	}, files: file}.mustLoad(t)
	if c.MetricsListen != "" || c.Centre.Phone != "" {
		t.Errorf("metrics %q and phone %q, want both off", c.MetricsListen, c.Centre.Phone)
	}
	if c.Listen != ":7002" {
		t.Errorf("listen %q, want that of the file", c.Listen)
	}
}

func TestListsAndAddressesAreTidied(t *testing.T) {
	c := world{env: map[string]string{
		"SACHHON_PUBLIC_URL":      "https://Chat.Example.VN/sxsh/",
		"SACHHON_WIDGET_ORIGINS":  " https://A.vn:443/ ,, http://localhost:80,https://b.vn:8443",
		"SACHHON_TRUSTED_PROXIES": "10.1.2.3/8, 192.0.2.7 ,fd00::1/64",
	}}.mustLoad(t)
	if got := c.PublicURL.String(); got != "https://chat.example.vn/sxsh" {
		t.Errorf("public address %s", got)
	}
	if want := []string{"https://a.vn", "http://localhost", "https://b.vn:8443"}; !reflect.DeepEqual(c.WidgetOrigins, want) {
		t.Errorf("origins %q, want %q", c.WidgetOrigins, want)
	}
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("fd00::/64")}
	if !reflect.DeepEqual(c.TrustedProxies, want) {
		t.Errorf("proxies %v, want %v", c.TrustedProxies, want)
	}
}

func TestTheProgramsOwnEnvironment(t *testing.T) {
	t.Setenv("SACHHON_LISTEN", "127.0.0.1:7654")
	c, err := config.Load(nil, nil, nil)
	if err != nil || c.Listen != "127.0.0.1:7654" {
		t.Errorf("listen %q, error %v", c.Listen, err)
	}
}

func TestNamesAgree(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range config.Settings() {
		if want := "SACHHON_" + strings.ToUpper(strings.ReplaceAll(s.Flag, "-", "_")); s.Name != want || seen[s.Name] {
			t.Errorf("%s: flag --%s belongs to %s, or the name stands twice", s.Name, s.Flag, want)
		}
		seen[s.Name] = true
		if s.Help == "" || s.Want == "" || strings.HasSuffix(s.Help, ".") {
			t.Errorf("%s: help %q, want %q", s.Name, s.Help, s.Want)
		}
		if s.Default == "" && !s.Optional {
			t.Errorf("%s: neither a default nor optional", s.Name)
		}
	}
}

func TestHelpShowsEverySettingInColumns(t *testing.T) {
	var b strings.Builder
	if err := config.Help(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	flagAt := strings.Index(lines[0], "FLAG")
	for i, s := range config.Settings() {
		l := lines[i+1]
		if !strings.HasPrefix(l, s.Name+" ") || !strings.HasPrefix(l[flagAt:], "--"+s.Flag+" ") || !strings.Contains(l, s.Default) || !strings.Contains(l, s.Help) {
			t.Errorf("line %d is %q, want %s", i+1, l, s.Name)
		}
		if s.Secret != strings.HasSuffix(l, "(secret)") {
			t.Errorf("%s: secret is not marked", s.Name)
		}
	}
	if err := config.Help(closed{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, fs.ErrClosed }
