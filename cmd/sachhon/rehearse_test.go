package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRehearseFromTheShell plays a broadcast over invented people and the
// campaigns over an empty store, in both languages and all forms.
func TestRehearseFromTheShell(t *testing.T) {
	dir := t.TempDir()
	file, data := filepath.Join(dir, "cast.json"), filepath.Join(dir, "data")
	body := `{"title":"Lớp mới","kind":"service","text":{"vi":"Có lớp mới."},"segment":{"sector":["wood"]},"send_at":"2099-01-05T09:00:00+07:00"}`
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	play := func(args ...string) string {
		return must(t, "", append([]string{"--data", data, "rehearse"}, args...)...)
	}
	first := play("--broadcast", file, "--invented", "3000", "--seed", "7", "--speed", "100000")
	for _, want := range []string{"Diễn tập đợt gửi “Lớp mới”", "3.000 người giả định", "9:00 thứ Hai, 5/1/2099", "không gửi tin nào", "05/01 09:00  █"} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is missing in:\n%s", want, first)
		}
	}
	again := play("--broadcast", file, "--invented", "3000", "--seed", "7")
	if !strings.HasSuffix(first, again) {
		t.Errorf("the same seed says\n%s\nafter\n%s", again, first)
	}
	if english := play("--campaigns", "10", "--lang", "en"); !strings.Contains(english, "No message arrives.") {
		t.Errorf("got %s", english)
	}
	for _, ending := range []string{"png", "xlsx", "json"} {
		out := filepath.Join(dir, "out."+ending)
		play("--broadcast", file, "--invented", "500", "-o", out)
		if info, err := os.Stat(out); err != nil || info.Size() < 500 {
			t.Errorf("%s: %v, %v", out, info, err)
		}
	}
	for _, wrong := range [][]string{{"rehearse"}, {"rehearse", "--campaigns", "0"}, {"rehearse", "--campaigns", "3", "-o", "x.doc"}, {"rehearse", "--broadcast", file, "--campaigns", "3"}} {
		if _, errs, code := output(t, "", wrong...); code != 2 || errs == "" {
			t.Errorf("%v: status %d, %q", wrong, code, errs)
		}
	}
}
