package answer

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"
)

// dayWords are the days named by their distance from today, folded, without
// "ngày" before them.
var dayWords = map[string]int{
	"hom nay": 0, "bua nay": 0, "nay": 0, "today": 0, "now": 0,
	"mai": 1, "tomorrow": 1, "tmr": 1,
	"mot": 2, "kia": 2, "after tomorrow": 2, "day after tomorrow": 2,
	"hom qua": -1, "qua": -1, "yesterday": -1,
	"hom kia": -2, "day before yesterday": -2,
}

// dayPhrases are the same words with their marks: "mái" is not "mai".
var dayPhrases = newPhraseBook("nay", "mai", "mốt", "kia", "kìa", "qua", "today", "now", "tomorrow", "tmr", "yesterday")

// offset is a number of days, weeks or months from today.
var offset = lazily(`^(?:sau |in )?(\d{1,3}|an?) (hom|ngay|tuan|thang|days?|weeks?|months?)(?: (nua|sau|toi|from now|later|truoc|ago))?$`)

// relative reads a day by its distance from today.
func (d dateReader) relative(text string) Result[Day] {
	if n, ok := dayWords[text]; ok && dayPhrases.within(split(d.typed)) {
		if text == "kia" && strings.Contains(d.typed, "ìa") {
			n++ // "ngày kìa" is the day after "ngày kia"
		}
		return sure(d.today.AddDays(n))
	}
	m := offset().FindStringSubmatch(text)
	if m == nil || m[3] == "" && !strings.HasPrefix(text, "sau ") && !strings.HasPrefix(text, "in ") {
		return wrong[Day](ProblemDateForm)
	}
	n := max(number(m[1]), btoi(m[1][0] == 'a'))
	if m[3] == "truoc" || m[3] == "ago" {
		n = -n
	}
	switch m[2][0] {
	case 'h', 'n', 'd':
		return sure(d.today.AddDays(n))
	case 'w':
		return sure(d.today.AddDays(7 * n))
	}
	if m[2] == "tuan" {
		return sure(d.today.AddDays(7 * n))
	}
	first := Day{d.today.Year, d.today.Month, 1}.monthsLater(n)
	return doubtful(ProblemDateAmbiguous, first.AddDays(min(d.today.Day, first.monthsLater(1).AddDays(-1).Day)-1))
}

const weekdayWords = `thu [2-7]|t[2-7]|chu nhat|cn|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun`

var (
	weekdayForm   = lazily(`^(` + weekdayWords + `)(?: (nay|toi|sau|truoc|tuan nay|tuan sau|tuan toi|tuan truoc|this week|next week|last week))?$`)
	englishPrefix = lazily(`^(this|next|coming|last) (` + weekdayWords + `)$`)
)

// weekdayOf returns the day of the week that a word of weekdayWords means.
func weekdayOf(w string) time.Weekday {
	if last := w[len(w)-1]; last >= '2' && last <= '7' {
		return time.Weekday(last - '1')
	}
	if strings.HasPrefix(w, "ch") || w == "cn" {
		return time.Sunday
	}
	return time.Weekday(strings.Index("sunmontuewedthufrisat", w[:3]) / 3)
}

// weekday reads a day of the week. Weeks start on Monday.
func (d dateReader) weekday(text string) Result[Day] {
	name, which := "", ""
	if m := weekdayForm().FindStringSubmatch(text); m != nil {
		name, which = m[1], m[2]
	} else if m := englishPrefix().FindStringSubmatch(text); m != nil {
		name, which = m[2], m[1]
	} else {
		return wrong[Day](ProblemDateForm)
	}
	w := weekdayOf(name)
	ahead := (int(w-d.today.Weekday()) + 7) % 7
	next, previous := d.today.AddDays(ahead), d.today.AddDays(ahead-7)
	if ahead == 0 {
		next = d.today.AddDays(7)
	}
	inWeek := d.monday().AddDays((int(w) + 6) % 7)
	switch which {
	case "tuan nay", "this week":
		return sure(inWeek)
	case "tuan sau", "tuan toi", "next week":
		return sure(inWeek.AddDays(7))
	case "tuan truoc", "last week":
		return sure(inWeek.AddDays(-7))
	case "toi", "coming":
		return sure(next)
	case "truoc", "last":
		return sure(previous)
	case "sau", "next":
		// Some mean the coming one, some the one of next week.
		if later := inWeek.AddDays(7); later != next {
			return doubtful(ProblemDateAmbiguous, next, later)
		}
		return sure(next)
	}
	if ahead == 0 {
		return doubtful(ProblemDateAmbiguous, d.today, next)
	}
	return sure(next)
}

func (d dateReader) monday() Day { return d.today.AddDays(-(int(d.today.Weekday()) + 6) % 7) }

// periodForm is a part of a week or month, which is no day yet.
var periodForm = lazily(`^(?:(dau|giua|cuoi|early|mid|end of|the end of) )?(tuan|thang|week|month)(?: (nay|sau|toi))?$|^(this|next) (week|weekend|month)$|^weekend$`)

// period offers the days that a part of a week or month may mean.
func (d dateReader) period(text string) Result[Day] {
	m := periodForm().FindStringSubmatch(text)
	if m == nil || text == "tuan" || text == "thang" || text == "week" || text == "month" {
		return wrong[Day](ProblemDateForm)
	}
	later := 0
	if m[3] == "sau" || m[3] == "toi" || m[4] == "next" {
		later = 1
	}
	if strings.Contains(text, "tuan") || strings.Contains(text, "week") {
		return d.partOfWeek(m[1], text, later)
	}
	first := Day{d.today.Year, d.today.Month, 1}.monthsLater(later)
	day := first
	switch m[1] {
	case "giua", "mid":
		day = first.AddDays(14)
	case "cuoi", "end of", "the end of":
		day = first.monthsLater(1).AddDays(-1)
	}
	return doubtful(ProblemDateAmbiguous, day)
}

func (d dateReader) partOfWeek(part, text string, later int) Result[Day] {
	monday := d.monday().AddDays(7 * later)
	switch {
	case part == "cuoi" || strings.HasSuffix(part, "end of") || strings.Contains(text, "weekend"):
		return doubtful(ProblemDateAmbiguous, monday.AddDays(5), monday.AddDays(6))
	case part == "giua" || part == "mid":
		return doubtful(ProblemDateAmbiguous, monday.AddDays(2))
	case later > 0 && part == "" && d.today.AddDays(7) != monday:
		return doubtful(ProblemDateAmbiguous, d.today.AddDays(7), monday)
	default:
		return doubtful(ProblemDateAmbiguous, monday)
	}
}

var (
	clockTime = lazily(`(?:\b(?:luc|at|vao luc) )?\b\d{1,2}(?::\d{2}| ?(?:h|gio)(?: ?\d{1,2})?(?: ?(?:phut|p))?\b| ?(?:am|pm)\b)(?:-\d{1,2}:\d{2})?(?: (?:sang|chieu|toi|trua|am|pm)\b)?`)
	partOfDay = lazily(`^(?:buoi )?(?:sang|chieu|toi|trua|dem)(?: ngay)? (.+)$|^(mai|mot|hom nay|tomorrow) (?:sang|chieu|toi|trua|dem|morning|afternoon|evening)$`)
	dateLead  = lazily(`^(?:vao|ngay|hom|khoang|on|the|tu|la|by|du kien) `)
)

// datePlain writes a text in the form that the patterns read: small letters
// without marks, spelled numbers as digits, one blank between words, without
// courtesy, time of day and what may stand before a date.
func datePlain(text string) string {
	plain := plainLetters(numberWords(Polite(text)))
	plain = clockTime().ReplaceAllString(plain, " ")
	plain = strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' || r == '\n' }), " ")
	plain = strings.Trim(plain, " .!?;:-–")
	for {
		before := plain
		if m := partOfDay().FindStringSubmatch(plain); m != nil {
			plain = m[1] + m[2]
		}
		if lead := dateLead().FindString(plain); lead != "" && plain != "hom nay" && plain != "hom qua" && plain != "hom kia" {
			plain = plain[len(lead):]
		}
		if plain == before {
			return plain
		}
	}
}

// plainLetters drops case and marks and keeps signs.
func plainLetters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch l := letters.of(r); {
		case l.base != 0:
			b.WriteByte(l.base)
		case r == '–' || r == '—' || r == '−':
			b.WriteByte('-')
		case !isCombining(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// numberWords writes the spelled numbers of a date as digits: "thứ Ba", "tháng
// tư", "mười lăm tháng ba". Words without marks that are more often something
// else ("sau", "nam") are numbers only after "thứ" and "tháng".
func numberWords(s string) string {
	text, ts := tokens(s)
	var b strings.Builder
	end := 0
	for i := 0; i < len(ts); {
		v, n := small(ts[i:])
		if n == 0 || !isDateNumber(ts, i, n) {
			i++
			continue
		}
		b.WriteString(text[end:ts[i].from])
		b.WriteString(FormatNumber(v, true))
		end = ts[i+n-1].to
		i += n
	}
	b.WriteString(text[end:])
	return b.String()
}

func isDateNumber(ts []token, i, n int) bool {
	if ts[i].folded == "nam" && i+1 < len(ts) && ts[i+1].digits != "" {
		return false // a year follows
	}
	if i > 0 && slices.Contains([]string{"thu", "thang"}, ts[i-1].folded) {
		// "Thang sau" without marks is June only with its year.
		next := ts[i].folded == "sau" && !ts[i].marked && ts[i-1].folded == "thang"
		return !next || i+1 < len(ts) && ts[i+1].folded == "nam"
	}
	for _, t := range ts[i : i+n] {
		if !numeralAsWritten(t.word) {
			return false
		}
	}
	return true
}

// lazily compiles a pattern when it is first used: what a start does not need,
// it does not wait for.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
