package scheduler

import (
	"slices"
	"time"
)

// Pace is how fast a network may be sent to. It is kept within one run of the
// program: one that is started again within a second has forgotten what it sent
// before, and the network's own request to wait covers that.
type Pace struct {
	// PerSecond is the most sendings that arrive in any sliding second; 0: no limit.
	PerSecond int
	// PerAddress is the least time between two sendings to one address; 0: none.
	PerAddress time.Duration
	// Burst is how many sendings may begin at once after a pause; the rest are
	// spaced evenly. 0 means 4: a reply of several parts leaves without delay.
	Burst int
	// Slack is the most by which a sending is taken to have been late on its
	// way, and so to have arrived closer to the next ones than it began. How late
	// one really may have been shows when its answer is there: by as much as that
	// took longer than the fastest. 0 means 25 ms; a network that always takes
	// equally long costs nothing, one that varies at most 2.5 % of the rate.
	Slack time.Duration
}

func (p Pace) withDefaults() Pace {
	if p.Burst <= 0 {
		p.Burst = 4
	}
	if p.Slack <= 0 {
		p.Slack = 25 * time.Millisecond
	}
	return p
}

// window is the sliding second with a grain of salt for clocks that are rounded
// to milliseconds.
const window = time.Second + time.Millisecond

// Pacer says when the next sending may begin. Two rules hold together: even
// spacing with a small burst (the generic cell rate algorithm, ITU-T I.371),
// and the sliding second itself, kept on the moments at which sendings arrived
// at the latest; and nothing begins while the gate is closed. It belongs to one
// goroutine: the outbox's, or that of a rehearsal.
type Pacer struct {
	interval  time.Duration
	tolerance time.Duration // how far ahead of even spacing a burst may run
	slack     time.Duration
	arrived   []time.Time   // the latest arrivals of the last PerSecond sendings; zero: none yet
	answered  int           // sendings so far, up to enoughAnswers
	fastest   time.Duration // round trip so far
	typical   time.Duration // round trip of late, a moving average
	spaced    time.Time     // when the next would begin at even spacing
	gate      time.Time     // closed until
}

// NewPacer returns a pacer that has sent nothing yet.
func NewPacer(p Pace) *Pacer {
	p = p.withDefaults()
	k := &Pacer{slack: p.Slack}
	if p.PerSecond > 0 {
		k.interval = time.Second / time.Duration(p.PerSecond)
		k.tolerance = time.Duration(min(p.Burst, p.PerSecond)-1) * k.interval
		k.arrived = make([]time.Time, p.PerSecond)
	}
	return k
}

// Next returns the earliest time at which a sending may begin; a time that is
// not after the present means at once.
func (k *Pacer) Next() time.Time { return k.NextLeaving(0) }

// NextLeaving is [Pacer.Next] for a sending that leaves so many places of the
// second free for others that may come at once.
func (k *Pacer) NextLeaving(places int) time.Time {
	at := k.gate
	if len(k.arrived) == 0 {
		return at
	}
	if even := k.spaced.Add(-max(k.tolerance-time.Duration(places)*k.interval, 0)); even.After(at) {
		at = even
	}
	if first := k.arrivedAt(min(places, len(k.arrived)-1)); !first.IsZero() {
		if free := first.Add(window); free.After(at) {
			at = free
		}
	}
	return at
}

// arrivedAt is when the sending arrived that so many others arrived before.
func (k *Pacer) arrivedAt(before int) time.Time {
	if before == 0 {
		return k.arrived[k.first()]
	}
	earliest := make([]time.Time, 0, before+2) // in order; before is a handful
	for _, at := range k.arrived {
		i := len(earliest)
		for i > 0 && at.Before(earliest[i-1]) {
			i--
		}
		if i <= before {
			earliest = slices.Insert(earliest, i, at)[:min(len(earliest)+1, before+1)]
		}
	}
	return earliest[before]
}

// first is the place of the sending that arrived before all others.
func (k *Pacer) first() int {
	first := 0
	for i := range k.arrived {
		if k.arrived[i].Before(k.arrived[first]) {
			first = i
		}
	}
	return first
}

// Began notes that a sending began and returns its place, for [Pacer.Ended].
func (k *Pacer) Began(at time.Time) int {
	if len(k.arrived) == 0 {
		return 0
	}
	place := k.first()
	k.arrived[place] = at.Add(k.slack)
	if k.spaced.Before(at) {
		k.spaced = at
	}
	k.spaced = k.spaced.Add(k.interval)
	return place
}

// enoughAnswers is after how many answers the fastest of them is believed to be
// about as fast as the way allows.
const enoughAnswers = 32

// Ended notes that a sending was answered, which tells how late it may have
// arrived: by what it took longer than the fastest, which is then taken to be a
// little slower than the way allows where times vary.
func (k *Pacer) Ended(place int, began, ended time.Time) {
	took := ended.Sub(began)
	if k.answered == 0 {
		k.fastest, k.typical = took, took
	}
	k.answered = min(k.answered+1, enoughAnswers)
	k.fastest = min(k.fastest, took)
	k.typical += (took - k.typical) / 16
	if k.answered < enoughAnswers || len(k.arrived) == 0 || !k.arrived[place].Equal(began.Add(k.slack)) {
		return // too early to tell, or so long ago that another one has its place
	}
	late := took - k.fastest + max(k.typical-k.fastest, 0)/4
	k.arrived[place] = began.Add(min(late, k.slack))
}

// CloseUntil shuts the gate; a gate that stays shut longer already does so.
func (k *Pacer) CloseUntil(at time.Time) {
	if at.After(k.gate) {
		k.gate = at
	}
}

// Gate returns until when the gate is shut; a time that is not after the present
// means that it is open.
func (k *Pacer) Gate() time.Time { return k.gate }
