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
	return eachJSONAfter(t, bRegs, []byte(id), "registration", fn)
}

// RegistrationsOfClassAfter calls fn for the registrations of a class behind a
// number, in the order of their numbers, until it returns false.
func (t *Tx) RegistrationsOfClassAfter(class string, last int, fn func(programme.Registration) bool) error {
	prefix := append([]byte(class), 0)
	cur := t.tx.Bucket(bRegOfClass).Cursor()
	for k, v := after(cur, regOfClassKey(class, last)); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
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
func (t *Tx) QuestionsAfter(id uint64, fn func(desk.Question) bool) error {
	return eachJSONAfter(t, bInbox, number(id), "question", fn)
}

// AssessmentsAfter calls fn for every self-check behind a number, in the order
// of their numbers, until it returns false.
func (t *Tx) AssessmentsAfter(id uint64, fn func(programme.Assessment) bool) error {
	return eachJSONAfter(t, bChecks, number(id), "assessment", fn)
}

// RequestsAfter calls fn for every request behind a number, in the order of
// their numbers, until it returns false.
func (t *Tx) RequestsAfter(id uint64, fn func(programme.Request) bool) error {
	return eachJSONAfter(t, bRequests, number(id), "request", fn)
}
