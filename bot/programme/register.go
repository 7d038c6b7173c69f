package programme

import (
	"fmt"
	"strings"
	"time"
)

// RegisterRequest is a person to be registered for a class. The fields mean
// what those of [Registration] do; only Class and Name are required. Consent is
// the caller's to ask for.
type RegisterRequest struct {
	Class, Contact string
	Colleague      bool

	Name, Enterprise, TaxCode, Phone, Email, Position, Department, Sector, Ward string

	Role Role
}

// Outcome is what a registration came to.
type Outcome string

// The outcomes.
const (
	OutcomeSeat      Outcome = "seat"
	OutcomeWaiting   Outcome = "waiting"
	OutcomeAlready   Outcome = "already"   // the person is in the class
	OutcomeQuota     Outcome = "quota"     // the enterprise holds all the seats it may
	OutcomeNotOpen   Outcome = "notopen"   // planned, not open yet
	OutcomeClosed    Outcome = "closed"    // registration is over
	OutcomeStarted   Outcome = "started"   // the class has begun or is over
	OutcomeCancelled Outcome = "cancelled" // the class was cancelled
	OutcomeUnknown   Outcome = "unknown"   // there is no such class
)

// Result tells how a registration went.
type Result struct {
	Outcome Outcome
	// Registration is the new one or, when the person is in the class already,
	// that one: it may be another contact's, who alone should see its code.
	Registration Registration
	// Position is the place in the waiting list, from 1; 0: not on it.
	Position int
	// Quota is how many seats one enterprise may hold; 0: no limit.
	Quota int
}

// Register puts a person into a class, with a seat where one is free, else on
// the waiting list. Whoever is in the class is told so, even after registration
// has closed. The error is a [Problem] when the request has no name.
func Register(records Records, req RegisterRequest, now time.Time) (Result, []Notice, error) {
	r := req.registration()
	if r.Name == "" {
		return Result{}, nil, Problem{Code: NameMissing}
	}
	c, ok, err := records.Class(r.Class)
	if err != nil {
		return Result{}, nil, fmt.Errorf("read class: %w", err)
	}
	if !ok {
		return Result{Outcome: OutcomeUnknown}, nil, nil
	}
	res := Result{Quota: c.PerEnterprise}
	if res.Registration, ok, err = present(records, &r); err != nil {
		return Result{}, nil, err
	}
	if ok {
		res.Outcome = OutcomeAlready
		res.Position, err = Position(records, &res.Registration)
		return res, nil, err
	}
	if res.Outcome = c.refuses(&r, now); res.Outcome != "" {
		return res, nil, nil
	}
	return enter(records, &c, r, now)
}

// refuses says why the class does not take r; "" when it does.
func (c *Class) refuses(r *Registration, now time.Time) Outcome {
	switch c.Status(now) {
	case StatusPlanned:
		return OutcomeNotOpen
	case StatusClosed:
		return OutcomeClosed
	case StatusRunning, StatusFinished:
		return OutcomeStarted
	case StatusCancelled:
		return OutcomeCancelled
	}
	if !c.hasRoomFor(r) {
		return OutcomeQuota
	}
	return ""
}

// enter writes r into the class. A newcomer stands before those who let an
// offer run out and behind everybody else, so the line need not be read.
func enter(records Records, c *Class, r Registration, now time.Time) (Result, []Notice, error) {
	s := seating{records: records, class: *c, now: now}
	s.class.Numbered++
	r.Number = s.class.Numbered
	r.ID = registrationID(c.ID, r.Number)
	r.Created, r.Changed = second(now), second(now)
	res := Result{Outcome: OutcomeSeat, Quota: c.PerEnterprise}
	kind := NoticeRegistered
	r.Status = Seat
	if c.Left() <= 0 {
		res.Outcome, kind, r.Status = OutcomeWaiting, NoticeWaitlisted, Waiting
	}
	s.class.count(&r, +1)
	if err := s.put(&r); err != nil {
		return Result{}, nil, err
	}
	s.tell(kind, &r)
	notices, err := s.settle()
	if err != nil {
		return Result{}, nil, err
	}
	if r.Status == Waiting {
		res.Position = s.class.Waiting - s.class.Lapsed
		notices[0].Position = res.Position
	}
	res.Registration = r
	return res, notices, nil
}

// present finds the person of r in the class; false when they are not in it.
// Registrations of one contact are few, those of one phone in one class fewer.
func present(records Records, r *Registration) (found Registration, ok bool, err error) {
	look := func(o Registration) bool {
		if o.Class == r.Class && o.Status != Cancelled && r.SamePerson(o) {
			found, ok = o, true
		}
		return !ok
	}
	if r.Phone != "" {
		err = records.PhoneRegistrations(r.Class, r.Phone, look)
	}
	if err == nil && !ok && r.Contact != "" {
		err = records.ContactRegistrations(r.Contact, look)
	}
	if err != nil {
		return found, false, fmt.Errorf("look for the person: %w", err)
	}
	return found, ok, nil
}

func (q *RegisterRequest) registration() Registration {
	return Registration{
		Class: strings.ToLower(strings.TrimSpace(q.Class)), Contact: q.Contact, Colleague: q.Colleague,
		Name: oneLine(q.Name), Enterprise: oneLine(q.Enterprise), TaxCode: strings.TrimSpace(q.TaxCode),
		Phone: strings.TrimSpace(q.Phone), Email: strings.TrimSpace(q.Email), Position: oneLine(q.Position),
		Department: oneLine(q.Department), Sector: q.Sector, Ward: oneLine(q.Ward), Role: q.Role,
	}
}
