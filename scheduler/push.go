package scheduler

import (
	"time"

	"sachhon/dialogs"
)

// TopicTip is the topic of the weekly tips, which have a cap of their own.
const TopicTip = "tip"

// Push is a message that may go to many people, as far as deciding about it
// needs. Deciding does not change it.
type Push struct {
	Kind PushKind
	// Key names the push in the ledger of what each person had: nobody gets the
	// same key twice, unless Again says that it may come anew, such as the
	// reminder of a class that was moved. "" may be sent again and again.
	Key   string
	Again bool
	// Topic is what it is about, such as [TopicTip].
	Topic string
	// Purpose is the purpose that a person must have agreed to; "": none.
	Purpose string
	Segment Segment
	// Expires is from when on it is no longer true; zero: never.
	Expires time.Time
	// Unhurried marks a service that nobody waits for, agreed to by a consent of
	// its own. It keeps the hours and days of promotion, and ends like promotion
	// when the person wants no more of it, unless they agreed to it after that.
	Unhurried bool
}

// keeps returns the kind whose hours and days the push keeps.
func (p *Push) keeps() PushKind {
	if p.Unhurried {
		return Promotion
	}
	return p.Kind
}

// Person is what deciding looks at of one contact. Whoever decides fills one
// and uses it again for the next contact.
type Person struct {
	Contact *dialogs.Contact
	// Sectors are those of the person's enterprise and subscription.
	Sectors []string
	// Classes are the classes that the segment asks about.
	Classes Classes
	// Subscribed says that tips were asked for and are not paused.
	Subscribed bool
	Reach      Reach
	// OpenUntil is until when the network takes messages that answer nothing;
	// zero: always.
	OpenUntil time.Time
	// Got are the keys of pushes that the person had, those under way included.
	Got  []string
	Sent Sent
}

// Reach says whether a person can be written to.
type Reach uint8

// The ways of being reached.
const (
	// Nowhere: no address in a network that is switched on.
	Nowhere Reach = iota
	// Blocked: the person blocked the bot in every network they came by.
	Blocked
	// Reachable: there is an address to write to.
	Reachable
)

// Outcome is what becomes of a push for one person.
type Outcome uint8

// The outcomes.
const (
	// Send it now.
	Send Outcome = iota
	// Postpone it until [Verdict.Until], and decide again then.
	Postpone
	// Drop it: this person does not get it.
	Drop
)

// Verdict is a decision. The zero Verdict has nothing against sending.
type Verdict struct {
	Outcome Outcome
	Reason  Reason    // "" for Send
	Until   time.Time // of Postpone
}

// Reason says in one stable word why a person does not get a push, or not yet.
// Records and the API keep the word; the content words it for the staff
// ("reason." and the word).
type Reason string

// The reasons, in the order in which a push is held against them.
const (
	NotInSegment   Reason = "segment"
	NoConsent      Reason = "no_consent"
	OptedOut       Reason = "opted_out"
	Unreachable    Reason = "unreachable"
	BlockedChannel Reason = "blocked_channel"
	AlreadySent    Reason = "already_sent"
	WindowClosed   Reason = "window_closed"
	Expired        Reason = "expired"
	OnQuietDay     Reason = "quiet_day"
	InQuietHours   Reason = "quiet_hours"
	FrequencyCap   Reason = "frequency_cap"
)

// Reasons lists every reason there is.
func Reasons() []Reason {
	return []Reason{NotInSegment, NoConsent, OptedOut, Unreachable, BlockedChannel, AlreadySent, WindowClosed, Expired, OnQuietDay, InQuietHours, FrequencyCap}
}

func drop(r Reason) Verdict { return Verdict{Outcome: Drop, Reason: r} }
