package programme

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Request asks for a quick assessment on site (đánh giá nhanh: experts look at
// the plant for 2–3 days). Times are whole seconds, UTC.
type Request struct {
	ID uint64 `json:"id"` // counts from 1
	// Contact is who asked; empty: they were deleted.
	Contact    string `json:"contact,omitempty"`
	Name       string `json:"name,omitempty"`
	Phone      string `json:"phone,omitempty"` // E.164
	Enterprise string `json:"enterprise,omitempty"`
	TaxCode    string `json:"tax_code,omitempty"`
	Sector     string `json:"sector,omitempty"`
	Need       string `json:"need,omitempty"` // in the person's own words
	// Weeks are the Mondays (ISO date) of the weeks that suit; empty: any.
	Weeks []string `json:"weeks,omitempty"`
	// Assessment is the self-check it came from; 0: none.
	Assessment uint64       `json:"assessment,omitempty"`
	State      RequestState `json:"state"`
	Reason     string       `json:"reason,omitempty"` // why it was declined
	Steps      []Step       `json:"steps"`            // every state it had, in order
	Created    time.Time    `json:"created"`
	Changed    time.Time    `json:"changed"`
}

// Step is a state and when it was reached.
type Step struct {
	State RequestState `json:"state"`
	At    time.Time    `json:"at"`
}

// RequestState is how far a request has come.
type RequestState string

// The states, in their order; RequestDeclined ends a request at any time before
// the survey.
const (
	RequestReceived   RequestState = "received"
	RequestContacted  RequestState = "contacted"
	RequestScheduled  RequestState = "scheduled"
	RequestSurveyed   RequestState = "surveyed"
	RequestReported   RequestState = "reported"
	RequestFollowedUp RequestState = "followed_up"
	RequestClosed     RequestState = "closed"
	RequestDeclined   RequestState = "declined"
)

// RequestStates lists the states in their order, the way out last.
func RequestStates() []RequestState {
	return []RequestState{RequestReceived, RequestContacted, RequestScheduled, RequestSurveyed, RequestReported,
		RequestFollowedUp, RequestClosed, RequestDeclined}
}

// Open says whether the centre still has something to do.
func (r *Request) Open() bool { return r.State != RequestClosed && r.State != RequestDeclined }

// The longest texts of a request, in characters.
const (
	maxNeed   = 500
	maxReason = 300
)

// Set brings the request to another state. States go forward only, some may be
// left out; declining needs a reason and is possible until the survey. The
// error is a [Problem]; setting the state it has changes nothing.
func (r *Request) Set(to RequestState, reason string, now time.Time) error {
	order := RequestStates()
	from, at := slices.Index(order, r.State), slices.Index(order, to)
	reason = oneLine(reason)
	switch {
	case at < 0:
		return Problem{Code: RequestStateUnknown}
	case to == r.State:
		return nil
	case !r.Open():
		return Problem{Code: RequestOver}
	case to == RequestDeclined && reason == "":
		return Problem{Code: ReasonMissing}
	case longer(reason, maxReason):
		return Problem{Code: ReasonLong}
	case to == RequestDeclined && from >= slices.Index(order, RequestSurveyed), to != RequestDeclined && at < from:
		return Problem{Code: RequestBackwards}
	}
	r.State, r.Changed = to, second(now)
	if to == RequestDeclined {
		r.Reason = reason
	}
	r.Steps = append(r.Steps, Step{to, second(now)})
	return nil
}

// Nameless returns r with nothing left of the person or the enterprise; one
// that was open is declined, since there is nobody to visit.
func (r *Request) Nameless(now time.Time) Request {
	n := *r
	n.Contact, n.Name, n.Phone, n.Enterprise, n.TaxCode, n.Need, n.Reason = "", "", "", "", "", "", ""
	n.Steps = slices.Clone(r.Steps)
	if n.Open() {
		n.State, n.Reason, n.Changed = RequestDeclined, string(ReasonDeleted), second(now)
		n.Steps = append(n.Steps, Step{n.State, n.Changed})
	}
	return n
}

// RequestRecords keeps requests, inside one transaction.
type RequestRecords interface {
	// Request returns a request; false when there is none.
	Request(id uint64) (Request, bool, error)
	// PutRequest keeps r; a new one (ID 0) gets its number.
	PutRequest(r *Request) error
	// Requests calls fn for every request, the oldest first, until it returns
	// false.
	Requests(fn func(Request) bool) error
	// ContactRequests does so for those of one contact.
	ContactRequests(contact string, fn func(Request) bool) error
}

// OpenRequest returns the request of a contact that is under way; false when
// there is none.
func OpenRequest(records RequestRecords, contact string) (found Request, ok bool, err error) {
	err = records.ContactRequests(contact, func(r Request) bool {
		if r.Open() {
			found, ok = r, true
		}
		return !ok
	})
	return found, ok, err
}

// Ask keeps a new request. While one of the contact's is open that one comes
// back and fresh is false: asking twice is asking once.
func Ask(records RequestRecords, r Request, now time.Time) (kept Request, fresh bool, err error) {
	if kept, open, err := OpenRequest(records, r.Contact); err != nil || open {
		return kept, false, err
	}
	r.Name, r.Enterprise = oneLine(r.Name), oneLine(r.Enterprise)
	r.Need = strings.TrimSpace(r.Need)
	switch {
	case r.Name == "":
		return r, false, Problem{Code: NameMissing}
	case longer(r.Need, maxNeed):
		return r, false, Problem{Code: NeedLong}
	}
	r.ID, r.State, r.Created, r.Changed = 0, RequestReceived, second(now), second(now)
	r.Steps = []Step{{RequestReceived, second(now)}}
	if err := records.PutRequest(&r); err != nil {
		return r, false, fmt.Errorf("keep request: %w", err)
	}
	return r, true, nil
}

// Weeks returns the Mondays of the n weeks that follow the one of now.
func Weeks(now time.Time, n int) []time.Time {
	monday := now.AddDate(0, 0, 7-(int(now.Weekday())+6)%7)
	weeks := make([]time.Time, n)
	for i := range weeks {
		weeks[i] = monday.AddDate(0, 0, 7*i)
	}
	return weeks
}
