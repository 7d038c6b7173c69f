package programme

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is why an action was refused. It is the caller's fault, not the
// program's: nothing was written.
type Problem struct {
	Code Code
	// Session is the session it is about, from 1; 0: none.
	Session int
	// Item is which of the list in the request it is about, from 1; 0: none.
	Item int
}

// Code names a kind of problem, for programs and for wording it in another
// language.
type Code string

// The problems.
const (
	TitleMissing        Code = "title_missing"
	TitleLong           Code = "title_long"
	ContentLong         Code = "content_long"
	VenueMissing        Code = "venue_missing"
	VenueLong           Code = "venue_long"
	SectorUnknown       Code = "sector_unknown"
	SessionsMissing     Code = "sessions_missing"
	SessionOrder        Code = "session_order"
	SessionOverlap      Code = "session_overlap"
	SessionsPast        Code = "sessions_past"
	SeatsTooFew         Code = "seats_too_few"
	SeatsTooMany        Code = "seats_too_many"
	SeatsHeld           Code = "seats_held"
	QuotaNegative       Code = "quota_negative"
	ClosesLate          Code = "closes_late"
	ClassUnknown        Code = "class_unknown"
	ClassStarted        Code = "class_started"
	ClassOver           Code = "class_over"
	ClassCancelled      Code = "class_cancelled"
	RegistrationUnknown Code = "registration_unknown"
	NameMissing         Code = "name_missing"
	NoOffer             Code = "no_offer"
	NoSeat              Code = "no_seat"
	AttendanceTooSoon   Code = "attendance_too_soon"
	AttendanceUnknown   Code = "attendance_unknown"
	RequestStateUnknown Code = "request_state_unknown"
	RequestOver         Code = "request_over"
	RequestBackwards    Code = "request_backwards"
	ReasonMissing       Code = "reason_missing"
	ReasonLong          Code = "reason_long"
	NeedLong            Code = "need_long"
	SessionUnknown      Code = "session_unknown"
)

// sentences says each problem and what to do about it.
var sentences = map[Code]string{
	TitleMissing:        "the class has no title; give it one in Vietnamese",
	TitleLong:           fmt.Sprintf("the title is longer than %d characters; shorten it", maxTitle),
	ContentLong:         fmt.Sprintf("the text on what the class covers is longer than %d characters; shorten it", maxContent),
	VenueMissing:        "the class has no venue; say where it is held",
	VenueLong:           fmt.Sprintf("the venue is longer than %d characters; shorten it", maxVenue),
	SectorUnknown:       "there is no such sector; use wood, tobacco, food or chemicals, or none for all",
	SessionsMissing:     "the class has no session; say when it starts and ends",
	SessionOrder:        "the end is not after the start; correct one of them",
	SessionOverlap:      "the session begins before the one before it has ended; correct the times",
	SessionsPast:        "the class would be over already; check the year",
	SeatsTooFew:         "a class needs at least one seat; give the number of seats",
	SeatsTooMany:        fmt.Sprintf("a class has at most %d seats; check the number", maxSeats),
	SeatsHeld:           "more seats than that are taken or offered; cancel registrations first",
	QuotaNegative:       "the limit for one enterprise is below zero; use 0 for no limit",
	ClosesLate:          "registration would close after the class has started; choose an earlier time",
	ClassUnknown:        "there is no such class; check its id",
	ClassStarted:        "the class has already started; that can be changed no more",
	ClassOver:           "the class is over",
	ClassCancelled:      "the class was cancelled; add a new one instead",
	RegistrationUnknown: "there is no such registration; check its code",
	NameMissing:         "the registration has no name; give the name of the person who attends",
	NoOffer:             "no seat is offered to this registration",
	NoSeat:              "this registration has no seat",
	AttendanceTooSoon:   "attendance can be marked from two hours before the class",
	AttendanceUnknown:   "attendance is attended, absent or seat (not marked)",
	RequestStateUnknown: "there is no such state; use contacted, scheduled, surveyed, reported, followed_up, closed or declined",
	RequestOver:         "the request is closed or declined; that can be changed no more",
	RequestBackwards:    "a request goes forward only, and can be declined until the survey",
	ReasonMissing:       "a request is declined for a reason; give it with --reason",
	ReasonLong:          fmt.Sprintf("the reason is longer than %d characters; shorten it", maxReason),
	NeedLong:            fmt.Sprintf("the need is longer than %d characters; shorten it", maxNeed),
	SessionUnknown:      "the class has no such session; they count from 1",
}

// Codes returns every code, in order: for whoever words them in another language.
func Codes() []Code { return slices.Sorted(maps.Keys(sentences)) }

// Error says the problem and what to do about it, in English.
func (p Problem) Error() string {
	if p.Session > 0 {
		return fmt.Sprintf("session %d: %s", p.Session, sentences[p.Code])
	}
	return sentences[p.Code]
}

// Problems are all that was found wrong with a request; never empty.
type Problems []Problem

// Error says all problems.
func (ps Problems) Error() string {
	words := make([]string, len(ps))
	for i, p := range ps {
		words[i] = p.Error()
	}
	return strings.Join(words, "; ")
}

// Unwrap makes each problem one that errors.As finds.
func (ps Problems) Unwrap() []error {
	out := make([]error, len(ps))
	for i, p := range ps {
		out[i] = p
	}
	return out
}
