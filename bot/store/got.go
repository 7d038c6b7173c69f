package store

import (
	"bytes"
	"fmt"
	"time"
)

// Got returns the keys of the pushes that a contact had, of which nobody gets
// one twice. The contact "" is the house itself, for what is sent by it once.
func (t *Tx) Got(contact string) (keys []string, err error) {
	prefix := gotKey(contact, "")
	cur := t.tx.Bucket(bGot).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		keys = append(keys, string(k[len(prefix):]))
	}
	return keys, nil
}

// PutGot notes that a contact was sent the push with this key at now.
func (t *Tx) PutGot(contact, key string, now time.Time) error {
	if err := t.tx.Bucket(bGot).Put(gotKey(contact, key), t.unix(now)); err != nil {
		return fmt.Errorf("note what was sent: %w", err)
	}
	return nil
}

func gotKey(contact, key string) []byte {
	return append(append([]byte(contact), 0), key...)
}

func (t *Tx) forgetGot(contact string) error {
	return deletePrefix(t.tx.Bucket(bGot).Cursor(), gotKey(contact, ""))
}

// got checks that what was sent was sent to somebody.
func (c *checker) got() {
	c.each(bGot, func(k, v []byte) {
		contact, _, ok := bytes.Cut(k, []byte{0})
		if !ok || len(v) != 8 || len(contact) > 0 && !c.has(bContacts, contact) {
			c.problem("got: a row cannot be read or has no contact")
		}
	})
}
