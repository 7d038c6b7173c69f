package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"

	"sachhon/bot"
)

// write writes a file into a folder of the test and returns its path.
func write(t testing.TB, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// typed is a command that runs on a terminal, and what it wrote there.
type typed struct {
	t     *testing.T
	tty   *os.File
	cmd   *exec.Cmd
	mu    sync.Mutex
	wrote bytes.Buffer
	ended chan struct{} // closed when nothing more is written
}

func onTerminal(t *testing.T, columns uint16, env []string, args ...string) *typed {
	t.Helper()
	one := &typed{t: t, cmd: command(t, args...), ended: make(chan struct{})}
	one.cmd.Env = append(one.cmd.Env, env...)
	var err error
	if one.tty, err = pty.StartWithSize(one.cmd, &pty.Winsize{Rows: 24, Cols: columns}); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(one.ended)
		io.Copy(one, one.tty) //nolint:errcheck // it ends with an error when the program does
	}()
	t.Cleanup(func() {
		one.cmd.Process.Kill() //nolint:errcheck // it may have ended
		one.tty.Close()
	})
	return one
}

// Write keeps what the program wrote.
func (s *typed) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wrote.Write(p)
}

func (s *typed) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wrote.String()
}

// until waits until something was written.
func (s *typed) until(want string) {
	s.t.Helper()
	pattern := regexp.MustCompile(want)
	for deadline := time.Now().Add(20 * time.Second); !pattern.MatchString(s.text()); {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited for %q in %q", want, s.text())
		}
		time.Sleep(20 * time.Millisecond) // another process, which no fake clock can reach
	}
}

// exit waits for the end and returns the exit code.
func (s *typed) exit() int {
	s.t.Helper()
	s.cmd.Wait() //nolint:errcheck // the code says it
	<-s.ended
	return s.cmd.ProcessState.ExitCode()
}

// drawn checks that all was drawn in one line that never wraps, and returns
// what follows it.
func (s *typed) drawn(columns int) string {
	s.t.Helper()
	frames := strings.Split(s.text(), "\r\x1b[K")
	if frames[0] != "" {
		s.t.Errorf("before the line stands %q", frames[0])
	}
	last, rest, fresh := strings.Cut(frames[len(frames)-1], "\r\n")
	frames[len(frames)-1] = strings.TrimSuffix(last, "^C") // what the terminal itself shows of a key
	for _, f := range frames[1:] {
		if n := utf8.RuneCountInString(f); n >= columns || strings.ContainsAny(f, "\r\n") {
			s.t.Errorf("%d characters on a terminal of %d: %q", n, columns, f)
		}
	}
	if !fresh {
		s.t.Errorf("the cursor stays behind %q", last)
	}
	return rest
}

// TestFollowedOnATerminal follows a broadcast on terminals of three widths, to
// its end, to Ctrl-C and over a restart of the server.
func TestFollowedOnATerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("ten seconds of a broadcast")
	}
	const people = 150
	data := t.TempDir()
	env := []string{"SACHHON_TELEGRAM_RATE=20", "SACHHON_TIMEZONE=" + zoneAtNoon(), "SACHHON_LOG_LEVEL=warn"}
	srv, s := serveOnTelegram(t, data, env...)
	for n := range people {
		srv.NewPerson(int64(10_000+n), "N", "vi").Start("")
	}
	if err := srv.WaitFor(t.Context(), func() bool { return srv.PendingUpdates() == 0 && srv.Count("sendMessage", 200) >= people }); err != nil {
		t.Fatal(err)
	}
	file := write(t, "b.json", `{"title":"Đổi phòng","kind":"service","text":{"vi":"Lớp đổi phòng."},"segment":{},"draft":true}`)
	id := strings.TrimSpace(must(t, "", "broadcast", "create", file, "--data", data))
	follow := []string{"broadcast", "show", "--watch", id, "--data", data}
	if out := must(t, "", follow...); !strings.Contains(out, "draft") {
		t.Errorf("a draft is shown as %s", out)
	}
	must(t, "", "broadcast", "resume", id, "--data", data)
	wide, usual, narrow := onTerminal(t, 120, env, follow...), onTerminal(t, 80, env, follow...), onTerminal(t, 40, env, follow...)
	wide.until(`\] \d+% · \d+ of 150 sent · [12]\d a second · \d+s left`)
	narrow.until(`\d+% · \d+/150 · [12]\d/s · \d+s left`)
	must(t, "", "broadcast", "pause", id, "--data", data)
	wide.until("of 150 sent · paused by hand")
	narrow.until("/150 sent · paused")
	if _, err := wide.tty.Write([]byte{3}); err != nil { // Ctrl-C
		t.Fatal(err)
	}
	if code := wide.exit(); code != exitDone {
		t.Errorf("Ctrl-C ended it with %d", code)
	}
	if rest := wide.drawn(120); rest != "" {
		t.Errorf("after Ctrl-C it says %q", rest)
	}
	s.kill()
	s.start(append(env, "SACHHON_TELEGRAM_TOKEN="+killToken, "SACHHON_TELEGRAM_API="+srv.URL())...)
	must(t, "", "broadcast", "resume", id, "--data", data)
	for columns, one := range map[int]*typed{80: usual, 40: narrow} {
		if code := one.exit(); code != exitDone {
			t.Errorf("at %d columns it ended with %d: %s", columns, code, one.text())
		}
		if rest := one.drawn(columns); !strings.Contains(rest, "150: 150 sent, 0 failed, 0 skipped, 0 pending") {
			t.Errorf("at %d columns the end is %q", columns, rest)
		}
	}
	if !regexp.MustCompile(`\[█{30}\] 100% · 150 of 150 sent · done in \d+s`).MatchString(usual.text()) {
		t.Errorf("the last line is missing in %q", usual.text())
	}
}

// TestNobodyFollowsWithoutAServer wants a plain sentence instead of waiting for
// what nobody sends.
func TestNobodyFollowsWithoutAServer(t *testing.T) {
	data := t.TempDir()
	file := write(t, "b.json", `{"title":"Đổi phòng","kind":"service","text":{"vi":"Lớp đổi phòng."},"segment":{}}`)
	id := strings.TrimSpace(must(t, "", "broadcast", "create", file, "--data", data))
	out, errs, code := output(t, "", "broadcast", "show", "--watch", id, "--data", data)
	if code != exitFailed || !strings.Contains(out, "scheduled") || !strings.Contains(errs, "sachhon serve") {
		t.Errorf("status %d, %q, %q", code, out, errs)
	}
}

// TestLineFitsEveryWidth holds every way a broadcast can stand against every
// width: it fits, and says the most important where there is room for it.
func TestLineFitsEveryWidth(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	counts := bot.BroadcastCounts{Total: 200_000, Sent: 94_000, Failed: 312, Skipped: 1_200, Pending: 104_488}
	for _, tt := range []struct {
		name string
		b    bot.BroadcastView
		at   map[int]string // by width; what it says there
	}{
		{"scheduled", bot.BroadcastView{Status: "scheduled", SendAt: noon}, map[int]string{79: "begins 2026-12-01 12:00", 10: "begins 12…"}},
		{"listing", bot.BroadcastView{Status: "sending", Counts: counts}, map[int]string{79: "listing recipients · 200000 so far", 30: "200000 listed so far"}},
		{"sending", bot.BroadcastView{Status: "sending", Planned: true, Counts: counts, PerSecond: 27.6, SecondsLeft: 3786}, map[int]string{
			119: "47% · 94000 of 200000 sent, 312 failed, 1200 skipped · 28 a second · 1h3m left", 79: "47% · 94000/200000 sent, 312 failed, 1200 skipped · 28/s · 1h3m left",
			39: "47% · 94000/200000 · 28/s · 1h3m left"}},
		{"pace unknown", bot.BroadcastView{Status: "sending", Planned: true, Counts: counts}, map[int]string{39: "47% · 94000/200000"}},
		{"held back", bot.BroadcastView{Status: "sending", Planned: true, Counts: counts, HeldUntil: noon, HeldFor: "quiet_hours"}, map[int]string{
			129: "· held back until 2026-12-01 12:00 (quiet hours)", 45: "47% · 94000/200000 · held until 12-01 12:00"}},
		{"patience", bot.BroadcastView{Status: "sending", Planned: true, Counts: counts, Network: &bot.NetworkWait{Name: "telegram", Until: noon}}, map[int]string{
			129: "· telegram asks for patience until 2026-12-01 12:00:00", 45: "47% · 94000/200000 · waits until 12:00:00"}},
		{"outage", bot.BroadcastView{Status: "sending", Planned: true, Counts: counts, Network: &bot.NetworkWait{Name: "telegram", Until: noon, Down: true}}, map[int]string{
			129: "· telegram takes nothing, next try at 2026-12-01 12:00:00"}},
		{"broken", bot.BroadcastView{Status: "paused", PausedFor: "errors", Planned: true, Counts: counts}, map[int]string{119: "· paused after too many errors", 39: "· paused: errors"}},
		{"done", bot.BroadcastView{Status: "done", Planned: true, Begun: noon, Ended: noon.Add(125 * time.Minute), Counts: bot.BroadcastCounts{Total: 3, Sent: 3}}, map[int]string{79: "100% · 3 of 3 sent · done in 2h5m"}},
		{"to nobody", bot.BroadcastView{Status: "done", Planned: true, Begun: noon, Ended: noon.Add(time.Second)}, map[int]string{79: "100% · 0 of 0 sent · done in 1s"}},
		{"cancelled", bot.BroadcastView{Status: "cancelled", Planned: true, Counts: bot.BroadcastCounts{Total: 200_000, Sent: 94_000, Skipped: 106_000}}, map[int]string{
			39: "47% · 94000/200000 · cancelled"}},
	} {
		for width := 1; width < 130; width++ {
			line := fitted(stand(&tt.b, time.UTC), settled(&tt.b), tt.b.Counts.Total, width)
			if n := utf8.RuneCountInString(line); n > width {
				t.Errorf("%s: %d characters in %d: %q", tt.name, n, width, line)
			}
			if want := tt.at[width]; !strings.HasSuffix(line, want) {
				t.Errorf("%s at %d: %q, want %q", tt.name, width, line, want)
			}
		}
		var plain bytes.Buffer
		s := newScreen(&plain)
		for range 2 {
			s.show(stand(&tt.b, time.UTC), settled(&tt.b), tt.b.Counts.Total)
		}
		s.end()
		if want := fmt.Sprintln(stand(&tt.b, time.UTC)[0]); plain.String() != want {
			t.Errorf("%s without a terminal: %q, want %q once", tt.name, plain.String(), want)
		}
	}
}
