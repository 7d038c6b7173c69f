package answer

import (
	"math"
	"strconv"
	"strings"
)

// amount reads the number at the start of ts: coefficients and scales, as in
// "1 triệu 200 nghìn", "1tr5", "hai mươi", "two thousand five hundred". reading
// chooses between the two readings of an ambiguous separator: 0 the likelier, 1
// the other. It returns how many tokens the number takes, 0 for none, and
// whether it was said in a way that can be meant differently.
func amount(ts []token, reading int) (value float64, n int, loose bool) {
	if n := half.startOf(leadingWords(ts), 0); n > 0 {
		return 0.5, n, false
	}
	last := math.Inf(1) // the scale before
	for {
		n += joint(ts, n, reading)
		c, took := coefficient(ts[n:], reading)
		by, scaled := scale(ts[n+took:])
		switch {
		case took == 0 && (scaled == 0 || n > 0 || !spelledScale(ts[0])):
			return value, n, loose
		case took == 0:
			c = 1 // "triệu rưỡi"
		case n > 0 && scaled == 0:
			rest, guess, ok := remainder(ts[n:], c, took, last)
			if !ok {
				return value, n, loose
			}
			return value + rest, n + took, guess
		case n > 0 && by >= last:
			return value, n, loose
		}
		value += c * by
		n += took + scaled
		if rest, took := afterScale(ts[n:], by); scaled == 0 || took > 0 {
			return value + rest, n + took, loose
		}
		last = by
	}
}

// joint says how many tokens join the number so far to a further part: one for
// the "and" of "two thousand and five".
func joint(ts []token, n, reading int) int {
	if n == 0 || !isEnglish(ts, n-1) {
		return 0
	}
	if _, ok := englishNumerals().at(ts, n, roleLink); !ok {
		return 0
	}
	_, took := coefficient(ts[n+1:], reading)
	return min(took, 1)
}

// afterScale reads what can only end a number: "rưỡi", or a digit after "linh".
func afterScale(ts []token, by float64) (value float64, n int) {
	if _, ok := vietnameseNumerals().at(ts, 0, roleHalf); ok {
		return by / 2, 1
	}
	if _, ok := vietnameseNumerals().at(ts, 0, roleLink); ok && by > 1 {
		if d, ok := vietnameseNumerals().at(ts, 1, roleDigit); ok {
			return d, 2
		}
	}
	return 0, 0
}

// half are the words for one half.
var half = newPhraseBook("nửa", "một nửa", "half", "a half", "one half")

// spelledScale says whether a number may start with the scale t: "trăm", not
// the letter of a shorthand.
func spelledScale(t token) bool { return len(t.folded) > 2 }

func isEnglish(ts []token, i int) bool { return englishNumerals().numeric(ts, i) }

// coefficient reads digits or a spelled number below 1000, with its decimals.
func coefficient(ts []token, reading int) (value float64, n int) {
	if len(ts) == 0 {
		return 0, 0
	}
	if ts[0].digits != "" {
		values := literal(ts[0].digits)
		if len(values) == 0 {
			return 0, 0
		}
		value, n = values[min(reading, len(values)-1)], 1
	} else if value, n = small(ts); n == 0 {
		return 0, 0
	}
	if point(ts, n) {
		if decimals, took := fraction(ts[n+1:]); took > 0 {
			return value + decimals, n + 1 + took
		}
	}
	return value, n
}

func point(ts []token, i int) bool {
	_, vi := vietnameseNumerals().at(ts, i, rolePoint)
	_, en := englishNumerals().at(ts, i, rolePoint)
	return vi || en
}

// fraction reads the decimals after a spoken point: "hai phẩy năm".
func fraction(ts []token) (value float64, n int) {
	digits := ""
	if len(ts) > 0 && ts[0].digits != "" {
		if startsDigits(ts[0].digits) != len(ts[0].digits) {
			return 0, 0
		}
		digits, n = ts[0].digits, 1
	} else {
		for n < len(ts) {
			v, took := small(ts[n:])
			if took == 0 {
				break
			}
			digits += strconv.FormatFloat(v, 'f', -1, 64)
			n += took
		}
	}
	value, err := strconv.ParseFloat("0."+digits, 64)
	if err != nil || n == 0 {
		return 0, 0
	}
	return value, n
}

// scale reads the scales that follow a coefficient, multiplied: "nghìn tỷ",
// "chục triệu". It returns 1 and no tokens for none.
func scale(ts []token) (by float64, n int) {
	by = 1
	for {
		factor, ok := 0.0, false
		for _, m := range []numerals{vietnameseNumerals(), englishNumerals()} {
			for _, r := range []role{roleScale, roleHundred} {
				if !ok {
					factor, ok = m.at(ts, n, r)
				}
			}
		}
		if !ok {
			factor, ok = vietnameseNumerals().at(ts, n, roleTens)
		}
		if !ok || n >= 3 {
			return by, n
		}
		by *= factor
		n++
	}
}

// remainder says what a number c without a scale adds after the scale last:
// one digit is the next lower place ("1 triệu 2" is 1,200,000), three are as
// many thousandths ("1tr250", "1 nghìn 250").
func remainder(ts []token, c float64, took int, last float64) (value float64, guess, ok bool) {
	if last < 1000 || c != math.Trunc(c) || c >= 1000 {
		return c, false, last == 100 && c < 100 && ts[0].isWord()
	}
	english := ts[0].isWord() && isEnglish(ts, 0)
	digits := len(ts[0].digits)
	switch {
	case english:
		return c, false, true
	case took == 1 && digits <= 1 && c < 10:
		return c * last / 10, false, true
	case last == 1000:
		return c, digits == 2, true
	case digits == 2:
		return c * last / 100, !ts[0].glued, true
	default:
		return c * last / 1000, !ts[0].glued, true
	}
}

// literal reads a number written with digits and returns its readings, the
// likelier first; none where its separators are in no order. The rule is told
// at Decimal.
func literal(s string) []float64 {
	dots, commas, blanks := strings.Count(s, "."), strings.Count(s, ","), strings.Count(s, " ")
	switch {
	case blanks > 0:
		head, decimals := s, ""
		if at := strings.LastIndexAny(s, ".,"); at >= 0 {
			head, decimals = s[:at], s[at+1:]
		}
		return readings(ungroup(head, " "), decimals)
	case dots > 0 && commas > 0:
		return mixed(s)
	case dots > 1:
		return readings(ungroup(s, "."), "")
	case commas > 1:
		return readings(ungroup(s, ","), "")
	case dots+commas == 0:
		return readings(s, "")
	}
	at := strings.IndexAny(s, ".,")
	head, tail := s[:at], s[at+1:]
	decimal := readings(head, tail)
	if len(tail) != 3 || len(head) > 3 || head[0] == '0' {
		return decimal
	}
	thousands := readings(head+tail, "")
	switch {
	case tail == "000":
		return thousands
	case s[at] == '.' || tail[2] == '0':
		return append(thousands, decimal...)
	default:
		return append(decimal, thousands...)
	}
}

// mixed reads a number with both separators, the last of which stands before
// the decimals.
func mixed(s string) []float64 {
	at := strings.LastIndexAny(s, ".,")
	thousand := "."
	if s[at] == '.' {
		thousand = ","
	}
	head := s[:at]
	if strings.ContainsRune(head, rune(s[at])) {
		return nil
	}
	return readings(ungroup(head, thousand), s[at+1:])
}

// ungroup takes the separator out of groups of three, or returns "" where they
// are not.
func ungroup(s, separator string) string {
	groups := strings.Split(s, separator)
	for i, g := range groups {
		if startsDigits(g) != len(g) || i > 0 && len(g) != 3 || i == 0 && (g == "" || len(g) > 3) {
			return ""
		}
	}
	return strings.Join(groups, "")
}

func readings(whole, decimals string) []float64 {
	if whole == "" {
		return nil
	}
	v, err := strconv.ParseFloat(whole+"."+decimals+"0", 64)
	if err != nil {
		return nil
	}
	return []float64{v}
}
