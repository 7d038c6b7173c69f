package store_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// castLife is the life of broadcasts as a state machine: whatever happens in
// whatever order, their counts are those of their recipients, nobody has one
// twice without being labelled, and in the end nobody is forgotten.
type castLife struct {
	t       *rapid.T
	folder  string
	s       *store.Store
	now     time.Time
	latest  time.Time // that the clock has shown: it may be set back
	casting scheduler.Casting
	made    int
	people  map[string]bool // by id; false: forgotten
	casts   []string
	// got is what really reached people, by broadcast and contact.
	got map[[2]string]int
	// flying are rows that are leased and may have been taken.
	flying []outbox.Row
}

var zone = time.FixedZone("+07", 7*3600)

// weekday is a working day, in the morning.
var weekday = time.Date(2026, 11, 30, 9, 0, 0, 0, zone)

func TestBroadcastsComeToEverybodyOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		folder, err := os.MkdirTemp(t.TempDir(), "life")
		if err != nil {
			rt.Fatal(err)
		}
		l := &castLife{t: rt, folder: folder, now: weekday, latest: weekday, people: map[string]bool{}, got: map[[2]string]int{}}
		days := scheduler.NewDays(scheduler.Holidays{}, zone)
		l.casting = scheduler.Casting{Gate: scheduler.NewGate(scheduler.HouseWindows(days))}
		l.open()
		for range rapid.IntRange(1, 8).Draw(rt, "people") {
			l.join()
		}
		rt.Repeat(map[string]func(*rapid.T){
			"join":   func(*rapid.T) { l.join() },
			"create": func(*rapid.T) { l.create() },
			"plan":   func(rt *rapid.T) { l.each(func(id string) { l.plan(id, rapid.IntRange(1, 5).Draw(rt, "page")) }) },
			"feed":   func(rt *rapid.T) { l.each(func(id string) { l.feed(id, rapid.IntRange(1, 4).Draw(rt, "room")) }) },
			"lease":  func(rt *rapid.T) { l.lease(rapid.IntRange(1, 4).Draw(rt, "rows")) },
			"settle": func(*rapid.T) { l.settle() },
			"pause": func(rt *rapid.T) {
				l.change(rt, func(c *scheduler.Broadcast) error { return c.Pause(scheduler.PausedByHand) })
			},
			"resume":  func(rt *rapid.T) { l.change(rt, func(c *scheduler.Broadcast) error { return c.Resume(l.now) }) },
			"cancel":  func(rt *rapid.T) { l.change(rt, func(c *scheduler.Broadcast) error { return c.Cancel(l.now) }) },
			"press":   func(rt *rapid.T) { l.press(rt) },
			"opt out": func(rt *rapid.T) { l.optOut(l.somebody(rt)) },
			"block":   func(rt *rapid.T) { l.block(l.somebody(rt)) },
			"forget":  func(rt *rapid.T) { l.forget(l.somebody(rt)) },
			"move":    func(rt *rapid.T) { l.move(l.somebody(rt)) },
			"set back": func(rt *rapid.T) {
				l.now = l.now.Add(-time.Duration(rapid.IntRange(1, 60*12).Draw(rt, "minutes")) * time.Minute)
			},
			"wait": func(rt *rapid.T) {
				l.now = l.now.Add(time.Duration(rapid.IntRange(1, 60*30).Draw(rt, "minutes")) * time.Minute)
			},
			"revive": func(*rapid.T) { l.revive() },
			"thin":   func(rt *rapid.T) { l.thin(rapid.IntRange(1, 4).Draw(rt, "page")) },
			"crash":  func(*rapid.T) { l.crash() },
			"": func(*rapid.T) {
				l.check()
				if l.now.After(l.latest) {
					l.latest = l.now
				}
			},
		})
		l.finish()
		if err := l.s.Close(); err != nil {
			rt.Error(err)
		}
	})
}

// check holds every index and count against its rows.
func (l *castLife) check() {
	_, problems, err := l.s.Check(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, p := range problems {
		l.t.Error(p)
	}
}

func (l *castLife) open() {
	s, err := store.Open(l.folder, slog.New(slog.DiscardHandler))
	if err != nil {
		l.t.Fatal(err)
	}
	l.s = s
}

func (l *castLife) crash() {
	if err := l.s.Close(); err != nil {
		l.t.Fatal(err)
	}
	l.open()
	for _, r := range l.flying {
		l.perhaps(&r)
	}
	l.flying = nil
	if _, err := l.s.Outbox().Recover(context.Background(), "net"); err != nil {
		l.t.Fatal(err)
	}
}

func (l *castLife) update(fn func(tx *store.Tx) error) {
	if err := l.s.Update(context.Background(), fn); err != nil {
		l.t.Fatal(err)
	}
}

func (l *castLife) each(fn func(id string)) {
	for _, id := range l.casts {
		fn(id)
	}
}

// join makes a contact; some have refused promotion, some agreed to nothing,
// some read what is written.
func (l *castLife) join() {
	l.made++
	n := rapid.IntRange(0, 9999).Draw(l.t, "who")
	c := dialogs.Contact{ID: fmt.Sprintf("%04d%03d", n, l.made), Created: l.latest, Addresses: []string{fmt.Sprintf("net:%d", l.made)}}
	switch rapid.IntRange(0, 9).Draw(l.t, "kind") {
	case 0:
		c.OptedOut = l.now
	case 1, 2:
		c.Addresses[0] = fmt.Sprintf("web:%d", l.made)
	}
	c.Consents = []dialogs.Consent{{Purpose: "tips", Given: rapid.IntRange(0, 5).Draw(l.t, "consent") > 0, At: l.now}}
	l.people[c.ID] = true
	l.update(func(tx *store.Tx) error {
		if err := tx.PutContact(&c); err != nil {
			return err
		}
		return tx.PutAddress(c.Addresses[0], c.ID, false)
	})
}

func (l *castLife) create() {
	if len(l.casts) == 2 {
		return
	}
	c := scheduler.Broadcast{ID: fmt.Sprintf("b%d", len(l.casts)), Kind: scheduler.Promotion, Purpose: "tips", Text: dialogs.Text{VI: "tin"}, Version: 1,
		Answers: []scheduler.BroadcastAnswer{{Key: "yes"}, {Key: "no"}}, Status: scheduler.Scheduled}
	if rapid.Bool().Draw(l.t, "service") {
		c.Kind, c.Purpose = scheduler.Service, ""
	}
	if rapid.IntRange(0, 3).Draw(l.t, "expires") == 0 {
		c.Expires = l.now.Add(24 * time.Hour)
	}
	if err := c.Start(l.now); err != nil {
		l.t.Fatal(err)
	}
	l.casts = append(l.casts, c.ID)
	l.update(func(tx *store.Tx) error { return tx.PutBroadcast(&c) })
}

func (l *castLife) plan(id string, page int) {
	l.update(func(tx *store.Tx) error {
		_, err := l.casting.Plan(tx, id, l.now, page)
		return err
	})
}

func (l *castLife) feed(id string, room int) (fed scheduler.Fed) {
	l.update(func(tx *store.Tx) (err error) {
		fed, err = l.casting.Feed(tx, id, l.now, scheduler.Feeding{
			Room: func(string) int { return room },
			Deliver: func(c *scheduler.Broadcast, who *dialogs.Contact, at string) (scheduler.Handed, error) {
				return l.deliver(tx, c, who, at)
			},
		})
		if err != nil || !fed.Held {
			return err
		}
		c, _, err := tx.Broadcast(id)
		if err != nil {
			return err
		}
		return tx.TakeBack(&c)
	})
	return fed
}

func (l *castLife) deliver(tx *store.Tx, c *scheduler.Broadcast, who *dialogs.Contact, at string) (scheduler.Handed, error) {
	if c.Kind == scheduler.Promotion && !who.OptedOut.IsZero() {
		l.t.Errorf("%s gets promotion and refused it", who.ID)
	}
	if clock := l.now.In(zone).Hour(); clock < 7 || clock >= 22 {
		l.t.Errorf("a broadcast leaves at %v", l.now)
	}
	to, err := channel.ParseAddress(at)
	if err != nil {
		return scheduler.Handed{}, err
	}
	if to.Channel == "web" {
		l.got[[2]string{c.ID, who.ID}]++
		return scheduler.Handed{}, nil
	}
	rows := 1 + l.made%2 // some messages are two
	for i := range rows {
		err := tx.Enqueue(outbox.Row{Lane: outbox.Bulk, Address: to, Message: dialogs.Message{Text: "tin"}, Queued: l.now, Expires: c.Expires,
			Key: store.CastKey(c.ID, who.ID, i == rows-1)})
		if err != nil {
			return scheduler.Handed{}, err
		}
	}
	return scheduler.Handed{Rows: rows}, nil
}

// lease begins to send.
func (l *castLife) lease(n int) {
	rows, _, err := l.s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: n, Now: l.now, Until: l.now.Add(time.Hour)})
	if err != nil {
		l.t.Fatal(err)
	}
	l.flying = append(l.flying, rows...)
}

// took notes that a row that settles its recipient reached the person.
func (l *castLife) took(r *outbox.Row) {
	for _, id := range l.casts {
		for who := range l.people {
			if r.Key == store.CastKey(id, who, true) {
				l.got[[2]string{id, who}]++
			}
		}
	}
}

// settle says what became of what is in flight.
func (l *castLife) settle() {
	var all []outbox.Settlement
	for _, r := range l.flying {
		s := outbox.Settlement{Row: r, Lease: r.LeasedUntil}
		s.Row.LeasedUntil, s.Row.Settled = time.Time{}, l.now
		switch rapid.IntRange(0, 5).Draw(l.t, "outcome") {
		case 0: // not known: tried again
			s.Row.State, s.Row.Settled, s.Row.PossiblyRepeated = outbox.StateQueued, time.Time{}, true
			l.perhaps(&r)
		case 1:
			s.Row.State, s.Row.Reason = outbox.StateDead, outbox.Refused
		case 2:
			s.Row.State, s.Row.Reason, s.Shut = outbox.StateDead, outbox.Unreachable, true
		default:
			s.Row.State = outbox.StateSent
			l.took(&r)
		}
		all = append(all, s)
	}
	l.flying = nil
	if err := l.s.Outbox().Settle(context.Background(), all); err != nil {
		l.t.Fatal(err)
	}
}

// perhaps lets a row reach the person without anybody being told.
func (l *castLife) perhaps(r *outbox.Row) {
	if rapid.Bool().Draw(l.t, "taken") {
		l.took(r)
	}
}

// change does something to a broadcast as somebody would by hand.
func (l *castLife) change(rt *rapid.T, do func(c *scheduler.Broadcast) error) {
	if len(l.casts) == 0 {
		return
	}
	id := rapid.SampledFrom(l.casts).Draw(rt, "broadcast")
	l.update(func(tx *store.Tx) error {
		c, _, err := tx.Broadcast(id)
		if err != nil || do(&c) != nil {
			return err // refused as it stands
		}
		if !c.Flows() {
			return tx.TakeBack(&c)
		}
		return tx.PutBroadcast(&c)
	})
}

func (l *castLife) somebody(rt *rapid.T) string {
	here := slices.Sorted(maps.Keys(l.people))
	here = slices.DeleteFunc(here, func(id string) bool { return !l.people[id] })
	if len(here) == 0 {
		return ""
	}
	return rapid.SampledFrom(here).Draw(rt, "person")
}

func (l *castLife) optOut(id string) {
	l.update(func(tx *store.Tx) error {
		c, ok, err := tx.Contact(id)
		if err != nil || !ok {
			return err
		}
		c.OptedOut = l.now
		return cmp.Or(tx.PutContact(&c), tx.Withdraw(&c, nil, l.now))
	})
}

func (l *castLife) block(id string) {
	l.update(func(tx *store.Tx) error {
		c, ok, err := tx.Contact(id)
		if err != nil || !ok {
			return err
		}
		at, err := channel.ParseAddress(c.Addresses[0])
		if err != nil {
			return err
		}
		return tx.ShutAddress(at, l.now)
	})
}

func (l *castLife) forget(id string) {
	if id == "" {
		return
	}
	l.people[id] = false
	l.update(func(tx *store.Tx) error { return tx.Forget(id, l.now) })
}

// move has somebody write from another address, by the same network or another.
func (l *castLife) move(id string) {
	l.made++
	at := fmt.Sprintf("%s:%d", rapid.SampledFrom([]string{"net", "web"}).Draw(l.t, "network"), l.made)
	l.update(func(tx *store.Tx) error {
		c, ok, err := tx.Contact(id)
		if err != nil || !ok {
			return err
		}
		c.Addresses = append([]string{at}, c.Addresses...)
		return cmp.Or(tx.PutContact(&c), tx.PutAddress(at, id, false))
	})
}

func (l *castLife) press(rt *rapid.T) {
	id := l.somebody(rt)
	key := rapid.SampledFrom([]string{"yes", "no", "perhaps"}).Draw(rt, "answer")
	l.each(func(cast string) {
		l.update(func(tx *store.Tx) error {
			c, _, err := tx.Broadcast(cast)
			if err != nil {
				return err
			}
			r, ok, err := tx.Recipient(cast, id)
			if err != nil || !ok || !c.Press(&r, key) {
				return err
			}
			return cmp.Or(tx.PutRecipient(cast, id, &r), tx.PutBroadcast(&c))
		})
	})
}

// revive tries a dead message again, as the staff may.
func (l *castLife) revive() {
	dead, err := l.s.Outbox().Dead(context.Background(), 0, 1)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, r := range dead {
		if _, err := l.s.Outbox().Revive(context.Background(), r.ID, l.now); err != nil {
			l.t.Fatal(err)
		}
	}
}

// thin is a night in more than a year: of what is over by now, the counts stay
// and no recipient does.
func (l *castLife) thin(page int) {
	var before []scheduler.Broadcast
	l.each(func(id string) { before = append(before, l.view(id)) })
	late := l.latest.Add(scheduler.RecipientLife + time.Second)
	for from, first := "", true; first || from != ""; first = false {
		l.update(func(tx *store.Tx) (err error) {
			from, err = tx.PruneRecipients(late, from, page)
			return err
		})
		l.check()
	}
	for i := range before {
		after := l.view(before[i].ID)
		over := before[i].Over() && before[i].Counts.Pending() == 0 && before[i].Counts.Total > 0
		if over == after.Thinned.IsZero() && before[i].Thinned.IsZero() {
			l.t.Errorf("broadcast %s is %s, thinned %s", after.ID, after.Status, after.Thinned)
		}
		if got, want := after.Counts.String(), before[i].Counts.String(); got != want {
			l.t.Errorf("broadcast %s says %s, said %s", after.ID, got, want)
		}
		if left := l.left(after.ID); (left == 0) == (after.Thinned.IsZero() && before[i].Counts.Total > 0) {
			l.t.Errorf("broadcast %s, thinned %s, has %d recipients", after.ID, after.Thinned, left)
		}
	}
}

// left counts the rows of a broadcast's recipients, those of the forgotten too.
func (l *castLife) left(id string) (n int) {
	err := l.s.Each(context.Background(), func(bucket string, key, _ []byte) {
		if bucket == "outbox_broadcast" && strings.HasPrefix(string(key), id+"\x00") {
			n++
		}
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return n
}

// finish lets everything come to its end and looks at what everybody has.
func (l *castLife) finish() {
	for range 400 {
		l.flying = append(l.flying, l.leaseAll()...)
		l.takeAll()
		busy := false
		l.each(func(id string) {
			l.changeTo(id)
			l.plan(id, 100)
			l.feed(id, 100)
			c := l.view(id)
			busy = busy || c.Counts.Pending() > 0 || !c.Over()
		})
		if !busy {
			break
		}
		l.now = l.now.Add(37 * time.Minute)
	}
	l.check()
	l.each(l.judge)
}

func (l *castLife) leaseAll() []outbox.Row {
	rows, _, err := l.s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 1000, Now: l.now, Until: l.now.Add(time.Minute)})
	if err != nil {
		l.t.Fatal(err)
	}
	return rows
}

func (l *castLife) takeAll() {
	var all []outbox.Settlement
	for _, r := range l.flying {
		l.took(&r)
		s := outbox.Settlement{Row: r, Lease: r.LeasedUntil}
		s.Row.State, s.Row.LeasedUntil, s.Row.Settled = outbox.StateSent, time.Time{}, l.now
		all = append(all, s)
	}
	l.flying = nil
	if err := l.s.Outbox().Settle(context.Background(), all); err != nil {
		l.t.Fatal(err)
	}
}

// changeTo resumes a broadcast that is paused.
func (l *castLife) changeTo(id string) {
	l.update(func(tx *store.Tx) error {
		c, _, err := tx.Broadcast(id)
		if err != nil || c.Status != scheduler.Paused || c.Resume(l.now) != nil {
			return err
		}
		return tx.PutBroadcast(&c)
	})
}

func (l *castLife) view(id string) (c scheduler.Broadcast) {
	err := l.s.View(context.Background(), func(tx *store.Tx) (err error) {
		c, _, err = tx.Broadcast(id)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// judge holds what everybody has against what is kept of it.
func (l *castLife) judge(id string) {
	c := l.view(id)
	if !c.Over() || c.Counts.Pending() != 0 {
		l.t.Errorf("broadcast %s ends as %s: %s", id, c.Status, c.Counts.String())
	}
	if !c.Thinned.IsZero() {
		return // who had it is kept no more
	}
	err := l.s.View(context.Background(), func(tx *store.Tx) error {
		for who, here := range l.people {
			r, ok, err := tx.Recipient(id, who)
			if err != nil {
				return err
			}
			n := l.got[[2]string{id, who}]
			switch {
			case !here && ok:
				l.t.Errorf("%s was forgotten and is a recipient of %s", who, id)
			case !here:
			case !ok && n > 0:
				l.t.Errorf("%s got %s and is no recipient", who, id)
			case !ok:
				// Who came in the very second in which it began may be in or not.
				if contact, _, _ := tx.Contact(who); c.Planned && contact.Created.Before(c.Frozen) {
					l.t.Errorf("%s was overlooked by %s", who, id)
				}
			case n > 1 && !r.Repeated:
				l.t.Errorf("%s got %s %d times and is not labelled", who, id, n)
			case n == 0 && r.State == scheduler.Got:
				l.t.Errorf("%s never got %s and counts as sent", who, id)
			case r.State != scheduler.Got && r.State != scheduler.Failed && r.State != scheduler.Skipped && c.Rest == "":
				l.t.Errorf("%s is still %s in %s", who, r.State, id)
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}
