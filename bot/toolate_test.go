package bot

import (
	"context"
	"strings"
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

// TestReminderThatComesTooLateDoesNotLeave has Telegram take nothing from before
// a reminder is due until after its class has begun.
func TestReminderThatComesTooLateDoesNotLeave(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		w.until(9, 0)
		class := addClassIn(t, w.b, 5, 4)
		p := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(p, class, "Nguyễn Văn An", "0912345678")
		w.wants(w.last(p), "đã đăng ký")
		w.settle(3 * 24 * time.Hour)
		w.until(6, 0) // of the day of the class
		p.Say("/menu")
		w.floodWait(5 * 3600)
		w.settle(6 * time.Hour)
		if n := copies(p, "Còn 2 giờ nữa"); n != 0 {
			t.Errorf("after the class had begun the reminder of two hours before came %d times", n)
		}
		if n := copies(p, "việc gì"); n == 0 {
			t.Error("what was answered before did not come")
		}
		if why := strings.Join(w.whyLines(p), "\n"); !strings.Contains(why, "trước 2 giờ: Gửi không được") {
			t.Errorf("why says\n%s", why)
		}
	})
}

// TestStopHoldsForATipThatWaits has somebody refuse promotion, end or pause the
// tips while their weekly tip waits for the network to take it; a neighbour who
// does not gets theirs.
func TestStopHoldsForATipThatWaits(t *testing.T) {
	for _, says := range [][]string{{"dừng"}, {"/nhanmeo", "Thôi nhận"}, {"/nhanmeo", "Tạm dừng"}} {
		t.Run(says[len(says)-1], func(t *testing.T) { stopsWhileATipWaits(t, says) })
	}
}

func stopsWhileATipWaits(t *testing.T, says []string) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		an, binh := w.srv.NewPerson(1, "An", "vi"), w.srv.NewPerson(2, "Bình", "vi")
		for _, p := range []*telegramtest.Person{an, binh} {
			w.play(p, "/nhanmeo", "[Đồng ý nhận]", "[Gỗ]", "Thứ Ba 8:00", "< 8:00 thứ Ba")
		}
		w.settle(3 * 24 * time.Hour) // from Saturday to Tuesday
		w.until(7, 50)
		w.says(an, "/menu")
		binh.Say("/menu")
		w.floodWait(2282)
		w.settle(20 * time.Minute)
		for _, text := range says {
			in := channel.Incoming{Address: addressOf(an), Input: dialogs.Input{Kind: dialogs.InputText, Text: text}}
			if err := w.b.committer.Receive(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
		w.settle(time.Hour)
		if n, other := copies(an, "[QC]"), copies(binh, "[QC]"); n != 0 || other != 1 {
			t.Errorf("who refused has %d, the neighbour %d", n, other)
		}
	})
}
