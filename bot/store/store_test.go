package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/outbox/outboxtest"
	"sachhon/bot/programme"
	"sachhon/bot/programme/programmetest"
	"sachhon/bot/store"
	"sachhon/bot/store/storetest"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	mute = slog.New(slog.DiscardHandler)
)

func update(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.View(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func TestSecondProcessGetsAPlainSentence(t *testing.T) {
	folder := t.TempDir()
	s, err := store.Open(folder, mute)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := store.Open(folder, mute); !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second opening gave %v", err)
	}
}

func TestFileThatIsNoStore(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, store.FileName), []byte("not a store, but long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(folder, mute); err == nil {
		t.Error("it was opened")
	}
}

func TestTranscriptIsReadFromBothEnds(t *testing.T) {
	s := storetest.Open(t)
	var seqs []uint64
	update(t, s, func(tx *store.Tx) error {
		for i := range 10 {
			for _, at := range []string{"web:a", "web:ab", "web:b"} {
				e := channel.Entry{At: noon, From: channel.FromBot, Message: dialogs.Message{Text: fmt.Sprintf("%s %d", at, i)}}
				if err := tx.Append(at, &e); err != nil {
					return err
				}
				if at == "web:a" {
					seqs = append(seqs, e.Seq)
				}
			}
		}
		return nil
	})
	view(t, s, func(tx *store.Tx) error {
		last, err := tx.Transcript("web:a", 0, 3)
		if err != nil || len(last) != 3 || last[2].Message.Text != "web:a 9" || last[0].Message.Text != "web:a 7" {
			t.Errorf("the end is %v, %v", last, err)
		}
		rest, err := tx.Transcript("web:a", seqs[6], 100)
		if err != nil || len(rest) != 3 || rest[0].Seq != seqs[7] {
			t.Errorf("after the seventh come %v, %v", rest, err)
		}
		if none, err := tx.Transcript("web:c", 0, 3); err != nil || len(none) != 0 {
			t.Errorf("somebody unknown said %v, %v", none, err)
		}
		return nil
	})
}

func TestPlannedAnewFiresOnceAtTheNewTime(t *testing.T) {
	s := storetest.Open(t)
	job := scheduler.Job{Kind: scheduler.Reminder, Key: "7F3K-001/-1d", At: noon}
	update(t, s, func(tx *store.Tx) error {
		if err := tx.Plan(job); err != nil {
			return err
		}
		job.At = noon.Add(time.Hour)
		return tx.Plan(job)
	})
	update(t, s, func(tx *store.Tx) error {
		if next := tx.NextDue(); !next.Equal(noon.Add(time.Hour)) {
			t.Errorf("next is %v", next)
		}
		if due, err := tx.Claim(noon, 10); err != nil || len(due) != 0 {
			t.Errorf("at noon %v is due, %v", due, err)
		}
		if due, err := tx.Claim(noon.Add(time.Hour), 10); err != nil || len(due) != 1 {
			t.Errorf("an hour later %v is due, %v", due, err)
		}
		return nil
	})
	view(t, s, func(tx *store.Tx) error {
		if !tx.NextDue().IsZero() {
			t.Error("something is still planned")
		}
		return nil
	})
}

func TestDueJobsAreClaimedInOrderAndOnce(t *testing.T) {
	s := storetest.Open(t)
	update(t, s, func(tx *store.Tx) error {
		for i := range 50 { // planned from the last to the first
			j := scheduler.Job{Kind: scheduler.Wake, Key: fmt.Sprint(i), At: noon.Add(-time.Duration(i) * time.Second)}
			if err := tx.Plan(j); err != nil {
				return err
			}
		}
		return tx.Plan(scheduler.Job{Kind: scheduler.Wake, Key: "later", At: noon.Add(time.Second)})
	})
	want := 49
	for _, n := range []int{7, 30, 20, 20} {
		update(t, s, func(tx *store.Tx) error {
			jobs, err := tx.Claim(noon, n)
			for _, j := range jobs {
				if j.Key != fmt.Sprint(want) {
					t.Errorf("%s is claimed where %d is next", j.Key, want)
				}
				want--
			}
			return err
		})
	}
	if want != -1 {
		t.Errorf("%d jobs were never claimed", want+1)
	}
	update(t, s, func(tx *store.Tx) error {
		if err := tx.Unplan(scheduler.Wake, "later"); err != nil || !tx.NextDue().IsZero() {
			t.Errorf("something is still planned, %v", err)
		}
		return nil
	})
}

func TestUpdatesAreRememberedForTwoDays(t *testing.T) {
	s := storetest.Open(t)
	see := func(now time.Time) (seen bool) {
		update(t, s, func(tx *store.Tx) (err error) {
			seen, err = tx.Seen("telegram", "4711", now)
			return err
		})
		return seen
	}
	if see(noon) || !see(noon.Add(time.Hour)) {
		t.Error("the second time was not the second")
	}
	prune := func(now time.Time) {
		update(t, s, func(tx *store.Tx) error {
			next, err := tx.PruneSeen(now, "", 100)
			if next != "" {
				t.Errorf("it goes on at %q", next)
			}
			return err
		})
	}
	prune(noon.Add(47 * time.Hour))
	if !see(noon.Add(48 * time.Hour)) {
		t.Error("after 47 hours it was forgotten")
	}
	prune(noon.Add(49 * time.Hour))
	if see(noon.Add(50 * time.Hour)) {
		t.Error("after 49 hours it was remembered")
	}
}

// TestForgottenStaysForgotten deletes a contact and then brings an old copy of
// the file back, as a restored backup would.
func TestForgottenStaysForgotten(t *testing.T) {
	folder := t.TempDir()
	s, err := store.Open(folder, mute)
	if err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx *store.Tx) error {
		for _, id := range []string{"an", "binh"} {
			c := dialogs.Contact{ID: id, Addresses: []string{"web:" + id}, Created: noon}
			c.Learn("name", dialogs.TextOf("Nguyễn Thị Hòa"))
			e := channel.Entry{At: noon, Message: dialogs.Message{Text: "bí mật"}}
			if err := errors.Join(tx.PutContact(&c), tx.PutAddress("web:"+id, id, false), tx.PutSession(id, &dialogs.Session{}), tx.Append("web:"+id, &e)); err != nil {
				return err
			}
		}
		return nil
	})
	path := filepath.Join(folder, store.FileName)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(folder, mute); err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx *store.Tx) error { return tx.Forget("an", noon) })
	gone := func() {
		t.Helper()
		storetest.Check(t, s)
		view(t, s, func(tx *store.Tx) error {
			if _, ok, _ := tx.Contact("an"); ok {
				t.Error("the contact is there")
			}
			if said, _ := tx.Transcript("web:an", 0, 10); len(said) != 0 {
				t.Error("the conversation is there")
			}
			if _, ok, _ := tx.Contact("binh"); !ok {
				t.Error("somebody else is gone")
			}
			if _, ok := tx.Forgotten("an"); !ok {
				t.Error("there is no tombstone")
			}
			return nil
		})
	}
	gone()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(folder, mute); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	gone()
}

func TestTriedIsUndone(t *testing.T) {
	s := storetest.Open(t)
	err := s.Try(ctx, func(tx *store.Tx) error { return tx.PutAddress("web:x", "x", false) })
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *store.Tx) error {
		if _, _, ok, _ := tx.Address("web:x"); ok {
			t.Error("it was kept")
		}
		return nil
	})
}

// TestCheckFindsWhatDoesNotFit damages a store in several ways, each found.
func TestCheckFindsWhatDoesNotFit(t *testing.T) {
	damages := map[string]func(tx *store.Tx) error{
		"an address without its contact": func(tx *store.Tx) error { return tx.PutAddress("web:x", "x", false) },
		"a session without its contact":  func(tx *store.Tx) error { return tx.PutSession("x", &dialogs.Session{}) },
		"a contact without its address": func(tx *store.Tx) error {
			return tx.PutContact(&dialogs.Contact{ID: "x", Addresses: []string{"web:x"}})
		},
	}
	for what, damage := range damages {
		t.Run(what, func(t *testing.T) {
			s, err := store.Open(t.TempDir(), mute)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			update(t, s, damage)
			if _, problems, err := s.Check(ctx); err != nil || len(problems) == 0 {
				t.Errorf("nothing was found: %v", err)
			}
		})
	}
}

func TestProgrammeRecords(t *testing.T) {
	programmetest.Records(t, func(t *testing.T, fn func(programme.Records)) {
		s, err := store.Open(t.TempDir(), mute)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		update(t, s, func(tx *store.Tx) error {
			fn(tx)
			return nil
		})
	})
}

func TestOutboxQueue(t *testing.T) {
	outboxtest.Queue(t, func(t *testing.T) outboxtest.Opener {
		folder := t.TempDir()
		var open *store.Store
		t.Cleanup(func() {
			storetest.Check(t, open)
			if err := open.Close(); err != nil {
				t.Error(err)
			}
		})
		return func() outboxtest.Store {
			if open != nil { // a second process could not open it: the one before is gone
				if err := open.Close(); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if open, err = store.Open(folder, mute); err != nil {
				t.Fatal(err)
			}
			return queue{open.Outbox()}
		}
	})
}

// queue is the store as the outbox's suite sees it.
type queue struct{ store.Outbox }

func (q queue) Enqueue(ctx context.Context, rows ...outbox.Row) error {
	return q.Update(ctx, func(tx *store.Tx) error {
		for _, r := range rows {
			at := r.Address.String() // people who are written to are known
			c := dialogs.Contact{ID: "of " + at, Addresses: []string{at}}
			if err := errors.Join(tx.PutContact(&c), tx.PutAddress(at, c.ID, false)); err != nil {
				return err
			}
			if err := tx.Enqueue(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (q queue) Forget(ctx context.Context, a channel.Address) error {
	return q.Update(ctx, func(tx *store.Tx) error {
		return tx.Forget("of "+a.String(), noon)
	})
}

func (q queue) IsShut(ctx context.Context, a channel.Address) (shut bool, err error) {
	err = q.View(ctx, func(tx *store.Tx) error {
		_, shut, _, err = tx.Address(a.String())
		return err
	})
	return shut, err
}
