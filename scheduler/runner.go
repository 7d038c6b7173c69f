package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Fire carries out what is due at now and returns when the next job falls due;
// the zero time means that none is planned.
type Fire func(ctx context.Context, now time.Time) (next time.Time, err error)

// Runner sleeps until something is due and fires it.
type Runner struct {
	fire Fire
	wake chan struct{}
	log  *slog.Logger
}

// longest is how long the runner sleeps at the most, so that a clock that was
// set forward is noticed.
const longest = time.Minute

// retry is how long it waits after a failure of the store.
const retry = 2 * time.Second

// NewRunner returns a runner over fire.
func NewRunner(fire Fire, log *slog.Logger) *Runner {
	return &Runner{fire: fire, wake: make(chan struct{}, 1), log: log}
}

// Wake makes the runner look at the table again; called after jobs were planned.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run fires what falls due until ctx ends.
func (r *Runner) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.wake:
		case <-timer.C:
		}
		next, err := r.fire(ctx, time.Now())
		wait := longest
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.log.Error("due jobs not fired", "error", fmt.Errorf("fire due jobs: %w", err))
			wait = retry
		case !next.IsZero():
			wait = min(max(time.Until(next), 0), longest)
		}
		timer.Reset(wait)
	}
}
