package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Check reads the whole store and reports what does not fit: records that
// cannot be read, indexes without their row and rows without their index,
// registrations that do not add up to their class. It returns how many rows it
// read. Problems name keys, never what people said.
func (s *Store) Check(ctx context.Context) (rows int, problems []string, err error) {
	err = s.View(ctx, func(tx *Tx) error {
		c := checker{tx: tx}
		c.contacts()
		c.addresses()
		c.transcript()
		c.classes()
		c.registrations()
		c.due()
		c.outbox()
		c.inbox()
		c.votes()
		c.assessments()
		c.requests()
		c.casts()
		c.programs()
		c.got()
		c.fates()
		c.runs()
		rows, problems = c.rows, c.problems
		return nil
	})
	return rows, problems, err
}

type checker struct {
	tx       *Tx
	rows     int
	problems []string
}

// maxProblems bounds the report of a badly damaged store.
const maxProblems = 200

func (c *checker) problem(format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, fmt.Sprintf(format, args...))
	}
}

// each reads every row of a bucket.
func (c *checker) each(name []byte, fn func(k, v []byte)) {
	cur := c.tx.tx.Bucket(name).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		c.rows++
		fn(k, v)
	}
}

// has says whether a bucket holds a key.
func (c *checker) has(name, key []byte) bool {
	k, _ := c.tx.tx.Bucket(name).Cursor().Seek(key)
	return bytes.Equal(k, key)
}

func (c *checker) contacts() {
	c.each(bContacts, func(k, v []byte) {
		var contact dialogs.Contact
		if err := contact.UnmarshalBinary(v); err != nil || contact.ID != string(k) {
			c.problem("contacts: %s cannot be read", k)
			return
		}
		for _, at := range contact.Addresses {
			if owner, _, ok, err := c.tx.Address(at); err != nil || !ok || owner != contact.ID {
				c.problem("contacts: %s has an address that is not in addresses", k)
			}
		}
	})
	c.each(bSessions, func(k, v []byte) {
		var session dialogs.Session
		if err := session.UnmarshalBinary(v); err != nil {
			c.problem("sessions: %s cannot be read", k)
		}
		if session.Talk.State == dialogs.Acting {
			c.problem("sessions: %s waits for the outcome of an action", k)
		}
		if !c.has(bContacts, k) {
			c.problem("sessions: %s has no contact", k)
		}
	})
}

func (c *checker) addresses() {
	c.each(bAddresses, func(k, _ []byte) {
		owner, blocked, _, err := c.tx.Address(string(k))
		if err != nil {
			c.problem("addresses: a row cannot be read")
			return
		}
		if blocked != c.tx.Shut(string(k)) {
			c.problem("addresses: a row is blocked or not, and addresses_shut says otherwise")
		}
		contact, ok, err := c.tx.Contact(owner)
		if err != nil || !ok {
			c.problem("addresses: a row belongs to the contact %s, which is not there", owner)
			return
		}
		for _, at := range contact.Addresses {
			if at == string(k) {
				return
			}
		}
		c.problem("addresses: a row is not among the addresses of its contact %s", owner)
	})
}

func (c *checker) transcript() {
	c.each(bTranscript, func(k, v []byte) {
		if _, err := readEntry(k, v); err != nil || len(k) < 10 || k[len(k)-9] != 0 {
			c.problem("transcript: an entry cannot be read")
			return
		}
		if _, err := channel.ParseAddress(string(k[:len(k)-9])); err != nil {
			c.problem("transcript: an entry belongs to no address")
		}
	})
}

func (c *checker) classes() {
	count := 0
	c.each(bClasses, func(k, _ []byte) {
		count++
		class, ok, err := c.tx.Class(string(k))
		if err != nil || !ok {
			c.problem("classes: %s cannot be read", k)
			return
		}
		if !c.has(bClassTimes, classTimeKey(&class)) {
			c.problem("classes: %s is not in class_times", k)
		}
		var regs []programme.Registration
		err = c.tx.ClassRegistrations(class.ID, func(r programme.Registration) bool {
			regs = append(regs, r)
			return true
		})
		if err != nil {
			c.problem("classes: the registrations of %s: %v", k, err)
			return
		}
		if err := programme.Audit(class, regs); err != nil {
			c.problem("classes: %s: %v", k, err)
		}
	})
	c.each(bClassTimes, func(k, _ []byte) {
		count--
		if len(k) < 9 || !c.has(bClasses, k[8:]) {
			c.problem("class_times: a row has no class")
		}
	})
	if count != 0 {
		c.problem("classes and class_times differ by %d rows", count)
	}
}

func (c *checker) registrations() {
	c.each(bRegs, func(k, _ []byte) {
		r, ok, err := c.tx.Registration(string(k))
		if err != nil || !ok {
			c.problem("registrations: %s cannot be read", k)
			return
		}
		if !c.has(bClasses, []byte(r.Class)) || !c.has(bRegOfClass, regOfClassKey(r.Class, r.Number)) {
			c.problem("registrations: %s is not in its class", k)
		}
		if r.Contact != "" && (!c.has(bRegOfWho, regOfWhoKey(&r)) || !c.has(bContacts, []byte(r.Contact))) {
			c.problem("registrations: %s is not with its contact", k)
		}
		if r.Phone != "" && !c.has(bRegOfPhone, regOfPhoneKey(&r)) {
			c.problem("registrations: %s is not under its phone", k)
		}
		job, held, err := c.tx.Planned(scheduler.Hold, r.ID)
		if err != nil || held != (r.Status == programme.Offered) || held && !job.At.Equal(r.HoldUntil) {
			c.problem("registrations: %s is %s, and the due table says otherwise", k, r.Status)
		}
	})
	for _, index := range [][]byte{bRegOfClass, bRegOfPhone} {
		c.each(index, func(_, v []byte) {
			if !c.has(bRegs, v) {
				c.problem("%s: %s is not there", index, v)
			}
		})
	}
	c.each(bRegOfWho, func(k, _ []byte) {
		if i := bytes.IndexByte(k, 0); i < 0 || len(k) < i+9 || !c.has(bRegs, k[i+9:]) {
			c.problem("registrations_of_contact: a row has no registration")
		}
	})
}

func (c *checker) due() {
	planned, latest := 0, c.tx.tx.Bucket(bDueAt).Sequence()
	c.each(bDue, func(k, v []byte) {
		j, err := readDue(k, v)
		switch {
		case err != nil:
			c.problem("due: a job cannot be read")
		case !c.tx.claimed(k, v):
			planned++
		case binary.BigEndian.Uint64(v) > latest:
			c.problem("due: a job of kind %s is not in due_at", j.Kind)
		}
	})
	c.each(bDueAt, func(k, _ []byte) {
		planned--
		if len(k) < 9 || !c.has(bDue, k[8:]) {
			c.problem("due_at: a row has no job")
		}
	})
	if planned != 0 {
		c.problem("due and due_at differ by %d rows", planned)
	}
}

func (c *checker) outbox() {
	c.each(bOutbox, func(k, v []byte) {
		r := outbox.Row{ID: binary.BigEndian.Uint64(k)}
		if err := r.UnmarshalBinary(v); err != nil {
			c.problem("outbox: row %d cannot be read", r.ID)
			return
		}
		if r.Open() != c.has(bOfAddress, c.tx.openKey(&r)) {
			c.problem("outbox: row %d is %s, and outbox_of_address says otherwise", r.ID, r.State)
		}
		first := false
		if r.Open() {
			id, _, err := c.tx.firstOpen(&r)
			first = err == nil && id == r.ID
		}
		if first != c.has(bReady, c.tx.readyKey(&r)) {
			c.problem("outbox: row %d is %s, and outbox_ready says otherwise", r.ID, r.State)
		}
		if (r.State == outbox.StateLeased) != c.has(bLeased, c.tx.leasedKey(&r)) {
			c.problem("outbox: row %d is %s, and outbox_leased says otherwise", r.ID, r.State)
		}
		if (r.State == outbox.StateDead) != c.has(bDead, k) {
			c.problem("outbox: row %d is %s, and outbox_dead says otherwise", r.ID, r.State)
		}
	})
	for _, index := range [][]byte{bOfAddress, bReady, bLeased, bDead} {
		c.each(index, func(k, _ []byte) {
			if len(k) < 8 || !c.has(bOutbox, k[len(k)-8:]) {
				c.problem("%s: a row is in this index only", index)
			}
		})
	}
}

func (c *checker) inbox() {
	c.each(bInbox, func(k, _ []byte) {
		q, ok, err := c.tx.Question(binary.BigEndian.Uint64(k))
		if err != nil || !ok {
			c.problem("inbox: question %d cannot be read", binary.BigEndian.Uint64(k))
			return
		}
		if !c.has(bContacts, []byte(q.Contact)) {
			c.problem("inbox: question %d has no contact", q.ID)
		}
	})
}

func (c *checker) votes() {
	c.each(bVotes, func(k, _ []byte) {
		if _, _, err := c.tx.Votes(string(k)); err != nil {
			c.problem("votes: those of the tip %s cannot be read", k)
		}
	})
}
