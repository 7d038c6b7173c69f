package bot

import (
	"strings"
	"testing"
	"time"

	"sachhon/bot/desk"
)

// TestFeedbackReachesTheStaff follows the thanks after a class: no advertising,
// two questions, and what was said is in the inbox with the class it is about.
func TestFeedbackReachesTheStaff(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	pass(t, s, 20*day)
	heard, err := s.Heard(an)
	if err != nil {
		t.Fatal(err)
	}
	var code string
	for _, m := range heard {
		if strings.HasPrefix(m.Text, "Cảm ơn ") {
			code = strings.TrimPrefix(m.Buttons[0][0].ID, "/start feedback_")
		}
		if strings.Contains(m.Text, "[QC]") {
			t.Errorf("called advertising: %s", m.Text)
		}
	}
	ask(t, s, an, "/start feedback_"+code, "Có ích một phần", "Nên thêm ví dụ về lò sấy.")
	ask(t, s, an, "/start feedback_"+code, "Rất có ích", "Bỏ qua")
	for i, want := range []string{"): Có ích một phần\nNên thêm ví dụ về lò sấy.", "): Rất có ích"} {
		if got := questions(t, s); len(got) != 2 || !strings.HasPrefix(got[i], "Góp ý lớp ") || !strings.HasSuffix(got[i], want) {
			t.Errorf("the staff read %q, want %q", got, want)
		}
	}
}

// TestFollowUpEndsWithStop: the question of a month later belongs to the class,
// but whoever wants no more messages does not get it.
func TestFollowUpEndsWithStop(t *testing.T) {
	s := openStage(t, 5)
	an, binh := seated(t, s, "an", "Nguyễn"), seated(t, s, "binh", "Trần")
	pass(t, s, 20*day)
	ask(t, s, binh, "dừng")
	for range 40 {
		pass(t, s, day+time.Minute)
	}
	for person, want := range map[string]int{an: 1, binh: 0} {
		heard, err := s.Heard(person)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range heard {
			if strings.HasPrefix(m.Text, "Một tháng trước") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s was asked %d times after a month, want %d", person, n, want)
		}
	}
}

// questions are what the staff read in the inbox.
func questions(t *testing.T, s *Stage) (list []string) {
	t.Helper()
	err := boltStore{s.bot.store}.View(t.Context(), func(tx Tx) error {
		return tx.Questions(func(q desk.Question) bool {
			list = append(list, q.Text)
			return true
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
