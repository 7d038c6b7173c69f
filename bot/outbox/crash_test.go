package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// story is some hours in the life of an outbox: who is written to and when, how
// the network behaves and when the program dies.
type story struct {
	seed      uint64
	addresses int
	rows      int
	apart     time.Duration // between two rows being enqueued, at the most
	perSecond int
	perPerson time.Duration
	latency   time.Duration
	commit    time.Duration
	trouble   int   // how many of a hundred sendings fail
	crashes   []int // milliseconds between one start and the next crash
}

var stories = rapid.Custom(func(t *rapid.T) story {
	return story{
		seed:      rapid.Uint64().Draw(t, "seed"),
		addresses: rapid.IntRange(1, 8).Draw(t, "addresses"),
		rows:      rapid.IntRange(1, 60).Draw(t, "rows"),
		apart:     time.Duration(rapid.IntRange(0, 500).Draw(t, "apart")) * time.Millisecond,
		perSecond: rapid.SampledFrom([]int{0, 1, 3, 10, 28}).Draw(t, "per second"),
		perPerson: rapid.SampledFrom([]time.Duration{0, time.Second}).Draw(t, "per person"),
		latency:   time.Duration(rapid.IntRange(0, 2000).Draw(t, "latency")) * time.Millisecond,
		commit:    time.Duration(rapid.IntRange(0, 40).Draw(t, "commit")) * time.Millisecond,
		trouble:   rapid.SampledFrom([]int{0, 10, 50}).Draw(t, "trouble"),
		crashes:   rapid.SliceOfN(rapid.IntRange(0, 5000), 0, 4).Draw(t, "crashes"),
	}
})

// life is a story being lived.
type life struct {
	*world
	story
	rnd      *rand.Rand
	accepted map[uint64]int  // how often the network took a row
	excused  map[uint64]bool // rows that may be labelled as possibly repeated
	runs     []int           // where in the network's log each run began
}

// answer fails some sendings; of those without word some were taken.
func (l *life) answer(out channel.Outgoing, _ int) error {
	id, _ := strconv.ParseUint(out.ID, 10, 64)
	if l.rnd.IntN(100) >= l.trouble {
		l.accepted[id]++
		return nil
	}
	switch l.rnd.IntN(5) {
	case 0:
		l.excused[id] = true
		if l.rnd.IntN(2) == 0 {
			l.accepted[id]++
		}
		return failing(channel.Uncertain)
	case 1:
		return &channel.SendError{Kind: channel.Limited, After: time.Duration(l.rnd.IntN(4)) * time.Second}
	case 2:
		return failing(channel.Refused)
	default:
		return failing(channel.Temporary)
	}
}

// crash kills the program: from this moment nothing it does is written.
func (l *life) crash() {
	for _, r := range l.q.find(func(r *outbox.Row) bool { return r.State == outbox.StateLeased }) {
		l.excused[r.ID] = true
	}
	l.q.crash()
	_ = l.end() // its goroutines end; what it returns nobody hears
	l.net.mu.Lock()
	l.net.flying = nil
	l.net.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.q = &memory{disk: l.q.disk, delay: l.commit}
}

func (l *life) begin() {
	l.runs = append(l.runs, len(l.net.seen()))
	l.start()
}

func (l *life) live() {
	l.q.delay, l.net.latency, l.net.answer = l.commit, l.latency, l.answer
	l.pace = outbox.Pace{PerSecond: l.perSecond, PerAddress: l.perPerson}
	jitter := rand.New(rand.NewPCG(l.seed, 3))
	l.opts.Random = jitter.Float64
	l.begin()
	queue := make(chan struct{})
	go func() { // the rest of the program
		defer close(queue)
		rnd := rand.New(rand.NewPCG(l.seed, 2))
		for i := range l.rows {
			a := to(rnd.IntN(l.addresses))
			r := reply(a, fmt.Sprint(i))
			r.Lane = outbox.Lane(rnd.IntN(int(outbox.Lanes)))
			q, box := l.now()
			for q.Enqueue(context.Background(), r) != nil {
				time.Sleep(time.Millisecond) // it is down; it comes again
				q, box = l.now()
			}
			box.Wake()
			time.Sleep(time.Duration(rnd.Int64N(int64(l.apart) + 1)))
		}
	}()
	for _, ms := range l.crashes {
		time.Sleep(time.Duration(ms)*time.Millisecond + time.Microsecond)
		synctest.Wait()
		l.crash()
		l.begin()
	}
	<-queue
	time.Sleep(time.Hour)
	l.net.mu.Lock()
	l.trouble = 0
	l.net.mu.Unlock()
	time.Sleep(2 * time.Hour) // longer than the longest wait before another try
	synctest.Wait()
}

// check returns what went wrong.
func (l *life) check() (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rows := l.q.find(func(*outbox.Row) bool { return true })
	if len(rows) != l.rows {
		fault("%d rows are left of %d", len(rows), l.rows)
	}
	for _, r := range rows {
		n := l.accepted[r.ID]
		switch {
		case r.Open():
			fault("row %d is still %v (%s)", r.ID, r.State, r.LastError)
		case r.State == outbox.StateSent && n == 0:
			fault("row %d counts as sent and never was", r.ID)
		case n > 1 && !r.PossiblyRepeated:
			fault("row %d was taken %d times and is not labelled", r.ID, n)
		case r.PossiblyRepeated && !l.excused[r.ID]:
			fault("row %d is labelled without reason", r.ID)
		case r.State == outbox.StateDead && r.Reason == "":
			fault("row %d is dead without a reason", r.ID)
		}
	}
	log := l.net.seen()
	last := map[string]uint64{}
	for _, s := range log {
		id, _ := strconv.ParseUint(s.out.ID, 10, 64)
		queue := fmt.Sprint(s.out.Address, s.out.Bulk)
		if id < last[queue] {
			fault("row %d was sent after row %d of the same address", id, last[queue])
		}
		last[queue] = id
	}
	for i, from := range l.runs {
		end := len(log)
		if i+1 < len(l.runs) {
			end = l.runs[i+1]
		}
		begun := map[channel.Address]time.Time{}
		for _, s := range log[from:end] {
			if s.at.Sub(begun[s.out.Address]) < l.perPerson {
				fault("two sendings to %s began within %v", s.out.Address, s.at.Sub(begun[s.out.Address]))
			}
			begun[s.out.Address] = s.at
		}
		if most := mostInASecond(log[from:end]); l.perSecond > 0 && most > l.perSecond {
			fault("%d sendings began in one second of run %d, want at most %d", most, i, l.perSecond)
		}
	}
	return faults
}

func TestNothingIsLostWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := stories.Draw(rt, "story")
		var faults []string
		inWorld(t, func(w *world) {
			l := &life{world: w, story: s, rnd: rand.New(rand.NewPCG(s.seed, 1)), accepted: map[uint64]int{}, excused: map[uint64]bool{}}
			l.live()
			faults = l.check()
		})
		for _, f := range faults {
			rt.Error(f)
		}
	})
}
