package content

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sachhon/dialogs"
)

// What fits: a tip or an answer is one message without scrolling, a page of a
// leaflet one that may be scrolled once.
const (
	maxArticle = 600
	maxPage    = 700
	minPages   = 2
	maxPages   = 4
)

// checkArticles holds tips, leaflets and answers against what people and the
// sources need of them, and returns what is the matter.
func (b *folder) checkArticles(avoid []avoided) []Problem {
	if b.set == nil {
		return nil
	}
	s := readShelf(b.raw)                    // of its own: the checks note into its pages
	b.set.shelf = func() *shelf { return s } // and it is not read twice
	for _, t := range s.tips {
		c := articleCheck{s.at[t.ID], b, s.subjects}
		c.run()
		c.tip(&t)
	}
	for _, l := range s.leaflets {
		c := articleCheck{s.at[l.ID], b, s.subjects}
		c.run()
		c.leaflet(&l)
	}
	for _, a := range s.answers {
		c := articleCheck{s.at[a.ID], b, s.subjects}
		c.run()
		c.answer(&a)
	}
	list := b.calendar.checkLeaflets(s.leaflets)
	for _, p := range s.pages {
		list = append(append(list, p.problems...), checkWords(p, avoid)...)
	}
	return list
}

type articleCheck struct {
	*articlePage
	folder   *folder
	subjects Subjects
}

// run checks what all articles have.
func (c *articleCheck) run() {
	a := &c.article
	for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
		at, ok := c.lang[lang]
		if !ok || len(a.Blocks[lang]) == 0 {
			c.note(at, Error, "there is no text under “## "+string(lang)+"”", "write it; people read both languages")
			continue
		}
		words := chatText(a.Blocks[lang])
		w := worded{role: body, at: at}
		put(&w.text, lang, words)
		c.words = append(c.words, w)
		if percent().MatchString(words) && !a.Reference {
			c.note(at, Error, "a figure in % is shown as if it were a norm", "write reference: true, and its source, year and country")
		}
	}
	if base := path.Base(c.name); !strings.HasPrefix(base, a.ID+"-") && base != a.ID+".md" {
		c.note(c.front.place("id"), Error, "the id “"+a.ID+"” is not what the file's name begins with", "rename the file to "+a.ID+"-….md")
	}
	c.among("sector", []string{a.Sector}, c.subjects.Sectors)
	c.among("topics", a.Topics, c.subjects.Topics)
	c.source()
	if on := a.Review.On; on != "" {
		if _, err := time.Parse("2006-01-02", on); err != nil {
			c.note(c.front.place("reviewed_on"), Error, "“"+on+"” is not a day", "write it like 2026-11-24")
		}
	}
	if (a.Review.By == "") != (a.Review.On == "") {
		c.note(c.front.place("reviewed_by"), Warning, "a review needs a name and a day", "fill in both reviewed_by and reviewed_on, or neither")
	}
}

var percent = lazily(`\d\s?%`)

// source: a figure is shown with its source, year and country or not at all.
func (c *articleCheck) source() {
	s := c.article.Source
	if path.Dir(c.name) != "answers" && s.Name.Empty() {
		c.note(c.front.place("source"), Error, "the source is missing", "write source: and who says so, or {vi: thực hành chung, en: common practice}")
	}
	if c.article.Reference && (s.Name.Empty() || s.Year == 0 || s.Country == "") {
		c.note(c.front.place("source"), Error, "a figure for reference needs its source, year and country", "fill in source, source_year and source_country")
	}
	if s.Country != "" {
		c.among("source_country", []string{s.Country}, c.subjects.Countries)
	}
}

// among looks keys up in a list of subjects.yaml.
func (c *articleCheck) among(field string, keys []string, list []Subject) {
	known := make([]string, len(list))
	for i, s := range list {
		known[i] = s.Key
	}
	if len(keys) == 0 {
		c.note(c.front.place(field), Error, "“"+field+"” is missing", "use one of: "+join(known))
	}
	for _, key := range keys {
		if slices.Contains(known, key) {
			continue
		}
		do := "use one of: " + join(known)
		if near := likely(key, known); near != "" {
			do = "did you mean “" + near + "”?"
		}
		c.note(c.front.place(field), Error, fmt.Sprintf("“%s: %s” is not in subjects.yaml", field, key), do)
	}
}

func (c *articleCheck) tip(t *Tip) {
	c.among("group", []string{t.Group}, c.subjects.Groups)
	c.among("cost", []string{t.Cost}, c.subjects.Costs)
	words := c.folder.set.TipWords(t)
	c.short("the tip", maxArticle, words, "tip_title", "tip_gist", "tip_why", "tip_steps", "tip_safety", "tip_source")
}

func (c *articleCheck) answer(a *Answer) {
	c.short("the answer", maxArticle, c.folder.set.AnswerWords(a), "answer_title", "answer_text", "answer_source")
	if a.Leads == "" {
		return
	}
	var commands []string
	for _, cmd := range c.folder.content.Commands {
		commands = append(commands, cmd.Key)
	}
	if e, ok := c.front.find("leads"); ok && !slices.Contains(commands, a.Leads) {
		c.unknown(e.value, a.Leads, "commands.yaml", commands)
	}
}

func (c *articleCheck) leaflet(l *Leaflet) {
	if n := len(l.Pages); n < minPages || n > maxPages {
		c.note(c.lang[dialogs.Vietnamese], Error, fmt.Sprintf("the leaflet has %d sections", n), fmt.Sprintf("give it %d to %d headings of three #; each is one message", minPages, maxPages))
	}
	for at := range l.Pages {
		words, _ := c.folder.set.LeafletWords(l, at+1)
		c.short("the section “"+l.Pages[at].Heading.VI+"”", maxPage, words, "leaflet_title", "leaflet_heading", "leaflet_text", "leaflet_source")
	}
	for lang, blocks := range l.Blocks {
		has := map[BlockKind]int{}
		for _, b := range blocks {
			has[b.Kind]++
			if b.Kind == Numbered && len(b.Items) == 5 {
				has[0]++
			}
		}
		for kind, want := range map[BlockKind]string{0: "five numbered measures", Quote: "one figure or fact in a quote (> …)"} {
			if has[kind] != 1 {
				c.note(c.lang[lang], Error, "a leaflet has "+want, "write it like the other leaflets")
			}
		}
		if has[Checklist]+has[Table] == 0 {
			c.note(c.lang[lang], Error, "a leaflet has a form: a table or a checklist", "add one that can be printed and filled in")
		}
	}
}

// short holds a message made of these values against its limit.
func (c *articleCheck) short(what string, limit int, words map[string]dialogs.Text, parts ...string) {
	for lang, at := range c.lang {
		n := 0
		for _, p := range parts {
			n += utf8.RuneCountInString(strings.ReplaceAll(words[p].In(lang), "**", "")) + 1
		}
		if n > limit {
			c.note(at, Error, fmt.Sprintf("%s has %d letters in “%s”", what, n, lang), fmt.Sprintf("keep to %d, title and source included", limit))
		}
	}
}
