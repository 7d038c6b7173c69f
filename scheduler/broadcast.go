package scheduler

import (
	"fmt"
	"maps"
	"math/bits"
	"time"

	"sachhon/dialogs"
)

// BroadcastStatus says where a broadcast stands. The numbers are stored: never
// renumber.
type BroadcastStatus uint8

// The states of a broadcast.
//
//	draft ──▶ scheduled ──at its time──▶ sending ──nobody waits──▶ done
//	                │                    │    ▲
//	                │                pause    resume
//	                │                    ▼    │
//	                └──────cancel──────▶ paused ──cancel──▶ cancelled
const (
	// Draft waits to be resumed by somebody.
	Draft BroadcastStatus = iota
	// Scheduled waits for its time.
	Scheduled
	// Sending is under way; see [Broadcast.Until] for when it is held back by the clock.
	Sending
	// Paused waits to be resumed; [Broadcast.PausedFor] says why.
	Paused
	// Done has nobody left who waits, or has expired.
	Done
	// Cancelled was ended by somebody before it was done.
	Cancelled
)

// String returns the status as records and the API write it.
func (s BroadcastStatus) String() string {
	names := [...]string{"draft", "scheduled", "sending", "paused", "done", "cancelled"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// Why a broadcast is paused.
const (
	// PausedByHand: somebody did it.
	PausedByHand = "by_hand"
	// PausedByErrors: too many sendings failed for reasons of the message or the network.
	PausedByErrors = "errors"
)

// Broadcast is one message to everybody of a segment: what it says, where it
// stands, and how many of its recipients are in which state.
type Broadcast struct {
	ID    string // "b" and five characters, short enough to be read out
	Title string // for the staff
	Kind  PushKind
	// Purpose must have been agreed to; "": none. Topic is for caps of its own.
	Purpose, Topic string
	Text           dialogs.Text // may hold **strong** runs
	// Version counts the texts, from 1: each recipient notes which one it got.
	Version int
	Media   dialogs.Media // goes before the text; without a Ref: none
	AltEN   string        // what Media shows, in English; "": as Media.Alt says it
	Answers []BroadcastAnswer
	Segment Segment
	By      string // who made it
	Created time.Time

	Status    BroadcastStatus
	PausedFor string
	// SendAt is when it begins; Expires when it is no longer true (zero: never).
	SendAt, Expires time.Time
	// Begun and Ended are when the first recipient was chosen and when it was
	// over; zero before.
	Begun, Ended time.Time

	// Frozen bounds who is in: contacts made up to then. Cursor is the last
	// contact that was looked at, Planned says that all were.
	Frozen  time.Time
	Cursor  string
	Planned bool
	// Until is when the clock lets it go on, for the reason HeldFor; zero: it is
	// not held back.
	Until   time.Time
	HeldFor Reason

	Counts Counts
	// Recent are the last fifty outcomes, the latest in the lowest bit; 1 is a
	// failure that is not the person's.
	Recent uint64
	// Rest is why those still waiting never got it, once it is over.
	Rest Reason
	// Thinned is when what was kept of each recipient began to be dropped; the
	// counts stay. Zero: it is kept.
	Thinned time.Time
}

// BroadcastAnswer is one button under a broadcast and how many pressed it.
type BroadcastAnswer struct {
	Key     string // stable; letters and digits
	Label   dialogs.Text
	Pressed int
}

// Counts says how many recipients are in which state. At every commit
// Total = Sent + Failed + Skipped + Pending.
type Counts struct {
	Total, Sent, Failed int
	// Repeated is how many of Sent may have come more than once.
	Repeated int
	// SkippedFor and FailedFor count by reason.
	SkippedFor, FailedFor map[Reason]int
	// Ways are the pending ones by the channel they are reached by.
	Ways []Way
}

// Way is one channel by which a broadcast leaves.
type Way struct {
	Channel string
	// Waiting are still to be handed to the outbox, those set aside included;
	// Queued are in the outbox.
	Waiting, Queued int
	// Cursor is the last recipient looked at in this pass over them; Soonest the
	// earliest time at which one of those set aside in this pass may be tried;
	// Next is when the next pass begins.
	Cursor        string
	Soonest, Next time.Time
}

// Pending is how many wait still, in the outbox or before it.
func (c *Counts) Pending() int {
	n := 0
	for i := range c.Ways {
		n += c.Ways[i].Waiting + c.Ways[i].Queued
	}
	return n
}

// AsideUntil is when the next is tried of those who wait, if a cap has set all of
// them aside; zero when it has not.
func (c *Counts) AsideUntil() (at time.Time) {
	for i := range c.Ways {
		switch w := &c.Ways[i]; {
		case w.Waiting == 0:
		case w.Next.IsZero():
			return time.Time{}
		case at.IsZero() || w.Next.Before(at):
			at = w.Next
		}
	}
	return at
}

// Waiting is how many are still to be handed to the outbox.
func (c *Counts) Waiting() int {
	n := 0
	for i := range c.Ways {
		n += c.Ways[i].Waiting
	}
	return n
}

// Skipped is how many do not get it.
func (c *Counts) Skipped() int { return sum(c.SkippedFor) }

func sum(by map[Reason]int) int {
	n := 0
	for _, v := range by {
		n += v
	}
	return n
}

// Way returns the way of a channel, making it where there was none. The pointer
// holds until the next call.
func (c *Counts) Way(channel string) *Way {
	for i := range c.Ways {
		if c.Ways[i].Channel == channel {
			return &c.Ways[i]
		}
	}
	c.Ways = append(c.Ways, Way{Channel: channel})
	return &c.Ways[len(c.Ways)-1]
}

// same says whether two countings agree.
func (c *Counts) same(o *Counts) bool {
	for _, w := range [2][2]*Counts{{c, o}, {o, c}} {
		for i := range w[0].Ways {
			a := &w[0].Ways[i]
			if b := w[1].Way(a.Channel); a.Waiting != b.Waiting || a.Queued != b.Queued {
				return false
			}
		}
	}
	return c.Total == o.Total && c.Sent == o.Sent && c.Failed == o.Failed && c.Repeated == o.Repeated &&
		maps.Equal(c.SkippedFor, o.SkippedFor) && maps.Equal(c.FailedFor, o.FailedFor)
}

// String says the counts in one line, for reports of what does not add up.
func (c *Counts) String() string {
	return fmt.Sprintf("total %d, sent %d (%d perhaps repeated), failed %d, skipped %d, pending %d", c.Total, c.Sent, c.Repeated, c.Failed, c.Skipped(), c.Pending())
}

// StateError means that a broadcast cannot do what was asked of it as it stands.
type StateError struct {
	ID     string
	Status BroadcastStatus
	Want   string // "paused", "resumed", "cancelled", "changed"
}

// Error says it in one sentence.
func (e *StateError) Error() string {
	return fmt.Sprintf("broadcast %s is %s and cannot be %s", e.ID, e.Status, e.Want)
}

func (b *Broadcast) refuse(want string) error {
	return &StateError{ID: b.ID, Status: b.Status, Want: want}
}

// Over says that nothing more will be handed to the outbox, ever.
func (b *Broadcast) Over() bool { return b.Status == Done || b.Status == Cancelled }

// Flows says that its messages may leave the outbox.
func (b *Broadcast) Flows() bool { return b.Status == Sending && b.Until.IsZero() }

// Start begins a scheduled broadcast: from now on nobody new comes in.
func (b *Broadcast) Start(now time.Time) error {
	if b.Status != Scheduled {
		return b.refuse("started")
	}
	b.Status, b.Begun, b.Frozen = Sending, now, now
	return nil
}

// Pause stops handing recipients over.
func (b *Broadcast) Pause(why string) error {
	if b.Status != Sending && b.Status != Scheduled {
		return b.refuse("paused")
	}
	b.Status, b.PausedFor = Paused, why
	return nil
}

// Resume lets a draft or a paused broadcast go on: where it was, or at its time.
func (b *Broadcast) Resume(now time.Time) error {
	if b.Status != Paused && b.Status != Draft {
		return b.refuse("resumed")
	}
	b.PausedFor, b.Recent = "", 0
	if b.Begun.IsZero() {
		b.Status = Scheduled
		return nil
	}
	b.Status = Sending
	b.rewind()
	b.endIfNobodyWaits(now)
	return nil
}

// Cancel ends a broadcast; those who wait do not get it.
func (b *Broadcast) Cancel(now time.Time) error {
	if b.Over() {
		return b.refuse("cancelled")
	}
	b.Status, b.PausedFor = Cancelled, ""
	b.close(ForCancelled, now)
	return nil
}

// Reword changes the words for those who have not got them yet.
func (b *Broadcast) Reword(title string, text dialogs.Text) error {
	switch {
	case b.Status == Sending:
		return b.refuse("changed; pause it first")
	case b.Over():
		return b.refuse("changed")
	}
	if title != "" {
		b.Title = title
	}
	if !text.Empty() && text != b.Text {
		b.Text = text
		b.Version++
	}
	return nil
}

// expire ends a broadcast whose time has passed.
func (b *Broadcast) expire(now time.Time) {
	b.Status, b.PausedFor = Done, ""
	b.close(Expired, now)
}

// close counts everybody who waits as one who does not get it. Their records
// stay as they are: what is over never looks at them again.
func (b *Broadcast) close(why Reason, now time.Time) {
	b.Rest, b.Ended, b.Until, b.HeldFor = why, now, time.Time{}, ""
	for i := range b.Counts.Ways {
		b.skip(why, b.Counts.Ways[i].Waiting)
		b.Counts.Ways[i].Waiting = 0
	}
}

// rewind makes the next pass begin with the first recipient.
func (b *Broadcast) rewind() {
	for i := range b.Counts.Ways {
		w := &b.Counts.Ways[i]
		w.Cursor, w.Soonest, w.Next = "", time.Time{}, time.Time{}
	}
}

// endIfNobodyWaits marks a broadcast done when everybody has it or does not get it.
func (b *Broadcast) endIfNobodyWaits(now time.Time) {
	if b.Status == Sending && b.Planned && b.Counts.Pending() == 0 {
		b.Status, b.Ended, b.Until, b.HeldFor = Done, now, time.Time{}, ""
	}
}

// When a burst of errors pauses a broadcast: so many of the last fifty.
const (
	recentKept = 50
	recentBad  = 20
)

// note remembers an outcome and says whether there were too many bad ones.
func (b *Broadcast) note(bad bool) (pause bool) {
	b.Recent = b.Recent << 1 & (1<<recentKept - 1)
	if bad {
		b.Recent |= 1
	}
	return bits.OnesCount64(b.Recent) >= recentBad
}

func (b *Broadcast) skip(why Reason, n int) { b.Counts.SkippedFor = tally(b.Counts.SkippedFor, why, n) }

// tally adds n under why; a count of nothing is no entry.
func tally(by map[Reason]int, why Reason, n int) map[Reason]int {
	if by == nil {
		by = map[Reason]int{}
	}
	if by[why] += n; by[why] == 0 {
		delete(by, why)
	}
	return by
}

// Push returns the broadcast as the gate decides about it. Whom the segment
// means was decided when it was planned.
func (b *Broadcast) Push() Push {
	return Push{Kind: b.Kind, Topic: b.Topic, Purpose: b.Purpose, Expires: b.Expires}
}
