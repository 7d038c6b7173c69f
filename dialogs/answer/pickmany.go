package answer

import (
	"slices"
	"strconv"
	"strings"
)

// everything and nothing are the answers that are about all choices at once.
var (
	everything = newPhraseBook("tất cả", "tất", "hết", "cả", "chọn hết", "hết tất cả", "tất cả các mục", "tất cả các ý", "mọi thứ", "all", "all of them", "everything")
	nothing    = newPhraseBook("không", "ko", "không có", "ko có", "không có gì", "không cái nào", "không có cái nào", "ko có cái nào", "ko cái nào", "không chọn", "không chọn cái nào", "chưa có", "chưa có gì", "none", "none of them", "nothing", "no", "neither")
)

// allOf are the words that make a number all choices, if it is their number.
var allOf = newPhraseBook("cả", "tất cả", "all")

// joining are the words between two choices.
var joining = newPhraseBook("và", "với", "cùng", "and", "plus")

// PickMany reads several choices in one text: "1, 3 và 4", "Gỗ và sơn", "1-3",
// "tất cả", "không có cái nào". It returns their indexes in the order of the
// menu, without repetition; none and true for "none". Where a part is not
// understood nothing is picked, ok is false, and close offers what comes
// nearest to it.
func (m *Menu) PickMany(s string) (indexes []int, ok bool, close []int) {
	whole := m.Pick(s)
	if whole.Index >= 0 && whole.How <= HowPolite {
		return []int{whole.Index}, true, nil
	}
	all := split(s)
	from, to, _ := core(all)
	switch words := all[from:to]; {
	case m.meansAll(words):
		for i := range m.choices {
			indexes = append(indexes, i)
		}
		return indexes, true, nil
	case nothing.has(words):
		return nil, true, nil
	}
	indexes, close, ok = m.pickParts(s, parts(s, all))
	switch {
	case ok && len(indexes) > 0:
		slices.Sort(indexes)
		return slices.Compact(indexes), true, nil
	case whole.Index >= 0:
		return []int{whole.Index}, true, nil
	case len(close) == 0:
		close = whole.Close
	}
	return nil, false, close
}

// meansAll says whether words are "all", or "both" and "all three" where there
// are as many choices.
func (m *Menu) meansAll(words []word) bool {
	if m.choices == 0 || everything.has(words) {
		return m.choices > 0
	}
	if len(words) == 1 && words[0].folded == "both" {
		return m.choices == 2
	}
	n := allOf.startOf(words, 1)
	if n == 0 {
		return false
	}
	count, _ := placeOf(words[n:])
	return count == m.choices
}

// part is a piece of a text between commas and the like.
type part struct{ from, to int }

// parts takes a text apart where its author put a comma, another such sign or
// "và"; between bare numbers a blank is enough.
func parts(s string, words []word) []part {
	var found []part
	open := false
	for i, w := range words {
		if joining.has(words[i : i+1]) {
			open = false
			continue
		}
		if open && i > 0 && !apart(s, words[i-1], w) {
			found[len(found)-1].to = w.to
			continue
		}
		found = append(found, part{w.from, w.to})
		open = true
	}
	return found
}

// apart says whether the signs between two words separate choices.
func apart(s string, a, b word) bool {
	gap := s[a.to:b.from]
	if isNumber(a) && isNumber(b) {
		return !strings.ContainsAny(gap, "-–—~")
	}
	return strings.ContainsAny(gap, ",;/+&|\n")
}

func isNumber(w word) bool { return startsDigits(w.folded) == len(w.folded) }

// pickParts picks a choice by each part. A label may have a comma or "và"
// inside, so as many parts as make a label together are taken at once.
func (m *Menu) pickParts(s string, parts []part) (indexes, close []int, ok bool) {
	for i := 0; i < len(parts); {
		if first, last, ok := m.span(s[parts[i].from:parts[i].to]); ok {
			for n := first; n <= last; n++ {
				indexes = append(indexes, n-1)
			}
			i++
			continue
		}
		picked, took := m.longest(s, parts[i:])
		if picked.Index < 0 {
			return nil, picked.Close, false
		}
		indexes = append(indexes, picked.Index)
		i += took
	}
	return indexes, nil, true
}

// longest picks by as many of the first parts as are one label, or by the
// first alone.
func (m *Menu) longest(s string, parts []part) (p Picked, took int) {
	for n := min(len(parts), 5); n > 1; n-- {
		p := m.pickLabel(s[parts[0].from:parts[n-1].to])
		if p.Index >= 0 {
			return p, n
		}
	}
	return m.Pick(s[parts[0].from:parts[0].to]), 1
}

// span reads "1-3" and "từ 1 đến 3" as the places 1 to 3.
func (m *Menu) span(s string) (first, last int, ok bool) {
	words := split(s)
	if len(words) > 0 && lead.startOf(words, 1) == 1 {
		words = words[1:]
	}
	if len(words) == 3 && until.has(words[1:2]) {
		words = []word{words[0], words[2]}
	}
	if len(words) != 2 || !isNumber(words[0]) || !isNumber(words[1]) {
		return 0, 0, false
	}
	first, err1 := strconv.Atoi(words[0].folded)
	last, err2 := strconv.Atoi(words[1].folded)
	return first, last, err1 == nil && err2 == nil && 1 <= first && first < last && last <= m.choices
}
