package telegram

import (
	"context"
	"sync"
	"time"
)

// gate is shut while Telegram wants no requests. A wait it asks for is meant
// for the whole bot, and asking meanwhile makes it longer.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

// shut keeps the gate shut for at least d from now.
func (g *gate) shut(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.until) {
		g.until = until
	}
}

// left is how long the gate stays shut; 0: it is open.
func (g *gate) left() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(0, time.Until(g.until))
}

// wait returns once the gate is open, or the error of ctx.
func (g *gate) wait(ctx context.Context) error {
	for {
		left := g.left()
		if left == 0 {
			return ctx.Err()
		}
		if err := pause(ctx, left); err != nil {
			return err
		}
	}
}

// pause waits for d or returns the error of ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
