package bot

import (
	"slices"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// comingPush is a push of one contact that stands in the table of due things.
type comingPush struct {
	kind      scheduler.Kind
	key, push string
	as        scheduler.PushKind // whose hours and days it keeps
	checked   bool               // the number of the self-check is still to be added to push
	silent    bool               // what it does shows only in its time
	job       scheduler.Job
}

// putOff says whether it waits because of what f says.
func (p *comingPush) putOff(f scheduler.Fate) bool {
	return f.State == scheduler.FatePostponed && p.job.At.Unix() == f.Until.Unix()
}

// coming lists what is planned for a contact and was not put off: that is told
// of with its reason.
func (b *Bot) coming(tx Tx, contact string) (list []WhyView, err error) {
	jobs, err := b.jobsOf(tx, contact)
	if err != nil {
		return nil, err
	}
	who, _, err := tx.Contact(contact)
	if err != nil {
		return nil, err
	}
	for i := range jobs {
		p := &jobs[i]
		f, _, err := tx.Fate(contact, p.push)
		if err != nil {
			return nil, err
		}
		if p.silent || p.putOff(f) {
			continue
		}
		at := p.job.At
		if next := b.gate.Load().Windows().Next(p.as, at); !next.IsZero() {
			at = next // the gate will put it off till then
		}
		v := WhyView{Key: p.push, Status: planned, At: at, Words: b.because("told.planned", at, "")}
		if p.as == scheduler.Promotion && refuses(&who) {
			v.Reason, v.Words = scheduler.OptedOut, b.because("told.refused", at, scheduler.OptedOut)
		}
		if v.What, err = b.turns.desk.pushName(tx, p.push); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// refuses says whether a person's last word on promotion is no, so that the gate
// will hold it back as things stand.
func refuses(c *dialogs.Contact) bool {
	return !c.OptedOut.IsZero() && !slices.ContainsFunc(c.Consents, func(k dialogs.Consent) bool { return k.Given && k.At.After(c.OptedOut) })
}

// jobsOf lists what is planned for a contact.
func (b *Bot) jobsOf(tx Tx, contact string) (list []comingPush, err error) {
	all, err := b.mayCome(tx, contact)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		var ok bool
		if p.job, ok, err = tx.Planned(p.kind, p.key); err != nil {
			return nil, err
		}
		if p.checked {
			p.push += "/" + p.job.Note
		}
		if ok {
			list = append(list, p)
		}
	}
	return list, nil
}

// mayCome lists everything that may be planned for a contact.
func (b *Bot) mayCome(tx Tx, contact string) (list []comingPush, err error) {
	t := turn{turns: b.turns, tx: tx, now: b.clock()}
	if known, err := t.find(contact); err != nil || !known {
		return nil, err
	}
	list = []comingPush{{kind: scheduler.Nudge, key: contact, push: pushNudge, as: scheduler.Service, silent: true},
		{kind: scheduler.FollowUp, key: contact, push: pushFollowUp, checked: true},
		{kind: scheduler.CheckAgain, key: contact, push: pushCheckAgain, checked: true}}
	if w, ok := weeklyOf(&t.contact); ok {
		_, tip, _, err := t.nextTip(w)
		if err != nil {
			return nil, err
		}
		list = append(list, comingPush{kind: scheduler.TipDue, key: contact, push: tip})
	}
	regs, err := registrationsOf(tx, contact)
	if err != nil {
		return nil, err
	}
	for i := range regs {
		c, ok, err := tx.Class(regs[i].Class)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, b.comingOfClass(regs, i, &c)...)
		}
	}
	return list, nil
}

// comingOfClass lists what may be planned for one of a contact's registrations.
// What one of several speaks of for the others is there once.
func (b *Bot) comingOfClass(regs []programme.Registration, at int, c *programme.Class) (list []comingPush) {
	for _, notice := range pushOf {
		key := notice + "/" + regs[at].ID
		list = append(list, comingPush{kind: scheduler.NoticeDue, key: key, push: key, as: scheduler.Service})
	}
	first := func(such func(*programme.Registration) bool) bool {
		return at == slices.IndexFunc(regs, func(o programme.Registration) bool { return o.Class == c.ID && such(&o) })
	}
	if first(hasSeat) {
		for _, which := range programme.ReminderKeys() {
			key := regs[at].ID + "/" + which
			list = append(list, comingPush{kind: scheduler.Reminder, key: key, push: pushReminder + "/" + key, as: reminderKind(which)})
		}
	}
	if first(attending) {
		for _, d := range b.pointsAfter(regs[at].ID, c, time.Time{}) {
			list = append(list, comingPush{kind: d.Kind, key: d.Key, push: d.Key})
		}
	}
	return list
}
