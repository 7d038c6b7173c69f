package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs/score"
)

func number(id uint64) []byte { return binary.BigEndian.AppendUint64(nil, id) }

// ofWho is the key of a numbered row under its contact.
func ofWho(contact string, id uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(contact), 0), id)
}

// Assessment returns a self-check by its number.
func (t *Tx) Assessment(id uint64) (a programme.Assessment, ok bool, err error) {
	v := t.tx.Bucket(bChecks).Get(number(id))
	if v == nil {
		return a, false, nil
	}
	if err := readJSON(v, &a); err != nil {
		return a, false, fmt.Errorf("assessment %d: %w", id, err)
	}
	return a, true, nil
}

// PutAssessment keeps a; a new one (ID 0) gets its number. One that became
// nameless is found by contact and enterprise no more.
func (t *Tx) PutAssessment(a *programme.Assessment) error {
	b := t.tx.Bucket(bChecks)
	if a.ID == 0 {
		id, err := b.NextSequence()
		if err != nil {
			return fmt.Errorf("keep assessment: %w", err)
		}
		a.ID = id
	} else if old, ok, err := t.Assessment(a.ID); err != nil {
		return err
	} else if ok {
		if err := t.unlinkAssessment(&old); err != nil {
			return fmt.Errorf("keep assessment: %w", err)
		}
	}
	raw, err := t.appendJSON(a)
	if err != nil {
		return err
	}
	if err := b.Put(number(a.ID), raw); err != nil {
		return fmt.Errorf("keep assessment: %w", err)
	}
	return t.linkAssessment(a)
}

// peerKey is the key of the row that holds the latest band of an enterprise.
func peerKey(a *programme.Assessment) []byte {
	return append(append([]byte(a.Sector), 0), a.PeerKey()...)
}

func (t *Tx) linkAssessment(a *programme.Assessment) error {
	if a.Contact == "" {
		return nil
	}
	if err := t.tx.Bucket(bCheckOfWho).Put(ofWho(a.Contact, a.ID), nil); err != nil {
		return err
	}
	return t.linkPeer(a)
}

// linkPeer keeps a as the latest of its enterprise, unless a later one is kept.
func (t *Tx) linkPeer(a *programme.Assessment) error {
	peers, key := t.tx.Bucket(bCheckPeers), peerKey(a)
	if v := peers.Get(key); len(v) >= 8 && binary.BigEndian.Uint64(v) > a.ID {
		return nil
	}
	return peers.Put(key, append(number(a.ID), a.Band...))
}

// unlinkAssessment takes an assessment out of its indexes. Where it was the
// latest of its enterprise the one before takes its place.
func (t *Tx) unlinkAssessment(a *programme.Assessment) error {
	if a.Contact == "" {
		return nil
	}
	if err := t.tx.Bucket(bCheckOfWho).Delete(ofWho(a.Contact, a.ID)); err != nil {
		return err
	}
	peers, key := t.tx.Bucket(bCheckPeers), peerKey(a)
	if v := peers.Get(key); len(v) < 8 || binary.BigEndian.Uint64(v) != a.ID {
		return nil
	}
	if err := peers.Delete(key); err != nil {
		return err
	}
	var before *programme.Assessment
	err := t.Assessments(func(o programme.Assessment) bool {
		if o.ID != a.ID && o.Contact != "" && bytes.Equal(peerKey(&o), key) {
			before = &o
		}
		return true
	})
	if err != nil || before == nil {
		return err
	}
	return t.linkPeer(before)
}

// Assessments calls fn for every self-check, the oldest first, until it returns
// false.
func (t *Tx) Assessments(fn func(programme.Assessment) bool) error {
	return eachJSON(t, bChecks, "assessment", fn)
}

// eachJSON calls fn for every record of a bucket in the order of its keys.
func eachJSON[T any](t *Tx, bucket []byte, what string, fn func(T) bool) error {
	return eachJSONAfter(t, bucket, nil, what, fn)
}

// eachJSONAfter calls fn for the records of a bucket behind a key.
func eachJSONAfter[T any](t *Tx, bucket, key []byte, what string, fn func(T) bool) error {
	cur := t.tx.Bucket(bucket).Cursor()
	for k, v := after(cur, key); k != nil; k, v = cur.Next() {
		var record T
		if err := readJSON(v, &record); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if !fn(record) {
			return nil
		}
	}
	return nil
}

// numbersOf lists the rows that an index holds for a contact, the oldest first.
func (t *Tx) numbersOf(index []byte, contact string) []uint64 {
	prefix := append([]byte(contact), 0)
	var ids []uint64
	cur := t.tx.Bucket(index).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix) && len(k) == len(prefix)+8; k, _ = cur.Next() {
		ids = append(ids, binary.BigEndian.Uint64(k[len(prefix):]))
	}
	return ids
}

// ContactAssessments calls fn for the self-checks of a contact, the oldest
// first, until it returns false.
func (t *Tx) ContactAssessments(contact string, fn func(programme.Assessment) bool) error {
	for _, id := range t.numbersOf(bCheckOfWho, contact) {
		a, ok, err := t.Assessment(id)
		if err != nil || !ok {
			return errors.Join(err, fmt.Errorf("assessment %d is in its index only", id))
		}
		if !fn(a) {
			return nil
		}
	}
	return nil
}

// SectorBands calls fn with the latest band of each enterprise of a sector,
// until it returns false.
func (t *Tx) SectorBands(sector string, fn func(score.Band) bool) error {
	prefix := append([]byte(sector), 0)
	cur := t.tx.Bucket(bCheckPeers).Cursor()
	for k, v := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		if len(v) >= 8 && !fn(score.Band(v[8:])) {
			return nil
		}
	}
	return nil
}

// forgetAssessments takes a contact and their enterprise out of their
// self-checks: sector, answers and bands stay for the numbers.
func (t *Tx) forgetAssessments(contact string) error {
	for _, id := range t.numbersOf(bCheckOfWho, contact) {
		a, ok, err := t.Assessment(id)
		if err != nil || !ok {
			return err
		}
		nameless := a.Nameless()
		if err := t.PutAssessment(&nameless); err != nil {
			return err
		}
	}
	return nil
}

// Request returns a request for an assessment on site by its number.
func (t *Tx) Request(id uint64) (r programme.Request, ok bool, err error) {
	v := t.tx.Bucket(bRequests).Get(number(id))
	if v == nil {
		return r, false, nil
	}
	if err := readJSON(v, &r); err != nil {
		return r, false, fmt.Errorf("request %d: %w", id, err)
	}
	return r, true, nil
}

// PutRequest keeps r; a new one (ID 0) gets its number.
func (t *Tx) PutRequest(r *programme.Request) error {
	b, index := t.tx.Bucket(bRequests), t.tx.Bucket(bReqOfWho)
	if r.ID == 0 {
		id, err := b.NextSequence()
		if err != nil {
			return fmt.Errorf("keep request: %w", err)
		}
		r.ID = id
	} else if old, ok, err := t.Request(r.ID); err != nil {
		return err
	} else if ok && old.Contact != "" && old.Contact != r.Contact {
		if err := index.Delete(ofWho(old.Contact, r.ID)); err != nil {
			return fmt.Errorf("keep request: %w", err)
		}
	}
	raw, err := t.appendJSON(r)
	if err != nil {
		return err
	}
	if r.Contact != "" {
		if err := index.Put(ofWho(r.Contact, r.ID), nil); err != nil {
			return fmt.Errorf("keep request: %w", err)
		}
	}
	return b.Put(number(r.ID), raw)
}

// Requests calls fn for every request, the oldest first, until it returns false.
func (t *Tx) Requests(fn func(programme.Request) bool) error {
	return eachJSON(t, bRequests, "request", fn)
}

// ContactRequests calls fn for the requests of a contact, the oldest first,
// until it returns false.
func (t *Tx) ContactRequests(contact string, fn func(programme.Request) bool) error {
	for _, id := range t.numbersOf(bReqOfWho, contact) {
		r, ok, err := t.Request(id)
		if err != nil || !ok {
			return errors.Join(err, fmt.Errorf("request %d is in its index only", id))
		}
		if !fn(r) {
			return nil
		}
	}
	return nil
}

// forgetRequests takes a contact and their enterprise out of their requests.
func (t *Tx) forgetRequests(contact string, now time.Time) error {
	for _, id := range t.numbersOf(bReqOfWho, contact) {
		r, ok, err := t.Request(id)
		if err != nil || !ok {
			return err
		}
		nameless := r.Nameless(now)
		if err := t.PutRequest(&nameless); err != nil {
			return err
		}
	}
	return nil
}
