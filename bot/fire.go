package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// firePage is how many due jobs are fired in one transaction.
const firePage = scheduler.PageOfJobs

// fire carries out what is due and returns when the next job falls due. Jobs
// leave the table in the transaction that carries them out, so a crash fires
// them again or not at all, never twice. One that fails holds no other up.
func (b *Bot) fire(ctx context.Context, now time.Time) (time.Time, error) {
	for {
		fired, next, err := b.firePage(ctx, now, firePage)
		if err != nil && ctx.Err() == nil {
			fired, next, err = b.fireApart(ctx, now)
		}
		if err != nil || fired < firePage {
			return next, err
		}
	}
}

// firePage carries out at most n jobs, all of them or none.
func (b *Bot) firePage(ctx context.Context, now time.Time, n int) (fired int, next time.Time, err error) {
	err = b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		jobs, err := tx.Claim(now, n)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			if err := b.fireOne(tx, j, now, fx); err != nil {
				return fmt.Errorf("fire %s: %w", j.Kind, err)
			}
		}
		fired, next = len(jobs), tx.NextDue()
		return nil
	})
	return fired, next, err
}

// failedAgain is how long after it failed a job is tried again.
const failedAgain = time.Hour

// fireApart carries out the jobs of a page each in a transaction of its own, and
// puts off those that fail. When that fails too, it is the store's fault and not
// the job's.
func (b *Bot) fireApart(ctx context.Context, now time.Time) (fired int, next time.Time, err error) {
	for fired < firePage {
		n, at, wrong := b.firePage(ctx, now, 1)
		if ctx.Err() != nil { // nothing is the job's fault then
			return fired, at, ctx.Err()
		}
		if wrong != nil {
			if n, at, err = b.putOffFirst(ctx, now); err != nil {
				return fired, at, err
			}
			b.log.Error("a due job failed and is tried again later", "after", failedAgain, "error", wrong)
		}
		if next = at; n == 0 {
			return fired, next, nil
		}
		fired += n
	}
	return fired, next, nil
}

// putOffFirst puts off the first job that is due.
func (b *Bot) putOffFirst(ctx context.Context, now time.Time) (n int, next time.Time, err error) {
	err = b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		jobs, err := tx.Claim(now, 1)
		for i := 0; i < len(jobs) && err == nil; i++ {
			jobs[i].At = now.Add(failedAgain)
			err = tx.Plan(jobs[i])
		}
		n, next = len(jobs), tx.NextDue()
		return err
	})
	return n, next, err
}

// fireOne carries out a job. One that is past its deadline is too: what is for a
// person, the gate drops and leaves the reason.
func (b *Bot) fireOne(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	switch j.Kind {
	case scheduler.Nudge:
		return b.turns.wake(tx, j, dialogs.WakeNudge, now, fx)
	case scheduler.Wake:
		return b.turns.wake(tx, j, dialogs.WakeWait, now, fx)
	case scheduler.Reminder:
		return b.turns.remind(tx, j, now, fx)
	case scheduler.Hold:
		return b.turns.holdOver(tx, j, now, fx)
	case scheduler.NoticeDue:
		return b.turns.tellByDay(tx, j, now, fx)
	case scheduler.FollowUp:
		return b.turns.askAfterCheck(tx, j, pushFollowUp, now, fx)
	case scheduler.CheckAgain:
		return b.turns.askAfterCheck(tx, j, pushCheckAgain, now, fx)
	case scheduler.BroadcastDue:
		return beginCast(tx, j.Key, now, fx)
	case scheduler.PointDue:
		return b.turns.sendPoint(tx, j, now, fx)
	case scheduler.TipDue:
		return b.turns.sendTip(tx, j, now, fx)
	case scheduler.LeafletDue:
		return b.castLeaflet(tx, j, now, fx)
	default:
		return fmt.Errorf("fire job: no kind %q", j.Kind)
	}
}

// wake plays a due moment of a talk. A reminder of a talk left half-way leaves
// its trace like any push; a talk that waits goes on when the person is back.
func (k *turns) wake(tx Tx, j scheduler.Job, what string, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(j.Key); err != nil || !known {
		return err
	}
	nudge := what == dialogs.WakeNudge
	refused := nudge && !t.contact.OptedOut.IsZero() && !t.contact.OptedOut.Before(t.session.Seen) // “dừng” was the last thing they said
	in := dialogs.Input{Kind: dialogs.InputWake, Text: what, Button: j.Note}
	events := k.engine.Load().Turn(&t.session, &t.contact, in, now)
	if nudge && slices.ContainsFunc(events, says) {
		if refused {
			return t.leaveOut(pushNudge, scheduler.OptedOut)
		}
		push := scheduler.Push{Kind: scheduler.Service, Key: pushNudge, Again: true}
		if became, err := t.leaves(&push, j); err != nil || became != scheduler.Send {
			return err
		}
	}
	if refused || t.reach != scheduler.Reachable {
		return nil
	}
	if err := t.apply(events); err != nil {
		return err
	}
	return t.save()
}

func says(e dialogs.Event) bool {
	_, ok := e.(dialogs.Said)
	return ok
}

// askAfterCheck sends a message that belongs to a self-check. It is a service
// that the person agreed to with the check, and nobody waits for it: it keeps the
// days and hours of promotion.
func (k *turns) askAfterCheck(tx Tx, j scheduler.Job, push string, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(j.Key); err != nil || !known {
		return err
	}
	c, _, ok, err := ownCheck(&t, j.Note)
	if err != nil || !ok {
		return err
	}
	p := checkPush(push, &c, j)
	if push == pushFollowUp && len(c.Actions) == 0 { // there is nothing to ask about
		return t.leaveOut(p.Key, scheduler.NotInSegment)
	}
	if became, err := t.leaves(&p, j); err != nil || became != scheduler.Send {
		return err
	}
	values := append(k.desk.checkHead(&c), both("check_actions", k.desk.actionList(&c)))
	if err := t.push(push, values); err != nil {
		return err
	}
	return t.save()
}
