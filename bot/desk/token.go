package desk

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Role says what a member of the staff, or a program with a token, may do.
type Role string

// The roles; each may do what the one before it may.
const (
	Viewer  Role = "viewer"  // reads
	Officer Role = "officer" // writes: classes, answers, broadcasts; hands out all that is kept of a person
	Admin   Role = "admin"   // deletes
)

// Roles returns the roles, the one that may least first.
func Roles() []Role { return []Role{Viewer, Officer, Admin} }

// Covers says whether r may do what need is asked for. An unknown role covers
// nothing.
func (r Role) Covers(need Role) bool {
	have := slices.Index(Roles(), r)
	return have >= 0 && have >= slices.Index(Roles(), need)
}

// Token is the right of a program to use the API. What is kept of the token
// itself is its hash; it is shown once, when it is made.
type Token struct {
	Name    string    `json:"name"` // of one working token at a time
	Role    Role      `json:"role"`
	Created time.Time `json:"created"`
	// Used is when it was used last, in whole minutes; zero: never.
	Used time.Time `json:"used,omitzero"`
	// Revoked is from when on it opens nothing; zero: it works.
	Revoked time.Time `json:"revoked,omitzero"`
}

// Works says whether the token opens anything.
func (t *Token) Works() bool { return t.Revoked.IsZero() }

// TokenHash is what is kept of a token. A token holds 160 random bits, so
// nobody finds it by trying, and a plain SHA-256 is as good as a slow hash,
// which is for passwords that people choose; and it can be looked up, so that
// no comparison tells by its time how much of a guess was right.
type TokenHash [sha256.Size]byte

// HashToken returns the hash of a token as it was sent.
func HashToken(secret string) TokenHash { return sha256.Sum256([]byte(secret)) }

// tokenPrefix tells people and scanners of leaked secrets what they look at.
const tokenPrefix = "sh_"

// tokenBytes is how much of a token is random: as much as nobody can try.
const tokenBytes = 20

// The reasons for which a token is not made or revoked.
var (
	ErrTokenName  = errors.New("a token needs a name of 1 to 60 characters on one line, such as the program that uses it")
	ErrTokenRole  = errors.New("there is no such role; use admin, officer or viewer")
	ErrTokenTaken = errors.New("a token of this name works already; revoke it first or choose another name")
	ErrNoToken    = errors.New("no working token has this name; see `sachhon token list`")
)

// maxTokenName is the longest name in characters: it is shown in
// lists and in the audit.
const maxTokenName = 60

// NewToken makes a token and its secret, which is drawn from random.
func NewToken(name string, role Role, random io.Reader, now time.Time) (t Token, secret string, err error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > maxTokenName || strings.ContainsAny(name, "\r\n\t\x00") {
		return t, "", ErrTokenName
	}
	if !slices.Contains(Roles(), role) {
		return t, "", ErrTokenRole
	}
	var raw [tokenBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return t, "", fmt.Errorf("draw token: %w", err)
	}
	secret = tokenPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(raw[:]))
	return Token{Name: name, Role: role, Created: now.UTC().Truncate(time.Second)}, secret, nil
}
