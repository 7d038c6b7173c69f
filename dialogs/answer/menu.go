package answer

import (
	"slices"
	"strings"
)

// Choice is one thing that may be picked.
type Choice struct {
	Labels []string // all its spellings, the label first; both languages
}

// How says by which rule a choice was found, from the surest to the loosest.
type How uint8

// The rules of [Menu.Pick], in the order in which they are tried. The zero
// value is that of a text that picks nothing.
const (
	HowNone   How = iota
	HowExact      // a label, marks included
	HowFolded     // a label typed without its marks
	HowPolite     // either, with courtesy around it
	HowNumber     // its place in the list: "2", "số 2", "cái thứ hai"
	HowPrefix     // the start of one label alone, or words of one label alone
)

// Picked is what [Menu.Pick] found.
type Picked struct {
	Index int   // of the choice; -1: none
	How   How   // the rule that found it
	Close []int // where none was found: at most three choices to offer, best first
}

// Menu finds the choice meant by a text. It does not change after [NewMenu] and
// may be used from many goroutines at once.
type Menu struct {
	choices int
	labels  []label
	exact   map[string][]int // label numbers by key
	folded  map[string][]int // label numbers by folded text
}

// label is one spelling of a choice.
type label struct {
	choice int
	text   string // clean, lower case
	key    string
	folded string
	words  []word
}

// NewMenu makes a menu. Empty labels are passed over; a choice without any can
// be picked by its number only.
func NewMenu(choices []Choice) *Menu {
	m := &Menu{choices: len(choices), exact: map[string][]int{}, folded: map[string][]int{}}
	for i, c := range choices {
		for _, text := range c.Labels {
			m.add(i, text)
		}
	}
	return m
}

func (m *Menu) add(choice int, text string) {
	l := label{choice: choice, text: strings.ToLower(Clean(text)), key: string(appendKey(nil, text)), folded: Fold(text), words: split(text)}
	if l.text == "" {
		return
	}
	if l.key == "" {
		l.key = l.text // signs alone, such as 👍
	}
	at := len(m.labels)
	m.labels = append(m.labels, l)
	m.exact[l.key] = append(m.exact[l.key], at)
	if l.folded != "" {
		m.folded[l.folded] = append(m.folded[l.folded], at)
	}
}

// Pick finds the one choice meant by s. The rules, in this order: a label with
// its marks; a label without marks; either inside courtesy; its number; the
// start (three letters at least) or some whole words of one choice's labels.
// Where two choices fit, or the marks typed are not the label's, or letters are
// wrong, nothing is picked and the choices are offered.
func (m *Menu) Pick(s string) Picked {
	if p := m.pickLabel(s); p.How != HowNone || p.Close != nil {
		return p
	}
	return m.pickLoosely(s)
}

// pickLabel tries the first two rules.
func (m *Menu) pickLabel(s string) Picked {
	var keyBuf, foldBuf [128]byte
	key := appendKey(keyBuf[:0], s)
	if len(key) == 0 {
		key = append(key, strings.ToLower(Clean(s))...)
	}
	if hits := m.exact[string(key)]; len(hits) > 0 {
		return m.settle(m.verbatim(hits, s), HowExact)
	}
	folded := dropMarks(append(foldBuf[:0], key...))
	if hits := m.believed(m.folded[string(folded)], key); len(hits) > 0 {
		return m.settle(hits, HowFolded)
	}
	return Picked{Index: -1}
}

// settle picks the choice of the labels that were hit, or offers them where
// they are of several choices.
func (m *Menu) settle(hits []int, how How) Picked {
	first := m.labels[hits[0]].choice
	for _, at := range hits[1:] {
		if m.labels[at].choice != first {
			return Picked{Index: -1, Close: m.offer(hits)}
		}
	}
	return Picked{Index: first, How: how}
}

func (m *Menu) offer(hits []int) []int {
	var choices []int
	for _, at := range hits {
		if c := m.labels[at].choice; !slices.Contains(choices, c) && len(choices) < maxCandidates {
			choices = append(choices, c)
		}
	}
	return choices
}

// verbatim narrows labels with the same words to those typed sign by sign, if
// any: "< 10" and "> 10" have the same words.
func (m *Menu) verbatim(hits []int, s string) []int {
	if len(hits) == 1 {
		return hits
	}
	text := strings.ToLower(Clean(s))
	var same []int
	for _, at := range hits {
		if m.labels[at].text == text {
			same = append(same, at)
		}
	}
	if len(same) > 0 {
		return same
	}
	return hits
}

// believed leaves out the labels whose marks the text's marks contradict.
func (m *Menu) believed(hits []int, key []byte) []int {
	for i, at := range hits {
		if compatible(key, []byte(m.labels[at].key)) {
			continue
		}
		kept := slices.Clone(hits[:i])
		for _, at := range hits[i+1:] {
			if compatible(key, []byte(m.labels[at].key)) {
				kept = append(kept, at)
			}
		}
		return kept
	}
	return hits
}

// maxMeant is the most words in which somebody names a choice. It bounds the
// work on a text that was pasted.
const maxMeant = 40

// pickLoosely tries the rules after the first two.
func (m *Menu) pickLoosely(s string) Picked {
	all := split(s)
	if len(all) == 0 || len(all) > maxMeant || m.choices == 0 {
		return Picked{Index: -1}
	}
	// The label is looked for after each courtesy, since it may itself start or
	// end with a word of courtesy: "trợ giúp với ạ".
	words, titled := all, false
	for {
		from, to, title := strip(words)
		if from == 0 && to == len(words) {
			break
		}
		words, titled = words[from:to], titled || title
		if p, ok := m.pickPolite(words, titled); ok {
			return p
		}
	}
	if p, ok := m.pickNumber(words); ok {
		return p
	}
	if p, ok := m.pickPart(words); ok {
		return p
	}
	return Picked{Index: -1, Close: m.closeTo(all, words)}
}

// pickPolite looks for a label among the words left without courtesy.
func (m *Menu) pickPolite(words []word, titled bool) (Picked, bool) {
	var keyBuf, foldBuf [128]byte
	key := joinKeys(keyBuf[:0], words)
	if hits := m.exact[string(key)]; len(hits) > 0 {
		return m.settle(hits, HowPolite), true
	}
	hits := m.believed(m.folded[string(dropMarks(append(foldBuf[:0], key...)))], key)
	if len(hits) == 0 {
		return Picked{}, false
	}
	if titled && len(words) == 1 {
		// "Anh Huy" gives a name: "huỷ" is offered at most.
		return Picked{Index: -1, Close: m.offer(hits)}, true
	}
	return m.settle(hits, HowPolite), true
}

func joinKeys(dst []byte, words []word) []byte {
	for i, w := range words {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, w.key...)
	}
	return dst
}

// pickPart looks for the one choice whose label starts with words, or has them
// all among its own.
func (m *Menu) pickPart(words []word) (Picked, bool) {
	if !telling(words) {
		return Picked{}, false
	}
	hits := m.parts(words)
	if len(hits) == 0 {
		return Picked{}, false
	}
	return m.settle(hits, HowPrefix), true
}

// telling says whether words say enough to find a label by a part of it. A bare
// yes or no answers a question; it does not name a choice that has it inside.
func telling(words []word) bool {
	if _, plain := plainYesNo(words); plain {
		return false
	}
	for _, w := range words {
		if len(w.folded) > 1 && !linking.has([]word{w}) {
			return true
		}
	}
	return false
}

// linking are words that say nothing by themselves.
var linking = newPhraseBook("và", "của", "cho", "là", "ở", "các", "một", "những", "với", "hay", "hoặc", "tại", "về", "để", "the", "a", "an", "and", "or", "of", "to", "in", "for", "my")

// parts lists the labels that start with words or hold them all.
func (m *Menu) parts(words []word) []int {
	letters := 0
	for _, w := range words {
		letters += len(w.folded)
	}
	var hits []int
	for at := range m.labels {
		l := &m.labels[at]
		if letters >= 3 && l.startsWith(words) || l.holds(words) {
			hits = append(hits, at)
		}
	}
	return hits
}

func (l *label) holds(words []word) bool {
	for _, w := range words {
		if !slices.ContainsFunc(l.words, w.is) {
			return false
		}
	}
	return true
}

// startsWith says whether the label starts with words, the last of which may
// be cut short.
func (l *label) startsWith(words []word) bool {
	last := len(words) - 1
	return last < len(l.words) && startsWith(words[:last], l.words[:last]) && words[last].begins(l.words[last])
}

// begins says whether w may be the start of other.
func (w word) begins(other word) bool {
	if !w.marked {
		return strings.HasPrefix(other.folded, w.folded)
	}
	letters, tones := cutTones(w.key)
	whole, otherTones := cutTones(other.key)
	rest, ok := strings.CutPrefix(whole, letters)
	return ok && (rest == "" || rest[0] >= ' ') && (tones == "" || tones == otherTones)
}

// cutTones takes the tones off the end of a word's key.
func cutTones(key string) (letters, tones string) {
	at := len(key)
	for at > 0 && key[at-1] <= toneDot {
		at--
	}
	return key[:at], key[at:]
}
