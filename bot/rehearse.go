package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"sachhon/bot/channel/telegram"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
	"sachhon/scheduler/rehearsal"
)

// RehearsalSpec says what is to be rehearsed, over whom, and how well networks
// are to behave.
type RehearsalSpec struct {
	// Broadcast is the body of POST /api/v1/broadcasts; none: all campaigns for
	// Days days.
	Broadcast json.RawMessage `json:",omitempty"`
	Days      int
	// Invented is how many people are made up; 0: those of the store.
	Invented int
	Seed     uint64
	Faults   string // none, usual or bad; "": usual
	Lang     dialogs.Lang
	// Format is that of the file to make as well: png, xlsx or json; "": none.
	Format string
}

// RehearsalView is what came of it.
type RehearsalView struct {
	Report rehearsal.Report `json:"report"`
	Title  string           `json:"title"`
	// Words say it all, a line each.
	Words []string         `json:"words"`
	Hours []rehearsal.Hour `json:"hours"`
	// File is the picture, sheet or JSON that was asked for.
	File []byte `json:"file,omitempty"`
}

// The most that one rehearsal takes.
const (
	maxInvented = 5_000_000
	maxDays     = 2 * 366
	// maxGuests bounds the people of campaigns, who take about a kilobyte each.
	maxGuests = 200_000
	// keptRows is of how many messages a table says what became of each: more
	// lines than that no sheet shows.
	keptRows = 100_000
)

// Rehearse plays a broadcast or the campaigns before they are real. Nothing is
// kept and nothing is sent.
func (b *Bot) Rehearse(ctx context.Context, spec RehearsalSpec) (RehearsalView, error) {
	faults, err := rehearsal.ParseFaults(spec.Faults)
	if err != nil {
		return RehearsalView{}, badRequest{err}
	}
	if spec.Lang == "" {
		spec.Lang = dialogs.Vietnamese
	}
	r := rehearsing{Bot: b, spec: spec, faults: faults, now: b.clock()}
	r.stage = rehearsal.Stage{Gate: b.gate.Load(), From: r.now, Lines: b.simulatedLines(faults, spec.Invented > 0),
		Rand: rand.New(rand.NewPCG(spec.Seed, 1)), Stop: func() bool { return ctx.Err() != nil }}
	if spec.Format == "xlsx" || spec.Format == "json" {
		r.stage.Keep = keptRows
	}
	var view RehearsalView
	switch {
	case spec.Invented < 0 || spec.Invented > maxInvented:
		err = badRequest{fmt.Errorf("invent between 1 and %d people", maxInvented)}
	case len(spec.Broadcast) > 0:
		view.Title, view.Report, err = r.broadcast(ctx)
	case spec.Days < 1 || spec.Days > maxDays:
		err = badRequest{fmt.Errorf("rehearse campaigns for 1 to %d days", maxDays)}
	case spec.Invented > maxGuests:
		err = badRequest{fmt.Errorf("invent at most %d people for campaigns", maxGuests)}
	default:
		view.Title, view.Report, err = r.campaigns(ctx)
	}
	if err != nil {
		return view, err
	}
	view.Hours = view.Report.Hours(b.cfg.Timezone)
	view.Words = r.words(&view)
	view.File, err = r.file(&view)
	return view, err
}

// rehearsing is one rehearsal under way.
type rehearsing struct {
	*Bot
	spec   RehearsalSpec
	faults rehearsal.Faults
	now    time.Time
	stage  rehearsal.Stage
	people int
}

// zaloPerMinute is what an official account of Zalo publishes: 4,000 calls a
// minute for an application.
const zaloPerMinute = 4000

// simulatedLines are the networks that are switched on, with the pace that the
// outbox keeps; for invented people all that they come by.
func (b *Bot) simulatedLines(f rehearsal.Faults, all bool) []rehearsal.Line {
	rate, takes := b.cfg.Telegram.Rate, telegram.FreeRate
	if b.cfg.Telegram.Paid {
		takes = telegram.PaidRate
	}
	list := []rehearsal.Line{
		{Name: "telegram", Pace: scheduler.Pace{PerSecond: rate, PerAddress: perChat}, Network: f.Upon(rehearsal.Network{Limit: takes})},
		{Name: "web", Pull: true}, {Name: "terminal", Pull: true},
	}
	if all {
		list = append(list, rehearsal.Line{Name: "zalo-oa", Pace: scheduler.Pace{PerSecond: otherRate}, Window: rehearsal.ZaloWindow,
			Network: f.Upon(rehearsal.Network{PerMinute: zaloPerMinute})})
	}
	return list
}

// broadcast plays the broadcast of the request.
func (r *rehearsing) broadcast(ctx context.Context) (title string, report rehearsal.Report, err error) {
	spec, err := ParseBroadcast(r.spec.Broadcast)
	if err != nil {
		return "", report, err
	}
	c, err := spec.broadcast(r.now)
	if err != nil {
		return "", report, err
	}
	c.Frozen = r.now
	var play *rehearsal.Broadcast
	casting, push := r.casting(), c.Push()
	// Each transaction sees the store of its moment; a page does not hold it up.
	for after, first := "", true; first || after != ""; first = false {
		err := boltStore{r.store}.View(ctx, func(tx Tx) (err error) {
			if first {
				if c.Segment, err = spec.segment(tx, r.Bot); err != nil {
					return err
				}
				play = r.stage.NewBroadcast(&c)
			}
			if r.spec.Invented == 0 {
				after, err = r.page(tx, casting, &c, &push, play, after)
			}
			return err
		})
		if err != nil {
			return "", report, err
		}
	}
	if r.spec.Invented > 0 {
		r.inventFor(play, casting, &c, &push)
	}
	report, err = play.Play()
	return r.say("rehearse.broadcast", "{a}", c.Title), report, err
}

// page adds the next contacts of the store and returns the last of them; "" at
// the end.
func (r *rehearsing) page(tx Tx, casting *scheduler.Casting, c *scheduler.Broadcast, push *scheduler.Push, play *rehearsal.Broadcast, after string) (next string, err error) {
	var contact dialogs.Contact
	p := scheduler.Person{Contact: &contact}
	if p.Classes, err = scheduler.ClassesOf(tx, &c.Segment); err != nil {
		return "", err
	}
	left := previewPage
	err = tx.ContactRecords(after, func(record []byte) (bool, error) {
		if left == 0 {
			next = contact.ID
			return false, nil
		}
		left--
		if err := contact.UnmarshalBinary(record); err != nil {
			return false, err
		}
		r.people++
		one, meant := casting.Consider(c, push, &p, tx.Shut, r.now)
		if meant {
			if p.Sent, err = tx.Sent(contact.ID); err != nil {
				return false, err
			}
			if p.OpenUntil, err = r.openUntil(tx, &contact, one.Address); err != nil {
				return false, err
			}
		}
		play.Add(&p, &one, meant)
		return true, nil
	})
	return next, err
}

// openUntil is until when a network takes what answers nothing.
func (r *rehearsing) openUntil(tx Tx, c *dialogs.Contact, at string) (time.Time, error) {
	if at == "" {
		return time.Time{}, nil
	}
	return r.feeder.open(tx, c, at)
}

// inventFor adds invented people to a broadcast.
func (r *rehearsing) inventFor(play *rehearsal.Broadcast, casting *scheduler.Casting, c *scheduler.Broadcast, push *scheduler.Push) {
	all := scheduler.Casting{Gate: casting.Gate} // by whatever network they come
	begins := r.now
	if c.SendAt.After(begins) {
		begins = c.SendAt // they go on writing until then
	}
	crowd := rehearsal.NewInvented(r.stage.Rand, begins)
	shut := false
	isShut := func(string) bool { return shut }
	for range r.spec.Invented {
		var p *scheduler.Person
		p, shut = crowd.Next()
		one, meant := all.Consider(c, push, p, isShut, r.now)
		play.Add(p, &one, meant)
	}
	r.people = r.spec.Invented
}

// campaigns plays all campaigns of the content.
func (r *rehearsing) campaigns(ctx context.Context) (title string, report rehearsal.Report, err error) {
	set := r.set.Load()
	var tips []scheduler.Tip
	for _, t := range set.Tips() {
		tips = append(tips, scheduler.Tip{ID: t.ID, Sectors: []string{t.Sector}})
	}
	play := r.stage.NewSeason(set.Campaigns(), tips, r.spec.Days)
	if r.spec.Invented > 0 {
		crowd := rehearsal.NewInvented(r.stage.Rand, r.now)
		for range r.spec.Invented {
			play.Add(crowd.Guest())
		}
		r.people = r.spec.Invented
	} else if err = r.guests(ctx, play); err != nil {
		return "", report, err
	}
	report, err = play.Play()
	return r.say("rehearse.campaigns", "{n}", fmt.Sprint(r.spec.Days)), report, err
}

// guests adds the contacts of the store, with their classes.
func (r *rehearsing) guests(ctx context.Context, play *rehearsal.Season) error {
	return boltStore{r.store}.View(ctx, func(tx Tx) error {
		classes, reminders, err := r.classesOf(tx)
		if err != nil {
			return err
		}
		var failed error
		err = tx.Contacts(func(c dialogs.Contact) bool {
			var g rehearsal.Guest
			if g, failed = r.guest(tx, &c); failed != nil {
				return false
			}
			g.Classes, g.Also = classes[c.ID], reminders[c.ID]
			play.Add(g)
			if r.people++; r.people > maxGuests {
				failed = badRequest{fmt.Errorf("campaigns are rehearsed over at most %d people; try --invented", maxGuests)}
			}
			return failed == nil
		})
		return errors.Join(err, failed)
	})
}

// guest is a contact as campaigns see them.
func (r *rehearsing) guest(tx Tx, c *dialogs.Contact) (g rehearsal.Guest, err error) {
	g.Contact = c
	if s := c.Fact("sector"); s.Given() {
		g.Sectors = append(g.Sectors, s.Text)
	}
	if w, ok := weeklyOf(c); ok {
		g.Subscribed, g.Slot = !w.Paused, scheduler.Slot{Day: w.Day, At: w.Hour * 60}
		g.Sectors = append([]string{w.Sector}, g.Sectors...)
	}
	g.Reach, g.Address = r.casting().Reach(tx.Shut, c)
	if g.Sent, err = tx.Sent(c.ID); err != nil {
		return g, err
	}
	g.OpenUntil, err = r.openUntil(tx, c, g.Address)
	return g, err
}

// classesOf lists by contact the ends of the classes they have a seat in, and
// the reminders of those still to come.
func (r *rehearsing) classesOf(tx Tx) (ends map[string][]scheduler.Event, reminders map[string][]rehearsal.Message, err error) {
	ends, reminders = map[string][]scheduler.Event{}, map[string][]rehearsal.Message{}
	var all []programme.Class
	if err := tx.Classes(func(c programme.Class) bool { all = append(all, c); return true }); err != nil {
		return nil, nil, err
	}
	for i := range all {
		c := &all[i]
		if c.State == programme.StateCancelled {
			continue
		}
		err := tx.ClassRegistrations(c.ID, func(g programme.Registration) bool {
			if g.Contact == "" || g.Colleague || g.Status != programme.Seat && g.Status != programme.Attended {
				return true
			}
			ends[g.Contact] = append(ends[g.Contact], scheduler.Event{ID: g.ID, At: c.Ends()})
			for _, m := range programme.Reminders(c, r.now) {
				reminders[g.Contact] = append(reminders[g.Contact], rehearsal.Message{Kind: scheduler.Service,
					Key: "reminder/" + g.ID + "/" + m.Key, At: m.At, Expires: m.Until})
			}
			return true
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return ends, reminders, nil
}
