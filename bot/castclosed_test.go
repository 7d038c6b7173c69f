package bot

import (
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// TestBroadcastThatExpiresBeforeItMayLeaveIsOver begins promotion in the evening
// that is no longer true at ten: it cannot wait for the morning, and says so at
// once instead of naming a time at which it will not leave.
func TestBroadcastThatExpiresBeforeItMayLeaveIsOver(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		an := w.srv.NewPerson(1, "An", "vi")
		w.play(an, "/nhanmeo", "[Đồng ý nhận]", "[Gỗ]", "[Thứ Ba 8:00]")
		w.until(20, 30)
		for w.b.clock().Weekday() != time.Monday {
			w.settle(day)
		}
		now := w.b.clock()
		id := w.cast(BroadcastSpec{Title: "Tối nay", Kind: "promotion", Text: dialogs.Text{VI: "Tối nay."}, Expires: now.Add(90 * time.Minute)}).ID
		w.settle(time.Minute)
		if v := w.broadcast(id); v.Status != "done" || v.SkippedByReason[scheduler.Expired] != 1 || !v.HeldUntil.IsZero() {
			t.Errorf("it is %s, held until %v, %+v", v.Status, v.HeldUntil, v.SkippedByReason)
		}
		id = w.cast(BroadcastSpec{Title: "Đến mai", Kind: "promotion", Text: dialogs.Text{VI: "Đến mai."}, Expires: now.Add(20 * time.Hour)}).ID
		w.settle(time.Minute)
		if v := w.broadcast(id); v.Status != "sending" || v.HeldUntil.IsZero() || v.HeldFor != scheduler.InQuietHours {
			t.Errorf("the one that may wait is %s, held until %v", v.Status, v.HeldUntil)
		}
	})
}
