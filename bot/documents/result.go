package documents

import (
	"fmt"
	"slices"
	"strings"
)

// A4, with the margins of decree 30/2020/NĐ-CP (20–25 mm above and below, 30–35
// left for binding, 15–20 right) at their smallest.
const (
	mm       = 72 / 25.4
	a4Width  = 210 * mm
	a4Height = 297 * mm
)

func filed() margins { return margins{top: 20 * mm, right: 15 * mm, bottom: 20 * mm, left: 30 * mm} }

// resultPages is how many pages a result takes at most before its type is set
// smaller.
const resultPages = 2

// The sizes of type on paper, in points.
const (
	headingSize = 12.5
	textSize    = 10.5
	smallSize   = 9
)

// ResultPDF returns the result as an A4 document to work with: how it looks on
// the whole and area by area, the actions as a list to tick off with room for a
// name and a date, the enterprise's own figures, what to find out, every answer
// and the sources. The agency stands where decree 30/2020/NĐ-CP has it; the
// national header does not, for it would make an official finding of what
// somebody says about themselves.
func (p *Press) ResultPDF(s Sheet) ([]byte, error) {
	t, err := p.open("PDF of a result")
	if err != nil {
		return nil, err
	}
	title := words.SelfCheck.In(s.Lang)
	if s.Title != "" {
		title += " – " + s.Title
	}
	return t.result(s).pdf(imprint{title: title, author: s.Agency, lang: s.Lang})
}

// result lays the pages out.
func (t *typefaces) result(s Sheet) *galley {
	return fitted(resultPages, func(scale float64) *galley {
		g := newGalley(t, a4Width, a4Height, filed(), scale)
		g.letterhead(s)
		g.resultTitle(s)
		g.resultBand(s)
		g.resultSections(s)
		sources := s.sources()
		g.resultActions(s, sources)
		g.resultFigures(s)
		g.list(words.Unknown.In(s.Lang), s.Unknown, "–")
		g.resultAnswers(s)
		g.resultSources(s, sources)
		g.resultEnd(s)
		g.foot(s.disclaimerShort(), s.Lang)
		return g
	})
}

// disclaimerShort stands at the foot of every page, so that one page alone
// cannot be taken for more than it is.
func (s Sheet) disclaimerShort() string {
	parts := []string{words.SelfCheck.In(s.Lang)}
	for _, part := range []string{s.Version, s.Date} {
		if part = oneLine(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// sources are those of the actions, each once, in the order of the actions.
func (s Sheet) sources() []string {
	var all []string
	for _, a := range s.Actions {
		if source := oneLine(a.Source); source != "" && !slices.Contains(all, source) {
			all = append(all, source)
		}
	}
	return all
}

// plainPara is a paragraph of given text with its **strong** parts.
func (g *galley) plainPara(text string, size float64, i ink) para {
	return para{runs: strong(g.settable(text), false), size: size, ink: i}
}

// boldPara is a paragraph of given text in bold.
func (g *galley) boldPara(text string, size float64, i ink) para {
	return para{runs: []run{{g.settable(text), true}}, size: size, ink: i}
}

// letterhead has the agency on the left, in capitals and ruled as the decree
// has it, and the date on the right.
func (g *galley) letterhead(s Sheet) {
	agency := g.centred(g.boldPara(strings.ToUpper(s.Agency), 11, black))
	agency.title = true
	date := ""
	if d := oneLine(s.Date); d != "" {
		date = words.Date.In(s.Lang) + " " + d
	}
	left, right := g.measure()*0.62, g.measure()*0.33
	name := g.most(g.rows(left, agency), 6, left)
	day := g.most(g.rows(right, g.ended(g.plainPara(date, 11, black))), 6, right)
	wide := 0.0
	for _, r := range name {
		wide = max(wide, r.width)
	}
	g.place(name, g.left, g.y, wide)
	g.place(day, g.left+g.measure()-right, g.y, right)
	g.y += max(height(name), height(day))
	g.fill(g.left+wide/3, g.y+2, wide/3, 0.8, 0, black)
	g.y += 6
}

func (g *galley) centred(p para) para { p.align = centre; return p }
func (g *galley) ended(p para) para   { p.align = toRight; return p }

func (g *galley) resultTitle(s Sheet) {
	head := g.centred(g.boldPara(strings.ToUpper(words.SelfCheck.In(s.Lang)), 16, deep))
	head.before, head.title = 8, true
	g.set(head)
	if s.Title != "" && !strings.EqualFold(oneLine(s.Title), words.SelfCheck.In(s.Lang)) {
		title := g.centred(g.boldPara(s.Title, 12.5, black))
		title.title = true
		g.set(title)
	}
	g.space(5)
	for _, f := range []struct{ name, value string }{
		{words.Enterprise.In(s.Lang), s.Enterprise}, {words.Sector.In(s.Lang), s.Sector},
	} {
		if value := g.settableLine(f.value); value != "" {
			g.set(para{runs: []run{{f.name + ": ", false}, {value, true}}, size: textSize, ink: black})
		}
	}
	g.set(g.plainPara(strings.Join(s.basis(), " · "), textSize, black))
}

// resultBand draws the panel with the word for the whole and what the result is
// not.
func (g *galley) resultBand(s Sheet) {
	g.space(7)
	label := g.plainPara(words.Overall.In(s.Lang), textSize, grey)
	g.panel(mist, teal, label, g.boldPara(s.band(), 18, deep), g.plainPara(s.disclaimer(), smallSize, black))
}

// panel sets paragraphs on a ground with an edge on the left. It stays whole on
// a page where one can hold it.
func (g *galley) panel(ground, edge ink, paras ...para) {
	const pad = 8
	rows := g.rows(g.measure()-2*pad-3, paras...)
	if h := height(rows) + 2*pad; h <= g.room() {
		g.need(h)
	}
	for len(rows) > 0 {
		n, h := fitting(rows, g.remaining()-2*pad)
		if n == 0 {
			g.turn()
			continue
		}
		g.fill(g.left, g.y, g.measure(), h+2*pad, 0, ground)
		g.fill(g.left, g.y, 3, h+2*pad, 0, edge)
		g.place(rows[:n], g.left+3+pad, g.y+pad-1, g.measure()-2*pad-3)
		g.y += h + 2*pad
		rows = rows[n:]
	}
}

// heading begins a part and keeps what follows with it.
func (g *galley) heading(text string) {
	p := g.boldPara(text, headingSize, deep)
	p.before = 10
	g.need((p.before + headingSize*leading + 62) * g.scale) // a header and a row, or three lines
	g.set(p)
	g.space(3)
}

// resultSections draws a bar for each section.
func (g *galley) resultSections(s Sheet) {
	if len(s.Sections) == 0 {
		return
	}
	g.heading(words.Sections.In(s.Lang))
	for _, section := range s.Sections {
		g.resultBar(s, section)
	}
	g.space(2)
	g.set(g.plainPara(words.Scale.In(s.Lang), smallSize, grey))
}

// resultBar draws a section in one line: its name, its bar, its word.
func (g *galley) resultBar(s Sheet, section SheetSection) {
	wide := g.measure()
	name := g.most(g.rows(wide*0.40-8, g.plainPara(oneLine(section.Name), textSize, black)), 6, wide*0.40-8)
	band := g.boldPara(oneLine(section.band(s.Lang)), textSize, deep)
	if !section.known() {
		band = g.plainPara(section.band(s.Lang), textSize, grey)
	}
	bands := g.most(g.rows(wide*0.26, band), 6, wide*0.26)
	h := max(height(name), height(bands)) + 1
	g.need(h)
	g.place(name, g.left, g.y, wide*0.40)
	middle := g.y + textSize*g.scale*leading/2
	if section.known() {
		g.fill(g.left+wide*0.40, middle-3, wide*0.31, 6, 3, track)
		g.fill(g.left+wide*0.40, middle-3, max(6, wide*0.31*section.share()), 6, 3, teal)
	} else {
		g.dashes(g.left+wide*0.40, middle-0.8, wide*0.31)
	}
	g.place(bands, g.left+wide*0.74, g.y, wide*0.26)
	g.y += h
}

// resultActions draws the list to tick off, with empty cells to write in.
func (g *galley) resultActions(s Sheet, sources []string) {
	if len(s.Actions) == 0 {
		return
	}
	g.heading(words.Actions.In(s.Lang))
	t := newGrid(g, 42, 29, 16, 13)
	t.boxed = true
	t.head(g.heads(words.Action.In(s.Lang), words.Why.In(s.Lang), words.Who.In(s.Lang), words.Due.In(s.Lang))...)
	for _, a := range s.Actions {
		t.row(g.actionCell(s, a), g.whyCell(s, a, sources), nil, nil)
	}
}

// heads are the cells of a table's header.
func (g *galley) heads(titles ...string) []para {
	all := make([]para, len(titles))
	for i, title := range titles {
		all[i] = g.boldPara(title, smallSize+0.5, deep)
	}
	return all
}

func (g *galley) actionCell(s Sheet, a SheetAction) []para {
	title := g.boldPara(a.Title, textSize, black)
	title.box, title.indent = true, 14
	cell := []para{title}
	for _, how := range a.How {
		step := g.led("–", 14, g.plainPara(how, smallSize, black))
		step.before = 1
		cell = append(cell, step)
	}
	return cell
}

// whyCell says why, what it costs, and where the advice is from.
func (g *galley) whyCell(s Sheet, a SheetAction, sources []string) []para {
	var cell []para
	if a.Safety {
		cell = append(cell, g.boldPara(words.Safety.In(s.Lang), smallSize, bark))
	}
	why := a.Why
	if n := slices.Index(sources, oneLine(a.Source)); n >= 0 {
		why += fmt.Sprintf(" [%d]", n+1)
	}
	cell = append(cell, g.plainPara(why, smallSize, black))
	if cost := oneLine(a.Cost); cost != "" {
		p := g.plainPara(words.Cost.In(s.Lang)+": "+cost, smallSize, grey)
		p.before = 2
		cell = append(cell, p)
	}
	return cell
}

// resultFigures draws the enterprise's own numbers beside those of before.
func (g *galley) resultFigures(s Sheet) {
	if len(s.Figures) == 0 {
		return
	}
	g.heading(words.Figures.In(s.Lang))
	t := newGrid(g, 50, 25, 25)
	t.head(g.heads(words.Figure.In(s.Lang), words.Value.In(s.Lang), words.Was.In(s.Lang))...)
	for _, f := range s.Figures {
		was := f.Was
		if oneLine(was) == "" {
			was = "–"
		}
		t.row([]para{g.plainPara(f.Name, textSize, black)}, []para{g.boldPara(f.Value, textSize, black)}, []para{g.plainPara(was, textSize, grey)})
	}
}

// list sets a heading with one line for each item.
func (g *galley) list(title string, items []string, lead string) {
	if len(items) == 0 {
		return
	}
	g.heading(title)
	for _, item := range items {
		p := g.led(lead, 0, g.plainPara(item, textSize, black))
		p.before = 1
		g.set(p)
	}
}

// resultAnswers draws every answer, section by section.
func (g *galley) resultAnswers(s Sheet) {
	if len(s.Answers) == 0 {
		return
	}
	g.heading(words.Answers.In(s.Lang))
	t := newGrid(g, 72, 28)
	t.pad = 2.2 * g.scale
	section := ""
	for _, a := range s.Answers {
		question := []para{g.plainPara(a.Question, smallSize, black)}
		if a.Section != section {
			section = a.Section
			question = append([]para{g.boldPara(section, smallSize, deep)}, question...)
		}
		answer := g.plainPara(a.Answer, smallSize, black)
		cell := []para{answer}
		if len(question) == 2 {
			// The answer stands beside its question, below the name of the section.
			cell = append([]para{{size: smallSize, ink: white}}, answer)
		}
		t.row(question, cell)
	}
}

// resultSources names the sources by the numbers that the actions have.
func (g *galley) resultSources(s Sheet, sources []string) {
	if len(sources) == 0 {
		return
	}
	g.heading(words.Sources.In(s.Lang))
	for i, source := range sources {
		g.set(g.led(fmt.Sprintf("[%d]", i+1), 0, g.plainPara(source, smallSize, black)))
	}
}

// resultEnd says who reviewed the advice.
func (g *galley) resultEnd(s Sheet) {
	p := g.plainPara(reviewed(s.Reviewed, s.Lang), smallSize, grey)
	p.before = 6
	g.set(p)
}
