package documents

import (
	"fmt"
	"strings"
)

// The card is laid out for a phone 360 points wide and drawn at three pixels a
// point, so what is 12 here is read as 12 there.
const (
	cardWidth     = 360
	cardPerPt     = 3
	cardLeast     = 450 // its height at least, in points: a portrait of 4 to 5
	cardSections  = 16  // how many it shows; the rest is in the PDF
	cardMostLines = 4   // of a name, before it is cut
)

// Card draws the result as a PNG for a phone, 1080 pixels wide and as high as it
// takes, at least 1350. It shows at most 16 sections and says where the others
// are; a name longer than four lines ends in “…”.
func (p *Press) Card(s Sheet) ([]byte, error) {
	t, err := p.open("picture of a result")
	if err != nil {
		return nil, err
	}
	return t.card(s).png(cardPerPt)
}

// CardAlt says in words what [Press.Card] shows, for those who do not see it.
func CardAlt(s Sheet) string {
	parts := []string{words.SelfCheck.In(s.Lang)}
	if name := oneLine(s.Enterprise); name != "" {
		parts[0] += ", " + name
	}
	parts = append(parts, words.Overall.In(s.Lang)+": "+oneLine(s.band()))
	for _, section := range s.Sections {
		parts = append(parts, oneLine(section.Name)+": "+oneLine(section.band(s.Lang)))
	}
	parts = append(parts, strings.Join(s.facts(), ", "), oneLine(s.disclaimer()), words.Scale.In(s.Lang))
	for i, part := range parts {
		parts[i] = strings.TrimRight(part, ". ")
	}
	return strings.Join(parts, ". ") + "."
}

// facts are what a result must always carry: when, by which questions, and how
// many of them were answered.
func (s Sheet) facts() []string {
	var all []string
	if d := oneLine(s.Date); d != "" {
		all = append(all, words.Date.In(s.Lang)+" "+d)
	}
	return append(all, s.basis()...)
}

// basis is how many of the questions were answered, and which questions.
func (s Sheet) basis() []string {
	all := []string{fmt.Sprintf(words.Answered.In(s.Lang), max(0, min(s.Answered, 100)))}
	if v := oneLine(s.Version); v != "" {
		all = append(all, words.Version.In(s.Lang)+" "+v)
	}
	return all
}

// card lays the picture out.
func (t *typefaces) card(s Sheet) *galley {
	g := newGalley(t, cardWidth, 1e6, margins{top: 18, right: 20, bottom: 18, left: 20}, 1)
	g.cardHead(s)
	g.cardBand(s)
	g.y += 14
	for i, section := range s.Sections {
		if i == cardSections {
			g.line(words.More.In(s.Lang), para{size: 12, ink: grey, before: 6})
			break
		}
		g.cardBar(s, section)
	}
	g.cardFoot(s)
	return g
}

// line sets a given text as a paragraph of at most four lines.
func (g *galley) line(text string, p para) {
	p.runs = []run{{g.settableLine(text), p.ink == deep}}
	if p.runs[0].text == "" {
		return
	}
	rows := g.rows(g.measure(), p)
	if len(rows) > cardMostLines {
		rows = rows[:cardMostLines]
		g.ellipsis(&rows[cardMostLines-1], g.measure())
	}
	g.space(p.before)
	g.place(rows, g.left, g.y, g.measure())
	g.y += height(rows)
}

// ellipsis ends a line that has a successor with “…”.
func (g *galley) ellipsis(r *row, measure float64) {
	if len(r.pieces) == 0 {
		r.pieces = []piece{{}}
	}
	last := &r.pieces[len(r.pieces)-1]
	cut := g.cut(last.bold)
	letters := []rune(last.text)
	for len(letters) > 1 && last.x+cut.width(string(letters)+"…", r.size) > measure {
		letters = letters[:len(letters)-1]
	}
	last.text = strings.TrimRight(string(letters), " ") + "…"
	r.width = last.x + cut.width(last.text, r.size)
}

func (g *galley) cardHead(s Sheet) {
	g.line(s.Agency, para{size: 11.5, ink: grey, title: true})
	g.y += 5
	g.fill(g.left, g.y, 36, 3, 1.5, teal)
	g.y += 9
	g.line(words.SelfCheck.In(s.Lang), para{size: 25, ink: deep})
	if title := oneLine(s.Title); !strings.EqualFold(title, words.SelfCheck.In(s.Lang)) {
		g.line(title, para{size: 14, ink: black, before: 2})
	}
	if name := oneLine(s.Enterprise); name != "" {
		g.line(name, para{size: 15, ink: deep, before: 6, title: true})
	}
	g.line(s.Sector, para{size: 13, ink: grey, before: 1})
}

// cardBand draws the panel with the word for the whole.
func (g *galley) cardBand(s Sheet) {
	const pad = 14
	label := para{runs: []run{{words.Overall.In(s.Lang), false}}, size: 12.5, ink: grey}
	band := para{runs: []run{{g.settableLine(s.band()), true}}, size: 29, ink: deep}
	measure := g.measure() - 2*pad
	rows := g.rows(measure, label, band)
	if len(rows) > cardMostLines {
		rows = rows[:cardMostLines]
		g.ellipsis(&rows[cardMostLines-1], measure)
	}
	g.y += 12
	h := height(rows) + 2*pad - 6
	g.fill(g.left, g.y, g.measure(), h, 10, mist)
	g.place(rows, g.left+pad, g.y+pad-3, measure)
	g.y += h
}

// cardBar draws a section: its name, its word, and the bar below both.
func (g *galley) cardBar(s Sheet, section SheetSection) {
	word := para{runs: []run{{g.settableLine(section.band(s.Lang)), section.known()}}, size: 12.5, ink: deep, align: toRight}
	if !section.known() {
		word.ink = grey
	}
	name := para{runs: []run{{g.settableLine(section.Name), false}}, size: 14, ink: black}
	const gap = 10
	bands := g.most(g.rows(g.measure()*0.45, word), 3, g.measure()*0.45)
	wide := 0.0
	for _, r := range bands {
		wide = max(wide, r.width)
	}
	names := g.most(g.rows(g.measure()-wide-gap, name), 3, g.measure()-wide-gap)
	h := max(height(names), height(bands))
	g.place(names, g.left, g.y+h-height(names), g.measure()-wide-gap)
	g.place(bands, g.left, g.y+h-height(bands)-0.6, g.measure())
	g.y += h + 3
	if section.known() {
		g.fill(g.left, g.y, g.measure(), 8, 4, track)
		g.fill(g.left, g.y, max(8, g.measure()*section.share()), 8, 4, teal)
	} else {
		g.dashes(g.left, g.y+3.2, g.measure())
	}
	g.y += 8 + 9
}

// most keeps so many rows and ends the last of them with “…” if there were more.
func (g *galley) most(rows []row, n int, measure float64) []row {
	if len(rows) <= n {
		return rows
	}
	g.ellipsis(&rows[n-1], measure)
	return rows[:n]
}

// dashes stand where a bar would claim to know.
func (g *galley) dashes(x, y, w float64) {
	for at := 0.0; at+6 <= w; at += 12 {
		g.fill(x+at, y, 6, 1.6, 0.8, hairline)
	}
}

// cardFoot draws the facts and what the result is not, and ends the page.
func (g *galley) cardFoot(s Sheet) {
	facts := para{runs: []run{{g.settableLine(strings.Join(s.facts(), " · ")), false}}, size: 12, ink: black}
	not := para{runs: []run{{g.settableLine(s.disclaimer()), false}}, size: 12, ink: grey, before: 4}
	scale := para{runs: []run{{words.Scale.In(s.Lang), false}}, size: 12, ink: grey}
	rows := append(g.most(g.rows(g.measure(), facts, not), 10, g.measure()), g.rows(g.measure(), scale)...)
	h := height(rows)
	g.y = max(g.y+4, cardLeast-g.bottom-h-10)
	g.hair(g.left, g.y, g.measure(), hairline)
	g.y += 10
	g.place(rows, g.left, g.y, g.measure())
	g.y += h
	g.height = g.y + g.bottom
}
