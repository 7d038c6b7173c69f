package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// have counts who has a message with these words.
func have(all []*telegramtest.Person, words string) (n int) {
	for _, p := range all {
		n += copies(p, words)
	}
	return n
}

// floodWait lets Telegram ask for patience with the next message.
func (w *onTelegram) floodWait(seconds int) {
	w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 429, RetryAfter: seconds})
	w.settle(2 * time.Second)
}

// TestNothingLeavesAtNightAfterAStart stops the program in the evening with some
// of a broadcast waiting to leave, and starts it again at night.
func TestNothingLeavesAtNightAfterAStart(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, 200)
		w.until(21, 59)
		id := w.cast(BroadcastSpec{Title: "Lịch mới", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."}}).ID
		w.settle(2 * time.Second)
		w.floodWait(600)
		w.stop()
		before := have(all, "Lịch lớp")
		time.Sleep(time.Hour)
		w.start()
		w.settle(time.Hour)
		if n := have(all, "Lịch lớp") - before; n != 0 || before == 0 {
			t.Errorf("%d have it at night, %d had it in the evening", n, before)
		}
		if v := w.broadcast(id); v.HeldFor == "" {
			t.Errorf("at night it is %s, held for %q", v.Status, v.HeldFor)
		}
		w.until(7, 5)
		if v := w.broadcast(id); v.Status != "done" || v.Counts.Sent != len(all) || v.Counts.Repeated != 0 {
			t.Errorf("in the morning it is %s, %+v", v.Status, v.Counts)
		}
	})
}

// TestNothingLeavesWhenTheNightHasBegun has Telegram take messages again a few
// seconds after ten: all that is left of a broadcast is in the outbox by then.
func TestNothingLeavesWhenTheNightHasBegun(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, 40)
		w.until(21, 59)
		w.settle(30 * time.Second)
		id := w.cast(BroadcastSpec{Title: "Lịch mới", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."}}).ID
		w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 429, RetryAfter: 35})
		w.settle(29 * time.Second)
		before := have(all, "Lịch lớp")
		w.settle(time.Hour)
		if n := have(all, "Lịch lớp") - before; n != 0 || before == len(all) {
			t.Errorf("%d had it before ten, %d after", before, n)
		}
		w.until(7, 5)
		if v := w.broadcast(id); v.Status != "done" || v.Counts.Sent != len(all) {
			t.Errorf("in the morning it is %s, %+v", v.Status, v.Counts)
		}
	})
}

// TestOneBrokenBroadcastHoldsUpNoOther has a broadcast that cannot be carried on
// beside one that can, whichever of them comes first.
func TestOneBrokenBroadcastHoldsUpNoOther(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, 20)
		broken := dialogs.Contact{ID: "broken", Addresses: []string{"telegram:"}, Created: time.Now()}
		broken.Learn(factSector, dialogs.ChoiceOf("wood"))
		err := w.b.store.Update(context.Background(), func(tx *store.Tx) error {
			return errors.Join(tx.PutContact(&broken), tx.PutAddress("telegram:", broken.ID, false))
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 6 { // ids are drawn: one of these stands before the good one
			w.cast(BroadcastSpec{Title: "Hỏng", Kind: "service", Text: dialogs.Text{VI: "Hỏng."}, Segment: json.RawMessage(`{"sector":["wood"]}`)})
		}
		good := w.cast(BroadcastSpec{Title: "Lành", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."},
			Segment: json.RawMessage(`{"not":{"sector":["wood"]}}`)}).ID
		w.settle(time.Hour)
		if v := w.broadcast(good); v.Status != "done" || have(all, "Lịch lớp") != len(all) {
			t.Errorf("it is %s, %+v", v.Status, v.Counts)
		}
		if n := strings.Count(w.logs.String(), "broadcast not carried on"); n == 0 || n > 6*3600/2+6 {
			t.Errorf("of six broken ones it was told %d times in an hour", n)
		}
	})
}

// TestWaitingForANetworkWritesNothing counts the commits of ten minutes in which
// the network takes nothing.
func TestWaitingForANetworkWritesNothing(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		audience(w, 200)
		w.cast(BroadcastSpec{Title: "Lịch mới", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."}})
		w.settle(2 * time.Second)
		w.floodWait(2282)
		w.settle(10 * time.Second)
		before := w.b.store.Commits()
		w.settle(10 * time.Minute)
		if n := w.b.store.Commits() - before; n > 10 {
			t.Errorf("%d commits in ten minutes of waiting", n)
		}
	})
}

// TestWhoeverHadMuchLatelyIsSaidToWait sends people a fourth promotion on a day on
// which they had three: the broadcast says until when they wait.
func TestWhoeverHadMuchLatelyIsSaidToWait(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, 5)
		w.settle(48 * time.Hour)
		for w.b.clock().Weekday() != time.Tuesday {
			w.settle(day)
		}
		w.until(9, 0)
		var id string
		for range 4 {
			id = w.cast(BroadcastSpec{Title: "Mời", Kind: "promotion", Text: dialogs.Text{VI: "Mời anh/chị."}}).ID
			w.settle(5 * time.Minute)
		}
		v := w.broadcast(id)
		if v.Counts.Pending != len(all) || v.HeldFor != "" {
			t.Fatalf("the fourth is %s, %+v, held for %q", v.Status, v.Counts, v.HeldFor)
		}
		if at := v.AsideUntil.In(w.b.cfg.Timezone); at.Weekday() != time.Wednesday || at.Hour() != 9 {
			t.Errorf("the next is tried at %v", at)
		}
		w.settle(day)
		if v := w.broadcast(id); v.Status != "done" || !v.AsideUntil.IsZero() || v.Counts.Sent != len(all) {
			t.Errorf("a day later it is %s, %+v, the next at %v", v.Status, v.Counts, v.AsideUntil)
		}
	})
}
