package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Calendar runs the few schedules of the house, such as nightly housekeeping.
// It holds no state: a run that was missed while the program was down is not
// caught up, since the next one does its work.
type Calendar struct {
	cron *cron.Cron
	log  *slog.Logger
}

// NewCalendar returns a calendar whose times are read in zone.
func NewCalendar(zone *time.Location, log *slog.Logger) *Calendar {
	return &Calendar{cron: cron.New(cron.WithLocation(zone)), log: log}
}

// Add runs fn at the times of spec (five fields, as crontab(5) writes them).
// While a run of it goes on, the next one is left out.
func (c *Calendar) Add(name, spec string, fn func(ctx context.Context) error) error {
	job := cron.NewChain(cron.SkipIfStillRunning(cron.DiscardLogger)).Then(cron.FuncJob(func() {
		from := time.Now()
		if err := fn(context.Background()); err != nil {
			c.log.Error("scheduled run failed", "run", name, "error", err)
			return
		}
		c.log.Info("scheduled run done", "run", name, "took", time.Since(from))
	}))
	if _, err := c.cron.AddJob(spec, job); err != nil {
		return fmt.Errorf("schedule %s: %w", name, err)
	}
	return nil
}

// Run runs what is scheduled until ctx ends, and waits for what is under way.
func (c *Calendar) Run(ctx context.Context) error {
	c.cron.Start()
	<-ctx.Done()
	<-c.cron.Stop().Done()
	return nil
}
