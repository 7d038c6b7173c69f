package scheduler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

// network takes so many messages a second, refuses the rest, and makes whoever
// went too far wait.
type network struct {
	takes int
	wait  time.Duration
	until time.Time
	rude  bool // it was written to while it wanted to be left alone
	// What happened since learnt, when the pace had its time to learn.
	learnt          time.Time
	taken           int
	waited, watched time.Duration
}

// second plays one second of sending at the pace a.
func (n *network) second(a *scheduler.Adaptive, now time.Time) int {
	rate := a.Rate(now)
	n.rude = n.rude || rate > 0 && now.Before(n.until)
	count := !now.Before(n.learnt)
	if rate > 0 {
		a.Took(now)
	}
	if rate > n.takes {
		n.until = now.Add(n.wait)
		a.Refused(now, n.wait)
		a.Refused(now, n.wait) // what was under way is refused too
	}
	if count {
		n.taken += min(rate, n.takes)
		n.watched += time.Second
		if now.Before(n.until) {
			n.waited += time.Second
		}
	}
	return rate
}

// TestAdaptiveFindsTheRate: whatever the network takes and however long it
// sulks, the pace obeys, stays within the limit, waits a tenth of the time at
// the most and uses most of what there is.
func TestAdaptiveFindsTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		start := time.Unix(1_780_000_000, 0)
		n := &network{takes: rapid.IntRange(1, 60).Draw(t, "takes"), learnt: start.Add(6 * time.Hour),
			wait: rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Second, time.Minute, 2282 * time.Second}).Draw(t, "wait")}
		a := scheduler.NewAdaptive(limit)
		for s := range 60 * 3600 {
			if rate := n.second(a, start.Add(time.Duration(s)*time.Second)); rate > limit || rate < 0 {
				t.Fatalf("a rate of %d", rate)
			}
		}
		possible := min(limit, n.takes) * int((n.watched-n.waited)/time.Second)
		if n.rude || n.waited*10 > n.watched || n.taken*10 < possible*9 {
			t.Fatalf("rude %v, waited %v of %v, %d taken of %d possible", n.rude, n.waited, n.watched, n.taken, possible)
		}
	})
}

// TestAdaptiveRecovers: a network that was strict for a while is used again as
// it can be, after an hour's wait within two days.
func TestAdaptiveRecovers(t *testing.T) {
	start := time.Unix(1_780_000_000, 0)
	for wait, within := range map[time.Duration]time.Duration{5 * time.Second: 4 * time.Hour, 2282 * time.Second: 48 * time.Hour} {
		n := &network{takes: 8, wait: wait}
		a := scheduler.NewAdaptive(28)
		now := start
		for range 12 * 3600 {
			now = now.Add(time.Second)
			n.second(a, now)
		}
		n.takes = 100
		back := now
		for n.second(a, now) < 28 {
			if now = now.Add(time.Second); now.Sub(back) > within {
				t.Fatalf("wait %v: a rate of %d after %v", wait, a.Rate(now), now.Sub(back))
			}
		}
		t.Logf("after waits of %v it is back at 28 in %v", wait, now.Sub(back))
	}
}

func TestAdaptiveStartsBelowAndGrowsSlowly(t *testing.T) {
	start := time.Unix(1_780_000_000, 0)
	a := scheduler.NewAdaptive(60)
	if a.Rate(start) != 57 {
		t.Error(a.Rate(start))
	}
	for range 100 {
		a.Took(start)
	}
	if a.Rate(start) != 58 {
		t.Errorf("a hundred in a second made it %d", a.Rate(start))
	}
	for s := range 30 {
		a.Took(start.Add(time.Duration(s) * time.Second))
	}
	if a.Rate(start) != 60 {
		t.Error(a.Rate(start))
	}
}

// TestAdaptiveObeysAnHour, and halves once for all refusals of one rush.
func TestAdaptiveObeysAnHour(t *testing.T) {
	start := time.Unix(1_780_000_000, 0)
	a := scheduler.NewAdaptive(20)
	for range 4 {
		a.Refused(start, 2282*time.Second)
	}
	a.Refused(start, 0)
	for s, want := range map[int]int{0: 0, 2281: 0, 2282: 9} {
		if got := a.Rate(start.Add(time.Duration(s) * time.Second)); got != want {
			t.Errorf("after %d s a rate of %d, want %d", s, got, want)
		}
	}
}

// TestAdaptiveSurvivesAClockSetBack: it waits as long as it was told, not longer.
func TestAdaptiveSurvivesAClockSetBack(t *testing.T) {
	now := time.Unix(1_780_000_000, 0)
	a := scheduler.NewAdaptive(20)
	a.Refused(now, time.Minute)
	now = now.Add(-365 * 24 * time.Hour)
	if a.Rate(now) != 0 || a.Rate(now.Add(time.Minute)) != 9 {
		t.Error(a.Rate(now), a.Rate(now.Add(time.Minute)))
	}
	for s := range 60 {
		a.Took(now.Add(time.Minute + time.Duration(s)*time.Second))
	}
	if got := a.Rate(now.Add(2 * time.Minute)); got != 18 {
		t.Errorf("a rate of %d", got)
	}
}

// TestAdaptiveForgivesABadMinute: a network that takes nothing for a minute, which
// says nothing of how much it takes otherwise, is used as before within the hour.
func TestAdaptiveForgivesABadMinute(t *testing.T) {
	now := time.Unix(1_780_000_000, 0)
	n := &network{takes: 28, wait: 5 * time.Second}
	a := scheduler.NewAdaptive(28)
	play := func(seconds int) {
		for range seconds {
			now = now.Add(time.Second)
			n.second(a, now)
		}
	}
	play(60)
	n.takes = 0
	play(60)
	n.takes = 28
	n.taken = 0
	play(3600)
	if got := a.Rate(now); got != 28 || n.taken < 3600*28/3 {
		t.Errorf("an hour later the rate is %d, and %d of %d were taken", got, n.taken, 3600*28)
	}
}
