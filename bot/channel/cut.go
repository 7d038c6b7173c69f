package channel

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sachhon/dialogs"
)

// mark begins and ends a strong run of a marked text.
const mark = "**"

// minMarked is the shortest limit, in runes, at which marks are worth their
// place: a strong word with its four signs.
const minMarked = 16

// Cut takes the first part off a message whose text is longer than limit runes
// and returns it and the rest; where the text is not longer, head is the whole
// message and more is false. A limit of 0 or less is none.
//
// The cut falls between paragraphs, else lines, else sentences, else words,
// unless that would leave the part nearly empty; a word longer than the limit
// is cut between characters as people see them. White space at the cut is
// dropped, nothing else is. A strong run that is cut is closed and opened
// again, and its marks count. Buttons, media and hint stay with the rest.
func Cut(m dialogs.Message, limit int) (head, rest dialogs.Message, more bool) {
	if limit <= 0 || utf8.RuneCountInString(m.Text) <= limit {
		return m, dialogs.Message{}, false
	}
	t := read(&m, limit)
	from := t.word(0)
	end, next := t.part(from, limit)
	if next == len(t.runes) { // only white space or marks were too much
		m.Text = t.write(from, end)
		return m, dialogs.Message{}, false
	}
	head = dialogs.Message{Text: t.write(from, end), Format: m.Format}
	m.Text = t.write(next, len(t.runes))
	return head, m, true
}

// split cuts m into all its parts.
func split(m dialogs.Message, limit int) []dialogs.Message {
	if limit <= 0 || utf8.RuneCountInString(m.Text) <= limit {
		return []dialogs.Message{m}
	}
	t := read(&m, limit)
	var out []dialogs.Message
	for from := t.word(0); ; {
		end, next := t.part(from, limit)
		if next == len(t.runes) {
			m.Text = t.write(from, end)
			return append(out, m)
		}
		out = append(out, dialogs.Message{Text: t.write(from, end), Format: m.Format})
		from = next
	}
}

// segments splits a marked text at its marks: plain, strong, plain, …
func segments(s string) []string {
	parts := strings.Split(s, mark)
	if n := len(parts); n%2 == 0 {
		parts = append(parts[:n-2], parts[n-2]+mark+parts[n-1])
	}
	return parts
}

// text is a message's text with the marks lifted out.
type text struct {
	runes  []rune
	strong []bool // of each rune; nil: nowhere
}

// read lifts the marks out of m's text, for good where the limit leaves no room
// for them.
func read(m *dialogs.Message, limit int) text {
	if limit < minMarked {
		*m = Plain(*m)
	}
	if m.Format != dialogs.Marked {
		return text{runes: []rune(m.Text)}
	}
	var t text
	for i, part := range segments(m.Text) {
		for _, c := range part {
			t.runes = append(t.runes, c)
			t.strong = append(t.strong, i%2 == 1)
		}
	}
	return t
}

func (t *text) isStrong(i int) bool { return t.strong != nil && t.strong[i] }

// write returns the runes from…end with marks around what is strong.
func (t *text) write(from, end int) string {
	var b strings.Builder
	on := false
	for i := from; i < end; i++ {
		if t.isStrong(i) != on {
			b.WriteString(mark)
			on = !on
		}
		b.WriteRune(t.runes[i])
	}
	if on {
		b.WriteString(mark)
	}
	return b.String()
}

// furthest returns the end of the longest part that is at most limit runes
// long when written.
func (t *text) furthest(from, limit int) int {
	size, on := 0, false
	for i := from; i < len(t.runes); i++ {
		size++
		if t.isStrong(i) && !on {
			size += 2 * len(mark)
		}
		on = t.isStrong(i)
		if size > limit {
			return i
		}
	}
	return len(t.runes)
}

// The kinds of places where a text can be cut, from the worst.
const (
	atCharacter = iota
	atWord
	atSentence
	atLine
	atParagraph
	kindsOfPlace
)

// part returns where the part that begins at from ends and where the next one
// begins.
func (t *text) part(from, limit int) (end, next int) {
	most := t.furthest(from, limit)
	end = most
	if most < len(t.runes) {
		end = t.cut(from, most)
	}
	next = t.word(end)
	for end > from && unicode.IsSpace(t.runes[end-1]) {
		end--
	}
	return end, next
}

// cut chooses the place to cut, at most at the given rune.
func (t *text) cut(from, most int) int {
	var last [kindsOfPlace]int // the last place of each kind
	for i := most; i > from; i-- {
		kind := t.place(i)
		if kind >= 0 && last[kind] == 0 {
			last[kind] = i
		}
	}
	for kind := atParagraph; kind >= atWord; kind-- {
		if last[kind]-from >= (most-from)/3 && last[kind] > from {
			return last[kind]
		}
	}
	for kind := atWord; kind <= atParagraph; kind++ {
		if last[kind] > from {
			return last[kind]
		}
	}
	if last[atCharacter] > from {
		return last[atCharacter]
	}
	return most // one character longer than the limit
}

// place says what kind of place for a cut there is before rune i; -1: none.
func (t *text) place(i int) int {
	switch c := t.runes[i]; {
	case c == '\n' && (i+1 < len(t.runes) && t.runes[i+1] == '\n' || t.runes[i-1] == '\n'):
		return atParagraph
	case c == '\n':
		return atLine
	case unicode.IsSpace(c) && t.sentenceEnds(i):
		return atSentence
	case unicode.IsSpace(c):
		return atWord
	case joined(t.runes, i):
		return -1
	default:
		return atCharacter
	}
}

// sentenceEnds says whether a sentence ends before rune i. A full stop after a
// figure or a capital ("1.", "TP.") mostly ends none.
func (t *text) sentenceEnds(i int) bool {
	i--
	for i > 0 && strings.ContainsRune(`”"’')»`, t.runes[i]) {
		i--
	}
	switch t.runes[i] {
	case '!', '?', '…':
		return true
	case '.':
		return i > 0 && !unicode.IsUpper(t.runes[i-1]) && !unicode.IsDigit(t.runes[i-1])
	default:
		return false
	}
}

// word returns the place of the first rune at or after i that is no white space.
func (t *text) word(i int) int {
	for i < len(t.runes) && unicode.IsSpace(t.runes[i]) {
		i++
	}
	return i
}

// joined says whether the runes before and at i belong to one character as
// people see it: combining marks, joined emoji, skin tones, flags. It covers
// what Vietnamese and English messages hold, not all of Unicode's rules (UAX 29).
func joined(runes []rune, i int) bool {
	if i <= 0 || i >= len(runes) {
		return false
	}
	const joiner = '\u200d'
	before, c := runes[i-1], runes[i]
	switch {
	case unicode.Is(unicode.M, c), c == joiner, before == joiner:
		return true
	case c >= 0x1f3fb && c <= 0x1f3ff: // skin tones
		return true
	case c >= 0xe0020 && c <= 0xe007f: // tags, as in the flags of regions
		return true
	case isFlagLetter(c):
		n := 0
		for j := i - 1; j >= 0 && isFlagLetter(runes[j]); j-- {
			n++
		}
		return n%2 == 1
	default:
		return false
	}
}

// isFlagLetter says whether c is one of the two halves of a flag.
func isFlagLetter(c rune) bool { return c >= 0x1f1e6 && c <= 0x1f1ff }
