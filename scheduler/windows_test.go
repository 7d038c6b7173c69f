package scheduler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

func TestNextTimeAPushMayLeave(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	for _, tt := range []struct {
		kind       scheduler.PushKind
		date, at   string
		want, when string
	}{
		{scheduler.Promotion, "10/3/2026", "07:59", "10/3/2026", "08:00"},
		{scheduler.Promotion, "10/3/2026", "08:00", "10/3/2026", "08:00"},
		{scheduler.Promotion, "10/3/2026", "19:59", "10/3/2026", "19:59"},
		{scheduler.Promotion, "10/3/2026", "20:00", "11/3/2026", "08:00"},
		{scheduler.Promotion, "13/3/2026", "20:00", "16/3/2026", "08:00"}, // Friday evening
		{scheduler.Promotion, "9/2/2026", "20:30", "23/2/2026", "08:00"},  // before 23 tháng Chạp: after mùng 6
		{scheduler.Promotion, "25/4/2026", "09:00", "28/4/2026", "08:00"}, // Giỗ Tổ and its day off
		{scheduler.Promotion, "31/12/2025", "21:00", "2/1/2026", "08:00"},
		{scheduler.Promotion, "28/2/2028", "20:00", "29/2/2028", "08:00"},
		{scheduler.Service, "17/2/2026", "09:00", "17/2/2026", "09:00"},
		{scheduler.Service, "17/2/2026", "06:59", "17/2/2026", "07:00"},
		{scheduler.Service, "17/2/2026", "22:00", "18/2/2026", "07:00"},
		{scheduler.Service, "31/3/2026", "23:59", "1/4/2026", "07:00"},
		{scheduler.Urgent, "17/2/2026", "03:00", "17/2/2026", "03:00"},
	} {
		got := w.Next(tt.kind, on(t, tt.date, tt.at).UTC())
		if want := on(t, tt.want, tt.when); !got.Equal(want) {
			t.Errorf("%s at %s %s: %s, want %s", tt.kind, tt.date, tt.at, got.In(saigon(t)), want)
		}
	}
}

// TestNextIsTheFirstAllowedTime: it is allowed, not before t, the next of
// itself, and no minute between is allowed.
func TestNextIsTheFirstAllowedTime(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	from := on(t, "1/1/2024", "0:00").Unix()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]scheduler.PushKind{scheduler.Promotion, scheduler.Service, scheduler.Urgent}).Draw(t, "kind")
		at := time.Unix(from+rapid.Int64Range(0, 14*366*24*3600).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		next := w.Next(kind, at)
		if next.Before(at) || !w.Open(kind, next) || !w.Next(kind, next).Equal(next) {
			t.Fatalf("%s from %s: %s", kind, at, next)
		}
		for m := at.Truncate(time.Minute).Add(time.Minute); m.Before(next); m = m.Add(time.Minute) {
			if w.Open(kind, m) {
				t.Fatalf("%s from %s: %s was allowed before %s", kind, at, m, next)
			}
		}
	})
}

// TestOpenByPlainRules holds Open against the rules written out a second time,
// over every quarter of an hour of two years.
func TestOpenByPlainRules(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	for at := on(t, "1/1/2026", "0:00"); at.Year() < 2028; at = at.Add(15 * time.Minute) {
		lawful := at.Hour() >= 7 && at.Hour() < 22
		house := at.Hour() >= 8 && at.Hour() < 20 && w.Days.Kind(at) == scheduler.WorkingDay
		if w.Open(scheduler.Service, at) != lawful || w.Open(scheduler.Promotion, at) != house || !w.Open(scheduler.Urgent, at) {
			t.Fatalf("%s: service %v, promotion %v", at, w.Open(scheduler.Service, at), w.Open(scheduler.Promotion, at))
		}
	}
}

func TestNoTimeLeftIsSaid(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	w.Promotion = scheduler.Hours{From: 8 * 60, To: 8 * 60}
	if next := w.Next(scheduler.Promotion, on(t, "10/3/2026", "9:00")); !next.IsZero() {
		t.Error(next)
	}
}

func TestChangeOfAClassThatIsNearIsUrgent(t *testing.T) {
	starts := on(t, "10/12/2026", "8:00")
	for before, want := range map[time.Duration]scheduler.PushKind{13 * time.Hour: scheduler.Service, 12 * time.Hour: scheduler.Urgent, 0: scheduler.Urgent} {
		if got := scheduler.ChangeKind(starts, starts.Add(-before)); got != want {
			t.Errorf("%v before the class: %s", before, got)
		}
	}
}

// TestAPushMayLeaveUntilItsHoursEnd: from a moment at which a push may leave it may
// all the time until LeavesUntil, and not from then on.
func TestAPushMayLeaveUntilItsHoursEnd(t *testing.T) {
	gate := houseGate(t)
	rapid.Check(t, func(t *rapid.T) {
		push := scheduler.Push{Kind: rapid.SampledFrom([]scheduler.PushKind{scheduler.Promotion, scheduler.Service, scheduler.Urgent}).Draw(t, "kind"),
			Unhurried: rapid.Bool().Draw(t, "unhurried")}
		now := time.Unix(rapid.Int64Range(1.75e9, 1.95e9).Draw(t, "now"), 0)
		p := people()[0]
		leaves := func(at time.Time) bool { return gate.Moment(&push, &p, at).Outcome == scheduler.Send }
		for !leaves(now) {
			now = now.Add(time.Hour)
		}
		if rapid.Bool().Draw(t, "expires") {
			push.Expires = now.Add(time.Duration(rapid.Int64Range(1, 100_000).Draw(t, "after")) * time.Second)
		}
		until := gate.LeavesUntil(&push, now)
		if until.IsZero() {
			if push.Kind != scheduler.Urgent || push.Unhurried || !push.Expires.IsZero() {
				t.Fatalf("%+v may leave for ever", push)
			}
			return
		}
		at := now.Add(time.Duration(rapid.Int64Range(0, int64(until.Sub(now)/time.Second)-1).Draw(t, "then")) * time.Second)
		if !leaves(at) || leaves(until) {
			t.Fatalf("from %v on it leaves until %v, but at %v: %t, and then: %t", now, until, at, leaves(at), leaves(until))
		}
	})
}
