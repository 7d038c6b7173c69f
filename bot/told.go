package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// WhyView is one message for one person: one that they were sent, one that waits
// for its time, or one that they did not get.
type WhyView struct {
	// Key names the message: a push by its own key, a broadcast by
	// "broadcast/" and its id.
	Key string `json:"key"`
	// What names it in words.
	What dialogs.Text `json:"what"`
	// Status is planned, or sent, postponed, dropped or failed; of a broadcast it
	// is that of [RecipientView].
	Status string `json:"status"`
	// Reason is the word of records: why it was held back last.
	Reason scheduler.Reason `json:"reason,omitempty"`
	// At is since when it is so, or when a planned one is to leave; Until when one
	// that is held back is tried again.
	At    time.Time `json:"at,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Words say what became of it, and why, in a sentence.
	Words dialogs.Text `json:"words"`
}

// planned is the status of what is to leave at a time to come.
const planned = "planned"

// Why says what a contact, by id or address, was sent and is to be sent, and why
// not what they did not get: the latest first.
func (b *Bot) Why(ctx context.Context, contact string) (list []WhyView, err error) {
	err = boltStore{b.store}.View(ctx, func(tx Tx) error {
		who, err := contactBy(tx, contact)
		if err != nil {
			return err
		}
		past, err := b.told(tx, who)
		if err != nil {
			return err
		}
		coming, err := b.coming(tx, who)
		list = slices.Concat([]WhyView{}, coming, past) // a list for programs too when there is nothing
		slices.SortStableFunc(list, func(a, o WhyView) int { return o.At.Compare(a.At) })
		return err
	})
	return list, err
}

// told lists what became of every push and every broadcast for a contact, as
// long as it is kept; the latest first.
func (b *Bot) told(tx Tx, contact string) (list []WhyView, err error) {
	fates := map[string]scheduler.Fate{}
	err = tx.Fates(contact, func(push string, f scheduler.Fate) bool {
		fates[push] = f
		return true
	})
	if err != nil {
		return nil, err
	}
	jobs, err := b.jobsOf(tx, contact)
	if err != nil {
		return nil, err
	}
	for push, f := range fates {
		if f.State == scheduler.FatePostponed {
			switch at := slices.IndexFunc(jobs, func(p comingPush) bool { return p.push == push }); {
			case at < 0: // it was taken out of the table meanwhile
				f = f.Decided(scheduler.Verdict{Outcome: scheduler.Drop, Reason: scheduler.ForUnplanned}, f.At)
			case !jobs[at].putOff(f):
				continue // planned anew, and told of as such
			}
		}
		v, err := b.fateView(tx, push, f)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	casts, err := b.toldByCasts(tx, contact)
	list = append(list, casts...)
	slices.SortFunc(list, func(a, o WhyView) int { return cmp.Or(o.At.Compare(a.At), cmp.Compare(a.Key, o.Key)) })
	return list, err
}

// fateView words what became of a push.
func (b *Bot) fateView(tx Tx, push string, f scheduler.Fate) (v WhyView, err error) {
	v = WhyView{Key: push, Status: f.State.String(), Reason: f.Reason, At: f.At, Until: f.Until}
	switch {
	case f.Late():
		v.Words = b.because("told.late", f.At, f.Reason)
	case f.State == scheduler.FatePostponed:
		v.Words = b.because("told.postponed", f.Until, f.Reason)
	default:
		v.Words = b.because("told."+v.Status, f.At, f.Reason)
	}
	v.What, err = b.turns.desk.pushName(tx, push)
	return v, err
}

// toldByCasts says how a contact stands with every broadcast that began, but for
// those that were over when they came.
func (b *Bot) toldByCasts(tx Tx, contact string) (list []WhyView, err error) {
	who, _, err := tx.Contact(contact)
	if err != nil {
		return nil, err
	}
	var begun []scheduler.Broadcast
	err = tx.Broadcasts(func(c scheduler.Broadcast) bool {
		if past := !c.Ended.IsZero() && c.Ended.Before(who.Created); !c.Begun.IsZero() && !past {
			begun = append(begun, c)
		}
		return true
	})
	for i := 0; i < len(begun) && err == nil; i++ {
		var r RecipientView
		r, err = b.why(tx, &begun[i], contact)
		v := b.castView(&r)
		if v.At.IsZero() { // it has no time of its own
			v.At = begun[i].Begun
		}
		list = append(list, v)
	}
	return list, err
}

// castView is how a contact stands with a broadcast, as one line among others.
func (b *Bot) castView(r *RecipientView) WhyView {
	return WhyView{Key: "broadcast/" + r.Broadcast, What: b.turns.desk.words("what.broadcast", "{a}", r.Title),
		Status: r.Status, Reason: r.Reason, At: r.At, Until: r.Until, Words: r.Words}
}
