package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestSchedulesFromTheShell runs the schedules of the house by hand, without a
// server and beside one, and reads their records in both, over a restart.
func TestSchedulesFromTheShell(t *testing.T) {
	data := t.TempDir()
	run := func(args ...string) string { return must(t, "", append([]string{"--data", data, "run"}, args...)...) }
	if list := run("list"); strings.Count(list, "\n") != 1 || !strings.HasPrefix(list, "NAME") {
		t.Errorf("before anything ran: %q", list)
	}
	if out := run("now", "housekeeping"); !regexp.MustCompile(`^housekeeping: nothing was old enough to drop, took [\d.]+[mµn]?s\n$`).MatchString(out) {
		t.Errorf("the housekeeping says %q", out)
	}
	must(t, `{"text":"/nhanmeo"}
{"press":"Đồng ý nhận"}
{"press":"Gỗ"}
{"press":"Thứ Ba 8:00"}`, "--data", data, "chat", "--json", "--as", "terminal:an")
	if out := run("now", "campaigns"); !strings.HasPrefix(out, "campaigns: looked at 0 registrations and 1 subscriptions, took ") {
		t.Errorf("the campaigns say %q", out)
	}
	before := run("list")
	rows := strings.Split(strings.TrimSpace(before), "\n")[1:]
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "campaigns") || !strings.HasPrefix(rows[1], "housekeeping") {
		t.Fatalf("the runs, the latest first, are\n%s", before)
	}
	for i, result := range []string{"looked at 0 registrations and 1 subscriptions", "nothing was old enough to drop"} {
		if f := strings.Join(strings.Fields(rows[i])[1:], " "); !regexp.MustCompile(`^by hand \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [\d.]+[mµn]?s ` + result + `$`).MatchString(f) {
			t.Errorf("row %d is %q", i+1, rows[i])
		}
	}
	s := serve(t, data)
	if list := run("list"); list != before {
		t.Errorf("a server shows\n%swithout one it was\n%s", list, before)
	}
	run("now", "housekeeping")
	s.kill()
	s.start()
	if after := run("list"); strings.Count(after, "\n") != 4 || strings.Count(after, "housekeeping") != 2 {
		t.Errorf("after a kill the runs are\n%s", after)
	}
	if _, errs, code := output(t, "", "--data", data, "run", "now", "cleaning"); code != exitFailed || !strings.Contains(errs, "housekeeping") {
		t.Errorf("a schedule nobody knows: status %d, %q", code, errs)
	}
	if _, errs, code := output(t, "", "run", "now"); code != exitUsage || errs == "" {
		t.Errorf("no name: status %d, %q", code, errs)
	}
	s.kill()
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the store: %s", out)
	}
}
