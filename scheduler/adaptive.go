package scheduler

import "time"

// Adaptive finds the rate that a network really takes. Networks publish no
// exact limits; they refuse (429) and say how long to wait, an hour included. It
// starts a little below the limit, which is itself below what the network says
// that it takes; goes up by one message a second as long as all is taken, and to
// the half of it when something is refused. It remembers the rate that was
// refused and stays under it, but for one careful try from time to time: the
// longer the network made it wait, the rarer, so that trying costs a twentieth
// of the time at the most. While such tries succeed each goes twice as far as the
// one before: a network that refuses everything for a minute says nothing of how
// much it takes.
//
// It works on top of a [Pacer], which keeps the limit itself to the sliding
// second. It belongs to one goroutine and is forgotten when the program ends.
type Adaptive struct {
	limit int // never more
	rate  int // what is sent now
	top   int // the highest rate worth trying
	step  int // by how much the next try goes beyond top
	// grew is when rate last went up, raised when top did or was lowered.
	grew, raised time.Time
	// patience is how long top stays where it is.
	patience time.Duration
	gate     time.Time // nothing leaves before
	wait     time.Duration
	spaced   time.Time // when the next leaves at even spacing
}

// How it moves.
const (
	growEvery     = time.Second
	leastPatience = 10 * time.Minute
	patiencePer   = 20 // times the wait
)

// startBelow is by which part of the limit the first second stays below it. A
// broadcast of a minute must not take noticeably longer for it.
const startBelow = 20

// lateness is by how much sendings that woke late may follow each other closer
// than evenly, so that the lateness of timers does not add up.
const lateness = 5 * time.Millisecond

// NewAdaptive returns a pace that never exceeds limit messages a second and
// starts a twentieth, or at least one message, below it.
func NewAdaptive(limit int) *Adaptive {
	limit = max(limit, 1)
	return &Adaptive{limit: limit, rate: max(limit-max(limit/startBelow, 1), 1), top: limit, step: 1, patience: leastPatience}
}

// Began notes that a sending began at the given time.
func (a *Adaptive) Began(at time.Time) {
	if early := at.Add(-lateness); a.spaced.Before(early) {
		a.spaced = early // after a pause
	}
	a.spaced = a.spaced.Add(time.Second / time.Duration(a.rate))
	if ahead := at.Add(time.Second); a.spaced.After(ahead) {
		a.spaced = ahead // however many replies leave, bulk is not starved
	}
}

// Next returns the earliest time from now at which the next sending may begin:
// bulk leaves evenly, without the bursts that a [Pacer] lets through.
func (a *Adaptive) Next(now time.Time) time.Time {
	if a.spaced.After(now.Add(time.Second)) {
		return now // the clock was set back
	}
	return a.spaced
}

// Rate returns how many messages may leave in the second that begins at now; 0
// while the network wants to be left alone.
func (a *Adaptive) Rate(now time.Time) int {
	if a.gate.Sub(now) > a.wait {
		a.gate = now.Add(a.wait) // the clock was set back
	}
	if now.Before(a.gate) {
		return 0
	}
	return a.rate
}

// Found returns how many messages a second the network is taken to take, whether
// or not it wants to be left alone now.
func (a *Adaptive) Found() int { return a.rate }

// Refused notes that the network refused a message at now and wants none for so
// long; no wait counts as a second. Refusals that arrive while it waits already
// belong to the same rush and only make it wait longer.
func (a *Adaptive) Refused(now time.Time, wait time.Duration) {
	wait = max(wait, time.Second)
	rush := a.Rate(now) == 0
	if until := now.Add(wait); until.After(a.gate) {
		a.gate, a.wait = until, wait
	}
	a.patience = max(leastPatience, a.wait*patiencePer)
	a.grew, a.raised = a.gate, a.gate
	if rush {
		return
	}
	a.top, a.step = max(a.rate-1, 1), 1
	a.rate = max(a.rate/2, 1)
}

// Took notes that the network took a message at now.
func (a *Adaptive) Took(now time.Time) {
	if a.Rate(now) == 0 {
		return
	}
	if a.raised.IsZero() || a.raised.After(now.Add(a.patience)) {
		a.raised = now
	}
	if a.rate == a.top && a.top < a.limit && now.Sub(a.raised) >= a.patience {
		a.top, a.step, a.raised = min(a.top+a.step, a.limit), 2*a.step, now
		a.patience = max(leastPatience, a.patience/2)
	}
	if a.rate < a.top && (now.Sub(a.grew) >= growEvery || a.grew.After(now.Add(growEvery))) {
		a.rate, a.grew = a.rate+1, now
	}
}
