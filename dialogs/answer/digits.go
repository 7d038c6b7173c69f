package answer

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// run is a number in a text: its digits, whatever stands between them.
type run struct {
	digits  string
	plus    bool   // a + stands before it
	letters bool   // letters stood for digits: O for 0, l for 1
	raw     string // as typed
}

// runs finds the numbers of a text. The characters of between may stand between
// the digits of one number.
func runs(text, between string) []run {
	text = norm.NFKC.String(text)
	var found []run
	for i := 0; i < len(text); {
		end := runEnd(text, i, between)
		if end == i {
			i++
			continue
		}
		found = append(found, newRun(text[i:end]))
		i = end
	}
	return found
}

// runEnd returns where the number that starts at text[i] ends; i: none does.
func runEnd(text string, i int, between string) int {
	j := i
	if text[j] == '+' {
		for j++; j < len(text) && strings.IndexByte(" (", text[j]) >= 0; j++ {
		}
	}
	if j == len(text) || digitOf(text, j) == 0 {
		return i
	}
	end := i
	for j < len(text) {
		switch {
		case digitOf(text, j) != 0:
			j++
			end = j
		case text[j] < 0x80 && strings.IndexByte(between, text[j]) >= 0:
			j++
		case strings.HasPrefix(text[j:], "–"):
			j += len("–")
		default:
			return end
		}
	}
	return end
}

func newRun(raw string) run {
	r := run{plus: raw[0] == '+', raw: raw}
	digits := make([]byte, 0, len(raw))
	for i := range len(raw) {
		if d := digitOf(raw, i); d != 0 {
			digits = append(digits, d)
			r.letters = r.letters || d != raw[i]
		}
	}
	r.digits = string(digits)
	return r
}

// digitOf returns the digit at s[i], or the digit that the letter there was
// taken for: O, o, l or I, beside a digit or another such letter and no other.
// 0: neither.
func digitOf(s string, i int) byte {
	c := s[i]
	if c >= '0' && c <= '9' {
		return c
	}
	lookalike := byte(0)
	switch c {
	case 'O', 'o':
		lookalike = '0'
	case 'l', 'I':
		lookalike = '1'
	default:
		return 0
	}
	digit := false
	for _, step := range []int{-1, 1} {
		for j := i + step; j >= 0 && j < len(s) && isWordByte(s[j]); j += step {
			if s[j] >= '0' && s[j] <= '9' {
				digit = true
				break
			}
			if strings.IndexByte("OolI", s[j]) < 0 {
				return 0
			}
		}
	}
	if !digit {
		return 0
	}
	return lookalike
}

func isWordByte(c byte) bool { return c >= 0x80 || letters.low[c].base != 0 }
