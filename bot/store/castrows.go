package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/scheduler"
)

// Rows of the outbox that belong to a broadcast say so by their key. What
// becomes of them becomes of the recipient in the same transaction. The
// recipient's record is their ledger: a row that was sent is deleted, so that a
// broadcast to a million leaves a million short records and no million rows.

const castPrefix = "broadcast:"

// CastKey is the key of a row that carries a message, or the first ones of
// several, of a broadcast to a contact. last marks the one that settles it.
func CastKey(broadcast, contact string, last bool) string {
	key := castPrefix + broadcast + ":" + contact
	if !last {
		key += ":part"
	}
	return key
}

// rowOf is a row of a broadcast.
type rowOf struct {
	outbox.Row
	broadcast, contact string
	last               bool
}

// castRow reads the key of a row; false when it belongs to no broadcast.
func castRow(r *outbox.Row) (rowOf, bool) {
	rest, ok := strings.CutPrefix(r.Key, castPrefix)
	if !ok {
		return rowOf{}, false
	}
	id, contact, _ := strings.Cut(rest, ":")
	contact, part := strings.CutSuffix(contact, ":part")
	return rowOf{Row: *r, broadcast: id, contact: contact, last: !part}, true
}

// settled keeps what became of a row, and of the recipient that it is for.
func (t *Tx) settled(before, after *outbox.Row) error {
	row, ok := castRow(before)
	if !ok {
		return t.pushSettled(before, after)
	}
	b, ok, err := t.Broadcast(row.broadcast)
	if err != nil || !ok {
		return errors.Join(err, t.change(before, after))
	}
	r, ok, err := t.Recipient(row.broadcast, row.contact)
	if err != nil || !ok || r.State != scheduler.Queued {
		return errors.Join(err, t.change(before, after))
	}
	if after.State == outbox.StateQueued {
		return t.stillOpen(&b, &r, &row, before, after)
	}
	if err := t.closeRow(before, after); err != nil || !row.last {
		return err
	}
	b.Settled(&r, outcomeOf(after))
	return t.keepOutcome(&b, &row, &r)
}

// outcomeOf says what a row that is closed means for its recipient.
func outcomeOf(row *outbox.Row) scheduler.Settle {
	s := scheduler.Settle{State: scheduler.Got, At: row.Settled, Repeated: row.PossiblyRepeated}
	if row.State == outbox.StateDead {
		s.State, s.Reason = scheduler.Failed, reasonOf(row.Reason)
	}
	return s
}

// reasonOf is the outbox's reason in the words of broadcasts.
func reasonOf(why outbox.Reason) scheduler.Reason {
	switch why {
	case outbox.Unreachable:
		return scheduler.BlockedChannel
	case outbox.Expired:
		return scheduler.Expired
	case outbox.Exhausted:
		return scheduler.ForExhausted
	case outbox.Unclear:
		return scheduler.ForUnclear
	case outbox.Unreadable:
		return scheduler.ForUnreadable
	case outbox.TooLong:
		return scheduler.ForTooLong
	default:
		return scheduler.ForRefused
	}
}

// closeRow notes in the transcript what was sent, and keeps of the row what is
// worth it: a dead letter that may be revived.
func (t *Tx) closeRow(before, after *outbox.Row) error {
	if after.State == outbox.StateSent {
		e := channel.Entry{At: after.Settled, From: channel.FromBot, Message: before.Message, Push: true}
		if err := t.Append(after.Address.String(), &e); err != nil {
			return err
		}
		return t.drop(before)
	}
	if after.Reason == outbox.Unreachable || after.Reason == outbox.Expired {
		return t.drop(before)
	}
	return t.change(before, after)
}

// drop deletes a row with its indexes.
func (t *Tx) drop(r *outbox.Row) error {
	if err := t.unlink(r); err != nil {
		return err
	}
	return t.tx.Bucket(bOutbox).Delete(t.rowKey(r.ID))
}

// keepOutcome keeps broadcast and recipient; a burst of failures that paused
// the broadcast takes back what is in the outbox.
func (t *Tx) keepOutcome(b *scheduler.Broadcast, row *rowOf, r *scheduler.Recipient) error {
	if err := t.PutRecipient(row.broadcast, row.contact, r); err != nil {
		return err
	}
	if b.Flows() {
		return t.PutBroadcast(b)
	}
	return t.TakeBack(b)
}

// stillOpen keeps a row that is queued again, unless its broadcast has stopped
// meanwhile.
func (t *Tx) stillOpen(b *scheduler.Broadcast, r *scheduler.Recipient, row *rowOf, before, after *outbox.Row) error {
	if err := t.change(before, after); err != nil {
		return err
	}
	if row.last && after.Address != before.Address {
		r.Address = after.Address.String()
		if err := t.PutRecipient(row.broadcast, row.contact, r); err != nil {
			return err
		}
	}
	if b.Flows() {
		return nil
	}
	return t.TakeBack(b)
}

// revived puts a recipient whose dead message is tried again back into the outbox.
func (t *Tx) revived(dead *outbox.Row, now time.Time) error {
	row, ok := castRow(dead)
	if !ok {
		return t.triedAgain(dead, now)
	}
	if !row.last {
		return nil
	}
	b, ok, err := t.Broadcast(row.broadcast)
	if err != nil || !ok {
		return err
	}
	r, ok, err := t.Recipient(row.broadcast, row.contact)
	if err != nil || !ok || r.State != scheduler.Failed {
		return err
	}
	b.Settled(&r, scheduler.Settle{State: scheduler.Queued, At: r.At})
	return errors.Join(t.PutRecipient(row.broadcast, row.contact, &r), t.PutBroadcast(&b))
}

// TakeBack takes the messages of a broadcast that wait in the outbox out of it,
// but for those of which a part has left or may have; their recipients wait
// again. It keeps b.
func (t *Tx) TakeBack(b *scheduler.Broadcast) error {
	rows, err := t.queuedOf(b)
	if err != nil {
		return err
	}
	for contact, list := range rows {
		if err := t.takeBack(b, contact, list, scheduler.Settle{State: scheduler.Waiting}); err != nil {
			return err
		}
	}
	return t.PutBroadcast(b)
}

// takeBack takes the rows of one recipient out of the outbox, if they are all
// there, and keeps what that makes of the recipient, but not b. The zero time
// leaves when they were handed over.
func (t *Tx) takeBack(b *scheduler.Broadcast, contact string, rows []outbox.Row, to scheduler.Settle) error {
	r, ok, err := t.Recipient(b.ID, contact)
	if err != nil || !ok || r.State != scheduler.Queued || len(rows) != r.Rows {
		return err
	}
	for i := range rows {
		r.Repeated = r.Repeated || rows[i].PossiblyRepeated
		if err := t.drop(&rows[i]); err != nil {
			return err
		}
	}
	if err := t.uncount(b, contact, &r); err != nil {
		return err
	}
	if to.At.IsZero() {
		to.At = r.At
	}
	b.Settled(&r, to)
	return t.PutRecipient(b.ID, contact, &r)
}

// uncount takes the message back out of what the contact was sent lately.
func (t *Tx) uncount(b *scheduler.Broadcast, contact string, r *scheduler.Recipient) error {
	sent, err := t.Sent(contact)
	if err != nil {
		return err
	}
	push := b.Push()
	return t.PutSent(contact, sent.Without(&push, r.At))
}

// queuedOf returns the rows of a broadcast that are queued and have not begun
// to leave, by contact. It walks over what waits in the bulk lane, which the
// feeding keeps short.
func (t *Tx) queuedOf(b *scheduler.Broadcast) (map[string][]outbox.Row, error) {
	found := map[string][]outbox.Row{}
	for _, w := range b.Counts.Ways {
		if w.Queued == 0 {
			continue
		}
		prefix := append([]byte(w.Channel), 0, byte(outbox.Bulk))
		cur := t.tx.Bucket(bReady).Cursor()
		for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
			first, ok, err := t.row(binary.BigEndian.Uint64(k[len(k)-8:]))
			if err != nil || !ok {
				return nil, errors.Join(err, errors.New("outbox: a ready row is in its index only"))
			}
			err = t.openOf(first.Address.String(), func(r *rowOf) bool {
				if r.broadcast == b.ID && r.State == outbox.StateQueued && r.Part == 0 {
					found[r.contact] = append(found[r.contact], r.Row)
				}
				return true
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// openOf calls fn for the open rows of an address that belong to broadcasts,
// until it returns false.
func (t *Tx) openOf(at string, fn func(r *rowOf) bool) error {
	return t.openBulk(at, func(row *outbox.Row) bool {
		r, ok := castRow(row)
		return !ok || fn(&r)
	})
}

// openBulk calls fn for the open rows of an address in the bulk lane until it
// returns false.
func (t *Tx) openBulk(at string, fn func(r *outbox.Row) bool) error {
	prefix := append([]byte(at), 0, byte(outbox.Bulk))
	cur := t.tx.Bucket(bOfAddress).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		row, ok, err := t.row(binary.BigEndian.Uint64(k[len(k)-8:]))
		if err != nil || !ok {
			return errors.Join(err, errors.New("outbox: an open row is in its index only"))
		}
		if !fn(&row) {
			return nil
		}
	}
	return nil
}

// forgetCasts takes a contact out of every broadcast and leaves the counts.
func (t *Tx) forgetCasts(contact string, now time.Time) error {
	var all []scheduler.Broadcast
	if err := t.Broadcasts(func(b scheduler.Broadcast) bool { all = append(all, b); return true }); err != nil {
		return err
	}
	for i := range all {
		b := &all[i]
		r, ok, err := t.Recipient(b.ID, contact)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		b.Forgotten(&r, now)
		n, err := t.recipients().NextSequence()
		if err != nil {
			return err
		}
		err = errors.Join(t.recipients().Delete(appendRecipientKey(nil, b.ID, contact)),
			t.PutRecipient(b.ID, numbered(n), &r), t.PutBroadcast(b))
		if err != nil {
			return err
		}
	}
	return t.tx.Bucket(bSent).Delete([]byte(contact))
}
