package scheduler

import (
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"pgregory.net/rapid"
)

// TestLatestIsTheLastTimeUpToNow: it lies on the schedule, and nothing lies
// between it and now.
func TestLatestIsTheLastTimeUpToNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom([]string{"* * * * *", "30 3 * * *", "0 7 1 * *", "15 */6 * * 1-5", "0 0 29 2 *", "59 23 31 12 *"}).Draw(t, "spec")
		s, err := cron.ParseStandard(spec)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 4*366*24*3600).Draw(t, "seconds")) * time.Second)
		at := latest(s, now)
		if at.IsZero() || at.After(now) || !s.Next(at.Add(-time.Second)).Equal(at) || !s.Next(at).After(now) {
			t.Fatalf("%s at %s: %s", spec, now, at)
		}
	})
}

// TestAnyClockRunsEachTimeOnceAtTheMost moves the clock at random and holds that
// planned times only go forward, but after a clock that was days ahead.
func TestAnyClockRunsEachTimeOnceAtTheMost(t *testing.T) {
	s, err := cron.ParseStandard("30 3 * * *")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		last := now
		for range 50 {
			now = now.Add(time.Duration(rapid.IntRange(-50*60, 80*60).Draw(t, "minutes")) * time.Minute)
			within := time.Duration(rapid.IntRange(0, 30).Draw(t, "within")) * time.Hour
			what, planned := turnOf(s, last, now, within)
			switch what {
			case notYet:
				if next := s.Next(last); !next.After(now) {
					t.Fatalf("at %s the run of %s is due, the last was %s", now, next, last)
				}
				continue
			case wrongRun:
				if last.Sub(now) <= 24*time.Hour {
					t.Fatalf("at %s a last run of %s is forgotten", now, last)
				}
				last = now
				continue
			}
			if !planned.After(last) || planned.After(now) || (what == tooLate) != (within > 0 && now.Sub(planned) > within) {
				t.Fatalf("at %s, last %s, within %v: %d of %s", now, last, within, what, planned)
			}
			last = planned
		}
	})
}
