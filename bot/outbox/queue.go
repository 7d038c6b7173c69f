package outbox

import (
	"context"
	"time"

	"sachhon/bot/channel"
)

// Queue is what an [Outbox] needs of the store. Several outboxes (one per
// channel) share one queue. What a method wrote is durable when it returns;
// outboxtest holds an implementation to all that is said here.
type Queue interface {
	// Lease claims rows as c asks and returns them, the one due earliest first
	// (at the same time: the lower id first). A row can be claimed when it is
	// queued and due or [Row.Ahead], as far as a few looks beyond those that are
	// due find it, or leased and its lease has run out; it must be the first
	// of its address and lane that is still to be sent, so that order is kept,
	// and c.Skip must not hold its address back. At most one row per address is
	// claimed at once.
	//
	// next is when to ask again if nothing new is enqueued or settled: the
	// earliest time at which another row of the channel and lane is due, now or
	// earlier if some were left over, zero if there is none. A call that claims
	// nothing must cost no commit.
	Lease(ctx context.Context, c Claim) (rows []Row, next time.Time, err error)
	// Settle writes down what became of leased rows. After an error it is called
	// again with all of them, for some may not be written. A settlement whose row is gone (its contact was forgotten), was settled
	// already, or was leased again under another lease changes nothing. An
	// [Uncounted] means that all of it was written.
	Settle(ctx context.Context, s []Settlement) error
	// Recover makes every row of the channel leased by an earlier run ready
	// again, by [Row.Recover], and returns how many there were. It is called once
	// per channel before anything is leased, and must not read the whole queue.
	Recover(ctx context.Context, channel string) (int, error)
}

// Claim asks for rows to send.
type Claim struct {
	Channel string
	Lane    Lane
	Most    int // how many at the most
	// Now is the time by which rows are due; Until is when the lease runs out.
	Now, Until time.Time
	// Skip holds addresses back; nil: none. It must be quick, for it may be
	// called inside a transaction.
	Skip func(channel.Address) bool
}

// Settlement says what became of a leased row.
type Settlement struct {
	// Row is the row as it is to be kept: queued again, sent or dead. Its
	// address may be another than before (a group that moved).
	Row Row
	// Lease is the row's LeasedUntil as it was leased; the settlement counts
	// only while the row is still under that very lease.
	Lease time.Time
	// Shut says that the address cannot be written to: the store marks it so
	// and gives up, by [Row.Shut], every queued row of the address in both lanes.
	Shut bool
}

// Uncounted is the error of a queue that wrote down what became of rows, but not
// what follows for those on whose behalf some of them were sent, since their
// records cannot be read. Trying again would not help, and nothing else is to wait
// for it.
type Uncounted struct{ Err error }

// Error says whose records cannot be read, and why.
func (e *Uncounted) Error() string { return "settled, but not counted: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Uncounted) Unwrap() error { return e.Err }

// Ledger is what people may ask of the store about messages, and do.
type Ledger interface {
	// Row returns a row; false when there is none, or not any more.
	Row(ctx context.Context, id uint64) (Row, bool, error)
	// Dead returns at most n dead rows with an id above after, in the order of
	// their ids.
	Dead(ctx context.Context, after uint64, n int) ([]Row, error)
	// Revive queues a dead row again by [Row.Revive]; false when there is no
	// dead row of that id. The outbox must be woken afterwards.
	Revive(ctx context.Context, id uint64, now time.Time) (bool, error)
}
