package bot

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/dialogs"
)

func TestWeeklyIsKeptWithItsConsent(t *testing.T) {
	s := openStage(t, 5)
	said := ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00")
	if !strings.Contains(said, "8:00 thứ Ba, 1/12/2026") { // it is Tuesday, 9:00
		t.Errorf("said %q", said)
	}
	c := whoIs(t, s, "web:an")
	w, ok := weeklyOf(&c)
	if want := (weekly{"wood", time.Tuesday, 8, false}); !ok || w != want {
		t.Errorf("kept %+v, %v", w, ok)
	}
	k := c.Consents[len(c.Consents)-1]
	if k.Purpose != dialogs.PurposeTips || !k.Given || k.Channel != "web" || k.Version == 0 || k.At.IsZero() || k.Lang != dialogs.Vietnamese {
		t.Errorf("the evidence is %+v", k)
	}
	if said := ask(t, s, "web:an", "/riengtu"); !strings.Contains(said, "Nhận mẹo hằng tuần: ngành gỗ, thứ Ba hằng tuần, lúc 8:00") ||
		!strings.Contains(said, "nhận mẹo và tin") || strings.Contains(said, "tips_") {
		t.Errorf("what is kept is told as %q", said)
	}
}

func TestStopEndsWeeklyAndOnlyAYesBringsItBack(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00", "/dung")
	c := whoIs(t, s, "web:an")
	if _, ok := weeklyOf(&c); ok || c.Agreed(dialogs.PurposeTips, 0) || c.OptedOut.IsZero() || c.Fact(factSector).Given() {
		t.Errorf("after stop: %+v", c)
	}
	if k := c.Consents[len(c.Consents)-1]; k.Given || k.Channel != "web" {
		t.Errorf("the evidence of the withdrawal is %+v", k)
	}
	ask(t, s, "web:an", "/nhanmeo", "Vẫn thôi nhận")
	if c := whoIs(t, s, "web:an"); c.OptedOut.IsZero() {
		t.Error("a no allowed promotion again")
	}
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận lại", "Thực phẩm", "Thứ Năm 8:00")
	c = whoIs(t, s, "web:an")
	if w, ok := weeklyOf(&c); !ok || w.Sector != "food" || !c.OptedOut.IsZero() || !c.Agreed(dialogs.PurposeTips, 0) {
		t.Errorf("after the new yes: %+v", c)
	}
	// Refused once more, it is asked once more: an old yes is worth nothing.
	said := ask(t, s, "web:an", "/dung", "/nhanmeo")
	if !strings.Contains(said, "Trước đây anh/chị đã nhắn thôi nhận") {
		t.Errorf("said %q", said)
	}
}

func TestLeavingWeeklyForgetsItAndAsksAnew(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/nhanmeo", "Đồng ý nhận", "Gỗ", "Thứ Ba 8:00", "/nhanmeo", "Thôi nhận")
	c := whoIs(t, s, "web:an")
	if c.Agreed(dialogs.PurposeTips, 0) || len(c.Facts) != 0 || !c.OptedOut.IsZero() {
		t.Errorf("after leaving: %+v", c)
	}
	if said := ask(t, s, "web:an", "/nhanmeo"); !strings.Contains(said, "Anh/chị đồng ý nhận chứ?") {
		t.Errorf("said %q", said)
	}
}

// TestNextIsTheFirstMomentOfTheSlot: after now, within a week, on the day and
// at the hour chosen.
func TestNextIsTheFirstMomentOfTheSlot(t *testing.T) {
	zone := time.FixedZone("ICT", 7*3600)
	rapid.Check(t, func(t *rapid.T) {
		w := weekly{Day: time.Weekday(rapid.IntRange(1, 5).Draw(t, "day")), Hour: rapid.IntRange(firstHour, lastHour).Draw(t, "hour")}
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "now"), 0).In(zone)
		next := w.next(now)
		if !next.After(now) || next.Sub(now) > 7*24*time.Hour || next.Weekday() != w.Day || next.Hour() != w.Hour || next.Minute() != 0 {
			t.Fatalf("after %v comes %v, wanted %v at %d", now, next, w.Day, w.Hour)
		}
	})
}

func TestSlots(t *testing.T) {
	if day, hour, err := parseSlot("fri_19"); err != nil || day != time.Friday || hour != 19 {
		t.Error(day, hour, err)
	}
	for _, slot := range []string{"", "fri", "sun_8", "fri_7", "fri_20", "fri_x", "fri_8_9"} {
		if _, _, err := parseSlot(slot); err == nil {
			t.Errorf("%q was taken", slot)
		}
	}
}
