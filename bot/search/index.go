package search

import (
	"fmt"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"sachhon/content"
	"sachhon/dialogs"
)

// Index finds articles by words. The zero Index finds nothing.
type Index struct {
	set *content.Set

	once  sync.Once
	vocab vocabulary
	texts bleve.Index
	title map[string]dialogs.Text
	err   error
}

// Hit is one article found.
type Hit struct {
	ID    string
	Title dialogs.Text
	Score float64 // the higher the nearer; comparable within one search only
}

// New returns an index over a content set. It makes nothing yet.
func New(set *content.Set) *Index { return &Index{set: set} }

// Make makes the index unless that has been done. It takes some tenths of a
// second of one processor and is meant to be called beside the turns.
func (x *Index) Make() error {
	if x == nil || x.set == nil {
		return nil
	}
	x.once.Do(func() { x.err = x.make() })
	return x.err
}

// Find returns at most n articles nearest to the words, the best first; none
// where less than half of what the words are about is found anywhere. It makes
// the index where that has not been done.
func (x *Index) Find(words string, n int) ([]Hit, error) {
	if err := x.Make(); err != nil || x == nil || x.set == nil {
		return nil, err
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

// maxWords bounds the work on a text that was pasted.
const maxWords = 40

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
	texts, err := bleve.NewMemOnly(newMapping())
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

// query asks for half of the telling words at least; pairs and synonyms raise
// what holds them. nil: the text is about nothing.
func (x *Index) query(t terms) query.Query {
	var words, more []query.Query
	seen := map[string]bool{}
	add := func(list *[]query.Query, term string, boost float64, fuzzy bool) {
		if !seen[term] {
			seen[term] = true
			*list = append(*list, anywhere(term, boost, fuzzy))
		}
	}
	for _, w := range t.words {
		if !idle[w] || t.covered[w] && len(t.words) <= 2 {
			add(&words, w, 1, true)
		}
	}
	for _, p := range t.pairs {
		add(&more, p, 2, false)
	}
	for _, s := range t.synonyms {
		add(&more, s, 2, false)
	}
	if len(words) == 0 {
		words = more
	}
	if len(words) == 0 {
		return nil
	}
	half := query.NewDisjunctionQuery(words)
	half.SetMin(float64((len(words) + 1) / 2))
	all := bleve.NewBooleanQuery()
	all.AddMust(half)
	all.AddShould(more...)
	return all
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
