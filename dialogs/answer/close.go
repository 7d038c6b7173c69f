package answer

import (
	"cmp"
	"slices"
)

// denying are the words that turn what follows into its opposite: "không đăng
// ký" is not close to "Đăng ký".
var denying = newPhraseBook("không", "ko", "chưa", "đừng", "khỏi", "not", "don't", "no", "never", "won't", "can't", "trừ", "ngoài", "except")

// closeTo lists the choices that come close to a text that picks none: the
// right letters with other marks, a part of several labels, a label among other
// words, a few letters wrong. all are the words of the text, meant those
// without courtesy.
func (m *Menu) closeTo(all, meant []word) []int {
	type near struct{ choice, score int }
	var found []near
	folded := foldedWords(meant)
	part := telling(meant) || len(meant) > 0 && negative.has(meant) || affirmative.has(meant)
	for at := range m.labels {
		l := &m.labels[at]
		score := l.distance(folded)
		if score < 0 && len(all) != len(meant) {
			score = l.distance(foldedWords(all))
		}
		switch {
		case score == 0:
		case part && (l.holds(meant) || l.startsWith(meant)):
			score = 1
		case l.within(all):
			score = 2
		case score > 0:
			score += 2
		default:
			continue
		}
		found = append(found, near{l.choice, score})
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.choice, b.choice))
	})
	var choices []int
	for _, f := range found {
		if !slices.Contains(choices, f.choice) && len(choices) < maxCandidates {
			choices = append(choices, f.choice)
		}
	}
	return choices
}

// within says whether the label stands among the words of a text, not denied
// before.
func (l *label) within(words []word) bool {
	if len(l.folded) < 2 {
		return false
	}
	for i := range words {
		if startsWith(words[i:], l.words) {
			return !denying.within(words[:i])
		}
	}
	return false
}

// distance returns how many letters stand between the label and a folded text,
// or −1 if they are too many to have been slips: none in two letters, one in
// five, two in nine, three in more. Numbers have no slips.
func (l *label) distance(folded string) int {
	if folded == l.folded {
		return 0
	}
	shorter := min(len(folded), len(l.folded))
	limit := 3
	switch {
	case shorter <= 2:
		return -1
	case shorter <= 5:
		limit = 1
	case shorter <= 9:
		limit = 2
	}
	if max(len(folded), len(l.folded))-shorter > limit || startsDigits(folded) > 0 {
		return -1
	}
	if d := editDistance(folded, l.folded, limit); d <= limit {
		return d
	}
	return -1
}

// maxEdit is the longest text whose edit distance is measured.
const maxEdit = 80

// editDistance counts the letters to insert, drop, change or swap with their
// neighbour to make b of a. Beyond limit it returns limit+1.
func editDistance(a, b string, limit int) int {
	if len(a) > maxEdit || len(b) > maxEdit {
		return limit + 1
	}
	var rows [3][maxEdit + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
