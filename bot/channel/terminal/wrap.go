package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// style is how a cell is shown.
type style uint8

const (
	normal style = iota
	strong
	accent // the number of a choice
	faint  // the terminal's own words
)

// cell is one character as a person sees it: a letter with its marks, an emoji
// of several signs.
type cell struct {
	text  string
	width int // columns
	style style
}

// cells takes a clean line apart.
func cells(line string, st style) []cell {
	var out []cell
	for _, r := range line {
		w := columns(r)
		if n := len(out) - 1; n >= 0 && (w == 0 || joins(out[n].text, r)) {
			out[n].text += string(r)
			if r == emojiSign {
				out[n].width = 2
			}
			continue
		}
		out = append(out, cell{string(r), w, st})
	}
	return out
}

// emojiSign (U+FE0F) after a sign of text makes it an emoji.
const emojiSign = '\ufe0f'

// joins says whether r is part of the character that the cell began.
func joins(cell string, r rune) bool {
	if strings.HasSuffix(cell, string(zeroWidthJoiner)) {
		return true
	}
	runes := []rune(cell)
	return regional(r) && len(runes) == 1 && regional(runes[0]) || r >= 0x1F3FB && r <= 0x1F3FF // tones of skin
}

// regional says whether r is one half of a flag.
func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// columns returns how many columns a character takes by itself: none for marks
// on the one before, two for what East Asian terminals show wide, emoji and
// halves of flags among them (a flag is as wide as its first half).
func columns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth || regional(r) {
		return 2
	}
	return 1
}

// widthOf returns how many columns cells take.
func widthOf(list []cell) int {
	n := 0
	for _, c := range list {
		n += c.width
	}
	return n
}

// fold breaks a line into lines of at most limit columns, between words; the
// lines after the first begin with hang spaces. A word longer than a line is
// broken between characters, but a web address is left whole, since a broken
// one cannot be opened.
func fold(line []cell, limit, hang int) [][]cell {
	f := folding{limit: limit, hang: min(hang, limit/2)}
	for i, word := range split(line) {
		f.add(word, i > 0)
	}
	return append(f.done, f.line)
}

// folding is a line on its way through fold.
type folding struct {
	limit, hang int
	done        [][]cell
	line        []cell
	used        int // columns of line
}

func (f *folding) add(word []cell, spaced bool) {
	w := widthOf(word)
	switch {
	case !spaced:
	case f.used+1+w <= f.limit:
		f.put(cell{text: " ", width: 1, style: common(f.line, word)})
	default:
		f.turn()
	}
	whole := f.used+w <= f.limit || isAddress(word)
	for _, c := range word {
		if !whole && f.used+c.width > f.limit {
			f.turn()
		}
		f.put(c)
	}
}

func (f *folding) put(c cell) {
	f.line = append(f.line, c)
	f.used += c.width
}

// turn begins a new line.
func (f *folding) turn() {
	f.done = append(f.done, f.line)
	f.line, f.used = nil, 0
	for range f.hang {
		f.put(cell{text: " ", width: 1})
	}
}

// common is the style of the space between two words: theirs, if they share it.
func common(before, after []cell) style {
	if len(before) > 0 && len(after) > 0 && before[len(before)-1].style == after[0].style {
		return after[0].style
	}
	return normal
}

// split cuts a line into words at its spaces; spaces before the first word stay with it.
func split(line []cell) [][]cell {
	var out [][]cell
	start := 0
	for start < len(line) && line[start].text == " " {
		start++
	}
	from := 0
	for i := start; i <= len(line); i++ {
		if i < len(line) && line[i].text != " " {
			continue
		}
		if i > from {
			out = append(out, line[from:i])
		}
		from = i + 1
	}
	return out
}

func isAddress(word []cell) bool {
	return strings.Contains(textOf(word), "://")
}

func textOf(list []cell) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.text)
	}
	return b.String()
}

// hangOf returns how far the lines below the first of a line are moved in: to
// below its first word after leading spaces and a sign that begins a list
// ("1.", "•", "📅").
func hangOf(line []cell) int {
	indent := 0
	for indent < len(line) && line[indent].text == " " {
		indent++
	}
	list := split(line[indent:])
	if len(list) < 2 || !bullet(textOf(list[0])) {
		return indent
	}
	return indent + widthOf(list[0]) + 1
}

// bullet says whether a word begins an entry of a list: a number with a point
// or bracket, or one or two signs that are neither letter nor figure.
func bullet(word string) bool {
	number := strings.TrimRight(word, ".)")
	if number != word && number != "" && strings.Trim(number, "0123456789") == "" {
		return true
	}
	return len(cells(word, normal)) <= 2 && strings.IndexFunc(word, wordRune) < 0
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
