package console

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"sachhon/bot/desk"
)

// Limits are how much programs may ask for. The zero value has the defaults.
type Limits struct {
	Rate  rate.Limit // requests a second of one token; 0: 100
	Burst int        // requests at once of one token; 0: 1000
	// Failed is how many requests without a working token are told so in a
	// second, whoever sends them; 0: 5. Since a working token is looked at first,
	// nobody who has one is held up by those who try.
	Failed      rate.Limit
	FailedBurst int // 0: 100
}

// limits counts requests.
type limits struct {
	Limits
	mu     sync.Mutex
	tokens map[desk.TokenHash]*rate.Limiter // of tokens that are there: few
	tries  *rate.Limiter
}

func newLimits(l Limits) *limits {
	if l.Rate == 0 {
		l.Rate = 100
	}
	if l.Burst == 0 {
		l.Burst = 1000
	}
	if l.Failed == 0 {
		l.Failed = 5
	}
	if l.FailedBurst == 0 {
		l.FailedBurst = 100
	}
	return &limits{Limits: l, tokens: map[desk.TokenHash]*rate.Limiter{}, tries: rate.NewLimiter(l.Failed, l.FailedBurst)}
}

// take counts a request of a token and returns how long it must wait; 0: it
// may go on.
func (l *limits) take(token desk.TokenHash, now time.Time) time.Duration {
	l.mu.Lock()
	one := l.tokens[token]
	if one == nil {
		one = rate.NewLimiter(l.Rate, l.Burst)
		l.tokens[token] = one
	}
	l.mu.Unlock()
	return wait(one, now)
}

// failed counts a request without a working token.
func (l *limits) failed(now time.Time) time.Duration { return wait(l.tries, now) }

func wait(l *rate.Limiter, now time.Time) time.Duration {
	r := l.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now)
	}
	return d
}
