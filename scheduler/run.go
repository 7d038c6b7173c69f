package scheduler

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/robfig/cron/v3"

	"sachhon/dialogs/wire"
)

// Run is the record of one run of a schedule of the house.
type Run struct {
	Name string
	// Planned is the time it was planned for; zero: somebody started it by hand.
	Planned time.Time
	// Started is when it began; zero: it never did, since it was too late or the
	// run before it still went on.
	Started time.Time
	Took    time.Duration
	// Did says in a few words what it did, Err why it failed.
	Did, Err string
	// Late says that it was caught up: the program was down, or its clock wrong,
	// at the time planned.
	Late bool
}

// Missed says that the run did not take place.
func (r Run) Missed() bool { return r.Started.IsZero() }

// Runs keeps the records.
type Runs interface {
	// LastRun returns the record of this name that was kept last, among those
	// with a planned time; false when there is none.
	LastRun(ctx context.Context, name string) (Run, bool, error)
	// Since returns when a schedule of this name was first asked about; that is
	// now when it never was, and then kept.
	Since(ctx context.Context, name string, now time.Time) (time.Time, error)
	// RecordRun keeps a record.
	RecordRun(ctx context.Context, r Run) error
}

const runVersion = 1

// AppendBinary appends the stored form of r. Times are kept to the second, how
// long it took to the microsecond.
func (r Run) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, runVersion)
	b = wire.AppendString(b, r.Name)
	for _, at := range []time.Time{r.Planned, r.Started} {
		var seconds int64
		if !at.IsZero() {
			seconds = at.Unix()
		}
		b = wire.AppendInt(b, seconds)
	}
	b = wire.AppendInt(b, r.Took.Microseconds())
	b = wire.AppendString(b, r.Did)
	b = wire.AppendString(b, r.Err)
	return wire.AppendBool(b, r.Late), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (r *Run) UnmarshalBinary(raw []byte) error {
	rd, _ := wire.NewReader(raw, runVersion)
	r.Name = rd.String()
	for _, at := range []*time.Time{&r.Planned, &r.Started} {
		if seconds := rd.Int(); seconds != 0 {
			*at = time.Unix(seconds, 0).UTC()
		}
	}
	took := rd.Int()
	r.Took = time.Duration(took) * time.Microsecond
	r.Did, r.Err = rd.String(), rd.String()
	r.Late = rd.Bool()
	err := rd.Err()
	if err == nil && r.Took.Microseconds() != took {
		err = fmt.Errorf("%w: it took %d microseconds", wire.ErrCorrupt, took)
	}
	if err != nil {
		return fmt.Errorf("read run: %w", err)
	}
	return nil
}

// longestNote is how much of an error's text a record keeps, in bytes.
const longestNote = 300

func shortened(s string) string {
	if len(s) <= longestNote {
		return s
	}
	n := longestNote
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// forgetAhead is how far a last run may lie ahead of the clock before it is
// taken for the mistake of a clock that was wrong then.
const forgetAhead = 25 * time.Hour

// turn is what a schedule wants at a moment.
type turn uint8

const (
	notYet   turn = iota
	onTime        // run it
	catchUp       // run it, once, for all the times that were missed
	tooLate       // past its deadline: leave it out
	wrongRun      // the last run lies in a future that a wrong clock believed in
)

// turnOf says what the schedule wants at now, and for which planned time. last
// is the planned time of the last run. The rules:
//
//   - of the times missed while the program was down or the clock behind, the
//     latest is caught up, once, unless it is later than within (0: never too
//     late);
//   - a clock that was set back does not run again what ran already;
//   - but one that was more than a day ahead is forgotten, and the schedule
//     goes on from now.
func turnOf(s cron.Schedule, last, now time.Time, within time.Duration) (turn, time.Time) {
	if last.Sub(now) > forgetAhead {
		return wrongRun, time.Time{}
	}
	planned := latest(s, now)
	late := now.Sub(planned)
	switch {
	case planned.IsZero() || !planned.After(last):
		return notYet, time.Time{}
	case late < longest:
		return onTime, planned
	case within > 0 && late > within:
		return tooLate, planned
	default:
		return catchUp, planned
	}
}

// latest returns the last time of a schedule up to now; the zero time when it
// had none in four years. Schedules only tell what comes next, so it looks back
// in growing steps.
func latest(s cron.Schedule, now time.Time) time.Time {
	const day = 24 * time.Hour
	for _, back := range []time.Duration{time.Minute, time.Hour, day, 31 * day, 366 * day, 4 * 366 * day} {
		at := s.Next(now.Add(-back))
		if at.IsZero() || at.After(now) {
			continue
		}
		for next := s.Next(at); !next.IsZero() && !next.After(now); next = s.Next(at) {
			at = next
		}
		return at
	}
	return time.Time{}
}
