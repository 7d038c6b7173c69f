// Package desk is people helping people: what somebody asked a person and what
// the staff answered.
//
// It holds records and rules without I/O; bot/store keeps the records and
// package bot carries an answer back into the conversation it came from. A
// question is kept in the transaction of the turn that asked it and outlives a
// crash. Values are plain and safe to copy.
package desk

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Question is something a contact asked the centre's staff.
type Question struct {
	ID      uint64 // counts from 1
	Contact string
	Address string // where it was asked, and where the answer goes
	Text    string
	Asked   time.Time
	// Answer is what the staff wrote; empty while the question is open.
	Answer   string
	Answered time.Time
}

// Open says whether nobody has answered yet.
func (q Question) Open() bool { return q.Answered.IsZero() }

// The reasons for which an answer is not taken.
var (
	ErrEmpty    = errors.New("the answer is empty; write what the person should read")
	ErrTooLong  = errors.New("the answer is longer than 2,000 characters; shorten it")
	ErrAnswered = errors.New("this question was answered already")
)

// maxAnswer is the longest answer in characters: half of what the narrowest
// network takes in one message.
const maxAnswer = 2000

// Reply answers q, once.
func (q Question) Reply(text string, now time.Time) (Question, error) {
	text = strings.TrimSpace(text)
	switch {
	case !q.Open():
		return q, ErrAnswered
	case text == "":
		return q, ErrEmpty
	case utf8.RuneCountInString(text) > maxAnswer:
		return q, ErrTooLong
	}
	q.Answer, q.Answered = text, now
	return q, nil
}
