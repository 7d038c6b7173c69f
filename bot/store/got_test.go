package store

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

func TestWhatWasSentIsForgottenWithThePerson(t *testing.T) {
	s, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Unix(1_800_000_000, 0)
	err = s.Update(t.Context(), func(tx *Tx) error {
		for _, id := range []string{"an", "ann"} {
			if err := tx.PutContact(&dialogs.Contact{ID: id, Created: now}); err != nil {
				return err
			}
			if err := tx.PutGot(id, "tip/t01", now); err != nil {
				return err
			}
		}
		if err := tx.PutGot("", "leaflet/2027/wood", now); err != nil {
			return err
		}
		return tx.Forget("an", now)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *Tx) error {
		for who, want := range map[string]int{"an": 0, "ann": 1, "": 1} {
			if keys, err := tx.Got(who); err != nil || len(keys) != want {
				t.Errorf("%q had %q, %v; want %d", who, keys, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRunsAreKeptAndTheOldestDropped(t *testing.T) {
	s, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	from := time.Unix(1_800_000_000, 0)
	for i := range runsKept + 5 {
		r := scheduler.Run{Name: "a", Planned: from.AddDate(0, 0, i), Started: from, Did: fmt.Sprint(i)}
		if i == runsKept+4 {
			r.Planned = time.Time{} // by hand
		}
		if err := s.RecordRun(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.RecordRun(t.Context(), scheduler.Run{Name: "ab", Planned: from}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Runs(t.Context(), "a")
	if err != nil || len(list) != runsKept || list[0].Did != "104" || list[runsKept-1].Did != "5" {
		t.Errorf("%d runs kept, %v", len(list), err)
	}
	if last, ok, err := s.LastRun(t.Context(), "a"); err != nil || !ok || last.Did != "103" {
		t.Errorf("the last planned run is %+v, %v, %v", last, ok, err)
	}
	begun := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for _, now := range []time.Time{begun, begun.AddDate(0, 0, 1)} {
		if since, err := s.Since(t.Context(), "b", now); err != nil || !since.Equal(begun) {
			t.Errorf("asked at %v, it is there since %v, %v", now, since, err)
		}
	}
	if last, ok, err := s.LastRun(t.Context(), "b"); err != nil || ok {
		t.Errorf("a run of nothing: %+v, %v", last, err)
	}
}
