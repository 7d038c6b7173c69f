package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// The outbox keeps, for each address and lane, its open rows in the order of
// their ids; only the first of them stands in the ready index. So a claim reads
// what it takes and no more, and the order of an address keeps itself.

// Enqueue hands a message to the outbox in this transaction.
func (t *Tx) Enqueue(r outbox.Row) error {
	id, err := t.tx.Bucket(bOutbox).NextSequence()
	if err != nil {
		return fmt.Errorf("enqueue message: %w", err)
	}
	r.ID = id
	t.queued = true
	if err := t.putRow(&r); err != nil {
		return err
	}
	return t.link(&r)
}

func (t *Tx) putRow(r *outbox.Row) (err error) {
	v := t.keep(func(b []byte) []byte {
		b, err = r.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	return t.tx.Bucket(bOutbox).Put(t.keep(func(b []byte) []byte { return binary.BigEndian.AppendUint64(b, r.ID) }), v)
}

func (t *Tx) row(id uint64) (outbox.Row, bool, error) {
	r := outbox.Row{ID: id}
	v := t.tx.Bucket(bOutbox).Get(binary.BigEndian.AppendUint64(nil, id))
	if v == nil {
		return r, false, nil
	}
	err := r.UnmarshalBinary(v)
	return r, err == nil, err
}

// change keeps r in place of before.
func (t *Tx) change(before, r *outbox.Row) error {
	if err := t.unlink(before); err != nil {
		return err
	}
	if err := t.putRow(r); err != nil {
		return err
	}
	return t.link(r)
}

// link enters a row into the indexes of its state.
func (t *Tx) link(r *outbox.Row) error {
	switch r.State {
	case outbox.StateSent:
		return nil
	case outbox.StateDead:
		return t.tx.Bucket(bDead).Put(t.rowKey(r.ID), nil)
	case outbox.StateLeased:
		if err := t.tx.Bucket(bLeased).Put(t.leasedKey(r), nil); err != nil {
			return err
		}
	}
	if err := t.tx.Bucket(bOfAddress).Put(t.openKey(r), nil); err != nil {
		return err
	}
	first, second, err := t.firstOpen(r)
	if err != nil || first != r.ID {
		return err
	}
	if second != 0 {
		if err := t.ready(second, false); err != nil {
			return err
		}
	}
	return t.tx.Bucket(bReady).Put(t.readyKey(r), nil)
}

// unlink takes a row out of the indexes of its state; the next one of its
// address and lane moves up.
func (t *Tx) unlink(r *outbox.Row) error {
	switch r.State {
	case outbox.StateSent:
		return nil
	case outbox.StateDead:
		return t.tx.Bucket(bDead).Delete(t.rowKey(r.ID))
	case outbox.StateLeased:
		if err := t.tx.Bucket(bLeased).Delete(t.leasedKey(r)); err != nil {
			return err
		}
	}
	first, second, err := t.firstOpen(r)
	if err != nil {
		return err
	}
	if err := t.tx.Bucket(bOfAddress).Delete(t.openKey(r)); err != nil || first != r.ID {
		return err
	}
	if err := t.tx.Bucket(bReady).Delete(t.readyKey(r)); err != nil || second == 0 {
		return err
	}
	return t.ready(second, true)
}

// ready enters a row into the ready index or takes it out.
func (t *Tx) ready(id uint64, in bool) error {
	r, ok, err := t.row(id)
	if err != nil || !ok {
		return errors.Join(err, errors.New("outbox: an open row is in its index only"))
	}
	if in {
		return t.tx.Bucket(bReady).Put(t.readyKey(&r), nil)
	}
	return t.tx.Bucket(bReady).Delete(t.readyKey(&r))
}

// firstOpen returns the first two open rows of r's address and lane; 0: none.
func (t *Tx) firstOpen(r *outbox.Row) (first, second uint64, err error) {
	key := t.openKey(r)
	prefix := key[:len(key)-8]
	cur := t.tx.Bucket(bOfAddress).Cursor()
	k, _ := cur.Seek(prefix)
	if !bytes.HasPrefix(k, prefix) {
		return 0, 0, nil
	}
	first = binary.BigEndian.Uint64(k[len(prefix):])
	if k, _ = cur.Next(); bytes.HasPrefix(k, prefix) {
		second = binary.BigEndian.Uint64(k[len(prefix):])
	}
	return first, second, nil
}

func (t *Tx) rowKey(id uint64) []byte {
	return t.keep(func(b []byte) []byte { return binary.BigEndian.AppendUint64(b, id) })
}

func (t *Tx) leasedKey(r *outbox.Row) []byte {
	return t.keep(func(b []byte) []byte {
		return binary.BigEndian.AppendUint64(append(append(b, r.Address.Channel...), 0), r.ID)
	})
}

func (t *Tx) openKey(r *outbox.Row) []byte {
	return t.keep(func(b []byte) []byte {
		b = append(append(append(b, r.Address.Channel...), ':'), r.Address.ID...)
		return binary.BigEndian.AppendUint64(append(b, 0, byte(r.Lane)), r.ID)
	})
}

func (t *Tx) readyKey(r *outbox.Row) []byte {
	return t.keep(func(b []byte) []byte {
		b = append(append(b, r.Address.Channel...), 0, byte(r.Lane))
		b = binary.BigEndian.AppendUint64(b, uint64(r.Due().UnixNano()))
		return binary.BigEndian.AppendUint64(b, r.ID)
	})
}

// forgetOutbox deletes everything that waits for an address, was sent there
// or given up.
func (t *Tx) forgetOutbox(at string) error {
	var gone []outbox.Row
	cur := t.tx.Bucket(bOutbox).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		r := outbox.Row{ID: binary.BigEndian.Uint64(k)}
		if err := r.UnmarshalBinary(v); err != nil {
			return err
		}
		if r.Address.String() == at {
			gone = append(gone, r)
		}
	}
	for i := range gone {
		if err := t.unlink(&gone[i]); err != nil {
			return err
		}
		if err := t.tx.Bucket(bOutbox).Delete(t.rowKey(gone[i].ID)); err != nil {
			return err
		}
	}
	return nil
}

// PruneOutbox drops rows sent before a time, looking at limit of them from the
// key from on, and returns where to go on ("" at the end).
func (t *Tx) PruneOutbox(before time.Time, from string, limit int) (next string, err error) {
	return prune(t.tx.Bucket(bOutbox), from, limit, func(k, v []byte) bool {
		var r outbox.Row
		return r.UnmarshalBinary(v) == nil && r.State == outbox.StateSent && r.Settled.Before(before)
	})
}

// Outbox is the store as the outbox sees it.
type Outbox struct{ *Store }

// Outbox returns the store's side of the outbox.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// Queued is signalled after rows were committed.
func (s *Store) Queued() <-chan struct{} { return s.queued }

// claim walks the ready index as c asks and calls take for each row.
func (t *Tx) claim(c outbox.Claim, take func(outbox.Row) error) (next time.Time, err error) {
	prefix := append(append([]byte(c.Channel), 0), byte(c.Lane))
	var ids []uint64
	cur := t.tx.Bucket(bReady).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		due := time.Unix(0, int64(binary.BigEndian.Uint64(k[len(prefix):])))
		if due.After(c.Now) || len(ids) >= c.Most {
			if next.IsZero() {
				next = due
			}
			break
		}
		id := binary.BigEndian.Uint64(k[len(prefix)+8:])
		if c.Skip != nil {
			r, ok, err := t.row(id)
			if err != nil || !ok {
				return next, errors.Join(err, errors.New("outbox: a ready row is in its index only"))
			}
			if c.Skip(r.Address) {
				if next.IsZero() {
					next = due
				}
				continue
			}
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		r, ok, err := t.row(id)
		if err != nil || !ok {
			return next, errors.Join(err, errors.New("outbox: a ready row is in its index only"))
		}
		if err := take(r); err != nil {
			return next, err
		}
	}
	return next, nil
}

// Lease claims rows; see [outbox.Queue].
func (o Outbox) Lease(ctx context.Context, c outbox.Claim) (rows []outbox.Row, next time.Time, err error) {
	any := false
	err = o.View(ctx, func(tx *Tx) error {
		next, err = tx.claim(c, func(outbox.Row) error { any = true; return nil })
		return err
	})
	if err != nil || !any {
		return nil, next, err
	}
	err = o.Update(ctx, func(tx *Tx) error {
		rows = nil
		next, err = tx.claim(c, func(r outbox.Row) error {
			leased := r.Lease(c.Until)
			rows = append(rows, leased)
			return tx.change(&r, &leased)
		})
		return err
	})
	if err != nil {
		return nil, next, fmt.Errorf("lease messages: %w", err)
	}
	return rows, next, nil
}

// Settle writes down what became of leased rows; see [outbox.Queue].
func (o Outbox) Settle(ctx context.Context, settled []outbox.Settlement) error {
	err := o.Update(ctx, func(tx *Tx) error {
		for i := range settled {
			if err := tx.settle(&settled[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle messages: %w", err)
	}
	return nil
}

func (t *Tx) settle(s *outbox.Settlement) error {
	before, ok, err := t.row(s.Row.ID)
	if err != nil || !ok || before.State != outbox.StateLeased || !before.LeasedUntil.Equal(s.Lease) {
		return err
	}
	if err := t.change(&before, &s.Row); err != nil || !s.Shut {
		return err
	}
	return t.shut(before.Address, s.Row.Settled)
}

// shut marks an address as one that cannot be written to and gives up what is
// queued for it.
func (t *Tx) shut(at channel.Address, now time.Time) error {
	contact, _, ok, err := t.Address(at.String())
	if err != nil {
		return err
	}
	if ok {
		if err := t.PutAddress(at.String(), contact, true); err != nil {
			return err
		}
	}
	var open []outbox.Row
	prefix := append([]byte(at.String()), 0)
	cur := t.tx.Bucket(bOfAddress).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		r, ok, err := t.row(binary.BigEndian.Uint64(k[len(k)-8:]))
		if err != nil || !ok {
			return errors.Join(err, errors.New("outbox: an open row is in its index only"))
		}
		if r.State == outbox.StateQueued {
			open = append(open, r)
		}
	}
	for i := range open {
		dead := open[i].Shut(now)
		if err := t.change(&open[i], &dead); err != nil {
			return err
		}
	}
	return nil
}

// Recover makes rows leased by an earlier run ready again; see [outbox.Queue].
func (o Outbox) Recover(ctx context.Context, channel string) (n int, err error) {
	err = o.Update(ctx, func(tx *Tx) error {
		var leased []uint64
		prefix := append([]byte(channel), 0)
		cur := tx.tx.Bucket(bLeased).Cursor()
		for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
			leased = append(leased, binary.BigEndian.Uint64(k[len(prefix):]))
		}
		for _, id := range leased {
			r, ok, err := tx.row(id)
			if err != nil || !ok {
				return errors.Join(err, errors.New("outbox: a leased row is in its index only"))
			}
			again := r.Recover()
			if err := tx.change(&r, &again); err != nil {
				return err
			}
		}
		n = len(leased)
		return nil
	})
	return n, err
}

// Row returns a row of the ledger.
func (o Outbox) Row(ctx context.Context, id uint64) (r outbox.Row, ok bool, err error) {
	err = o.View(ctx, func(tx *Tx) error {
		r, ok, err = tx.row(id)
		return err
	})
	return r, ok, err
}

// Dead returns dead rows above after; see [outbox.Ledger].
func (o Outbox) Dead(ctx context.Context, after uint64, n int) (rows []outbox.Row, err error) {
	err = o.View(ctx, func(tx *Tx) error {
		cur := tx.tx.Bucket(bDead).Cursor()
		for k, _ := cur.Seek(binary.BigEndian.AppendUint64(nil, after+1)); k != nil && len(rows) < n; k, _ = cur.Next() {
			r, ok, err := tx.row(binary.BigEndian.Uint64(k))
			if err != nil || !ok {
				return errors.Join(err, errors.New("outbox: a dead row is in its index only"))
			}
			rows = append(rows, r)
		}
		return nil
	})
	return rows, err
}

// Revive queues a dead row again; see [outbox.Ledger].
func (o Outbox) Revive(ctx context.Context, id uint64, now time.Time) (revived bool, err error) {
	err = o.Update(ctx, func(tx *Tx) error {
		r, ok, err := tx.row(id)
		if err != nil || !ok || r.State != outbox.StateDead {
			return err
		}
		again := r.Revive(now)
		revived, tx.queued = true, true
		return tx.change(&r, &again)
	})
	return revived, err
}
