package main

import (
	"strings"
	"testing"
)

// TestSegmentsFromTheShell saves segments, counts whom they mean, makes a
// broadcast with one and forgets it.
func TestSegmentsFromTheShell(t *testing.T) {
	data := t.TempDir()
	run := func(in string, args ...string) string {
		return must(t, in, append([]string{"--data", data}, args...)...)
	}
	run(`{"text":"chào"}`, "chat", "--json", "--as", "terminal:an")
	run(`{"text":"hello"}`, "chat", "--json", "--as", "terminal:bob", "--lang", "en")
	run(`{"language":["vi"]}`, "segment", "save", "người Việt/mới", "-")
	run("", "segment", "save", "gỗ", write(t, "wood.json", `{"sector":["wood"],"subscribed":true}`))
	list := run("", "segment", "list")
	if !strings.Contains(list, `gỗ              {"sector":["wood"],"subscribed":true}`) || !strings.Contains(list, `người Việt/mới  {"language":["vi"]}`) {
		t.Errorf("the segments are\n%s", list)
	}
	if show := run("", "segment", "show", "người Việt/mới"); !strings.Contains(show, "1 of 2 contacts") {
		t.Errorf("it means\n%s", show)
	}
	file := write(t, "b.json", `{"title":"Lịch mới","kind":"service","text":"Có lịch mới.","segment":"người Việt/mới","send_at":"2099-12-01T08:00:00+07:00"}`)
	if preview := run("", "broadcast", "preview", file); !strings.Contains(preview, "1 (1 contacts are outside the segment)") {
		t.Errorf("the preview says\n%s", preview)
	}
	id := strings.TrimSpace(run("", "broadcast", "create", file))
	run("", "segment", "delete", "người Việt/mới")
	if show := run("", "broadcast", "show", id); !strings.Contains(show, "scheduled") {
		t.Errorf("the broadcast is\n%s", show)
	}
	for _, wrong := range []struct {
		code int
		says string
		args []string
	}{
		{exitFailed, "sachhon segment list", []string{"segment", "delete", "người Việt/mới"}},
		{exitFailed, "sachhon segment list", []string{"segment", "show", "ai đó"}},
		{exitFailed, "sachhon segment list", []string{"broadcast", "create", file}},
		{exitFailed, "its conditions are sector", []string{"segment", "save", "x", write(t, "x.json", `{"colour":["red"]}`)}},
		{exitFailed, "is not JSON", []string{"segment", "save", "x", write(t, "x.json", `sector=wood`)}},
		{exitUsage, "needs a name", []string{"segment", "save", " ", write(t, "x.json", `{}`)}},
		{exitFailed, "x.json", []string{"segment", "save", "x", t.TempDir() + "/x.json"}},
		{exitUsage, "expected", []string{"segment", "save", "x"}},
	} {
		if out, errs, code := output(t, "", append([]string{"--data", data}, wrong.args...)...); code != wrong.code || !strings.Contains(errs, wrong.says) || out != "" {
			t.Errorf("%v: status %d, %q, %q", wrong.args, code, out, errs)
		}
	}
	if list := run("", "segment", "list"); strings.Count(list, "\n") != 2 {
		t.Errorf("in the end the segments are\n%s", list)
	}
}

// TestRewordFromTheShell changes the words of a broadcast that has not begun,
// one language at a time, and of none that is over.
func TestRewordFromTheShell(t *testing.T) {
	data := t.TempDir()
	run := func(args ...string) string { return must(t, "", append([]string{"--data", data}, args...)...) }
	file := write(t, "b.json", `{"title":"Lịch mới","kind":"service","text":{"vi":"Có lịch mới.","en":"A new plan."},"segment":{},"send_at":"2099-12-01T08:00:00+07:00"}`)
	id := strings.TrimSpace(run("broadcast", "create", file))
	if out := run("broadcast", "reword", id, "--text", "Lịch đổi.\nXem ở dưới."); out != id+" scheduled: Lịch mới\n\nLịch đổi.\nXem ở dưới.\n\nA new plan.\n" {
		t.Errorf("after the Vietnamese: %q", out)
	}
	if out := run("broadcast", "reword", id, "--text-en", "The plan changed.", "--title", "Lịch đổi"); out != id+" scheduled: Lịch đổi\n\nLịch đổi.\nXem ở dưới.\n\nThe plan changed.\n" {
		t.Errorf("after the English: %q", out)
	}
	for _, wrong := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "--title, --text or --text-en", []string{id}},
		{exitFailed, "longer than 200", []string{id, "--title", strings.Repeat("ơ", 201)}},
		{exitFailed, "longer than 2000", []string{id, "--text", strings.Repeat("ơ", 2001)}},
		{exitFailed, "sachhon broadcast list", []string{"bzzzzz", "--title", "x"}},
	} {
		if _, errs, code := output(t, "", append([]string{"--data", data, "broadcast", "reword"}, wrong.args...)...); code != wrong.code || !strings.Contains(errs, wrong.says) {
			t.Errorf("%v: status %d, %q", wrong.args, code, errs)
		}
	}
	run("broadcast", "cancel", id)
	if _, errs, code := output(t, "", "--data", data, "broadcast", "reword", id, "--title", "x"); code != exitFailed || !strings.Contains(errs, "is cancelled and cannot be changed") || strings.Contains(errs, "pause") {
		t.Errorf("of what is over: status %d, %q", code, errs)
	}
}
