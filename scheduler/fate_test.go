package scheduler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

// TestFateOfAPush follows one tip: held over the night, sent in the morning, and
// given up by the network.
func TestFateOfAPush(t *testing.T) {
	night, morning := on(t, "10/3/2026", "21:00"), on(t, "11/3/2026", "8:00")
	put := scheduler.Fate{}.Decided(scheduler.Verdict{Outcome: scheduler.Postpone, Reason: scheduler.InQuietHours, Until: morning}, night)
	if want := (scheduler.Fate{State: scheduler.FatePostponed, At: night, Until: morning, Reason: scheduler.InQuietHours, Held: night}); put != want || put.Late() {
		t.Errorf("put off: %+v", put)
	}
	sent := put.Decided(scheduler.Verdict{}, morning)
	if want := (scheduler.Fate{State: scheduler.FateSent, At: morning, Reason: scheduler.InQuietHours, Held: night}); sent != want || !sent.Late() {
		t.Errorf("sent: %+v", sent)
	}
	if again := sent.Decided(scheduler.Verdict{Outcome: scheduler.Drop, Reason: scheduler.AlreadySent}, morning.Add(time.Hour)); again != sent {
		t.Errorf("asked once more: %+v", again)
	}
	failed := sent.Failed(scheduler.BlockedChannel, morning.Add(time.Minute))
	if failed.State != scheduler.FateFailed || failed.Reason != scheduler.BlockedChannel || failed.Late() {
		t.Errorf("failed: %+v", failed)
	}
	dropped := put.Decided(scheduler.Verdict{Outcome: scheduler.Drop, Reason: scheduler.OptedOut}, morning)
	if want := (scheduler.Fate{State: scheduler.FateDropped, At: morning, Reason: scheduler.OptedOut, Held: morning}); dropped != want {
		t.Errorf("dropped: %+v", dropped)
	}
	if plain := (scheduler.Fate{}).Decided(scheduler.Verdict{}, morning); plain.Late() || plain.Reason != "" {
		t.Errorf("sent at once: %+v", plain)
	}
}

func TestFateIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time {
			if s := rapid.Int64Range(0, 4e9).Draw(t, name); s != 0 {
				return time.Unix(s, 0).UTC()
			}
			return time.Time{}
		}
		f := scheduler.Fate{State: rapid.SampledFrom([]scheduler.FateState{scheduler.FateSent, scheduler.FatePostponed, scheduler.FateDropped, scheduler.FateFailed}).Draw(t, "state"),
			At: at("at"), Until: at("until"), Held: at("held"), Reason: rapid.SampledFrom(scheduler.Reasons()).Draw(t, "reason")}
		raw, err := f.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		var got scheduler.Fate
		if err := got.UnmarshalBinary(raw); err != nil || got != f {
			t.Fatalf("%+v became %+v, %v", f, got, err)
		}
	})
	var f scheduler.Fate
	for _, raw := range [][]byte{nil, {9}, {1}, {1, 4, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0, 0}} {
		if err := f.UnmarshalBinary(raw); err == nil {
			t.Errorf("%v was read as %+v", raw, f)
		}
	}
}
