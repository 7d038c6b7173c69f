package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/programme"
)

// signsUp registers somebody on Telegram for a class.
func (w *onTelegram) signsUp(p *telegramtest.Person, class, name, phone string) {
	w.Helper()
	w.play(p, "/start class_"+class, "[Đăng ký]", "[Đồng ý, tiếp tục]", "[Khác]", name, "Công ty "+name, "[Không nhớ]", "Thợ", phone, "[Xác nhận]")
}

// until lets everything happen until a time of day, in the centre's time.
func (w *onTelegram) until(hour, minute int) {
	w.Helper()
	now := w.b.clock()
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location())
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	w.settle(at.Sub(now))
}

// moves moves a class to so long from now.
func (w *onTelegram) moves(class string, in time.Duration) {
	w.Helper()
	starts := w.b.clock().Add(in)
	w.set(class, ClassSpec{Sessions: []SessionSpec{{starts, starts.Add(4 * time.Hour)}}, Venue: "Hội trường C"})
}

// set changes a class as the staff do.
func (w *onTelegram) set(class string, spec ClassSpec) {
	w.Helper()
	_, err := w.b.changeClass(context.Background(), class, func(tx Tx, now time.Time) (programme.Class, []programme.Notice, error) {
		return w.b.moveClass(tx, class, now, spec)
	})
	if err != nil {
		w.Fatal(err)
	}
	w.settle(time.Minute)
}

// class is a class as it stands.
func (w *onTelegram) class(id string) (c programme.Class) {
	w.Helper()
	err := boltStore{w.b.store}.View(context.Background(), func(tx Tx) (err error) {
		c, _, err = tx.Class(id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// TestNobodyIsWokenForASeat frees a seat half an hour before midnight: whoever is
// next hears of it at seven, and has twelve hours from then.
func TestNobodyIsWokenForASeat(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class := addClassIn(t, w.b, 1, 20)
		an, binh := w.srv.NewPerson(1, "An", "vi"), w.srv.NewPerson(2, "Bình", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.signsUp(binh, class, "Trần Văn Bình", "0987654321")
		w.wants(w.last(binh), "danh sách chờ")
		w.until(23, 30)
		w.play(an, "/cuatoi", "[Hủy đăng ký]", "[Hủy đăng ký]")
		w.settle(5 * time.Hour)
		if n := copies(binh, "vừa có chỗ"); n != 0 {
			t.Error("told in the night")
		}
		lines := strings.Join(w.whyLines(binh), "\n")
		if !strings.Contains(lines, "có chỗ: Chưa gửi, hoãn đến 7:00") {
			t.Errorf("meanwhile why says\n%s", lines)
		}
		w.says(binh, "/menu") // whoever is awake is answered all the same
		w.wants(w.last(binh), "Anh/chị cần")
		w.until(7, 1)
		m := w.last(binh)
		w.wants(m, "vừa có chỗ")
		w.wants(m, "giữ chỗ đến 19:00")
		w.until(18, 0)
		w.play(binh, "[Nhận chỗ]", "< đã đăng ký")
	})
}

// TestTheMorningTellsWhatIsTrueThen has things go on in the night: who took the
// seat already is not offered it, two moves are told as one, and a class that was
// cancelled is not told to have moved.
func TestTheMorningTellsWhatIsTrueThen(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class, other := addClassIn(t, w.b, 1, 20), addClassIn(t, w.b, 5, 20)
		an, binh, cuc := w.srv.NewPerson(1, "An", "vi"), w.srv.NewPerson(2, "Bình", "vi"), w.srv.NewPerson(3, "Cúc", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.signsUp(binh, class, "Trần Văn Bình", "0987654321")
		w.signsUp(cuc, other, "Lê Thị Cúc", "0977777777")
		w.until(23, 30)
		w.play(an, "/cuatoi", "[Hủy đăng ký]", "[Hủy đăng ký]")
		w.play(binh, "/cuatoi", "[Nhận chỗ]", "< đã đăng ký")
		w.moves(other, 9*day)
		w.moves(other, 12*day)
		w.until(7, 1)
		if n := copies(binh, "vừa có chỗ"); n != 0 {
			t.Errorf("offered a seat %d times that they had", n)
		}
		if n := copies(cuc, "Trước đây:"); n != 1 || !strings.Contains(w.last(cuc).Text, "Trước đây: thứ Sáu, 21/1/2000") {
			t.Errorf("told %d times:\n%s", n, w.last(cuc).Text)
		}
		w.until(23, 30)
		w.moves(other, 14*day)
		_, err := w.b.changeClass(context.Background(), other, func(tx Tx, now time.Time) (programme.Class, []programme.Notice, error) {
			return programme.CancelClass(tx, other, now)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.until(7, 1)
		if n := copies(cuc, "Trước đây:"); n != 1 {
			t.Errorf("told %d times that it moved, the last time before it was cancelled", n)
		}
		w.wants(w.last(cuc), "không tổ chức được nữa")
		if lines := strings.Join(w.whyLines(cuc), "\n"); !strings.Contains(lines, "kế hoạch đã đổi trước khi tới giờ gửi") {
			t.Errorf("why says\n%s", lines)
		}
	})
}

// TestTwoMovesInANightAreOneMessage also when the registration that the first was
// kept under is cancelled in between: who registered two is told once, of the one.
func TestTwoMovesInANightAreOneMessage(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 20)
		an := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.play(an, "[Đăng ký cho đồng nghiệp]")
		w.play(an, "[Đã đồng ý]", "[Khác]", "Trần Thị Bích", "[Không nhớ]", "Tổ trưởng", "0987654321", "[Xác nhận]", "< đã đăng ký")
		w.until(23, 30)
		w.moves(class, 9*day)
		w.play(an, "/cuatoi", "[10/1 · Sản xuất sạch hơn]", "[Hủy đăng ký]", "[Hủy đăng ký]")
		w.moves(class, 12*day)
		w.until(7, 1)
		if n := copies(an, "Trước đây:"); n != 1 || !strings.Contains(w.last(an).Text, "Trước đây: thứ Sáu, 21/1/2000") || !strings.Contains(w.last(an).Text, "của Trần Thị Bích") {
			t.Errorf("told %d times, the last time\n%s", n, w.last(an).Text)
		}
	})
}

// TestAMoveTakenBackInTheNightIsNoMessage moves a class by mistake late in the
// evening and puts it right before the morning: nobody has anything to hear.
func TestAMoveTakenBackInTheNightIsNoMessage(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 20)
		an := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.until(23, 0)
		was := w.class(class)
		w.moves(class, 9*day)
		w.set(class, ClassSpec{Sessions: []SessionSpec{{was.Starts(), was.Ends()}}, Venue: was.Venue})
		w.until(7, 1)
		if n := copies(an, "Trước đây:"); n != 0 {
			t.Errorf("told %d times, the last time\n%s", n, w.last(an).Text)
		}
		if lines := strings.Join(w.whyLines(an), "\n"); !strings.Contains(lines, "kế hoạch đã đổi trước khi tới giờ gửi") {
			t.Errorf("why says\n%s", lines)
		}
		w.until(23, 0)
		w.set(class, ClassSpec{Venue: "Hội trường C"})
		w.until(7, 1)
		if n := copies(an, "Trước đây:"); n != 1 {
			t.Errorf("told %d times of another venue, want once", n)
		}
	})
}

// TestANoticeOfTheNightOutlivesARestart stops the program before midnight and
// starts it late the next evening: people are told the morning after that.
func TestANoticeOfTheNightOutlivesARestart(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 20)
		an := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.until(23, 30)
		w.moves(class, 9*day)
		w.stop()
		w.until(22, 30)
		w.start()
		w.settle(time.Hour)
		if n := copies(an, "Trước đây:"); n != 0 {
			t.Error("told in the night after")
		}
		w.until(7, 1)
		if n := copies(an, "Trước đây:"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
	})
}

// TestAMoveIsToldBeforePeopleSetOut has a class moved away two evenings before it,
// and the program stopped until the evening before: people believe that it begins
// in the morning, and hear of it at once.
func TestAMoveIsToldBeforePeopleSetOut(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 2)
		an := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.until(23, 0)
		w.moves(class, 9*day)
		w.stop()
		w.until(22, 30)
		w.start()
		w.settle(time.Minute)
		if n := copies(an, "Trước đây:"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
	})
}

// TestASecondMoveMakesTheFirstNoLessUrgent moves a class of the next morning first
// when it is more than twelve hours away, and again when it is less: what people
// know of is about to begin.
func TestASecondMoveMakesTheFirstNoLessUrgent(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		w.until(11, 0)
		class := addClassIn(t, w.b, 5, 1) // it begins at eleven
		an := w.srv.NewPerson(1, "An", "vi")
		w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
		w.until(22, 30)
		w.moves(class, 9*day)
		w.until(23, 30)
		w.moves(class, 12*day)
		if n := copies(an, "Trước đây:"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
	})
}

// TestAChangeIsToldByDayUnlessTheClassIsNear moves a class at eleven in the
// evening: one of next week is told of in the morning, one that was to begin
// within twelve hours at once.
func TestAChangeIsToldByDayUnlessTheClassIsNear(t *testing.T) {
	for name, tt := range map[string]struct {
		days  int
		night int // messages before the morning
	}{"next week": {7, 0}, "tomorrow morning": {1, 1}} {
		t.Run(name, func(t *testing.T) {
			inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
				class := addClassIn(t, w.b, 5, tt.days) // it begins at seven in the morning
				an := w.srv.NewPerson(1, "An", "vi")
				w.signsUp(an, class, "Nguyễn Văn An", "0912345678")
				w.until(23, 0)
				w.moves(class, 9*day)
				if n := copies(an, "Trước đây:"); n != tt.night {
					t.Errorf("told %d times in the night, want %d", n, tt.night)
				}
				w.until(6, 59)
				if n := copies(an, "Trước đây:"); n != tt.night {
					t.Errorf("told %d times before seven, want %d", n, tt.night)
				}
				w.until(7, 1)
				if n := copies(an, "Trước đây:"); n != 1 {
					t.Errorf("told %d times by the morning, want once", n)
				}
			})
		})
	}
}

// TestWhatStandsInTheOutboxAtNightStaysThere stops the program with a tip and a
// reminder on their way, and starts it late in the evening: nobody's phone rings,
// the reminder is one day's and gone, and the tip comes a week later.
func TestWhatStandsInTheOutboxAtNightStaysThere(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		an := w.srv.NewPerson(1, "An", "vi")
		w.play(an, "/nhanmeo", "[Đồng ý nhận]", "[Gỗ]", "[Thứ Ba 8:00]")
		w.until(7, 59)
		for w.b.clock().Weekday() != time.Tuesday {
			w.settle(day)
		}
		w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 429, RetryAfter: 600})
		w.until(8, 1)
		w.stop()
		w.until(22, 30)
		w.start()
		w.settle(time.Hour)
		if n := copies(an, "[QC]"); n != 0 {
			t.Errorf("%d tips in the night", n)
		}
		if lines := strings.Join(w.whyLines(an), "\n"); !strings.Contains(lines, "tin đã hết hạn trước khi được phép gửi") {
			t.Errorf("why says\n%s", lines)
		}
		w.settle(7 * day)
		if n := copies(an, "[QC]"); n != 1 {
			t.Errorf("%d tips by the week after, want one", n)
		}
	})
}

// whyLines are what the staff read about somebody.
func (w *onTelegram) whyLines(p *telegramtest.Person) (lines []string) {
	w.Helper()
	list, err := w.b.Why(context.Background(), addressOf(p).String())
	if err != nil {
		w.Fatal(err)
	}
	for i := range list {
		lines = append(lines, list[i].What.VI+": "+list[i].Words.VI)
	}
	return lines
}
