package answer

import (
	"cmp"
	"slices"
	"strings"
)

// unitWords are the words for kinds of places, which people put before a name
// whether or not the list has them.
var unitWords = newPhraseBook("phường", "p", "xã", "x", "thị xã", "tx", "thị trấn", "tt", "huyện", "h", "quận", "q", "thành phố", "tp", "tỉnh", "khu phố", "kp", "ấp", "ward", "commune", "city", "district")

// Search lists the choices whose labels fit a query, best first: the label
// itself, its first words, its other words, the starts of its words; then the
// same with other marks, and parts of words; otherwise in the order of the
// menu. A word such as "phường" before a name need not be in the label. Where
// nothing fits, slips of the hand are forgiven. An empty query lists all.
func (m *Menu) Search(query string) []int {
	words := split(query)
	if len(words) == 0 {
		all := make([]int, m.choices)
		for i := range all {
			all[i] = i
		}
		return all
	}
	bare := words[unitWords.startOf(words, 1):]
	if found := m.rank(func(l *label) int { return leastScore(l.fit(words), l.fit(bare)) }); len(found) > 0 {
		return found
	}
	return m.rank(func(l *label) int { return l.slip(bare) })
}

// leastScore returns the better of two scores, 0 being none.
func leastScore(a, b int) int {
	if a == 0 || b == 0 {
		return a + b
	}
	return min(a, b)
}

// rank lists the choices that fit, by the best score of their labels.
func (m *Menu) rank(fit func(*label) int) []int {
	best := make([]int, m.choices)
	var found []int
	for at := range m.labels {
		l := &m.labels[at]
		score := fit(l)
		if score > 0 && best[l.choice] == 0 {
			found = append(found, l.choice)
		}
		best[l.choice] = leastScore(best[l.choice], score)
	}
	slices.SortFunc(found, func(a, b int) int {
		return cmp.Or(cmp.Compare(best[a], best[b]), cmp.Compare(a, b))
	})
	return found
}

// fit scores how well a label fits the words searched for, 1 best; 0: not.
func (l *label) fit(words []word) int {
	folded := foldedWords(words)
	starts := startsWith(words, l.words[:min(len(words), len(l.words))])
	switch {
	case starts && len(words) == len(l.words):
		return 1
	case starts && len(words) < len(l.words):
		return 2
	case l.holds(words):
		return 3
	case l.startsWith(words):
		return 4
	case l.everyWord(words, word.begins):
		return 5
	case l.folded == folded:
		return 6
	case strings.HasPrefix(l.folded, folded):
		return 7
	case l.everyWord(words, func(w, own word) bool { return strings.HasPrefix(own.folded, w.folded) }):
		return 8
	case strings.Contains(l.folded, folded):
		return 9
	default:
		return 0
	}
}

// everyWord says whether each of words fits some word of the label.
func (l *label) everyWord(words []word, fits func(w, own word) bool) bool {
	for _, w := range words {
		if !slices.ContainsFunc(l.words, func(own word) bool { return fits(w, own) }) {
			return false
		}
	}
	return true
}

// slip scores how many letters of a label were mistyped.
func (l *label) slip(words []word) int {
	return max(0, l.distance(foldedWords(words)))
}
