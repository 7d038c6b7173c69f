package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"sachhon/scheduler"
)

// Plan puts j in the table of due things, in place of the job of its kind and
// key, with a new version.
func (t *Tx) Plan(j scheduler.Job) error {
	if err := t.Unplan(j.Kind, j.Key); err != nil {
		return err
	}
	due, at := t.tx.Bucket(bDue), t.tx.Bucket(bDueAt)
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
	if err := due.Put(t.keep(func(b []byte) []byte { return appendDueKey(b, j.Kind, j.Key) }), v); err != nil {
		return fmt.Errorf("plan job: %w", err)
	}
	return at.Put(t.keep(func(b []byte) []byte { return appendDueAtKey(b, j) }), nil)
}

// Unplan takes the job of this kind and key out of the table.
func (t *Tx) Unplan(kind scheduler.Kind, key string) error {
	due := t.tx.Bucket(bDue)
	k := t.keep(func(b []byte) []byte { return appendDueKey(b, kind, key) })
	v := due.Get(k)
	if v == nil {
		return nil
	}
	j, err := readJob(k, v)
	if err != nil {
		return err
	}
	if err := t.tx.Bucket(bDueAt).Delete(t.keep(func(b []byte) []byte { return appendDueAtKey(b, j) })); err != nil {
		return fmt.Errorf("unplan job: %w", err)
	}
	return due.Delete(k)
}

// Planned returns the job of this kind and key; false when there is none.
func (t *Tx) Planned(kind scheduler.Kind, key string) (scheduler.Job, bool, error) {
	k := appendDueKey(nil, kind, key)
	v := t.tx.Bucket(bDue).Get(k)
	if v == nil {
		return scheduler.Job{}, false, nil
	}
	j, err := readJob(k, v)
	return j, err == nil, err
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
		j, err := readJob(k[8:], due.Get(k[8:]))
		if err != nil {
			return nil, err
		}
		jobs, keys = append(jobs, j), append(keys, t.keep(func(b []byte) []byte { return append(b, k...) }))
	}
	for _, k := range keys { // not by the cursor, whose place is not certain after a deletion
		if err := errors.Join(at.Delete(k), due.Delete(k[8:])); err != nil {
			return nil, fmt.Errorf("claim job: %w", err)
		}
	}
	return jobs, nil
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

func appendDueAtKey(b []byte, j scheduler.Job) []byte {
	return appendDueKey(binary.BigEndian.AppendUint64(b, uint64(j.At.UnixNano())), j.Kind, j.Key)
}

func readJob(k, v []byte) (scheduler.Job, error) {
	kind, key, ok := bytes.Cut(k, []byte{0})
	if !ok || len(v) < 8 {
		return scheduler.Job{}, fmt.Errorf("read job: it is in one of due and due_at only")
	}
	j := scheduler.Job{Kind: scheduler.Kind(kind), Key: string(key), At: time.Unix(0, int64(binary.BigEndian.Uint64(v))).UTC()}
	return j, j.UnmarshalBinary(v[8:])
}
