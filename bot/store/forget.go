package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// forgottenFile lists the ids of deleted contacts beside the store, one a line.
// It is not part of a backup of the store file, so a restored backup does not
// bring anybody back: Open deletes them again.
const forgottenFile = "forgotten.txt"

// Forget deletes a contact with every row and index that speaks of them and
// leaves a tombstone, an id without meaning outside this store.
func (t *Tx) Forget(contact string, now time.Time) error {
	c, ok, err := t.Contact(contact)
	if err != nil || !ok {
		return err
	}
	for _, at := range c.Addresses {
		if err := t.forgetAddress(at); err != nil {
			return fmt.Errorf("forget contact: %w", err)
		}
	}
	if err := t.forgetRegistrations(contact, now); err != nil {
		return fmt.Errorf("forget contact: %w", err)
	}
	if err := errors.Join(t.forgetAssessments(contact), t.forgetRequests(contact, now), t.forgetGot(contact), t.forgetFates(contact)); err != nil {
		return fmt.Errorf("forget contact: %w", err)
	}
	for _, kind := range contactKinds {
		if err := t.Unplan(kind, contact); err != nil {
			return fmt.Errorf("forget contact: %w", err)
		}
	}
	key := t.key(contact)
	err = errors.Join(t.forgetQuestions(contact), t.forgetCasts(contact, now), t.sessions.Delete(key), t.contacts.Delete(key),
		t.tx.Bucket(bForgotten).Put(key, t.unix(now)))
	if err != nil {
		return fmt.Errorf("forget contact: %w", err)
	}
	t.forgotten = append(t.forgotten, contact)
	t.lastID, t.lastRaw = "", nil
	t.touch(contact)
	return nil
}

// forgetAddress deletes an address with its transcript and what waits for it.
func (t *Tx) forgetAddress(at string) error {
	prefix := append([]byte(at), 0)
	if err := deletePrefix(t.transcript.Cursor(), prefix); err != nil {
		return err
	}
	if err := t.forgetOutbox(at); err != nil {
		return err
	}
	if err := t.forgetNotes(at); err != nil {
		return err
	}
	return errors.Join(t.tx.Bucket(bShut).Delete([]byte(at)), t.addresses.Delete(t.key(at)))
}

type deleter interface {
	Seek(seek []byte) (key, value []byte)
	Delete() error
}

// deletePrefix deletes every key that begins with prefix. It seeks anew after
// each deletion, since a cursor's place is not certain after one.
func deletePrefix(cur deleter, prefix []byte) error {
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Seek(prefix) {
		if err := cur.Delete(); err != nil {
			return err
		}
	}
	return nil
}

// noteForgotten writes the ids of deleted contacts beside the store. It runs
// before the commit: an id too many deletes nobody, one too few would.
func (s *Store) noteForgotten(ids []string) error {
	f, err := os.OpenFile(filepath.Join(s.folder, forgottenFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("note deleted contact: %w", err)
	}
	_, err = f.WriteString(strings.Join(ids, "\n") + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("note deleted contact: %w", err)
	}
	return nil
}

// forgetAgain deletes contacts that were deleted before but came back with a
// restored file. Whoever has a tombstone in the file has not: tombstones stand
// side by side, while to look for ten thousand people among a million contacts
// is to read a page of the file for each.
func (s *Store) forgetAgain(log *slog.Logger) error {
	raw, err := os.ReadFile(filepath.Join(s.folder, forgottenFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open store: read deleted contacts: %w", err)
	}
	var back []string
	err = s.db.View(func(btx *boltTx) error {
		contacts, tombstones := btx.Bucket(bContacts), btx.Bucket(bForgotten)
		lines := bufio.NewScanner(bytes.NewReader(raw))
		for lines.Scan() {
			id := strings.TrimSpace(lines.Text())
			if id != "" && tombstones.Get([]byte(id)) == nil && contacts.Get([]byte(id)) != nil {
				back = append(back, id)
			}
		}
		return lines.Err()
	})
	if err != nil || len(back) == 0 {
		return err
	}
	err = s.db.Update(func(btx *boltTx) error {
		tx := &Tx{store: s}
		tx.open(btx)
		for _, id := range back {
			if err := tx.Forget(id, time.Unix(0, 0)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("open store: delete again: %w", err)
	}
	log.Info("contacts of a restored file deleted again", "contacts", len(back))
	return nil
}

// Forgotten reports whether the contact was deleted, and when.
func (t *Tx) Forgotten(contact string) (time.Time, bool) {
	v := t.tx.Bucket(bForgotten).Get([]byte(contact))
	if len(v) != 8 {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint64(v)), 0), true
}
