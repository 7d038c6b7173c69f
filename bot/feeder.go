package bot

import (
	"cmp"
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// feeder carries broadcasts out: it plans them page by page, then keeps the
// bulk lane of the outbox filled with about two seconds' worth. Each step is
// one request to the committer, so that people who talk wait for milliseconds
// at the most, and all it knows is in the store.
type feeder struct {
	b     *Bot
	wake  chan struct{}
	paces paces
	// ill are broadcasts that could not be carried on, with when they are tried
	// again.
	ill map[string]time.Time
}

func newFeeder(b *Bot) *feeder {
	return &feeder{b: b, wake: make(chan struct{}, 1), ill: map[string]time.Time{}}
}

// wakeUp makes the feeder look for broadcasts; it never waits.
func (f *feeder) wakeUp() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (b *Bot) feederPart() part {
	var bg *background
	return part{"broadcasts", func(context.Context) error {
		bg = run(b.feeder.run)
		return nil
	}, func(ctx context.Context) error { return bg.stop(ctx) }}
}

// How long the feeder waits: for the outbox to send some of what it holds, for
// a store that failed, and at the most.
const (
	feedAgain   = 250 * time.Millisecond
	feedRetry   = 2 * time.Second
	feedLongest = time.Minute
)

func (f *feeder) run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-timer.C:
		}
		next, err := f.feedAll(ctx)
		wait := feedLongest
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			f.b.log.Error("broadcasts not carried on, trying again", "error", err)
			wait = feedRetry
		case !next.IsZero():
			wait = min(max(next.Sub(f.b.now()), 0), feedLongest)
		}
		timer.Reset(wait)
	}
}

// feedAll does for every broadcast what can be done now and returns when there
// is something to do again; zero: not before somebody says so. One that cannot be
// carried on holds up no other.
func (f *feeder) feedAll(ctx context.Context) (next time.Time, err error) {
	active, err := f.active(ctx)
	if err != nil {
		return next, err
	}
	f.paces.note(active, f.b.now())
	for i := range active {
		again := f.carryOn(ctx, &active[i], active)
		if ctx.Err() != nil {
			return next, ctx.Err()
		}
		if !again.IsZero() && (next.IsZero() || again.Before(next)) {
			next = again
		}
	}
	return next, nil
}

// carryOn is feed for a broadcast that may be ill: then it is left alone for a
// while, since each failure undoes what others do in the same transaction.
func (f *feeder) carryOn(ctx context.Context, c *scheduler.Broadcast, all []scheduler.Broadcast) time.Time {
	if again := f.ill[c.ID]; again.After(f.b.now()) {
		return again
	}
	delete(f.ill, c.ID)
	again, err := f.feed(ctx, c, all)
	if err != nil && ctx.Err() == nil {
		f.b.log.Error("broadcast not carried on, trying again", "broadcast", c.ID, "error", err)
		again = f.b.now().Add(feedRetry)
		f.ill[c.ID] = again
	}
	return again
}

// holdBack lets every broadcast take one step before anything is sent: what was
// in the outbox when the program stopped must not leave in the night in which it
// is started again.
func (f *feeder) holdBack(ctx context.Context) {
	active, err := f.active(ctx)
	for i := range active {
		err = errors.Join(err, f.b.committer.Do(ctx, func(tx Tx, fx *effects) error {
			_, err := f.step(tx, fx, active[i].ID, active)
			return err
		}))
	}
	if err != nil {
		f.b.log.Error("broadcasts not looked at before the start", "error", err)
	}
}

// active are the broadcasts that are under way.
func (f *feeder) active(ctx context.Context) (list []scheduler.Broadcast, err error) {
	err = f.b.store.View(ctx, func(tx *store.Tx) error {
		return tx.Broadcasts(func(c scheduler.Broadcast) bool {
			if c.Status == scheduler.Sending {
				list = append(list, c)
			}
			return true
		})
	})
	return list, err
}

// feed carries one broadcast on as far as it goes now.
func (f *feeder) feed(ctx context.Context, c *scheduler.Broadcast, all []scheduler.Broadcast) (again time.Time, err error) {
	for more := !c.Planned; more; {
		err := f.b.committer.Do(ctx, func(tx Tx, _ *effects) (err error) {
			more, err = f.b.casting().Plan(tx, c.ID, f.b.clock(), scheduler.PageOfContacts)
			return err
		})
		if err != nil {
			return again, err
		}
	}
	for {
		var fed scheduler.Fed
		err := f.b.committer.Do(ctx, func(tx Tx, fx *effects) (err error) {
			fed, err = f.step(tx, fx, c.ID, all)
			return err
		})
		switch {
		case err != nil:
			return again, err
		case fed.Full:
			return f.b.now().Add(feedAgain), nil
		case !fed.More:
			return fed.Again, nil
		}
	}
}

// step hands the next recipients over.
func (f *feeder) step(tx Tx, fx *effects, id string, all []scheduler.Broadcast) (scheduler.Fed, error) {
	now := f.b.clock()
	fed, err := f.b.casting().Feed(tx, id, now, scheduler.Feeding{
		Room: func(channel string) int { return f.room(channel, id, all) },
		Open: f.open,
		Deliver: func(c *scheduler.Broadcast, who *dialogs.Contact, at string) (scheduler.Handed, error) {
			return f.b.deliverCast(tx, fx, c, who, at, now)
		},
	})
	if err != nil || !fed.Held {
		return fed, err
	}
	c, ok, err := tx.Broadcast(id)
	if err != nil || !ok {
		return fed, err
	}
	return fed, tx.TakeBack(&c)
}

// The outbox holds about so many seconds' worth of broadcasts; a network whose
// people read what is written takes a page at once.
const (
	secondsAhead = 2
	pullPage     = 500
	otherRate    = 10 // messages a second, where the settings say nothing
)

// room is how many messages of a broadcast a channel's outbox should hold:
// what the other broadcasts leave of its two seconds' worth.
func (f *feeder) room(name, id string, all []scheduler.Broadcast) int {
	if f.b.turns.channels[name].Pull {
		return pullPage
	}
	rate := otherRate
	for _, n := range f.b.networks {
		if n.channel.Name() == name && n.pace.PerSecond > 0 {
			rate = n.pace.PerSecond
		}
	}
	room := secondsAhead * rate
	for i := range all {
		if all[i].ID == id {
			continue
		}
		for _, w := range all[i].Counts.Ways {
			if w.Channel == name {
				room -= w.Queued
			}
		}
	}
	return max(room, 1) // however many there are, each gets on
}

// open is until when a network takes what answers nothing.
func (f *feeder) open(tx scheduler.Casts, c *dialogs.Contact, at string) (time.Time, error) {
	window := f.b.turns.channels[channelName(at)].Window
	if window == 0 {
		return time.Time{}, nil
	}
	s, err := tx.(Tx).Session(c.ID)
	return s.Seen.Add(window), err
}

func channelName(at string) string {
	a, err := channel.ParseAddress(at)
	if err != nil {
		return ""
	}
	return a.Channel
}

// casting is the rules of broadcasts with the days off and the networks of now.
func (b *Bot) casting() *scheduler.Casting {
	return &scheduler.Casting{Gate: b.gate.Load(), On: func(name string) bool {
		_, on := b.turns.channels[name]
		return on
	}}
}

// beginCast begins a broadcast whose time has come.
func beginCast(tx Tx, id string, now time.Time, fx *effects) error {
	c, ok, err := tx.Broadcast(id)
	if err != nil || !ok || c.Status != scheduler.Scheduled {
		return err
	}
	if err := c.Start(now); err != nil {
		return err
	}
	fx.cast = true
	return tx.PutBroadcast(&c)
}

// deliverCast writes a broadcast's message for one contact: into the outbox, or
// for a network whose people read what is written into the transcript. What is
// sent gets into the transcript once the network took it.
func (b *Bot) deliverCast(tx Tx, fx *effects, c *scheduler.Broadcast, who *dialogs.Contact, at string, now time.Time) (scheduler.Handed, error) {
	to, err := channel.ParseAddress(at)
	if err != nil {
		return scheduler.Handed{}, err
	}
	lang := who.Speaks()
	m := b.castMessage(c, lang)
	if err := b.offerAnswers(tx, c, who.ID); err != nil {
		return scheduler.Handed{}, err
	}
	caps := b.turns.channels[to.Channel]
	if caps.Pull {
		fx.watch(at)
		return scheduler.Handed{}, tx.Append(at, &channel.Entry{At: now, From: channel.FromBot, Message: m, Push: true})
	}
	parts := channel.Fit(m, caps, lang)
	for i, part := range parts {
		row := outbox.Row{Lane: outbox.Bulk, Address: to, Message: part, Lang: lang, Queued: now, Expires: c.Expires,
			Key: store.CastKey(c.ID, who.ID, i == len(parts)-1)}
		if err := tx.Enqueue(row); err != nil {
			return scheduler.Handed{}, err
		}
	}
	fx.queued = true
	return scheduler.Handed{Rows: len(parts)}, nil
}

// mostOffers is how many buttons of pushed messages a session remembers, so
// that their labels can be typed.
const mostOffers = 6

// offerAnswers makes the answers of a broadcast understood when typed, beside
// what was offered before.
func (b *Bot) offerAnswers(tx Tx, c *scheduler.Broadcast, contact string) error {
	offers := b.castOffers(c)
	if len(offers) == 0 {
		return nil
	}
	s, err := tx.Session(contact)
	if err != nil {
		return err
	}
	s.Offers = append(s.Offers, offers...)
	s.Offers = s.Offers[max(len(s.Offers)-mostOffers, 0):]
	return tx.PutSession(contact, &s)
}

// answerPrefix begins what pressing an answer says.
const answerPrefix = "/start reply_"

// answerCommand is what pressing an answer says.
func answerCommand(c *scheduler.Broadcast, i int) string {
	return answerPrefix + c.ID + "_" + c.Answers[i].Key
}

// castMessage words a broadcast in a language. Promotion says first that it is
// one and last how to refuse it (Decree 91/2020, articles 13–18).
func (b *Bot) castMessage(c *scheduler.Broadcast, lang dialogs.Lang) dialogs.Message {
	m := dialogs.Message{Text: c.Text.In(lang), Format: dialogs.Marked}
	promotion := c.Kind == scheduler.Promotion
	if promotion {
		m.Text = b.promotional(m.Text, lang)
	}
	if c.Media.Ref != "" {
		m.Media = []dialogs.Media{c.Media}
		m.Media[0].Alt = dialogs.Text{VI: c.Media.Alt, EN: c.AltEN}.In(lang)
		if c.Media.Kind == dialogs.Image && m.Media[0].Alt == "" {
			m.Media[0].Alt = b.turns.engine.Load().Library().Text("broadcast.picture").In(lang)
		}
		if promotion && b.goesApart(&m) {
			m.Media[0].Alt = b.label(lang) + " " + cmp.Or(m.Media[0].Alt, m.Media[0].Name)
		}
	}
	for _, o := range b.castOffers(c) {
		m.Buttons = append(m.Buttons, []dialogs.Button{{ID: o.Key, Label: o.Label.In(lang)}})
	}
	return m
}

// promotional says of a text first that it is promotion, and last how to refuse
// more of it.
func (b *Bot) promotional(text string, lang dialogs.Lang) string {
	return b.label(lang) + " " + text + "\n\n" + b.turns.engine.Load().Library().Text("broadcast.refuse").In(lang)
}

// label is what promotion says of itself.
func (b *Bot) label(lang dialogs.Lang) string {
	return b.turns.engine.Load().Library().Text("broadcast.label").In(lang)
}

// goesApart says whether on some network the words are too long to go with the
// picture, which then comes first and alone.
func (b *Bot) goesApart(m *dialogs.Message) bool {
	for _, caps := range b.turns.channels {
		if caps.Caption > 0 && utf8.RuneCountInString(m.Text) > caps.Caption {
			return true
		}
	}
	return false
}
