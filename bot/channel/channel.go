package channel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sachhon/dialogs"
)

// Address is where a contact is reached: a channel's name and an id within it.
type Address struct {
	Channel string // "web", "terminal", "telegram", …
	ID      string // unique within the channel, never empty
}

// String returns "channel:id", the form used as a key and in logs.
func (a Address) String() string { return a.Channel + ":" + a.ID }

// ParseAddress reads what [Address.String] wrote.
func ParseAddress(s string) (Address, error) {
	ch, id, ok := strings.Cut(s, ":")
	if !ok || ch == "" || id == "" {
		return Address{}, fmt.Errorf("read address: want CHANNEL:ID")
	}
	return Address{Channel: ch, ID: id}, nil
}

// Capabilities say what a network can show and take. The zero value is the
// poorest network: plain text without buttons.
type Capabilities struct {
	Pull       bool          // people read the transcript; nothing is sent
	Buttons    int           // most buttons under one message; 0: none, choices are numbered in the text
	Label      int           // longest label of a button in runes; 0: no limit
	Text       int           // longest text of one message in runes; 0: no limit
	Marked     bool          // **strong** can be shown
	Pictures   bool          // pictures can be shown
	Files      bool          // documents can be handed over
	Caption    int           // longest text that goes with a picture or file, one of them a message; 0: any number go with any text
	SharePhone bool          // people can share their own number with a button
	Edits      bool          // a message can be changed after it was sent
	Typing     bool          // it can be shown that the bot is working
	Window     time.Duration // how long after a person's last message one may write; 0: always
}

// Standing is what a network says of a person's willingness to be written to.
type Standing uint8

const (
	// StandingSame means that nothing was said of it.
	StandingSame Standing = iota
	// StandingBlocked means that the person shut the bot out.
	StandingBlocked
	// StandingBack means that the person let it in again.
	StandingBack
)

// Incoming is one thing that arrived from a network.
type Incoming struct {
	// ID is the network's own id of the update; the same id twice is the same
	// thing delivered twice and acts once. Empty: never a duplicate.
	ID      string
	Address Address
	At      time.Time // when the person did it; zero: now
	Input   dialogs.Input
	// Lang is the language the network believes the person speaks; it counts
	// only for a contact that has chosen none. Empty: unknown.
	Lang dialogs.Lang
	// Label is what the person saw on the button pressed, for the transcript.
	Label    string
	Standing Standing
	// Under is the network's id of the message whose button was pressed, so that
	// the answer can be put in its place; empty: nothing can.
	Under string
	// Quiet marks what is kept and moves the conversation on by nothing, such as
	// the second picture of an album.
	Quiet bool
}

// Receiver takes what arrived. Receive returns nil only when all of it is on
// disk (or was seen before); on an error the network must deliver it again.
type Receiver interface {
	Receive(ctx context.Context, in ...Incoming) error
}

// Channel is one network the bot lives on.
type Channel interface {
	// Name is the channel part of its addresses.
	Name() string
	Capabilities() Capabilities
}

// Sender is a channel that is sent to. Send hands over one message, already
// cut to the channel's Capabilities, and reports a failure as a *[SendError].
type Sender interface {
	Channel
	Send(ctx context.Context, out Outgoing) (Receipt, error)
}

// Poller is a channel that fetches what arrives. Poll runs until ctx ends.
type Poller interface {
	Channel
	Poll(ctx context.Context, to Receiver) error
}

// Outgoing is one message on its way to one address.
type Outgoing struct {
	ID      string // the outbox row's id, the same on every attempt
	Address Address
	Message dialogs.Message
	// Lang is the language of the message.
	Lang dialogs.Lang
	// Replaces is the network's id of an earlier message of ours in whose place
	// this one is to be shown; where that cannot be done any more it is sent as
	// a new one. Empty: it is a new one.
	Replaces string
	// Attempt counts from 1.
	Attempt int
	// Bulk marks what nobody is waiting for.
	Bulk bool
}

// Receipt is a network's word that it took a message.
type Receipt struct {
	MessageID string // the network's id, for edits; may be empty
}

// ErrorKind is what a failed sending means for what comes next.
type ErrorKind uint8

// The kinds, from the mildest.
const (
	// Temporary: the network or the way to it failed before anything was
	// taken; the same message is tried again after a back-off.
	Temporary ErrorKind = iota
	// Uncertain: it is not known whether the network took the message; it is
	// tried again and marked as possibly repeated.
	Uncertain
	// Limited: too many messages; the whole channel waits for After.
	Limited
	// BadFormat: the markup was refused; the text is sent again as plain.
	BadFormat
	// TooLong: the text was refused as too long; it is split further.
	TooLong
	// Unreachable: this person cannot be written to until they come back.
	Unreachable
	// Refused: this message will never be taken; it is given up.
	Refused
	// ChannelDown: the channel itself is shut out (a revoked token); sending
	// stops until somebody mends the settings.
	ChannelDown
)

var kindNames = [...]string{"temporary", "uncertain", "limited", "bad format", "too long", "unreachable", "refused", "channel down"}

// String names the kind for logs and the ledger.
func (k ErrorKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("ErrorKind(%d)", k)
}

// SendError says why a message did not leave and what that means.
type SendError struct {
	Kind ErrorKind
	// After is how long the network asked to wait; zero: it did not say.
	After time.Duration
	// MovedTo is the address to use instead, where the network named one.
	MovedTo string
	// Err is the cause, free of secrets and of message text.
	Err error
}

// Error says what was tried and the kind of the failure.
func (e *SendError) Error() string {
	if e.Err == nil {
		return "send message: " + e.Kind.String()
	}
	return "send message: " + e.Kind.String() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// KindOf returns the kind of a sending error; anything that is not a
// *SendError counts as Uncertain, since nothing is known about it.
func KindOf(err error) ErrorKind {
	var se *SendError
	if errors.As(err, &se) {
		return se.Kind
	}
	return Uncertain
}
