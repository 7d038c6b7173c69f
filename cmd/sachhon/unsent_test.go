package main

import (
	"strings"
	"testing"
)

// TestBroadcastWithoutAServer: a broadcast can be made while no server runs, and
// whoever makes it is told that nobody gets it so.
func TestBroadcastWithoutAServer(t *testing.T) {
	data := t.TempDir()
	const note = "it is sent once `sachhon serve` runs"
	body := `{"title":"Lịch mới","kind":"service","text":"Có lịch mới.","segment":{}`
	id, errs, code := output(t, "", "--data", data, "broadcast", "create", write(t, "b.json", body+`}`))
	if code != exitDone || !strings.Contains(errs, note) || strings.Count(id, "\n") != 1 {
		t.Errorf("status %d, %q, %q", code, id, errs)
	}
	if _, errs, code := output(t, "", "--data", data, "broadcast", "cancel", strings.TrimSpace(id)); code != exitDone || strings.Contains(errs, note) {
		t.Errorf("cancelled: status %d, %q", code, errs)
	}
	if _, errs, code := output(t, "", "--data", data, "broadcast", "create", write(t, "b.json", body+`,"draft":true}`)); code != exitDone || strings.Contains(errs, note) {
		t.Errorf("a draft: status %d, %q", code, errs)
	}
	if out := must(t, "", "--data", data, "outbox"); !strings.Contains(out, "no network is switched on") {
		t.Errorf("the outbox says %q", out)
	}
}
