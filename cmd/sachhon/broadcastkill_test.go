package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
)

// zoneAtNoon is a time zone in which it is about noon, so that no night holds
// anything back.
func zoneAtNoon() string {
	ahead := 12 - time.Now().UTC().Hour()
	switch {
	case ahead > 0:
		return fmt.Sprintf("Etc/GMT-%d", ahead) // the signs of these names are turned round
	case ahead < 0:
		return fmt.Sprintf("Etc/GMT+%d", -ahead)
	default:
		return "UTC"
	}
}

// TestKilledWhileABroadcastLeaves kills the program at two hundred seeded
// moments of a broadcast to two thousand people: everybody has it, whoever has
// it twice is labelled, and the counts add up at every look.
func TestKilledWhileABroadcastLeaves(t *testing.T) {
	if testing.Short() {
		t.Skip("two hundred restarts")
	}
	const people, kills, rate, words = 2000, 200, 250, "Lớp tuần này đổi phòng, mời anh/chị đến hội trường A."
	data := t.TempDir()
	env := []string{fmt.Sprint("SACHHON_TELEGRAM_RATE=", rate), "SACHHON_TIMEZONE=" + zoneAtNoon(), "SACHHON_LOG_LEVEL=warn"}
	srv, s := serveOnTelegram(t, data, env...)
	env = append(env, "SACHHON_TELEGRAM_TOKEN="+killToken, "SACHHON_TELEGRAM_API="+srv.URL())
	var all []*telegramtest.Person
	for n := range people {
		p := srv.NewPerson(int64(10_000+n), "N", "vi")
		p.Start("")
		all = append(all, p)
	}
	ctx := t.Context()
	answered := func() bool { return srv.PendingUpdates() == 0 && srv.Count("sendMessage", 200) >= people }
	if err := srv.WaitFor(ctx, answered); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "b.json")
	body := `{"title":"Đổi phòng","kind":"service","text":{"vi":"` + words + `"},"segment":{}}`
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(must(t, "", "broadcast", "create", file, "--data", data))
	rnd := rand.New(rand.NewPCG(20261124, 2))
	for range kills {
		time.Sleep(time.Duration(rnd.IntN(100)) * time.Millisecond) // any moment
		s.kill()
		s.start(env...)
	}
	deadline := time.Now().Add(3 * time.Minute)
	for !strings.Contains(castCounts(t, id, data), " done ") {
		if time.Now().After(deadline) {
			t.Fatalf("the broadcast is not over: %s", castCounts(t, id, data))
		}
		time.Sleep(200 * time.Millisecond) // another process, which no fake clock can reach
	}
	again, twice := 0, 0
	for _, p := range all {
		n := 0
		for _, m := range p.Seen() {
			if strings.Contains(m.Text, words) {
				n++
			}
		}
		if n == 0 {
			t.Errorf("person %d has it not", p.ID())
		}
		if n > 1 {
			twice++
			again += n - 1
		}
	}
	show := must(t, "", "broadcast", "show", id, "--data", data)
	var labelled int
	for line := range strings.Lines(show) {
		fmt.Sscanf(strings.TrimSpace(line), "%d possibly sent more than once", &labelled) //nolint:errcheck // other lines
	}
	// At risk is what is under way, and what was taken since the outbox last wrote
	// down what was: at most that of the tenth of a second between two kills.
	if atRisk := inFlight + rate/10; twice > labelled || again > kills*atRisk {
		t.Errorf("%d people have it more than once, %d are labelled; %d repeats for %d kills", twice, labelled, again, kills)
	}
	t.Logf("%d people have it more than once, %d repeats, %d labelled", twice, again, labelled)
	s.kill()
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the store: %s", out)
	}
}

// castCounts is the broadcast's line in the list, whose counts must add up.
func castCounts(t *testing.T, id, data string) string {
	t.Helper()
	for line := range strings.Lines(must(t, "", "broadcast", "list", "--data", data)) {
		f := strings.Fields(line)
		if len(f) < 10 || f[0] != id {
			continue
		}
		var total, sent, failed, skipped, pending int
		if _, err := fmt.Sscan(strings.Join(f[5:10], " "), &total, &sent, &failed, &skipped, &pending); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if total != sent+failed+skipped+pending {
			t.Errorf("the counts do not add up: %s", line)
		}
		return line
	}
	t.Fatalf("there is no broadcast %s", id)
	return ""
}
