package programme

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// seating is one class under change, inside one action: registrations are moved
// with its methods, and settle writes the class and says who is to be told.
type seating struct {
	records Records
	class   Class
	now     time.Time
	hold    time.Duration
	line    []Registration // the waiting list, kept in order
	before  map[string]int // positions when the action began
	notices []Notice
}

// begin opens a class for a change. The hold matters only to actions that free
// seats.
func begin(records Records, class string, now time.Time, hold time.Duration) (*seating, error) {
	c, err := find(records, class)
	if err != nil {
		return nil, err
	}
	s := &seating{records: records, class: c, now: now, hold: hold, before: map[string]int{}}
	if s.line, err = line(records, &c); err != nil {
		return nil, err
	}
	for i := range s.line {
		s.before[s.line[i].ID] = i + 1
	}
	return s, nil
}

// find reads a class that should be there.
func find(records Records, class string) (Class, error) {
	c, ok, err := records.Class(strings.ToLower(strings.TrimSpace(class)))
	if err != nil {
		return c, fmt.Errorf("read class: %w", err)
	}
	if !ok {
		return c, Problem{Code: ClassUnknown}
	}
	return c, nil
}

// move gives r another status, in the counters, the line and the records. Back
// to Waiting goes only who let an offer run out.
func (s *seating) move(r *Registration, to RegistrationStatus) error {
	s.class.count(r, -1)
	if r.Status == Waiting {
		s.line = slices.DeleteFunc(s.line, func(o Registration) bool { return o.ID == r.ID })
	}
	r.Status, r.Changed = to, second(s.now)
	if to != Offered {
		r.HoldUntil = time.Time{}
	}
	if to == Waiting {
		r.Lapsed = second(s.now)
		s.line = append(s.line, *r)
		slices.SortFunc(s.line, inLine)
	}
	s.class.count(r, +1)
	return s.put(r)
}

func (s *seating) put(r *Registration) error {
	if err := s.records.PutRegistration(*r); err != nil {
		return fmt.Errorf("keep registration: %w", err)
	}
	return nil
}

// cancel takes r out of the class.
func (s *seating) cancel(r *Registration, why Reason, tell NoticeKind) error {
	r.Reason = why
	err := s.move(r, Cancelled)
	s.tell(tell, r)
	return err
}

// fill offers free seats to those in line: to everybody, or only to those who
// never let an offer run out.
func (s *seating) fill(everybody bool) error {
	if !s.class.fills(s.now) {
		return nil
	}
	for _, r := range slices.Clone(s.line) {
		if s.class.Left() <= 0 {
			return nil
		}
		if !everybody && !r.Lapsed.IsZero() || !s.class.hasRoomFor(&r) {
			continue
		}
		r.HoldUntil = second(earlier(s.now.Add(s.hold), s.class.Starts()))
		if err := s.move(&r, Offered); err != nil {
			return err
		}
		s.tell(NoticeOffered, &r)
	}
	return nil
}

func (s *seating) tell(kind NoticeKind, r *Registration) {
	s.notices = append(s.notices, Notice{Kind: kind, Registration: *r})
}

// settle writes the class, adds those who moved up in line and completes the
// notices.
func (s *seating) settle() ([]Notice, error) {
	s.class.Changed = second(s.now)
	if err := s.records.PutClass(s.class); err != nil {
		return nil, fmt.Errorf("keep class: %w", err)
	}
	positions := make(map[string]int, len(s.line))
	for i := range s.line {
		r := &s.line[i]
		positions[r.ID] = i + 1
		if i+1 < s.before[r.ID] {
			s.tell(NoticeMovedUp, r)
		}
	}
	for i := range s.notices {
		n := &s.notices[i]
		n.Class = s.class
		if n.Registration.Status == Waiting {
			n.Position = positions[n.Registration.ID]
		}
	}
	return s.notices, nil
}

// Line returns the waiting list of a class, the next in line first: a
// registration's position is its index and one.
func Line(records Records, class string) ([]Registration, error) {
	c, err := find(records, class)
	if err != nil {
		return nil, err
	}
	return line(records, &c)
}

// Position returns r's place in the waiting list, from 1; 0 when it is not on it.
func Position(records Records, r *Registration) (int, error) {
	if r.Status != Waiting {
		return 0, nil
	}
	all, err := Line(records, r.Class)
	if err != nil {
		return 0, err
	}
	return 1 + slices.IndexFunc(all, func(o Registration) bool { return o.ID == r.ID }), nil
}

// line reads the waiting list. It touches no row when nobody waits, and stops
// once everybody was found.
func line(records Records, c *Class) ([]Registration, error) {
	if c.Waiting == 0 {
		return nil, nil
	}
	all := make([]Registration, 0, c.Waiting)
	err := records.ClassRegistrations(c.ID, func(r Registration) bool {
		if r.Status == Waiting {
			all = append(all, r)
		}
		return len(all) < c.Waiting
	})
	if err != nil {
		return nil, fmt.Errorf("read waiting list: %w", err)
	}
	slices.SortFunc(all, inLine)
	return all, nil
}

// inLine orders the waiting list: by arrival, and behind all others those who
// let an offer run out, the longest ago first.
func inLine(a, b Registration) int {
	return cmp.Or(a.Lapsed.Compare(b.Lapsed), cmp.Compare(a.Number, b.Number))
}

// registrations reads all registrations of a class that are not cancelled.
func registrations(records Records, class string) ([]Registration, error) {
	var all []Registration
	err := records.ClassRegistrations(class, func(r Registration) bool {
		if r.Status != Cancelled {
			all = append(all, r)
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return all, nil
}

// second is t as it is kept.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
