package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// part is one thing that runs: it is started in order and stopped in reverse.
type part struct {
	name  string
	start func(ctx context.Context) error
	stop  func(ctx context.Context) error // nil: nothing to stop
}

// StopBudget is how long stopping may take altogether: `serve` promises to end
// within five seconds of SIGTERM.
const StopBudget = 4 * time.Second

// startParts starts the parts in order. When one fails, those that run already
// are stopped in reverse and the failure is returned.
func startParts(ctx context.Context, log *slog.Logger, parts []part) (started []part, err error) {
	for _, p := range parts {
		from := time.Now()
		if err := p.start(ctx); err != nil {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopBudget)
			defer cancel()
			return nil, errors.Join(err, stopParts(stopCtx, log, started))
		}
		log.Debug("part started", "part", p.name, "took", time.Since(from))
		started = append(started, p)
	}
	return started, nil
}

// stopParts stops parts in reverse; every part is stopped whatever becomes of
// the others.
func stopParts(ctx context.Context, log *slog.Logger, parts []part) error {
	var all error
	for _, p := range slices.Backward(parts) {
		if p.stop == nil {
			continue
		}
		from := time.Now()
		if err := p.stop(ctx); err != nil {
			all = errors.Join(all, fmt.Errorf("stop %s: %w", p.name, err))
		}
		log.Debug("part stopped", "part", p.name, "took", time.Since(from))
	}
	return all
}

// background is a goroutine that runs until its context ends.
type background struct {
	cancel context.CancelFunc
	ended  chan error
}

// run starts fn in a goroutine of its own.
func run(fn func(ctx context.Context) error) *background {
	ctx, cancel := context.WithCancel(context.Background())
	b := &background{cancel: cancel, ended: make(chan error, 1)}
	go func() { b.ended <- fn(ctx) }()
	return b
}

// stop ends it and waits for that, at most until ctx ends.
func (b *background) stop(ctx context.Context) error {
	b.cancel()
	select {
	case err := <-b.ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
