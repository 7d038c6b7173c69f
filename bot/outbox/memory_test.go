package outbox_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// disk is what survives a crash: rows in their binary form.
type disk struct {
	mu   sync.Mutex
	rows map[uint64][]byte
	last uint64
	shut map[channel.Address]bool
}

func newDisk() *disk {
	return &disk{rows: map[uint64][]byte{}, shut: map[channel.Address]bool{}}
}

// memory is a queue over a disk: the simplest thing that keeps every promise
// of outbox.Queue. Once crashed it neither reads nor writes, like a program
// that died.
type memory struct {
	*disk
	crashed bool
	delay   time.Duration // how long every transaction takes
	visits  int           // transactions that wrote
	largest int           // the most rows ever leased at one time
}

var errCrashed = errors.New("the program died")

func (m *memory) begin() error {
	time.Sleep(m.delay) // in a bubble: time that passes by itself
	m.mu.Lock()
	if m.crashed {
		m.mu.Unlock()
		return errCrashed
	}
	return nil
}

func (m *memory) crash() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.crashed = true
}

func (d *disk) get(id uint64) (outbox.Row, bool) {
	raw, ok := d.rows[id]
	if !ok {
		return outbox.Row{}, false
	}
	row := outbox.Row{ID: id}
	if err := row.UnmarshalBinary(raw); err != nil {
		panic(err)
	}
	return row, true
}

func (d *disk) put(row outbox.Row) {
	raw, err := row.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	d.rows[row.ID] = raw
}

// all returns the rows for which keep holds, in the order of their ids.
func (d *disk) all(keep func(*outbox.Row) bool) []outbox.Row {
	var out []outbox.Row
	for id := range d.rows {
		if row, _ := d.get(id); keep(&row) {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b outbox.Row) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// forgetSent forgets rows that were sent and returns how many are left, so that
// a long test stays quick.
func (d *disk) forgetSent() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.rows {
		if row, _ := d.get(id); row.State == outbox.StateSent {
			delete(d.rows, id)
		}
	}
	return len(d.rows)
}

// find is all for those who do not hold the lock.
func (d *disk) find(keep func(*outbox.Row) bool) []outbox.Row {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all(keep)
}

func (m *memory) Enqueue(_ context.Context, rows ...outbox.Row) error {
	if err := m.begin(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, row := range rows {
		m.last++
		row.ID = m.last
		m.put(row)
	}
	return nil
}

func (m *memory) Lease(_ context.Context, c outbox.Claim) ([]outbox.Row, time.Time, error) {
	if err := m.begin(); err != nil {
		return nil, time.Time{}, err
	}
	defer m.mu.Unlock()
	seen := map[channel.Address]bool{}
	heads := m.all(func(r *outbox.Row) bool {
		if r.Address.Channel != c.Channel || r.Lane != c.Lane || !r.Open() {
			return false
		}
		return true
	})
	heads = slices.DeleteFunc(heads, func(r outbox.Row) bool {
		old := seen[r.Address]
		seen[r.Address] = true
		return old
	})
	slices.SortStableFunc(heads, func(a, b outbox.Row) int { return a.Due().Compare(b.Due()) })
	var taken []outbox.Row
	var next time.Time
	for _, r := range heads {
		if r.Due().After(c.Now) && !r.Ahead(c.Now) || len(taken) == c.Most || c.Skip != nil && c.Skip(r.Address) {
			if next.IsZero() {
				next = r.Due()
			}
			continue
		}
		r = r.Lease(c.Until)
		m.put(r)
		taken = append(taken, r)
	}
	if len(taken) > 0 {
		m.visits++
		m.largest = max(m.largest, len(m.all(func(r *outbox.Row) bool { return r.State == outbox.StateLeased })))
	}
	return taken, next, nil
}

func (m *memory) Settle(_ context.Context, list []outbox.Settlement) error {
	if err := m.begin(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.visits++
	for _, s := range list {
		old, ok := m.get(s.Row.ID)
		if !ok || old.State != outbox.StateLeased || !old.LeasedUntil.Equal(s.Lease) {
			continue
		}
		m.put(s.Row)
		if !s.Shut {
			continue
		}
		m.shut[s.Row.Address] = true
		for _, r := range m.all(func(r *outbox.Row) bool { return r.Address == s.Row.Address && r.State == outbox.StateQueued }) {
			m.put(r.Shut(s.Row.Settled))
		}
	}
	return nil
}

func (m *memory) Recover(_ context.Context, name string) (int, error) {
	if err := m.begin(); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	rows := m.all(func(r *outbox.Row) bool { return r.State == outbox.StateLeased && r.Address.Channel == name })
	for _, r := range rows {
		m.put(r.Recover())
	}
	return len(rows), nil
}

func (m *memory) Row(_ context.Context, id uint64) (outbox.Row, bool, error) {
	if err := m.begin(); err != nil {
		return outbox.Row{}, false, err
	}
	defer m.mu.Unlock()
	row, ok := m.get(id)
	return row, ok, nil
}

func (m *memory) Dead(_ context.Context, after uint64, n int) ([]outbox.Row, error) {
	if err := m.begin(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	rows := m.all(func(r *outbox.Row) bool { return r.State == outbox.StateDead && r.ID > after })
	return rows[:min(n, len(rows))], nil
}

func (m *memory) Revive(_ context.Context, id uint64, now time.Time) (bool, error) {
	if err := m.begin(); err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	row, ok := m.get(id)
	if !ok || row.State != outbox.StateDead {
		return false, nil
	}
	m.put(row.Revive(now))
	return true, nil
}

// Forget drops all rows of an address, as when its contact is deleted.
func (m *memory) Forget(_ context.Context, a channel.Address) error {
	if err := m.begin(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, r := range m.all(func(r *outbox.Row) bool { return r.Address == a }) {
		delete(m.rows, r.ID)
	}
	return nil
}

// IsShut says whether an address was marked as one that cannot be written to.
func (m *memory) IsShut(_ context.Context, a channel.Address) (bool, error) {
	if err := m.begin(); err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	return m.shut[a], nil
}
