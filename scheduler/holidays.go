package scheduler

import (
	"time"

	"sachhon/dialogs"
)

// Holidays is the table of paid holidays that the centre's staff edit (Labour
// Code 2019, article 112): the days that return each year, and what was decided
// for single years. The content holds it.
type Holidays struct {
	Fixed []FixedHoliday
	// Tet and HungKings name the two holidays of the lunar calendar.
	Tet, HungKings dialogs.Text
	Years          []HolidayYear
}

// FixedHoliday is a holiday on the same day of every year.
type FixedHoliday struct {
	Key   string
	Month time.Month
	Day   int
	Name  dialogs.Text
	// Pair says that one day next to it is off too, before or after it as each
	// year decides (2 September).
	Pair bool
	// Planned says that the day is not enacted, and so a working day as yet.
	Planned bool
}

// HolidayYear is what one year adds: the days of the lunar calendar and what
// was decided. A year without an entry goes by the computed lunar calendar, one
// day off before Tết and the day before 2 September.
type HolidayYear struct {
	Year int
	// Tet is mùng 1, HungKings the 10th of the third lunar month.
	Tet, HungKings Date
	// BeforeTet is how many of the five days of Tết come before mùng 1: 1 or 2.
	BeforeTet int
	// PairAfter says that the day after 2 September is off, not the one before.
	PairAfter bool
	// Off are further days off, Work weekend days worked in exchange.
	Off, Work []Date
}

// tetDays is how many days of Tết are off.
const tetDays = 5

// ComputedYear returns the entry of a year that nobody wrote.
func ComputedYear(year int) HolidayYear {
	return HolidayYear{Year: year, Tet: lunarDate(year, 1, 1), HungKings: lunarDate(year, 3, 10), BeforeTet: 1}
}

// year returns the entry of a year, or the computed one.
func (h *Holidays) year(year int) HolidayYear {
	for _, y := range h.Years {
		if y.Year == year {
			return y
		}
	}
	return ComputedYear(year)
}

// holiday is one day off by law.
type holiday struct {
	on   Date
	name dialogs.Text
}

// of lists the holidays of a year, those at a weekend included.
func (h *Holidays) of(y HolidayYear) []holiday {
	var list []holiday
	for _, f := range h.Fixed {
		if f.Planned {
			continue
		}
		on := clamped(y.Year, f.Month, f.Day)
		list = append(list, holiday{on, f.Name})
		if f.Pair && y.PairAfter {
			list = append(list, holiday{on + 1, f.Name})
		} else if f.Pair {
			list = append(list, holiday{on - 1, f.Name})
		}
	}
	for i := range Date(tetDays) {
		list = append(list, holiday{y.Tet - Date(y.BeforeTet) + i, h.Tet})
	}
	return append(list, holiday{y.HungKings, h.HungKings})
}
