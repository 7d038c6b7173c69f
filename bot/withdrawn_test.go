package bot

import (
	"context"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/dialogs"
)

// TestStopHoldsForWhatWaitsToLeave has people refuse promotion while a message of
// it waits for the network to take it.
func TestStopHoldsForWhatWaitsToLeave(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, 200)
		w.settle(48 * time.Hour)
		w.until(9, 0)
		id := w.cast(BroadcastSpec{Title: "Mời", Kind: "promotion", Text: dialogs.Text{VI: "Mời anh/chị."}}).ID
		w.settle(2 * time.Second)
		w.floodWait(2282)
		var left []*telegramtest.Person
		for _, p := range all {
			if copies(p, "Mời anh/chị.") > 0 {
				continue
			}
			left = append(left, p)
			in := channel.Incoming{Address: addressOf(p), Input: dialogs.Input{Kind: dialogs.InputText, Text: "dừng"}}
			if err := w.b.committer.Receive(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
		w.settle(time.Hour)
		if n := have(left, "Mời anh/chị."); n != 0 || len(left) < 100 {
			t.Errorf("of %d who refused promotion %d had it afterwards", len(left), n)
		}
		if v := w.broadcast(id); v.Status != "done" || v.SkippedByReason["opted_out"] != len(left) {
			t.Errorf("it is %s, %+v, %v", v.Status, v.Counts, v.SkippedByReason)
		}
	})
}
