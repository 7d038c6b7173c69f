package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/outbox"
	"sachhon/scheduler"
)

// What became of each push for each person is kept under the person and the
// key of the push. A message that waits in the outbox names both by its key, so
// that a push which the network gives up does not pass for one that was sent.

const pushPrefix, promotionPrefix = "push:", "promotion:"

// PushKey is the key of a row that carries a push to a contact.
func PushKey(contact, push string) string { return pushPrefix + contact + ":" + push }

// PromotionKey is PushKey for a push that is withdrawn when the contact wants no
// more promotion.
func PromotionKey(contact, push string) string { return promotionPrefix + contact + ":" + push }

func isPromotion(r *outbox.Row) bool { return strings.HasPrefix(r.Key, promotionPrefix) }

// Fate returns what became of a push for a contact; false when nothing is kept.
func (t *Tx) Fate(contact, push string) (f scheduler.Fate, ok bool, err error) {
	v := t.tx.Bucket(bFates).Get(gotKey(contact, push))
	if v == nil {
		return f, false, nil
	}
	err = f.UnmarshalBinary(v)
	return f, err == nil, err
}

// PutFate keeps what became of a push for a contact.
func (t *Tx) PutFate(contact, push string, f scheduler.Fate) (err error) {
	v := t.keep(func(b []byte) []byte {
		b, err = f.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	if err := t.tx.Bucket(bFates).Put(gotKey(contact, push), v); err != nil {
		return fmt.Errorf("keep what became of a push: %w", err)
	}
	return nil
}

// Fates calls fn for what became of every push for a contact, in the order of
// the keys, until it returns false.
func (t *Tx) Fates(contact string, fn func(push string, f scheduler.Fate) bool) error {
	prefix := gotKey(contact, "")
	cur := t.tx.Bucket(bFates).Cursor()
	for k, v := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		var f scheduler.Fate
		if err := f.UnmarshalBinary(v); err != nil {
			return err
		}
		if !fn(string(k[len(prefix):]), f) {
			return nil
		}
	}
	return nil
}

// PruneFates drops what was decided before a time, looking at limit rows from
// the key from on, and returns where to go on ("" at the end).
func (t *Tx) PruneFates(before time.Time, from string, limit int) (next string, err error) {
	return t.prune(t.tx.Bucket(bFates), from, limit, func(_, v []byte) bool {
		var f scheduler.Fate
		return f.UnmarshalBinary(v) == nil && f.At.Before(before)
	})
}

func (t *Tx) forgetFates(contact string) error {
	return deletePrefix(t.tx.Bucket(bFates).Cursor(), gotKey(contact, ""))
}

// pushOf reads the key of a row; false when it carries no push.
func pushOf(r *outbox.Row) (contact, push string, ok bool) {
	rest, ok := strings.CutPrefix(r.Key, pushPrefix)
	if !ok {
		rest, ok = strings.CutPrefix(r.Key, promotionPrefix)
	}
	contact, push, _ = strings.Cut(rest, ":")
	return contact, push, ok
}

// pushSettled keeps what became of a row that belongs to no broadcast. Of a push
// for which it became too late while it waited, the row goes: whoever has not got
// it may be sent it another time.
func (t *Tx) pushSettled(before, after *outbox.Row) error {
	contact, push, ok := pushOf(before)
	if !ok || after.State != outbox.StateDead || after.Reason != outbox.Expired {
		return errors.Join(t.change(before, after), t.givenUp(after))
	}
	if err := errors.Join(t.drop(before), t.givenUp(after)); err != nil || after.PossiblyRepeated || after.Part > 0 {
		return err
	}
	return t.tx.Bucket(bGot).Delete(gotKey(contact, push))
}

// givenUp notes of a row that became dead that its push failed.
func (t *Tx) givenUp(row *outbox.Row) error {
	contact, push, ok := pushOf(row)
	if !ok || row.State != outbox.StateDead {
		return nil
	}
	f, ok, err := t.Fate(contact, push)
	if err != nil || !ok { // kept no longer
		return err
	}
	return t.PutFate(contact, push, f.Failed(reasonOf(row.Reason), row.Settled))
}

// triedAgain notes of a dead row that is revived that its push is under way.
func (t *Tx) triedAgain(row *outbox.Row, now time.Time) error {
	contact, push, ok := pushOf(row)
	if !ok {
		return nil
	}
	f, ok, err := t.Fate(contact, push)
	if err != nil || !ok || f.State != scheduler.FateFailed {
		return err
	}
	return t.PutFate(contact, push, f.Decided(scheduler.Verdict{}, now))
}

// keepFates makes the bucket of fates. Of what was sent before there was one it
// is known when.
func keepFates(tx *bolt.Tx) error {
	if err := makeBuckets(tx); err != nil {
		return err
	}
	t := &Tx{}
	t.open(tx)
	return tx.Bucket(bGot).ForEach(func(k, v []byte) error {
		contact, push, ok := bytes.Cut(k, []byte{0})
		if !ok || len(v) != 8 {
			return errors.New("read what was sent: a row is damaged")
		}
		if len(contact) == 0 {
			return nil // the house's own
		}
		at := time.Unix(int64(binary.BigEndian.Uint64(v)), 0)
		return t.PutFate(string(contact), string(push), scheduler.Fate{At: at})
	})
}

// fates checks that everything kept of a push can be read and belongs to
// somebody.
func (c *checker) fates() {
	c.each(bFates, func(k, v []byte) {
		var f scheduler.Fate
		contact, _, ok := bytes.Cut(k, []byte{0})
		if err := f.UnmarshalBinary(v); err != nil || !ok || !c.has(bContacts, contact) {
			c.problem("fates: a row cannot be read or has no contact")
		}
	})
}
