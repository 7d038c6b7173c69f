package search

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"sachhon/content"
	"sachhon/dialogs"
)

// Index finds articles by words. The zero Index finds nothing.
type Index struct {
	set *content.Set

	soon   atomic.Bool
	once   sync.Once
	using  sync.RWMutex // held while searching, against Close
	closed bool
	vocab  vocabulary
	texts  bleve.Index
	title  map[string]dialogs.Text
	err    error
}

// Hit is one article found.
type Hit struct {
	ID    string
	Title dialogs.Text
	Score float64 // the higher the nearer; comparable within one search only
}

// New returns an index over a content set. It makes nothing yet.
func New(set *content.Set) *Index { return &Index{set: set} }

// Make makes the index unless that has been done. It takes a tenth of a second
// of one processor and is meant to be called beside the turns.
func (x *Index) Make() error {
	if x == nil || x.set == nil {
		return nil
	}
	x.once.Do(func() { x.err = x.make() })
	return x.err
}

// MakeSoon makes the index on a goroutine of its own, the first time it is
// called; Find tells what went wrong. It costs next to nothing afterwards.
func (x *Index) MakeSoon() {
	if x != nil && x.soon.CompareAndSwap(false, true) {
		go func() { _ = x.Make() }() // Find returns the error
	}
}

// Find returns at most n articles nearest to the words, the best first; none
// where less than half of what the words are about is found anywhere. It makes
// the index where that has not been done.
func (x *Index) Find(words string, n int) ([]Hit, error) {
	if err := x.Make(); err != nil || x == nil || x.set == nil {
		return nil, err
	}
	x.using.RLock()
	defer x.using.RUnlock()
	if x.closed {
		return nil, nil
	}
	q := x.query(x.vocab.terms(clip(words)))
	if q == nil {
		return nil, nil
	}
	found, err := x.texts.Search(bleve.NewSearchRequestOptions(q, n, 0, false))
	if err != nil {
		return nil, fmt.Errorf("search answers: %w", err)
	}
	var hits []Hit
	for _, h := range found.Hits {
		hits = append(hits, Hit{ID: h.ID, Title: x.title[h.ID], Score: h.Score})
	}
	return hits, nil
}

// Close lets go of the index, once nobody searches it any more; it finds
// nothing from then on. A nil Index may be closed.
func (x *Index) Close() error {
	if x == nil {
		return nil
	}
	x.once.Do(func() {}) // never made: it will not be
	x.using.Lock()
	defer x.using.Unlock()
	if x.closed || x.texts == nil {
		x.closed = true
		return nil
	}
	x.closed = true
	if err := x.texts.Close(); err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}

// maxWords bounds the work on a text that was pasted.
const maxWords = 24

func clip(words string) string {
	list := strings.Fields(words)
	return strings.Join(list[:min(len(list), maxWords)], " ")
}

// The fields of an article, and how much more a hit counts where people look
// first: the title and the other wordings are what a question sounds like.
const (
	fieldTitle = "title"
	fieldAlso  = "also"
	fieldBody  = "body"
)

var boosts = map[string]float64{fieldTitle: 3, fieldAlso: 2.5, fieldBody: 1}

func (x *Index) make() error {
	x.vocab = newVocabulary(x.set.Subjects().Synonyms)
	x.title = map[string]dialogs.Text{}
	texts, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil) // in memory: no path
	if err != nil {
		return fmt.Errorf("make search index: %w", err)
	}
	x.texts = texts
	batch := texts.NewBatch()
	add := func(a *content.Article, body ...string) {
		x.title[a.ID] = a.Title
		also := append([]string{}, a.Also...)
		for _, topic := range a.Topics {
			if s, ok := content.SubjectIn(x.set.Subjects().Topics, topic); ok {
				also = append(also, s.Name.VI)
			}
		}
		fields := map[string]any{
			fieldTitle: x.indexed(a.Title.VI, a.Title.EN),
			fieldAlso:  x.indexed(also...),
			fieldBody:  x.indexed(body...),
		}
		if e := batch.Index(a.ID, fields); e != nil && err == nil {
			err = e
		}
	}
	for _, t := range x.set.Tips() {
		add(&t.Article, t.Gist.VI, t.Why.VI, t.Steps.VI, t.Gist.EN, t.Why.EN, t.Steps.EN)
	}
	for _, l := range x.set.Leaflets() {
		var body []string
		for _, p := range l.Pages {
			body = append(body, p.Heading.VI, p.Text.VI, p.Heading.EN, p.Text.EN)
		}
		add(&l.Article, body...)
	}
	for _, a := range x.set.Answers() {
		add(&a.Article, a.Text.VI, a.Text.EN)
	}
	if err == nil {
		err = texts.Batch(batch)
	}
	if err != nil {
		return fmt.Errorf("make search index: %w", err)
	}
	return nil
}

// indexed is the terms of texts, each by itself so that no pair spans two.
func (x *Index) indexed(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(x.vocab.terms(t).text())
		b.WriteByte(' ')
	}
	return b.String()
}

// newMapping indexes three fields, whose terms are made beforehand.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	err := m.AddCustomAnalyzer("terms", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name})
	if err != nil {
		panic("make search mapping: " + err.Error()) // constants
	}
	doc := bleve.NewDocumentStaticMapping()
	for name := range boosts {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = "terms", false, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	m.DefaultMapping, m.DefaultAnalyzer = doc, "terms"
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// query asks for half of the telling words at least, and for a pair or a synonym
// among them, or nearly all of the words: one word in common is an accident.
// nil: the text is about nothing.
func (x *Index) query(t terms) query.Query {
	var words, exact, telling, all []query.Query
	seen := map[string]bool{}
	for _, w := range t.words {
		if idle[w] || seen[w] {
			continue
		}
		seen[w] = true
		words, exact = append(words, anywhere(w, 1, true)), append(exact, anywhere(w, 1, false))
	}
	for i, p := range t.pairs {
		q := anywhere(p, 2, false)
		if all = append(all, q); !idle[t.words[i]] || !idle[t.words[i+1]] {
			telling = append(telling, q)
		}
	}
	for _, s := range t.synonyms {
		q := anywhere(s, 2, false)
		all, telling = append(all, q), append(telling, q)
	}
	if len(words) == 0 && len(telling) == 0 {
		return nil
	}
	both := bleve.NewBooleanQuery()
	both.AddShould(all...)
	if len(words) == 0 {
		both.AddMust(query.NewDisjunctionQuery(telling))
		return both
	}
	both.AddMust(atLeast(words, (len(words)+1)/2))
	if len(words) > 1 {
		both.AddMust(query.NewDisjunctionQuery(append(telling, atLeast(exact, (3*len(exact)+3)/4))))
	}
	return both
}

func atLeast(list []query.Query, n int) query.Query {
	q := query.NewDisjunctionQuery(list)
	q.SetMin(float64(n))
	return q
}

// fuzzyFrom is how long a word must be for one wrong letter to be forgiven.
const fuzzyFrom = 4

// anywhere looks for a term in all fields.
func anywhere(term string, boost float64, fuzzy bool) query.Query {
	var list []query.Query
	for field, more := range boosts {
		q := query.NewTermQuery(term)
		q.SetField(field)
		q.SetBoost(boost * more)
		list = append(list, q)
		if fuzzy && len(term) >= fuzzyFrom {
			f := query.NewFuzzyQuery(term)
			f.SetField(field)
			f.SetFuzziness(1)
			f.SetPrefix(1)
			f.SetBoost(boost * more / 3)
			list = append(list, f)
		}
	}
	return query.NewDisjunctionQuery(list)
}
