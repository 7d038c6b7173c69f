package store

import (
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

// Tx is one transaction. It belongs to the goroutine that runs it and must not
// be used after its function returned.
type Tx struct {
	tx      *bolt.Tx
	arena   []byte // keys and values of this transaction: bbolt keeps what it is given until the commit
	queued  bool   // outbox rows were written
	store   *Store
	scratch []byte
	// lastID and lastRaw are the contact read or written last: a turn writes the
	// one that it has just read.
	lastID  string
	lastRaw []byte
	dropped int // rows that were pruned
	// forgotten are contacts deleted in this transaction.
	forgotten []string

	// Buckets of the hot path, looked up once.
	contacts, addresses, sessions, transcript, seen *bolt.Bucket
	casts                                           *bolt.Bucket // recipients of broadcasts; nil until used
}

func (t *Tx) open(btx *bolt.Tx) {
	t.tx = btx
	t.contacts, t.addresses, t.sessions = btx.Bucket(bContacts), btx.Bucket(bAddresses), btx.Bucket(bSessions)
	t.transcript, t.seen = btx.Bucket(bTranscript), btx.Bucket(bSeen)
}

// arenaBlock is how much the arena grows by: the bytes of some 60 turns.
const arenaBlock = 64 << 10

// keep cuts what build appends off the arena; the bytes stay untouched until
// the transaction ends.
func (t *Tx) keep(build func([]byte) []byte) []byte {
	if cap(t.arena)-len(t.arena) < 4096 {
		t.arena = make([]byte, 0, arenaBlock)
	}
	start := len(t.arena)
	b := build(t.arena)
	if cap(b) != cap(t.arena) { // it outgrew the block and moved
		grown := b[start:len(b):len(b)]
		t.arena = nil
		return grown
	}
	t.arena = b
	return b[start:len(b):len(b)]
}

// key keeps the bytes of a plain text key.
func (t *Tx) key(s string) []byte {
	return t.keep(func(b []byte) []byte { return append(b, s...) })
}

// Contact returns a contact; false when there is none.
func (t *Tx) Contact(id string) (dialogs.Contact, bool, error) {
	var c dialogs.Contact
	v := t.contacts.Get([]byte(id))
	if v == nil {
		return c, false, nil
	}
	t.lastID, t.lastRaw = id, v
	if err := c.UnmarshalBinary(v); err != nil {
		return c, false, fmt.Errorf("contact: %w", err)
	}
	return c, true, nil
}

// PutContact keeps c, unless it is what is kept already.
func (t *Tx) PutContact(c *dialogs.Contact) error {
	var err error
	v := t.keep(func(b []byte) []byte {
		b, err = c.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	old := t.lastRaw
	if t.lastID != c.ID {
		old = t.contacts.Get([]byte(c.ID))
	}
	if string(old) == string(v) {
		return nil
	}
	t.lastID, t.lastRaw = c.ID, v
	t.touch(c.ID)
	return t.contacts.Put(t.key(c.ID), v)
}

// Kept says whether the contact read last is kept just like c.
func (t *Tx) Kept(c *dialogs.Contact) bool {
	v, err := c.AppendBinary(t.scratch[:0])
	t.scratch = v
	return err == nil && t.lastID == c.ID && string(t.lastRaw) == string(v)
}

// Version is the number of the last commit that the transaction sees.
func (t *Tx) Version() uint64 {
	if t.tx.Writable() {
		return uint64(t.tx.ID()) - 1
	}
	return uint64(t.tx.ID())
}

// Unchanged says for certain that contact and session are as they were at a
// version; false where that is not known.
func (t *Tx) Unchanged(contact string, version uint64) bool {
	return t.store.changes.unchanged(contact, version)
}

// touch notes that something of the contact is written, before it is committed:
// should that fail, a turn is played once more than it need be.
func (t *Tx) touch(contact string) { t.store.changes.note(contact, uint64(t.tx.ID())) }

// Contacts calls fn for every contact in the order of their ids until it
// returns false.
func (t *Tx) Contacts(fn func(dialogs.Contact) bool) error {
	cur := t.contacts.Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		var c dialogs.Contact
		if err := c.UnmarshalBinary(v); err != nil {
			return fmt.Errorf("contact: %w", err)
		}
		if !fn(c) {
			return nil
		}
	}
	return nil
}

// Session returns a contact's session; the zero one when there is none.
func (t *Tx) Session(contact string) (dialogs.Session, error) {
	var s dialogs.Session
	v := t.sessions.Get([]byte(contact))
	if v == nil {
		return s, nil
	}
	return s, s.UnmarshalBinary(v)
}

// PutSession keeps a contact's session.
func (t *Tx) PutSession(contact string, s *dialogs.Session) error {
	var err error
	v := t.keep(func(b []byte) []byte {
		b, err = s.AppendBinary(b)
		return b
	})
	if err != nil {
		return err
	}
	t.touch(contact)
	return t.sessions.Put(t.key(contact), v)
}

// Seen reports whether the update was committed before, and remembers it as of
// now where it was not. An update without an id is never seen.
func (t *Tx) Seen(channel, id string, now time.Time) (bool, error) {
	if id == "" {
		return false, nil
	}
	key := t.keep(func(b []byte) []byte { return append(append(append(b, channel...), 0), id...) })
	if t.seen.Get(key) != nil {
		return true, nil
	}
	return false, t.seen.Put(key, t.unix(now))
}

func (t *Tx) unix(at time.Time) []byte {
	return t.keep(func(b []byte) []byte { return binary.BigEndian.AppendUint64(b, uint64(at.Unix())) })
}

// SeenLife is how long the ids of updates are remembered: twice the 24 hours
// for which Telegram delivers an update again (Bot API, getting updates).
const SeenLife = 48 * time.Hour

// PruneSeen forgets the ids of updates older than SeenLife, looking at limit of
// them from the key from on, and returns where to go on ("" at the end).
func (t *Tx) PruneSeen(now time.Time, from string, limit int) (next string, err error) {
	return t.prune(t.seen, from, limit, func(_, v []byte) bool {
		return len(v) == 8 && now.Unix()-int64(binary.BigEndian.Uint64(v)) > int64(SeenLife/time.Second)
	})
}

const addressVersion = 1

// Address returns whose address this is and whether it can be written to;
// false when it is not known.
func (t *Tx) Address(at string) (contact string, blocked, ok bool, err error) {
	v := t.addresses.Get([]byte(at))
	if v == nil {
		return "", false, false, nil
	}
	r, _ := wire.NewReader(v, addressVersion)
	contact, blocked = r.String(), r.Bool()
	if err := r.Err(); err != nil {
		return "", false, false, fmt.Errorf("read address: %w", err)
	}
	return contact, blocked, true, nil
}

// PutAddress keeps whose address this is and whether it can be written to.
func (t *Tx) PutAddress(at, contact string, blocked bool) error {
	v := t.keep(func(b []byte) []byte {
		return wire.AppendBool(wire.AppendString(append(b, addressVersion), contact), blocked)
	})
	key := t.key(at)
	shut := t.tx.Bucket(bShut)
	switch {
	case blocked:
		if err := shut.Put(key, nil); err != nil {
			return err
		}
	case t.Shut(at):
		if err := shut.Delete(key); err != nil {
			return err
		}
	}
	return t.addresses.Put(key, v)
}

// Shut says whether an address cannot be written to. It is far cheaper than
// looking the address up: hardly any are shut.
func (t *Tx) Shut(at string) bool {
	k, _ := t.tx.Bucket(bShut).Cursor().Seek([]byte(at))
	return string(k) == at
}
