package bot

import (
	"strings"
	"testing"
	"time"

	"sachhon/bot/outbox"
)

// withColleague has somebody who is registered register a colleague too.
func withColleague(t *testing.T, s *Stage, person, name, phone string) {
	t.Helper()
	said := ask(t, s, person, "/start mate_7f3k", "Đã đồng ý", "Khác", name, "Không nhớ", "Thợ điện", phone, "Xác nhận")
	if !strings.Contains(said, "đã đăng ký cho đồng nghiệp "+name) {
		t.Fatalf("%s was not registered: %q", name, said)
	}
}

// times counts the messages that hold some words, among all that a person was
// told since the last time.
func times(t *testing.T, s *Stage, person, words string) (n int, first string) {
	t.Helper()
	heard, err := s.Heard(person)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range heard {
		if strings.Contains(m.Text, words) {
			if n++; n == 1 {
				first = m.Text
			}
		}
	}
	return n, first
}

// TestWhoRegisteredSeveralIsRemindedOnce: whoever registered themselves and two
// colleagues gets each reminder once, with the names, and after the class the
// question what it was like once, for themselves.
func TestWhoRegisteredSeveralIsRemindedOnce(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	withColleague(t, s, an, "Trần Văn Dũng", "0987654321")
	withColleague(t, s, an, "Lê Thị Mai", "0903111222")
	told(t, s, an)
	for _, step := range []struct {
		after       time.Duration
		words, whom string
	}{
		{7 * day, "Còn 3 ngày", "của Nguyễn Thị Hòa, Trần Văn Dũng và 1 người nữa"},
		{2 * day, "Ngày mai", "của Nguyễn Thị Hòa, Trần Văn Dũng và 1 người nữa"},
		{22 * time.Hour, "Còn 2 giờ", "Người dự: Nguyễn Thị Hòa, Trần Văn Dũng và 1 người nữa"},
		{3*day + 2*time.Hour, "đã dự lớp", "Cảm ơn Nguyễn Thị Hòa đã dự lớp"},
	} {
		pass(t, s, step.after)
		if n, first := times(t, s, an, step.words); n != 1 || !strings.Contains(first, step.whom) {
			t.Errorf("at %v: %d messages with %q, the first is %q; want one with %q", s.now, n, step.words, first, step.whom)
		}
	}
}

// TestWhoRegisteredSeveralHearsOnceThatTheClassMoved: one message with the names and
// the codes, and the reminders of the new day once.
func TestWhoRegisteredSeveralHearsOnceThatTheClassMoved(t *testing.T) {
	s := openStage(t, 5)
	an, binh := seated(t, s, "an", "Nguyễn"), seated(t, s, "binh", "Trần")
	withColleague(t, s, an, "Trần Văn Dũng", "0987654321")
	told(t, s, an)
	moveTo(t, s, 20)
	if n, first := times(t, s, an, "có thay đổi"); n != 1 || !strings.Contains(first, "đăng ký của Nguyễn Thị Hòa và Trần Văn Dũng vẫn giữ nguyên. Mã: 7F3K-001, 7F3K-003") {
		t.Errorf("%d messages: %q", n, first)
	}
	if n, first := times(t, s, binh, "có thay đổi"); n != 1 || !strings.Contains(first, "đăng ký của Trần Thị Hòa vẫn giữ nguyên. Mã: 7F3K-002") {
		t.Errorf("the other one: %d messages: %q", n, first)
	}
	pass(t, s, 17*day)
	if n, first := times(t, s, an, "Còn 3 ngày"); n != 1 || !strings.Contains(first, "của Nguyễn Thị Hòa và Trần Văn Dũng") {
		t.Errorf("%d reminders: %q", n, first)
	}
}

// TestColleagueIsRemindedOfByName: whoever gave up their own seat is still
// reminded of their colleague's, and is not asked what the class was like.
func TestColleagueIsRemindedOfByName(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	withColleague(t, s, an, "Trần Văn Dũng", "0987654321")
	ask(t, s, an, "/cuatoi", "1", "Hủy đăng ký", "Hủy đăng ký")
	told(t, s, an)
	for _, step := range []struct {
		after time.Duration
		words string
	}{{7 * day, "Còn 3 ngày"}, {2 * day, "Ngày mai"}, {22 * time.Hour, "Còn 2 giờ"}} {
		pass(t, s, step.after)
		if n, first := times(t, s, an, step.words); n != 1 || !strings.Contains(first, "Trần Văn Dũng") || strings.Contains(first, "Nguyễn") {
			t.Errorf("at %v: %d messages with %q, the first is %q", s.now, n, step.words, first)
		}
	}
	pass(t, s, 40*day)
	if said := told(t, s, an); said != "" {
		t.Errorf("after a class of somebody else they were told %q", said)
	}
}

// TestFreedSeatOfAColleagueReachesTheNetwork: whoever gives up their own seat, for
// which their colleague waits, is told of the freed seat on the network too.
func TestFreedSeatOfAColleagueReachesTheNetwork(t *testing.T) {
	b := openBot(t)
	class := addClass(t, b, 1)
	c := newCorrespondent(t, b)
	var rows []outbox.Row
	for _, text := range []string{"/start class_" + class, "Đăng ký", "Đồng ý, tiếp tục", "Khác", "Nguyễn Thị Hòa", "Công ty Minh Phát", "Không nhớ", "Tổ trưởng", "0912345678", "Xác nhận",
		"/start mate_" + class, "Đã đồng ý", "Khác", "Trần Văn Dũng", "Không nhớ", "Thợ điện", "0987654321", "Xác nhận", "/cuatoi", "1", "Hủy đăng ký", "Hủy đăng ký"} {
		rows = c.says(text)
	}
	var said []string
	for _, r := range rows {
		said = append(said, r.Message.Text)
	}
	if all := strings.Join(said, "\n"); len(said) != 2 || !strings.Contains(all, "vừa có chỗ cho Trần Văn Dũng") {
		t.Errorf("on the network they were told %q", said)
	}
}
