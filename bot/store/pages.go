package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// Lists are read page by page: each of these goes on behind a key, which need
// not be there any more.

// after places a cursor behind key; an empty key places it at the beginning.
func after(cur *bolt.Cursor, key []byte) (k, v []byte) {
	if len(key) == 0 {
		return cur.First()
	}
	if k, v = cur.Seek(key); bytes.Equal(k, key) {
		return cur.Next()
	}
	return k, v
}

// ContactsAfter calls fn for every contact whose id comes after one, in the
// order of their ids, until it returns false.
func (t *Tx) ContactsAfter(id string, fn func(dialogs.Contact) bool) error {
	cur := t.contacts.Cursor()
	for k, v := after(cur, []byte(id)); k != nil; k, v = cur.Next() {
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

// RegistrationsAfter calls fn for every registration whose id comes after one,
// in the order of their ids, until it returns false.
func (t *Tx) RegistrationsAfter(id string, fn func(programme.Registration) bool) error {
	cur := t.tx.Bucket(bRegs).Cursor()
	for k, v := after(cur, []byte(id)); k != nil; k, v = cur.Next() {
		var r programme.Registration
		if err := readJSON(v, &r); err != nil {
			return fmt.Errorf("registration: %w", err)
		}
		if !fn(r) {
			return nil
		}
	}
	return nil
}

// RegistrationsOfClassAfter calls fn for the registrations of a class behind a
// number, in the order of their numbers, until it returns false.
func (t *Tx) RegistrationsOfClassAfter(class string, number int, fn func(programme.Registration) bool) error {
	prefix := append([]byte(class), 0)
	cur := t.tx.Bucket(bRegOfClass).Cursor()
	for k, v := after(cur, regOfClassKey(class, number)); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		r, ok, err := t.Registration(string(v))
		if err != nil || !ok {
			return errors.Join(err, fmt.Errorf("registration %s is in its index only", v))
		}
		if !fn(r) {
			return nil
		}
	}
	return nil
}

// ClassesAfter calls fn for every class behind one that starts at a time, the
// earliest first, until it returns false. With no id it begins with the first.
func (t *Tx) ClassesAfter(starts time.Time, id string, fn func(programme.Class) bool) error {
	var key []byte
	if id != "" {
		key = append(binary.BigEndian.AppendUint64(nil, uint64(starts.Unix())), id...)
	}
	cur := t.tx.Bucket(bClassTimes).Cursor()
	for k, _ := after(cur, key); k != nil; k, _ = cur.Next() {
		c, ok, err := t.Class(string(k[8:]))
		if err != nil || !ok {
			return errors.Join(err, fmt.Errorf("class %s is in its index only", k[8:]))
		}
		if !fn(c) {
			return nil
		}
	}
	return nil
}

// QuestionsAfter calls fn for every question behind a number, in the order of
// their numbers, until it returns false.
func (t *Tx) QuestionsAfter(number uint64, fn func(desk.Question) bool) error {
	cur := t.tx.Bucket(bInbox).Cursor()
	for k, v := after(cur, binary.BigEndian.AppendUint64(nil, number)); k != nil; k, v = cur.Next() {
		var q desk.Question
		if err := readJSON(v, &q); err != nil {
			return fmt.Errorf("question: %w", err)
		}
		if !fn(q) {
			return nil
		}
	}
	return nil
}
