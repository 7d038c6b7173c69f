package outboxtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
)

// Store is what the suite works on: the queue, the ledger, and what the rest
// of the program does to them.
type Store interface {
	outbox.Queue
	outbox.Ledger
	// Enqueue commits new rows, in this order, and gives them their ids.
	Enqueue(ctx context.Context, rows ...outbox.Row) error
	// Forget deletes all rows of an address.
	Forget(ctx context.Context, a channel.Address) error
	// IsShut says whether an address is marked as one that cannot be written to.
	IsShut(ctx context.Context, a channel.Address) (bool, error)
}

// Opener opens a store at the place it was made for: the first call makes an
// empty one, every further call opens the same again as after a crash, without
// a word of farewell to the one before. It closes what it opened when the test
// ends.
type Opener func() Store

// Queue runs the suite. open is called once per test and returns that test's
// own opener.
func Queue(t *testing.T, open func(t *testing.T) Opener) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			opener := open(t)
			c.run(&bench{T: t, reopen: opener, Store: opener()})
		})
	}
}

type check struct {
	name string
	run  func(b *bench)
}

// checks lists what a queue promises.
var checks = []check{
	{"rows due are leased oldest first, up to the number asked for", oldestFirst},
	{"a row is leased once", leasedOnce},
	{"a row comes back as it was enqueued", roundTrip},
	{"lanes and channels are kept apart", keptApart},
	{"a row that is not due yet waits, and the time is told", notDueYet},
	{"what was queued under a clock set back since does not wait", clockSetBack},
	{"rows of one address keep their order", keepsOrder},
	{"a row that waits for another try holds back those behind it", retryHoldsBack},
	{"addresses held back are passed over", skips},
	{"a lease that ran out is taken over and labelled", leaseRunsOut},
	{"what was leased at a crash is recovered and labelled", recovers},
	{"recovering one channel leaves the others alone", recoversOneChannel},
	{"many settlements are written at once", settlesMany},
	{"a settlement under another lease changes nothing", staleSettlement},
	{"a forgotten row is not brought back by its settlement", forgotten},
	{"a shut address is marked and what is queued for it given up", shuts},
	{"an address can change", moves},
	{"dead rows are listed in pages", listsDead},
	{"a dead row can be revived, once", revives},
	{"nothing is lost when the store is opened again", survives},
}

// start is the time at which every check begins.
var start = time.Date(2026, 12, 10, 8, 0, 0, 123456789, time.UTC)

// leaseTime is how long the checks lease rows.
const leaseTime = time.Minute

// bench is one check at work.
type bench struct {
	*testing.T
	Store
	reopen Opener
}

func at(channelName string, n int) channel.Address {
	return channel.Address{Channel: channelName, ID: fmt.Sprint(n)}
}

func row(a channel.Address, text string) outbox.Row {
	return outbox.Row{Lane: outbox.Replies, Address: a, Message: dialogs.Message{Text: text}, Queued: start}
}

func bulk(a channel.Address, text string) outbox.Row {
	r := row(a, text)
	r.Lane = outbox.Bulk
	return r
}

func (b *bench) enqueue(rows ...outbox.Row) {
	b.Helper()
	if err := b.Enqueue(b.Context(), rows...); err != nil {
		b.Fatalf("enqueue: %v", err)
	}
}

// lease leases rows of channel "net" and returns them with the time to look again.
func (b *bench) lease(lane outbox.Lane, n int, now time.Time, skip ...channel.Address) ([]outbox.Row, time.Time) {
	b.Helper()
	rows, next, err := b.Lease(b.Context(), outbox.Claim{
		Channel: "net", Lane: lane, Most: n, Now: now, Until: now.Add(leaseTime),
		Skip: func(a channel.Address) bool { return slices.Contains(skip, a) },
	})
	if err != nil {
		b.Fatalf("lease: %v", err)
	}
	for _, r := range rows {
		if r.State != outbox.StateLeased || !r.LeasedUntil.Equal(now.Add(leaseTime)) {
			b.Errorf("row %q came back %v until %v, want it leased until %v", r.Message.Text, r.State, r.LeasedUntil, now.Add(leaseTime))
		}
	}
	return rows, next
}

// wantLease leases and checks the texts of what comes back.
func (b *bench) wantLease(lane outbox.Lane, n int, now time.Time, want ...string) []outbox.Row {
	b.Helper()
	rows, _ := b.lease(lane, n, now)
	b.wantTexts(rows, want...)
	return rows
}

func (b *bench) wantTexts(rows []outbox.Row, want ...string) {
	b.Helper()
	var got []string
	for _, r := range rows {
		got = append(got, r.Message.Text)
	}
	if !slices.Equal(got, want) {
		b.Fatalf("got rows %q, want %q", got, want)
	}
}

func (b *bench) settle(list ...outbox.Settlement) {
	b.Helper()
	if err := b.Settle(b.Context(), list); err != nil {
		b.Fatalf("settle: %v", err)
	}
}

// row returns a row that must be there.
func (b *bench) row(id uint64) outbox.Row {
	b.Helper()
	r, ok, err := b.Row(b.Context(), id)
	if err != nil || !ok {
		b.Fatalf("row %d: there: %v, error: %v", id, ok, err)
	}
	return r
}

// sent settles a leased row as sent.
func sent(r outbox.Row) outbox.Settlement {
	s := outbox.Settlement{Row: r, Lease: r.LeasedUntil}
	s.Row.State, s.Row.LeasedUntil, s.Row.Settled = outbox.StateSent, time.Time{}, start.Add(time.Second)
	s.Row.Message, s.Row.Attempts, s.Row.Receipt = dialogs.Message{}, 1, "m1"
	return s
}

// again settles a leased row as queued until the given time.
func again(r outbox.Row, notBefore time.Time) outbox.Settlement {
	s := outbox.Settlement{Row: r, Lease: r.LeasedUntil}
	s.Row.State, s.Row.LeasedUntil, s.Row.NotBefore = outbox.StateQueued, time.Time{}, notBefore
	s.Row.Attempts++
	s.Row.LastError = "send message: temporary"
	return s
}

// dead settles a leased row as given up.
func dead(r outbox.Row, why outbox.Reason) outbox.Settlement {
	s := sent(r)
	s.Row.State, s.Row.Reason, s.Row.Message, s.Row.Receipt = outbox.StateDead, why, r.Message, ""
	return s
}
