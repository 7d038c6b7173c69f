package outbox

import "time"

// Standing is how a network treats its outbox at a moment, for people who ask
// why nothing leaves.
type Standing struct {
	// Until is when the network is asked again; not after the present: it is
	// asked as there is something to send.
	Until time.Time
	// Down says that it cannot be reached, or refuses the channel; else it asked
	// for patience.
	Down bool
	// PerSecond is the rate that it was found to take; 0: no limit is kept.
	PerSecond int
}

// Standing returns how the network treats this outbox. Before Run nothing is
// known.
func (o *Outbox) Standing() Standing {
	if s := o.standing.Load(); s != nil {
		return *s
	}
	return Standing{}
}

// tell lets others know how the network treats the outbox.
func (r *run) tell() {
	now := Standing{Until: r.pacer.Gate(), Down: r.health.down}
	if r.learnt != nil {
		now.PerSecond = r.learnt.Found()
	}
	if last := r.standing.Load(); last == nil || *last != now {
		r.standing.Store(&now)
	}
}
