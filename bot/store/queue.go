package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"time"
)

// Outbox is the store as the outbox sees it.
type Outbox struct{ *Store }

// Outbox returns the store's side of the outbox.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// Queued is signalled after rows were committed.
func (s *Store) Queued() <-chan struct{} { return s.queued }

// mostAhead is at how many rows beyond those that are due one claim looks for
// such as were queued under a clock that was set back since.
const mostAhead = 64

// claim walks the ready index as c asks and calls take for each row.
func (t *Tx) claim(c outbox.Claim, take func(outbox.Row) error) (next time.Time, err error) {
	prefix := append(append([]byte(c.Channel), 0), byte(c.Lane))
	var ids []uint64
	ahead := 0
	later := func(due time.Time) {
		if next.IsZero() || due.Before(next) {
			next = due
		}
	}
	cur := t.tx.Bucket(bReady).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		due := time.Unix(0, int64(binary.BigEndian.Uint64(k[len(prefix):])))
		if due.After(c.Now) {
			ahead++
		}
		if len(ids) >= c.Most || ahead > mostAhead {
			later(due)
			break
		}
		id := binary.BigEndian.Uint64(k[len(prefix)+8:])
		if c.Skip == nil && ahead == 0 {
			ids = append(ids, id)
			continue
		}
		r, ok, err := t.row(id)
		switch {
		case err != nil || !ok:
			return next, errors.Join(err, errors.New("outbox: a ready row is in its index only"))
		case ahead > 0 && !r.Ahead(c.Now):
			later(due)
		case c.Skip != nil && c.Skip(r.Address):
			later(earlier(due, c.Now))
		default:
			ids = append(ids, id)
		}
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

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
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
	err := o.settle(ctx, settled, (*Tx).settle)
	if err != nil && ctx.Err() == nil {
		err = o.settleApart(ctx, settled)
	}
	if err != nil {
		return fmt.Errorf("settle messages: %w", err)
	}
	return nil
}

func (o Outbox) settle(ctx context.Context, settled []outbox.Settlement, one func(*Tx, *outbox.Settlement) error) error {
	return o.Update(ctx, func(tx *Tx) error {
		for i := range settled {
			if err := one(tx, &settled[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// settleApart settles row by row, and of those that fail writes down the row
// alone. When that fails too, it is the store's fault and not the row's.
func (o Outbox) settleApart(ctx context.Context, settled []outbox.Settlement) error {
	var uncounted []error
	for i := range settled {
		one := settled[i : i+1]
		wrong := o.settle(ctx, one, (*Tx).settle)
		if wrong == nil {
			continue
		}
		if err := o.settle(ctx, one, (*Tx).settleRow); err != nil {
			return err
		}
		uncounted = append(uncounted, fmt.Errorf("row %d: %w", one[0].Row.ID, wrong))
	}
	if len(uncounted) > 0 {
		return &outbox.Uncounted{Err: errors.Join(uncounted...)}
	}
	return nil
}

// leasedAs returns the row of a settlement; false when it is not under that lease
// any more.
func (t *Tx) leasedAs(s *outbox.Settlement) (outbox.Row, bool, error) {
	r, ok, err := t.row(s.Row.ID)
	return r, err == nil && ok && r.State == outbox.StateLeased && r.LeasedUntil.Equal(s.Lease), err
}

// settleRow is settle without what follows for others.
func (t *Tx) settleRow(s *outbox.Settlement) error {
	before, ok, err := t.leasedAs(s)
	if err != nil || !ok {
		return err
	}
	return t.change(&before, &s.Row)
}

func (t *Tx) settle(s *outbox.Settlement) error {
	before, ok, err := t.leasedAs(s)
	if err != nil || !ok {
		return err
	}
	if err := t.settled(&before, &s.Row); err != nil || !s.Shut {
		return err
	}
	return t.ShutAddress(before.Address, s.Row.Settled)
}

// ShutAddress marks an address as one that cannot be written to and gives up
// what is queued for it.
func (t *Tx) ShutAddress(at channel.Address, now time.Time) error {
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
		if err := t.settled(&open[i], &dead); err != nil {
			return err
		}
	}
	return nil
}

// Recover makes rows leased by an earlier run ready again; see [outbox.Queue].
// Those of a broadcast that was stopped meanwhile are taken back.
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
			if err := tx.settled(&r, &again); err != nil {
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
		if err := tx.revived(&r, now); err != nil {
			return err
		}
		return tx.change(&r, &again)
	})
	return revived, err
}

// Rows calls fn for every row there is, in the order of their ids.
func (o Outbox) Rows(ctx context.Context, fn func(outbox.Row)) error {
	return o.View(ctx, func(tx *Tx) error {
		cur := tx.tx.Bucket(bOutbox).Cursor()
		for k, v := cur.First(); k != nil; k, v = cur.Next() {
			r := outbox.Row{ID: binary.BigEndian.Uint64(k)}
			if err := r.UnmarshalBinary(v); err != nil {
				return fmt.Errorf("outbox: %w", err)
			}
			fn(r)
		}
		return nil
	})
}
