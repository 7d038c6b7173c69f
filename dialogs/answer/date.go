package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	firstYear = 1900
	lastYear  = 2199
	farAway   = 183 // days: with no year given, a day further off is asked about
)

// Date reads a day, today being the day on which it was said: "5/2",
// "5-2-2027", "ngày 15 tháng 3", "mai", "thứ Ba tới", "15 March 2027". The day
// comes before the month, always. Without a year the next such day is meant, or
// perhaps the last one if the next is more than six months away. "Thứ Ba tới"
// is the first Tuesday after today.
func Date(s string, today Day) Result[Day] {
	text := Clean(s)
	switch {
	case text == "":
		return wrong[Day](ProblemEmpty)
	case len(text) > maxAnswer:
		return wrong[Day](ProblemTooLong)
	}
	d := dateReader{text: datePlain(text), today: today, typed: text}
	if d.text == "" {
		return wrong[Day](ProblemDateForm)
	}
	r := d.read()
	for _, day := range r.Candidates {
		if day.Year < firstYear || day.Year > lastYear {
			return wrong[Day](ProblemDateForm)
		}
	}
	return r
}

// dateReader reads one text.
type dateReader struct {
	typed string // clean
	text  string // see datePlain
	today Day
}

// lunarWords are words of the lunar calendar, which is not read.
var lunarWords = lazily(`\b(am lich|gieng|chap|ram|tet)\b`)

// weekdayAnd is a weekday before a date: "thứ Năm, 10/12/2026".
var weekdayAnd = lazily(`^(` + weekdayWords + `) (?:ngay )?(.*\d.*)$`)

// solarWords say that the calendar is not the lunar one.
var solarWords = lazily(` duong(?: lich)?$`)

// countedDay is a day of the first ten counted by "mùng", which is of the lunar
// calendar more often than not.
var countedDay = lazily(`^(?:mung|mong) (.+)$`)

func (d dateReader) read() Result[Day] {
	if lunarWords().MatchString(plainLetters(d.typed)) {
		return wrong[Day](ProblemDateLunar)
	}
	text := solarWords().ReplaceAllString(d.text, "")
	if m := countedDay().FindStringSubmatch(text); m != nil {
		r := d.numbered(m[1])
		if len(r.Candidates) > 0 && text == d.text {
			r.Problem = ProblemDateLunar
		}
		return r
	}
	for _, form := range []func(string) Result[Day]{d.numbered, d.relative, d.weekday, d.period} {
		if r := form(text); r.Problem != ProblemDateForm || len(r.Candidates) > 0 {
			return r
		}
	}
	// "Thu" before a number alone is "thứ 8" sooner than an English Thursday.
	if m := weekdayAnd().FindStringSubmatch(text); m != nil && (m[1] != "thu" || !dayOfMonth().MatchString(m[2])) {
		return d.checked(weekdayOf(m[1]), d.numbered(m[2]))
	}
	return wrong[Day](ProblemDateForm)
}

// checked holds a date against the weekday said before it.
func (d dateReader) checked(want time.Weekday, r Result[Day]) Result[Day] {
	fitting := slices.DeleteFunc(slices.Clone(r.Candidates), func(day Day) bool { return day.Weekday() != want })
	switch {
	case len(r.Candidates) == 0:
		return r
	case len(fitting) == 1:
		return sure(fitting[0])
	default:
		return doubtful(ProblemDateWeekday, r.Candidates...)
	}
}

const (
	monthWords = `january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec`
	yearPart   = `(\d{4}|\d{2})`
)

// The forms of a date with numbers. The groups are day, month and year, in the
// order of the slice beside each.
var dateForms = []struct {
	form             func() *regexp.Regexp
	day, month, year int
}{
	{lazily(`^(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})$`), 3, 2, 1},
	{lazily(`^(\d{1,2}) ?[-/. ] ?(\d{1,2})(?: ?[-/. ] ?` + yearPart + `)?$`), 1, 2, 3},
	{lazily(`^(\d{1,2}) ?(?:thang|thg|t) ?(\d{1,2})(?:(?: nam | ?[-/.] ?| )` + yearPart + `)?$`), 1, 2, 3},
	{lazily(`^(\d{1,2}) ?(?:st|nd|rd|th)?(?: of)?[ -/]?(` + monthWords + `)\.?(?:[ -/]` + yearPart + `)?$`), 1, 2, 3},
	{lazily(`^(` + monthWords + `)\.? (?:the )?(\d{1,2}) ?(?:st|nd|rd|th)?(?: ` + yearPart + `)?$`), 2, 1, 3},
}

// compactDate is a date without any separator: 15032027.
var compactDate = lazily(`^(\d{2})(\d{2})(\d{4})$`)

// numbered reads a date that gives at least its day and month.
func (d dateReader) numbered(text string) Result[Day] {
	if m := compactDate().FindStringSubmatch(text); m != nil {
		if r := d.day(m[1], m[2], m[3]); len(r.Candidates) > 0 {
			return doubtful(ProblemDateForm, r.Candidates...)
		}
	}
	for _, f := range dateForms {
		if m := f.form().FindStringSubmatch(text); m != nil {
			return d.day(m[f.day], m[f.month], m[f.year])
		}
	}
	return d.dayAlone(text)
}

// day makes a date of its parts; year may be "".
func (d dateReader) day(day, month, year string) Result[Day] {
	n, m := number(day), time.Month(number(month))
	if m == 0 && len(month) >= 3 {
		m = englishMonth(month)
	}
	if year == "" {
		return d.withoutYear(n, m)
	}
	y := number(year)
	if len(year) == 2 {
		if y += d.today.Year / 100 * 100; y > d.today.Year+20 {
			y -= 100
		}
	}
	on := Day{y, m, n}
	switch {
	case y < firstYear || y > lastYear:
		return wrong[Day](ProblemDateForm)
	case !on.Valid():
		return wrong[Day](ProblemDateMissing)
	default:
		return sure(on)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func englishMonth(name string) time.Month {
	return time.Month(strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", name[:3])/3 + 1)
}

// withoutYear finds the next such day, today included, and the last.
func (d dateReader) withoutYear(day int, month time.Month) Result[Day] {
	next, last := Day{}, Day{}
	// 29 February may be eight years away.
	for off := 8; off >= 0; off-- {
		if on := (Day{d.today.Year + off, month, day}); on.Valid() && on.Compare(d.today) >= 0 {
			next = on
		}
		if on := (Day{d.today.Year - off, month, day}); on.Valid() && on.Compare(d.today) < 0 {
			last = on
		}
	}
	switch {
	case next.IsZero() || last.IsZero():
		return wrong[Day](ProblemDateMissing)
	case d.today.DaysUntil(next) > farAway:
		return doubtful(ProblemDateYear, next, last)
	default:
		return sure(next)
	}
}

// dayOfMonth is a day without its month: "15", "15 tháng này", "the 15th".
var dayOfMonth = lazily(`^(\d{1,2}) ?(?:st|nd|rd|th)?(?: (?:of )?(thang nay|this month|thang sau|thang toi|next month))?$`)

// dayAlone reads a day of this month or the next. Without either, the next such
// day is offered.
func (d dateReader) dayAlone(text string) Result[Day] {
	m := dayOfMonth().FindStringSubmatch(text)
	if m == nil {
		return wrong[Day](ProblemDateForm)
	}
	n := number(m[1])
	month := Day{d.today.Year, d.today.Month, 1}
	if m[2] == "" {
		for range 3 {
			if on := (Day{month.Year, month.Month, n}); on.Valid() && on.Compare(d.today) >= 0 {
				return doubtful(ProblemDateAmbiguous, on)
			}
			month = month.monthsLater(1)
		}
		return wrong[Day](ProblemDateMissing)
	}
	if m[2] != "thang nay" && m[2] != "this month" {
		month = month.monthsLater(1)
	}
	on := Day{month.Year, month.Month, n}
	switch {
	case !on.Valid():
		return wrong[Day](ProblemDateMissing)
	case m[2] == "thang sau" && !Marked(d.typed):
		june := d.withoutYear(n, time.June) // or "tháng sáu"
		return doubtful(ProblemDateAmbiguous, slices.Compact(append([]Day{on}, june.Candidates...))...)
	default:
		return sure(on)
	}
}

// monthsLater returns the first day of the month n months on.
func (d Day) monthsLater(n int) Day {
	return dayOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
}
