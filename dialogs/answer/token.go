package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a piece of a text with numbers in it: a word, a number written with
// digits, or a sign. Exactly one of word.key, digits and sign is set.
type token struct {
	word
	digits string // with its separators: "1.500.000", "2,5", "1 500"
	sign   rune
	glued  bool // nothing stands between it and the token before
}

func (t token) isWord() bool { return t.key != "" }

// tokens takes a text apart. Compatibility forms are replaced first, so offsets
// are into the text returned.
func tokens(s string) (text string, ts []token) {
	text = norm.NFKC.String(Clean(s))
	end := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		t := token{glued: i == end && i > 0, word: word{from: i, to: i + size}}
		switch {
		case isDigit(r):
			t.to = i + digitsEnd(text[i:])
			t.digits = text[i:t.to]
		case isWordRune(r):
			t.to = i + wordEnd(text[i:])
			if words := appendWord(nil, text, i, t.to); len(words) == 1 {
				t.word = words[0]
			}
		case !unicode.IsSpace(r):
			t.sign = r
		}
		i = t.to
		if t.isWord() || t.digits != "" || t.sign != 0 {
			ts = append(ts, t)
			end = t.to
		}
	}
	return text, ts
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// digitsEnd returns where a number that starts s ends: at the first character
// that is no digit, nor a separator between digits, nor a blank before a group
// of exactly three.
func digitsEnd(s string) int {
	i := 1
	spaced := false
	for i < len(s) {
		switch next := s[i:]; {
		case isDigit(rune(s[i])):
			i++
		case (s[i] == '.' || s[i] == ',') && startsDigits(next[1:]) > 0:
			i++
		case s[i] == ' ' && startsDigits(next[1:]) == 3 && (spaced || i <= 3):
			i, spaced = i+4, true
		default:
			return i
		}
	}
	return i
}

func startsDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(rune(s[n])) {
		n++
	}
	return n
}

// wordEnd returns where the word that starts s ends. A digit belongs to a unit
// ("m3", "CO2") but not to the shorthand of money ("1tr5", "2k5").
func wordEnd(s string) int {
	end := len(s)
	for i, r := range s {
		if !isWordRune(r) || isDigit(r) {
			end = i
			break
		}
	}
	n := startsDigits(s[end:])
	if n == 0 || n > 2 || end+n < len(s) && strings.ContainsRune(".,", rune(s[end+n])) && startsDigits(s[end+n+1:]) > 0 {
		return end
	}
	if w := split(s[:end]); len(w) == 1 {
		ts := []token{{word: w[0]}}
		if _, ok := vietnameseNumerals().at(ts, 0, roleScale); ok {
			return end
		}
	}
	return end + n
}
