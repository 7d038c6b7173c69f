package bot

import (
	"fmt"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
)

// TestPaidBroadcastsGoBeyondWhatIsFree sends 1,200 messages at 200 a second to
// a server that takes 30 for nothing.
func TestPaidBroadcastsGoBeyondWhatIsFree(t *testing.T) {
	const messages, rate = 1200, 200
	limits := telegramtest.RealRate()
	limits.Paid = true
	inTelegram(t, telegramtest.Options{Rate: limits}, 40*time.Millisecond, func(w *onTelegram) {
		var rows []outbox.Row
		for i := range messages {
			p := w.srv.NewPerson(int64(10_000+i), "N", "vi")
			p.Start("")
			rows = append(rows, outbox.Row{Lane: outbox.Bulk, Address: addressOf(p), Message: dialogs.Message{Text: fmt.Sprint("tin ", i)}, Queued: time.Now()})
		}
		w.settle(time.Minute)
		began, before, free := time.Now(), w.srv.Count("sendMessage", 200), w.srv.Charged()
		w.enqueue(rows)
		w.settle(8 * time.Second) // 6 at the full rate, 40 at what is free
		taken, charged := w.srv.Count("sendMessage", 200)-before, w.srv.Charged()-free
		if taken != messages || w.srv.Count("", 429) > 0 || charged < messages/2 {
			t.Errorf("%d of %d messages in %v, %d paid for, %d × 429", taken, messages, time.Since(began), charged, w.srv.Count("", 429))
		}
		t.Logf("%d of %d messages were paid for", charged, taken)
	}, "telegram-rate", fmt.Sprint(rate), "telegram-paid", "true")
}
