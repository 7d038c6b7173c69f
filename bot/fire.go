package bot

import (
	"context"
	"fmt"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// firePage is how many due jobs are fired in one transaction.
const firePage = 256

// fire carries out what is due and returns when the next job falls due. Jobs
// leave the table in the transaction that carries them out, so a crash fires
// them again or not at all, never twice.
func (b *Bot) fire(ctx context.Context, now time.Time) (time.Time, error) {
	var next time.Time
	for {
		fired := 0
		err := b.committer.Do(ctx, func(tx Tx, fx *effects) error {
			jobs, err := tx.Claim(now, firePage)
			if err != nil {
				return err
			}
			for _, j := range jobs {
				if err := b.fireOne(tx, j, now, fx); err != nil {
					return err
				}
			}
			fired, next = len(jobs), tx.NextDue()
			return nil
		})
		if err != nil || fired < firePage {
			return next, err
		}
	}
}

func (b *Bot) fireOne(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	if j.Late(now) && j.Kind != scheduler.TipDue {
		b.log.Info("due job dropped: past its deadline", "kind", j.Kind)
		return nil
	}
	switch j.Kind {
	case scheduler.Nudge:
		return b.turns.wake(tx, j, dialogs.WakeNudge, now, fx)
	case scheduler.Wake:
		return b.turns.wake(tx, j, dialogs.WakeWait, now, fx)
	case scheduler.Reminder:
		return b.turns.remind(tx, j, now, fx)
	case scheduler.Hold:
		return b.turns.holdOver(tx, j, now, fx)
	case scheduler.FollowUp:
		return b.turns.askAfterCheck(tx, j, "check_followup", now, fx)
	case scheduler.CheckAgain:
		return b.turns.askAfterCheck(tx, j, "check_again", now, fx)
	case scheduler.BroadcastDue:
		return beginCast(tx, j.Key, now, fx)
	case scheduler.PointDue:
		return b.turns.sendPoint(tx, j, now, fx)
	case scheduler.TipDue:
		return b.turns.sendTip(tx, j, now, fx) // a late one too: the next is to be planned
	case scheduler.LeafletDue:
		return b.castLeaflet(tx, j, now, fx)
	default:
		return fmt.Errorf("fire job: no kind %q", j.Kind)
	}
}

// wake plays a due moment of a talk.
func (k *turns) wake(tx Tx, j scheduler.Job, what string, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	ok, err := t.open(j.Key)
	if err != nil || !ok {
		return err
	}
	if what == dialogs.WakeNudge && !t.contact.OptedOut.IsZero() && !t.contact.OptedOut.Before(t.session.Seen) {
		return nil // “dừng” was the last thing they said
	}
	in := dialogs.Input{Kind: dialogs.InputWake, Text: what, Button: j.Note}
	if err := t.apply(k.engine.Load().Turn(&t.session, &t.contact, in, now)); err != nil {
		return err
	}
	return t.save()
}

// askAfterCheck sends a message that belongs to a self-check, unless the person
// does not take it. At another time than office hours it is put off.
func (k *turns) askAfterCheck(tx Tx, j scheduler.Job, push string, now time.Time, fx *effects) error {
	if at := programme.OfficeHour(now.In(k.desk.b.cfg.Timezone)); !at.Equal(now) {
		j.At, fx.planned = at, true
		return tx.Plan(j)
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	ok, err := t.open(j.Key)
	if err != nil || !ok || !mayFollow(&t.contact) {
		return err
	}
	c, _, ok, err := ownCheck(&t, j.Note)
	if err != nil || !ok {
		return err
	}
	values := append(k.desk.checkHead(&c), both("check_actions", k.desk.actionList(&c)))
	if push == "check_followup" && len(c.Actions) == 0 {
		return nil
	}
	if err := t.push(push, values); err != nil {
		return err
	}
	return t.save()
}

// open begins a turn that the contact did not begin; false when there is
// nobody to write to.
func (t *turn) open(contact string) (bool, error) {
	c, ok, err := t.tx.Contact(contact)
	if err != nil || !ok || len(c.Addresses) == 0 {
		return false, err
	}
	for _, a := range c.Addresses {
		at, err := channel.ParseAddress(a)
		if err != nil {
			return false, err
		}
		if _, known := t.channels[at.Channel]; !known {
			continue // a network that is switched off
		}
		if _, blocked, ok, err := t.tx.Address(a); err != nil {
			return false, err
		} else if ok && !blocked {
			t.at, t.key, t.contact = at, a, c
			t.session, err = t.tx.Session(contact)
			return err == nil, err
		}
	}
	return false, nil
}
