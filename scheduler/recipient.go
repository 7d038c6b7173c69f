package scheduler

import (
	"fmt"
	"time"

	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

// RecipientState says where one recipient of a broadcast stands. The numbers
// are stored: never renumber.
type RecipientState uint8

// The states of a recipient.
//
//	waiting ──▶ queued ──▶ sent        waiting, aside ──▶ skipped
//	   ▲  │        │  └──▶ failed ──revived──▶ queued
//	   │  ▼        │
//	   aside   taken back ──▶ skipped
//	   └───────────┘
const (
	// Waiting is still to be handed to the outbox.
	Waiting RecipientState = iota
	// Aside waits too, until the time that a cap on messages ends.
	Aside
	// Queued is in the outbox.
	Queued
	// Got has the message.
	Got
	// Failed will not have it: the network or the message was the trouble.
	Failed
	// Skipped will not have it: a rule was in the way.
	Skipped
)

// String returns the state as records and the API write it.
func (s RecipientState) String() string {
	names := [...]string{"waiting", "set_aside", "queued", "sent", "failed", "skipped"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// Reasons of broadcasts beside those of the gate.
const (
	// ForCancelled: the broadcast was cancelled first.
	ForCancelled Reason = "cancelled"
	// ForForgotten: the person had everything about them deleted.
	ForForgotten Reason = "forgotten"
	// The message failed: too many attempts, no word whether it was taken, refused
	// by the network as a whole, for its marks, for its length.
	ForExhausted  Reason = "exhausted"
	ForUnclear    Reason = "unclear"
	ForRefused    Reason = "refused"
	ForUnreadable Reason = "unreadable"
	ForTooLong    Reason = "too_long"
)

// BroadcastReasons lists the reasons that records of broadcasts may have beside
// those of [Reasons].
func BroadcastReasons() []Reason {
	return []Reason{ForCancelled, ForForgotten, ForExhausted, ForUnclear, ForRefused, ForUnreadable, ForTooLong}
}

// Recipient is what is kept of one person in one broadcast. The key in the
// store says which.
type Recipient struct {
	State RecipientState
	// Reason says why somebody is skipped, failed or set aside.
	Reason Reason
	// Address is where the message goes or went, "telegram:42"; "" for a person
	// who was forgotten, or had none.
	Address string
	Lang    dialogs.Lang
	// At is when the state was reached, to the second; of one set aside it is
	// when it is tried again.
	At time.Time
	// Repeated means that the person may have the message more than once.
	Repeated bool
	// Version is that of the text that was handed over, Rows in how many messages.
	Version, Rows int
	// Answer is the button pressed last, counted from 1; 0: none.
	Answer int
}

const recipientVersion = 1

// AppendBinary appends the stored form of r. Handing it over and settling it
// change no length as a rule, so that full pages need not be split.
func (r *Recipient) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, recipientVersion, byte(r.State))
	b = wire.AppendInt(b, unixOf(r.At))
	b = wire.AppendBool(b, r.Repeated)
	b = wire.AppendUint(b, uint64(r.Version))
	b = wire.AppendUint(b, uint64(r.Rows))
	b = wire.AppendUint(b, uint64(r.Answer))
	b = wire.AppendString(b, string(r.Lang))
	b = wire.AppendString(b, string(r.Reason))
	return wire.AppendString(b, r.Address), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (r *Recipient) UnmarshalBinary(raw []byte) error {
	in, _ := wire.NewReader(raw, recipientVersion)
	*r = Recipient{State: RecipientState(in.Byte()), At: timeOf(in.Int()), Repeated: in.Bool(),
		Version: int(in.Uint()), Rows: int(in.Uint()), Answer: int(in.Uint()), Lang: dialogs.Lang(in.String())}
	r.Reason, r.Address = Reason(in.String()), in.String()
	err := in.Err()
	if err == nil && r.State > Skipped {
		err = fmt.Errorf("%w: state %d", wire.ErrCorrupt, r.State)
	}
	if err != nil {
		return fmt.Errorf("read recipient: %w", err)
	}
	return nil
}

// Waits says whether r is still to be handed to the outbox.
func (r *Recipient) Waits() bool { return r.State == Waiting || r.State == Aside }

// count adds n recipients like r to the counts of b: the only place that does.
func (b *Broadcast) count(r *Recipient, n int) {
	c := &b.Counts
	c.Total += n
	switch {
	case r.Waits() && b.Rest != "":
		b.skip(b.Rest, n)
	case r.Waits():
		c.Way(ChannelOf(r.Address)).Waiting += n
	case r.State == Queued:
		c.Way(ChannelOf(r.Address)).Queued += n
	case r.State == Got:
		c.Sent += n
		if r.Repeated {
			c.Repeated += n
		}
	case r.State == Failed:
		c.Failed += n
		c.FailedFor = tally(c.FailedFor, r.Reason, n)
	default:
		b.skip(r.Reason, n)
	}
}

// change makes r what next is, in b's counts too. The caller keeps both.
func (b *Broadcast) change(r *Recipient, next Recipient) {
	b.count(r, -1)
	*r = next
	b.count(r, 1)
}

// Settle is what became of a recipient that was in the outbox.
type Settle struct {
	State    RecipientState // Got, Failed, or taken back: Waiting, or Skipped for good
	Reason   Reason
	At       time.Time
	Repeated bool
}

// Settled notes what became of a recipient that was handed to the outbox, or
// that a dead message of it was revived (Queued). Too many failures in a row
// pause the broadcast.
func (b *Broadcast) Settled(r *Recipient, s Settle) {
	next := *r
	next.State, next.Reason, next.At, next.Repeated = s.State, s.Reason, s.At, r.Repeated || s.Repeated
	b.change(r, next)
	switch s.State {
	case Got:
		b.note(false)
	case Failed:
		theirs := s.Reason == BlockedChannel || s.Reason == Expired
		if b.note(!theirs) && b.Status == Sending {
			b.Status, b.PausedFor = Paused, PausedByErrors
		}
	case Waiting: // it lies behind the cursor now
		w := b.Counts.Way(ChannelOf(r.Address))
		w.Cursor, w.Next = "", time.Time{}
	case Queued:
		if b.Status == Done {
			b.Status, b.Ended = Sending, time.Time{}
		}
	}
	b.endIfNobodyWaits(s.At)
}

// Forgotten takes the person out of r and leaves the count. What was not sent
// never will be.
func (b *Broadcast) Forgotten(r *Recipient, now time.Time) {
	next := *r
	if r.Waits() && b.Rest != "" {
		next.State, next.Reason, next.At = Skipped, b.Rest, now
	} else if r.Waits() || r.State == Queued {
		next.State, next.Reason, next.At = Skipped, ForForgotten, now
	}
	next.Address, next.Lang = "", ""
	b.change(r, next)
	b.endIfNobodyWaits(now)
}

// Press notes that a recipient pressed an answer; false when there is no such
// answer. A second press moves the count, so that everybody counts once.
func (b *Broadcast) Press(r *Recipient, key string) bool {
	for i := range b.Answers {
		if b.Answers[i].Key != key {
			continue
		}
		if r.Answer > 0 {
			b.Answers[r.Answer-1].Pressed--
		}
		r.Answer = i + 1
		b.Answers[i].Pressed++
		return true
	}
	return false
}

// RecipientLife is how long after a broadcast's end it is kept who had it, who
// not, and why: as long as of any other push, for the same reasons. The report of
// the year needs the counts alone, which stay, and of a person no more is to be
// kept than is needed (Law 91/2025 on personal data).
const RecipientLife = FateLife

// Outlived says whether what is kept of the recipients is needed no longer.
func (b *Broadcast) Outlived(now time.Time) bool {
	return b.Over() && b.Counts.Pending() == 0 && now.Sub(b.Ended) >= RecipientLife
}

// Recount returns a broadcast like b with nobody counted; Add counts recipients
// into it, and Differs compares. Together they check a store.
func (b *Broadcast) Recount() *Broadcast {
	fresh := &Broadcast{Rest: b.Rest, Answers: make([]BroadcastAnswer, len(b.Answers))}
	return fresh
}

// Add counts one recipient.
func (b *Broadcast) Add(r *Recipient) {
	b.count(r, 1)
	if r.Answer > 0 && r.Answer <= len(b.Answers) {
		b.Answers[r.Answer-1].Pressed++
	}
}

// Differs says in words how the counts of b are not those of a recount; ""
// when they agree and add up. Of a thinned one no more than that can be said.
func (b *Broadcast) Differs(recount *Broadcast) string {
	c := &b.Counts
	if c.Total != c.Sent+c.Failed+c.Skipped()+c.Pending() {
		return "does not add up: " + c.String()
	}
	if !b.Thinned.IsZero() {
		return ""
	}
	if !c.same(&recount.Counts) {
		return "says " + c.String() + ", its recipients say " + recount.Counts.String()
	}
	for i := range b.Answers {
		if b.Answers[i].Pressed != recount.Answers[i].Pressed {
			return fmt.Sprintf("counts %d of an answer that %d pressed", b.Answers[i].Pressed, recount.Answers[i].Pressed)
		}
	}
	return ""
}

// unixOf keeps whole seconds; the zero time is 0.
func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func timeOf(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
