package scheduler

import (
	"slices"
	"time"

	"sachhon/dialogs"
)

// Gate decides whether a push may go to a person, and when. It is immutable
// and safe for use by any number of goroutines; deciding allocates nothing.
type Gate struct {
	windows Windows
	stages  []stage
}

// stage holds a push against one rule. It returns the zero Verdict when it has
// nothing against sending.
type stage func(push *Push, p *Person, now time.Time) Verdict

// NewGate returns the gate of the house. A push passes the stages in this
// order; the first that holds it back says why.
func NewGate(w Windows) *Gate {
	g := &Gate{windows: w}
	g.stages = []stage{
		inSegment,
		agreedToPurpose,
		notOptedOut,
		canBeReached,
		notHadBefore,
		channelOpen,
		stillTrue,
		g.onWorkingDay,
		g.byDay,
		g.underCaps,
	}
	return g
}

// Decide says what becomes of the push for this person at now. A push that
// would have to wait until after it expires is dropped as expired. What was
// postponed is decided again at its time: by then the person may have left, or
// had three other messages.
func (g *Gate) Decide(push *Push, p *Person, now time.Time) Verdict {
	return g.decide(g.stages, push, p, now)
}

// Moment decides what depends on the moment for somebody whom nothing else
// holds back: what is left of Decide for a recipient that [Casting.Consider]
// found waiting. Of the person it looks at OpenUntil and Sent only.
func (g *Gate) Moment(push *Push, p *Person, now time.Time) Verdict {
	return g.decide(g.stages[standingStages:], push, p, now)
}

// LeavesUntil returns from when on a push may not leave any more that may leave at
// now: it expires, or the hours end that it keeps. Zero: never.
func (g *Gate) LeavesUntil(push *Push, now time.Time) time.Time {
	closes := g.windows.Closes(push.keeps(), now)
	if closes.IsZero() || !push.Expires.IsZero() && push.Expires.Before(closes) {
		return push.Expires
	}
	return closes
}

// Windows returns the hours and days that the gate keeps.
func (g *Gate) Windows() Windows { return g.windows }

// standing decides what does not depend on the moment.
func (g *Gate) standing(push *Push, p *Person, now time.Time) Verdict {
	return g.decide(g.stages[:standingStages], push, p, now)
}

// standingStages is how many of the stages, the first ones, look neither at the
// clock nor at what else is sent.
const standingStages = 5

func (g *Gate) decide(stages []stage, push *Push, p *Person, now time.Time) Verdict {
	for _, hold := range stages {
		v := hold(push, p, now)
		switch {
		case v.Outcome == Send:
			continue
		case v.Outcome == Postpone && v.Until.IsZero():
			return drop(v.Reason) // no time would ever do
		case v.Outcome == Postpone && over(push.Expires, v.Until):
			return drop(Expired)
		}
		return v
	}
	return Verdict{}
}

// over says whether a time of expiry has come.
func over(expires, now time.Time) bool { return !expires.IsZero() && !now.Before(expires) }

func inSegment(push *Push, p *Person, _ time.Time) Verdict {
	if push.Segment.has(p) {
		return Verdict{}
	}
	return drop(NotInSegment)
}

// agreedToPurpose leaves those who refused all promotion to the next stage:
// refusing withdraws the consents too, and is the reason that tells more.
func agreedToPurpose(push *Push, p *Person, now time.Time) Verdict {
	refused := notOptedOut(push, p, now).Outcome != Send
	if push.Purpose == "" || refused || p.Contact.Agreed(push.Purpose, 0) {
		return Verdict{}
	}
	return drop(NoConsent)
}

// notOptedOut holds promotion, and what is unhurried: who wants no more of it
// still hears when their class is moved.
func notOptedOut(push *Push, p *Person, _ time.Time) Verdict {
	if push.keeps() != Promotion || p.Contact.OptedOut.IsZero() || push.Unhurried && agreedSince(p.Contact, push.Purpose) {
		return Verdict{}
	}
	return drop(OptedOut)
}

// agreedSince says whether a person agreed to a purpose after they had refused
// promotion. The last word counts.
func agreedSince(c *dialogs.Contact, purpose string) bool {
	for i := len(c.Consents) - 1; i >= 0; i-- {
		if k := &c.Consents[i]; k.Purpose == purpose {
			return k.Given && k.At.After(c.OptedOut)
		}
	}
	return false
}

func canBeReached(_ *Push, p *Person, _ time.Time) Verdict {
	switch p.Reach {
	case Reachable:
		return Verdict{}
	case Blocked:
		return drop(BlockedChannel)
	default:
		return drop(Unreachable)
	}
}

func notHadBefore(push *Push, p *Person, _ time.Time) Verdict {
	if push.Key == "" || push.Again || !slices.Contains(p.Got, push.Key) {
		return Verdict{}
	}
	return drop(AlreadySent)
}

// channelOpen drops what the network would refuse: its window opens again only
// when the person writes.
func channelOpen(_ *Push, p *Person, now time.Time) Verdict {
	if p.OpenUntil.IsZero() || now.Before(p.OpenUntil) {
		return Verdict{}
	}
	return drop(WindowClosed)
}

func stillTrue(push *Push, _ *Person, now time.Time) Verdict {
	if over(push.Expires, now) {
		return drop(Expired)
	}
	return Verdict{}
}

func (g *Gate) onWorkingDay(push *Push, _ *Person, now time.Time) Verdict {
	on, _ := DateIn(g.windows.Days.zone, now)
	if g.windows.dayOpen(push.keeps(), on) {
		return Verdict{}
	}
	return g.wait(push, now, OnQuietDay)
}

func (g *Gate) byDay(push *Push, _ *Person, now time.Time) Verdict {
	_, clock := DateIn(g.windows.Days.zone, now)
	if g.windows.hoursOpen(push.keeps(), clock) {
		return Verdict{}
	}
	return g.wait(push, now, InQuietHours)
}

// underCaps holds promotion to three a day and one tip a week.
func (g *Gate) underCaps(push *Push, p *Person, now time.Time) Verdict {
	if push.Kind != Promotion {
		return Verdict{}
	}
	free := p.Sent.free(now)
	if push.Topic == TopicTip {
		if tip := p.Sent.tipFree(now, g.windows.Days.zone); tip.After(free) {
			free = tip
		}
	}
	if !free.After(now) {
		return Verdict{}
	}
	return g.wait(push, free, FrequencyCap)
}

// wait postpones to the first time from then on that is allowed.
func (g *Gate) wait(push *Push, from time.Time, r Reason) Verdict {
	return Verdict{Outcome: Postpone, Reason: r, Until: g.windows.Next(push.keeps(), from)}
}
