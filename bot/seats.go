package bot

import (
	"fmt"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

func (a *actions) meShow(t *turn, args map[string]string) (dialogs.Outcome, error) {
	r, c, ok, err := a.own(t, args["registration"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	values := append(a.classValues(&c, t.now), a.registrationValues(&r)...)
	if r.Status == programme.Waiting {
		n, err := programme.Position(t.tx, &r)
		if err != nil {
			return dialogs.Outcome{}, err
		}
		values = append(values, text("position", fmt.Sprint(n)))
	}
	switch {
	case r.Status == programme.Cancelled || c.State == programme.StateCancelled:
		return outcome("cancelled", values), nil
	case !t.now.Before(c.Ends()):
		return outcome("past", values), nil
	case c.Offers(&r, t.now):
		return outcome("offered", values), nil
	case r.Status == programme.Offered: // not answered in time, and not yet passed on
		return outcome("waiting", values, []dialogs.Answer{text("position", "1")}), nil
	default:
		return outcome(string(r.Status), values), nil
	}
}

func (a *actions) meCancel(t *turn, args map[string]string) (dialogs.Outcome, error) {
	r, c, ok, err := a.own(t, args["registration"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	values := append(a.classValues(&c, t.now), a.registrationValues(&r)...)
	if !t.now.Before(c.Starts()) {
		return outcome("late", values), nil
	}
	notices, err := programme.CancelRegistration(t.tx, r.ID, t.now, a.b.hold(t.now))
	if err != nil {
		return dialogs.Outcome{}, err
	}
	return outcome("ok", values), t.notify(notices, r.ID)
}

func (a *actions) offerShow(t *turn, args map[string]string) (dialogs.Outcome, error) {
	r, c, ok, err := a.own(t, args["registration"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	values := append(a.classValues(&c, t.now), a.registrationValues(&r)...)
	return outcome(offerState(&c, &r, t.now), values, []dialogs.Answer{both("reminders", a.reminderWords(&c, t.now))}), nil
}

// offerState says what became of an offered seat.
func offerState(c *programme.Class, r *programme.Registration, now time.Time) string {
	switch {
	case c.Offers(r, now):
		return "offered"
	case r.Status == programme.Seat:
		return "taken"
	case r.Status == programme.Offered || r.Status == programme.Waiting:
		return "expired"
	default:
		return "gone"
	}
}

func (a *actions) offerAccept(t *turn, args map[string]string) (dialogs.Outcome, error) {
	return a.answerOffer(t, args, "taken", func(id string) ([]programme.Notice, error) {
		return programme.AcceptOffer(t.tx, id, t.now, a.b.hold(t.now))
	})
}

func (a *actions) offerDecline(t *turn, args map[string]string) (dialogs.Outcome, error) {
	return a.answerOffer(t, args, "ok", func(id string) ([]programme.Notice, error) {
		return programme.DeclineOffer(t.tx, id, t.now, a.b.hold(t.now))
	})
}

// answerOffer takes or gives up an offered seat, once.
func (a *actions) answerOffer(t *turn, args map[string]string, done string, do func(id string) ([]programme.Notice, error)) (dialogs.Outcome, error) {
	r, c, ok, err := a.own(t, args["registration"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	values := append(a.classValues(&c, t.now), a.registrationValues(&r)...)
	values = append(values, both("reminders", a.reminderWords(&c, t.now)))
	if state := offerState(&c, &r, t.now); state != "offered" {
		return outcome(state, values), nil
	}
	notices, err := do(r.ID)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	return outcome(done, values), t.notify(notices, r.ID)
}

// plan keeps the due table in step with a registration.
func (t *turn) plan(n *programme.Notice) error {
	r := &n.Registration
	t.fx.planned = true
	if r.Status == programme.Offered {
		if err := t.tx.Plan(scheduler.Job{Kind: scheduler.Hold, Key: r.ID, At: r.HoldUntil}); err != nil {
			return err
		}
	} else if err := t.tx.Unplan(scheduler.Hold, r.ID); err != nil {
		return err
	}
	for _, key := range programme.ReminderKeys() {
		if err := t.tx.Unplan(scheduler.Reminder, r.ID+"/"+key); err != nil {
			return err
		}
	}
	if err := t.planPoints(t.tx, r, &n.Class, t.now); err != nil {
		return err
	}
	if r.Status != programme.Seat {
		return nil
	}
	for _, rem := range programme.Reminders(&n.Class, t.now) {
		j := scheduler.Job{Kind: scheduler.Reminder, Key: r.ID + "/" + rem.Key, At: rem.At, Deadline: rem.Until}
		if err := t.tx.Plan(j); err != nil {
			return err
		}
	}
	return nil
}

// hold is how long a seat that is offered at a moment is held. The rest of the
// night is not counted: people are told of it in the morning.
func (b *Bot) hold(now time.Time) time.Duration {
	return b.cfg.Hold + b.gate.Load().Windows().Next(scheduler.Service, now).Sub(now)
}

// push says one of the content's own messages. Its buttons can be typed too.
func (t *turn) push(key string, values []dialogs.Answer) error {
	return t.pushAs(scheduler.Service, key, values)
}

// pushAs says one of the content's own messages, with what promotion must say
// around it.
func (t *turn) pushAs(kind scheduler.PushKind, key string, values []dialogs.Answer) error {
	p, ok := t.desk.b.set.Load().Push(key)
	if !ok {
		return fmt.Errorf("say %q: the content has no such message", key)
	}
	words := make(map[string]dialogs.Text, len(values))
	for _, v := range values {
		words[v.Node] = dialogs.Text{VI: dialogs.Show(v.Value, dialogs.Vietnamese), EN: dialogs.Show(v.Value, dialogs.English)}
	}
	t.session.Offers = p.Offers(words)
	lang := t.contact.Speaks()
	m := p.Message(lang, words)
	if kind == scheduler.Promotion {
		m.Text = t.desk.b.promotional(m.Text, lang)
	}
	return t.deliver(lang, m, true)
}

// holdOver ends an offer that nobody answered.
func (k *turns) holdOver(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	notices, err := programme.ExpireOffer(tx, j.Key, now, k.desk.b.hold(now))
	if err != nil {
		return err
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	return t.notify(notices, "")
}
