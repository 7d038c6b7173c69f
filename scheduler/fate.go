package scheduler

import (
	"fmt"
	"time"

	"sachhon/dialogs/wire"
)

// FateState says what became of a push for one person. The numbers are stored:
// never renumber.
type FateState uint8

// The states of a fate.
//
//	postponed ──▶ sent, dropped        sent ──▶ failed ──revived──▶ sent
const (
	// FateSent is handed to the person's network, or written where they read it.
	FateSent FateState = iota
	// FatePostponed is decided about again at [Fate.Until].
	FatePostponed
	// FateDropped is held back for good.
	FateDropped
	// FateFailed was handed over, and the network did not take it.
	FateFailed
)

// String returns the state as the shell and the exported copy write it.
func (s FateState) String() string {
	names := [...]string{"sent", "postponed", "dropped", "failed"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// FateLife is how long it is kept what became of a push: a year, since the
// yearly plan is reported against and people ask about “the one of last year”,
// and the month in which that report is written.
const FateLife = 400 * 24 * time.Hour

// Fate is what became of one push for one person, and why: the answer to “why
// did or didn't this person get it?”. The key in the store says which push and
// whose. The zero Fate has not been decided.
type Fate struct {
	State FateState
	// At is when it became so.
	At time.Time
	// Until is when a postponed one is decided about again; zero for all others.
	Until time.Time
	// Reason is why it was held back last or failed, and Held when that was. A
	// push that was sent in the end keeps both: it says why it came late.
	Reason Reason
	Held   time.Time
}

// Decided returns what f becomes by a verdict at now. That it was sent already
// is nothing new.
func (f Fate) Decided(v Verdict, now time.Time) Fate {
	if v.Reason == AlreadySent && f.State == FateSent && !f.At.IsZero() {
		return f
	}
	f.At, f.Until = now, time.Time{}
	switch v.Outcome {
	case Send:
		f.State = FateSent
		return f
	case Postpone:
		f.State, f.Until = FatePostponed, v.Until
	default:
		f.State = FateDropped
	}
	f.Reason, f.Held = v.Reason, now
	return f
}

// Failed returns f once the network has given the message up.
func (f Fate) Failed(why Reason, now time.Time) Fate {
	return Fate{State: FateFailed, At: now, Reason: why, Held: now}
}

// Late says that a push that was sent had been held back before.
func (f Fate) Late() bool { return f.State == FateSent && f.Reason != "" }

// ForUnplanned is the reason of a push that was put off and is planned no more:
// the class was moved or cancelled, the campaign edited, the tips paused.
const ForUnplanned Reason = "unplanned"

const fateVersion = 1

// AppendBinary appends the stored form of f. Times are kept to the second.
func (f Fate) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, fateVersion, byte(f.State))
	for _, at := range []time.Time{f.At, f.Until, f.Held} {
		b = wire.AppendInt(b, unixOf(at))
	}
	return wire.AppendString(b, string(f.Reason)), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (f *Fate) UnmarshalBinary(raw []byte) error {
	r, _ := wire.NewReader(raw, fateVersion)
	*f = Fate{State: FateState(r.Byte()), At: timeOf(r.Int()), Until: timeOf(r.Int()), Held: timeOf(r.Int()), Reason: Reason(r.String())}
	err := r.Err()
	if err == nil && f.State > FateFailed {
		err = fmt.Errorf("%w: state %d", wire.ErrCorrupt, f.State)
	}
	if err != nil {
		return fmt.Errorf("read what became of a push: %w", err)
	}
	return nil
}
