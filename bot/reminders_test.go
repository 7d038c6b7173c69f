package bot

import (
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
)

// openStage is the whole bot on a clock of its own, with one class in ten days.
func openStage(t *testing.T, seats int) *Stage {
	t.Helper()
	s, err := NewStage(t.TempDir(), content.Embedded(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		problems, err := s.Problems()
		for _, p := range problems {
			t.Error(p)
		}
		if err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	starts := s.now.AddDate(0, 0, 10)
	class := dialogstest.Class{ID: "7f3k", Title: "Sản xuất sạch hơn", Venue: "Hội trường B", Starts: starts, Ends: starts.Add(8 * time.Hour), Seats: seats}
	if err := s.AddClass(class); err != nil {
		t.Fatal(err)
	}
	return s
}

// seated registers somebody by the web.
func seated(t *testing.T, s *Stage, name, family string) string {
	t.Helper()
	person := "web:" + name
	for _, text := range []string{"/start class_7f3k", "Đăng ký", "Đồng ý, tiếp tục", "Khác", family + " Thị Hòa", "Công ty " + family, "Không nhớ", "Tổ trưởng", "0912345678", "Xác nhận"} {
		if err := s.Say(person, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	told(t, s, person)
	return person
}

// told is what a person was told since the last time.
func told(t *testing.T, s *Stage, person string) string {
	t.Helper()
	heard, err := s.Heard(person)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range heard {
		all = append(all, m.Text)
	}
	return strings.Join(all, "\n")
}

func pass(t *testing.T, s *Stage, d time.Duration) {
	t.Helper()
	if err := s.Advance(d); err != nil {
		t.Fatal(err)
	}
}

const day = 24 * time.Hour

func TestRemindersComeThreeDaysOneDayAndTwoHoursBefore(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{6 * day, ""}, {day, "Còn 3 ngày"}, {day, ""}, {day, "Ngày mai"}, {21 * time.Hour, ""}, {time.Hour, "Còn 2 giờ"}, {2 * day, ""}} {
		pass(t, s, step.after)
		if said := told(t, s, an); step.want == "" && said != "" || !strings.Contains(said, step.want) {
			t.Errorf("at %v the person was told %q, want %q", s.now, said, step.want)
		}
	}
}

func TestRemindersMoveWithTheClass(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	starts := s.now.AddDate(0, 0, 20)
	spec := ClassSpec{Sessions: []SessionSpec{{starts, starts.Add(4 * time.Hour)}}, Venue: "Hội trường C"}
	change := func(tx Tx, fx *effects) error {
		_, notices, err := s.bot.moveClass(tx, "7f3k", s.now, spec)
		if err != nil {
			return err
		}
		tt := turn{turns: s.bot.turns, tx: tx, now: s.now, fx: fx}
		return tt.notify(notices, "")
	}
	if err := s.bot.committer.Do(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if said := told(t, s, an); !strings.Contains(said, "có thay đổi") || !strings.Contains(said, "Hội trường C") {
		t.Errorf("told: %q", said)
	}
	pass(t, s, 16*day)
	if said := told(t, s, an); said != "" {
		t.Errorf("reminded of the old day: %q", said)
	}
	pass(t, s, day)
	if said := told(t, s, an); !strings.Contains(said, "Còn 3 ngày") {
		t.Errorf("not reminded of the new day: %q", said)
	}
}

func TestRemindersEndWithTheRegistration(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	for _, text := range []string{"/cuatoi", "Hủy đăng ký", "Hủy đăng ký"} {
		if err := s.Say(an, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	if said := told(t, s, an); !strings.Contains(said, "ã hủy") {
		t.Fatalf("told: %q", said)
	}
	pass(t, s, 12*day)
	if said := told(t, s, an); said != "" {
		t.Errorf("still reminded: %q", said)
	}
}

// TestFreedSeatGoesDownTheLine cancels a seat: the first in line is offered it
// and lets the time pass, the second takes it; who let it pass stays in line.
func TestFreedSeatGoesDownTheLine(t *testing.T) {
	s := openStage(t, 1)
	an, binh, chi := seated(t, s, "an", "Nguyễn"), seated(t, s, "binh", "Trần"), seated(t, s, "chi", "Lê")
	for _, text := range []string{"/cuatoi", "Hủy đăng ký", "Hủy đăng ký"} {
		if err := s.Say(an, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	if said := told(t, s, binh); !strings.Contains(said, "có chỗ") {
		t.Errorf("the first in line was told %q", said)
	}
	if said := told(t, s, chi); !strings.Contains(said, "vị trí thứ 1") {
		t.Errorf("the second in line was told %q", said)
	}
	pass(t, s, s.bot.cfg.Hold+time.Minute)
	if said := told(t, s, binh); !strings.Contains(said, "quá giờ") {
		t.Errorf("who let the time pass was told %q", said)
	}
	if said := told(t, s, chi); !strings.Contains(said, "có chỗ") {
		t.Errorf("the next was told %q", said)
	}
	if err := s.Say(chi, dialogs.Say("Nhận chỗ")); err != nil {
		t.Fatal(err)
	}
	if said := told(t, s, chi); !strings.Contains(said, "đã đăng ký") {
		t.Errorf("taking the seat was answered with %q", said)
	}
}

func TestNudgeComesOnceToWhoLeftHalfWay(t *testing.T) {
	s := openStage(t, 5)
	for _, text := range []string{"/start class_7f3k", "Đăng ký", "Đồng ý, tiếp tục", "Khác"} {
		if err := s.Say("web:an", dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	told(t, s, "web:an")
	pass(t, s, day)
	if said := told(t, s, "web:an"); !strings.Contains(said, "Tiếp tục") {
		t.Errorf("told: %q", said)
	}
	pass(t, s, 5*day)
	if said := told(t, s, "web:an"); said != "" {
		t.Errorf("a second nudge: %q", said)
	}
}

// TestNudgeWaitsForTheMorning: a talk left half-way at nine is reminded of twenty
// hours later, which is at night, and so at seven; the staff can read why.
func TestNudgeWaitsForTheMorning(t *testing.T) {
	s := openStage(t, 5)
	an := "web:an"
	ask(t, s, an, "/start class_7f3k", "Đăng ký", "Đồng ý, tiếp tục", "Khác")
	pass(t, s, 21*time.Hour) // 6:00
	if said := told(t, s, an); said != "" {
		t.Errorf("at night they were told %q", said)
	}
	reads(t, s, an, "Nhắc cuộc trò chuyện còn dở: Chưa gửi, hoãn đến 7:00 thứ Tư, 25/11/2026: ngoài giờ gửi tin.")
	pass(t, s, time.Hour)
	if said := told(t, s, an); !strings.Contains(said, "Tiếp tục") {
		t.Errorf("in the morning they were told %q", said)
	}
	reads(t, s, an, "Nhắc cuộc trò chuyện còn dở: Đã gửi lúc 7:00 thứ Tư, 25/11/2026; trước đó chưa gửi được: ngoài giờ gửi tin.")
}

// TestDeletedLeavesNothing has a contact delete everything: their seat goes to
// the next in line, and no row of the store holds a word of theirs.
func TestDeletedLeavesNothing(t *testing.T) {
	s := openStage(t, 1)
	an, binh := seated(t, s, "an", "Nguyễn"), seated(t, s, "binh", "Trần")
	for _, text := range []string{"/riengtu", "Xóa tất cả", "Xóa tất cả"} {
		if err := s.Say(an, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	if said := told(t, s, an); !strings.Contains(said, "Đã xóa") {
		t.Fatalf("told: %q", said)
	}
	if said := told(t, s, binh); !strings.Contains(said, "có chỗ") {
		t.Errorf("the next in line was told %q", said)
	}
	err := s.bot.store.Each(t.Context(), func(bucket string, k, v []byte) {
		if strings.Contains(string(v), "Nguyễn Thị Hòa") {
			t.Errorf("%s still holds the name under %q", bucket, k)
		}
	})
	if err != nil {
		t.Error(err)
	}
	if _, known, err := s.bot.contactAt(t.Context(), channel.Address{Channel: "web", ID: "an"}); err != nil || known {
		t.Errorf("the address is known: %v, %v", known, err)
	}
}
