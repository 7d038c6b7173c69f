package outbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sachhon/bot/outbox"
)

// TestRepliesDuringABroadcast: while a broadcast leaves at the full rate, a
// reply is begun within 50 ms of when it would be without one, in 99 of 100,
// however often people talk, over a fast way and over a slow one, and most of
// the rate is used all the same.
func TestRepliesDuringABroadcast(t *testing.T) {
	const rate = 28
	for _, c := range []struct {
		perSecond float64
		latency   time.Duration
		used      float64 // of the rate, at least
	}{
		{1, 90 * time.Millisecond, 0.94}, {4, 90 * time.Millisecond, 0.92}, {10, 90 * time.Millisecond, 0.88},
		{4, 500 * time.Millisecond, 0.5}, // eight under way at once are 16 a second
	} {
		t.Run(fmt.Sprint(c.perSecond, " replies a second, ", c.latency), func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.pace = outbox.Pace{PerSecond: rate, PerAddress: time.Second}
				w.net.latency = c.latency
				const talk = 5 * time.Minute
				rnd := rand.New(rand.NewPCG(3, 5))
				asked := map[string]time.Time{}
				began := time.Now()
				next := 0
				for n := 0; time.Since(began) < talk; n++ {
					for waiting := w.q.forgetSent(); waiting < 3*rate; waiting++ {
						w.enqueue(bulk(to(next), "tin"))
						next++
					}
					w.run(time.Duration(rnd.ExpFloat64() / c.perSecond * float64(time.Second)))
					words := fmt.Sprint("lời ", n)
					asked[words] = time.Now()
					w.enqueue(reply(to(1_000_000+n), words))
				}
				w.run(time.Second)
				var waits []time.Duration
				sent := 0
				for _, s := range w.net.seen() {
					if at, ok := asked[s.out.Message.Text]; ok {
						waits = append(waits, s.at.Sub(at))
					} else {
						sent++
					}
				}
				if len(waits) != len(asked) {
					t.Fatalf("%d of %d replies", len(waits), len(asked))
				}
				slices.Sort(waits)
				p99 := waits[len(waits)*99/100]
				used := (float64(len(waits)) + float64(sent)) / talk.Seconds() / rate
				t.Logf("%d replies, p50 %v, p99 %v, longest %v; %.3f of the rate is used", len(waits), waits[len(waits)/2], p99, waits[len(waits)-1], used)
				if p99 > 50*time.Millisecond || used < c.used {
					t.Errorf("p99 %v, %.3f of the rate is used; want at most 50 ms and at least %v", p99, used, c.used)
				}
			})
		})
	}
}
