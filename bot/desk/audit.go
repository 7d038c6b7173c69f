package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// Record is one line of the audit: who did what to what, and when. It holds no
// personal data: people appear by ids that mean nothing outside the store.
type Record struct {
	Number uint64    `json:"number"` // counts from 1
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`  // the name of a token, or "shell"
	Action string    `json:"action"` // such as "class.add"
	Object string    `json:"object"` // the id of what it was done to
}

// Shell is the actor of what the command line does.
const Shell = "shell"

// Deed is a request of a program on its way to what it does. Whoever commits
// what was asked for keeps, in the same transaction, who did it and the answer
// for a request that comes again: neither is ever there without the other.
type Deed struct {
	Actor, Action string
	Status        int       // of the answer when it is done
	Token         TokenHash // whose Key it is
	// Key names the request among those of the token; zero: it has no key.
	Key RequestKey
	// Print tells this request from another one under the same key.
	Print RequestKey
}

// RequestKey is the hash of a key, or of a request.
type RequestKey [sha256.Size]byte

// Answer is what a request with a key was answered, to be given again.
type Answer struct {
	Print  RequestKey `json:"print"`
	Status int        `json:"status"`
	Body   []byte     `json:"body"`
	At     time.Time  `json:"at"`
}

// AnswerLife is for how long a request that comes again gets the first answer.
const AnswerLife = 24 * time.Hour

// Fresh says whether the answer is still to be given again.
func (a *Answer) Fresh(now time.Time) bool { return now.Before(a.At.Add(AnswerLife)) }

// ErrDone means that a request with this key was carried out already; its
// answer is kept.
var ErrDone = errors.New("this request was carried out already")

type deedKey struct{}

// WithDeed returns a context whose requests are those of d.
func WithDeed(ctx context.Context, d *Deed) context.Context {
	return context.WithValue(ctx, deedKey{}, d)
}

// DeedOf returns the deed of a context; nil when it is nobody's, such as the
// program's own.
func DeedOf(ctx context.Context) *Deed {
	d, _ := ctx.Value(deedKey{}).(*Deed)
	return d
}
