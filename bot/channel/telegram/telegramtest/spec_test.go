package telegramtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSpecIsWhole checks the packed description of the Bot API. It was made
// from api.json of github.com/PaulSonOfLars/telegram-bot-api-spec; with
// SACHHON_BOT_API_JSON naming that file the reduction is repeated and must give
// what is packed. A newer version is packed by writing what reduced returns
// through gzip.
func TestSpecIsWhole(t *testing.T) {
	raw := unpacked(t)
	if head, _, _ := strings.Cut(raw, "\n"); head != "# Bot API 10.1 (June 11, 2026), reduced from PaulSonOfLars/telegram-bot-api-spec api.json" {
		t.Errorf("the description begins with %q", head)
	}
	s, err := readSpec(packedSpec)
	if err != nil {
		t.Fatal(err)
	}
	if len(s) != 180 {
		t.Errorf("%d methods, want the 180 of Bot API 10.1", len(s))
	}
	for name, m := range s {
		if name != strings.ToLower(m.name) || m.name == "" {
			t.Errorf("method %q is kept as %q", m.name, name)
		}
		for field, p := range m.parameters {
			if field == "" || strings.ContainsAny(field, "!= ") || len(p.types) == 0 || slices.Contains(p.types, "") {
				t.Errorf("%s: parameter %q has types %q", m.name, field, p.types)
			}
		}
	}
	for name := range methods() {
		if s[strings.ToLower(name)].name != name {
			t.Errorf("%s is simulated and stands in no documentation", name)
		}
	}
	send := s["sendmessage"].parameters
	if !send["chat_id"].required || !send["text"].required || send["parse_mode"].required || !slices.Equal(send["chat_id"].types, []string{"Integer", "String"}) {
		t.Errorf("sendMessage: %+v", send)
	}
	if file := os.Getenv("SACHHON_BOT_API_JSON"); file != "" {
		if reduced(t, file) != raw {
			t.Errorf("%s reduces to something else than what is packed", file)
		}
	}
}

func unpacked(t *testing.T) string {
	z, err := gzip.NewReader(bytes.NewReader(packedSpec))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// reduced is the description that a full api.json comes down to.
func reduced(t *testing.T, file string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var full struct {
		Version string
		Date    string `json:"release_date"`
		Methods map[string]struct {
			Fields []struct {
				Name     string
				Types    []string
				Required bool
			}
		}
	}
	if err := json.Unmarshal(raw, &full); err != nil {
		t.Fatal(err)
	}
	out := "# " + full.Version + " (" + full.Date + "), reduced from PaulSonOfLars/telegram-bot-api-spec api.json\n"
	for _, name := range slices.Sorted(maps.Keys(full.Methods)) {
		line := []string{name}
		for _, f := range full.Methods[name].Fields {
			mark := ""
			if f.Required {
				mark = "!"
			}
			line = append(line, f.Name+mark+"="+strings.Join(f.Types, "|"))
		}
		out += strings.Join(line, "\t") + "\n"
	}
	return out
}
