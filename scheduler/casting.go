package scheduler

import (
	"time"

	"sachhon/dialogs"
)

// Casts is what broadcasts need of the store, inside one transaction. Whoever
// implements it keeps recipients in the order of their contacts.
type Casts interface {
	// Broadcast returns a broadcast; false when there is none.
	Broadcast(id string) (Broadcast, bool, error)
	PutBroadcast(b *Broadcast) error
	// Recipient returns what is kept of a contact in a broadcast.
	Recipient(broadcast, contact string) (Recipient, bool, error)
	PutRecipient(broadcast, contact string, r *Recipient) error
	// Recipients calls fn for every recipient whose contact is above after until
	// it returns false. It must not be written to meanwhile.
	Recipients(broadcast, after string, fn func(contact string, r *Recipient) bool) error
	// ContactRecords calls fn with the record of every contact above after, in
	// the order of ids, until it returns false.
	ContactRecords(after string, fn func(record []byte) (bool, error)) error
	Contact(id string) (dialogs.Contact, bool, error)
	// Shut says whether a contact's address cannot be written to.
	Shut(at string) bool
	// Sent returns what a contact was sent lately.
	Sent(contact string) (Sent, error)
	PutSent(contact string, s Sent) error
	// ClassContacts calls fn for every contact with a registration of a class
	// that was not cancelled.
	ClassContacts(class string, fn func(contact string, attended bool)) error
}

// Casting carries broadcasts out: it chooses recipients and hands them over.
// It is immutable and safe for use by any number of goroutines; each call runs
// within the caller's transaction and leaves the counts right whenever that is
// committed.
type Casting struct {
	Gate *Gate
	// On says whether a network is switched on; nil: all are.
	On func(channel string) bool
}

// subscribed says whether a contact asked for the weekly tips, and neither
// paused nor left them.
func subscribed(c *dialogs.Contact) bool {
	return c.OptedOut.IsZero() && c.Fact(factTips).Text == "on"
}

// purposeTips is the purpose of tips and news, as consents name it.
const purposeTips = "tips"

// ConsentFor is the purpose that a broadcast needs a yes to: promotion needs
// that to tips and news (Decree 91/2020: consent before the first message),
// a service follows from what the person asked for.
func ConsentFor(k PushKind) string {
	if k == Promotion {
		return purposeTips
	}
	return ""
}

// PageOfContacts is how many contacts one transaction of planning looks at:
// about ten milliseconds, for which people who talk meanwhile may wait.
const PageOfContacts = 2000

// Plan looks at the next contacts, at most n, and keeps each that the segment
// means as a recipient: waiting, or skipped with the reason. Together with the
// recipients the cursor is kept, so that a crash neither loses nor repeats
// anybody. Who became a contact after the broadcast began is not in; more is
// false once all were looked at.
func (c *Casting) Plan(tx Casts, id string, now time.Time, n int) (more bool, err error) {
	b, ok, err := tx.Broadcast(id)
	if err != nil || !ok || b.Status != Sending || b.Planned {
		return false, err
	}
	if over(b.Expires, now) {
		b.expire(now)
		return false, tx.PutBroadcast(&b)
	}
	p := planning{Casting: c, tx: tx, shut: tx.Shut, b: &b, now: now, push: b.Push()}
	if p.person.Classes, err = ClassesOf(tx, &b.Segment); err != nil {
		return false, err
	}
	p.person.Contact = &p.contact
	left := n
	err = tx.ContactRecords(b.Cursor, func(record []byte) (bool, error) {
		if left == 0 {
			return false, nil
		}
		left--
		return true, p.choose(record)
	})
	if err != nil {
		return false, err
	}
	b.Cursor, b.Planned = p.contact.ID, left > 0
	if left == n {
		b.Cursor = ""
	}
	b.endIfNobodyWaits(now)
	return !b.Planned, tx.PutBroadcast(&b)
}

// planning is one page of contacts under way. Contact and person are used again
// for every one of them.
type planning struct {
	*Casting
	tx      Casts
	shut    func(at string) bool
	b       *Broadcast
	now     time.Time
	push    Push
	contact dialogs.Contact
	person  Person
}

// choose keeps a contact as a recipient if the segment means them.
func (p *planning) choose(record []byte) error {
	if err := p.contact.UnmarshalBinary(record); err != nil {
		return err
	}
	if p.contact.Created.After(p.b.Frozen) {
		return nil
	}
	r, in := p.recipient()
	if !in {
		return nil
	}
	p.b.count(&r, 1)
	return p.tx.PutRecipient(p.b.ID, p.contact.ID, &r)
}

// recipient decides what does not depend on the moment; false: not meant.
func (p *planning) recipient() (r Recipient, in bool) {
	return p.Consider(p.b, &p.push, &p.person, p.shut, p.now)
}

// Consider decides about a person what does not depend on the moment: whether a
// broadcast is meant for them, and if so as what they are kept: waiting, or
// skipped with the reason. push is the broadcast's own. Of p it needs Contact and
// Classes and sets Sectors, Subscribed and Reach; shut says whether an address
// cannot be written to.
func (c *Casting) Consider(b *Broadcast, push *Push, p *Person, shut func(at string) bool, now time.Time) (r Recipient, in bool) {
	p.fill(p.Sectors[:0])
	if !b.Segment.has(p) {
		return r, false
	}
	r = Recipient{State: Waiting, Lang: p.Contact.Speaks(), At: now}
	p.Reach, r.Address = c.Reach(shut, p.Contact)
	if v := c.Gate.standing(push, p, now); v.Outcome != Send {
		r.State, r.Reason = Skipped, v.Reason
	}
	return r, true
}

// fill makes of the contact what segments ask about.
func (p *Person) fill(sectors []string) {
	p.Sectors = sectors
	for _, key := range [...]string{factSector, factTipsSector} {
		if v := p.Contact.Fact(key); v.Given() {
			p.Sectors = append(p.Sectors, v.Text)
		}
	}
	p.Subscribed = subscribed(p.Contact)
}

// Reach finds the address to write to: the first that is open, in the order in
// which the person used them last.
func (c *Casting) Reach(shut func(at string) bool, contact *dialogs.Contact) (Reach, string) {
	reach := Nowhere
	for _, at := range contact.Addresses {
		if c.On != nil && !c.On(ChannelOf(at)) {
			continue
		}
		if !shut(at) {
			return Reachable, at
		}
		reach = Blocked
	}
	return reach, ""
}

// ClassesOf reads the classes that a segment asks about.
func ClassesOf(tx Casts, s *Segment) (Classes, error) {
	ids := s.ClassIDs()
	if len(ids) == 0 {
		return nil, nil
	}
	all := make(Classes, len(ids))
	for _, id := range ids {
		in := map[string]bool{}
		all[id] = in
		err := tx.ClassContacts(id, func(contact string, attended bool) { in[contact] = in[contact] || attended })
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Preview is who would get a broadcast if it began now. Nothing is kept.
type Preview struct {
	// Outside are those whom the segment does not mean, Total those it does,
	// Now those of them who would get it now.
	Outside, Total, Now int
	// Skipped and Later count those who would not get it, or not yet, by reason.
	Skipped, Later map[Reason]int
	// Until is when the clock would let it begin; zero: now.
	Until time.Time
	// Channels and Langs count those who would get it, now or later.
	Channels map[string]int
	Langs    map[dialogs.Lang]int
}

// Preview looks at the contacts above after, at most n, and adds them to out.
// It returns the contact to go on after; "" at the end.
func (c *Casting) Preview(tx Casts, b *Broadcast, after string, n int, now time.Time, out *Preview) (next string, err error) {
	p := planning{Casting: c, tx: tx, shut: tx.Shut, b: b, now: now, push: b.Push()}
	if p.person.Classes, err = ClassesOf(tx, &b.Segment); err != nil {
		return "", err
	}
	p.person.Contact = &p.contact
	left := n
	err = tx.ContactRecords(after, func(record []byte) (bool, error) {
		if left == 0 {
			next = p.contact.ID
			return false, nil
		}
		left--
		return true, p.preview(record, out)
	})
	return next, err
}

func (p *planning) preview(record []byte, out *Preview) error {
	if err := p.contact.UnmarshalBinary(record); err != nil {
		return err
	}
	r, in := p.recipient()
	if !in {
		out.Outside++
		return nil
	}
	out.Total++
	if r.State == Skipped {
		out.Skipped = tally(out.Skipped, r.Reason, 1)
		return nil
	}
	var err error
	if p.person.Sent, err = p.tx.Sent(p.contact.ID); err != nil {
		return err
	}
	v := p.Gate.Decide(&p.push, &p.person, p.now)
	if v.Outcome == Drop {
		out.Skipped = tally(out.Skipped, v.Reason, 1)
		return nil
	}
	out.Channels, out.Langs = added(out.Channels, ChannelOf(r.Address)), added(out.Langs, r.Lang)
	if v.Outcome == Send {
		out.Now++
		return nil
	}
	out.Later = tally(out.Later, v.Reason, 1)
	if v.byClock() && (out.Until.IsZero() || v.Until.Before(out.Until)) {
		out.Until = v.Until
	}
	return nil
}

func added[K comparable](by map[K]int, key K) map[K]int {
	if by == nil {
		by = map[K]int{}
	}
	by[key]++
	return by
}
