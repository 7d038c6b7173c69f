package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"sachhon/scheduler"
)

var _ scheduler.Runs = (*Store)(nil)

// runsKept is how many records of a schedule are kept: those of three months of
// nights.
const runsKept = 100

// RecordRun keeps the record of a run and drops those of the same name that are
// older than the last hundred.
func (s *Store) RecordRun(ctx context.Context, r scheduler.Run) error {
	return s.Update(ctx, func(tx *Tx) error {
		b := tx.tx.Bucket(bRuns)
		n, err := b.NextSequence()
		if err != nil {
			return fmt.Errorf("record run: %w", err)
		}
		raw, err := r.AppendBinary(nil)
		if err != nil {
			return err
		}
		if err := b.Put(binary.BigEndian.AppendUint64(runsOf(r.Name), n), raw); err != nil {
			return fmt.Errorf("record run: %w", err)
		}
		var old [][]byte
		tx.eachRun(r.Name, func(k, _ []byte) bool {
			old = append(old, bytes.Clone(k))
			return true
		})
		for _, k := range old[min(runsKept, len(old)):] {
			if err := b.Delete(k); err != nil {
				return fmt.Errorf("record run: %w", err)
			}
		}
		return nil
	})
}

// LastRun returns the record of this name that was kept last, among those with
// a planned time; false when there is none.
func (s *Store) LastRun(ctx context.Context, name string) (last scheduler.Run, ok bool, err error) {
	runs, err := s.Runs(ctx, name)
	for _, r := range runs {
		if !r.Planned.IsZero() {
			return r, true, err
		}
	}
	return last, false, err
}

// beginning is under which name the first start of a schedule is kept, as a
// record that no list shows.
func beginning(name string) string { return "begun/" + name }

// Since returns when a schedule was first asked about, which is kept.
func (s *Store) Since(ctx context.Context, name string, now time.Time) (time.Time, error) {
	first, ok, err := s.LastRun(ctx, beginning(name))
	if err != nil || ok {
		return first.Planned, err
	}
	return now, s.RecordRun(ctx, scheduler.Run{Name: beginning(name), Planned: now})
}

// Runs returns the records of a schedule, the latest first.
func (s *Store) Runs(ctx context.Context, name string) (list []scheduler.Run, err error) {
	err = s.View(ctx, func(tx *Tx) (err error) {
		tx.eachRun(name, func(_, v []byte) bool {
			var r scheduler.Run
			if err = r.UnmarshalBinary(v); err == nil {
				list = append(list, r)
			}
			return err == nil
		})
		return err
	})
	return list, err
}

func runsOf(name string) []byte { return append([]byte(name), 0) }

// eachRun calls fn for the records of a schedule, the latest first, until it
// returns false.
func (t *Tx) eachRun(name string, fn func(k, v []byte) bool) {
	prefix := runsOf(name)
	cur := t.tx.Bucket(bRuns).Cursor()
	step := cur.Prev
	if k, _ := cur.Seek(append([]byte(name), 1)); k == nil { // the first row after those of name
		step = cur.Last
	}
	for k, v := step(); bytes.HasPrefix(k, prefix); k, v = cur.Prev() {
		if !fn(k, v) {
			return
		}
	}
}

// runs checks that every record can be read.
func (c *checker) runs() {
	c.each(bRuns, func(k, v []byte) {
		var r scheduler.Run
		name, _, _ := bytes.Cut(k, []byte{0})
		if err := r.UnmarshalBinary(v); err != nil || r.Name != string(name) {
			c.problem("runs: a record cannot be read")
		}
	})
}
