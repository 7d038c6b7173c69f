package bot

import (
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// checkedOn is a stage on which somebody took the self-check of wood on a day, at
// ten in the morning.
func checkedOn(t *testing.T, year int, month time.Month, on int) (s *Stage, person string) {
	t.Helper()
	s, person = openStage(t, 5), "web:an"
	s.now = time.Date(year, month, on, 10, 0, 0, 0, s.bot.cfg.Timezone)
	k := &taker{t: t, s: s, person: person}
	if said := k.check("wood", "0", dialogs.Vietnamese); !strings.Contains(said, "Nên bắt đầu") {
		t.Fatalf("the check came to %q", said)
	}
	return s, person
}

// asksWhatWasDone checks that at this moment, and not before, the person is asked
// what they did of what was advised.
func asksWhatWasDone(t *testing.T, s *Stage, person string, at time.Time) {
	t.Helper()
	pass(t, s, at.Add(-time.Minute).Sub(s.now))
	if said := told(t, s, person); said != "" {
		t.Errorf("until %v they were told %q", s.now, said)
	}
	pass(t, s, time.Minute)
	if said := told(t, s, person); !strings.Contains(said, "Đến nay việc nào đã làm rồi ạ?") {
		t.Errorf("at %v they were told %q", s.now, said)
	}
}

// TestFollowUpLeavesTetAlone: thirty days after a check of 4 January 2027 is 27
// tháng Chạp. The question waits for the first working day after mùng 6.
func TestFollowUpLeavesTetAlone(t *testing.T) {
	s, an := checkedOn(t, 2027, 1, 4)
	reads(t, s, an, "Hỏi việc đã làm sau lần tự đánh giá 4/1/2027: Sẽ gửi lúc 8:00 thứ Sáu, 12/2/2027.")
	asksWhatWasDone(t, s, an, time.Date(2027, 2, 12, 8, 0, 0, 0, s.bot.cfg.Timezone))
	reads(t, s, an, "Hỏi việc đã làm sau lần tự đánh giá 4/1/2027: Đã gửi lúc 8:00 thứ Sáu, 12/2/2027.")
	reads(t, s, an, "Mời tự đánh giá lại, lần trước 4/1/2027: Sẽ gửi lúc 8:00 thứ Hai, 5/7/2027.") // 4 July is a Sunday
}

// TestFollowUpLeavesACompensatingDayAlone: 1 May 2027 is a Saturday, so Monday
// the 3rd is a day off, and the question comes on Tuesday.
func TestFollowUpLeavesACompensatingDayAlone(t *testing.T) {
	s, an := checkedOn(t, 2027, 4, 3)
	asksWhatWasDone(t, s, an, time.Date(2027, 5, 4, 8, 0, 0, 0, s.bot.cfg.Timezone))
}

// TestFollowUpPlannedIntoTetIsPutOff: the table holds a time that became a day off
// after it was planned. The question is put off, and the staff can read why.
func TestFollowUpPlannedIntoTetIsPutOff(t *testing.T) {
	s, an := checkedOn(t, 2027, 1, 4)
	at := time.Date(2027, 2, 3, 10, 0, 0, 0, s.bot.cfg.Timezone)
	err := s.bot.committer.Do(t.Context(), func(tx Tx, _ *effects) error {
		return tx.Plan(scheduler.Job{Kind: scheduler.FollowUp, Key: whoIs(t, s, an).ID, At: at, Deadline: at.AddDate(0, 0, 14), Note: "1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	pass(t, s, at.Sub(s.now))
	reads(t, s, an, "Hỏi việc đã làm sau lần tự đánh giá 4/1/2027: Chưa gửi, hoãn đến 8:00 thứ Sáu, 12/2/2027: ngày nghỉ hoặc ngày không gửi tin giới thiệu.")
	asksWhatWasDone(t, s, an, time.Date(2027, 2, 12, 8, 0, 0, 0, s.bot.cfg.Timezone))
}

// TestFollowUpSaysWhyItIsNotSent: who refused promotion after the check is not
// asked, and neither is anybody once it is too late.
func TestFollowUpSaysWhyItIsNotSent(t *testing.T) {
	s, an := checkedOn(t, 2027, 3, 1)
	ask(t, s, an, "/dung")
	pass(t, s, 31*day)
	reads(t, s, an, "Hỏi việc đã làm sau lần tự đánh giá 1/3/2027: Không gửi, quyết định lúc 10:00 thứ Tư, 31/3/2027: đã thôi nhận tin giới thiệu.")
	s, an = checkedOn(t, 2027, 3, 1)
	down(s, 50*day)
	pass(t, s, time.Minute)
	if said := told(t, s, an); said != "" {
		t.Errorf("too late they were told %q", said)
	}
	reads(t, s, an, "Hỏi việc đã làm sau lần tự đánh giá 1/3/2027: Không gửi, quyết định lúc 10:00 thứ Ba, 20/4/2027: tin đã hết hạn trước khi được phép gửi.")
}
