package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// remind sends a reminder, if the registration still has its seat. Whoever
// registered several people of a class is reminded once, of all of them: the job
// of their first registration speaks for the others.
func (k *turns) remind(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	id, which, _ := strings.Cut(j.Key, "/")
	r, c, ok, err := withClass(tx, id)
	if err != nil || !ok || r.Status != programme.Seat || c.State == programme.StateCancelled {
		return err
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(r.Contact); err != nil || !known {
		return err
	}
	group, err := registeredBy(tx, &r, hasSeat)
	if err != nil || group[0].ID != r.ID {
		return err
	}
	push := scheduler.Push{Kind: reminderKind(which), Key: pushReminder + "/" + j.Key, Again: true, Expires: j.Deadline}
	if became, err := t.leaves(&push, j); err != nil || became != scheduler.Send {
		return err
	}
	values := append(k.desk.classValues(&c, now), k.desk.registrationValues(&r)...)
	values = append(values, both("attendee", k.desk.attendees(group)))
	if err := t.push("reminder_"+strings.TrimPrefix(which, "-"), values); err != nil {
		return err
	}
	return t.save()
}

// reminderKind says how freely a reminder may be sent: two hours before the
// class it cannot wait for the morning.
func reminderKind(which string) scheduler.PushKind {
	if which == "-2h" {
		return scheduler.Urgent
	}
	return scheduler.Service
}

// withClass returns a registration with its class; false when one of them is
// there no more.
func withClass(tx Tx, id string) (r programme.Registration, c programme.Class, ok bool, err error) {
	if r, ok, err = tx.Registration(id); err == nil && ok {
		c, ok, err = tx.Class(r.Class)
	}
	return r, c, ok && err == nil, err
}

// registeredBy lists the registrations that the contact of r has in the class of
// r, those that are such, in the order of their numbers. r is one of them.
func registeredBy(tx Tx, r *programme.Registration, such func(*programme.Registration) bool) (all []programme.Registration, err error) {
	err = tx.ContactRegistrations(r.Contact, func(o programme.Registration) bool {
		if o.Class == r.Class && such(&o) {
			all = append(all, o)
		}
		return true
	})
	slices.SortFunc(all, func(a, b programme.Registration) int { return cmp.Compare(a.Number, b.Number) })
	return all, err
}

func hasSeat(r *programme.Registration) bool { return r.Status == programme.Seat }

// attending says whether a registration is of the contact's own and stands after
// the class. What follows a class leaves colleagues out: the contact who
// registered them was not there to say what it was like, and the colleague, who
// was, has no address here and never agreed to be asked.
func attending(r *programme.Registration) bool {
	return (r.Status == programme.Seat || r.Status == programme.Attended) && !r.Colleague
}

// codesOf lists the codes of some registrations.
func codesOf(list []programme.Registration) string {
	var codes []string
	for i := range list {
		codes = append(codes, list[i].ID)
	}
	return strings.Join(codes, ", ")
}

// attendees names those of some registrations: two by name, more by number.
func (a *actions) attendees(list []programme.Registration) dialogs.Text {
	switch len(list) {
	case 1:
		return dialogs.Text{VI: list[0].Name, EN: list[0].Name}
	case 2:
		return a.words("attendees.two", "{a}", list[0].Name, "{b}", list[1].Name)
	default:
		return a.words("attendees.more", "{a}", list[0].Name, "{b}", list[1].Name, "{n}", fmt.Sprint(len(list)-2))
	}
}
