package answer

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Number is a number that was typed, with what stood after it.
type Number struct {
	Value float64
	Unit  string // as typed, with raised digits lowered: "kWh", "m3"; "" none
}

// maxNumber is the largest number read: every whole number up to it is exact
// in a float64.
const maxNumber = 1e15

// Decimal reads a number as Vietnamese write it: dots between thousands, a
// comma before decimals, with a unit, in words ("hai mươi", "một trăm linh
// năm") or mixed ("1,5 triệu", "1tr5", "15k", "2 nghìn rưỡi"); English too.
//
// A separator that comes twice stands between thousands, and of two different
// ones the last stands before decimals. One that comes once, with three digits
// after it and one to three before it that do not start with 0, may be either:
// "3.000" and "3,000" are three thousand, since nobody writes three decimal
// zeros; all others are doubtful, "1.250" with 1250 first, "1,255" with 1.255
// first and "1,250" with 1250 first. Any other single separator stands before
// decimals, "2.5" included. A blank before three digits separates thousands.
func Decimal(s string) Result[Number] {
	r := readNumber(s)
	return r.result(r.values)
}

// Integer is Decimal for whole numbers: "1.250" is 1250 for sure, and "2,5" is
// wrong.
func Integer(s string) Result[Number] {
	r := readNumber(s)
	whole := slices.DeleteFunc(slices.Clone(r.values), func(v float64) bool { return v != math.Trunc(v) })
	if len(whole) == 0 && len(r.values) > 0 {
		return wrong[Number](ProblemNumberWhole)
	}
	if len(whole) == 1 && r.problem == ProblemNumberAmbiguous && !r.loose {
		r.problem = ""
	}
	return r.result(whole)
}

// FormatNumber writes v with as many decimals as it needs, at most 15
// significant digits: "1.250,5" if vi, else "1,250.5".
func FormatNumber(v float64, vi bool) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	// Through 15 digits, so that 3.3000000000000003 is 3.3.
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		rounded = v
	}
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(math.Abs(rounded), 'f', -1, 64), ".")
	thousand, point := ",", "."
	if vi {
		thousand, point = ".", ","
	}
	var b strings.Builder
	if rounded < 0 {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousand)
		}
		b.WriteByte(whole[i])
	}
	if decimals != "" {
		b.WriteString(point + decimals)
	}
	return b.String()
}

// numberReading is what a text came to: its readings, best first.
type numberReading struct {
	values  []float64
	unit    string
	problem Problem
	loose   bool // said in a way that is a guess even where it is whole
}

func (r numberReading) result(values []float64) Result[Number] {
	if len(values) == 0 {
		return wrong[Number](r.problem)
	}
	numbers := make([]Number, len(values))
	for i, v := range values {
		numbers[i] = Number{v, r.unit}
	}
	if r.problem == "" {
		return sure(numbers[0])
	}
	return doubtful(r.problem, numbers...)
}

// lead are the words that may stand before a number and change nothing.
var lead = newPhraseBook("khoảng", "khoảng chừng", "tầm", "cỡ", "chừng", "độ", "tổng", "tổng cộng", "tổng số", "số lượng", "là", "có", "được", "cỡ khoảng", "từ", "tất cả", "about", "around", "approximately", "roughly", "total", "it's", "from", "we have", "i have")

// around are the words that make a number a limit.
var around = newPhraseBook("hơn", "gần", "dưới", "trên", "ít nhất", "nhiều nhất", "tối đa", "tối thiểu", "không quá", "more than", "over", "nearly", "almost", "less than", "under", "at least", "at most", "up to")

// until are the words between the two ends of a range.
var until = newPhraseBook("đến", "tới", "to")

// minus are the words of a negative number.
var minus = newPhraseBook("âm", "trừ", "minus")

// noNumbers are words that only look like a number with its unit.
var noNumbers = newPhraseBook("năm nay", "năm ngoái", "năm sau", "năm trước", "năm tới", "ba mẹ", "ba má", "sau này")

// readNumber reads a text as a number.
func readNumber(s string) numberReading {
	if len(s) > maxAnswer {
		return numberReading{problem: ProblemTooLong}
	}
	text, ts := tokens(s)
	if len(ts) == 0 {
		return numberReading{problem: ProblemEmpty}
	}
	var r numberReading
	ts, negative := r.skipLead(ts)
	n := r.readAt(ts)
	if n == 0 {
		// A number among other words is offered, not taken.
		ts = slices.Clone(ts[firstDigits(ts):])
		n = r.readAt(ts)
		r.problem = ProblemNumberForm
	}
	if n == 0 || raised(s) || !numberSpelled(ts, n) {
		return numberReading{problem: ProblemNumberForm}
	}
	if negative {
		for i := range r.values {
			r.values[i] = -r.values[i]
		}
	}
	r.readRest(text, ts[n:])
	return r.bounded()
}

// firstDigits returns where the first number written with digits stands.
func firstDigits(ts []token) int {
	if at := slices.IndexFunc(ts, func(t token) bool { return t.digits != "" }); at >= 0 {
		return at
	}
	return len(ts)
}

// numberSpelled says whether the first n tokens, if they are words, are meant
// as a number: "không biết" and "năm nay" are not.
func numberSpelled(ts []token, n int) bool {
	if ts[0].digits != "" {
		return true
	}
	first, digit := vietnameseNumerals().at(ts, 0, roleDigit)
	if digit && first == 0 && n == 1 && len(ts) > courtesyEnd(ts[1:])+1 {
		return false
	}
	return noNumbers.startOf(leadingWords(ts), 0) == 0
}

// raised says whether a raised digit follows a digit, as in 10⁶.
func raised(s string) bool {
	last := rune(0)
	for _, r := range s {
		if isDigit(last) && unicode.Is(unicode.No, r) {
			return true
		}
		last = r
	}
	return false
}

// skipLead takes off what may stand before the number.
func (r *numberReading) skipLead(ts []token) (rest []token, negative bool) {
	for len(ts) > 1 {
		words := leadingWords(ts)
		if isDash(ts[0].sign) && ts[1].glued && ts[1].digits != "" {
			return ts[1:], true
		}
		if n := minus.startOf(words, 0); n > 0 && n < len(ts) {
			return ts[n:], true
		}
		// "tam muoi" is eighty, not "tầm mười"; but "năm 2024" is not five.
		if numericWord(ts, 0) && ts[1].digits == "" {
			return ts, false
		}
		n := 0
		switch {
		case ts[0].sign != 0 || numericWord(ts, 0):
			n = 1
		case around.startOf(words, 0) > 0:
			r.problem = ProblemNumberAbout
			n = around.startOf(words, 0)
		default:
			n = max(lead.startOf(words, 0), opening.startOf(words, 0), titles.startOf(words, 0))
		}
		if n == 0 || n >= len(ts) {
			return ts, false
		}
		ts = ts[n:]
	}
	return ts, false
}

func isDash(r rune) bool { return r == '-' || r == '−' || r == '–' || r == '—' }

func numericWord(ts []token, i int) bool {
	return vietnameseNumerals().numeric(ts, i) || englishNumerals().numeric(ts, i)
}

// leadingWords returns the words that ts starts with.
func leadingWords(ts []token) []word {
	var words []word
	for _, t := range ts {
		if !t.isWord() {
			break
		}
		words = append(words, t.word)
	}
	return words
}

// readAt reads the number at the start of ts and says how many tokens it
// takes; 0: none.
func (r *numberReading) readAt(ts []token) int {
	first, n, doubt := amount(ts, 0)
	if n == 0 {
		return 0
	}
	r.values = []float64{first}
	second, _, _ := amount(ts, 1)
	if second != first {
		r.values = append(r.values, second)
	}
	r.loose = doubt
	if r.problem == "" && (doubt || len(r.values) > 1) {
		r.problem = ProblemNumberAmbiguous
	}
	return n
}

// readRest reads what follows the number: the other end of a range, or a unit.
func (r *numberReading) readRest(text string, ts []token) {
	if len(ts) == 0 {
		return
	}
	skip := until.startOf(leadingWords(ts), 0)
	if isDash(ts[0].sign) || ts[0].sign == '~' {
		skip = 1
	}
	if skip > 0 {
		other, n, _ := amount(ts[skip:], 0)
		if n > 0 && other != r.values[0] {
			r.values = []float64{r.values[0], other}
			r.problem = ProblemNumberRange
		}
		if n > 0 {
			ts = ts[skip+n:]
		}
	}
	r.readUnit(text, trimUnit(ts))
}

// trimUnit takes courtesy and signs off the ends of a unit.
func trimUnit(ts []token) []token {
	for {
		before := len(ts)
		ts = ts[:len(ts)-courtesyEnd(ts)]
		for len(ts) > 0 && ts[len(ts)-1].sign != 0 && !unitSign(ts[len(ts)-1].sign) {
			ts = ts[:len(ts)-1]
		}
		for len(ts) > 0 && ts[0].sign != 0 && !unitSign(ts[0].sign) {
			ts = ts[1:]
		}
		if len(ts) == before {
			return ts
		}
	}
}

// maxUnit is the number of words and signs a unit may have.
const maxUnit = 6

// readUnit takes the rest of the text as the unit. One with a number in it, or
// of many words, is no unit, and the number is offered only.
func (r *numberReading) readUnit(text string, ts []token) {
	if last := len(ts) - 1; last > 0 && ts[0].isWord() {
		if _, ok := vietnameseNumerals().at(ts, last, roleHalf); ok {
			for i := range r.values {
				r.values[i] += 0.5 // "2 ngày rưỡi"
			}
			ts = ts[:last]
		}
	}
	if len(ts) > maxUnit || firstDigits(ts) < len(ts) {
		r.problem = ProblemNumberForm
	} else if len(ts) > 0 {
		r.unit = Clean(text[ts[0].from:ts[len(ts)-1].to])
	}
}

func unitSign(r rune) bool { return strings.ContainsRune("%‰°$₫€/", r) }

// courtesyEnd returns how many tokens of courtesy ts ends with.
func courtesyEnd(ts []token) int {
	n := 0
	for n < len(ts) {
		words := trailingWords(ts[:len(ts)-n])
		took := closing.endOf(words, 0)
		if took == 0 {
			return n
		}
		n += took
	}
	return n
}

func trailingWords(ts []token) []word {
	at := len(ts)
	for at > 0 && ts[at-1].isWord() {
		at--
	}
	return leadingWords(ts[at:])
}

// bounded refuses what is too large to be meant.
func (r numberReading) bounded() numberReading {
	for _, v := range r.values {
		if math.Abs(v) > maxNumber {
			return numberReading{problem: ProblemNumberLarge}
		}
	}
	return r
}
