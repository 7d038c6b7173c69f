package bot

import (
	"context"
	"errors"
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

// classDues lists what the campaigns say after a class for one registration;
// none for who did not attend.
func (b *Bot) classDues(r *programme.Registration, c *programme.Class, now time.Time) (list []scheduler.Due) {
	if !attending(r) || r.Contact == "" || c.State == programme.StateCancelled {
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
// registration. What was planned for somebody who then did not come stays, to
// leave its reason in its time.
func (k *turns) planPoints(tx Tx, r *programme.Registration, c *programme.Class, now time.Time) error {
	if r.Status == programme.Absent {
		return nil
	}
	var got []string
	var err error
	if r.Contact != "" {
		if got, err = tx.Got(r.Contact); err != nil {
			return err
		}
	}
	b := k.desk.b
	planned, err := plannedUnder(tx, b.pointsAfter(r.ID, c, time.Time{}))
	if err != nil {
		return err
	}
	return replan(tx, scheduler.PointDue, planned, b.classDues(r, c, now), got, now)
}

// plannedUnder returns the jobs that the table has under the keys of dues, the
// former ones too.
func plannedUnder(tx Tx, dues []scheduler.Due) (jobs []scheduler.Job, err error) {
	for i := range dues {
		for _, key := range append([]string{dues[i].Key}, dues[i].Was...) {
			j, ok, err := tx.Planned(dues[i].Kind, key)
			if err != nil {
				return nil, err
			}
			if ok {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs, nil
}

// replan brings the jobs of a kind that are planned in line with present.
// settled is what was sent. The note of a job is the time that its plan wanted,
// so that one which was put off is told from one whose plan changed, over a
// restart too. A job that is late stays where it is: it is about to fire and to
// leave its reason.
func replan(tx Tx, kind scheduler.Kind, planned []scheduler.Job, present []scheduler.Due, settled []string, now time.Time) error {
	var former []scheduler.Due
	for _, j := range planned {
		former = append(former, scheduler.Due{Job: scheduler.Job{Key: j.Key, At: wantedAt(j), Deadline: j.Deadline}})
	}
	plan, unplan := scheduler.Replan(former, present, planned, settled)
	for _, key := range unplan {
		if slices.ContainsFunc(planned, func(j scheduler.Job) bool { return j.Key == key && j.Late(now) }) {
			continue
		}
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
	r, c, ok, err := withClass(tx, id)
	if err != nil || !ok {
		return err
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(r.Contact); err != nil || !known {
		return err
	}
	key := campaign.KeyOf(id, point.Key)
	dues := b.classDues(&r, &c, time.Time{})
	at := slices.IndexFunc(dues, func(d scheduler.Due) bool { return d.Key == key })
	if at < 0 { // they were not there
		return t.leaveOut(key, scheduler.NotInSegment)
	}
	if !dues[at].At.Equal(wantedAt(j)) || j.Key != key { // edited, and the table does not know yet
		if dues[at].Late(now) {
			return t.leaveOut(key, scheduler.Expired)
		}
		fx.planned = true
		return k.planPoints(tx, &r, &c, now)
	}
	group, err := registeredBy(tx, &r, attending)
	if err != nil {
		return err
	}
	if group[0].ID != r.ID { // somebody who registered twice is asked once
		return t.leaveOut(key, scheduler.AlreadySent)
	}
	push := campaign.Push(key, j.Deadline)
	if became, err := t.leaves(&push, j); err != nil || became != scheduler.Send {
		return err
	}
	values := append(k.desk.classValues(&c, now), k.desk.registrationValues(&r)...)
	if err := t.pushAs(campaign.Kind, point.Push, values); err != nil {
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

// replan brings everything that is planned by the content in line with it: after
// a start, when the content was read anew, and every night. It goes through the
// store in small transactions; one that is left out, because the program ends,
// is made up for by the next time.
func (b *Bot) replan(ctx context.Context) (did string, err error) {
	if err := b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		fx.planned = true
		return errors.Join(planLeaflets(tx, b.set.Load().Campaigns(), b.gate.Load().Windows(), b.clock()), b.unplanPoints(tx))
	}); err != nil {
		return "", fmt.Errorf("plan leaflets, and take out the points that are gone: %w", err)
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

// unplanPoints takes the points that no campaign has any more out of the table.
func (b *Bot) unplanPoints(tx Tx) error {
	jobs, err := tx.PlannedOf(scheduler.PointDue)
	for i := 0; i < len(jobs) && err == nil; i++ {
		if _, _, _, ok := b.pointOf(jobs[i].Key); !ok {
			err = tx.Unplan(scheduler.PointDue, jobs[i].Key)
		}
	}
	return err
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
		if _, err := b.replan(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("campaigns not planned, trying again", "error", err)
			again = time.After(replanRetry)
		}
	}
}
