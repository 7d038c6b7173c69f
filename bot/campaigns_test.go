package bot

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/store"
	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// restarted is the stage after its program ended and began again, with this
// campaigns.yaml; "": the embedded one.
func restarted(t *testing.T, s *Stage, campaigns string) *Stage {
	t.Helper()
	return restartedOn(t, s, withCampaigns(t, campaigns))
}

// restartedOn is the stage after its program began again with this content.
func restartedOn(t *testing.T, s *Stage, files fs.FS) *Stage {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := NewStage(s.bot.cfg.Data, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.bot = again.bot
	again.bot.now = func() time.Time { return s.now } // the one clock goes on
	if _, err := s.bot.replan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// withCampaigns is the embedded content with another campaigns.yaml.
func withCampaigns(t *testing.T, yaml string) fs.FS {
	t.Helper()
	if yaml == "" {
		return content.Embedded()
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, content.Embedded()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "campaigns.yaml"), []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return os.DirFS(dir)
}

func campaignsYAML(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(content.Embedded(), "campaigns.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// moveTo moves the class to so many days from now.
func moveTo(t *testing.T, s *Stage, days int) {
	t.Helper()
	starts := s.now.AddDate(0, 0, days)
	spec := ClassSpec{Sessions: []SessionSpec{{starts, starts.Add(4 * time.Hour)}}, Venue: "Hội trường C"}
	err := s.bot.committer.Do(t.Context(), func(tx Tx, fx *effects) error {
		_, notices, err := s.bot.moveClass(tx, "7f3k", s.now, spec)
		if err != nil {
			return err
		}
		tt := turn{turns: s.bot.turns, tx: tx, now: s.now, fx: fx}
		return tt.notify(notices, "")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tips are the titles of the tips that somebody was sent since the last time.
func tips(t *testing.T, s *Stage, person string) (titles []string) {
	t.Helper()
	heard, err := s.Heard(person)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range heard {
		if title, ok := strings.CutPrefix(m.Text, "[QC] **"); ok {
			title, _, _ = strings.Cut(title, "**")
			titles = append(titles, title)
			if !strings.HasSuffix(m.Text, "Trả lời DỪNG để thôi nhận.") || len(m.Buttons) != 3 {
				t.Errorf("a tip without its ends: %+v", m)
			}
		} else {
			t.Errorf("told %q", m.Text)
		}
	}
	return titles
}

// TestATipAWeekAtTheirHour goes over Tết and a restart: one tip a week, on
// Tuesday at 8:00, never the same twice.
func TestATipAWeekAtTheirHour(t *testing.T) {
	s := openStage(t, 5)
	s.now = time.Date(2027, 1, 18, 9, 0, 0, 0, s.bot.cfg.Timezone) // a Monday
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	var all []string
	days := scheduler.NewDays(s.bot.set.Load().Holidays(), s.bot.cfg.Timezone)
	for week := range 10 {
		if week == 3 {
			restarted(t, s, "")
		}
		pass(t, s, 23*time.Hour-time.Minute) // Tuesday 7:59
		if early := tips(t, s, "web:an"); len(early) > 0 {
			t.Errorf("%v: too early: %q", s.now, early)
		}
		pass(t, s, 2*time.Minute)
		want := 0
		if days.Kind(s.now) == scheduler.WorkingDay {
			want = 1
		}
		got := tips(t, s, "web:an")
		if len(got) != want {
			t.Errorf("%v: %q, want %d", s.now, got, want)
		}
		for _, title := range got {
			if slices.Contains(all, title) {
				t.Errorf("%q came twice", title)
			}
		}
		all = append(all, got...)
		pass(t, s, 6*day+time.Hour-time.Minute)
	}
	if len(all) < 6 || len(all) > 9 {
		t.Errorf("%d tips in ten weeks with Tết: %q", len(all), all)
	}
}

func TestPauseResumeAndStop(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	for _, step := range []struct {
		says []string
		want int
	}{{nil, 1}, {[]string{"/nhanmeo", "Tạm dừng"}, 0}, {nil, 0}, {[]string{"/nhanmeo", "Nhận lại"}, 1}, {nil, 1}, {[]string{"/dung"}, 0}, {nil, 0}} {
		ask(t, s, "web:an", step.says...)
		pass(t, s, 7*day)
		if got := tips(t, s, "web:an"); len(got) != step.want {
			t.Errorf("%v, after %q: %q, want %d", s.now, step.says, got, step.want)
		}
	}
	c := whoIs(t, s, "web:an")
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		_, planned, err := tx.Planned(scheduler.TipDue, c.ID)
		if planned {
			t.Error("a tip is planned after all was refused")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTipsEndWithOneWord reads the whole series: every tip once, then one word
// that it is over, then nothing.
func TestTipsEndWithOneWord(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	n := len(s.bot.seriesFor("wood", dialogs.Vietnamese))
	pass(t, s, time.Duration(n+10)*7*day)
	heard, err := s.Heard("web:an")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, m := range heard {
		said[m.Text]++
	}
	over := 0
	for words, times := range said {
		if times > 1 {
			t.Errorf("%d times: %q", times, words)
		}
		if strings.Contains(words, "đã nhận hết các mẹo cho ngành gỗ") {
			over++
		}
	}
	if len(said) != n+1 || over != 1 {
		t.Errorf("%d messages, want %d tips and one word; %d words", len(said), n, over)
	}
}

// TestAfterTheLastTipNoDayIsPromised: once somebody had every tip, /nhanmeo says so
// and names no day. A new tip then comes by itself.
func TestAfterTheLastTipNoDayIsPromised(t *testing.T) {
	s := openStage(t, 5)
	fewer := t.TempDir()
	if err := os.CopyFS(fewer, content.Embedded()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(fewer, "tips", "t18-luyen-tay-phun-xa-goc-chong-mep.md")); err != nil {
		t.Fatal(err)
	}
	s = restartedOn(t, s, os.DirFS(fewer))
	an := "web:an"
	ask(t, s, an, "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	n := len(s.bot.seriesFor("wood", dialogs.Vietnamese))
	for had := 0; had < n; had += len(tips(t, s, an)) {
		if said := ask(t, s, an, "/nhanmeo"); !strings.Contains(said, "Mẹo kế tiếp: 8:00 thứ Ba") {
			t.Errorf("after %d of %d tips: %q", had, n, said)
		}
		pass(t, s, 7*day)
	}
	want := "Anh/chị đã nhận hết các mẹo hiện có cho ngành gỗ.\nCó mẹo mới, Trung tâm gửi tiếp vào thứ Ba hằng tuần, lúc 8:00."
	for _, says := range [][]string{{"/nhanmeo"}, {"Đổi ngành hoặc giờ", "Gỗ", "Thứ Ba 8:00"}} {
		if said := ask(t, s, an, says...); said != want {
			t.Errorf("after the last one, to %q: %q", says, said)
		}
	}
	pass(t, s, 14*day) // the word that it is over comes meanwhile
	if said := ask(t, s, an, "/nhanmeo", "Thôi nhận", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00"); said != want {
		t.Errorf("left and agreed anew: %q", said)
	}
	s = restartedOn(t, s, content.Embedded())
	told(t, s, an)
	pass(t, s, 7*day)
	if got := tips(t, s, an); len(got) != 1 || got[0] != "Luyện tay phun: xa, góc, chồng mép" {
		t.Errorf("the new tip: %q", got)
	}
}

func TestVotesUnderASentTip(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	pass(t, s, 7*day)
	if said := ask(t, s, "web:an", "Hữu ích"); !strings.Contains(said, "Cảm ơn anh/chị. Nhờ vậy") {
		t.Errorf("said %q", said)
	}
	c := whoIs(t, s, "web:an")
	if votes := c.Fact(factVotes).Keys(); len(votes) != 1 || votes[0][0] != '+' {
		t.Errorf("votes: %q", votes)
	}
	if said := ask(t, s, "web:an", "Mẹo khác"); !strings.Contains(said, "Vì sao") {
		t.Errorf("the next one: %q", said)
	}
}

// feedback counts how often somebody was asked what a class was like.
func feedback(t *testing.T, s *Stage, person string) int {
	t.Helper()
	return strings.Count(told(t, s, person), "đã dự lớp")
}

// TestFeedbackOnceAlsoWhenTheClassMoved: a day after the class as it was in the
// end, over a restart and an edited calendar, once.
func TestFeedbackOnceAlsoWhenTheClassMoved(t *testing.T) {
	s := openStage(t, 5)
	an, binh := seated(t, s, "an", "Nguyễn"), seated(t, s, "binh", "Trần")
	ask(t, s, binh, "/cuatoi", "Hủy đăng ký", "Hủy đăng ký")
	moveTo(t, s, 20)
	pass(t, s, 15*day) // past the first date
	if n := feedback(t, s, an); n != 0 {
		t.Error("asked about the old day")
	}
	s = restarted(t, s, "")
	pass(t, s, 6*day+2*time.Hour)
	if n := feedback(t, s, an); n != 1 {
		t.Errorf("asked %d times", n)
	}
	yaml := campaignsYAML(t)
	s = restarted(t, s, strings.NewReplacer("{key: feedback, after: 1d", "{key: opinion, was: [feedback], after: 3d").Replace(yaml))
	pass(t, s, 10*day)
	if n := feedback(t, s, an); n != 0 {
		t.Errorf("an edit had it asked again, %d times", n)
	}
	if n := feedback(t, s, binh); n != 0 {
		t.Error("asked who was not there")
	}
}

// plannedPoints counts the points of campaigns in the table.
func plannedPoints(t *testing.T, s *Stage) (n int) {
	t.Helper()
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		jobs, err := tx.PlannedOf(scheduler.PointDue)
		n = len(jobs)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEditMovesWhatIsPlanned moves a point before it is due, and takes it out.
func TestEditMovesWhatIsPlanned(t *testing.T) {
	for after, want := range map[string]int{"4d": 1, "": 0} {
		s := openStage(t, 5)
		an := seated(t, s, "an", "Nguyễn")
		pass(t, s, 10*day)
		told(t, s, an)
		yaml := campaignsYAML(t)
		if after == "" {
			yaml = strings.Replace(yaml, "- {key: feedback, after: 1d, at: \"9:00\", within: 5d, push: class_feedback}", "", 1)
		} else {
			yaml = strings.Replace(yaml, "key: feedback, after: 1d", "key: feedback, after: "+after, 1)
		}
		s = restarted(t, s, yaml)
		if n := plannedPoints(t, s); n != 1+want { // the follow-up stays
			t.Errorf("after %q: %d points are planned", after, n)
		}
		pass(t, s, 2*day)
		if n := feedback(t, s, an); n != 0 {
			t.Errorf("after %q: sent by the old plan", after)
		}
		pass(t, s, 5*day)
		if n := feedback(t, s, an); n != want {
			t.Errorf("after %q: sent %d times, want %d", after, n, want)
		}
	}
}

// TestLeafletsLeaveOnceAYear has a year go by with the nightly run: every
// leaflet becomes one broadcast.
func TestLeafletsLeaveOnceAYear(t *testing.T) {
	s := openStage(t, 5)
	for range 24 {
		if _, err := s.bot.RunNow(t.Context(), runCampaigns); err != nil {
			t.Fatal(err)
		}
		pass(t, s, 365*day/24)
	}
	casts, err := s.bot.Broadcasts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]int{}
	for _, c := range casts {
		titles[c.Title]++
		if c.Kind != "promotion" || c.Purpose != "tips" || !strings.HasPrefix(c.Topic, leafletTopic) || c.SendAt.In(s.bot.cfg.Timezone).Hour() < 8 {
			t.Errorf("%+v", c)
		}
	}
	want := len(s.bot.set.Load().Campaigns().Leaflets)
	if len(casts) != want || len(titles) != want {
		t.Errorf("%d broadcasts, want %d: %v", len(casts), want, slices.Collect(maps.Keys(titles)))
	}
	runs, err := s.bot.Runs(t.Context())
	if err != nil || len(runs) != 24 || runs[0].Name != runCampaigns || runs[0].Err != "" || !strings.HasPrefix(runs[0].Did, "looked at") {
		t.Errorf("%d runs, %+v, %v", len(runs), runs[0], err)
	}
}
