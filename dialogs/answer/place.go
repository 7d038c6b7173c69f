package answer

import (
	"slices"
	"strconv"
)

// placing are the words before the number of a choice.
var placing = newPhraseBook("số", "câu", "mục", "cái", "thứ", "cái số", "cái thứ", "lựa chọn", "phương án", "đáp án", "ý", "dòng", "nút", "lớp số", "lớp thứ", "option", "number", "no", "choice", "item", "answer", "the")

// ordinals are the places that are said without a number.
var ordinals = []struct {
	words []word
	place int // −1: the last
}{
	{split("đầu"), 1}, {split("đầu tiên"), 1}, {split("nhất"), 1}, {split("first"), 1}, {split("1st"), 1}, {split("second"), 2}, {split("2nd"), 2},
	{split("third"), 3}, {split("3rd"), 3}, {split("fourth"), 4}, {split("fifth"), 5}, {split("sixth"), 6}, {split("seventh"), 7}, {split("eighth"), 8},
	{split("ninth"), 9}, {split("tenth"), 10}, {split("cuối"), -1}, {split("cuối cùng"), -1}, {split("last"), -1},
}

// pickNumber picks a choice by its place: "2", "số 2", "cái thứ hai", "the last
// one". A place in words that are also words of a label ("thứ hai" on a list of
// weekdays), or a number that another choice's label starts with, is no place.
func (m *Menu) pickNumber(words []word) (Picked, bool) {
	place, spelled := placeOf(words)
	if place == -1 {
		place = m.choices
	}
	if place < 1 || place > m.choices {
		return Picked{}, false
	}
	if spelled && len(m.parts(words)) > 0 || m.weekdays() && words[0].folded == "thu" {
		return Picked{}, false
	}
	if !spelled {
		if rival := m.startingWith(strconv.Itoa(place)); rival >= 0 && rival != place-1 {
			return Picked{Index: -1, Close: []int{rival, place - 1}}, true
		}
	}
	return Picked{Index: place - 1, How: HowNumber}, true
}

// weekdays says whether a label starts with "thứ", so that "thứ 2" is a day.
func (m *Menu) weekdays() bool {
	return slices.ContainsFunc(m.labels, func(l label) bool { return len(l.words) > 1 && l.words[0].folded == "thu" })
}

// startingWith returns the first choice with a label whose first word is w; −1:
// none.
func (m *Menu) startingWith(w string) int {
	at := slices.IndexFunc(m.labels, func(l label) bool { return len(l.words) > 1 && l.words[0].key == w })
	if at < 0 {
		return -1
	}
	return m.labels[at].choice
}

// placeOf reads words as a place in a list, and says whether it was spelled
// out rather than given by digits. 0: no place.
func placeOf(words []word) (place int, spelled bool) {
	bare := len(words)
	for n := placing.startOf(words, 1); n > 0; n = placing.startOf(words, 1) {
		words = words[n:]
	}
	counted := len(words) < bare
	if last := len(words) - 1; last > 0 && words[last].folded == "one" {
		words = words[:last]
	}
	if digits := words[0].folded; len(words) == 1 && len(digits) <= 3 && startsDigits(digits) == len(digits) {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return 0, false
		}
		return n, false
	}
	for _, o := range ordinals {
		if len(o.words) == len(words) && startsWith(words, o.words) {
			return o.place, true
		}
	}
	ts := make([]token, len(words))
	for i, w := range words {
		ts[i] = token{word: w}
		if !counted && !numeralAsWritten(w) {
			return 0, false // a bare "nam" or "sau" is rarely five or six
		}
	}
	if v, n := small(ts); n == len(ts) {
		return int(v), true
	}
	return 0, false
}

// numeralAsWritten says whether w is a number word with all its marks.
func numeralAsWritten(w word) bool {
	same := func(n numeral) bool { return n.word.key == w.key }
	return slices.ContainsFunc(vietnameseNumerals()[w.folded], same) || slices.ContainsFunc(englishNumerals()[w.folded], same)
}
