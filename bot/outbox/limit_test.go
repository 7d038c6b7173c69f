package outbox_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// gatekeeper is a network that counts what arrives, as networks do, and asks
// to wait when it is too much.
type gatekeeper interface {
	// admit says whether a message that arrives now is taken.
	admit(now time.Time) bool
}

// sliding takes at most limit messages in any sliding second.
type sliding struct {
	limit int
	taken []time.Time
}

func (s *sliding) admit(now time.Time) bool {
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= time.Second {
		s.taken = s.taken[1:]
	}
	if len(s.taken) >= s.limit {
		return false
	}
	s.taken = append(s.taken, now)
	return true
}

// bucket takes perSecond messages a second and bursts of size.
type bucket struct {
	perSecond, size, tokens float64
	last                    time.Time
}

func (b *bucket) admit(now time.Time) bool {
	b.tokens = min(b.size, b.tokens+now.Sub(b.last).Seconds()*b.perSecond)
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// counted puts a gatekeeper behind a way that takes a varying time there and
// back. It returns a function that says how many messages were refused and how
// many asked during a wait, and when the last one was taken.
func counted(w *world, gate gatekeeper, there, back func() time.Duration) func() (refused, asked int, last time.Time) {
	var refused, asked int
	var wait, last time.Time
	w.net.way = func() { time.Sleep(there()) }
	w.net.latency = 0
	w.net.answer = func(channel.Outgoing, int) error {
		now := time.Now()
		if now.Before(wait) {
			asked++
			wait = wait.Add(time.Second) // it punishes
			return &channel.SendError{Kind: channel.Limited, After: wait.Sub(now)}
		}
		if !gate.admit(now) {
			refused++
			wait = now.Add(3 * time.Second)
			return &channel.SendError{Kind: channel.Limited, After: 3 * time.Second}
		}
		last = now
		return nil
	}
	w.net.home = func() { time.Sleep(back()) }
	return func() (int, int, time.Time) { return refused, asked, last }
}

// between draws times evenly.
func between(from, to time.Duration) func() time.Duration {
	rnd := rand.New(rand.NewPCG(7, 11))
	var mu sync.Mutex
	return func() time.Duration {
		if to <= from {
			return from
		}
		mu.Lock()
		defer mu.Unlock()
		return from + time.Duration(rnd.Int64N(int64(to-from)))
	}
}

func TestFifteenHundredMessagesAreNeverTooMany(t *testing.T) {
	const messages, rate = 1500, 30
	steady, varying := between(45*time.Millisecond, 45*time.Millisecond), between(20*time.Millisecond, 45*time.Millisecond)
	for _, c := range []struct {
		name        string
		gate        func() gatekeeper
		there, back func() time.Duration
		most        float64 // of the ideal time
	}{
		{"the 31st in a sliding second is refused", func() gatekeeper { return &sliding{limit: rate} }, steady, steady, 1.003},
		{"the same over a way that varies", func() gatekeeper { return &sliding{limit: rate} }, varying, varying, 1.03},
		{"a bucket of thirty", func() gatekeeper { return &bucket{perSecond: rate, size: rate, tokens: rate} }, steady, steady, 1.003},
		{"a bucket of thirty over a way that varies", func() gatekeeper { return &bucket{perSecond: rate, size: rate, tokens: rate} }, varying, varying, 1.03},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.pace = outbox.Pace{PerSecond: rate, PerAddress: time.Second}
				w.q.delay = 7 * time.Millisecond
				told := counted(w, c.gate(), c.there, c.back)
				var rows []outbox.Row
				for i := range messages {
					rows = append(rows, bulk(to(i), fmt.Sprint(i)))
				}
				w.enqueue(rows...)
				began := time.Now()
				w.run(2 * time.Minute)
				refused, asked, last := told()
				took, ideal := last.Sub(began), messages*time.Second/rate
				ratio := float64(took) / float64(ideal)
				if n := len(w.net.seen()); n != messages || refused > 0 || asked > 0 {
					t.Errorf("%d sendings for %d messages, %d refused, %d during a wait", n, messages, refused, asked)
				}
				if ratio > c.most {
					t.Errorf("%d messages took %.4f of the ideal time, want at most %v", messages, ratio, c.most)
				}
				t.Logf("%v, %.4f of the ideal %v", took, ratio, ideal)
			})
		})
	}
}

// TestTheRateThatIsTakenIsLearnt: a network that takes much less than it is
// said to, and sulks when it gets more, is asked too much a few times and then
// used as it can be. Replies are not slowed down meanwhile.
func TestTheRateThatIsTakenIsLearnt(t *testing.T) {
	const messages, rate, takes, sulks = 5000, 28, 12, 3 * time.Second
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: rate, PerAddress: time.Second}
		w.q.delay = 7 * time.Millisecond
		steady := between(45*time.Millisecond, 45*time.Millisecond)
		told := counted(w, &bucket{perSecond: takes, size: takes, tokens: takes}, steady, steady)
		began := time.Now()
		var asked time.Time
		for next, second := 0, 0; second < 12*60; second++ {
			for waiting := w.q.forgetSent(); waiting < 2*rate && next < messages; waiting++ {
				w.enqueue(bulk(to(next), fmt.Sprint(next)))
				next++
			}
			if second == 120 {
				asked = time.Now()
				w.enqueue(reply(to(messages), "reply"), reply(to(messages+1), "reply"))
			}
			w.run(time.Second)
		}
		refused, rude, last := told()
		log := w.net.seen()
		for _, s := range log {
			if s.out.Message.Text == "reply" && s.err == nil && s.at.Sub(asked) > 100*time.Millisecond {
				t.Errorf("a reply waited %v", s.at.Sub(asked))
			}
		}
		if n := len(log) - refused - rude; n != messages+2 {
			t.Errorf("%d messages were taken, want %d", n, messages+2)
		}
		took, ideal := last.Sub(began), messages*time.Second/takes
		if ratio := float64(took) / float64(ideal); ratio > 1.12 || refused > 8 {
			t.Errorf("%.3f of the ideal time and %d refused, want at most 1.12 and 8", ratio, refused)
		}
		t.Logf("took %v, ideal %v, refused %d, %d during a wait", took, ideal, refused, rude)
	})
}
