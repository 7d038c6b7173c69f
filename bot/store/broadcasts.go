package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/programme"
	"sachhon/scheduler"
)

// Broadcast returns a broadcast; false when there is none.
func (t *Tx) Broadcast(id string) (scheduler.Broadcast, bool, error) {
	b := scheduler.Broadcast{ID: id}
	v := t.tx.Bucket(bCasts).Get([]byte(id))
	if v == nil {
		return b, false, nil
	}
	if err := b.UnmarshalBinary(v); err != nil {
		return b, false, fmt.Errorf("broadcast %s: %w", id, err)
	}
	return b, true, nil
}

// PutBroadcast keeps b, unless it is what is kept already: whoever looks whether
// a broadcast can go on writes nothing when it cannot.
func (t *Tx) PutBroadcast(b *scheduler.Broadcast) (err error) {
	v := t.keep(func(out []byte) []byte {
		out, err = b.AppendBinary(out)
		return out
	})
	if err != nil {
		return err
	}
	kept := t.tx.Bucket(bCasts)
	if bytes.Equal(kept.Get([]byte(b.ID)), v) {
		return nil
	}
	return kept.Put(t.key(b.ID), v)
}

// Broadcasts calls fn for every broadcast in the order of ids until it returns
// false.
func (t *Tx) Broadcasts(fn func(scheduler.Broadcast) bool) error {
	cur := t.tx.Bucket(bCasts).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		b := scheduler.Broadcast{ID: string(k)}
		if err := b.UnmarshalBinary(v); err != nil {
			return fmt.Errorf("broadcast %s: %w", k, err)
		}
		if !fn(b) {
			return nil
		}
	}
	return nil
}

// recipientFill is how full pages of recipients are made: they are put in the
// order of their keys and hardly change their length afterwards.
const recipientFill = 0.95

// recipients is the bucket of all recipients.
func (t *Tx) recipients() *bolt.Bucket {
	if t.casts == nil {
		t.casts = t.tx.Bucket(bRecipients)
		t.casts.FillPercent = recipientFill
	}
	return t.casts
}

func appendRecipientKey(b []byte, broadcast, contact string) []byte {
	return append(append(append(b, broadcast...), 0), contact...)
}

// Recipient returns what is kept of a contact in a broadcast.
func (t *Tx) Recipient(broadcast, contact string) (r scheduler.Recipient, ok bool, err error) {
	v := t.recipients().Get(appendRecipientKey(nil, broadcast, contact))
	if v == nil {
		return r, false, nil
	}
	err = r.UnmarshalBinary(v)
	return r, err == nil, err
}

// PutRecipient keeps what became of a contact in a broadcast.
func (t *Tx) PutRecipient(broadcast, contact string, r *scheduler.Recipient) (err error) {
	key := t.keep(func(b []byte) []byte { return appendRecipientKey(b, broadcast, contact) })
	v := t.keep(func(b []byte) []byte {
		b, err = r.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	return t.recipients().Put(key, v)
}

// Recipients calls fn for every recipient above after until it returns false;
// see [scheduler.Casts]. Those who were forgotten are not among them.
func (t *Tx) Recipients(broadcast, after string, fn func(contact string, r *scheduler.Recipient) bool) error {
	return t.eachRecipient(broadcast, after, func(contact []byte, r *scheduler.Recipient) bool {
		return contact[0] == nameless || fn(string(contact), r)
	})
}

// eachRecipient calls fn for every recipient above after, nameless ones too.
func (t *Tx) eachRecipient(broadcast, after string, fn func(contact []byte, r *scheduler.Recipient) bool) error {
	prefix := appendRecipientKey(nil, broadcast, "")
	from := appendRecipientKey(nil, broadcast, after)
	cur := t.recipients().Cursor()
	k, v := cur.Seek(from)
	if after != "" && bytes.Equal(k, from) {
		k, v = cur.Next()
	}
	var r scheduler.Recipient
	for ; bytes.HasPrefix(k, prefix) && len(k) > len(prefix); k, v = cur.Next() {
		if err := r.UnmarshalBinary(v); err != nil {
			return fmt.Errorf("broadcast %s: %w", broadcast, err)
		}
		if !fn(k[len(prefix):], &r) {
			return nil
		}
	}
	return nil
}

// PruneRecipients drops what is kept of each recipient of the broadcasts that
// outlived it, at most limit of them, beginning with the broadcast from, and
// returns where to go on ("" at the end). The first step marks the broadcast, so
// that its counts are held against nobody any more.
func (t *Tx) PruneRecipients(now time.Time, from string, limit int) (next string, err error) {
	cur := t.tx.Bucket(bCasts).Cursor()
	for k, v := cur.Seek([]byte(from)); k != nil; k, v = cur.Next() {
		b := scheduler.Broadcast{ID: string(k)}
		if err := b.UnmarshalBinary(v); err != nil {
			return "", fmt.Errorf("broadcast %s: %w", k, err)
		}
		if b.Thinned.IsZero() && !b.Outlived(now) {
			continue
		}
		old := t.someRecipients(b.ID, limit)
		if len(old) == 0 {
			continue
		}
		for _, key := range old {
			if err := t.recipients().Delete(key); err != nil {
				return "", fmt.Errorf("drop recipients of %s: %w", b.ID, err)
			}
		}
		t.dropped += len(old)
		if b.Thinned.IsZero() {
			b.Thinned = now
			err = t.PutBroadcast(&b)
		}
		return b.ID, err
	}
	return "", nil
}

// someRecipients returns the keys of the first recipients of a broadcast.
func (t *Tx) someRecipients(broadcast string, limit int) (keys [][]byte) {
	prefix := appendRecipientKey(nil, broadcast, "")
	cur := t.recipients().Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix) && len(keys) < limit; k, _ = cur.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

// ContactRecords calls fn with the record of every contact above after, in the
// order of ids, until it returns false. A record is valid only within fn.
func (t *Tx) ContactRecords(after string, fn func(record []byte) (bool, error)) error {
	cur := t.contacts.Cursor()
	k, v := cur.Seek([]byte(after))
	if after != "" && string(k) == after {
		k, v = cur.Next()
	}
	for ; k != nil; k, v = cur.Next() {
		if more, err := fn(v); err != nil || !more {
			return err
		}
	}
	return nil
}

// ClassContacts calls fn for every contact with a registration of a class that
// was not cancelled. A colleague's is the colleague's, who is no contact.
func (t *Tx) ClassContacts(class string, fn func(contact string, attended bool)) error {
	return t.ClassRegistrations(class, func(r programme.Registration) bool {
		if r.Contact != "" && !r.Colleague && r.Status != programme.Cancelled {
			fn(r.Contact, r.Status == programme.Attended)
		}
		return true
	})
}

// Sent returns what a contact was sent lately.
func (t *Tx) Sent(contact string) (s scheduler.Sent, err error) {
	v := t.tx.Bucket(bSent).Get([]byte(contact))
	if v == nil {
		return s, nil
	}
	return s, s.UnmarshalBinary(v)
}

// PutSent keeps what a contact was sent lately; nothing of note is not kept.
func (t *Tx) PutSent(contact string, s scheduler.Sent) (err error) {
	b := t.tx.Bucket(bSent)
	if s == (scheduler.Sent{}) {
		return b.Delete([]byte(contact))
	}
	v := t.keep(func(out []byte) []byte {
		out, err = s.AppendBinary(out)
		return out
	})
	if err != nil {
		return err
	}
	return b.Put(t.key(contact), v)
}

// Segment returns the segment saved under a name; false when there is none.
func (t *Tx) Segment(name string) (scheduler.Segment, bool, error) {
	v := t.tx.Bucket(bSegments).Get([]byte(name))
	if v == nil {
		return scheduler.Segment{}, false, nil
	}
	s, err := scheduler.ParseSegment(v)
	return s, err == nil, err
}

// PutSegment saves a segment under a name; nil deletes it.
func (t *Tx) PutSegment(name string, s *scheduler.Segment) error {
	if s == nil {
		return t.tx.Bucket(bSegments).Delete([]byte(name))
	}
	return t.tx.Bucket(bSegments).Put(t.key(name), s.JSON())
}

// Segments calls fn for every saved segment in the order of names.
func (t *Tx) Segments(fn func(name string, s scheduler.Segment)) error {
	return t.tx.Bucket(bSegments).ForEach(func(k, v []byte) error {
		s, err := scheduler.ParseSegment(v)
		if err == nil {
			fn(string(k), s)
		}
		return err
	})
}

// nameless begins the key of a recipient who was forgotten: it stands above
// every contact's id.
const nameless = 0xff

// casts checks that every broadcast's counts are those of its recipients.
func (c *checker) casts() {
	known := map[string]bool{}
	err := c.tx.Broadcasts(func(b scheduler.Broadcast) bool {
		known[b.ID] = true
		fresh := b.Recount()
		err := c.tx.eachRecipient(b.ID, "", func(contact []byte, r *scheduler.Recipient) bool {
			c.rows++
			fresh.Add(r)
			if contact[0] == nameless {
				return true
			}
			if !c.has(bContacts, contact) {
				c.problem("outbox_broadcast: a recipient of %s is no contact", b.ID)
			}
			if open := c.openOfCast(b.ID, string(contact), r.Address); (r.State == scheduler.Queued) != open {
				c.problem("outbox_broadcast: a recipient of %s is %s, and the outbox says otherwise", b.ID, r.State)
			}
			return true
		})
		if err != nil {
			c.problem("outbox_broadcast: %v", err)
		}
		if wrong := b.Differs(fresh); wrong != "" {
			c.problem("broadcasts: %s %s", b.ID, wrong)
		}
		return true
	})
	if err != nil {
		c.problem("broadcasts: %v", err)
	}
	c.each(bRecipients, func(k, _ []byte) {
		if id, _, _ := bytes.Cut(k, []byte{0}); !known[string(id)] {
			c.problem("outbox_broadcast: a recipient has no broadcast")
			known[string(id)] = true
		}
	})
	c.each(bSent, func(k, _ []byte) {
		if _, err := c.tx.Sent(string(k)); err != nil || !c.has(bContacts, k) {
			c.problem("sent_lately: a row cannot be read or has no contact")
		}
	})
}

// openOfCast says whether the last message of a broadcast for a contact is in
// the outbox.
func (c *checker) openOfCast(broadcast, contact, at string) bool {
	found := false
	err := c.tx.openOf(at, func(r *rowOf) bool {
		found = r.broadcast == broadcast && r.contact == contact && r.last
		return !found
	})
	return err == nil && found
}

func numbered(n uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte{nameless}, n))
}
