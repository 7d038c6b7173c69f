package programme

import (
	"time"

	"sachhon/dialogs"
)

// Class is a training class (lớp tập huấn). Times are whole seconds, UTC.
type Class struct {
	// ID is four characters, lower case, such as "7f3k".
	ID      string       `json:"id"`
	Title   dialogs.Text `json:"title"`
	Content dialogs.Text `json:"content,omitzero"` // what it covers; may be empty
	Sector  string       `json:"sector,omitempty"` // one of the four; "": all
	Venue   string       `json:"venue"`
	// Sessions (buổi) are in order of time and do not overlap; at least one.
	Sessions []Session `json:"sessions"`
	Seats    int       `json:"seats"`
	// PerEnterprise is how many seats one enterprise may hold; 0: no limit.
	PerEnterprise int `json:"per_enterprise,omitempty"`
	// Closes is when registration ends; zero: when the class starts.
	Closes time.Time `json:"closes,omitzero"`
	State  State     `json:"state"`
	// Sequence counts the changes of time and venue and the cancellation, from
	// 0: the SEQUENCE of a calendar file (RFC 5545, 3.8.7.4).
	Sequence int       `json:"sequence,omitempty"`
	Created  time.Time `json:"created"`
	Changed  time.Time `json:"changed"`

	// What follows is counted by the rules, so that a registration need not
	// read all others; [Audit] recounts it.

	Taken   int `json:"taken"`   // registrations with a seat, attendance marked or not
	Offered int `json:"offered"` // seats held for those who were offered one
	Waiting int `json:"waiting"` // registrations on the waiting list
	Lapsed  int `json:"lapsed"`  // those of Waiting who let an offer run out
	// Numbered is the highest registration number given; none is given twice,
	// even when its registration was deleted.
	Numbered int `json:"numbered"`
	// HeldBy is how many seats, offered ones included, each enterprise holds,
	// by [Registration.EnterpriseKey].
	HeldBy map[string]int `json:"held_by,omitempty"`
}

// Session is one meeting (buổi) of a class; Ends is after Starts.
type Session struct {
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// The sectors of the programme.
const (
	SectorWood      = "wood"
	SectorTobacco   = "tobacco"
	SectorFood      = "food"
	SectorChemicals = "chemicals"
)

// State is what the staff decided about a class.
type State string

// The states.
const (
	StatePlanned   State = "planned" // announced, takes nobody yet
	StateOpen      State = "open"
	StateClosed    State = "closed" // registration ended by hand
	StateCancelled State = "cancelled"
)

// Status is how a class stands at a moment, by its state, its times and its seats.
type Status string

// The statuses (dự kiến, mở đăng ký, đủ chỗ, khóa sổ, đang học, kết thúc, hủy).
const (
	StatusPlanned   Status = "planned"
	StatusOpen      Status = "open"
	StatusFull      Status = "full"   // registration leads to the waiting list
	StatusClosed    Status = "closed" // registration is over, the class is not
	StatusRunning   Status = "running"
	StatusFinished  Status = "finished"
	StatusCancelled Status = "cancelled"
)

// Status says how the class stands at now. A planned class whose time has come
// is running like any other.
func (c *Class) Status(now time.Time) Status {
	switch {
	case c.State == StateCancelled:
		return StatusCancelled
	case !now.Before(c.Ends()):
		return StatusFinished
	case !now.Before(c.Starts()):
		return StatusRunning
	case c.State == StatePlanned:
		return StatusPlanned
	case c.State == StateClosed, !c.Closes.IsZero() && !now.Before(c.Closes):
		return StatusClosed
	case c.Left() <= 0:
		return StatusFull
	default:
		return StatusOpen
	}
}

// Starts is when the first session begins.
func (c *Class) Starts() time.Time {
	if len(c.Sessions) == 0 {
		return time.Time{}
	}
	return c.Sessions[0].Starts
}

// Ends is when the last session is over.
func (c *Class) Ends() time.Time {
	if len(c.Sessions) == 0 {
		return time.Time{}
	}
	return c.Sessions[len(c.Sessions)-1].Ends
}

// Left is how many seats are neither taken nor held by an offer.
func (c *Class) Left() int { return c.Seats - c.Taken - c.Offered }

// Offers says whether r may take a seat now: one is held for them, or they let
// an offer run out and a seat is still free. An offer whose time is over stands
// until somebody else in line could have it.
func (c *Class) Offers(r *Registration, now time.Time) bool {
	if !c.fills(now) {
		return false
	}
	switch r.Status {
	case Offered:
		return now.Before(r.HoldUntil) || c.Waiting == c.Lapsed
	case Waiting:
		return !r.Lapsed.IsZero() && c.Left() > 0 && c.hasRoomFor(r)
	default:
		return false
	}
}

// fills says whether freed seats still go to the waiting list.
func (c *Class) fills(now time.Time) bool {
	return (c.State == StateOpen || c.State == StateClosed) && now.Before(c.Starts())
}

// hasRoomFor says whether r's enterprise may hold one more seat.
func (c *Class) hasRoomFor(r *Registration) bool {
	key := r.EnterpriseKey()
	return c.PerEnterprise <= 0 || key == "" || c.HeldBy[key] < c.PerEnterprise
}

// count adds r to the counters, or with by = -1 takes it out of them.
func (c *Class) count(r *Registration, by int) {
	switch r.Status {
	case Seat, Attended, Absent:
		c.Taken += by
	case Offered:
		c.Offered += by
	case Waiting:
		c.Waiting += by
		if !r.Lapsed.IsZero() {
			c.Lapsed += by
		}
		return
	default:
		return
	}
	key := r.EnterpriseKey()
	if key == "" {
		return
	}
	if c.HeldBy == nil {
		c.HeldBy = map[string]int{}
	}
	if c.HeldBy[key] += by; c.HeldBy[key] == 0 {
		delete(c.HeldBy, key)
	}
}
