package store

import (
	"encoding/binary"
	"fmt"

	"sachhon/bot/desk"
	"sachhon/scheduler"
)

// contactKinds are the kinds of jobs whose key is a contact.
var contactKinds = []scheduler.Kind{scheduler.Nudge, scheduler.Wake, scheduler.FollowUp, scheduler.CheckAgain, scheduler.TipDue}

// PutQuestion keeps a question; a new one (ID 0) gets its number.
func (t *Tx) PutQuestion(q *desk.Question) error {
	b := t.tx.Bucket(bInbox)
	if q.ID == 0 {
		id, err := b.NextSequence()
		if err != nil {
			return fmt.Errorf("keep question: %w", err)
		}
		q.ID = id
	}
	raw, err := t.appendJSON(q)
	if err != nil {
		return err
	}
	return b.Put(binary.BigEndian.AppendUint64(nil, q.ID), raw)
}

// Question returns a question by its number.
func (t *Tx) Question(id uint64) (q desk.Question, ok bool, err error) {
	v := t.tx.Bucket(bInbox).Get(binary.BigEndian.AppendUint64(nil, id))
	if v == nil {
		return q, false, nil
	}
	err = readJSON(v, &q)
	return q, err == nil, err
}

// Questions calls fn for every question, the oldest first, until it returns false.
func (t *Tx) Questions(fn func(desk.Question) bool) error {
	cur := t.tx.Bucket(bInbox).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
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

// forgetQuestions deletes a contact's questions.
func (t *Tx) forgetQuestions(contact string) error {
	var mine []uint64
	err := t.Questions(func(q desk.Question) bool {
		if q.Contact == contact {
			mine = append(mine, q.ID)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, id := range mine {
		if err := t.tx.Bucket(bInbox).Delete(binary.BigEndian.AppendUint64(nil, id)); err != nil {
			return err
		}
	}
	return nil
}
