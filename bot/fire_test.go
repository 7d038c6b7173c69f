package bot

import (
	"testing"
	"time"

	"sachhon/scheduler"
)

// TestOneJobThatFailsHoldsNobodyUp puts one that cannot be carried out, as a newer
// program leaves behind, before somebody's reminder: the reminder comes at its
// time, and the other waits for a program that can.
func TestOneJobThatFailsHoldsNobodyUp(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	err := s.bot.committer.Do(t.Context(), func(tx Tx, _ *effects) error {
		return tx.Plan(scheduler.Job{Kind: "of another time", Key: "x", At: s.now.Add(time.Hour)})
	})
	if err != nil {
		t.Fatal(err)
	}
	pass(t, s, 8*day)
	reads(t, s, an, "Nhắc lớp “Sản xuất sạch hơn” trước 3 ngày: Đã gửi lúc 9:00 thứ Ba, 1/12/2026.")
	err = boltStore{s.bot.store}.View(t.Context(), func(tx Tx) error {
		_, waits, err := tx.Planned("of another time", "x")
		if !waits {
			t.Error("the other is lost")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
