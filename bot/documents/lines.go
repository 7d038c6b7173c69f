package documents

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// run is a stretch of text in one cut.
type run struct {
	text string
	bold bool
}

// piece is a run in its place on a line.
type piece struct {
	run
	x float64 // from the start of the line, in points
}

// setLine is one line of set text.
type setLine struct {
	pieces []piece
	width  float64
}

// word is what is never divided as long as it fits on a line.
type word struct {
	runs   []run
	width  float64
	space  bool // a space stands before it, unless it begins a line
	begins bool // it begins a line
}

// strong divides a text at its **marks**: what stands between two of them is
// bold. A mark without a partner is text.
func strong(text string, bold bool) []run {
	parts := strings.Split(text, "**")
	if len(parts)%2 == 0 {
		last := len(parts) - 1
		parts = append(parts[:last-1], parts[last-1]+"**"+parts[last])
	}
	var runs []run
	for i, part := range parts {
		if part != "" {
			runs = append(runs, run{part, bold || i%2 == 1})
		}
	}
	return runs
}

// lines sets runs in lines no wider than the measure, by the first fit: the
// right edge of short Vietnamese syllables is quiet without more.
func (t *typefaces) lines(runs []run, size, measure float64) []setLine {
	var all []setLine
	var now setLine
	for _, w := range t.bound(t.words(runs, size), size, measure) {
		gap := 0.0
		if w.space {
			gap = t.regular.width(" ", size)
		}
		if w.begins || len(now.pieces) > 0 && now.width+gap+w.width > measure {
			all = append(all, now)
			now, gap = setLine{}, 0
		}
		if len(now.pieces) == 0 {
			gap = 0
		}
		t.add(&now, w, gap, size)
	}
	return append(all, now)
}

// add puts a word at the end of a line. Neighbours in one cut become one piece,
// with the space between them, so that a reader of the file finds sentences.
func (t *typefaces) add(l *setLine, w word, gap, size float64) {
	for i, r := range w.runs {
		space := ""
		if i == 0 && gap > 0 {
			space = " "
		}
		if last := len(l.pieces) - 1; last >= 0 && l.pieces[last].bold == r.bold {
			l.pieces[last].text += space + r.text
		} else {
			if last >= 0 && space != "" {
				l.pieces[last].text += space
			}
			at := l.width
			if i == 0 {
				at += gap
			}
			l.pieces = append(l.pieces, piece{r, at})
		}
		if i == 0 {
			l.width += gap
		}
		l.width += t.cut(r.bold).width(r.text, size)
	}
}

// words divides runs at spaces, line breaks, and after dashes between letters.
func (t *typefaces) words(runs []run, size float64) []word {
	var all []word
	next := word{}
	flush := func() {
		if len(next.runs) > 0 || next.begins {
			all = append(all, next)
		}
		next = word{}
	}
	for _, r := range runs {
		from := 0
		cut := func(to int) {
			if to > from {
				next.runs = append(next.runs, run{r.text[from:to], r.bold})
				next.width += t.cut(r.bold).width(r.text[from:to], size)
			}
		}
		for i, c := range r.text {
			after := i + utf8.RuneLen(c)
			switch {
			case c == '\n':
				cut(i)
				flush()
				next.begins = true
				from = after
			case c == ' ':
				cut(i)
				begins := next.begins && len(next.runs) == 0
				if !begins {
					flush()
				}
				next.space = true
				from = after
			case c == '–' && startsWithLetter(r.text[after:]):
				cut(after)
				flush()
				from = after
			}
		}
		cut(len(r.text))
	}
	flush()
	return all
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// balanced sets runs in as many lines as they need, all about as long, for
// titles: the narrowest measure that takes no more lines.
func (t *typefaces) balanced(runs []run, size, measure float64) []setLine {
	best := t.lines(runs, size, measure)
	if len(best) < 2 {
		return best
	}
	low, high := measure/2, measure
	for range 6 {
		middle := (low + high) / 2
		if tried := t.lines(runs, size, middle); len(tried) > len(best) {
			low = middle
		} else {
			best, high = tried, middle
		}
	}
	return best
}

// bound joins numbers with their units and the last two syllables of a text,
// so that none stands alone in the last line; and breaks words wider than a line.
func (t *typefaces) bound(words []word, size, measure float64) []word {
	var all []word
	for i, w := range words {
		if n := len(all); n > 0 && w.space && !w.begins {
			joined := t.join(all[n-1], w, size)
			unit := isUnit(w) && endsInDigit(all[n-1]) && joined.width <= measure
			last := i > 2 && i == len(words)-1 && joined.width <= measure/3
			if unit || last {
				all[n-1] = joined
				continue
			}
		}
		if w.width > measure {
			all = append(all, t.chop(w, size, measure)...)
			continue
		}
		all = append(all, w)
	}
	return all
}

// join makes one word of two, with a space that no line ends at.
func (t *typefaces) join(a, b word, size float64) word {
	a.runs = append(append(append([]run(nil), a.runs...), run{" ", false}), b.runs...)
	a.width += t.regular.width(" ", size) + b.width
	return a
}

// chop breaks a word that no line can hold wherever a line is full.
func (t *typefaces) chop(w word, size, measure float64) []word {
	all := []word{{space: w.space, begins: w.begins}}
	for _, r := range w.runs {
		for _, c := range r.text {
			letter := run{string(c), r.bold}
			width := t.cut(r.bold).width(letter.text, size)
			last := &all[len(all)-1]
			if last.width+width > measure && len(last.runs) > 0 {
				all = append(all, word{})
				last = &all[len(all)-1]
			}
			if n := len(last.runs); n > 0 && last.runs[n-1].bold == r.bold {
				last.runs[n-1].text += letter.text
			} else {
				last.runs = append(last.runs, letter)
			}
			last.width += width
		}
	}
	return all
}

// isUnit says whether a word is read in one breath with the number before it.
func isUnit(w word) bool {
	if len(w.runs) != 1 {
		return false
	}
	switch strings.TrimRight(w.runs[0].text, ".,;:)") {
	case "%", "°C", "kWh", "kW", "m³", "m²", "m", "mm", "cm", "kg", "t", "g", "bar", "l", "đồng", "triệu", "tỷ", "giờ", "phút", "ngày", "tháng", "năm",
		"MJ", "GJ", "kWh/t", "m³/t", "MJ/m³", "h", "min":
		return true
	}
	return false
}

func endsInDigit(w word) bool {
	text := w.runs[len(w.runs)-1].text
	return text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9'
}
