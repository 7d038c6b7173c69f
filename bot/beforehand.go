package bot

import (
	"errors"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// A turn is played beforehand, beside the transaction that is being committed:
// its writes are noted and, when nothing of its contact has changed meanwhile,
// only carried out in the next transaction. So the one writer does little more
// than write, and the engine's work is spread over all processors. A turn that
// cannot be played beforehand (a newcomer's, one that asks the programme for an
// action) is played in the transaction as any other.

// prepared is a Tx over a still picture of the store that notes what a turn
// wants to write.
type prepared struct {
	Tx      // reads
	contact string
	version uint64 // of the picture
	key     string // of the address
	fx      effects
	// What is to be written, in order of kind: the kinds do not touch each other.
	update  [2]string // channel and id, to be remembered
	entries []entry
	rows    []outbox.Row
	space   struct { // for what an ordinary turn writes
		entries [2]entry
		rows    [1]outbox.Row
	}
	jobs    []scheduler.Job
	known   *dialogs.Contact
	session *dialogs.Session
}

type entry struct {
	at string
	e  channel.Entry
}

// errNotBeforehand means that a turn must be played in the transaction.
var errNotBeforehand = errors.New("this turn cannot be played beforehand")

// beforehand plays what arrived against a still picture; nil when that cannot
// be done.
func (k *turns) beforehand(tx Tx, in *channel.Incoming, now time.Time) (r *prepared) {
	defer func() {
		if recover() != nil {
			r = nil // it will panic again where that is undone and told
		}
	}()
	if in.Standing != channel.StandingSame {
		return nil
	}
	key := in.Address.String()
	id, _, ok, err := tx.Address(key)
	if err != nil || !ok {
		return nil
	}
	r = &prepared{Tx: tx, contact: id, version: tx.Version(), key: key}
	r.entries, r.rows = r.space.entries[:0], r.space.rows[:0]
	if k.take(r, in, now, &r.fx) != nil {
		return nil
	}
	r.Tx = nil // the picture will be gone
	return r
}

// perform writes what was noted, unless the contact changed since.
func (r *prepared) perform(tx Tx, now time.Time, fx *effects) (done bool, err error) {
	if !tx.Unchanged(r.contact, r.version) {
		return false, nil
	}
	seen, err := tx.Seen(r.update[0], r.update[1], now)
	if err != nil || seen {
		return seen, err
	}
	for i := range r.entries {
		if err := tx.Append(r.entries[i].at, &r.entries[i].e); err != nil {
			return false, err
		}
	}
	for i := range r.rows {
		if err := tx.Enqueue(r.rows[i]); err != nil {
			return false, err
		}
	}
	for _, j := range r.jobs {
		if err := tx.Plan(j); err != nil {
			return false, err
		}
	}
	if r.known != nil {
		if err := tx.PutContact(r.known); err != nil {
			return false, err
		}
	}
	fx.watch(r.key)
	fx.planned = fx.planned || r.fx.planned
	fx.queued = fx.queued || r.fx.queued
	fx.turns++
	return true, tx.PutSession(r.contact, r.session)
}

// Seen notes the update; whether it was seen before is asked in the transaction.
func (r *prepared) Seen(channel, id string, _ time.Time) (bool, error) {
	r.update = [2]string{channel, id}
	return false, nil
}

// PutAddress happens to newcomers and to those who come back.
func (r *prepared) PutAddress(string, string, bool) error { return errNotBeforehand }

// Append notes an entry.
func (r *prepared) Append(at string, e *channel.Entry) error {
	r.entries = append(r.entries, entry{at, *e})
	return nil
}

// Enqueue notes a message to be sent.
func (r *prepared) Enqueue(row outbox.Row) error {
	r.rows = append(r.rows, row)
	return nil
}

// Plan notes a job.
func (r *prepared) Plan(j scheduler.Job) error {
	r.jobs = append(r.jobs, j)
	return nil
}

// Withdraw reads and writes what others do too.
func (r *prepared) Withdraw(*dialogs.Contact, func(push string) scheduler.Reason, time.Time) error {
	return errNotBeforehand
}

// PutContact notes the contact, if anything of it changed.
func (r *prepared) PutContact(c *dialogs.Contact) error {
	if r.Kept(c) {
		return nil
	}
	r.known = c
	return nil
}

// PutSession notes the session.
func (r *prepared) PutSession(_ string, s *dialogs.Session) error {
	r.session = s
	return nil
}
