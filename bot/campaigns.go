package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/programme"
	"sachhon/bot/store"
	"sachhon/scheduler"
)

// aboutClass is what campaigns follow that follow the end of a class.
const aboutClass = "class"

// decide holds a push against the rules for the person whom the turn is with.
func (t *turn) decide(push *scheduler.Push) (v scheduler.Verdict, err error) {
	p := scheduler.Person{Contact: &t.contact, Reach: scheduler.Reachable}
	if window := t.channels[t.at.Channel].Window; window > 0 {
		p.OpenUntil = t.session.Seen.Add(window)
	}
	if p.Got, err = t.tx.Got(t.contact.ID); err != nil {
		return v, err
	}
	if p.Sent, err = t.tx.Sent(t.contact.ID); err != nil {
		return v, err
	}
	return t.desk.b.gate.Load().Decide(push, &p, t.now), nil
}

// noteSent keeps that the person of the turn was sent a push: for the caps, and
// so that they never get it again.
func (t *turn) noteSent(push *scheduler.Push) error {
	sent, err := t.tx.Sent(t.contact.ID)
	if err != nil {
		return err
	}
	if err := t.tx.PutSent(t.contact.ID, sent.With(push, t.now)); err != nil {
		return err
	}
	return t.tx.PutGot(t.contact.ID, push.Key, t.now)
}

// putOff plans a job anew for a later time; its deadline and note stay.
func putOff(tx Tx, j scheduler.Job, until time.Time, fx *effects) error {
	j.At, fx.planned = until, true
	return tx.Plan(j)
}

// classDues lists what the campaigns say after a class for one registration;
// none for who has no seat, or is a colleague: whoever registered them was not
// there.
func (b *Bot) classDues(r *programme.Registration, c *programme.Class, now time.Time) (list []scheduler.Due) {
	seated := r.Status == programme.Seat || r.Status == programme.Attended
	if !seated || r.Contact == "" || r.Colleague || c.State == programme.StateCancelled {
		return nil
	}
	return b.pointsAfter(r.ID, c, now)
}

// pointsAfter lists what the campaigns say after a class.
func (b *Bot) pointsAfter(registration string, c *programme.Class, now time.Time) (list []scheduler.Due) {
	all := b.set.Load().Campaigns()
	for i := range all.Points {
		if all.Points[i].About == aboutClass {
			list = append(list, all.Points[i].Dues(scheduler.Event{ID: registration, At: c.Ends()}, b.cfg.Timezone, now)...)
		}
	}
	return list
}

// planPoints keeps what the campaigns say after a class in step with one
// registration.
func (k *turns) planPoints(tx Tx, r *programme.Registration, c *programme.Class, now time.Time) error {
	var got []string
	var err error
	if r.Contact != "" {
		if got, err = tx.Got(r.Contact); err != nil {
			return err
		}
	}
	b := k.desk.b
	return replan(tx, b.pointsAfter(r.ID, c, time.Time{}), b.classDues(r, c, now), got)
}

// replan brings the due table in line with present. named are all dues whose
// keys may be in the table, the late ones too; settled is what was sent. The
// note of a job is the time that its plan wanted, so that one which was put off
// is told from one whose plan changed, over a restart too.
func replan(tx Tx, named, present []scheduler.Due, settled []string) error {
	var former []scheduler.Due
	var planned []scheduler.Job
	if len(named) == 0 {
		return nil
	}
	kind := named[0].Kind
	for i := range named {
		for _, key := range append([]string{named[i].Key}, named[i].Was...) {
			j, ok, err := tx.Planned(kind, key)
			if err != nil {
				return err
			}
			if ok {
				planned = append(planned, j)
				former = append(former, scheduler.Due{Job: scheduler.Job{Key: key, At: wantedAt(j), Deadline: j.Deadline}})
			}
		}
	}
	plan, unplan := scheduler.Replan(former, present, planned, settled)
	for _, key := range unplan {
		if err := tx.Unplan(kind, key); err != nil {
			return err
		}
	}
	for _, j := range plan {
		at := slices.IndexFunc(present, func(d scheduler.Due) bool { return d.Key == j.Key })
		j.Note = strconv.FormatInt(present[at].At.Unix(), 10)
		if err := tx.Plan(j); err != nil {
			return err
		}
	}
	return nil
}

// wantedAt is the time that the plan of a job wanted.
func wantedAt(j scheduler.Job) time.Time {
	seconds, err := strconv.ParseInt(j.Note, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// sendPoint sends a point of a campaign, if the campaign still has it, at this
// time, and the registration its seat.
func (k *turns) sendPoint(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	b := k.desk.b
	campaign, point, id, ok := b.pointOf(j.Key)
	if !ok {
		return nil
	}
	r, ok, err := tx.Registration(id)
	if err != nil || !ok {
		return err
	}
	c, ok, err := tx.Class(r.Class)
	if err != nil || !ok {
		return err
	}
	key := campaign.KeyOf(id, point.Key)
	dues := b.classDues(&r, &c, time.Time{})
	at := slices.IndexFunc(dues, func(d scheduler.Due) bool { return d.Key == key })
	if at < 0 {
		return nil
	}
	if !dues[at].At.Equal(wantedAt(j)) || j.Key != key { // edited, and the table does not know yet
		fx.planned = true
		return k.planPoints(tx, &r, &c, now)
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if ok, err := t.open(r.Contact); err != nil || !ok {
		return err
	}
	values := append(k.desk.classValues(&c, now), k.desk.registrationValues(&r)...)
	push := scheduler.Push{Kind: campaign.Kind, Key: key, Purpose: campaign.Purpose, Expires: j.Deadline}
	v, err := t.decide(&push)
	switch {
	case err != nil:
		return err
	case v.Outcome == scheduler.Postpone:
		return putOff(tx, j, v.Until, fx)
	case v.Outcome == scheduler.Drop:
		b.log.Info("point of a campaign not sent", "campaign", campaign.Key, "point", point.Key, "reason", v.Reason)
		return nil
	}
	if err := t.pushAs(campaign.Kind, point.Push, values); err != nil {
		return err
	}
	if err := t.noteSent(&push); err != nil {
		return err
	}
	return t.save()
}

// pointOf finds the point of a campaign about classes, and whose registration
// it is about, by the key of its job; false when the campaign has it no more.
func (b *Bot) pointOf(key string) (c scheduler.Campaign, p scheduler.Point, registration string, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return c, p, "", false
	}
	for _, c = range b.set.Load().Campaigns().Points {
		if c.Key == parts[0] && c.About == aboutClass {
			p, ok = c.Point(parts[2])
			return c, p, parts[1], ok
		}
	}
	return c, p, "", false
}

// replanAll brings everything that is planned by the content in line with it:
// after a start, when the content was read anew, and every night. It goes
// through the store in small transactions; one that is left out, because the
// program ends, is made up for by the next time.
func (b *Bot) replanAll(ctx context.Context) (did string, err error) {
	if err := b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		fx.planned = true
		return b.planLeaflets(tx, b.clock())
	}); err != nil {
		return "", fmt.Errorf("plan leaflets: %w", err)
	}
	registrations, err := b.replanClasses(ctx)
	if err != nil {
		return "", fmt.Errorf("plan what follows classes: %w", err)
	}
	subscribers, err := b.replanTips(ctx)
	if err != nil {
		return "", fmt.Errorf("plan weekly tips: %w", err)
	}
	return fmt.Sprintf("looked at %d registrations and %d subscriptions", registrations, subscribers), nil
}

// replanClasses plans anew for the registrations of every class of which a
// campaign has something left to say.
func (b *Bot) replanClasses(ctx context.Context) (n int, err error) {
	var classes []programme.Class
	now := b.clock()
	err = b.store.View(ctx, func(tx *store.Tx) error {
		return tx.Classes(func(c programme.Class) bool {
			if len(b.pointsAfter("", &c, now)) > 0 {
				classes = append(classes, c)
			}
			return true
		})
	})
	for i := 0; i < len(classes) && err == nil; i++ {
		err = b.committer.Do(ctx, func(tx Tx, fx *effects) error {
			c, ok, err := tx.Class(classes[i].ID)
			if err != nil || !ok {
				return err
			}
			var all []programme.Registration
			if err := tx.ClassRegistrations(c.ID, func(r programme.Registration) bool { all = append(all, r); return true }); err != nil {
				return err
			}
			fx.planned, n = true, n+len(all)
			for i := range all {
				if err := b.turns.planPoints(tx, &all[i], &c, b.clock()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return n, err
}

// replanRetry is how long after a failure of the store it is tried again.
const replanRetry = 10 * time.Second

// campaignsPart plans anew whenever the content was read.
func (b *Bot) campaignsPart() part {
	var bg *background
	return part{"campaigns", func(context.Context) error {
		bg = run(b.replanOnContent)
		return nil
	}, func(ctx context.Context) error { return bg.stop(ctx) }}
}

func (b *Bot) replanOnContent(ctx context.Context) error {
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.newContent:
		case <-again:
		}
		again = nil
		if _, err := b.replanAll(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("campaigns not planned, trying again", "error", err)
			again = time.After(replanRetry)
		}
	}
}
