package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"sachhon/bot/desk"
)

// What programs that use the API have here: their tokens, the answers to give
// again, and the audit of what they did.

// Token returns the token with a hash; false when there is none.
func (t *Tx) Token(hash desk.TokenHash) (k desk.Token, ok bool, err error) {
	v := t.tx.Bucket(bTokens).Get(hash[:])
	if v == nil {
		return k, false, nil
	}
	if err := readJSON(v, &k); err != nil {
		return k, false, fmt.Errorf("token: %w", err)
	}
	return k, true, nil
}

// PutToken keeps a token under its hash.
func (t *Tx) PutToken(hash desk.TokenHash, k desk.Token) error {
	raw, err := t.appendJSON(k)
	if err != nil {
		return err
	}
	return t.tx.Bucket(bTokens).Put(hash[:], raw)
}

// Tokens calls fn for every token, in no order that means anything, until it
// returns false.
func (t *Tx) Tokens(fn func(desk.TokenHash, desk.Token) bool) error {
	cur := t.tx.Bucket(bTokens).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		var one desk.Token
		if err := readJSON(v, &one); err != nil {
			return fmt.Errorf("token: %w", err)
		}
		if !fn(desk.TokenHash(k), one) {
			return nil
		}
	}
	return nil
}

func answerKey(token desk.TokenHash, key desk.RequestKey) []byte {
	return append(token[:len(token):len(token)], key[:]...)
}

// Answer returns what a request of a token was answered; false when nothing is kept.
func (t *Tx) Answer(token desk.TokenHash, key desk.RequestKey) (a desk.Answer, ok bool, err error) {
	v := t.tx.Bucket(bAnswers).Get(answerKey(token, key))
	if v == nil {
		return a, false, nil
	}
	if err := readJSON(v, &a); err != nil {
		return a, false, fmt.Errorf("answer: %w", err)
	}
	return a, true, nil
}

// PutAnswer keeps what a request of a token was answered.
func (t *Tx) PutAnswer(token desk.TokenHash, key desk.RequestKey, a desk.Answer) error {
	raw, err := t.appendJSON(a)
	if err != nil {
		return err
	}
	return t.tx.Bucket(bAnswers).Put(answerKey(token, key), raw)
}

// PruneAnswers drops answers that are given no more, looking at limit of them
// from the key from on, and returns where to go on; "" at the end.
func (t *Tx) PruneAnswers(now time.Time, from string, limit int) (next string, err error) {
	return t.prune(t.tx.Bucket(bAnswers), from, limit, func(_, v []byte) bool {
		var a desk.Answer
		return readJSON(v, &a) == nil && !a.Fresh(now)
	})
}

// AppendRecord adds a line to the audit, which is never changed, and numbers it.
func (t *Tx) AppendRecord(r desk.Record) error {
	b := t.tx.Bucket(bAudit)
	n, err := b.NextSequence()
	if err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	r.Number = n
	raw, err := t.appendJSON(r)
	if err != nil {
		return err
	}
	return b.Put(binary.BigEndian.AppendUint64(nil, n), raw)
}

// Records calls fn for the lines of the audit, the latest first, from the one
// before a number on (0: from the latest), until it returns false.
func (t *Tx) Records(before uint64, fn func(desk.Record) bool) error {
	cur := t.tx.Bucket(bAudit).Cursor()
	k, v := cur.Last()
	if before > 0 {
		if k, _ = cur.Seek(binary.BigEndian.AppendUint64(nil, before)); k == nil {
			k, v = cur.Last()
		} else {
			k, v = cur.Prev()
		}
	}
	for ; k != nil; k, v = cur.Prev() {
		var r desk.Record
		if err := readJSON(v, &r); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
		if !fn(r) {
			return nil
		}
	}
	return nil
}

// programs checks what programs have here.
func (c *checker) programs() {
	c.each(bTokens, func(k, v []byte) {
		var one desk.Token
		if len(k) != len(desk.TokenHash{}) || readJSON(v, &one) != nil {
			c.problem("tokens: a row cannot be read")
		}
	})
	c.each(bAnswers, func(k, v []byte) {
		var a desk.Answer
		if len(k) != len(desk.TokenHash{})+len(desk.RequestKey{}) || readJSON(v, &a) != nil {
			c.problem("api_answers: a row cannot be read")
			return
		}
		if !c.has(bTokens, k[:len(desk.TokenHash{})]) {
			c.problem("api_answers: a row belongs to no token")
		}
	})
	c.each(bAudit, func(k, v []byte) {
		var r desk.Record
		if err := readJSON(v, &r); err != nil || len(k) != 8 || r.Number != binary.BigEndian.Uint64(k) {
			c.problem("audit: a row cannot be read")
		}
	})
}
