package telegramtest

import (
	"context"
	"math"
	"slices"
	"time"
)

// limits is the state of the limits of a bot.
type limits struct {
	second []time.Time // what was sent in the last second
	bucket bucket
	paid   []time.Time // what was paid for in the last second
	stars  int         // how many messages were paid for so far
	until  time.Time   // the bot has to wait until then; zero: it has not
	known  time.Time   // when the bot has heard of it
}

// bucket is what may be sent at once.
type bucket struct {
	tokens float64
	at     time.Time // zero: it is full
}

// take takes one token out and returns how long until there is one, if there
// is none.
func (b *bucket) take(now time.Time, refill float64, capacity int) time.Duration {
	if refill <= 0 || capacity <= 0 {
		return 0
	}
	if b.at.IsZero() {
		b.tokens = float64(capacity)
	} else {
		b.tokens = min(float64(capacity), b.tokens+now.Sub(b.at).Seconds()*refill)
	}
	b.at = now
	const dust = 1e-9 // of adding fractions up
	if b.tokens < 1-dust {
		return max(time.Duration((1-b.tokens)/refill*float64(time.Second)), 1)
	}
	b.tokens--
	return 0
}

// window adds n to what was sent in a sliding stretch of time and returns how
// long until that is allowed, if it is not; then nothing is added.
func window(sent *[]time.Time, now time.Time, n, most int, length time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	*sent = slices.DeleteFunc(*sent, func(t time.Time) bool { return now.Sub(t) >= length })
	switch over := len(*sent) + n - most; {
	case over > 0 && len(*sent) == 0: // more at once than is ever allowed
		return length
	case over > 0:
		return max((*sent)[min(over, len(*sent))-1].Add(length).Sub(now), 1)
	}
	for range n {
		*sent = append(*sent, now)
	}
	return 0
}

// spend counts n messages to a chat against the limits and starts a wait where
// one is broken. It is the last thing before a message is sent, so that what is
// refused otherwise does not count. What goes beyond the limits of the bot is
// paid for where both sides allow it.
func (s *Server) spend(c *room, n int, payable bool) *apiError {
	now, l, rate := s.opts.Now(), &s.limits, s.opts.Rate
	second, all, minute, own := slices.Clone(l.second), l.bucket, slices.Clone(c.minute), c.bucket
	wait := window(&l.second, now, n, rate.PerSecond, time.Second)
	for range n {
		wait = max(wait, l.bucket.take(now, rate.Refill, rate.Capacity))
	}
	pays := wait > 0 && payable && rate.Paid
	if pays {
		l.second, l.bucket = second, all
		wait = window(&l.paid, now, n, paidPerSecond, time.Second)
	}
	for range n {
		wait = max(wait, c.bucket.take(now, rate.ChatRefill, rate.ChatCapacity))
	}
	if c.person == nil {
		wait = max(wait, window(&c.minute, now, n, rate.GroupPerMinute, time.Minute))
	}
	if wait == 0 {
		if pays {
			l.stars += n
		}
		return nil
	}
	l.second, l.bucket, c.minute, c.bucket = second, all, minute, own
	if rate.Wait > 0 {
		wait = rate.Wait
	}
	return tooMany(s.beginWait(seconds(wait)))
}

// paidPerSecond is the most that can be paid for (Bot API, sendMessage,
// allow_paid_broadcast).
const paidPerSecond = 1000

// Charged is how many messages the bot has paid for, a tenth of a Star each.
func (s *Server) Charged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits.stars
}

// seconds rounds up to whole ones, at least 1.
func seconds(d time.Duration) int {
	return max(int(math.Ceil(d.Seconds())), 1)
}

// beginWait makes the bot wait and returns for how many seconds.
func (s *Server) beginWait(seconds int) int {
	now := s.opts.Now()
	s.limits.until = now.Add(time.Duration(seconds) * time.Second)
	s.limits.known = now.Add(s.opts.Rate.Grace)
	return seconds
}

// waiting refuses whatever is asked during a wait. Who had not heard of it when
// asking is not blamed.
func (s *Server) waiting(ctx context.Context) *apiError {
	now, l := s.opts.Now(), &s.limits
	if !now.Before(l.until) {
		return nil
	}
	left := now
	trip, inProcess := ctx.Value(tripKey{}).(trip)
	heard := l.known
	if inProcess {
		left, heard = trip.left, heard.Add(trip.back)
	}
	if left.After(heard) {
		s.violate("asked during a wait: %s of it were left", l.until.Sub(now).Round(time.Millisecond))
	}
	if more := s.opts.Rate.Lengthen; more > 0 {
		l.until = l.until.Add(more)
	}
	return tooMany(seconds(l.until.Sub(now)))
}

// Waiting is what remains of the wait that the bot was told of; 0: none.
func (s *Server) Waiting() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.limits.until.Sub(s.opts.Now()), 0)
}
