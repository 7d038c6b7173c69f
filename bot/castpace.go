package bot

import (
	"math"
	"sync"
	"time"

	"sachhon/scheduler"
)

// paces remembers for a while how many recipients each broadcast under way had
// settled, which tells how fast it goes. It is memory only: after a start
// nothing is known for some seconds. The zero value is ready for use, by any
// number of goroutines.
type paces struct {
	mu   sync.Mutex
	seen map[string][]settledAt
}

// settledAt is how many recipients were settled at a moment.
type settledAt struct {
	at time.Time
	n  int
}

// The pace is taken over what was seen in paceOver, a look every paceEvery, and
// told from paceLeast on: shorter, a batch of receipts would look like a rush.
const (
	paceOver  = 30 * time.Second
	paceEvery = time.Second
	paceLeast = 3 * time.Second
)

// note looks at the broadcasts under way; others are forgotten.
func (p *paces) note(active []scheduler.Broadcast, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := make(map[string][]settledAt, len(active))
	for i := range active {
		c := &active[i]
		if !c.Planned || !c.Flows() {
			continue // its counts grow, or nothing leaves
		}
		seen := p.seen[c.ID]
		for len(seen) > 0 && now.Sub(seen[0].at) > paceOver {
			seen = seen[1:]
		}
		if len(seen) == 0 || now.Sub(seen[len(seen)-1].at) >= paceEvery {
			seen = append(seen, settledAt{now, settled(c)})
		}
		fresh[c.ID] = seen
	}
	p.seen = fresh
}

func settled(c *scheduler.Broadcast) int { return c.Counts.Total - c.Counts.Pending() }

// of says how many recipients of c were settled a second lately, and how many
// seconds the others will take at that pace; zeros when that is not known.
func (p *paces) of(c *scheduler.Broadcast, now time.Time) (perSecond float64, secondsLeft int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, first := range p.seen[c.ID] {
		took := now.Sub(first.at)
		if took > paceOver {
			continue
		}
		n := settled(c) - first.n
		if took < paceLeast || n <= 0 || !c.Flows() {
			return 0, 0
		}
		rate := float64(n) / took.Seconds()
		return math.Round(rate*10) / 10, int(math.Ceil(float64(c.Counts.Pending()) / rate))
	}
	return 0, 0
}
