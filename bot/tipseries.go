package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sachhon/bot/store"
	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// seriesFor lists the ids of the tips that a subscriber gets, by the sector
// they chose and the language they speak.
func (b *Bot) seriesFor(sector string, lang dialogs.Lang) []string {
	set := b.set.Load()
	all := set.Campaigns()
	for i := range all.Tips {
		s := &all.Tips[i]
		if slices.Contains(s.Sectors, sector) && (len(s.Langs) == 0 || slices.Contains(s.Langs, lang)) {
			var tips []scheduler.Tip
			for _, t := range set.Tips() {
				tips = append(tips, scheduler.Tip{ID: t.ID, Sectors: []string{t.Sector}})
			}
			return s.Takes(tips)
		}
	}
	return nil
}

// tipsDone begins the key of the word that somebody had every tip.
const tipsDone = "tips_done/"

// ofSeries says whether a push belongs to the weekly tips.
func ofSeries(push string) bool {
	return strings.HasPrefix(push, scheduler.TipKey("")) || strings.HasPrefix(push, tipsDone)
}

// nextTip is what the person of the turn gets next. Without a tip, but ok, it is
// the word that they had all of them, once for each length that the series
// reached; not ok: nothing.
func (t *turn) nextTip(w weekly) (tip, key string, ok bool, err error) {
	got, err := t.tx.Got(t.contact.ID)
	if err != nil {
		return "", "", false, err
	}
	series := t.desk.b.seriesFor(w.Sector, t.contact.Speaks())
	if id, ok := scheduler.NextTip(t.contact.ID, series, got); ok {
		return id, scheduler.TipKey(id), true, nil
	}
	key = fmt.Sprintf("%s%s/%d", tipsDone, w.Sector, len(series))
	return "", key, len(series) > 0 && !slices.Contains(got, key), nil
}

// planTip plans the next tip of whom the turn is with, or takes it out of the
// table when they want none now. It returns when it comes; zero: not.
func (t *turn) planTip() (at time.Time, err error) {
	t.fx.planned = true
	w, ok := weeklyOf(&t.contact)
	if ok = ok && !w.Paused && t.contact.Agreed(dialogs.PurposeTips, 0); ok {
		_, _, ok, err = t.nextTip(w)
	}
	if err != nil || !ok {
		return at, errors.Join(err, t.tx.Unplan(scheduler.TipDue, t.contact.ID))
	}
	sent, err := t.tx.Sent(t.contact.ID)
	if err != nil {
		return at, err
	}
	slot := scheduler.Slot{Day: w.Day, At: w.Hour * 60}
	j, ok := scheduler.NextTipJob(t.contact.ID, slot, sent, t.desk.b.gate.Load().Windows(), t.now)
	if !ok {
		return at, t.tx.Unplan(scheduler.TipDue, t.contact.ID)
	}
	return j.At, t.tx.Plan(j)
}

// sendTip sends the next tip of a subscription and plans the one after it. One
// that may not leave in time is left for another week, and so is a late one.
// Whoever cannot be reached is left out until the night finds that they are back.
func (k *turns) sendTip(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(j.Key); err != nil || !known {
		return err
	}
	w, ok := weeklyOf(&t.contact)
	if !ok || w.Paused {
		_, err := t.planTip()
		return err
	}
	id, key, ok, err := t.nextTip(w)
	if err != nil || !ok {
		return err
	}
	push := scheduler.Push{Kind: scheduler.Promotion, Key: key, Topic: scheduler.TopicTip, Purpose: dialogs.PurposeTips, Expires: j.Deadline}
	switch became, err := t.leaves(&push, j); {
	case err != nil, became == scheduler.Postpone, became == scheduler.Drop && t.reach != scheduler.Reachable:
		return err
	case became == scheduler.Send:
		if err := t.pushTip(w, id); err != nil {
			return err
		}
	}
	if _, err := t.planTip(); err != nil {
		return err
	}
	return t.save()
}

// pushTip words a tip, or that there is none left.
func (t *turn) pushTip(w weekly, id string) error {
	set := t.desk.articles()
	if tip, ok := set.Tip(id); ok {
		return t.pushAs(scheduler.Promotion, "weekly_tip", worded(set.TipWords(&tip)))
	}
	sector, _ := content.SubjectIn(set.Subjects().Sectors, w.Sector)
	return t.pushAs(scheduler.Promotion, "weekly_done", []dialogs.Answer{both("weekly_sector", sector.Name)})
}

// tipsReplanned is how many subscriptions one transaction plans for.
const tipsReplanned = 200

// replanTips plans a tip for every subscription that has none planned: those
// whose series grew, or who blocked the bot for a while. It returns how many
// subscriptions there are. Hardly any need it, so all are looked at beside the
// writer, and no more than half of the time, so that people who talk meanwhile
// notice nothing. It is the last of what is brought in line with the content, so
// it notes that this was done.
func (b *Bot) replanTips(ctx context.Context) (n int, err error) {
	basis := b.planBasis()
	for after, more := "", true; more; {
		from := time.Now()
		page, err := b.subscribersAfter(ctx, after)
		if err != nil {
			return n, err
		}
		after, more, n = page.last, page.last != "", n+page.subscribed
		took := time.Since(from)
		for ids := range slices.Chunk(page.unplanned, tipsReplanned) {
			err := b.committer.Do(ctx, func(tx Tx, fx *effects) error { return b.replanTipsOf(tx, ids, fx) })
			if err != nil {
				return n, err
			}
		}
		if err := rest(ctx, took); err != nil {
			return n, err
		}
	}
	return n, b.committer.Do(ctx, func(tx Tx, _ *effects) error { return tx.PutPlannedFor(basis) })
}

// planBasis is what plans follow from beside what is in the store: as long as it
// is the same, a start need not go through everybody.
func (b *Bot) planBasis() string {
	return b.set.Load().Version + " " + b.version + " " + b.cfg.Timezone.String()
}

// plansDiffer says whether plans may differ from the content: it is another one
// than that which all of them were brought in line with, or the program is.
func (b *Bot) plansDiffer() (differ bool) {
	err := boltStore{b.store}.View(context.Background(), func(tx Tx) error {
		differ = tx.PlannedFor() != b.planBasis()
		return nil
	})
	return differ || err != nil
}

// rest waits, unless ctx ends.
func rest(ctx context.Context, long time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
		return nil
	}
}

// subscribers are those who want tips among a page of contacts.
type subscribers struct {
	subscribed int
	unplanned  []string // those of them for whom nothing is planned
	last       string   // the last contact of the page; "" when no more follow
}

// subscribersAfter looks at the next contacts.
func (b *Bot) subscribersAfter(ctx context.Context, after string) (page subscribers, err error) {
	left := scheduler.PageOfContacts
	err = b.store.View(ctx, func(tx *store.Tx) error {
		return tx.ContactRecords(after, func(record []byte) (bool, error) {
			var c dialogs.Contact
			if err := c.UnmarshalBinary(record); err != nil {
				return false, err
			}
			left--
			page.last = c.ID
			w, ok := weeklyOf(&c)
			if !ok || w.Paused {
				return left > 0, nil
			}
			page.subscribed++
			_, planned, err := tx.Planned(scheduler.TipDue, c.ID)
			if !planned {
				page.unplanned = append(page.unplanned, c.ID)
			}
			return left > 0, err
		})
	})
	if left > 0 {
		page.last = ""
	}
	return page, err
}

func (b *Bot) replanTipsOf(tx Tx, contacts []string, fx *effects) error {
	for _, id := range contacts {
		if _, ok, err := tx.Planned(scheduler.TipDue, id); err != nil || ok {
			if err != nil {
				return err
			}
			continue // the gate looks at it in its time
		}
		t := turn{turns: b.turns, tx: tx, now: b.clock(), fx: fx}
		ok, err := t.open(id)
		if err == nil && ok {
			_, err = t.planTip()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
