package content

import (
	"fmt"
	"io/fs"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"

	"sachhon/scheduler"
)

// readHolidays reads holidays.yaml.
func readHolidays(fsys fs.FS) (*page, scheduler.Holidays) {
	var h scheduler.Holidays
	p, root := readPage(fsys, "holidays.yaml")
	if root == nil {
		return p, h
	}
	d := p.fields(root, "holidays.yaml", "fixed", "tet", "hung_kings", "years")
	for _, n := range d.items("fixed") {
		h.Fixed = append(h.Fixed, p.fixedHoliday(n))
	}
	h.Tet = d.text("tet", worded{role: line})
	h.HungKings = d.text("hung_kings", worded{role: line})
	for _, name := range []string{"fixed", "tet", "hung_kings"} {
		if !d.has(name) {
			p.fail(root, "“"+name+"” is missing", "take it over from the file that `sachhon content export` writes")
		}
	}
	seen := map[int]bool{}
	for _, n := range d.items("years") {
		y := p.holidayYear(n)
		if seen[y.Year] {
			p.fail(n, fmt.Sprintf("the year %d is there twice", y.Year), "keep one of them")
		}
		seen[y.Year] = true
		h.Years = append(h.Years, y)
	}
	return p, h
}

func (p *page) fixedHoliday(n ast.Node) scheduler.FixedHoliday {
	d := p.fields(n, "a fixed holiday", "key", "on", "name", "pair", "planned")
	on := d.dayOfYear("on")
	return scheduler.FixedHoliday{Key: d.key("key"), Month: on.month, Day: on.day,
		Name: d.text("name", worded{role: line}), Pair: d.flag("pair"), Planned: d.flag("planned")}
}

func (p *page) holidayYear(n ast.Node) scheduler.HolidayYear {
	d := p.fields(n, "a year", "year", "tet", "hung_kings", "before_tet", "pair", "off", "work")
	year := int(d.number("year"))
	if year < scheduler.FirstYear || year > scheduler.LastYear {
		p.note(d.place("year"), Error, "“year: "+d.str("year")+"” is not a year of the calendar", fmt.Sprintf("write one from %d to %d", scheduler.FirstYear, scheduler.LastYear))
		return scheduler.HolidayYear{}
	}
	y := scheduler.ComputedYear(year)
	y.Tet = d.lunarDate("tet", y.Tet, y.Year)
	y.HungKings = d.lunarDate("hung_kings", y.HungKings, y.Year)
	if d.has("before_tet") {
		y.BeforeTet = int(d.number("before_tet"))
	}
	if y.BeforeTet != 1 && y.BeforeTet != 2 {
		p.note(d.place("before_tet"), Error, fmt.Sprintf("“before_tet: %s”: of the five days off, 1 or 2 come before Tết", d.str("before_tet")), "write 1 or 2")
	}
	switch pair := d.str("pair"); pair {
	case "", "before":
	case "after":
		y.PairAfter = true
	default:
		p.note(d.place("pair"), Error, "“pair: "+pair+"” is neither before nor after", "write before or after")
	}
	y.Off, y.Work = d.dates("off", y.Year), d.dates("work", y.Year)
	return y
}

// lunarDate reads a day of the lunar calendar and doubts one that is not the
// computed one: tables made for China are a day off in some years.
func (f fields) lunarDate(name string, computed scheduler.Date, year int) scheduler.Date {
	if !f.has(name) {
		return computed
	}
	on := f.date(f.str(name), f.place(name), year)
	if on != 0 && on != computed {
		f.p.note(f.place(name), Warning, fmt.Sprintf("by the Vietnamese calendar this day is %s in %d", computed, year), "correct it; the Chinese calendar has another day in some years")
	}
	return on
}

func (f fields) dates(name string, year int) []scheduler.Date {
	var list []scheduler.Date
	for _, n := range f.items(name) {
		list = append(list, f.date(f.p.str(n, name), placeOf(n), year))
	}
	return list
}

// date reads a date that should lie in the year; 0 when it cannot be read.
func (f fields) date(s string, at place, year int) scheduler.Date {
	on, err := scheduler.ParseDate(s)
	if err != nil {
		f.p.note(at, Error, "“"+s+"” is not a date", "write day/month/year, such as 17/2/2026")
		return 0
	}
	if y, _, _ := on.Civil(); y != year {
		f.p.note(at, Error, fmt.Sprintf("%s is not in %d", s, year), "put it into the line of its own year")
	}
	return on
}

// yearDay is a day that comes every year.
type yearDay struct {
	month time.Month
	day   int
}

// dayOfYear reads an entry such as 30/4. The 29th of February is a day.
func (f fields) dayOfYear(name string) yearDay {
	s := f.str(name)
	t, err := time.Parse("2/1/2006", s+"/"+strconv.Itoa(leapYear))
	if err != nil {
		f.p.note(f.place(name), Error, "“"+s+"” is not a day of the year", "write day/month, such as 30/4")
	}
	return yearDay{t.Month(), t.Day()}
}

const leapYear = 2024
