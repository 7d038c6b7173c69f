package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the comparison key of s: lower case, marks dropped, đ as d,
// compatibility forms replaced (m³ as m3, full-width digits), every run of
// spaces, punctuation and symbols one space, none at the ends. It is
// idempotent. A text of signs alone folds to "".
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var buf [96]byte
	return string(dropMarks(appendKey(buf[:0], s)))
}

// Same says whether a and b are the same sequence of words, marks included,
// whatever their normal form, case, punctuation and tone placement (hoà and
// hòa, thuỷ and thủy). Texts of signs alone are compared as they are.
func Same(a, b string) bool {
	var bufA, bufB [96]byte
	keyA, keyB := appendKey(bufA[:0], a), appendKey(bufB[:0], b)
	if len(keyA) == 0 && len(keyB) == 0 {
		return Clean(a) == Clean(b)
	}
	return string(keyA) == string(keyB)
}

// isFolded says whether s is ASCII that Fold would leave as it is.
func isFolded(s string) bool {
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c != ' ' && letters.low[c].base != c || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return s == "" || last != ' '
}

// dropMarks turns a key into the folded text, in place.
func dropMarks(key []byte) []byte {
	kept := key[:0]
	for _, c := range key {
		if c >= ' ' {
			kept = append(kept, c)
		}
	}
	return kept
}

// appendKey appends the key of s to dst: its words in lower case, one space
// between them, each letter followed by the byte of its shape and each word by
// the bytes of its tones. That a tone stands at the end of its word makes
// "hoà" and "hòa" one key; a Vietnamese word has but one tone, so nothing is
// lost.
func appendKey(dst []byte, s string) []byte {
	var w keyWord
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			dst = w.put(dst, letters.low[c])
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if l := letters.of(r); l.base != 0 {
			dst = w.put(dst, l)
		} else if isCombining(r) {
			dst = w.combine(dst, r)
		} else {
			dst = w.foreign(dst, r)
		}
	}
	return w.end(dst)
}

// keyWord is the word of a key that is being written. Its methods append to
// the key; it does not hold the key itself, so that a caller's buffer can stay
// on the stack.
type keyWord struct {
	tones [4]byte
	n     int
	open  bool // the last character was part of the word
	later bool // it is not the first word
}

// put adds a letter, or ends the word if l is none.
func (w *keyWord) put(dst []byte, l letter) []byte {
	if l.base == 0 {
		return w.end(dst)
	}
	dst = append(w.begin(dst), l.base)
	if l.shape != 0 {
		dst = append(dst, l.shape)
	}
	w.tone(l.tone)
	return dst
}

// begin starts a word if none is open.
func (w *keyWord) begin(dst []byte) []byte {
	if !w.open && w.later {
		dst = append(dst, ' ')
	}
	w.open, w.later = true, true
	return dst
}

func (w *keyWord) tone(mark byte) {
	if mark != 0 && w.n < len(w.tones) {
		w.tones[w.n] = mark
		w.n++
	}
}

// combine adds a combining character to the letter before it, if there is one.
func (w *keyWord) combine(dst []byte, r rune) []byte {
	if !w.open {
		return dst
	}
	mark, tone := combiningMark(r)
	if tone {
		w.tone(mark)
		return dst
	}
	return append(dst, mark)
}

func (w *keyWord) end(dst []byte) []byte {
	dst = append(dst, w.tones[:w.n]...)
	w.n, w.open = 0, false
	return dst
}

// foreign adds a character that is neither ASCII nor Vietnamese.
func (w *keyWord) foreign(dst []byte, r rune) []byte {
	if unicode.Is(unicode.Cf, r) {
		return dst // zero-width characters, soft hyphens, direction marks
	}
	var buf [64]byte
	for decomposed := norm.NFKD.AppendString(buf[:0], string(r)); len(decomposed) > 0; {
		r, size := utf8.DecodeRune(decomposed)
		decomposed = decomposed[size:]
		r = unicode.ToLower(r)
		switch l := letters.of(r); {
		case l.base != 0:
			dst = w.put(dst, l)
		case isCombining(r):
			dst = w.combine(dst, r)
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r):
			dst = utf8.AppendRune(w.begin(dst), r)
		case r >= 0xFE00 && r <= 0xFE0F || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r):
			// Variation selectors and keycaps: the digit in 1️⃣ is what counts.
		case unicode.Is(unicode.Mn, r):
			if w.open {
				dst = append(dst, shapeOther)
			}
		default:
			dst = w.end(dst)
		}
	}
	return dst
}

// Clean returns s in normal form C with control and zero-width characters
// dropped, every run of blanks one space, none at the ends of lines. Line
// breaks are kept, at most one blank line in a row, none at the ends. Bytes
// that are no UTF-8 become U+FFFD. It is idempotent, and returns s itself when
// there is nothing to do.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blanks, breaks := false, 0
	afterCR := false
	for _, r := range s {
		switch {
		case r == '\n' && afterCR:
		case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
			breaks++
		case unicode.IsSpace(r):
			blanks = true
		case unicode.Is(unicode.C, r):
		default:
			if b.Len() > 0 {
				if breaks > 0 {
					b.WriteString("\n\n"[:min(breaks, 2)])
				} else if blanks {
					b.WriteByte(' ')
				}
			}
			blanks, breaks = false, 0
			b.WriteRune(r)
		}
		afterCR = r == '\r'
	}
	return norm.NFC.String(b.String())
}

// isClean says whether Clean would leave s as it is. It may say no of a clean
// text, never yes of another.
func isClean(s string) bool {
	last := byte(' ')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7F || c == ' ' && last == ' ' {
				return false
			}
			last = c
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if letters.of(r).base == 0 {
			return false // rare enough to look closely
		}
		last = 'x'
		i += size
	}
	return s == "" || last != ' '
}
