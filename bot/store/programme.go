package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sachhon/bot/programme"
	"sachhon/scheduler"
)

// Classes and registrations are kept as JSON behind a version byte: they are
// few, they change rarely, and their fields will grow.
const programmeVersion = 1

func (t *Tx) appendJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append([]byte{programmeVersion}, raw...), nil
}

func readJSON(raw []byte, v any) error {
	if len(raw) == 0 || raw[0] != programmeVersion {
		return errors.New("read record: version is not known")
	}
	return json.Unmarshal(raw[1:], v)
}

// Class returns a class.
func (t *Tx) Class(id string) (c programme.Class, ok bool, err error) {
	v := t.tx.Bucket(bClasses).Get([]byte(id))
	if v == nil {
		return c, false, nil
	}
	if err := readJSON(v, &c); err != nil {
		return c, false, fmt.Errorf("class %s: %w", id, err)
	}
	return c, true, nil
}

// PutClass keeps c.
func (t *Tx) PutClass(c programme.Class) error {
	old, ok, err := t.Class(c.ID)
	if err != nil {
		return err
	}
	times := t.tx.Bucket(bClassTimes)
	if ok {
		if err := times.Delete(classTimeKey(&old)); err != nil {
			return err
		}
	}
	raw, err := t.appendJSON(c)
	if err != nil {
		return err
	}
	if err := t.tx.Bucket(bClasses).Put([]byte(c.ID), raw); err != nil {
		return fmt.Errorf("keep class: %w", err)
	}
	return times.Put(classTimeKey(&c), nil)
}

func classTimeKey(c *programme.Class) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(c.Starts().Unix())), c.ID...)
}

// Classes calls fn for every class, the earliest first, until it returns false.
func (t *Tx) Classes(fn func(programme.Class) bool) error {
	cur := t.tx.Bucket(bClassTimes).Cursor()
	for k, _ := cur.First(); k != nil; k, _ = cur.Next() {
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

// Registration returns a registration.
func (t *Tx) Registration(id string) (r programme.Registration, ok bool, err error) {
	v := t.tx.Bucket(bRegs).Get([]byte(id))
	if v == nil {
		return r, false, nil
	}
	if err := readJSON(v, &r); err != nil {
		return r, false, fmt.Errorf("registration: %w", err)
	}
	return r, true, nil
}

// PutRegistration keeps r. One that became nameless is found by contact and
// phone no more.
func (t *Tx) PutRegistration(r programme.Registration) error {
	old, ok, err := t.Registration(r.ID)
	if err != nil {
		return err
	}
	if ok && old.Contact != "" && r.Contact == "" {
		if err := t.tx.Bucket(bRegOfWho).Delete(regOfWhoKey(&old)); err != nil {
			return err
		}
	}
	if ok && old.Phone != "" && r.Phone == "" {
		if err := t.tx.Bucket(bRegOfPhone).Delete(regOfPhoneKey(&old)); err != nil {
			return err
		}
	}
	raw, err := t.appendJSON(r)
	if err != nil {
		return err
	}
	if r.Phone != "" {
		if err := t.tx.Bucket(bRegOfPhone).Put(regOfPhoneKey(&r), []byte(r.ID)); err != nil {
			return err
		}
	}
	if err := t.tx.Bucket(bRegs).Put([]byte(r.ID), raw); err != nil {
		return fmt.Errorf("keep registration: %w", err)
	}
	if r.Contact != "" {
		if err := t.tx.Bucket(bRegOfWho).Put(regOfWhoKey(&r), nil); err != nil {
			return err
		}
	}
	return t.tx.Bucket(bRegOfClass).Put(regOfClassKey(r.Class, r.Number), []byte(r.ID))
}

func regOfClassKey(class string, number int) []byte {
	return binary.BigEndian.AppendUint32(append([]byte(class), 0), uint32(number))
}

func regOfWhoKey(r *programme.Registration) []byte {
	key := binary.BigEndian.AppendUint64(append([]byte(r.Contact), 0), uint64(r.Created.Unix()))
	return append(key, r.ID...)
}

// ClassRegistrations calls fn for the registrations of a class in the order of
// their numbers until it returns false.
func (t *Tx) ClassRegistrations(class string, fn func(programme.Registration) bool) error {
	return t.walk(bRegOfClass, append([]byte(class), 0), func(_, v []byte) string { return string(v) }, fn)
}

// ContactRegistrations calls fn for the registrations of a contact, the oldest
// first, until it returns false.
func (t *Tx) ContactRegistrations(contact string, fn func(programme.Registration) bool) error {
	prefix := append([]byte(contact), 0)
	return t.walk(bRegOfWho, prefix, func(k, _ []byte) string { return string(k[len(prefix)+8:]) }, fn)
}

// walk calls fn for the registrations that an index holds under prefix, in the
// order of its keys, until it returns false.
func (t *Tx) walk(index, prefix []byte, id func(k, v []byte) string, fn func(programme.Registration) bool) error {
	cur := t.tx.Bucket(index).Cursor()
	for k, v := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		r, ok, err := t.Registration(id(k, v))
		if err != nil || !ok {
			return errors.Join(err, fmt.Errorf("registration %s is in its index only", id(k, v)))
		}
		if !fn(r) {
			return nil
		}
	}
	return nil
}

// PhoneRegistrations calls fn for the registrations of a class with exactly
// this phone, in the order of their numbers, until it returns false.
func (t *Tx) PhoneRegistrations(class, phone string, fn func(programme.Registration) bool) error {
	return t.walk(bRegOfPhone, append(append(append([]byte(class), 0), phone...), 0), func(_, v []byte) string { return string(v) }, fn)
}

func regOfPhoneKey(r *programme.Registration) []byte {
	key := append(append(append(append([]byte(r.Class), 0), r.Phone...), 0), 0, 0, 0, 0)
	binary.BigEndian.PutUint32(key[len(key)-4:], uint32(r.Number))
	return key
}

// forgetRegistrations takes a contact out of their registrations: a place in a
// class stays, for its numbers and its report, and nothing of the person.
func (t *Tx) forgetRegistrations(contact string, now time.Time) error {
	var mine []programme.Registration
	err := t.ContactRegistrations(contact, func(r programme.Registration) bool {
		mine = append(mine, r)
		return true
	})
	if err != nil {
		return err
	}
	for i := range mine {
		if err := t.makeNameless(&mine[i], now); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) makeNameless(r *programme.Registration, now time.Time) error {
	for _, key := range programme.ReminderKeys() {
		if err := t.Unplan(scheduler.Reminder, r.ID+"/"+key); err != nil {
			return err
		}
	}
	return t.PutRegistration(r.Nameless(now))
}
