package programme

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// AcceptOffer turns the seat offered to a registration into its own. Accepting
// once more changes nothing. The error is the [Problem] NoOffer where
// [Class.Offers] says no.
func AcceptOffer(records Records, id string, now time.Time, hold time.Duration) ([]Notice, error) {
	s, r, err := beginWith(records, id, now, hold)
	switch {
	case err != nil:
		return nil, err
	case r.Status == Seat:
		return nil, nil
	case !s.class.Offers(&r, now):
		return nil, Problem{Code: NoOffer}
	}
	if err := s.move(&r, Seat); err != nil {
		return nil, err
	}
	s.tell(NoticeAccepted, &r)
	return s.settle()
}

// DeclineOffer gives the seat offered to a registration to the next in line and
// takes the person out of the class. Declining once more changes nothing. The
// error is the [Problem] NoOffer when there is nothing to decline.
func DeclineOffer(records Records, id string, now time.Time, hold time.Duration) ([]Notice, error) {
	s, r, err := beginWith(records, id, now, hold)
	switch {
	case err != nil:
		return nil, err
	case r.Status == Cancelled && r.Reason == ReasonDeclined:
		return nil, nil
	case r.Status != Offered && !s.class.Offers(&r, now):
		return nil, Problem{Code: NoOffer}
	}
	return s.leave(&r, ReasonDeclined, NoticeDeclined)
}

// ExpireOffer ends an offer whose hold is over: the person goes to the end of
// the line and the seat to the next who never let one run out. An offer that
// was answered, extended or deleted meanwhile is left alone, so a stale timer
// does no harm. Nobody is told once the class has started.
func ExpireOffer(records Records, id string, now time.Time, hold time.Duration) ([]Notice, error) {
	s, r, err := beginWith(records, id, now, hold)
	if p, refused := errors.AsType[Problem](err); refused && p.Code == RegistrationUnknown {
		return nil, nil
	}
	if err != nil || r.Status != Offered || now.Before(r.HoldUntil) {
		return nil, err
	}
	if err := s.move(&r, Waiting); err != nil {
		return nil, err
	}
	if s.class.fills(now) {
		s.tell(NoticeOfferExpired, &r)
	}
	if err := s.fill(false); err != nil {
		return nil, err
	}
	return s.settle()
}

// CancelRegistration takes a person out of a class that has not started; a seat
// that frees is offered to the first in line. Cancelling once more changes
// nothing. The error is the [Problem] ClassStarted when it is too late.
func CancelRegistration(records Records, id string, now time.Time, hold time.Duration) ([]Notice, error) {
	s, r, err := beginWith(records, id, now, hold)
	switch {
	case err != nil:
		return nil, err
	case r.Status == Cancelled:
		return nil, nil
	case !now.Before(s.class.Starts()):
		return nil, Problem{Code: ClassStarted}
	}
	return s.leave(&r, ReasonAsked, NoticeCancelled)
}

// Leave takes a contact, colleagues included, out of every class that has not
// started, before their data is deleted. Freed seats are offered to the first
// in line. What they attended stays; [Registration.Nameless] takes the person
// out of that.
func Leave(records Records, contact string, now time.Time, hold time.Duration) ([]Notice, error) {
	var classes []string
	mine := map[string][]Registration{}
	err := records.ContactRegistrations(contact, func(r Registration) bool {
		if r.Status != Cancelled {
			if mine[r.Class] == nil {
				classes = append(classes, r.Class)
			}
			mine[r.Class] = append(mine[r.Class], r)
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	var all []Notice
	for _, class := range classes {
		notices, err := leaveClass(records, class, mine[class], now, hold)
		if err != nil {
			return nil, err
		}
		all = append(all, notices...)
	}
	return all, nil
}

// leaveClass cancels all of one contact's registrations in a class before the
// seats are offered, or one of them would be offered the seat of another.
func leaveClass(records Records, class string, mine []Registration, now time.Time, hold time.Duration) ([]Notice, error) {
	s, err := begin(records, class, now, hold)
	if err != nil || !now.Before(s.class.Starts()) {
		return nil, err
	}
	freed := false
	for i := range mine {
		freed = freed || mine[i].holdsSeat()
		if err := s.cancel(&mine[i], ReasonDeleted, NoticeCancelled); err != nil {
			return nil, err
		}
	}
	return s.passOn(freed)
}

// leave cancels r and offers what it held to the next in line.
func (s *seating) leave(r *Registration, why Reason, tell NoticeKind) ([]Notice, error) {
	freed := r.holdsSeat()
	if err := s.cancel(r, why, tell); err != nil {
		return nil, err
	}
	return s.passOn(freed)
}

// passOn offers free seats, if one was freed, and settles.
func (s *seating) passOn(freed bool) ([]Notice, error) {
	if freed {
		if err := s.fill(true); err != nil {
			return nil, err
		}
	}
	return s.settle()
}

// beginWith reads a registration and opens its class for a change.
func beginWith(records Records, id string, now time.Time, hold time.Duration) (*seating, Registration, error) {
	r, err := registration(records, id)
	if err != nil {
		return nil, r, err
	}
	s, err := begin(records, r.Class, now, hold)
	return s, r, err
}

func registration(records Records, id string) (Registration, error) {
	r, ok, err := records.Registration(strings.ToUpper(strings.TrimSpace(id)))
	if err != nil {
		return r, fmt.Errorf("read registration: %w", err)
	}
	if !ok {
		return r, Problem{Code: RegistrationUnknown}
	}
	return r, nil
}
