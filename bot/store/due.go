package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/scheduler"
)

// The table is two buckets: due has one row for each kind and key, due_at the
// order in which they fall due. Claiming a job deletes only its row in due_at,
// where the jobs of a page stand side by side. Its row in due, which is anywhere
// among all others, stays behind: rewriting a page of the file for each of a
// million jobs would take several times as long as all the rest. So a job is
// planned as long as it has both rows; what stayed behind is overwritten when the
// same kind and key is planned again, and swept up by [Tx.PruneDue] otherwise.
// The sequence of due_at is the time of the latest job that was claimed: only up
// to there may rows stay behind.

// Plan puts j in the table of due things, in place of the job of its kind and
// key, with a new version.
func (t *Tx) Plan(j scheduler.Job) error {
	due, at := t.tx.Bucket(bDue), t.tx.Bucket(bDueAt)
	k := t.keep(func(b []byte) []byte { return appendDueKey(b, j.Kind, j.Key) })
	if v := due.Get(k); v != nil {
		if err := t.unlinkDue(at, k, v); err != nil {
			return fmt.Errorf("plan job: %w", err)
		}
	}
	version, err := due.NextSequence()
	if err != nil {
		return fmt.Errorf("plan job: %w", err)
	}
	j.Version = version
	v := t.keep(func(b []byte) []byte {
		b = binary.BigEndian.AppendUint64(b, uint64(j.At.UnixNano()))
		b, err = j.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	if err := due.Put(k, v); err != nil {
		return fmt.Errorf("plan job: %w", err)
	}
	return at.Put(t.dueAtKey(k, v), nil)
}

// Unplan takes the job of this kind and key out of the table.
func (t *Tx) Unplan(kind scheduler.Kind, key string) error {
	due := t.tx.Bucket(bDue)
	k := t.keep(func(b []byte) []byte { return appendDueKey(b, kind, key) })
	v := due.Get(k)
	if v == nil {
		return nil
	}
	if err := t.unlinkDue(t.tx.Bucket(bDueAt), k, v); err != nil {
		return fmt.Errorf("unplan job: %w", err)
	}
	return due.Delete(k)
}

// unlinkDue takes a row of due out of due_at; one that was claimed is not there.
func (t *Tx) unlinkDue(at *bolt.Bucket, k, v []byte) error {
	if _, err := readDue(k, v); err != nil {
		return err
	}
	return at.Delete(t.dueAtKey(k, v))
}

// Planned returns the job of this kind and key; false when there is none.
func (t *Tx) Planned(kind scheduler.Kind, key string) (scheduler.Job, bool, error) {
	k := appendDueKey(nil, kind, key)
	v := t.tx.Bucket(bDue).Get(k)
	if v == nil {
		return scheduler.Job{}, false, nil
	}
	j, err := readDue(k, v)
	if err != nil || t.claimed(k, v) {
		return scheduler.Job{}, false, err
	}
	return j, true, nil
}

// claimed says whether a row of due, which can be read, stayed behind.
func (t *Tx) claimed(k, v []byte) bool {
	key := append(append(make([]byte, 0, 128), v[:8]...), k...)
	found, _ := t.tx.Bucket(bDueAt).Cursor().Seek(key)
	return !bytes.Equal(found, key)
}

// Claim takes at most n jobs that are due at now out of the table and returns
// them, the earliest first. They are claimed once the transaction is committed;
// planning one of them anew meanwhile puts it back.
func (t *Tx) Claim(now time.Time, n int) ([]scheduler.Job, error) {
	due, at := t.tx.Bucket(bDue), t.tx.Bucket(bDueAt)
	var jobs []scheduler.Job
	var keys [][]byte
	cur := at.Cursor()
	for k, _ := cur.First(); k != nil && len(jobs) < n; k, _ = cur.Next() {
		if int64(binary.BigEndian.Uint64(k)) > now.UnixNano() {
			break
		}
		j, err := readDue(k[8:], due.Get(k[8:]))
		if err != nil {
			return nil, err
		}
		if jobs == nil {
			jobs, keys = make([]scheduler.Job, 0, n), make([][]byte, 0, n)
		}
		jobs, keys = append(jobs, j), append(keys, t.keep(func(b []byte) []byte { return append(b, k...) }))
	}
	for _, k := range keys { // not by the cursor, whose place is not certain after a deletion
		if err := at.Delete(k); err != nil {
			return nil, fmt.Errorf("claim job: %w", err)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	latest := max(at.Sequence(), binary.BigEndian.Uint64(keys[len(keys)-1]))
	return jobs, at.SetSequence(latest)
}

// PruneDue sweeps up what claimed jobs left behind, looking at limit rows from
// the key from on, and returns where to go on ("" at the end).
func (t *Tx) PruneDue(from string, limit int) (next string, err error) {
	latest := t.tx.Bucket(bDueAt).Sequence()
	return t.prune(t.tx.Bucket(bDue), from, limit, func(k, v []byte) bool {
		return len(v) >= 8 && binary.BigEndian.Uint64(v) <= latest && t.claimed(k, v)
	})
}

var plannedForKey = []byte("planned_for")

// PlannedFor returns what the table was last brought in line with as a whole; ""
// when it never was.
func (t *Tx) PlannedFor() string { return string(t.tx.Bucket(bMeta).Get(plannedForKey)) }

// PutPlannedFor keeps what the table is in line with as a whole.
func (t *Tx) PutPlannedFor(what string) error {
	return t.tx.Bucket(bMeta).Put(plannedForKey, t.key(what))
}

// NextDue returns when the next job falls due; the zero time when none is planned.
func (t *Tx) NextDue() time.Time {
	k, _ := t.tx.Bucket(bDueAt).Cursor().First()
	if len(k) < 8 {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(k)))
}

func appendDueKey(b []byte, kind scheduler.Kind, key string) []byte {
	return append(append(append(b, kind...), 0), key...)
}

// dueAtKey is the key in due_at of a row of due.
func (t *Tx) dueAtKey(k, v []byte) []byte {
	return t.keep(func(b []byte) []byte { return append(append(b, v[:8]...), k...) })
}

// readDue reads a row of due, which may be of a job that was claimed.
func readDue(k, v []byte) (scheduler.Job, error) {
	kind, key, ok := bytes.Cut(k, []byte{0})
	if !ok || len(v) < 8 {
		return scheduler.Job{}, fmt.Errorf("read job: it is in one of due and due_at only")
	}
	j := scheduler.Job{Kind: scheduler.Kind(kind), Key: string(key), At: time.Unix(0, int64(binary.BigEndian.Uint64(v))).UTC()}
	return j, j.UnmarshalBinary(v[8:])
}
