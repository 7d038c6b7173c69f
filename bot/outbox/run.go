package outbox

import (
	"context"
	"slices"
	"time"

	"sachhon/bot/channel"
	"sachhon/scheduler"
)

// longest is how long the loop sleeps at the most.
const longest = time.Minute

// leaseMargin is what must be left of a lease, beyond the time a sending may
// take, for a sending to begin: time to write down what became of it.
const leaseMargin = 30 * time.Second

// run is one run of an outbox. All its fields belong to the loop; sendings and
// transactions happen in goroutines of their own and report through channels.
type run struct {
	*Outbox
	name  string
	pacer *scheduler.Pacer
	// learnt is the rate that the network was found to take, kept by bulk; nil
	// where there is no limit to begin with.
	learnt *scheduler.Adaptive
	talk   talk
	health health
	// buffer holds leased rows that were not begun yet, the next one first.
	buffer [Lanes][]Row
	// look is when to ask the queue for rows of a lane.
	look [Lanes]time.Time
	// flying are the addresses something is in flight to, with the pacer's place
	// for it.
	flying map[channel.Address]int
	// free is when an address may be written to again, where that is to come.
	free map[channel.Address]time.Time
	// pending are settlements not written yet, to be written at flush.
	pending []Settlement
	flush   time.Time
	// storing says that a transaction is under way.
	storing bool
	results chan result
	stored  chan stored
}

func newRun(o *Outbox, name string) *run {
	r := &run{
		Outbox: o, name: name, pacer: scheduler.NewPacer(o.pace),
		health:  health{log: o.opts.Log.With("channel", name), downRetry: o.opts.DownRetry},
		flying:  map[channel.Address]int{},
		free:    map[channel.Address]time.Time{},
		results: make(chan result, o.opts.mostFlying()),
		stored:  make(chan stored, 1),
	}
	if o.pace.PerSecond > 0 {
		r.learnt = scheduler.NewAdaptive(o.pace.PerSecond)
	}
	return r
}

// loop sends until ctx ends.
func (r *run) loop(ctx context.Context) error {
	sending, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if ctx.Err() != nil {
			return r.drain(stop)
		}
		r.beginAll(sending)
		r.store(ctx, time.Now())
		r.tell()
		timer.Reset(time.Until(r.nextLook(time.Now())))
		select {
		case <-ctx.Done():
		case <-r.wake:
			now := time.Now()
			for lane := range Lanes {
				r.lookAt(lane, now)
			}
		case res := <-r.results:
			r.take(res)
		case s := <-r.stored:
			r.took(s)
		case <-timer.C:
		}
	}
}

// beginAll begins every sending that may begin now.
func (r *run) beginAll(ctx context.Context) {
	for r.canFly(Replies) {
		now := time.Now()
		if r.pacer.Next().After(now) {
			return
		}
		row, ok := r.pick(now)
		if !ok {
			return
		}
		started := make(chan time.Time)
		go r.send(ctx, row, started)
		at := <-started
		if r.learnt != nil {
			r.learnt.Began(at)
		}
		if row.Lane == Replies {
			r.talk.replied(at)
		}
		r.flying[row.Address] = r.pacer.Began(at)
		if r.pace.PerAddress > 0 {
			r.free[row.Address] = at.Add(r.pace.PerAddress)
		}
	}
}

// canFly says whether one more sending of a lane may be in flight; while the
// channel is in trouble a single one tries the way.
func (r *run) canFly(lane Lane) bool {
	if r.health.down {
		return len(r.flying) == 0
	}
	if lane == Replies {
		return len(r.flying) < r.opts.mostFlying()
	}
	return len(r.flying) < r.opts.Parallel
}

// pick takes the first row off the buffers whose address is free, replies
// before bulk. Rows that must not be sent any more are settled on the way.
func (r *run) pick(now time.Time) (Row, bool) {
	for lane := range Lanes {
		if !r.canFly(lane) || r.laneFree(lane, now).After(now) {
			continue
		}
		for i := 0; i < len(r.buffer[lane]); {
			row := r.buffer[lane][i]
			if !r.freeAt(row.Address).After(now) && !r.isFlying(row.Address) {
				r.buffer[lane] = slices.Delete(r.buffer[lane], i, i+1)
				if r.sendable(row, now) {
					return row, true
				}
				continue
			}
			i++
		}
	}
	return Row{}, false
}

// sendable says whether a row may still be sent; if not it settles the row.
func (r *run) sendable(row Row, now time.Time) bool {
	switch {
	case !row.Expires.IsZero() && !now.Before(row.Expires):
		r.settle(Settlement{Row: r.given(row.dead(Expired, now)), Lease: row.LeasedUntil}, now)
		return false
	case now.Add(r.opts.SendTimeout + leaseMargin).After(row.LeasedUntil):
		r.settle(Settlement{Row: row.queued(time.Time{}), Lease: row.LeasedUntil}, now)
		return false
	default:
		return true
	}
}

func (r *run) isFlying(a channel.Address) bool {
	_, ok := r.flying[a]
	return ok
}

func (r *run) freeAt(a channel.Address) time.Time { return r.free[a] }

// laneFree is when a lane may go on. Replies are few and wait for nothing but the
// pacer; bulk keeps to the rate that the network was found to take, and leaves
// places free for replies.
func (r *run) laneFree(lane Lane, now time.Time) time.Time {
	if lane == Replies || r.learnt == nil {
		return r.pacer.Next()
	}
	return latest(r.learnt.Next(now), r.pacer.NextLeaving(r.talk.places(now, r.pace.PerSecond)))
}

// lookAt makes the loop ask the queue for rows of a lane at the given time, or
// earlier if it would anyway.
func (r *run) lookAt(lane Lane, at time.Time) {
	if r.look[lane].After(at) {
		r.look[lane] = at
	}
}

// nextLook is when the loop has something to do if nothing happens before.
func (r *run) nextLook(now time.Time) time.Time {
	next := now.Add(longest)
	sooner := func(at time.Time) {
		if at.Before(next) {
			next = at
		}
	}
	for lane := range Lanes {
		if r.canFly(lane) {
			open := r.laneFree(lane, now)
			for i := range r.buffer[lane] {
				if a := r.buffer[lane][i].Address; !r.isFlying(a) {
					sooner(latest(r.freeAt(a), open))
				}
			}
		}
	}
	if r.storing {
		return next
	}
	if len(r.pending) > 0 {
		sooner(r.flush)
	}
	for lane := range Lanes {
		if r.wants(lane) > 0 {
			sooner(latest(r.look[lane], r.pacer.Gate()))
		}
	}
	return next
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// take notes what came of a sending.
func (r *run) take(res result) {
	r.pacer.Ended(r.flying[res.row.Address], res.began, res.ended)
	delete(r.flying, res.row.Address)
	now := time.Now()
	r.opts.Count(res.row.Lane, resultOf(res.err), res.ended.Sub(res.began))
	s, closed := r.judge(res, now)
	r.settle(s, now)
	if s.Shut {
		r.shutBuffered(s.Row.Address, now)
	}
	if closed > 0 {
		r.pacer.CloseUntil(now.Add(closed))
	}
}

// Settlements wait for company so that many share one commit: those of replies
// shortly, since the next part of an answer may wait behind them, and those of
// bulk as long as doc.go says that a crash may repeat.
const (
	settleReplies = 20 * time.Millisecond
	settleBulk    = 250 * time.Millisecond
)

// settle adds a settlement to those that wait to be written.
func (r *run) settle(s Settlement, now time.Time) {
	at := now.Add(settleBulk)
	if s.Row.Lane == Replies {
		at = now.Add(settleReplies)
	}
	if len(r.pending) == 0 || at.Before(r.flush) {
		r.flush = at
	}
	r.pending = append(r.pending, s)
}

// release gives back every row that is leased and not begun, so that a crash
// during a long wait repeats nothing and the oldest goes first afterwards.
func (r *run) release(now time.Time) {
	for lane := range Lanes {
		for _, row := range r.buffer[lane] {
			r.settle(Settlement{Row: row.queued(time.Time{}), Lease: row.LeasedUntil}, now)
		}
		r.buffer[lane] = nil
	}
}

// shutBuffered gives up rows for an address that turned out to be shut; those
// in the queue are the store's to give up.
func (r *run) shutBuffered(a channel.Address, now time.Time) {
	for lane := range Lanes {
		r.buffer[lane] = slices.DeleteFunc(r.buffer[lane], func(row Row) bool {
			if row.Address != a {
				return false
			}
			r.settle(Settlement{Row: row.Shut(now), Lease: row.LeasedUntil}, now)
			return true
		})
	}
}
