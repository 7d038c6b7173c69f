package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/scheduler"
)

// kept is records in a slice, stored and read as a store would.
type kept struct {
	mu   sync.Mutex
	rows [][]byte
	err  error
	// since is when each schedule was first asked about.
	since map[string]time.Time
}

func (k *kept) RecordRun(_ context.Context, r scheduler.Run) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	raw, err := r.AppendBinary(nil)
	k.rows = append(k.rows, raw)
	return errors.Join(err, k.err)
}

func (k *kept) LastRun(_ context.Context, name string) (scheduler.Run, bool, error) {
	for _, r := range slices.Backward(k.all()) {
		if r.Name == name && !r.Planned.IsZero() {
			return r, true, k.err
		}
	}
	return scheduler.Run{}, false, k.err
}

func (k *kept) Since(_ context.Context, name string, now time.Time) (time.Time, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.since == nil {
		k.since = map[string]time.Time{}
	}
	if k.since[name].IsZero() {
		k.since[name] = now
	}
	return k.since[name], k.err
}

func (k *kept) all() (list []scheduler.Run) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, raw := range k.rows {
		var r scheduler.Run
		if err := r.UnmarshalBinary(raw); err != nil {
			panic(err)
		}
		list = append(list, r)
	}
	return list
}

// house runs a calendar with one nightly schedule for so long.
func house(t *testing.T, runs *kept, within, lasts time.Duration, work scheduler.Work) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	c := scheduler.NewCalendar(time.UTC, mute, runs)
	if err := c.Add("nightly", "30 3 * * *", within, work); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	time.Sleep(lasts)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func quick(context.Context) (string, error) { return "nothing", nil }

// count is how many records fit.
func count(list []scheduler.Run, fits func(r scheduler.Run) bool) (n int) {
	for _, r := range list {
		if fits(r) {
			n++
		}
	}
	return n
}

func TestCalendarRunsAtItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs kept
		from := time.Now()
		house(t, &runs, 0, 10*24*time.Hour, quick)
		list := runs.all()
		if len(list) != 10 {
			t.Fatalf("%d runs in ten days", len(list))
		}
		for i, r := range list {
			want := from.Add(time.Duration(i)*24*time.Hour + 3*time.Hour + 30*time.Minute)
			if !r.Planned.Equal(want) || !r.Started.Equal(want) || r.Did != "nothing" || r.Late || r.Missed() {
				t.Errorf("%+v, want %s", r, want)
			}
		}
	})
}

func TestTimesAreThoseOfTheZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		zone := saigon(t)
		ctx, stop := context.WithCancel(t.Context())
		var runs kept
		c := scheduler.NewCalendar(zone, mute, &runs)
		if err := c.Add("nightly", "30 3 * * *", 0, quick); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		time.Sleep(24 * time.Hour)
		stop()
		<-done
		if list := runs.all(); len(list) != 1 || list[0].Planned.In(zone).Format("15:04") != "03:30" {
			t.Errorf("%+v", list)
		}
	})
}

// TestMissedRunsAreCaughtUpOnce: three nights of being switched off are one run.
func TestMissedRunsAreCaughtUpOnce(t *testing.T) {
	for _, tt := range []struct {
		within       time.Duration
		late, missed int
	}{{0, 1, 0}, {12 * time.Hour, 1, 0}, {time.Hour, 0, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var runs kept
			house(t, &runs, tt.within, 24*time.Hour, quick)
			time.Sleep(3*24*time.Hour + 8*time.Hour) // until 8:00
			house(t, &runs, tt.within, 3*time.Hour, quick)
			list := runs.all()
			late := count(list, func(r scheduler.Run) bool { return r.Late && !r.Missed() })
			missed := count(list, scheduler.Run.Missed)
			if len(list) != 2 || late != tt.late || missed != tt.missed {
				t.Errorf("within %v: %+v", tt.within, list)
			}
		})
	}
}

// TestNothingFromBeforeTheFirstStart: a schedule that never ran begins now.
func TestNothingFromBeforeTheFirstStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs kept
		time.Sleep(5 * time.Hour)
		house(t, &runs, 0, 20*time.Hour, quick)
		if list := runs.all(); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

// TestOffEveryNight: a machine that is switched off every night from the first
// day on does the night's work in the morning.
func TestOffEveryNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs kept
		time.Sleep(8 * time.Hour)
		for range 3 {
			house(t, &runs, 0, 9*time.Hour, quick) // 8:00 to 17:00
			time.Sleep(15 * time.Hour)
		}
		list := runs.all()
		if late := count(list, func(r scheduler.Run) bool { return r.Late && !r.Missed() }); len(list) != 2 || late != 2 {
			t.Errorf("%+v", list)
		}
	})
}

// TestClockThatWasWrong: records of a clock that ran ahead by minutes hold, those
// of one that was years ahead do not.
func TestClockThatWasWrong(t *testing.T) {
	for ahead, want := range map[time.Duration]int{time.Hour: 9, 20 * 365 * 24 * time.Hour: 10} {
		synctest.Test(t, func(t *testing.T) {
			var runs kept
			first := time.Now().Add(3*time.Hour + 30*time.Minute)
			if err := runs.RecordRun(t.Context(), scheduler.Run{Name: "nightly", Planned: first.Add(ahead), Started: first}); err != nil {
				t.Fatal(err)
			}
			house(t, &runs, 0, 10*24*time.Hour, quick)
			if got := len(runs.all()) - 1; got != want {
				t.Errorf("clock %v ahead: %d runs in ten days, want %d", ahead, got, want)
			}
		})
	}
}

func TestRunThatTakesLongIsNotStartedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs kept
		house(t, &runs, 0, 4*24*time.Hour, func(context.Context) (string, error) {
			time.Sleep(30 * time.Hour)
			return "", errors.New("disk full: " + strings.Repeat("đ", 300))
		})
		list := runs.all()
		failed := count(list, func(r scheduler.Run) bool {
			return strings.HasPrefix(r.Err, "disk full: đ") && len(r.Err) < 310 && r.Took == 30*time.Hour
		})
		if len(list) != 4 || failed != 2 || count(list, scheduler.Run.Missed) != 2 {
			t.Errorf("%+v", list)
		}
	})
}

func TestRunNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs kept
		c := scheduler.NewCalendar(time.UTC, mute, &runs)
		if err := c.Add("nightly", "30 3 * * *", 0, func(context.Context) (string, error) {
			time.Sleep(time.Hour)
			return "tidied", nil
		}); err != nil {
			t.Fatal(err)
		}
		started := time.Now()
		go func() {
			time.Sleep(time.Minute)
			if _, err := c.RunNow(t.Context(), "nightly"); !errors.Is(err, scheduler.ErrRunning) {
				t.Error(err)
			}
		}()
		r, err := c.RunNow(t.Context(), "nightly")
		if err != nil || r.Did != "tidied" || r.Took != time.Hour || !r.Started.Equal(started) || !r.Planned.IsZero() {
			t.Errorf("%+v %v", r, err)
		}
		if _, err := c.RunNow(t.Context(), "weekly"); !errors.Is(err, scheduler.ErrNoSchedule) {
			t.Error(err)
		}
		if list := runs.all(); len(list) != 1 {
			t.Errorf("%+v", list)
		}
	})
}

func TestRecordsThatCannotBeReadStopTheStart(t *testing.T) {
	c := scheduler.NewCalendar(time.UTC, mute, &kept{err: errors.New("disk full")})
	if err := c.Add("nightly", "30 3 * * *", 0, quick); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "last run of nightly: disk full") {
		t.Error(err)
	}
}

func TestScheduleThatCannotBeReadIsRefused(t *testing.T) {
	for _, spec := range []string{"every full moon", "@every 1h", "61 * * * *", ""} {
		if err := scheduler.NewCalendar(time.UTC, mute, nil).Add("never", spec, 0, quick); err == nil {
			t.Errorf("%q was taken", spec)
		}
	}
}

func FuzzRun(f *testing.F) {
	raw, err := scheduler.Run{Name: "nightly", Planned: time.Unix(1, 0), Started: time.Unix(2, 0), Took: time.Second, Did: "x", Late: true}.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("\x01\x070000000\x30\x30\xe5\xe5\xe5\xe5\xe5\xe5\x89\x30\x010\x00\x01")) // took longer than can be told
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r, again scheduler.Run
		if r.UnmarshalBinary(raw) != nil {
			return
		}
		out, err := r.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(out) != nil || again != r {
			t.Errorf("%+v became %+v", r, again)
		}
	})
}
