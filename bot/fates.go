package bot

import (
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// What the program sends unasked is decided about here: what leaves, what
// is put off and what is dropped, each with its reason, in the transaction that
// does it. told.go answers from what is kept.

// The keys of pushes that no campaign names; what follows a self-check or a
// change of a class goes by the message's own name.
const (
	pushNudge      = "nudge"
	pushReminder   = "reminder"
	pushFollowUp   = "check_followup"
	pushCheckAgain = "check_again"
	pushAnswered   = "answered"
)

// find begins a turn that the contact did not begin: it loads who they are and,
// if they can be reached, where. False when there is no such contact.
func (t *turn) find(contact string) (known bool, err error) {
	if t.contact, known, err = t.tx.Contact(contact); err != nil || !known {
		return false, err
	}
	if t.session, err = t.tx.Session(contact); err != nil {
		return false, err
	}
	if t.reach, t.key = t.desk.b.casting().Reach(t.tx.Shut, &t.contact); t.reach == scheduler.Reachable {
		t.at, err = channel.ParseAddress(t.key)
	}
	return err == nil, err
}

// open is find for what is said to whoever can be reached; false when there is
// nobody to write to.
func (t *turn) open(contact string) (bool, error) {
	known, err := t.find(contact)
	return known && t.reach == scheduler.Reachable, err
}

// decide holds a push against the rules for the person whom the turn is with.
func (t *turn) decide(push *scheduler.Push) (v scheduler.Verdict, err error) {
	p := scheduler.Person{Contact: &t.contact, Reach: t.reach}
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

// leaves decides about a push whose job has fallen due, keeps what was decided
// and returns it; Send: whoever asked is to say it now. One that is put off is
// planned anew, with the deadline and the note that its job had.
func (t *turn) leaves(push *scheduler.Push, j scheduler.Job) (scheduler.Outcome, error) {
	v, err := t.decide(push)
	if err == nil {
		err = t.keepFate(push.Key, v)
	}
	switch {
	case err != nil:
		return scheduler.Drop, err
	case v.Outcome == scheduler.Postpone:
		j.At, t.fx.planned = v.Until, true
		return v.Outcome, t.tx.Plan(j)
	case v.Outcome == scheduler.Drop:
		t.log.Info("push not sent", "push", push.Key, "reason", v.Reason)
		return v.Outcome, nil
	}
	t.pushed, t.promo = push.Key, push.Kind == scheduler.Promotion || push.Unhurried
	t.expires = t.desk.b.gate.Load().LeavesUntil(push, t.now)
	return v.Outcome, t.noteSent(push)
}

// withdraw takes out of the outbox what waits there for the person of the turn
// and is not wanted any more.
func (t *turn) withdraw() error { return t.tx.Withdraw(&t.contact, t.unwanted, t.now) }

// unwanted says why promotion that waits to leave must not; "": it may.
func (t *turn) unwanted(push string) scheduler.Reason {
	switch w, ok := weeklyOf(&t.contact); {
	case !t.contact.OptedOut.IsZero():
		return scheduler.OptedOut
	case !ofSeries(push) || ok && !w.Paused && t.contact.Agreed(dialogs.PurposeTips, 0):
		return ""
	case ok && w.Paused:
		return scheduler.ForUnplanned
	default:
		return scheduler.NoConsent
	}
}

// noteSent keeps that the person of the turn was sent a push: for the caps, and
// so that they do not get it again.
func (t *turn) noteSent(push *scheduler.Push) error {
	sent, err := t.tx.Sent(t.contact.ID)
	if err != nil {
		return err
	}
	if err := t.tx.PutSent(t.contact.ID, sent.With(push, t.now)); err != nil || push.Again {
		return err
	}
	return t.tx.PutGot(t.contact.ID, push.Key, t.now)
}

// keepFate keeps what was decided about a push for the person of the turn.
func (t *turn) keepFate(push string, v scheduler.Verdict) error {
	f, _, err := t.tx.Fate(t.contact.ID, push)
	if err != nil {
		return err
	}
	return t.tx.PutFate(t.contact.ID, push, f.Decided(v, t.now))
}

// leaveOut keeps that the person of the turn does not get a push.
func (t *turn) leaveOut(push string, why scheduler.Reason) error {
	return t.keepFate(push, scheduler.Verdict{Outcome: scheduler.Drop, Reason: why})
}

// tells decides about a notice that follows from what was done, such as a freed
// seat, and that may leave now: only the way to the person can be missing. True:
// whoever asked is to say it now.
func (t *turn) tells(push string) (bool, error) {
	switch t.reach {
	case scheduler.Reachable:
		t.pushed, t.promo, t.expires = push, false, time.Time{}
		return true, t.keepFate(push, scheduler.Verdict{})
	case scheduler.Blocked:
		return false, t.leaveOut(push, scheduler.BlockedChannel)
	default:
		return false, t.leaveOut(push, scheduler.Unreachable)
	}
}
