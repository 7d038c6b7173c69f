package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sachhon/bot/channel"
)

// storeRetry is how long the outbox waits after a failure of the store.
const storeRetry = time.Second

// stored is what came of one visit to the queue.
type stored struct {
	settled []Settlement
	// err is why settled was not written; nil: it was.
	err    error
	leased [Lanes]leased
}

// leased is what the queue gave for one lane.
type leased struct {
	asked int
	rows  []Row
	next  time.Time
	err   error
}

// page is how many rows of a lane are leased ahead: about half a second's
// worth, so that the store is asked a few times a second and a crash labels no
// more rows than that.
func (r *run) page() int {
	switch {
	case r.health.down:
		return 1
	case r.pace.PerSecond == 0:
		return 2 * r.opts.Parallel
	default:
		return max(r.pace.PerSecond/2, 4)
	}
}

// wants is how many rows of a lane the loop could do with.
func (r *run) wants(lane Lane) int {
	have, page := len(r.buffer[lane]), r.page()
	if have > page/2 || r.health.down && len(r.flying) > 0 {
		return 0
	}
	return page - have
}

// store begins a visit to the queue if one is due and none is under way.
func (r *run) store(ctx context.Context, now time.Time) {
	if r.storing {
		return
	}
	var most [Lanes]int
	due := len(r.pending) > 0 && !r.flush.After(now)
	for lane := range Lanes {
		if n := r.wants(lane); n > 0 && !latest(r.look[lane], r.pacer.Gate()).After(now) {
			most[lane] = n
			due = true
		}
	}
	if !due {
		return
	}
	for lane, n := range most {
		if n > 0 {
			r.look[lane] = now.Add(longest) // unless somebody wakes us meanwhile
		}
	}
	settled, held := r.pending, r.held(now)
	r.pending, r.storing = nil, true
	go func() { r.stored <- r.visit(ctx, settled, most, held) }()
}

// held returns for each lane the addresses whose rows must not be leased now,
// with the time from which they may; zero where that is not known.
func (r *run) held(now time.Time) [Lanes]map[channel.Address]time.Time {
	var held [Lanes]map[channel.Address]time.Time
	for lane := range Lanes {
		held[lane] = make(map[channel.Address]time.Time, len(r.free)+len(r.flying))
		for a, at := range r.free {
			if at.After(now) {
				held[lane][a] = at
			} else {
				delete(r.free, a)
			}
		}
		for a := range r.flying {
			held[lane][a] = time.Time{}
		}
		for before := Replies; before <= lane; before++ {
			for i := range r.buffer[before] {
				held[lane][r.buffer[before][i].Address] = time.Time{}
			}
		}
	}
	return held
}

// visit writes settlements and leases rows; it runs beside the loop. While
// outcomes cannot be written nothing more is leased: it would leave, and leave
// again whenever its lease had run out.
func (r *run) visit(ctx context.Context, settled []Settlement, most [Lanes]int, held [Lanes]map[channel.Address]time.Time) stored {
	out := stored{settled: settled}
	if len(settled) > 0 {
		out.err = r.write(context.WithoutCancel(ctx), settled)
	}
	for lane, n := range most {
		switch {
		case n == 0 || ctx.Err() != nil:
		case out.err != nil:
			out.leased[lane] = leased{asked: n, next: time.Now().Add(storeRetry)}
		default:
			out.leased[lane] = r.lease(ctx, Lane(lane), n, held[lane])
		}
	}
	return out
}

// write writes outcomes down; nil: they are written, though some may not be
// counted.
func (r *run) write(ctx context.Context, settled []Settlement) error {
	err := r.queue.Settle(ctx, settled)
	if _, ok := errors.AsType[*Uncounted](err); ok {
		r.health.log.Error("what became of some messages is written, but not counted", "error", err)
		return nil
	}
	return err
}

func (r *run) lease(ctx context.Context, lane Lane, n int, held map[channel.Address]time.Time) leased {
	now := time.Now()
	var back time.Time // when the first of those held back is free
	skipped := false
	c := Claim{Channel: r.name, Lane: lane, Most: n, Now: now, Until: now.Add(r.opts.Lease)}
	c.Skip = func(a channel.Address) bool {
		at, ok := held[a]
		skipped = skipped || ok
		if ok && !at.IsZero() && (back.IsZero() || at.Before(back)) {
			back = at
		}
		return ok
	}
	l := leased{asked: n}
	l.rows, l.next, l.err = r.queue.Lease(ctx, c)
	l.next = lookAgain(now, l.next, back, skipped && len(l.rows) < n)
	return l
}

// lookAgain says when to look for rows again: when the queue says so, unless
// all that is due was held back; then when the first of that is free, or, where
// that is not known, once what is in flight is settled.
func lookAgain(now, next, back time.Time, heldBack bool) time.Time {
	far := now.Add(longest)
	switch {
	case heldBack && !next.After(now) && !back.IsZero():
		return back
	case next.IsZero() || heldBack && !next.After(now):
		return far
	default:
		return next
	}
}

// took notes what came of a visit.
func (r *run) took(s stored) {
	r.storing = false
	now := time.Now()
	if s.err != nil {
		r.health.log.Error("outcome of sendings not written, trying again", "messages", len(s.settled), "error", fmt.Errorf("settle messages: %w", s.err))
		r.pending = append(s.settled, r.pending...)
		r.flush = now.Add(storeRetry)
	}
	for lane := range Lanes {
		l := s.leased[lane]
		switch {
		case l.asked == 0:
		case l.err != nil:
			if !errors.Is(l.err, context.Canceled) {
				r.health.log.Error("messages not leased, trying again", "error", fmt.Errorf("lease messages: %w", l.err))
			}
			r.lookAt(lane, now.Add(storeRetry))
		default:
			r.buffer[lane] = append(r.buffer[lane], l.rows...)
			r.lookAt(lane, l.next)
		}
		if s.err == nil && len(s.settled) > 0 {
			r.lookAt(lane, now) // what waited behind a settled row may go now
		}
	}
	if r.pacer.Gate().After(now) {
		r.release(now) // what closed the gate was settled in this visit or will be in the next
	}
}

// drain ends the run: it waits for what is in flight, cuts off what takes too
// long, and writes down all that is known.
func (r *run) drain(cutOff context.CancelFunc) error {
	r.release(time.Now())
	patience := time.NewTimer(r.opts.Drain)
	defer patience.Stop()
	cut := false
	for len(r.flying) > 0 || r.storing {
		select {
		case res := <-r.results:
			r.take(res)
		case s := <-r.stored:
			r.took(s)
			r.release(time.Now())
		case <-patience.C:
			if cut {
				r.health.log.Error("sendings did not end when told to", "messages", len(r.flying))
				clear(r.flying)
				r.storing = false
				continue
			}
			cut = true
			cutOff()
			patience.Reset(time.Second)
		}
	}
	if len(r.pending) == 0 {
		return nil
	}
	if err := r.write(context.Background(), r.pending); err != nil {
		return fmt.Errorf("settle %d messages: %w", len(r.pending), err)
	}
	return nil
}
