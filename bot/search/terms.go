package search

import (
	"strconv"
	"strings"

	"sachhon/dialogs/answer"
)

// vocabulary turns text into the terms that are indexed and searched for: its
// folded words, pairs of neighbours (a Vietnamese word is mostly two syllables:
// “khi_nen”), and a term for each synonym it holds (“=3”).
type vocabulary struct {
	synonyms map[string]string // folded phrase → term
	longest  int               // words in the longest phrase
}

func newVocabulary(groups [][]string) vocabulary {
	v := vocabulary{synonyms: map[string]string{}}
	for i, words := range groups {
		for _, w := range words {
			if key := answer.Fold(w); key != "" {
				v.synonyms[key] = "=" + strconv.Itoa(i)
				v.longest = max(v.longest, strings.Count(key, " ")+1)
			}
		}
	}
	return v
}

// terms are the parts of a text.
type terms struct {
	words, pairs, synonyms []string
	covered                map[string]bool // words that are part of a synonym
}

func (v vocabulary) terms(text string) terms {
	words := strings.Fields(answer.Fold(text))
	t := terms{words: words, covered: map[string]bool{}}
	for i := range words {
		if i > 0 {
			t.pairs = append(t.pairs, words[i-1]+"_"+words[i])
		}
		for n := min(v.longest, len(words)-i); n > 0; n-- {
			if term, ok := v.synonyms[strings.Join(words[i:i+n], " ")]; ok {
				t.synonyms = append(t.synonyms, term)
				for _, w := range words[i : i+n] {
					t.covered[w] = true
				}
				break
			}
		}
	}
	return t
}

// text is all terms in one line, for indexing.
func (t terms) text() string {
	return strings.Join(t.words, " ") + " " + strings.Join(t.pairs, " ") + " " + strings.Join(t.synonyms, " ")
}

// idle are words that say nothing about what is looked for: the small change of
// a question, folded, in both languages.
var idle = newWords(`a ad ah ai alo anh ban bi biet boi cac cai can cang cau chi chi cho chu chua co con cua cung da dang day de den di do
	duoc e em gi giup ha hay hoi hon it k khi kia ko khong la lai lam len luc luon ma minh mot muon nao nay nen neu ng nhe nhieu nhu nhung
	noi nua o oi phai qua ra rang rat roi sao sau se tai the theo thi thich toi trong tu va van vay ve vi viec voi vua xin xong
	about am an and any are at be by can do does for from get have how i in is it me my of on or our please so that the there this to
	us want was we what when where which who why will with you your`)

type wordSet map[string]bool

func newWords(list string) wordSet {
	set := wordSet{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
