package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart measures the start of the real program over a store of its own
// that was there before: from exec to the first 200 of /healthz, and to the
// first answer in the web chat. x-bare says how many times as long that is as
// with the least that a server over bbolt can be, started in turn.
func BenchmarkStart(b *testing.B) {
	ours, bare := built(b, "cmd/sachhon"), built(b, "cmd/sachhon/testdata/bare")
	data, folder := b.TempDir(), b.TempDir()
	startOurs(b, ours, data) // makes the file
	startBare(b, bare, folder)
	var of, least startups
	for b.Loop() {
		of.add(startOurs(b, ours, data))
		least.add(startBare(b, bare, folder))
	}
	b.ReportMetric(0, "ns/op") // it is about the medians
	of.report(b, "")
	b.ReportMetric(of.health()/least.health(), "x-bare/healthz")
	b.ReportMetric(of.answer()/least.answer(), "x-bare/answer")
}

// startup is how long after exec a program answered.
type startup struct{ health, answer time.Duration }

// startups are several of them.
type startups struct{ healths, answers []time.Duration }

func (s *startups) add(one startup) {
	s.healths, s.answers = append(s.healths, one.health), append(s.answers, one.answer)
}

// health and answer are medians in milliseconds.
func (s *startups) health() float64 { return median(s.healths) }
func (s *startups) answer() float64 { return median(s.answers) }

func (s *startups) report(b *testing.B, of string) {
	b.ReportMetric(s.health(), "ms/"+of+"healthz")
	b.ReportMetric(s.answer(), "ms/"+of+"answer")
}

func median(of []time.Duration) float64    { return quantile(of, 50) }
func nineOfTen(of []time.Duration) float64 { return quantile(of, 90) }

// quantile is, in milliseconds, what so many of a hundred stay below.
func quantile(of []time.Duration, percent int) float64 {
	of = slices.Sorted(slices.Values(of))
	return float64(of[len(of)*percent/100].Microseconds()) / 1000
}

// built builds a program of the repository as it is released and returns its path.
func built(t testing.TB, folder string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), filepath.Base(folder))
	cmd := exec.Command("go", "build", "-o", path, "./"+folder)
	cmd.Dir = root(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// startOurs starts the program over a data folder, asks as a visitor does and
// kills it.
func startOurs(t testing.TB, program, data string) startup {
	t.Helper()
	return startAnd(t, program, data, func(*browser) {})
}

// startAnd does the same, but lets the visitor say more first. The environment
// may be given more.
func startAnd(t testing.TB, program, data string, more func(*browser), env ...string) (s startup) {
	t.Helper()
	address := freePort(t)
	cmd := exec.Command(program, "serve")
	cmd.Env = append(os.Environ(), append(env, "SACHHON_DATA="+data, "SACHHON_LISTEN="+address, "SACHHON_METRICS_LISTEN=")...)
	from, kill := begin(t, cmd)
	defer kill()
	s.health = soon(t, from, func() bool { return found("http://" + address + "/healthz") })
	visitor := newBrowser(address)
	soon(t, from, func() bool { return visitor.open("/") == nil })
	before := visitor.heard()
	if err := visitor.say("menu"); err != nil {
		t.Fatal(err)
	}
	s.answer = time.Since(from)
	if visitor.heard() <= before {
		t.Fatal("nothing is answered")
	}
	more(visitor)
	return s
}

// heard counts what the bot said on the page.
func (b *browser) heard() int { return strings.Count(b.page, `class="entry bot"`) }

// startBare does the same with the bare program.
func startBare(t testing.TB, program, folder string) (s startup) {
	t.Helper()
	address := freePort(t)
	from, kill := begin(t, exec.Command(program, address, folder))
	defer kill()
	s.health = soon(t, from, func() bool { return found("http://" + address + "/healthz") })
	s.answer = soon(t, from, func() bool { return found("http://" + address + "/an") })
	return s
}

// begin starts a program and returns when that was, and what kills it.
func begin(t testing.TB, cmd *exec.Cmd) (from time.Time, kill func()) {
	t.Helper()
	from = time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return from, func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed
	}
}

// soon asks until the answer is yes and returns how long after from that was.
func soon(t testing.TB, from time.Time, yes func() bool) time.Duration {
	t.Helper()
	for !yes() {
		if time.Since(from) > 20*time.Second {
			t.Fatal("no answer within 20 seconds")
		}
		time.Sleep(200 * time.Microsecond) // polling another process, which no fake clock can reach
	}
	return time.Since(from)
}

// found says whether there is a page that answers 200.
func found(address string) bool {
	resp, err := http.Get(address)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
