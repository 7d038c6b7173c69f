package programme

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// AttendanceRequest is the list of who was present at one session (điểm danh).
type AttendanceRequest struct {
	Class   string
	Session int      // from 1
	Present []string // registrations, in any order
}

// Attendance is how a class stands after a list was taken: the people who have
// a seat, by what is marked of them.
type Attendance struct {
	Class                      Class
	Attended, Absent, Unmarked int
}

// maxMarked is the last session whose attendance is kept: the bits of
// [Registration.Came].
const maxMarked = 64

// TakeAttendance keeps who was present at a session, in place of an earlier
// list of that session. Whoever came to at least one session attended the
// class. The others are absent once the session has begun; before, from two
// hours ahead, they are only not there yet. The error is [Problems] or a
// [Problem]: a registration that is not of this class, or has no seat.
func TakeAttendance(records Records, req AttendanceRequest, now time.Time) (Attendance, error) {
	c, err := find(records, req.Class)
	switch {
	case err != nil:
		return Attendance{}, err
	case req.Session < 1 || req.Session > min(len(c.Sessions), maxMarked):
		return Attendance{}, Problem{Code: SessionUnknown}
	case c.State == StateCancelled:
		return Attendance{}, Problem{Code: ClassCancelled}
	case now.Before(c.Sessions[req.Session-1].Starts.Add(-checkIn)):
		return Attendance{}, Problem{Code: AttendanceTooSoon}
	}
	all, err := registrations(records, c.ID)
	if err != nil {
		return Attendance{}, err
	}
	present, problems := req.find(all)
	if len(problems) > 0 {
		return Attendance{}, problems
	}
	begun := !now.Before(c.Sessions[req.Session-1].Starts)
	out := Attendance{Class: c}
	for i := range all {
		if !all[i].marked() {
			continue
		}
		if err := out.mark(records, &all[i], req.Session, present[all[i].ID], begun, now); err != nil {
			return Attendance{}, err
		}
	}
	return out, nil
}

// find looks the present up among the registrations of the class.
func (q *AttendanceRequest) find(all []Registration) (present map[string]bool, ps Problems) {
	present = map[string]bool{}
	for i, id := range q.Present {
		id = strings.ToUpper(strings.TrimSpace(id))
		at := slices.IndexFunc(all, func(r Registration) bool { return r.ID == id })
		switch {
		case at < 0:
			ps = append(ps, Problem{Code: RegistrationUnknown, Item: i + 1})
		case !all[at].marked():
			ps = append(ps, Problem{Code: NoSeat, Item: i + 1})
		}
		present[id] = true
	}
	return present, ps
}

// marked says whether r is one of those whose attendance is marked.
func (r *Registration) marked() bool {
	return r.Status == Seat || r.Status == Attended || r.Status == Absent
}

// mark writes down whether one person came to a session, and counts them.
func (a *Attendance) mark(records Records, r *Registration, session int, here, begun bool, now time.Time) error {
	came := r.Came &^ (1 << (session - 1))
	if here {
		came |= 1 << (session - 1)
	}
	var status RegistrationStatus
	switch {
	case came != 0:
		status = Attended
		a.Attended++
	case begun:
		status = Absent
		a.Absent++
	default:
		status = Seat
		a.Unmarked++
	}
	if status == r.Status && came == r.Came {
		return nil
	}
	r.Status, r.Came, r.Changed = status, came, second(now)
	if err := records.PutRegistration(*r); err != nil {
		return fmt.Errorf("keep registration: %w", err)
	}
	return nil
}
