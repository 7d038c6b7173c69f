package rehearsal

import (
	"fmt"
	"time"
)

// Faults says how well networks behave.
type Faults string

// The choices.
const (
	// NoFaults: networks do what they publish.
	NoFaults Faults = "none"
	// UsualFaults: a few people have blocked the bot, answers take longer now and
	// then, the network asks for a short wait some times a day, and is away for
	// minutes every other day.
	UsualFaults Faults = "usual"
	// BadFaults: the network takes two thirds of what it publishes, asks for
	// waits of up to an hour, answers slowly, and is away for up to forty minutes
	// several times a day; one in thirty people has blocked the bot.
	BadFaults Faults = "bad"
)

// ParseFaults reads one of the choices; "" is [UsualFaults].
func ParseFaults(s string) (Faults, error) {
	switch f := Faults(s); f {
	case "":
		return UsualFaults, nil
	case NoFaults, UsualFaults, BadFaults:
		return f, nil
	}
	return "", fmt.Errorf("faults %q: write none, usual or bad", s)
}

// Upon returns a network that behaves so. What Telegram does on bad days is
// known from reports: waits of seconds as a rule, of 2,282 seconds at times.
func (f Faults) Upon(n Network) Network {
	n.Answer, n.Wait = Span{80 * time.Millisecond, 110 * time.Millisecond}, Span{3 * time.Second, 35 * time.Second}
	switch f {
	case UsualFaults:
		n.Answer, n.Blocked = Span{60 * time.Millisecond, 160 * time.Millisecond}, 0.005
		n.Floods = Spells{Between: Span{time.Hour, 6 * time.Hour}, Last: Span{3 * time.Second, 35 * time.Second}}
		n.Cuts = Spells{Between: Span{24 * time.Hour, 72 * time.Hour}, Last: Span{time.Minute, 8 * time.Minute}}
	case BadFaults:
		n.Answer, n.Blocked = Span{50 * time.Millisecond, time.Second}, 0.03
		n.Limit, n.PerMinute = n.Limit*2/3, n.PerMinute*2/3
		n.Wait = Span{20 * time.Second, 20 * time.Minute}
		n.Floods = Spells{Between: Span{2 * time.Hour, 8 * time.Hour}, Last: Span{5 * time.Minute, time.Hour}}
		n.Cuts = Spells{Between: Span{2 * time.Hour, 10 * time.Hour}, Last: Span{2 * time.Minute, 40 * time.Minute}}
	}
	return n
}
