package store

import (
	"errors"
	"time"

	"sachhon/bot/outbox"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Withdraw takes out of the outbox what waits there for a contact who refused it
// since, as c says of broadcasts and unwanted of other promotion: it gets the key
// of a push and returns why it must not leave, "" if it may. A network that takes
// nothing for an hour must not deliver what was refused meanwhile. What has begun
// to leave stays.
func (t *Tx) Withdraw(c *dialogs.Contact, unwanted func(push string) scheduler.Reason, now time.Time) error {
	casts := map[string][]outbox.Row{}
	var pushes []outbox.Row
	for _, at := range c.Addresses {
		err := t.openBulk(at, func(r *outbox.Row) bool {
			if r.State != outbox.StateQueued || r.Part > 0 {
				return true
			}
			if cast, ok := castRow(r); ok && cast.contact == c.ID {
				casts[cast.broadcast] = append(casts[cast.broadcast], *r)
			} else if isPromotion(r) {
				pushes = append(pushes, *r)
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	for id, rows := range casts {
		if err := t.withdrawCast(c, id, rows, now); err != nil {
			return err
		}
	}
	for i := range pushes {
		if err := t.withdrawPush(&pushes[i], unwanted, now); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) withdrawCast(c *dialogs.Contact, id string, rows []outbox.Row, now time.Time) error {
	b, ok, err := t.Broadcast(id)
	if err != nil || !ok {
		return err
	}
	why := refused(c, &b)
	if why == "" {
		return nil
	}
	err = t.takeBack(&b, c.ID, rows, scheduler.Settle{State: scheduler.Skipped, Reason: why, At: now})
	return errors.Join(err, t.PutBroadcast(&b))
}

// refused says why a contact does not want a broadcast; "" when they never said so.
func refused(c *dialogs.Contact, b *scheduler.Broadcast) scheduler.Reason {
	switch {
	case b.Kind == scheduler.Promotion && !c.OptedOut.IsZero():
		return scheduler.OptedOut
	case b.Purpose != "" && !c.Agreed(b.Purpose, 0):
		return scheduler.NoConsent
	default:
		return ""
	}
}

func (t *Tx) withdrawPush(r *outbox.Row, unwanted func(push string) scheduler.Reason, now time.Time) error {
	contact, push, _ := pushOf(r)
	why := unwanted(push)
	if why == "" {
		return nil
	}
	if err := errors.Join(t.drop(r), t.tx.Bucket(bGot).Delete(gotKey(contact, push))); err != nil {
		return err
	}
	f, ok, err := t.Fate(contact, push)
	if err != nil || !ok { // kept no longer
		return err
	}
	return t.PutFate(contact, push, f.Decided(scheduler.Verdict{Outcome: scheduler.Drop, Reason: why}, now))
}
