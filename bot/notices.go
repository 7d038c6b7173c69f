package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// pushOf says which message a notice becomes; notices without one are only
// planned by.
var pushOf = map[programme.NoticeKind]string{
	programme.NoticeOffered:        "offered",
	programme.NoticeOfferExpired:   "offer_expired",
	programme.NoticeMovedUp:        "moved_up",
	programme.NoticeClassMoved:     "class_moved",
	programme.NoticeClassCancelled: "class_cancelled",
}

// notify carries out what followed from a change of the programme: people are
// told, reminders and holds are planned. The registration mine is that of the
// person who talks; the flow tells them itself.
func (t *turn) notify(notices []programme.Notice, mine string) error {
	for i := range notices {
		n := &notices[i]
		if err := t.plan(n); err != nil {
			return err
		}
		key := pushOf[n.Kind]
		if key == "" || n.Registration.ID == mine && n.Kind != programme.NoticeClassMoved {
			continue
		}
		group := toldTogether(notices, n)
		if group[0].ID != n.Registration.ID {
			continue
		}
		if err := t.tell(n, group, key); err != nil {
			return err
		}
	}
	return nil
}

// toldTogether lists the registrations of which one message speaks: what befalls
// the class as a whole, whoever registered several people of it is told once.
func toldTogether(notices []programme.Notice, n *programme.Notice) (group []programme.Registration) {
	if n.Kind != programme.NoticeClassMoved && n.Kind != programme.NoticeClassCancelled {
		return []programme.Registration{n.Registration}
	}
	for i := range notices {
		if o := &notices[i]; o.Kind == n.Kind && o.Class.ID == n.Class.ID && o.Registration.Contact == n.Registration.Contact {
			group = append(group, o.Registration)
		}
	}
	return group
}

// tell sends a notice to the contact it is for, for a group of registrations.
// Whoever talks just now, or reads it on a page of their own accord, has it at
// once; a network that rings has it by day.
func (t *turn) tell(n *programme.Notice, group []programme.Registration, key string) error {
	other := turn{turns: t.turns, tx: t.tx, now: t.now, fx: t.fx}
	own := n.Registration.Contact == t.contact.ID
	if !own {
		if known, err := other.find(n.Registration.Contact); err != nil || !known {
			return err
		}
	} else {
		other = *t // the session under way must not be loaded anew
		other.reach = scheduler.Reachable
	}
	note, err := t.takeNotice(key, n)
	if err != nil || t.desk.nothingNew(&note, &n.Class, group) {
		return err
	}
	if at := t.desk.b.toldFrom(note.starts(&n.Class, t.now), t.now); at.After(t.now) && !own && other.rings() {
		return other.leaveForDay(key, group, note, at)
	}
	if ok, err := other.tells(key + "/" + n.Registration.ID); err != nil || !ok {
		return err
	}
	if err := other.sayNotice(key, &n.Class, group, n.Position, note.Was); err != nil {
		return err
	}
	if own {
		t.session, t.said, t.out = other.session, other.said, other.out
		return nil
	}
	return other.save()
}

// sayNotice words a notice about the first of a group of registrations, for all
// of them.
func (t *turn) sayNotice(key string, c *programme.Class, group []programme.Registration, position int, was dialogs.Text) error {
	values := append(t.desk.classValues(c, t.now), t.desk.registrationValues(&group[0])...)
	values = append(values, text("position", fmt.Sprint(position)), text("registration", codesOf(group)), both("attendee", t.desk.attendees(group)))
	if !was.Empty() {
		values = append(values, both("class_was", was))
	}
	return t.push(key, values)
}

// rings says whether the person's network makes their phone ring.
func (t *turn) rings() bool {
	return t.reach == scheduler.Reachable && !t.channels[t.at.Channel].Pull
}

// toldFrom is the earliest time from now on at which a change of a class that
// starts then is told: by day, but at once when it is about to begin.
func (b *Bot) toldFrom(starts, now time.Time) time.Time {
	return b.gate.Load().Windows().Next(scheduler.ChangeKind(starts, now), now)
}

// NightUntil returns until when nobody's phone rings unasked; by day a time that
// is not after the present.
func (b *Bot) NightUntil() time.Time {
	return b.gate.Load().Windows().Next(scheduler.Service, b.clock())
}

// noticeNote is what a notice that waits for the day keeps: when and where the
// class was before it moved, and the registrations that it speaks of.
type noticeNote struct {
	Was    dialogs.Text `json:"was,omitzero"`
	Starts time.Time    `json:"starts,omitzero"`
	Venue  string       `json:"venue,omitempty"`
	Group  []string     `json:"group"`
}

// starts is when the class begins, or when those who were not told yet believe
// that it will, whichever is earlier.
func (n *noticeNote) starts(c *programme.Class, now time.Time) time.Time {
	if n.Starts.After(now) && n.Starts.Before(c.Starts()) {
		return n.Starts
	}
	return c.Starts()
}

// takeNotice takes what waits to be told of the same class out of the table,
// under whichever registration of the contact it stands: n says it, and more. It
// returns how the class was before it moved; of one that moves twice in a night,
// before both, with the registrations that were not told of the first.
func (t *turn) takeNotice(key string, n *programme.Notice) (note noticeNote, err error) {
	if n.Old == nil {
		return note, t.tx.Unplan(scheduler.NoticeDue, key+"/"+n.Registration.ID)
	}
	note = noticeNote{Was: t.desk.when(n.Old), Starts: n.Old.Starts(), Venue: n.Old.Venue}
	all, err := registeredBy(t.tx, &n.Registration, func(*programme.Registration) bool { return true })
	if err != nil {
		return note, err
	}
	for i := range all {
		push := key + "/" + all[i].ID
		j, ok, err := t.tx.Planned(scheduler.NoticeDue, push)
		if err != nil {
			return note, err
		}
		if !ok {
			continue
		}
		if note, err = readNote(j.Note); err != nil {
			return note, err
		}
		if err := t.tx.Unplan(scheduler.NoticeDue, push); err != nil {
			return note, err
		}
	}
	return note, nil
}

// nothingNew says whether a move only takes back another one that none of the
// group was told of yet.
func (a *actions) nothingNew(untold *noticeNote, c *programme.Class, group []programme.Registration) bool {
	for i := range group {
		if !slices.Contains(untold.Group, group[i].ID) {
			return false
		}
	}
	return untold.Was == a.when(c) && untold.Venue == c.Venue
}

// leaveForDay puts a notice off.
func (t *turn) leaveForDay(key string, group []programme.Registration, note noticeNote, at time.Time) error {
	note.Group = nil
	for i := range group {
		note.Group = append(note.Group, group[i].ID)
	}
	raw, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("put notice off: %w", err)
	}
	return t.waitForDay(scheduler.Job{Kind: scheduler.NoticeDue, Key: key + "/" + group[0].ID, Note: string(raw)}, at)
}

// waitForDay plans a notice for a time and keeps why it waits.
func (t *turn) waitForDay(j scheduler.Job, at time.Time) error {
	j.At, t.fx.planned = at, true
	if err := t.keepFate(j.Key, scheduler.Verdict{Outcome: scheduler.Postpone, Reason: scheduler.InQuietHours, Until: at}); err != nil {
		return err
	}
	return t.tx.Plan(j)
}

func readNote(raw string) (note noticeNote, err error) {
	if err = json.Unmarshal([]byte(raw), &note); err != nil {
		err = fmt.Errorf("read notice: %w", err)
	}
	return note, err
}

// tellByDay says a notice that was put off, as things stand now, or leaves it out
// where it is true no more: the seat was taken meanwhile, the class cancelled.
func (k *turns) tellByDay(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	key, id, _ := strings.Cut(j.Key, "/")
	r, c, ok, err := withClass(tx, id)
	if err != nil || !ok {
		return err
	}
	t := turn{turns: k, tx: tx, now: now, fx: fx}
	if known, err := t.find(r.Contact); err != nil || !known {
		return err
	}
	note, err := readNote(j.Note)
	if err != nil {
		return err
	}
	group, err := t.concerned(key, note.Group, &c)
	switch {
	case err != nil:
		return err
	case len(group) == 0:
		return t.leaveOut(j.Key, scheduler.ForUnplanned)
	}
	if at := k.desk.b.toldFrom(note.starts(&c, now), now); at.After(now) && t.rings() { // the program was down by day
		return t.waitForDay(j, at)
	}
	position, err := programme.Position(tx, &group[0])
	if err != nil {
		return err
	}
	if ok, err := t.tells(j.Key); err != nil || !ok {
		return err
	}
	if err := t.sayNotice(key, &c, group, position, note.Was); err != nil {
		return err
	}
	return t.save()
}

// concerned lists those of some registrations for whom a notice is true still.
func (t *turn) concerned(key string, ids []string, c *programme.Class) (group []programme.Registration, err error) {
	for _, id := range ids {
		r, ok, err := t.tx.Registration(id)
		if err != nil {
			return nil, err
		}
		if ok && r.Contact == t.contact.ID && stillSo(key, &r, c, t.now) {
			group = append(group, r)
		}
	}
	return group, nil
}

// stillSo says whether what a notice tells is so.
func stillSo(key string, r *programme.Registration, c *programme.Class, now time.Time) bool {
	cancelled := c.State == programme.StateCancelled
	switch key {
	case pushOf[programme.NoticeOffered]:
		return c.Offers(r, now)
	case pushOf[programme.NoticeOfferExpired], pushOf[programme.NoticeMovedUp]:
		return r.Status == programme.Waiting && !cancelled
	case pushOf[programme.NoticeClassMoved]:
		return r.Status != programme.Cancelled && !cancelled
	default:
		return cancelled
	}
}
