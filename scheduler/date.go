package scheduler

import (
	"fmt"
	"time"
)

// Date is a day of the calendar, counted from 1 January 1970, which is 0. Dates
// are compared and counted with as plain numbers.
type Date int32

// DateOf returns the date; days and months beyond their range run over as with
// time.Date.
func DateOf(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

const secondsADay = 24 * 60 * 60

// DateIn returns the date in zone and the seconds since its midnight.
func DateIn(zone *time.Location, t time.Time) (d Date, clock int) {
	_, offset := t.In(zone).Zone()
	local := t.Unix() + int64(offset)
	d = Date(local / secondsADay)
	if clock = int(local % secondsADay); clock < 0 {
		d, clock = d-1, clock+secondsADay
	}
	return d, clock
}

// ParseDate reads a date as it is written in Vietnam: day/month/year.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2/1/2006", s)
	if err != nil {
		return 0, fmt.Errorf("read date %q: want day/month/year such as 17/2/2026: %w", s, err)
	}
	return Date(t.Unix() / secondsADay), nil
}

// At returns the moment of the date at which clocks in zone show the minutes
// after midnight.
func (d Date) At(minutes int, zone *time.Location) time.Time {
	year, month, day := d.midnight().Date()
	return time.Date(year, month, day, 0, minutes, 0, 0, zone)
}

// Civil returns year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.midnight().Date() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 11) % 7) }

// String returns the date as [ParseDate] reads it.
func (d Date) String() string { return d.midnight().Format("2/1/2006") }

func (d Date) midnight() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

// clamped returns the day of the month, or its last day where the month is
// shorter: the 31st of April is the 30th, 29 February of 2027 the 28th. Months
// beyond December run into the next years.
func clamped(year int, month time.Month, day int) Date {
	return min(DateOf(year, month, day), DateOf(year, month+1, 0))
}

// addMonths returns the same day some months later, the last day of that month
// where it is shorter.
func addMonths(d Date, months int) Date {
	year, month, day := d.Civil()
	return clamped(year, month+time.Month(months), day)
}
