package scheduler

import (
	"fmt"
	"time"

	"sachhon/dialogs/wire"
)

// Kind says what a job is for.
type Kind string

// The kinds of jobs.
const (
	// Nudge reminds of a talk left half-way; the key is the contact's id.
	Nudge Kind = "nudge"
	// Wake goes on with a talk that waits for a time; the key is the contact's id.
	Wake Kind = "wake"
	// Reminder reminds of a class; the key is "registration/which".
	Reminder Kind = "reminder"
	// Hold ends the offer of a freed seat; the key is the registration's id.
	Hold Kind = "hold"
	// NoticeDue tells what happened to a registration in the night; the key is
	// "notice/registration".
	NoticeDue Kind = "notice"
	// PointDue is a point of a campaign; the key is "campaign/event/point".
	PointDue Kind = "point"
	// TipDue is the next tip of a subscription; the key is the contact's id.
	TipDue Kind = "tip"
	// LeafletDue is a leaflet of the yearly calendar; the key is
	// "leaflet/year/which".
	LeafletDue Kind = "leaflet"
	// FollowUp asks what was carried out a month after a self-check; the key is
	// the contact's id, the note the number of the assessment.
	FollowUp Kind = "followup"
	// CheckAgain offers to check anew after six months; the key is the contact's
	// id, the note the number of the assessment.
	CheckAgain Kind = "checkagain"
	// BroadcastDue begins a broadcast; the key is its id.
	BroadcastDue Kind = "broadcast"
)

// PageOfJobs is how many due jobs are claimed and fired in one transaction. What
// firing them does costs far more than claiming them: with a weekly tip each, a
// page takes some tens of milliseconds, for which people who talk may wait.
const PageOfJobs = 256

// Job is one thing that falls due. There is at most one job of a kind and key:
// planning it anew replaces it.
type Job struct {
	Kind Kind
	Key  string
	At   time.Time
	// Version is set by the table when the job is planned: it tells two plans
	// of the same kind and key apart.
	Version uint64
	// Deadline is when it is too late to fire; zero: never.
	Deadline time.Time
	// Note is the caller's own, such as the run of a talk; short.
	Note string
}

// Late says whether the deadline has passed.
func (j Job) Late(now time.Time) bool { return !j.Deadline.IsZero() && now.After(j.Deadline) }

const jobVersion = 1

// AppendBinary appends what the table keeps of j beside its key: all but Kind,
// Key and At.
func (j Job) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, jobVersion)
	b = wire.AppendUint(b, j.Version)
	var deadline int64
	if !j.Deadline.IsZero() {
		deadline = j.Deadline.Unix()
	}
	b = wire.AppendInt(b, deadline)
	return wire.AppendString(b, j.Note), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (j *Job) UnmarshalBinary(data []byte) error {
	r, _ := wire.NewReader(data, jobVersion)
	j.Version = r.Uint()
	if d := r.Int(); d != 0 {
		j.Deadline = time.Unix(d, 0).UTC()
	}
	j.Note = r.String()
	if err := r.Err(); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	return nil
}

// Planner is the part of the table that a turn writes to, inside its
// transaction.
type Planner interface {
	// Plan puts j in the table, in place of the job of its kind and key.
	Plan(j Job) error
	// Unplan takes the job of this kind and key out; none is fine.
	Unplan(kind Kind, key string) error
}
