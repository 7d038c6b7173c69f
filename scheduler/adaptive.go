package scheduler

import "time"

// Adaptive finds the rate that a network really takes. Networks publish no
// exact limits; they refuse (429) and say how long to wait, an hour included. It
// starts below the limit, goes up by one message a second as long as all is
// taken, and to the half of it when something is refused. It remembers the rate
// that was refused and stays under it, but for one careful try from time to
// time: the longer the network made it wait, the rarer, so that trying costs a
// twentieth of the time at the most.
//
// It belongs to one goroutine and is forgotten when the program ends.
type Adaptive struct {
	limit int // never more
	rate  int // what is sent now
	top   int // the highest rate worth trying
	// grew is when rate last went up, raised when top did or was lowered.
	grew, raised time.Time
	// patience is how long top stays where it is.
	patience time.Duration
	gate     time.Time // nothing leaves before
	wait     time.Duration
}

// How it moves.
const (
	growEvery     = time.Second
	leastPatience = 10 * time.Minute
	patiencePer   = 20 // times the wait
)

// NewAdaptive returns a pace that never exceeds limit messages a second and
// starts at three fifths of it.
func NewAdaptive(limit int) *Adaptive {
	limit = max(limit, 1)
	return &Adaptive{limit: limit, rate: max(limit*3/5, 1), top: limit, patience: leastPatience}
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
	a.top = max(a.rate-1, 1)
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
		a.top, a.raised = a.top+1, now
		a.patience = max(leastPatience, a.patience/2)
	}
	if a.rate < a.top && (now.Sub(a.grew) >= growEvery || a.grew.After(now.Add(growEvery))) {
		a.rate, a.grew = a.rate+1, now
	}
}
