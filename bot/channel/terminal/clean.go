package terminal

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sequences are what makes a terminal do things: ESC [ … (colours, cursor),
// ESC ] … (title, links), ESC P/X/^/_ … (device strings), each also with its
// one-character form (ECMA-48, section 5.3 and 5.6).
var sequences = regexp.MustCompile(
	`(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]` +
		`|(?:\x1b[\]PX^_]|[\x{90}\x{98}\x{9d}\x{9e}\x{9f}])[^\x07\x1b\x{9c}\n]*(?:\x07|\x1b\\|\x{9c})?`)

// clean takes out of a text whatever a terminal would obey instead of show:
// escape sequences, control characters but for line breaks, and the invisible
// ones that turn the direction of writing. A tab becomes a space, bytes that
// are no UTF-8 become U+FFFD.
func clean(s string) string {
	if plainText(s) {
		return s
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	return strings.Map(shownRune, sequences.ReplaceAllString(s, ""))
}

// cleanLine is clean for what must stay on one line.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// plainText says whether clean would change nothing; it is so of nearly all
// texts.
func plainText(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || shownRune(r) != r {
			return false
		}
	}
	return true
}

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d' // holds an emoji of several people together
)

func shownRune(r rune) rune {
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case unicode.IsControl(r):
		return -1
	case unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner:
		return -1
	}
	return r
}
