package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/scheduler"
)

var mute = slog.New(slog.DiscardHandler)

// table is due times in a slice, fired as a store would.
type table struct{ due, fired []time.Time }

func (t *table) fire(_ context.Context, now time.Time) (next time.Time, err error) {
	var later []time.Time
	for _, d := range t.due {
		if d.After(now) {
			later = append(later, d)
			if next.IsZero() || d.Before(next) {
				next = d
			}
			continue
		}
		t.fired = append(t.fired, now)
	}
	t.due = later
	return next, nil
}

func TestEachJobFiresAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		from := time.Now()
		waits := []time.Duration{-time.Hour, 0, 3 * time.Second, time.Minute, 26 * time.Hour}
		jobs := &table{}
		for _, w := range waits {
			jobs.due = append(jobs.due, from.Add(w))
		}
		r := scheduler.NewRunner(jobs.fire, mute)
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		time.Sleep(27 * time.Hour)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		want := []time.Duration{0, 0, 3 * time.Second, time.Minute, 26 * time.Hour}
		if len(jobs.fired) != len(want) {
			t.Fatalf("%d of %d fired", len(jobs.fired), len(want))
		}
		for i, at := range jobs.fired {
			if got := at.Sub(from); got != want[i] {
				t.Errorf("job %d fired after %v, want %v", i, got, want[i])
			}
		}
	})
}

func TestJobPlannedWhileAsleepFiresInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		jobs := &table{}
		r := scheduler.NewRunner(jobs.fire, mute)
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		synctest.Wait()
		from := time.Now()
		jobs.due = append(jobs.due, from.Add(5*time.Second))
		r.Wake()
		time.Sleep(10 * time.Second)
		stop()
		<-done
		if len(jobs.fired) != 1 || jobs.fired[0].Sub(from) != 5*time.Second {
			t.Errorf("fired %v", jobs.fired)
		}
	})
}

func TestFailureOfTheStoreIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		tries := 0
		r := scheduler.NewRunner(func(context.Context, time.Time) (time.Time, error) {
			if tries++; tries < 4 {
				return time.Time{}, errors.New("disk full")
			}
			return time.Time{}, nil
		}, mute)
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		time.Sleep(30 * time.Second)
		stop()
		<-done
		if tries != 4 {
			t.Errorf("tried %d times in half a minute, want 4", tries)
		}
	})
}

func FuzzJob(f *testing.F) {
	raw, err := scheduler.Job{Version: 7, Deadline: time.Unix(9, 0), Note: "1a"}.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var j, again scheduler.Job
		if j.UnmarshalBinary(raw) != nil {
			return
		}
		out, err := j.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(out) != nil || again != j {
			t.Errorf("%+v became %+v", j, again)
		}
	})
}
