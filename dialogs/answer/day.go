package answer

import (
	"cmp"
	"fmt"
	"time"
)

// Day is a day of the calendar, without time or place. The zero value is no
// day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDay reads a day as written by [Day.String].
func ParseDay(iso string) (Day, error) {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return Day{}, fmt.Errorf("read day: %w", err)
	}
	return dayOf(t), nil
}

func dayOf(t time.Time) Day { return Day{t.Year(), t.Month(), t.Day()} }

func (d Day) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String returns the day in the form of ISO 8601: "2027-03-15".
func (d Day) String() string { return d.time().Format(time.DateOnly) }

// Valid says whether the calendar has the day: 31 February is none.
func (d Day) Valid() bool { return dayOf(d.time()) == d }

// IsZero says whether d is the zero Day.
func (d Day) IsZero() bool { return d == Day{} }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }

// AddDays returns the day n days after d, before it if n is negative.
func (d Day) AddDays(n int) Day { return dayOf(d.time().AddDate(0, 0, n)) }

// DaysUntil returns how many days e is after d; negative if it is before.
func (d Day) DaysUntil(e Day) int { return int(e.time().Sub(d.time()) / (24 * time.Hour)) }

// Compare returns −1 if d is before e, 0 if they are the same day, 1 if d is
// after e.
func (d Day) Compare(e Day) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}
