package config_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sachhon/bot/config"
)

type settings struct{ Token config.Secret }

func TestASecretShowsNowhere(t *testing.T) {
	const hidden = "123:hush"
	s := config.Secret(hidden)
	c := config.Config{Telegram: config.Telegram{Token: s}, ZaloOA: config.ZaloOA{AppSecret: s}}
	holders := []any{s, &s, []config.Secret{s}, map[string]config.Secret{"k": s}, c, &c, c.Telegram, fmt.Errorf("token %v", s)}
	var seen strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%T%v", "%10.3s", "%c", "%U"} {
		for _, h := range holders {
			fmt.Fprintf(&seen, verb+"\n", h)
		}
	}
	fmt.Fprintln(&seen, s, s.String(), s.GoString())

	var log bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		l.Info("start", "token", s, "telegram", c.Telegram, "config", c, slog.Group("g", "s", &s))
	}
	seen.Write(log.Bytes())

	for what, encode := range map[string]func(any) ([]byte, error){
		"json": json.Marshal, "xml": xml.Marshal, "yaml": func(v any) ([]byte, error) { return yaml.Marshal(v) },
	} {
		out, err := encode(settings{s})
		if err != nil || !bytes.Contains(out, []byte("•••")) {
			t.Errorf("%s: %s, error %v", what, out, err)
		}
		seen.Write(out)
	}
	for _, trace := range []string{hidden, "hush", fmt.Sprintf("%x", hidden), fmt.Sprintf("%X", hidden), fmt.Sprintf("% x", hidden)} {
		if strings.Contains(seen.String(), trace) {
			t.Errorf("the secret shows as %q", trace)
		}
	}
	if s.Reveal() != hidden {
		t.Errorf("revealed %q", s.Reveal())
	}
}
