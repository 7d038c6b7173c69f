package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sachhon/dialogs"
)

// What fits a phone: about nine lines and 420 letters above the keyboard of a
// small one; 900 letters need scrolling on any. A button of 26 letters takes a
// whole row, one of 40 is cut.
const (
	longMessage, tooLongMessage = 420, 900
	manyLines                   = 9
	longLabel, tooLongLabel     = 26, 40
)

// checkWords holds the wordings of a file against the voice.
func checkWords(p *page, avoid []avoided) []Problem {
	c := wordCheck{page: p, avoid: avoid}
	for _, w := range p.words {
		c.check(w)
	}
	return c.found
}

type wordCheck struct {
	*page
	avoid []avoided
	found []Problem
}

func (c *wordCheck) add(w worded, s Severity, what, do string) {
	c.found = append(c.found, Problem{c.name, w.at.line, w.at.column, s, what, do})
}

func (c *wordCheck) check(w worded) {
	c.checkSize(w)
	for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
		text := w.text.In(lang)
		if !norm.NFC.IsNormalString(text) {
			c.add(w, Error, "the letters and their marks are stored apart (not NFC)", "type the text again, or save the file in NFC")
		}
		c.checkSigns(w, text)
		c.checkEmoji(w, text)
		c.checkForbidden(w, text, lang)
	}
	c.checkTones(w)
	c.checkPlaceholders(w)
}

func (c *wordCheck) checkSize(w worded) {
	for _, text := range []string{w.text.VI, w.text.EN} {
		n := utf8.RuneCountInString(text)
		lines := strings.Count(text, "\n") + 1
		switch {
		case w.role == label && n > tooLongLabel:
			c.add(w, Error, fmt.Sprintf("the button “%s” has %d letters", text, n), fmt.Sprintf("keep to %d", longLabel))
		case w.role == label && n > longLabel:
			c.add(w, Warning, fmt.Sprintf("the button “%s” has %d letters", text, n), fmt.Sprintf("keep to %d", longLabel))
		case w.role == title && n > tooLongLabel:
			c.add(w, Warning, fmt.Sprintf("the title “%s” has %d letters", text, n), fmt.Sprintf("keep to %d; it stands on a button", tooLongLabel))
		case w.role == label || w.role == title || w.role == body:
		case n > tooLongMessage:
			c.add(w, Error, fmt.Sprintf("the message has %d letters", n), fmt.Sprintf("split it; keep to %d", longMessage))
		case n > longMessage:
			c.add(w, Warning, fmt.Sprintf("the message has %d letters", n), fmt.Sprintf("keep to %d", longMessage))
		case w.role == message && lines > manyLines:
			c.add(w, Warning, fmt.Sprintf("the message has %d lines", lines), fmt.Sprintf("keep to %d", manyLines))
		}
	}
}

// signs are typewriter habits and what print has instead.
var signs = []struct {
	form func() *regexp.Regexp
	what string
	do   string
}{
	{lazily(`\.\.\.`), "three dots", "write …"},
	{lazily(`(^|[^\d-])\d{1,2}\s?-\s?\d{1,2}($|[^\d-])`), "a hyphen between numbers", "write an en dash: 2–3"},
	{lazily(` - `), "a hyphen between words", "write a dash: –"},
	{lazily(`"`), "straight quotes", "write “ ”"},
	{lazily(`  |[ \t]\n| $`), "a space too many", "take it out"},
	{lazily(` [,;:!?.]( |$)`), "a space before a punctuation mark", "take it out"},
}

func (c *wordCheck) checkSigns(w worded, text string) {
	for _, s := range signs {
		if s.form().MatchString(text) {
			c.add(w, Warning, s.what+" in “"+short(text)+"”", s.do)
		}
	}
}

func short(text string) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) > 40 {
		r = append(r[:39], '…')
	}
	return string(r)
}

// isEmoji says whether r is a picture sign such as 📅 or ✅.
func isEmoji(r rune) bool {
	return r >= 0x1F300 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r >= 0x23E9 && r <= 0x23FA
}

// checkEmoji: signposts at the start of a line, at most three a message, none
// where something was not understood.
func (c *wordCheck) checkEmoji(w worded, text string) {
	count := 0
	for line := range strings.SplitSeq(text, "\n") {
		for i, r := range line {
			if !isEmoji(r) {
				continue
			}
			count++
			if i > 0 {
				c.add(w, Warning, fmt.Sprintf("%c stands within a line", r), "put it at the start of the line, or leave it out")
			}
		}
	}
	if count > 3 {
		c.add(w, Warning, fmt.Sprintf("%d emoji in one message", count), "keep to 3")
	}
	kind, _, _ := strings.Cut(w.key, ".")
	if count > 0 && slices.Contains([]string{"problem", "doubt", "wrong"}, kind) {
		c.add(w, Warning, "an emoji where something was not understood", "take it out")
	}
}

// forbidden are words that shut a door or shame a person.
var forbidden = map[dialogs.Lang]func() *regexp.Regexp{
	dialogs.Vietnamese: lazily(`(?i)không hợp lệ|(^|[^\pL])kém($|[^\pL])`),
	dialogs.English:    lazily(`(?i)\binvalid\b`),
}

var emptyLabel = lazily(`(?i)^(ok|okay|yes)\.?$`)

func (c *wordCheck) checkForbidden(w worded, text string, lang dialogs.Lang) {
	if m := forbidden[lang]().FindString(text); m != "" {
		c.add(w, Warning, "“"+m+"” scolds", "say what was not understood, and give an example")
	}
	if w.role == label && emptyLabel().MatchString(text) {
		c.add(w, Warning, "the button “"+text+"” does not say what happens", "start with a verb: Register, Send")
	}
	lower := strings.ToLower(text)
	for _, a := range c.avoid {
		if a.lang == lang && strings.Contains(lower, a.word) && a.form.MatchString(lower) {
			c.add(w, Warning, "“"+a.word+"” stands for “"+a.term+"”", "write “"+a.term+"”: one term for one thing")
		}
	}
}

// misplaced finds open syllables in -oa, -oe and -uy whose tone stands on the
// last letter: hoà for hòa, thuỷ for thủy. After q the u is no vowel: quý.
var misplaced = lazily(`(^|[^q])(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])($|[^\pL])`)

var moved = strings.NewReplacer("oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy")

func (c *wordCheck) checkTones(w worded) {
	lower := strings.ToLower(w.text.VI)
	if moved.Replace(lower) == lower {
		return
	}
	for word := range strings.FieldsSeq(lower) {
		if misplaced().MatchString(word) {
			word = strings.Trim(word, ".,;:!?“”()*")
			c.add(w, Warning, "the tone mark of “"+word+"” stands on the wrong letter", "write “"+moved.Replace(word)+"”")
		}
	}
}

var holes = lazily(`\{[^{}]*\}`)

// checkPlaceholders finds braces that name nothing, and values that one
// language shows and the other does not.
func (c *wordCheck) checkPlaceholders(w worded) {
	vi, en := placeholders(w.text.VI), placeholders(w.text.EN)
	for _, name := range vi {
		if !slices.Contains(en, name) && w.text.EN != "" {
			c.add(w, Warning, "{"+name+"} is in the Vietnamese text only", "put it into the English one too, or leave it out of both")
		}
	}
	for _, name := range en {
		if !slices.Contains(vi, name) && w.text.VI != "" {
			c.add(w, Warning, "{"+name+"} is in the English text only", "put it into the Vietnamese one too, or leave it out of both")
		}
	}
	if w.role == message && len(vi) > 0 && strings.Trim(holes().ReplaceAllString(w.text.VI, ""), " \n*.,:;") == "" {
		c.add(w, Warning, "the message says nothing where its values are empty", "put words around them")
	}
	if w.flow != "" {
		return // held against the flow's own names
	}
	allowed := engineNames
	if values, ok := pushValues[w.key]; ok && c.name == "pushes.yaml" {
		allowed = values
	}
	for _, name := range slices.Concat(vi, en) {
		if !slices.Contains(allowed, name) {
			c.add(w, Error, "nothing provides {"+name+"} here", "use one of: "+join(allowed))
		}
	}
}

// avoided is a word the glossary gives up for a term.
type avoided struct {
	lang       dialogs.Lang
	word, term string
	form       *regexp.Regexp
}

func avoidedWords(terms []Term) []avoided {
	var list []avoided
	for _, t := range terms {
		for lang, words := range t.Avoid {
			for _, w := range words {
				w = strings.ToLower(w)
				form := regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(w) + `($|[^\pL])`)
				list = append(list, avoided{lang, w, t.Text.In(lang), form})
			}
		}
	}
	return list
}

// lazily compiles a pattern when it is first used: what a start does not need,
// it does not wait for.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
