package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// ErrNoSchedule is what [Calendar.RunNow] fails with for a name it does not know.
var ErrNoSchedule = errors.New("there is no such schedule")

// ErrRunning is what it fails with while a run of that name goes on.
var ErrRunning = errors.New("it is running already")

// Work is what a schedule does. It says in a few words what it did.
type Work func(ctx context.Context) (did string, err error)

// Calendar runs the few schedules of the house, such as nightly housekeeping.
// What it knows of earlier runs stands in their records: a run that was missed
// is caught up once, unless its deadline has passed. Nothing from before the
// first start is caught up.
type Calendar struct {
	zone      *time.Location
	log       *slog.Logger
	runs      Runs
	schedules []*schedule
}

// schedule is one line of the calendar.
type schedule struct {
	name   string
	times  cron.Schedule
	within time.Duration
	work   Work
	last   time.Time // planned time of the last run; only Calendar.Run uses it
	busy   sync.Mutex
}

// NewCalendar returns a calendar whose times are read in zone and whose runs
// are reported to runs; nil: they are only logged.
func NewCalendar(zone *time.Location, log *slog.Logger, runs Runs) *Calendar {
	return &Calendar{zone: zone, log: log, runs: runs}
}

// Add has work done at the times of spec (five fields, as crontab(5) writes
// them), at the latest within that long after them; 0: late is better than
// never. While a run of it goes on, the next one is left out. All schedules are
// added before Run.
func (c *Calendar) Add(name, spec string, within time.Duration, work Work) error {
	times, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(spec)
	if err != nil {
		return fmt.Errorf("schedule %s: %w", name, err)
	}
	c.schedules = append(c.schedules, &schedule{name: name, times: times, within: within, work: work})
	return nil
}

// Run runs what is scheduled until ctx ends, and waits for what is under way.
func (c *Calendar) Run(ctx context.Context) error {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	if err := c.recall(ctx, c.now()); err != nil {
		return err
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		now := c.now()
		// Waking every minute notices a clock that was set.
		wait := longest
		for _, s := range c.schedules {
			c.look(ctx, s, now, &underWay)
			if next := s.times.Next(now); !next.IsZero() {
				wait = min(wait, next.Sub(now))
			}
		}
		timer.Reset(wait)
	}
}

// now is without the monotonic clock, so that differences follow a clock that
// was set.
func (c *Calendar) now() time.Time { return time.Now().In(c.zone).Round(0) }

// recall reads when each schedule ran last. One that never did begins with the
// first start: where the program is off every night, there would never be a run.
func (c *Calendar) recall(ctx context.Context, now time.Time) error {
	for _, s := range c.schedules {
		s.last = now
		if c.runs == nil {
			continue
		}
		r, ok, err := c.runs.LastRun(ctx, s.name)
		if err != nil {
			return fmt.Errorf("look up the last run of %s: %w", s.name, err)
		}
		if ok {
			s.last = r.Planned
		} else if s.last, err = c.runs.Since(ctx, s.name, now); err != nil {
			return fmt.Errorf("look up the first start of %s: %w", s.name, err)
		}
	}
	return nil
}

// look begins a run of s if one is due.
func (c *Calendar) look(ctx context.Context, s *schedule, now time.Time, underWay *sync.WaitGroup) {
	what, planned := turnOf(s.times, s.last, now, s.within)
	switch what {
	case notYet:
		return
	case wrongRun:
		c.log.Warn("the last run lies in the future; a clock was wrong", "run", s.name, "last", s.last)
		s.last = now
		return
	}
	s.last = planned
	r := Run{Name: s.name, Planned: planned, Late: what == catchUp}
	if what == tooLate || !s.busy.TryLock() {
		c.record(ctx, r)
		return
	}
	underWay.Go(func() {
		defer s.busy.Unlock()
		c.carryOut(context.WithoutCancel(ctx), s, r)
	})
}

// RunNow carries out a schedule by its name at once and returns its record when
// it is done; what is planned stays planned. It may be called by any goroutine.
func (c *Calendar) RunNow(ctx context.Context, name string) (Run, error) {
	for _, s := range c.schedules {
		if s.name != name {
			continue
		}
		if !s.busy.TryLock() {
			return Run{}, fmt.Errorf("run %s: %w", name, ErrRunning)
		}
		defer s.busy.Unlock()
		return c.carryOut(ctx, s, Run{Name: name}), nil
	}
	return Run{}, fmt.Errorf("run %s: %w", name, ErrNoSchedule)
}

func (c *Calendar) carryOut(ctx context.Context, s *schedule, r Run) Run {
	r.Started = c.now()
	from := time.Now()
	did, err := s.work(ctx)
	r.Took, r.Did = time.Since(from), shortened(did)
	if err != nil {
		r.Err = shortened(err.Error())
	}
	c.record(context.WithoutCancel(ctx), r)
	return r
}

func (c *Calendar) record(ctx context.Context, r Run) {
	switch {
	case r.Missed():
		c.log.Warn("scheduled run left out", "run", r.Name, "planned", r.Planned)
	case r.Err != "":
		c.log.Error("scheduled run failed", "run", r.Name, "error", r.Err)
	default:
		c.log.Info("scheduled run done", "run", r.Name, "took", r.Took, "late", r.Late)
	}
	if c.runs == nil {
		return
	}
	if err := c.runs.RecordRun(ctx, r); err != nil {
		c.log.Error("scheduled run not recorded", "run", r.Name, "error", err)
	}
}
