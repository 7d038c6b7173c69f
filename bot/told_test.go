package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/programme"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// asked is what the staff reads when they ask why somebody did or didn't get
// something: a line each, the latest first.
func asked(t *testing.T, s *Stage, person string, lang dialogs.Lang) (lines []string) {
	t.Helper()
	list, err := s.bot.Why(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range list {
		lines = append(lines, v.What.In(lang)+": "+v.Words.In(lang))
		if i > 0 && v.At.After(list[i-1].At) {
			t.Errorf("%q is later than the line before it", lines[i])
		}
	}
	return lines
}

// reads checks that the staff read this line about somebody, and once.
func reads(t *testing.T, s *Stage, person, line string) {
	t.Helper()
	lines, n := asked(t, s, person, dialogs.Vietnamese), 0
	what, _, _ := strings.Cut(line, ": ")
	for _, l := range lines {
		if strings.HasPrefix(l, what+": ") {
			n++
		}
	}
	if n != 1 || !slices.Contains(lines, line) {
		t.Errorf("at %v want the one line\n  %s\namong\n  %s", s.now, line, strings.Join(lines, "\n  "))
	}
}

// down lets time pass with the program not running.
func down(s *Stage, d time.Duration) { s.now = s.now.Add(d) }

// TestWhyAfterAClass follows what comes after a class that ends on a Friday: it
// is planned, waits over the weekend, is sent; and the follow-up of a month later
// is not, since the person has had enough.
func TestWhyAfterAClass(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	reads(t, s, an, "Nhắc lớp “Sản xuất sạch hơn” trước 3 ngày: Sẽ gửi lúc 9:00 thứ Ba, 1/12/2026.")
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Sẽ gửi lúc 8:00 thứ Hai, 7/12/2026.")
	pass(t, s, 11*day)
	reads(t, s, an, "Nhắc lớp “Sản xuất sạch hơn” trước 2 giờ: Đã gửi lúc 7:00 thứ Sáu, 4/12/2026.")
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Chưa gửi, hoãn đến 8:00 thứ Hai, 7/12/2026: ngày nghỉ hoặc ngày không gửi tin giới thiệu.")
	pass(t, s, 3*day)
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Đã gửi lúc 8:00 thứ Hai, 7/12/2026; trước đó chưa gửi được: ngày nghỉ hoặc ngày không gửi tin giới thiệu.")
	ask(t, s, an, "/dung")
	reads(t, s, an, "Hỏi thăm sau lớp “Sản xuất sạch hơn”: Hẹn lúc 8:00 thứ Hai, 4/1/2027, nhưng sẽ không gửi: đã thôi nhận tin giới thiệu.")
	pass(t, s, 30*day)
	reads(t, s, an, "Hỏi thăm sau lớp “Sản xuất sạch hơn”: Không gửi, quyết định lúc 9:00 Chủ nhật, 3/1/2027: đã thôi nhận tin giới thiệu.")
	english := asked(t, s, an, dialogs.English)
	if want := "Question what came of “Sản xuất sạch hơn”: Not sent, decided at 9:00 am Sun 3 Jan 2027: wants no more promotion."; english[0] != want {
		t.Errorf("first of all %q, want %q", english[0], want)
	}
}

// TestWhyWhenSomebodyWasAbsent: whoever did not come is not asked what it was like,
// and why says so, though everything is planned anew in the night between.
func TestWhyWhenSomebodyWasAbsent(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	pass(t, s, 10*day+2*time.Hour) // in the class
	err := s.bot.committer.Do(t.Context(), func(tx Tx, _ *effects) error {
		_, err := programme.TakeAttendance(tx, programme.AttendanceRequest{Class: "7f3k", Session: 1}, s.now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.bot.replan(t.Context()); err != nil {
		t.Fatal(err)
	}
	pass(t, s, 3*day)
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Không gửi, quyết định lúc 9:00 thứ Bảy, 5/12/2026: không thuộc nhóm nhận tin này.")
}

// TestWhyWhenThePlanChanges: a question waits over the weekend, and meanwhile the
// campaign is edited: it is planned anew, and then not at all.
func TestWhyWhenThePlanChanges(t *testing.T) {
	s := openStage(t, 5)
	an, yaml := seated(t, s, "an", "Nguyễn"), campaignsYAML(t)
	pass(t, s, 11*day)
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Chưa gửi, hoãn đến 8:00 thứ Hai, 7/12/2026: ngày nghỉ hoặc ngày không gửi tin giới thiệu.")
	s = restarted(t, s, strings.Replace(yaml, "key: feedback, after: 1d", "key: feedback, after: 4d", 1))
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Sẽ gửi lúc 9:00 thứ Ba, 8/12/2026.")
	s = restarted(t, s, strings.Replace(yaml, "- {key: feedback, after: 1d, at: \"9:00\", within: 5d, push: class_feedback}", "", 1))
	reads(t, s, an, "Tin sau lớp “Sản xuất sạch hơn”: Không gửi, quyết định lúc 9:00 thứ Bảy, 5/12/2026: kế hoạch đã đổi trước khi tới giờ gửi.")
}

// TestWhyWhenTheProgramWasDown: a reminder that came too late, a tip that is left
// for another week, and a question that waited over a weekend and then too long.
func TestWhyWhenTheProgramWasDown(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	ask(t, s, an, "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	down(s, 7*day+13*time.Hour) // over the tip and the reminder of 1/12
	s = restarted(t, s, "")
	pass(t, s, time.Minute)
	reads(t, s, an, "Nhắc lớp “Sản xuất sạch hơn” trước 3 ngày: Không gửi, quyết định lúc 22:00 thứ Ba, 1/12/2026: tin đã hết hạn trước khi được phép gửi.")
	tip := "Mẹo “" + strings.SplitN(strings.Join(asked(t, s, an, dialogs.Vietnamese), "\n"), "Mẹo “", 2)[1]
	tip, _, _ = strings.Cut(tip, "”")
	if n := strings.Count(strings.Join(asked(t, s, an, dialogs.Vietnamese), "\n"), tip); n != 2 { // dropped, and planned anew
		t.Errorf("the tip stands %d times", n)
	}
	pass(t, s, 3*day+13*time.Hour) // Saturday, 5/12
	down(s, 5*day)
	s = restarted(t, s, "")
	pass(t, s, 5*day)
	reads(t, s, an, tip+"”: Đã gửi lúc 8:00 thứ Ba, 15/12/2026; trước đó chưa gửi được: tin đã hết hạn trước khi được phép gửi.")
	reads(t, s, an, "Xin góp ý về lớp “Sản xuất sạch hơn”: Không gửi, quyết định lúc 11:01 thứ Năm, 10/12/2026: tin đã hết hạn trước khi được phép gửi.")
}

// TestWhyWhenNobodyCanBeReached: somebody who blocked the bot half-way through a
// registration, on the waiting list of a class and with tips, and what the staff
// answered them.
func TestWhyWhenNobodyCanBeReached(t *testing.T) {
	s := openStage(t, 1)
	seated(t, s, "binh", "Trần")
	an := seated(t, s, "an", "Nguyễn") // waits
	ask(t, s, an, "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00", "/hoi", "Lớp có chỗ gửi xe tải không ạ?", "/start class_7f3k", "Đăng ký")
	do := func(fn func(tx Tx, fx *effects) error) {
		if err := s.bot.committer.Do(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	do(func(tx Tx, _ *effects) error { return tx.ShutAddress(channel.Address{Channel: "web", ID: "an"}, s.now) })
	ask(t, s, "web:binh", "/cuatoi", "Hủy đăng ký", "Hủy đăng ký")
	do(func(tx Tx, fx *effects) error { return s.bot.reply(tx, fx, 1, "Có ạ, cổng sau.") })
	blocked := ": người nhận đã chặn tin của Trung tâm."
	reads(t, s, an, "Tin báo lớp “Sản xuất sạch hơn” có chỗ: Không gửi, quyết định lúc 9:00 thứ Ba, 24/11/2026"+blocked)
	reads(t, s, an, "Trả lời câu hỏi số 1: Không gửi, quyết định lúc 9:00 thứ Ba, 24/11/2026"+blocked)
	pass(t, s, day)
	reads(t, s, an, "Nhắc cuộc trò chuyện còn dở: Không gửi, quyết định lúc 5:00 thứ Tư, 25/11/2026"+blocked)
	pass(t, s, 7*day)
	if lines := strings.Join(asked(t, s, an, dialogs.Vietnamese), "\n"); !strings.Contains(lines, "”: Không gửi, quyết định lúc 8:00 thứ Ba, 1/12/2026"+blocked) {
		t.Errorf("of the tip:\n%s", lines)
	}
	ask(t, s, an, "/menu") // they are back
	if _, err := s.bot.RunNow(t.Context(), runCampaigns); err != nil {
		t.Fatal(err)
	}
	pass(t, s, 7*day)
	if lines := strings.Join(asked(t, s, an, dialogs.Vietnamese), "\n"); !strings.Contains(lines, "Đã gửi lúc 8:00 thứ Ba, 8/12/2026; trước đó chưa gửi được: người nhận đã chặn tin của Trung tâm.") {
		t.Errorf("of the tip once they were back:\n%s", lines)
	}
}

// TestWhyWhenTheNetworkGivesUp: a tip waits in the outbox when the person blocks the
// bot. It was handed over, and yet nobody says that they had it.
func TestWhyWhenTheNetworkGivesUp(t *testing.T) {
	s := openStage(t, 5)
	s.bot.turns.channels["net"] = channel.Capabilities{Buttons: 20, Text: 4096, Marked: true}
	an := "net:7"
	ask(t, s, an, "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	pass(t, s, 7*day)
	if lines := asked(t, s, an, dialogs.Vietnamese); !strings.HasSuffix(lines[len(lines)-1], "”: Đã gửi lúc 8:00 thứ Ba, 1/12/2026.") {
		t.Errorf("while it waits: %q", lines)
	}
	err := s.bot.committer.Do(t.Context(), func(tx Tx, _ *effects) error {
		return tx.ShutAddress(channel.Address{Channel: "net", ID: "7"}, s.now)
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Join(asked(t, s, an, dialogs.Vietnamese), "\n")
	if !strings.Contains(lines, "”: Gửi không được, biết lúc 9:00 thứ Ba, 1/12/2026: người nhận đã chặn tin của Trung tâm.") || strings.Contains(lines, "Đã gửi") {
		t.Errorf("after the block:\n%s", lines)
	}
}

// TestWhatBecameOfPushesIsNotKeptForEver: after more than a year the nightly run
// drops it.
func TestWhatBecameOfPushesIsNotKeptForEver(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	pass(t, s, 50*day)
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{0, 5}, {300 * day, 5}, {160 * day, 0}} {
		down(s, step.wait)
		if _, err := s.bot.RunNow(t.Context(), runHousekeeping); err != nil {
			t.Fatal(err)
		}
		if lines := asked(t, s, an, dialogs.Vietnamese); len(lines) != step.want {
			t.Errorf("%v: %d lines, want %d: %q", s.now, len(lines), step.want, lines)
		}
	}
}

// TestNewcomersAreToldOfNoBroadcastThatWasOver: of what ended before somebody came
// nobody asks why they have it not.
func TestNewcomersAreToldOfNoBroadcastThatWasOver(t *testing.T) {
	s := openStage(t, 5)
	an, binh := "web:an", "web:binh"
	ask(t, s, an, "/menu")
	_, err := s.bot.CreateBroadcast(t.Context(), BroadcastSpec{Title: "Dời nhà", Kind: "service", Segment: json.RawMessage(`{}`),
		Text: dialogs.Text{VI: "Trung tâm dời sang nhà B."}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	pass(t, s, time.Minute)
	if _, err := s.bot.feeder.feedAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	pass(t, s, time.Hour)
	ask(t, s, binh, "/menu")
	if lines := asked(t, s, an, dialogs.Vietnamese); len(lines) != 1 {
		t.Errorf("who had it is told %q", lines)
	}
	if lines := asked(t, s, binh, dialogs.Vietnamese); len(lines) != 0 {
		t.Errorf("who came later is told %q", lines)
	}
}

// TestPeopleReadWhatTheyWereSent: the page on what is kept says it in a line, the
// copy says each message with its reason, and a deletion leaves neither.
func TestPeopleReadWhatTheyWereSent(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	if said := ask(t, s, an, "/riengtu"); strings.Contains(said, "Đã gửi") {
		t.Errorf("before anything was sent: %q", said)
	}
	ask(t, s, an, "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	pass(t, s, 22*day) // three tips, three reminders, the question after the class
	said := ask(t, s, an, "/riengtu")
	if want := "\nĐã gửi (13 tháng qua): 3 mẹo, 4 tin khác, gần nhất 15/12/2026\n"; !strings.Contains(said, want) {
		t.Errorf("said %q, want the line %q", said, want)
	}
	ask(t, s, an, "/dung")
	pass(t, s, 20*day) // the follow-up of the class
	c := whoIs(t, s, an)
	var kept keptCopy
	err := boltStore{s.bot.store}.View(t.Context(), func(tx Tx) error {
		raw, err := s.bot.turns.desk.copyOf(tx, c.ID)
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, &kept)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Messages) != 8 {
		t.Errorf("the copy lists %d messages: %+v", len(kept.Messages), kept.Messages)
	}
	if m := kept.Messages[0]; m.What.VI != "Hỏi thăm sau lớp “Sản xuất sạch hơn”" || m.Status != "dropped" || m.Reason != scheduler.OptedOut || m.At.IsZero() {
		t.Errorf("the latest is %+v", m)
	}
	ask(t, s, an, "/riengtu", "Xóa tất cả", "Xóa tất cả")
	err = s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Fates(c.ID, func(push string, _ scheduler.Fate) bool {
			t.Errorf("%s is kept of somebody who is deleted", push)
			return true
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
