package documents

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// CalendarEvent is one session (buổi) of a class in somebody's calendar.
type CalendarEvent struct {
	// UID names the event for ever. A file with the same UID and a higher
	// Sequence replaces the event in the calendar; so it must be made from
	// registration and session and from nothing that changes.
	UID         string
	Summary     string // the line in the calendar
	Location    string // the venue; empty: left out
	Description string // may have several lines; empty: left out
	// Organizer is who answers for it, shown by name with the address behind
	// it. Without an address there is none.
	Organizer    mail.Address
	Starts, Ends time.Time // Ends after Starts; of any zone
	Sequence     int       // 0 at first, one more with every change
	Cancelled    bool      // the session does not take place
}

// The reminders in the calendar, as RFC 5545 durations before the start: the
// day before to arrange for it, two hours before to leave.
var alarms = []string{"-P1D", "-PT2H"}

// Calendar returns an iCalendar file (RFC 5545, METHOD:PUBLISH) with the
// events, for phones and desktop calendars to take in. The product names the
// program that made it (PRODID), stamp is when. Times are written in UTC,
// which every calendar shows in the zone of its owner. Cancelled events carry
// STATUS:CANCELLED and no reminder.
//
// It is an error if there is no event, or if one has no UID, that of another,
// no summary, a negative sequence or an end that is not after its start.
func Calendar(product string, stamp time.Time, events []CalendarEvent) ([]byte, error) {
	if err := checkEvents(events); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	cal := ics.NewCalendar()
	cal.SetProductId(oneLine(product))
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	for _, e := range events {
		e.addTo(cal, stamp)
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	return b.Bytes(), nil
}

func checkEvents(events []CalendarEvent) error {
	if len(events) == 0 {
		return errors.New("no events")
	}
	seen := make(map[string]bool, len(events))
	for i, e := range events {
		switch uid := oneLine(e.UID); {
		case uid == "":
			return fmt.Errorf("event %d has no UID", i+1)
		case seen[uid]:
			return fmt.Errorf("event %d has the UID of an earlier one", i+1)
		case oneLine(e.Summary) == "":
			return fmt.Errorf("event %d has no summary", i+1)
		case e.Sequence < 0:
			return fmt.Errorf("event %d has the sequence %d", i+1, e.Sequence)
		case !e.Ends.After(e.Starts):
			return fmt.Errorf("event %d ends before it has begun", i+1)
		default:
			seen[uid] = true
		}
	}
	return nil
}

func (e CalendarEvent) addTo(cal *ics.Calendar, stamp time.Time) {
	summary := oneLine(e.Summary)
	v := cal.AddEvent(oneLine(e.UID))
	v.SetDtStampTime(stamp)
	v.SetStartAt(e.Starts)
	v.SetEndAt(e.Ends)
	v.SetSequence(e.Sequence)
	v.SetSummary(summary)
	if l := oneLine(e.Location); l != "" {
		v.SetLocation(l)
	}
	if d := tidyLines(e.Description); d != "" {
		v.SetDescription(d)
	}
	if e.Organizer.Address != "" {
		v.SetOrganizer("mailto:"+url.PathEscape(e.Organizer.Address), organizerName(e.Organizer)...)
	}
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
		return
	}
	v.SetStatus(ics.ObjectStatusConfirmed)
	for _, before := range alarms {
		a := v.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(before)
		a.SetDescription(summary)
	}
}

// organizerName is the CN parameter. A parameter has no way to escape the
// signs that end it (RFC 5545, 3.2), so they become spaces.
func organizerName(a mail.Address) []ics.PropertyParameter {
	name := oneLine(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`,;:"'\`, r) {
			return ' '
		}
		return r
	}, a.Name))
	if name == "" {
		return nil
	}
	return []ics.PropertyParameter{ics.WithCN(name)}
}
