package scheduler

import (
	"cmp"
	"slices"
	"time"

	"sachhon/dialogs"
)

// DayKind says what sort of a day it is for the centre.
type DayKind uint8

// The kinds of days.
const (
	// WorkingDay is a day on which the centre works.
	WorkingDay DayKind = iota
	// QuietDay is a working day from 23 tháng Chạp to mùng 6, when people have
	// other things on their minds: no promotion (house rule).
	QuietDay
	// Weekend is a Saturday or a Sunday.
	Weekend
	// Holiday is a paid holiday, or a further day off that was decided.
	Holiday
	// Compensation is a day off for a holiday that fell on a weekend (Labour
	// Code 2019, article 111: the next working day).
	Compensation
)

// Days knows which days are worked. It is immutable and safe for use by any
// number of goroutines.
type Days struct {
	zone  *time.Location
	first Date
	marks []mark // one a day from first on
	names []dialogs.Text
}

type mark struct {
	kind DayKind
	name uint8 // of Days.names
}

// The years whose holidays a [Days] knows; the days of all others are told
// apart by the weekday only.
const FirstYear, LastYear = 2020, 2060

// NewDays returns the days of a table of holidays, told apart in zone.
func NewDays(h Holidays, zone *time.Location) *Days {
	first := DateOf(FirstYear, time.January, 1)
	d := &Days{zone: zone, first: first, marks: make([]mark, DateOf(LastYear+1, time.January, 1)-first), names: make([]dialogs.Text, 1)}
	for i := range d.marks {
		d.marks[i].kind = plainDay(first + Date(i))
	}
	for year := FirstYear; year <= LastYear; year++ {
		d.mark(&h, h.year(year))
	}
	return d
}

func plainDay(on Date) DayKind {
	if w := on.Weekday(); w == time.Saturday || w == time.Sunday {
		return Weekend
	}
	return WorkingDay
}

// mark enters a year: its quiet days, what was decided, its holidays and the
// days off for those at a weekend.
func (d *Days) mark(h *Holidays, y HolidayYear) {
	for _, on := range y.Work {
		d.set(on, WorkingDay, dialogs.Text{})
	}
	for on := kitchenGods(y.Tet); on <= y.Tet+5; on++ {
		if d.at(on).kind == WorkingDay {
			d.set(on, QuietDay, dialogs.Text{})
		}
	}
	list := h.of(y)
	slices.SortFunc(list, func(a, b holiday) int { return cmp.Compare(a.on, b.on) })
	for _, l := range list {
		d.set(l.on, Holiday, l.name)
	}
	for _, l := range list {
		if plainDay(l.on) == Weekend {
			d.set(d.free(l.on), Compensation, l.name)
		}
	}
	for _, on := range y.Off {
		if d.at(on).kind <= Weekend {
			d.set(on, Holiday, dialogs.Text{})
		}
	}
}

// free returns the next day on which there is work.
func (d *Days) free(on Date) Date {
	for d.at(on).kind > QuietDay {
		on++
	}
	return on
}

func (d *Days) set(on Date, kind DayKind, name dialogs.Text) {
	i := int(on - d.first)
	if i < 0 || i >= len(d.marks) {
		return
	}
	n := slices.Index(d.names, name)
	if n < 0 {
		n, d.names = len(d.names), append(d.names, name)
	}
	d.marks[i] = mark{kind, uint8(n)}
}

func (d *Days) at(on Date) mark {
	if i := int(on - d.first); i >= 0 && i < len(d.marks) {
		return d.marks[i]
	}
	return mark{kind: plainDay(on)}
}

// Kind returns what sort of a day t falls on.
func (d *Days) Kind(t time.Time) DayKind {
	on, _ := DateIn(d.zone, t)
	return d.at(on).kind
}

// Name returns the holiday that t falls on, or that is compensated on that day;
// empty on any other.
func (d *Days) Name(t time.Time) dialogs.Text {
	on, _ := DateIn(d.zone, t)
	return d.names[d.at(on).name]
}

// Working says whether the centre works on the day of t.
func (d *Days) Working(t time.Time) bool { return d.Kind(t) <= QuietDay }

// Quiet says whether the day of t is kept free of promotion: all but plain
// working days.
func (d *Days) Quiet(t time.Time) bool { return d.Kind(t) != WorkingDay }

// Zone returns where the days begin and end.
func (d *Days) Zone() *time.Location { return d.zone }
