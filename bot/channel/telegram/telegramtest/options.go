package telegramtest

import (
	"context"
	"net/http"
	"time"
)

// Options say what the stand-in is like. The zero value works.
type Options struct {
	// Token is the bot's token; empty: "123456:TEST".
	Token string
	// Username and Name are the bot's; empty: "sachhon_bot" and "Sạch hơn".
	Username, Name string
	// Now is the clock that stamps messages; nil: time.Now. Waiting goes by real
	// timers (or synctest's) in either case.
	Now func() time.Time
	// Rate is how often the bot may send; the zero value is no limit.
	Rate Rate
	// FirstUpdateID is the number of the first update; 0: a random one, as real.
	FirstUpdateID int
	// CallbackWindow is how long the press of a button can be answered; 0: 30 s.
	// Telegram names no figure; 10 to 60 s have been seen.
	CallbackWindow time.Duration
	// ReadsAll switches the privacy mode of groups off: the bot hears all that is
	// said there, not only what is meant for it.
	ReadsAll bool
	// WebhookTransport carries updates to the webhook; nil: the network.
	WebhookTransport http.RoundTripper
	// LoopbackWebhook allows webhooks on this machine, without https and on any
	// port.
	LoopbackWebhook bool
	// Fetch gets what the bot sends by URL: its type and content; nil: nothing
	// can be got.
	Fetch func(ctx context.Context, url string) (mime string, content []byte, err error)
}

// Rate is how often a bot may send. What counts is every request that sends,
// edits, copies or forwards; an album counts once for each of its items. Each
// limit of 0 is off. A bot that breaks one is told to wait, and until then every
// request of it is refused with what remains of the wait.
type Rate struct {
	// PerSecond is the most messages in any sliding second. Telegram's is
	// about 30.
	PerSecond int
	// Paid says that the bot may go beyond PerSecond, Refill and Capacity with
	// messages that allow_paid_broadcast, up to 1000 in any sliding second; each
	// that does is counted by [Server.Charged].
	Paid bool
	// Refill and Capacity are a bucket besides: it holds Capacity messages and
	// Refill more come every second.
	Refill   float64
	Capacity int
	// ChatRefill and ChatCapacity are a bucket for each chat. Telegram's refills
	// about one a second and forgives short bursts.
	ChatRefill   float64
	ChatCapacity int
	// GroupPerMinute is the most messages to a group in any sliding minute.
	// Telegram's is 20.
	GroupPerMinute int
	// Wait is how long a bot has to wait that broke a limit, in whole seconds;
	// 0: until the limit would let it send again, at least 1 s.
	Wait time.Duration
	// Lengthen is what each request during a wait adds to it.
	Lengthen time.Duration
	// Grace is how long after a refusal a request over the network is taken to
	// have been on its way already, and not held against the bot. In process the
	// server knows, see [Server.RoundTripper].
	Grace time.Duration
}

// RealRate is what Telegram publishes of its limits.
func RealRate() Rate {
	return Rate{PerSecond: 30, ChatRefill: 1, ChatCapacity: 3, GroupPerMinute: 20}
}

const (
	day            = 24 * time.Hour
	week           = 7 * day
	callbackLife   = 150 * time.Second // of an update about a pressed button
	callbackWindow = 30 * time.Second
)
