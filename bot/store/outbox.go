package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

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

// PruneOutbox drops rows that were sent or given up before the times named,
// looking at limit of them from the key from on, and returns where to go on ("" at
// the end).
func (t *Tx) PruneOutbox(sent, dead time.Time, from string, limit int) (next string, err error) {
	var letters [][]byte
	next, err = t.prune(t.tx.Bucket(bOutbox), from, limit, func(k, v []byte) bool {
		var r outbox.Row
		switch {
		case r.UnmarshalBinary(v) != nil:
			return false
		case r.State == outbox.StateDead && r.Settled.Before(dead):
			letters = append(letters, bytes.Clone(k))
			return true
		default:
			return r.State == outbox.StateSent && r.Settled.Before(sent)
		}
	})
	for _, k := range letters {
		err = errors.Join(err, t.tx.Bucket(bDead).Delete(k))
	}
	return next, err
}
