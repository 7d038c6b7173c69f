package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"sachhon/bot/channel"
	"sachhon/scheduler"
)

// Pace is how fast a network may be sent to; [scheduler.Pacer] keeps it.
type Pace = scheduler.Pace

// Taken is what came of a sending that the network took.
const Taken = "taken"

// Options tune an [Outbox]. Every zero value means the default named.
type Options struct {
	// Parallel is the most sendings of bulk in flight; replies may be half as many
	// more, so that a slow way does not make them wait for a broadcast. A quarter
	// of a second's worth, at least 8: a round trip to a network in Europe or
	// Singapore takes 50–250 ms, and many requests in flight while a network asks
	// for patience make it ask for more.
	Parallel int
	// SendTimeout ends a sending whose network does not answer; whether it took
	// the message is then not known. 60 s, for a file on a slow line.
	SendTimeout time.Duration
	// Lease is how long rows are claimed. 5 min; never less than a sending can
	// take twice over.
	Lease time.Duration
	// Drain is how long Run waits for what is in flight when it is to end. 3 s.
	Drain time.Duration
	// MaxAttempts is after how many failed sendings a row is given up. 12, which
	// with the back-off below is about half an hour of trying.
	MaxAttempts int
	// MaxUnsure is after how many sendings without word of their outcome a row
	// is given up: every one of them may have reached the person. 4.
	MaxUnsure int
	// BackoffFirst is the longest wait after the first failure; it doubles with
	// every further one up to BackoffMost, and each wait is drawn evenly between
	// nothing and that ("full jitter"). 1 s and 1 h.
	BackoffFirst, BackoffMost time.Duration
	// DownRetry is how often a channel that is shut out is tried. 3 min.
	DownRetry time.Duration
	// Random returns numbers in [0, 1) for the jitter; nil: math/rand/v2.
	Random func() float64
	// Count is told of every sending: its lane, what came of it ([Taken] or the
	// name of a [channel.ErrorKind]) and how long it took. It must not wait. nil:
	// nobody counts.
	Count func(lane Lane, result string, took time.Duration)
	// Log takes what staff should know; it never gets a text or an address. nil:
	// nothing is logged.
	Log *slog.Logger
}

func (o Options) withDefaults(pace Pace) Options {
	setDefault(&o.Parallel, max(8, pace.PerSecond/4))
	setDefault(&o.SendTimeout, time.Minute)
	setDefault(&o.Lease, 5*time.Minute)
	setDefault(&o.Drain, 3*time.Second)
	setDefault(&o.MaxAttempts, 12)
	setDefault(&o.MaxUnsure, 4)
	setDefault(&o.BackoffFirst, time.Second)
	setDefault(&o.BackoffMost, time.Hour)
	setDefault(&o.DownRetry, 3*time.Minute)
	o.Lease = max(o.Lease, 2*(o.SendTimeout+leaseMargin))
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.Count == nil {
		o.Count = func(Lane, string, time.Duration) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// mostFlying is the most sendings in flight, replies among them.
func (o *Options) mostFlying() int { return o.Parallel + o.Parallel/2 }

func setDefault[T int | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// Outbox sends the rows of one channel.
type Outbox struct {
	queue  Queue
	sender channel.Sender
	pace   Pace
	opts   Options
	wake   chan struct{}
	// standing is what the run last told of its network.
	standing atomic.Pointer[Standing]
}

// New returns an outbox that sends what queue holds for sender's channel, at
// most at the given pace.
func New(queue Queue, sender channel.Sender, pace Pace, opts Options) *Outbox {
	return &Outbox{
		queue: queue, sender: sender, pace: pace, opts: opts.withDefaults(pace),
		wake: make(chan struct{}, 1),
	}
}

// Wake makes the outbox look into the queue; called after rows were enqueued
// or revived. It never waits. Without it new rows are found within a minute.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends; then nothing more is begun, what is in flight gets
// Options.Drain to end, and all that is known is written down. It returns an
// error only when something was left unwritten at the end: the next run then
// sends it again, labelled.
func (o *Outbox) Run(ctx context.Context) error {
	name := o.sender.Name()
	if !o.takeUp(ctx, name) {
		return nil
	}
	r := newRun(o, name)
	if err := r.loop(ctx); err != nil {
		return fmt.Errorf("run outbox of %s: %w", name, err)
	}
	return nil
}

// takeUp makes ready what an earlier run had leased, trying until the queue can
// do it; false: ctx ended first.
func (o *Outbox) takeUp(ctx context.Context, name string) bool {
	for tries := 1; ; tries++ {
		n, err := o.queue.Recover(ctx, name)
		if err == nil {
			if n > 0 {
				o.opts.Log.Warn("messages in flight when the program stopped are sent again", "channel", name, "messages", n)
			}
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		o.opts.Log.Error("nothing is sent, trying again", "channel", name, "error", fmt.Errorf("recover leased messages: %w", err))
		again := time.NewTimer(doubled(storeRetry, tries, longest))
		select {
		case <-ctx.Done():
		case <-again.C:
		}
		again.Stop()
	}
}
