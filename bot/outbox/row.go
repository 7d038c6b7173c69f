package outbox

import (
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Lane says who goes first.
type Lane uint8

const (
	// Replies are what somebody waits for.
	Replies Lane = iota
	// Bulk is what nobody waits for: broadcasts, reminders, tips.
	Bulk
	// Lanes is how many there are.
	Lanes
)

// String names the lane for logs and the ledger.
func (l Lane) String() string {
	if l == Replies {
		return "replies"
	}
	return "bulk"
}

// State says where a row is on its way. The numbers are stored: never renumber.
type State uint8

// The states; doc.go draws the ways between them.
const (
	StateQueued State = iota
	StateLeased
	StateSent
	StateDead
)

// String names the state for logs and the ledger.
func (s State) String() string {
	switch s {
	case StateQueued:
		return "queued"
	case StateLeased:
		return "leased"
	case StateSent:
		return "sent"
	case StateDead:
		return "dead"
	default:
		return "unknown"
	}
}

// Reason says why a row is dead. The words are stored and shown to staff in
// their own language.
type Reason string

// The reasons.
const (
	// Expired: it was too late to send it.
	Expired Reason = "expired"
	// Exhausted: every attempt failed before anything was taken.
	Exhausted Reason = "exhausted"
	// Unclear: the network never said whether it took the message, and asking
	// again would only repeat it; the person may have it several times.
	Unclear Reason = "unclear"
	// Unreachable: the person cannot be written to.
	Unreachable Reason = "unreachable"
	// Refused: the network will never take this message.
	Refused Reason = "refused"
	// Unreadable: the network takes its text neither marked nor plain.
	Unreadable Reason = "unreadable"
	// TooLong: the network takes it at no length.
	TooLong Reason = "too long"
)

// Row is one message on its way to one address; once sent or given up it is
// the ledger's record of that.
type Row struct {
	// ID is given by the store when the row is enqueued: ascending, never used
	// again. It is the row's key and not part of its binary form.
	ID      uint64
	Lane    Lane
	Address channel.Address
	// Message is cut to the channel's capabilities. It is empty once the row is
	// sent: the ledger keeps no texts. A dead row keeps it, to be revived.
	Message dialogs.Message
	// Lang is the language of the message; "" is Vietnamese.
	Lang dialogs.Lang
	// Replaces is the network's id of an earlier message in whose place this one
	// is to be shown; see [channel.Outgoing].
	Replaces string
	// Key is the caller's own, such as "broadcast:ID:contact".
	Key string

	Queued time.Time
	// NotBefore is when it may be sent; zero: at once.
	NotBefore time.Time
	// Expires is when it is too late to send it; zero: never.
	Expires time.Time

	State State
	// LeasedUntil is when a leased row may be taken by somebody else; zero in
	// every other state.
	LeasedUntil time.Time
	// Settled is when it was sent or given up; zero before.
	Settled time.Time
	// Attempts is how many sendings have ended, and Unsure how many of those
	// without word of whether the message was taken.
	Attempts, Unsure int
	// PossiblyRepeated means that the person may have the message more than once.
	PossiblyRepeated bool
	// Limit is the length in runes to which the text is cut because the network
	// refused it as longer; 0: as it is. Part is how many parts have left.
	Limit, Part int
	// Reason says why a dead row is dead.
	Reason Reason
	// LastError is the last failure, free of secrets and of message text.
	LastError string
	// Receipt is the network's id of the message, for edits; of several parts
	// the last one's.
	Receipt string
}

// Due is when the row is to be looked at: when it may be sent or, while it is
// leased, when its lease runs out. A queue keeps its rows in this order.
func (r *Row) Due() time.Time {
	switch {
	case r.State == StateLeased:
		return r.LeasedUntil
	case r.NotBefore.After(r.Queued):
		return r.NotBefore
	default:
		return r.Queued
	}
}

// Ahead says whether the row was queued under a clock that was set back since:
// it waits for nothing, whatever [Row.Due] says.
func (r *Row) Ahead(now time.Time) bool { return r.State == StateQueued && r.Queued.After(now) }

// Open says whether the row is still to be sent.
func (r *Row) Open() bool { return r.State == StateQueued || r.State == StateLeased }

// The ways between states that a queue takes by itself. Each returns the
// row as it is to be kept.

// Lease returns r claimed until the given time. A row whose former lease ran
// out may have been sent under it.
func (r Row) Lease(until time.Time) Row {
	if r.State == StateLeased {
		r.PossiblyRepeated = true
	}
	r.State, r.LeasedUntil = StateLeased, until
	return r
}

// Recover returns r queued again after the one who leased it died.
func (r Row) Recover() Row {
	r.State, r.LeasedUntil, r.PossiblyRepeated = StateQueued, time.Time{}, true
	return r
}

// Shut returns r given up because its address was shut.
func (r Row) Shut(now time.Time) Row { return r.dead(Unreachable, now) }

// Revive returns a dead row queued again, with all its attempts before it and
// no time after which it is too late: somebody decided that it shall leave.
func (r Row) Revive(now time.Time) Row {
	r.State, r.NotBefore, r.Expires, r.Settled = StateQueued, now, time.Time{}, time.Time{}
	r.Attempts, r.Unsure, r.Reason = 0, 0, ""
	return r
}

// queued returns r to be tried at the given time; zero: as before.
func (r Row) queued(at time.Time) Row {
	r.State, r.LeasedUntil = StateQueued, time.Time{}
	if !at.IsZero() {
		r.NotBefore = at
	}
	return r
}

// sent returns r as the ledger keeps it.
func (r Row) sent(receipt channel.Receipt, now time.Time) Row {
	r.State, r.LeasedUntil, r.Settled = StateSent, time.Time{}, now
	r.Message, r.Receipt = dialogs.Message{}, receipt.MessageID
	return r
}

func (r Row) dead(why Reason, now time.Time) Row {
	r.State, r.LeasedUntil, r.Settled, r.Reason = StateDead, time.Time{}, now, why
	return r
}
