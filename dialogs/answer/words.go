package answer

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text.
type word struct {
	key      string // as by appendKey
	folded   string
	marked   bool
	from, to int // where it stands in the text
}

// is says whether w may be meant as the word of a list. Marks that were typed
// must be the word's own; a word typed without any may be any of that spelling.
func (w word) is(other word) bool {
	return w.key == other.key || !w.marked && w.folded == other.folded
}

// split takes a text apart into its words.
func split(s string) []word {
	var words []word
	from := -1
	for i, r := range s {
		if isWordRune(r) {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			words = appendWord(words, s, from, i)
			from = -1
		}
	}
	if from >= 0 {
		words = appendWord(words, s, from, len(s))
	}
	return words
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return letters.low[r].base != 0
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r)
}

func appendWord(words []word, s string, from, to int) []word {
	var buf [48]byte
	key := appendKey(buf[:0], s[from:to])
	if len(key) == 0 {
		return words // marks and invisible characters alone
	}
	w := word{key: string(key), from: from, to: to}
	if w.marked = hasMarks(key); w.marked {
		w.folded = string(dropMarks(key))
	} else {
		w.folded = w.key
	}
	return append(words, w)
}

func hasMarks(key []byte) bool {
	for _, c := range key {
		if c < ' ' {
			return true
		}
	}
	return false
}

// compatible says whether a text and a label that fold alike may be the same:
// word by word, the marks typed are the label's or there are none.
func compatible(text, label []byte) bool {
	for len(text) > 0 {
		var t, l []byte
		t, text, _ = bytes.Cut(text, []byte{' '})
		l, label, _ = bytes.Cut(label, []byte{' '})
		if hasMarks(t) && !bytes.Equal(t, l) {
			return false
		}
	}
	return true
}

// phraseBook finds the phrases of a list in a row of words. It is immutable.
type phraseBook struct {
	phrases []string // with their marks
	made    sync.Once
	byFirst map[string][][]word // by the folded first word, longest first
}

// newPhraseBook makes a phrase book of phrases given with their marks. They are
// taken apart when the book is first opened.
func newPhraseBook(phrases ...string) *phraseBook { return &phraseBook{phrases: phrases} }

// open returns the phrases by their first word.
func (b *phraseBook) open() map[string][][]word {
	b.made.Do(func() {
		b.byFirst = make(map[string][][]word, len(b.phrases))
		for _, p := range b.phrases {
			words := split(p)
			list := b.byFirst[words[0].folded]
			at := len(list)
			for at > 0 && len(list[at-1]) < len(words) {
				at--
			}
			list = append(list, nil)
			copy(list[at+1:], list[at:])
			list[at] = words
			b.byFirst[words[0].folded] = list
		}
	})
	return b.byFirst
}

// startOf returns how many words the longest phrase takes that words start
// with and that leaves at least rest words; 0: none.
func (b *phraseBook) startOf(words []word, rest int) int {
	if len(words) == 0 {
		return 0
	}
	for _, phrase := range b.open()[words[0].folded] {
		if len(phrase)+rest <= len(words) && startsWith(words, phrase) {
			return len(phrase)
		}
	}
	return 0
}

// maxPhrase is the most words a phrase that is looked for at an end has.
const maxPhrase = 5

// endOf is startOf for the end of words.
func (b *phraseBook) endOf(words []word, rest int) int {
	for n := min(len(words)-rest, maxPhrase); n > 0; n-- {
		tail := words[len(words)-n:]
		for _, phrase := range b.open()[tail[0].folded] {
			if len(phrase) == n && startsWith(tail, phrase) {
				return n
			}
		}
	}
	return 0
}

// has says whether words as a whole are one of the phrases.
func (b *phraseBook) has(words []word) bool {
	return len(words) > 0 && b.startOf(words, 0) == len(words)
}

// within says whether one of the phrases stands anywhere in words.
func (b *phraseBook) within(words []word) bool {
	for i := range words {
		if b.startOf(words[i:], 0) > 0 {
			return true
		}
	}
	return false
}

// spelledIn is within for phrases typed with all their marks.
func (b *phraseBook) spelledIn(words []word) bool {
	for i, w := range words {
		for _, phrase := range b.open()[w.folded] {
			end := i + len(phrase)
			if end <= len(words) && slices.EqualFunc(words[i:end], phrase, func(w, p word) bool { return w.key == p.key }) {
				return true
			}
		}
	}
	return false
}

func startsWith(words, phrase []word) bool {
	if len(words) < len(phrase) {
		return false
	}
	for i := range phrase {
		if !words[i].is(phrase[i]) {
			return false
		}
	}
	return true
}

// foldedWords joins the folded words by spaces.
func foldedWords(words []word) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.folded
	}
	return strings.Join(parts, " ")
}
