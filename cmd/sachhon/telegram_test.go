package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
)

const killToken = "7000000001:AAE-kept_from_every_log_and_error"

// serveOnTelegram starts a stand-in for Telegram and a server that talks there.
func serveOnTelegram(t *testing.T, data string, env ...string) (*telegramtest.Server, *served) {
	t.Helper()
	srv := telegramtest.New(telegramtest.Options{Token: killToken})
	if _, err := srv.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	s := serve(t, data, append([]string{"SACHHON_TELEGRAM_TOKEN=" + killToken, "SACHHON_TELEGRAM_API=" + srv.URL()}, env...)...)
	t.Cleanup(func() {
		if strings.Contains(s.log.String(), killToken[11:]) {
			t.Error("the token is in the log")
		}
	})
	return srv, s
}

// asker asks questions and registers for a class, one thing after the other,
// each once the one before was answered.
type asker struct {
	*telegramtest.Person
	asked []string
}

// does types or presses and waits until the newest message holds a text.
func (a *asker) does(ctx context.Context, step, want string) error {
	before := len(a.Seen())
	if label, ok := strings.CutPrefix(step, "["); ok {
		if err := a.Press(strings.TrimSuffix(label, "]")); err != nil {
			return err
		}
	} else {
		a.Say(step)
	}
	return a.WaitFor(ctx, func(seen []telegramtest.Shown) bool {
		return len(seen) > before && strings.Contains(seen[len(seen)-1].Text, want)
	})
}

// register takes the steps of a registration.
func (a *asker) register(ctx context.Context, class string, n int) error {
	for _, s := range [][2]string{
		{"/start class_" + class, "Đây là lớp"}, {"[Đăng ký]", "cần họ tên"}, {"[Đồng ý, tiếp tục]", "tư cách nào"}, {"[Khác]", "Họ và tên"},
		{"Nguyễn Văn " + string(rune('A'+n)) + "n", "doanh nghiệp nào"}, {"Công ty Gỗ", "Mã số thuế"}, {"[Không nhớ]", "Chức vụ"}, {"Thợ", "Số điện thoại"},
		{fmt.Sprintf("09123456%02d", n), "xem lại giúp"}, {"[Xác nhận]", "SXSH"},
	} {
		if err := a.does(ctx, s[0], s[1]); err != nil {
			return err
		}
	}
	return nil
}

// ask asks questions until the context ends.
func (a *asker) ask(ctx context.Context, until context.Context) error {
	for n := 0; until.Err() == nil; n++ {
		q := fmt.Sprintf("câu hỏi số %d của người %d", n, a.ID())
		if err := a.does(ctx, "/hoi", "muốn hỏi cán bộ điều gì"); err != nil {
			return err
		}
		a.asked = append(a.asked, q)
		if err := a.does(ctx, q, "làm việc khác"); err != nil {
			return err
		}
	}
	return nil
}

// TestKilledWhilePeopleTalkOnTelegram kills the program at two hundred seeded
// moments while twenty people talk with it: what Telegram was told of as kept
// had its effect, once; no seat is sold twice; and every message that came
// twice is labelled so.
func TestKilledWhilePeopleTalkOnTelegram(t *testing.T) {
	if testing.Short() {
		t.Skip("two hundred restarts")
	}
	const people, kills, seats = 20, 200, 8
	data := t.TempDir()
	srv, s := serveOnTelegram(t, data, "SACHHON_TELEGRAM_RATE=1000")
	class := strings.TrimSpace(must(t, "", "class", "add", "--title", "SXSH", "--starts", inDays(9)+"T08:00", "--ends", inDays(9)+"T16:30",
		"--venue", "Hội trường B", "--seats", fmt.Sprint(seats), "--data", data))
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	talking, stop := context.WithCancel(ctx)
	defer stop()
	var all []*asker
	var wg sync.WaitGroup
	for n := range people {
		a := &asker{Person: srv.NewPerson(int64(2000+n), "N", "vi")}
		all = append(all, a)
		wg.Go(func() {
			if err := a.register(ctx, class, n); err != nil {
				t.Errorf("person %d: %v", n, err)
				return
			}
			if err := a.ask(ctx, talking); err != nil {
				t.Errorf("person %d: %v", n, err)
			}
		})
	}
	rnd := rand.New(rand.NewPCG(20261124, 1))
	for range kills {
		time.Sleep(time.Duration(rnd.IntN(120)) * time.Millisecond) // any moment
		s.kill()
		s.start("SACHHON_TELEGRAM_TOKEN="+killToken, "SACHHON_TELEGRAM_API="+srv.URL(), "SACHHON_TELEGRAM_RATE=1000")
	}
	stop()
	wg.Wait()
	if err := srv.WaitFor(ctx, func() bool { return srv.PendingUpdates() == 0 }); err != nil {
		t.Error(err)
	}
	inbox := must(t, "", "inbox", "--data", data)
	questions := 0
	for _, a := range all {
		for _, q := range a.asked {
			questions++
			if n := strings.Count(inbox, q+"\n"); n != 1 {
				t.Errorf("%q is in the inbox %d times", q, n)
			}
		}
	}
	var rows []struct{ Status, Name string }
	if err := json.Unmarshal([]byte(must(t, "", "export", "registrations", "--format", "json", "--data", data)), &rows); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for _, r := range rows {
		if r.Status == "seat" {
			taken++
		}
	}
	if len(rows) != people || taken != seats {
		t.Errorf("%d registrations, %d seats, want %d and %d", len(rows), taken, people, seats)
	}
	checkRepeats(t, all, kills, data)
	s.kill()
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the store: %s", out)
	}
	for _, v := range srv.Violations() {
		// Who is killed between the commit and the answer to a button says the rest
		// after coming back, before the button is delivered again.
		if !strings.Contains(v, "before the callback query") {
			t.Errorf("violation: %s", v)
		}
	}
	t.Logf("%d questions", questions)
}

// inFlight is how many sendings an outbox has in flight at the most at Telegram's
// own limit. A higher rate may have more, which a stand-in that answers at once
// does not need.
const inFlight = 12

// checkRepeats holds what people saw against what the ledger says: whatever
// came more than once is labelled, and no kill repeated more than was in flight.
func checkRepeats(t *testing.T, people []*asker, kills int, data string) {
	t.Helper()
	again, rows, total := 0, 0, 0
	for _, p := range people {
		// What takes a keyboard away is sent before, and on behalf of, the row that
		// follows it.
		seen := slices.DeleteFunc(p.Seen(), func(m telegramtest.Shown) bool { return m.RemovesKeyboard })
		for i := 0; i < len(seen); {
			n := i + 1
			for n < len(seen) && seen[n].Text == seen[i].Text {
				n++
			}
			total++
			again += n - i - 1
			if n > i+1 {
				rows++
			}
			i = n
		}
	}
	out := must(t, "", "outbox", "--data", data)
	var waiting, flying, sent, dead, labelled int
	if _, err := fmt.Sscanf(out, "telegram: %d waiting, %d in flight, %d sent, %d given up, %d possibly repeated", &waiting, &flying, &sent, &dead, &labelled); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if waiting+flying+dead > 0 || sent != total {
		t.Errorf("people saw %d messages, the ledger says: %s", total, out)
	}
	if rows > labelled || again > kills*inFlight {
		t.Errorf("%d messages came more than once, %d are labelled; %d repeats for %d kills", rows, labelled, again, kills)
	}
	t.Logf("%d messages, %d of them more than once, %d repeats in all; %d labelled", total, rows, again, labelled)
}
