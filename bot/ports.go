package bot

import (
	"context"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/desk"
	"sachhon/bot/outbox"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Tx is what a turn reads and writes, inside one transaction.
type Tx interface {
	programme.Records
	programme.AssessmentRecords
	programme.RequestRecords
	scheduler.Planner
	scheduler.Casts
	programs
	pages

	PutContact(c *dialogs.Contact) error
	Contacts(fn func(dialogs.Contact) bool) error
	Session(contact string) (dialogs.Session, error)
	PutSession(contact string, s *dialogs.Session) error
	// Seen reports whether an update was committed before and remembers it.
	Seen(channel, id string, now time.Time) (bool, error)
	// Address returns whose address this is and whether it is shut to us.
	Address(at string) (contact string, blocked, ok bool, err error)
	PutAddress(at, contact string, blocked bool) error
	// Append adds to an address's transcript and numbers the entry.
	Append(at string, e *channel.Entry) error
	Transcript(at string, after uint64, limit int) ([]channel.Entry, error)
	// Enqueue hands a message to the outbox.
	Enqueue(r outbox.Row) error
	// ShutAddress marks an address as one that cannot be written to and gives up
	// what is queued for it.
	ShutAddress(at channel.Address, now time.Time) error
	// Note returns what a channel noted under a key, "" when nothing; PutNote
	// keeps it, and "" deletes it.
	Note(channel, key string) (string, error)
	PutNote(channel, key, value string) error
	// Planned returns a job of the due table, PlannedOf all of a kind; Claim takes
	// those out that are due.
	Planned(kind scheduler.Kind, key string) (scheduler.Job, bool, error)
	PlannedOf(kind scheduler.Kind) ([]scheduler.Job, error)
	Claim(now time.Time, n int) ([]scheduler.Job, error)
	NextDue() time.Time
	// PlannedFor is what all plans were last brought in line with.
	PlannedFor() string
	PutPlannedFor(what string) error
	// Broadcasts calls fn for every broadcast until it returns false.
	Broadcasts(fn func(scheduler.Broadcast) bool) error
	// TakeBack takes the messages of b that wait in the outbox out of it and keeps b.
	TakeBack(b *scheduler.Broadcast) error
	// Withdraw takes out of the outbox the broadcasts that wait there for c and were
	// refused since, and the promotion for whose key unwanted gives a reason.
	Withdraw(c *dialogs.Contact, unwanted func(push string) scheduler.Reason, now time.Time) error
	// Segment returns a segment saved under a name; PutSegment keeps it, nil deletes it.
	Segment(name string) (scheduler.Segment, bool, error)
	PutSegment(name string, s *scheduler.Segment) error
	Segments(fn func(name string, s scheduler.Segment)) error
	// Got returns the keys of the pushes that a contact had, those of the house
	// for ""; PutGot notes one more.
	Got(contact string) ([]string, error)
	PutGot(contact, key string, now time.Time) error
	// Fate returns what became of a push for a contact; PutFate keeps it, and
	// Fates calls fn for all that is kept of a contact until it returns false.
	Fate(contact, push string) (scheduler.Fate, bool, error)
	PutFate(contact, push string, f scheduler.Fate) error
	Fates(contact string, fn func(push string, f scheduler.Fate) bool) error
	// PutQuestion keeps a question for the staff; a new one gets its number.
	PutQuestion(q *desk.Question) error
	Question(id uint64) (desk.Question, bool, error)
	Questions(fn func(desk.Question) bool) error
	// CountVote adds to how many people found a tip useful and not useful.
	CountVote(tip string, useful, not int) error
	// Version is the number of the last commit that the transaction sees.
	Version() uint64
	// Unchanged says for certain that contact and session are as they were at
	// a version; false where that is not known.
	Unchanged(contact string, version uint64) bool
	// Kept says whether the contact last read is kept just like c.
	Kept(c *dialogs.Contact) bool
	// Forget deletes a contact with every index and leaves a tombstone.
	Forget(contact string, now time.Time) error
}

// Store runs transactions: one that writes at a time, any number that read.
type Store interface {
	// Update commits what fn did, or nothing when fn returns an error or panics.
	Update(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error
	// Try runs fn and undoes everything it wrote.
	Try(ctx context.Context, fn func(Tx) error) error
}
