package store

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

// dueLife is the life of the table of due things beside a plain list of what is
// planned: whatever happens in whatever order, the two agree.
type dueLife struct {
	t       *rapid.T
	folder  string
	s       *Store
	now     time.Time
	planned map[string]scheduler.Job // by kind and key
	version uint64                   // of the latest plan
}

func TestDueTableIsAPlainList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		folder, err := os.MkdirTemp(t.TempDir(), "due")
		if err != nil {
			rt.Fatal(err)
		}
		l := &dueLife{t: rt, folder: folder, now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), planned: map[string]scheduler.Job{}}
		l.open()
		rt.Repeat(map[string]func(*rapid.T){
			"plan":   func(rt *rapid.T) { l.plan(l.job(rt)) },
			"unplan": func(rt *rapid.T) { l.unplan(l.job(rt)) },
			"claim":  func(rt *rapid.T) { l.claim(rapid.IntRange(1, 4).Draw(rt, "page")) },
			"sweep":  func(rt *rapid.T) { l.sweep(rapid.IntRange(1, 4).Draw(rt, "page")) },
			"wait": func(rt *rapid.T) {
				l.now = l.now.Add(time.Duration(rapid.IntRange(-2, 9).Draw(rt, "minutes")) * time.Minute)
			},
			"crash": func(*rapid.T) {
				if err := l.s.Close(); err != nil {
					rt.Fatal(err)
				}
				l.open()
			},
			"": func(*rapid.T) { l.check() },
		})
		l.sweep(1)
		if rows := l.rows(bDue); rows != len(l.planned) {
			rt.Fatalf("%d rows are kept of %d jobs", rows, len(l.planned))
		}
		if err := l.s.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}

func (l *dueLife) open() {
	s, err := Open(l.folder, slog.New(slog.DiscardHandler))
	if err != nil {
		l.t.Fatal(err)
	}
	l.s = s
}

func (l *dueLife) update(fn func(tx *Tx) error) {
	if err := l.s.Update(context.Background(), fn); err != nil {
		l.t.Fatal(err)
	}
}

// job draws a job, of few kinds and keys, so that they meet.
func (l *dueLife) job(rt *rapid.T) scheduler.Job {
	return scheduler.Job{Kind: rapid.SampledFrom([]scheduler.Kind{scheduler.Wake, scheduler.TipDue}).Draw(rt, "kind"),
		Key: rapid.SampledFrom([]string{"an", "an2", "binh"}).Draw(rt, "key"), Note: rapid.StringN(0, 3, -1).Draw(rt, "note"),
		At: l.now.Add(time.Duration(rapid.IntRange(-3, 9).Draw(rt, "minutes")) * time.Minute)}
}

func nameOf(j scheduler.Job) string { return string(j.Kind) + " " + j.Key }

func (l *dueLife) plan(j scheduler.Job) {
	l.update(func(tx *Tx) error {
		if err := tx.Plan(j); err != nil {
			return err
		}
		kept, _, err := tx.Planned(j.Kind, j.Key)
		if kept.Version <= l.version {
			l.t.Fatalf("%v has no newer version than %d", kept, l.version)
		}
		l.version, j.Version = kept.Version, kept.Version
		return err
	})
	l.planned[nameOf(j)] = j
}

func (l *dueLife) unplan(j scheduler.Job) {
	l.update(func(tx *Tx) error { return tx.Unplan(j.Kind, j.Key) })
	delete(l.planned, nameOf(j))
}

// claim claims a page: the earliest that are due, no other.
func (l *dueLife) claim(page int) {
	due := slices.SortedFunc(maps.Values(l.planned), func(a, b scheduler.Job) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	due = slices.DeleteFunc(due, func(j scheduler.Job) bool { return j.At.After(l.now) })
	due = due[:min(page, len(due))]
	l.update(func(tx *Tx) error {
		got, err := tx.Claim(l.now, page)
		if len(got) != len(due) {
			l.t.Fatalf("%d claimed, want %d", len(got), len(due))
		}
		for i, j := range got {
			if j != due[i] {
				l.t.Fatalf("%v is claimed where %v is next", j, due[i])
			}
			delete(l.planned, nameOf(j))
		}
		return err
	})
}

func (l *dueLife) sweep(page int) {
	for from, first := "", true; first || from != ""; first = false {
		l.update(func(tx *Tx) (err error) {
			from, err = tx.PruneDue(from, page)
			return err
		})
	}
}

func (l *dueLife) rows(bucket []byte) (n int) {
	l.update(func(tx *Tx) error {
		n = tx.tx.Bucket(bucket).Inspect().KeyN
		return nil
	})
	return n
}

func (l *dueLife) check() {
	_, problems, err := l.s.Check(context.Background())
	if err != nil || len(problems) > 0 {
		l.t.Fatalf("%v, %v", problems, err)
	}
	err = l.s.View(context.Background(), func(tx *Tx) error {
		var next time.Time
		for _, kind := range []scheduler.Kind{scheduler.Wake, scheduler.TipDue} {
			for _, key := range []string{"an", "an2", "binh"} {
				j, ok, err := tx.Planned(kind, key)
				want, planned := l.planned[nameOf(scheduler.Job{Kind: kind, Key: key})]
				if err != nil || ok != planned || ok && j != want {
					l.t.Fatalf("planned is %v, %t, %v, want %v", j, ok, err, want)
				}
				if planned && (next.IsZero() || want.At.Before(next)) {
					next = want.At
				}
			}
		}
		if !tx.NextDue().Equal(next) {
			l.t.Fatalf("next is %s, want %s", tx.NextDue(), next)
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// TestCheckFindsAJobThatWouldNeverFire loses the row that says when: what was
// claimed may lack it, what was not may not.
func TestCheckFindsAJobThatWouldNeverFire(t *testing.T) {
	s, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	err = s.Update(context.Background(), func(tx *Tx) error {
		for i := range 3 {
			j := scheduler.Job{Kind: scheduler.Wake, Key: fmt.Sprint(i), At: noon.Add(time.Duration(i) * time.Hour)}
			if err := tx.Plan(j); err != nil {
				return err
			}
		}
		_, err := tx.Claim(noon.Add(time.Hour), 9)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := s.Check(context.Background()); err != nil || len(problems) > 0 {
		t.Errorf("after the claim: %v, %v", problems, err)
	}
	err = s.Update(context.Background(), func(tx *Tx) error {
		k, _ := tx.tx.Bucket(bDueAt).Cursor().First()
		return tx.tx.Bucket(bDueAt).Delete(append([]byte(nil), k...))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := s.Check(context.Background()); err != nil || len(problems) != 1 {
		t.Errorf("after the loss: %v, %v", problems, err)
	}
}

// TestWhatWroteNothingIsNotCommitted looks at every way of writing: whoever
// wrote finds it again, and only they cost a commit.
func TestWhatWroteNothingIsNotCommitted(t *testing.T) {
	s, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	kept := []byte("kept")
	for _, step := range []struct {
		name  string
		do    func(tx *Tx) error
		wrote bool
	}{
		{"nothing", func(*Tx) error { return nil }, false},
		{"a row put", func(tx *Tx) error { return tx.tx.Bucket(bNotes).Put(kept, nil) }, true},
		{"a row read", func(tx *Tx) error { _, err := tx.PruneDue("", 10); return err }, false},
		{"a row deleted that is not there", func(tx *Tx) error { return tx.tx.Bucket(bNotes).Delete([]byte("other")) }, false},
		{"a row deleted", func(tx *Tx) error { return tx.tx.Bucket(bNotes).Delete(kept) }, true},
		{"a number drawn", func(tx *Tx) error { _, err := tx.tx.Bucket(bNotes).NextSequence(); return err }, true},
		{"a number set", func(tx *Tx) error { return tx.tx.Bucket(bNotes).SetSequence(7) }, true},
		{"a bucket made", func(tx *Tx) error { _, err := tx.tx.CreateBucket(kept); return err }, true},
		{"a bucket dropped", func(tx *Tx) error { return tx.tx.DeleteBucket(kept) }, true},
	} {
		before := s.Commits()
		if err := s.Update(context.Background(), step.do); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if wrote := s.Commits() > before; wrote != step.wrote {
			t.Errorf("%s: a commit %t, want %t", step.name, wrote, step.wrote)
		}
	}
	err = s.View(context.Background(), func(tx *Tx) error {
		if n := tx.tx.Bucket(bNotes).Sequence(); n != 7 {
			t.Errorf("the number is %d, want 7", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
