package scheduler

import (
	"fmt"
	"time"

	"sachhon/dialogs"
)

// Handed says what the one who delivers did with a message.
type Handed struct {
	// Rows is how many messages were put into the outbox; 0: the person has it
	// already, since their network reads what is written.
	Rows int
}

// Feeding is what handing recipients over needs of its caller.
type Feeding struct {
	// Room is how many messages of this broadcast a channel's outbox should hold.
	Room func(channel string) int
	// Open is until when a network takes messages that answer nothing; zero:
	// always. nil: all of them always do.
	Open func(tx Casts, c *dialogs.Contact, at string) (time.Time, error)
	// Deliver writes the message for a contact at an address, in the transaction.
	Deliver func(b *Broadcast, c *dialogs.Contact, at string) (Handed, error)
}

// Fed is what came of one feeding.
type Fed struct {
	// Handed is how many recipients were handed over.
	Handed int
	// Full says that there was no room for some.
	Full bool
	// More says that there is something to be done at once.
	More bool
	// Again is when there is something to be done if nothing changes before;
	// zero: never.
	Again time.Time
	// Held says that the clock began to hold the broadcast back: what is in the
	// outbox should be taken back.
	Held bool
}

// pageOfRecipients bounds how many recipients one feeding looks at for each
// channel, whether or not they can be handed over.
const pageOfRecipients = 2000

// passAgain is the least time between two passes over those who wait.
const passAgain = time.Minute

// watchAgain is how soon a broadcast is looked at again of which something is in
// the outbox still: it is taken back when the hours of the day are over.
const watchAgain = time.Second

// Feed hands the next recipients of a broadcast over, as many as there is room
// for, holding each against the stages that depend on the moment. What the
// clock forbids holds the whole broadcast back; a cap sets one person aside,
// to be tried again in a later pass.
func (c *Casting) Feed(tx Casts, id string, now time.Time, with Feeding) (Fed, error) {
	b, ok, err := tx.Broadcast(id)
	if err != nil || !ok || b.Status != Sending || !b.Planned {
		return Fed{}, err
	}
	f := feeding{Casting: c, tx: tx, b: &b, now: now, with: with, push: b.Push()}
	why, until := c.Gate.Closed(b.Kind, now)
	switch {
	case over(b.Expires, now), why != "" && over(b.Expires, until): // now, or before it may leave
		b.expire(now)
		return Fed{Held: true}, tx.PutBroadcast(&b)
	case why == "": // also sooner than was thought: a clock may be set back, a day off moved
		b.Until, b.HeldFor = time.Time{}, ""
	case b.Until.After(now):
		return Fed{Again: b.Until}, nil
	default:
		f.hold(Verdict{Outcome: Postpone, Reason: why, Until: until})
		return f.out, tx.PutBroadcast(&b)
	}
	for i := range b.Counts.Ways {
		if err := f.way(b.Counts.Ways[i].Channel); err != nil {
			return f.out, err
		}
	}
	b.endIfNobodyWaits(now)
	if !b.Expires.IsZero() && !b.Over() {
		f.again(b.Expires)
	}
	if b.Counts.Pending() > b.Counts.Waiting() {
		f.again(now.Add(watchAgain))
	}
	return f.out, tx.PutBroadcast(&b)
}

// feeding is one feeding under way.
type feeding struct {
	*Casting
	tx   Casts
	b    *Broadcast
	now  time.Time
	with Feeding
	push Push
	out  Fed
}

// way hands over the next recipients of one channel.
func (f *feeding) way(channel string) error {
	w := f.b.Counts.Way(channel)
	if w.Waiting == 0 || f.b.Until.After(f.now) {
		return nil
	}
	if w.Next.After(f.now) {
		f.again(w.Next)
		return nil
	}
	w.Next = time.Time{}
	room := f.with.Room(channel) - w.Queued
	if room <= 0 {
		f.out.Full = true
		return nil
	}
	page, last, err := f.page(channel, w.Cursor, room)
	if err != nil {
		return err
	}
	for i := range page {
		went, err := f.one(&page[i])
		if err != nil {
			return fmt.Errorf("hand over broadcast %s: %w", f.b.ID, err)
		}
		if !went {
			return nil // held back by the clock, this one is the first of the next feeding
		}
	}
	w = f.b.Counts.Way(channel)
	if w.Cursor = last; last == "" {
		f.nextPass(w)
		return nil
	}
	f.out.More = true
	return nil
}

// nextPass ends a pass; those who wait still are looked at again later.
func (f *feeding) nextPass(w *Way) {
	soonest := w.Soonest
	w.Soonest = time.Time{}
	if w.Waiting == 0 {
		return
	}
	w.Next = f.now.Add(passAgain)
	if soonest.After(w.Next) {
		w.Next = soonest
	}
	f.again(w.Next)
}

func (f *feeding) again(at time.Time) {
	if f.out.Again.IsZero() || at.Before(f.out.Again) {
		f.out.Again = at
	}
}

// candidate is a recipient of a page.
type candidate struct {
	contact   string
	recipient Recipient
}

// page reads the next recipients of a channel who wait, at most most of them.
// last is where to go on; "" at the end of the pass.
func (f *feeding) page(channel, after string, most int) (page []candidate, last string, err error) {
	seen := 0
	w := f.b.Counts.Way(channel)
	err = f.tx.Recipients(f.b.ID, after, func(contact string, r *Recipient) bool {
		if len(page) == most || seen == pageOfRecipients {
			last = after
			return false
		}
		seen++
		after = contact
		if !r.Waits() || ChannelOf(r.Address) != channel {
			return true
		}
		if r.State == Aside && r.At.After(f.now) {
			w.soonest(r.At)
			return true
		}
		page = append(page, candidate{contact, *r})
		return true
	})
	return page, last, err
}

func (w *Way) soonest(at time.Time) {
	if w.Soonest.IsZero() || at.Before(w.Soonest) {
		w.Soonest = at
	}
}

// one decides about one recipient and carries it out; false: the clock holds
// the broadcast back, and the recipient stays as it was.
func (f *feeding) one(k *candidate) (bool, error) {
	contact, ok, err := f.tx.Contact(k.contact)
	if err != nil {
		return false, err
	}
	if !ok { // a contact takes its recipients along when it goes
		return true, f.become(k, Recipient{State: Skipped, Reason: ForForgotten, At: f.now})
	}
	p := Person{Contact: &contact}
	var at string
	p.Reach, at = f.Reach(f.tx.Shut, &contact)
	if p.Sent, err = f.tx.Sent(k.contact); err != nil {
		return false, err
	}
	if f.with.Open != nil && at != "" {
		if p.OpenUntil, err = f.with.Open(f.tx, &contact, at); err != nil {
			return false, err
		}
	}
	next := k.recipient
	switch v := f.Gate.Decide(&f.push, &p, f.now); {
	case v.Outcome == Send:
		return true, f.send(k, &contact, at, p.Sent)
	case v.byClock():
		f.holdAt(k, v)
		return false, nil
	case v.Outcome == Postpone:
		next.State, next.Reason, next.At = Aside, v.Reason, v.Until
		f.b.Counts.Way(ChannelOf(next.Address)).soonest(v.Until)
	default:
		next.State, next.Reason, next.At = Skipped, v.Reason, f.now
	}
	return true, f.become(k, next)
}

// send hands the message to the one who delivers.
func (f *feeding) send(k *candidate, contact *dialogs.Contact, at string, sent Sent) error {
	handed, err := f.with.Deliver(f.b, contact, at)
	if err != nil {
		return err
	}
	next := k.recipient
	next.State, next.Reason, next.Address, next.Lang = Queued, "", at, contact.Speaks()
	next.At, next.Version, next.Rows = f.now, f.b.Version, handed.Rows
	if handed.Rows == 0 {
		next.State = Got
	}
	f.out.Handed++
	if err := f.tx.PutSent(k.contact, sent.With(&f.push, f.now)); err != nil {
		return err
	}
	return f.become(k, next)
}

func (f *feeding) become(k *candidate, next Recipient) error {
	f.b.change(&k.recipient, next)
	return f.tx.PutRecipient(f.b.ID, k.contact, &k.recipient)
}

// holdAt holds the broadcast back before a recipient.
func (f *feeding) holdAt(k *candidate, v Verdict) {
	f.b.rewind() // those before it are handed over already and passed at once
	f.hold(v)
}

func (f *feeding) hold(v Verdict) {
	if v.Until.IsZero() { // a table of days off without a working day: look again
		v.Until = f.now.Add(24 * time.Hour)
	}
	f.b.Until, f.b.HeldFor = v.Until, v.Reason
	f.out.Held = true
	f.again(v.Until)
}

// byClock says whether a verdict is about the time of day, the same for all.
func (v Verdict) byClock() bool {
	return v.Outcome == Postpone && (v.Reason == OnQuietDay || v.Reason == InQuietHours)
}

// Closed says whether pushes of this kind may not leave at now, why, and until
// when; "" when they may.
func (g *Gate) Closed(k PushKind, now time.Time) (Reason, time.Time) {
	if g.windows.Open(k, now) {
		return "", time.Time{}
	}
	why := OnQuietDay
	if on, _ := DateIn(g.windows.Days.zone, now); g.windows.dayOpen(k, on) {
		why = InQuietHours
	}
	return why, g.windows.Next(k, now)
}
