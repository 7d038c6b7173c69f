package bot

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/dialogs"
)

// TestPaceIsWhatLeaves looks at how fast a broadcast goes: what the settings
// allow once some seconds were seen, nothing while Telegram wants patience,
// while it is paused and when it is over.
func TestPaceIsWhatLeaves(t *testing.T) {
	const people, rate = 520, 20
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		audience(w, people)
		id := w.cast(BroadcastSpec{Title: "Lịch mới", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."}}).ID
		nothing := func(when string) {
			t.Helper()
			if v := w.broadcast(id); v.PerSecond != 0 || v.SecondsLeft != 0 {
				t.Errorf("%s: %v a second, %d s left", when, v.PerSecond, v.SecondsLeft)
			}
		}
		nothing("before anything was seen")
		w.settle(12 * time.Second)
		v := w.broadcast(id)
		if left := v.Counts.Pending / rate; v.PerSecond < rate-1 || v.PerSecond > rate+1 || v.SecondsLeft < left-2 || v.SecondsLeft > left+2 {
			t.Errorf("%v a second, %d s left for %d", v.PerSecond, v.SecondsLeft, v.Counts.Pending)
		}
		if shown, err := (castPort{w.b}).Broadcast(context.Background(), id); err != nil || shown.PerSecond != v.PerSecond || shown.SecondsLeft != v.SecondsLeft {
			t.Errorf("programs see %v a second, %d s left, %v", shown.PerSecond, shown.SecondsLeft, err)
		}
		w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 429, RetryAfter: 120})
		w.settle(time.Minute)
		nothing("while Telegram wants patience")
		if n := w.broadcast(id).Network; n == nil || n.Name != "telegram" || n.Down || time.Until(n.Until) < 50*time.Second || time.Until(n.Until) > 61*time.Second {
			t.Errorf("it waits for %+v", n)
		}
		if rep, err := w.b.Outbox(context.Background()); err != nil || len(rep.Networks) != 1 || rep.Networks[0].Until.IsZero() || rep.Networks[0].PerSecond != rate/2 {
			t.Errorf("the outbox reports %+v, %v", rep.Networks, err)
		}
		w.settle(70 * time.Second)
		if v := w.broadcast(id); v.PerSecond == 0 || v.Network != nil {
			t.Error("going on, its pace is not known")
		}
		if _, err := w.b.PauseBroadcast(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		nothing("paused")
		w.settle(time.Second)
		if _, err := w.b.ResumeBroadcast(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		w.settle(time.Second)
		nothing("just resumed")
		w.settle(time.Hour)
		nothing("over")
		rec := httptest.NewRecorder()
		w.b.metrics.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
		for result, n := range map[string]int{"taken": people, "limited": 1} {
			if want := fmt.Sprintf(`sachhon_messages_total{lane="bulk",network="telegram",result=%q} %d`, result, n); !strings.Contains(rec.Body.String(), want) {
				t.Errorf("want %s among the metrics", want)
			}
		}
	}, "telegram-rate", "20")
}
