package store

import (
	"fmt"
	"strings"
)

// Channels keep a few small things of their own: which upload a file became,
// what they set up at their network. What concerns one person stands under
// "chat:ID:…" and is forgotten with that person.

// Note returns what a channel noted under a key; "" when nothing.
func (t *Tx) Note(channel, key string) (string, error) {
	return string(t.tx.Bucket(bNotes).Get(noteKey(channel, key))), nil
}

// PutNote keeps a channel's note; "" deletes it.
func (t *Tx) PutNote(channel, key, value string) error {
	b := t.tx.Bucket(bNotes)
	var err error
	if value == "" {
		err = b.Delete(noteKey(channel, key))
	} else {
		err = b.Put(noteKey(channel, key), t.key(value))
	}
	if err != nil {
		return fmt.Errorf("keep note of %s: %w", channel, err)
	}
	return nil
}

// forgetNotes deletes what a channel noted of the person at an address.
func (t *Tx) forgetNotes(at string) error {
	channel, id, _ := strings.Cut(at, ":")
	return deletePrefix(t.tx.Bucket(bNotes).Cursor(), noteKey(channel, "chat:"+id+":"))
}

func noteKey(channel, key string) []byte { return []byte(channel + "\x00" + key) }
