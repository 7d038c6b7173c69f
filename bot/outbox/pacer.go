package outbox

import "time"

// Pace is how fast a network may be sent to. It is kept within one run of an
// [Outbox]: a program that is started again within a second has forgotten what
// it sent before, and the network's own request to wait covers that.
type Pace struct {
	// PerSecond is the most sendings begun in any sliding second; 0: no limit.
	PerSecond int
	// PerAddress is the least time between two sendings to one address; 0: none.
	PerAddress time.Duration
	// Burst is how many sendings may begin at once after a pause; the rest are
	// spaced evenly. 0 means 4: a reply of several parts leaves without delay.
	Burst int
	// Slack is added to the second, for requests that overtake each other on
	// their way and so arrive closer than they began. 0 means 15 ms, which
	// costs 1.5 % of the rate.
	Slack time.Duration
}

func (p Pace) withDefaults() Pace {
	if p.Burst <= 0 {
		p.Burst = 4
	}
	if p.Slack <= 0 {
		p.Slack = 15 * time.Millisecond
	}
	return p
}

// pacer says when the next sending may begin. Two rules hold together: even
// spacing with a small burst (the generic cell rate algorithm, ITU-T I.371),
// and the sliding second itself, kept on the very moments at which sendings
// began; and nothing begins while the gate is closed.
type pacer struct {
	window, interval time.Duration
	tolerance        time.Duration // how far ahead of even spacing a burst may run
	begun            []time.Time   // the last PerSecond beginnings, a ring
	oldest           int
	spaced           time.Time // when the next would begin at even spacing
	gate             time.Time // closed until
}

func newPacer(p Pace) *pacer {
	k := &pacer{}
	if p.PerSecond > 0 {
		k.window = time.Second + p.Slack
		k.interval = k.window / time.Duration(p.PerSecond)
		k.tolerance = time.Duration(min(p.Burst, p.PerSecond)-1) * k.interval
		k.begun = make([]time.Time, p.PerSecond)
	}
	return k
}

// next returns the earliest time at which a sending may begin; a time that is
// not after the present means at once.
func (k *pacer) next() time.Time {
	at := k.gate
	if len(k.begun) == 0 {
		return at
	}
	if even := k.spaced.Add(-k.tolerance); even.After(at) {
		at = even
	}
	if first := k.begun[k.oldest]; !first.IsZero() {
		if free := first.Add(k.window); free.After(at) {
			at = free
		}
	}
	return at
}

// began notes that a sending began.
func (k *pacer) began(at time.Time) {
	if len(k.begun) == 0 {
		return
	}
	k.begun[k.oldest] = at
	k.oldest = (k.oldest + 1) % len(k.begun)
	if k.spaced.Before(at) {
		k.spaced = at
	}
	k.spaced = k.spaced.Add(k.interval)
}

// closeUntil shuts the gate; a gate that stays shut longer already does so.
func (k *pacer) closeUntil(at time.Time) {
	if at.After(k.gate) {
		k.gate = at
	}
}
