package rehearsal

import (
	"math/rand/v2"
	"time"

	"sachhon/scheduler"
)

// Line is one channel: how we send by it, and the network at its other end.
type Line struct {
	Name string
	// Pull says that people read what is written: nothing is sent, and they have
	// it at once.
	Pull bool
	// Pace is ours.
	Pace scheduler.Pace
	// Window is how long after a person's last message one may write; 0: always.
	// Whoever adds people says until when each can be written to.
	Window  time.Duration
	Network Network
}

// Network is how a network behaves. The zero Network takes everything at once.
type Network struct {
	// Limit is the most arrivals in any sliding second, PerMinute the size of a
	// bucket that fills in a minute, Quota the most a calendar day; 0: no limit.
	Limit, PerMinute, Quota int
	// Wait is how long it asks to be left alone when there was too much.
	Wait Span
	// Answer is how long an answer takes.
	Answer Span
	// Blocked is the share of people who blocked the bot without our knowing.
	Blocked float64
	// Floods are times at which it refuses everybody, Cuts those at which it
	// cannot be reached.
	Floods, Cuts Spells
}

// Span is a range of durations, drawn from evenly.
type Span struct{ Least, Most time.Duration }

func (s Span) draw(r *rand.Rand) time.Duration {
	if s.Most <= s.Least {
		return s.Least
	}
	return s.Least + time.Duration(r.Int64N(int64(s.Most-s.Least)))
}

// Spells come and go: the quiet between two of them is drawn from Between, what
// they last from Last. No Between: there are none.
type Spells struct{ Between, Last Span }

// spells are the spells of one network, made as time goes on.
type spells struct {
	Spells
	from, to time.Time
	count    int
}

// during says whether there is a spell at now, and until when. It is asked in
// the order of time.
func (s *spells) during(now time.Time, r *rand.Rand) (until time.Time, ok bool) {
	if s.Between.Most <= 0 {
		return time.Time{}, false
	}
	for !now.Before(s.to) {
		if s.to.IsZero() {
			s.to = now
		}
		s.from = s.to.Add(max(s.Between.draw(r), time.Second))
		s.to = s.from.Add(max(s.Last.draw(r), time.Second))
		s.count++
	}
	return s.to, !now.Before(s.from)
}

// answer is what a network says to a message.
type answer uint8

const (
	took answer = iota
	limited
	overQuota // limited until tomorrow
	blocked
	lost // it never arrived
)

// network is one network at work.
type network struct {
	Network
	rand         *rand.Rand
	zone         *time.Location
	floods, cuts spells
	second       ring // what it took in the last second
	arrived      ring // what arrived in the last second, for the record
	bucket       float64
	filled       time.Time
	day          scheduler.Date
	today        int
}

func newNetwork(n Network, r *rand.Rand, zone *time.Location) *network {
	return &network{Network: n, rand: r, zone: zone, floods: spells{Spells: n.Floods}, cuts: spells{Spells: n.Cuts}, bucket: float64(n.PerMinute)}
}

// hear is told that a message arrives now, and says what becomes of it; wait
// goes with limited and overQuota.
func (n *network) hear(now time.Time, isBlocked bool) (a answer, wait time.Duration) {
	if n.unreachable(now) {
		return lost, 0
	}
	n.arrived.put(now)
	if until, ok := n.floods.during(now, n.rand); ok {
		return limited, until.Sub(now)
	}
	if n.Limit > 0 && n.second.within(now) >= n.Limit || !n.pour(now) {
		return limited, max(n.Wait.draw(n.rand), time.Second)
	}
	if wait, ok := n.overQuota(now); ok {
		return overQuota, wait
	}
	n.second.put(now)
	if isBlocked {
		return blocked, 0
	}
	n.today++
	return took, 0
}

// unreachable says whether the way to it is cut.
func (n *network) unreachable(now time.Time) bool {
	_, cut := n.cuts.during(now, n.rand)
	return cut
}

// pour takes a drop out of the bucket.
func (n *network) pour(now time.Time) bool {
	if n.PerMinute == 0 {
		return true
	}
	if !n.filled.IsZero() {
		n.bucket = min(float64(n.PerMinute), n.bucket+now.Sub(n.filled).Minutes()*float64(n.PerMinute))
	}
	n.filled = now
	if n.bucket < 1 {
		return false
	}
	n.bucket--
	return true
}

func (n *network) overQuota(now time.Time) (wait time.Duration, over bool) {
	if n.Quota == 0 {
		return 0, false
	}
	day, _ := scheduler.DateIn(n.zone, now)
	if day != n.day {
		n.day, n.today = day, 0
	}
	if n.today < n.Quota {
		return 0, false
	}
	return (day + 1).At(0, n.zone).Sub(now), true
}

// ring remembers what happened within the last second.
type ring struct {
	at   []time.Time
	most int
}

func (r *ring) within(now time.Time) int {
	old := 0
	for old < len(r.at) && now.Sub(r.at[old]) >= time.Second {
		old++
	}
	r.at = append(r.at[:0], r.at[old:]...)
	return len(r.at)
}

func (r *ring) put(now time.Time) {
	r.most = max(r.most, r.within(now)+1)
	r.at = append(r.at, now)
}
