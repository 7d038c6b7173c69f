package content

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sachhon/dialogs"
)

// How long the parts of a questionnaire may be, in letters: a question or an
// advice with all its steps is read on a phone without scrolling.
const (
	longAsk    = 130
	longTitle  = 46
	longWhy    = 110
	longStep   = 64
	longSource = 70
	longAdvice = 260 // all parts together, without what is put around them
	mostSteps  = 3
)

// checkQuestionnaires holds the questionnaires against what people need of
// them. Two sets must not share a key: answers are kept by it.
func (b *folder) checkQuestionnaires(fsys fs.FS) []Problem {
	c := questionCheck{keys: map[string]string{}, tips: idsOf(fsys, "tips"), leaflets: idsOf(fsys, "leaflets")}
	for _, q := range b.questionnaires {
		if q.set == nil {
			continue
		}
		c.page = q
		c.sections(q.set)
		for _, question := range q.set.Questions {
			c.question(question)
		}
	}
	return c.found
}

type questionCheck struct {
	page           *questionnairePage
	keys           map[string]string // key → file
	tips, leaflets []string          // nil: none are loaded
	found          []Problem
}

func (c *questionCheck) add(at place, s Severity, what, do string) {
	c.found = append(c.found, Problem{c.page.name, at.line, at.column, s, what, do})
}

func (c *questionCheck) sections(q *dialogs.Questionnaire) {
	for _, s := range q.Sections {
		c.own(s.Key, place{1, 1})
		if !slices.ContainsFunc(q.Questions, func(x *dialogs.CheckQuestion) bool { return x.Section == s.Key }) {
			c.add(place{1, 1}, Warning, "the section “"+s.Key+"” has no questions", "take it out, or ask something")
		}
	}
	if (q.ReviewedBy == "") != (q.ReviewedOn == "") {
		c.add(place{1, 1}, Error, "a review needs both who and when", "write reviewed_by: and reviewed_on:, or neither")
	}
	if q.ReviewedOn != "" && !dayForm().MatchString(q.ReviewedOn) {
		c.add(place{1, 1}, Error, "“"+q.ReviewedOn+"” is not a day", "write it like 2026-12-01")
	}
}

var (
	dayForm     = lazily(`^\d{4}-\d\d-\d\d$`)
	tipForm     = lazily(`^t\d\d$`)
	leafletForm = lazily(`^L[1-9]\d?$`)
)

// own reports a key that another question or section has.
func (c *questionCheck) own(key string, at place) {
	if file, taken := c.keys[key]; taken {
		c.add(at, Error, "the key “"+key+"” is used in "+file+" too", "give one of them another key")
	}
	c.keys[key] = c.page.name
}

func (c *questionCheck) question(q *dialogs.CheckQuestion) {
	at := c.page.at[q.Key]
	c.own(q.Key, at)
	a := &q.Advice
	c.short(at, q.Key, "question", longAsk, q.Text)
	c.short(at, q.Key, "title of the advice", longTitle, a.Title)
	c.short(at, q.Key, "reason", longWhy, a.Why)
	c.short(at, q.Key, "source", longSource, a.Source)
	for _, step := range a.How {
		c.short(at, q.Key, "step", longStep, step)
	}
	if len(a.How) > mostSteps {
		c.add(at, Warning, fmt.Sprintf("the advice of “%s” has %d steps", q.Key, len(a.How)), fmt.Sprintf("keep to %d", mostSteps))
	}
	for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
		n := utf8.RuneCountInString(a.Title.In(lang) + a.Why.In(lang) + a.Source.In(lang))
		for _, step := range a.How {
			n += utf8.RuneCountInString(step.In(lang))
		}
		if n > longAdvice {
			c.add(at, Warning, fmt.Sprintf("the advice of “%s” has %d letters in all", q.Key, n), fmt.Sprintf("keep to %d", longAdvice))
		}
	}
	c.reading(at, "tip", a.Tip, tipForm(), c.tips)
	c.reading(at, "leaflet", a.Leaflet, leafletForm(), c.leaflets)
}

func (c *questionCheck) short(at place, key, what string, limit int, text dialogs.Text) {
	for _, words := range []string{text.VI, text.EN} {
		if n := utf8.RuneCountInString(words); n > limit {
			c.add(at, Warning, fmt.Sprintf("the %s of “%s” has %d letters", what, key, n), fmt.Sprintf("keep to %d", limit))
		}
	}
}

// reading checks the id of a tip or leaflet: against those that are loaded, or
// by its form alone while there are none.
func (c *questionCheck) reading(at place, what, id string, form *regexp.Regexp, loaded []string) {
	switch {
	case id == "":
	case loaded == nil && !form.MatchString(id):
		c.add(at, Warning, "“"+id+"” does not look like the id of a "+what, "write it like t08 or L3")
	case loaded != nil && !slices.Contains(loaded, strings.ToLower(id)):
		c.add(at, Error, "there is no "+what+" “"+id+"”", "use one of: "+join(loaded))
	}
}

// idsOf lists the ids by which the files of a folder are named (t08-….md), in
// small letters; nil when there are none.
func idsOf(fsys fs.FS, folder string) []string {
	names, err := fs.Glob(fsys, folder+"/*.md")
	if err != nil {
		return nil
	}
	var ids []string
	for _, name := range names {
		id, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".md"), "-")
		ids = append(ids, strings.ToLower(id))
	}
	return ids
}
