package programme

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// OpenClass opens registration of a planned class, or again of a closed one. A
// closing time that has passed is dropped, so that it is open until it starts.
// The error is a [Problem] when there is no such class, or it is too late.
func OpenClass(records Records, id string, now time.Time) (Class, error) {
	return setState(records, id, StateOpen, now)
}

// CloseClass ends registration. Seats that free up still go to the waiting
// list. The error is a [Problem] when there is no such class, or it is too late.
func CloseClass(records Records, id string, now time.Time) (Class, error) {
	return setState(records, id, StateClosed, now)
}

func setState(records Records, id string, to State, now time.Time) (Class, error) {
	s, err := beginChange(records, id, now, 0)
	if err != nil {
		return Class{}, err
	}
	s.class.State = to
	if to == StateOpen && !now.Before(s.class.Closes) {
		s.class.Closes = time.Time{}
	}
	_, err = s.settle()
	return s.class, err
}

// beginChange opens a class that the staff can still change.
func beginChange(records Records, id string, now time.Time, hold time.Duration) (*seating, error) {
	s, err := begin(records, id, now, hold)
	if err != nil {
		return nil, err
	}
	switch s.class.Status(now) {
	case StatusCancelled:
		return nil, Problem{Code: ClassCancelled}
	case StatusFinished:
		return nil, Problem{Code: ClassOver}
	case StatusRunning:
		return nil, Problem{Code: ClassStarted}
	}
	return s, nil
}

// CancelClass cancels a class and everybody's registration. Cancelling once more
// changes nothing. The error is a [Problem] when there is no such class, or it
// has started.
func CancelClass(records Records, id string, now time.Time) (Class, []Notice, error) {
	c, err := find(records, id)
	if err != nil || c.State == StateCancelled {
		return c, nil, err
	}
	s, err := beginChange(records, id, now, 0)
	if err != nil {
		return c, nil, err
	}
	all, err := registrations(records, s.class.ID)
	if err != nil {
		return c, nil, err
	}
	s.class.State = StateCancelled
	s.class.Sequence++
	for i := range all {
		if err := s.cancel(&all[i], ReasonClassCancelled, NoticeClassCancelled); err != nil {
			return c, nil, err
		}
	}
	notices, err := s.settle()
	return s.class, notices, err
}

// MoveRequest is what changes about a class; zero fields stay as they are.
type MoveRequest struct {
	Class    string
	Sessions []Session // all of them, in any order
	Venue    string
	Closes   time.Time
}

// MoveClass changes when and where a class is held and when its registration
// closes, and tells everybody in it of a new time or venue. Seats, places in
// line and offers are kept; an offer never outlasts the new start. A closing
// time that would be after the new start becomes the new start. Seats that
// nobody took are offered once more to those in line, who may be free now. The
// error is [Problems] or a [Problem].
func MoveClass(records Records, req MoveRequest, now time.Time, hold time.Duration) (Class, []Notice, error) {
	s, err := beginChange(records, req.Class, now, hold)
	if err != nil {
		return Class{}, nil, err
	}
	old := s.class
	req.change(&s.class)
	if ps := s.class.problems(now); len(ps) > 0 {
		return old, nil, ps
	}
	if !slices.EqualFunc(old.Sessions, s.class.Sessions, sameTimes) || old.Venue != s.class.Venue {
		old.HeldBy = maps.Clone(old.HeldBy) // what follows changes that of the class
		s.class.Sequence++
		if err := s.tellMoved(&old); err != nil {
			return old, nil, err
		}
		if err := s.fill(true); err != nil {
			return old, nil, err
		}
	}
	notices, err := s.settle()
	return s.class, notices, err
}

func (q *MoveRequest) change(c *Class) {
	if len(q.Sessions) > 0 {
		c.Sessions = inOrder(q.Sessions)
	}
	if venue := oneLine(q.Venue); venue != "" {
		c.Venue = venue
	}
	if !q.Closes.IsZero() {
		c.Closes = second(q.Closes)
	} else if c.Closes.After(c.Starts()) {
		c.Closes = time.Time{}
	}
}

func sameTimes(a, b Session) bool { return a.Starts.Equal(b.Starts) && a.Ends.Equal(b.Ends) }

// tellMoved tells everybody in the class and cuts holds that are now too long.
func (s *seating) tellMoved(old *Class) error {
	all, err := registrations(s.records, s.class.ID)
	if err != nil {
		return err
	}
	for i := range all {
		r := &all[i]
		if r.Status == Offered && r.HoldUntil.After(s.class.Starts()) {
			r.HoldUntil = s.class.Starts()
			if err := s.put(r); err != nil {
				return err
			}
		}
		s.notices = append(s.notices, Notice{Kind: NoticeClassMoved, Registration: *r, Old: old})
	}
	return nil
}

// ChangeSeats gives a class another number of seats; new ones are offered to
// those in line. The error is a [Problem]: SeatsHeld when more seats are taken
// or offered than there would be.
func ChangeSeats(records Records, id string, seats int, now time.Time, hold time.Duration) (Class, []Notice, error) {
	s, err := beginChange(records, id, now, hold)
	switch {
	case err != nil:
		return Class{}, nil, err
	case seats < 1:
		return s.class, nil, Problem{Code: SeatsTooFew}
	case seats > maxSeats:
		return s.class, nil, Problem{Code: SeatsTooMany}
	case seats < s.class.Taken+s.class.Offered:
		return s.class, nil, Problem{Code: SeatsHeld}
	}
	more := seats > s.class.Seats
	s.class.Seats = seats
	notices, err := s.passOn(more)
	return s.class, notices, err
}

// checkIn is how long before the start attendance can be marked.
const checkIn = 2 * time.Hour

// MarkAttendance keeps whether a person with a seat came: [Attended], [Absent],
// or [Seat] to take a mark back. The error is a [Problem].
func MarkAttendance(records Records, id string, mark RegistrationStatus, now time.Time) (Registration, error) {
	r, err := registration(records, id)
	if err != nil {
		return r, err
	}
	c, err := find(records, r.Class)
	switch {
	case err != nil:
		return r, err
	case mark != Attended && mark != Absent && mark != Seat:
		return r, Problem{Code: AttendanceUnknown}
	case r.Status != Attended && r.Status != Absent && r.Status != Seat:
		return r, Problem{Code: NoSeat}
	case now.Before(c.Starts().Add(-checkIn)):
		return r, Problem{Code: AttendanceTooSoon}
	}
	r.Status, r.Changed = mark, second(now)
	if mark != Attended {
		r.Came = 0
	}
	if err := records.PutRegistration(r); err != nil {
		return r, fmt.Errorf("keep registration: %w", err)
	}
	return r, nil
}
