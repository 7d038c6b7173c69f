package documents

import (
	"fmt"
	"strings"

	"sachhon/dialogs"
)

// Paper is the size of a leaflet.
type Paper string

// The sizes of paper that leaflets come in.
const (
	A4 Paper = "A4"
	A5 Paper = "A5"
)

// Leaflet is what an office hands out: one problem, what to do about it, a
// number with its source, a form, and whom to ask. Texts are in its language.
type Leaflet struct {
	ID       string // printed at the foot, to order it by
	Lang     dialogs.Lang
	Title    string
	Agency   string // who hands it out
	Contact  string // address and phone; may have several lines
	Link     string // into the conversation; drawn as a QR code and written out. Empty: neither
	Reviewed string // who reviewed it and when; empty: it says that nobody has
	Blocks   []Block
}

// BlockKind is what a block of a leaflet is.
type BlockKind string

// The kinds of blocks and the fields they use.
const (
	Heading   BlockKind = "heading"   // Text
	Paragraph BlockKind = "paragraph" // Text
	Bullets   BlockKind = "bullets"   // Items
	Numbers   BlockKind = "numbers"   // Items, in their order
	Checks    BlockKind = "checks"    // Items, with a box to tick before each
	Form      BlockKind = "table"     // Rows, the first of which is the header; empty cells are to write in
	Figure    BlockKind = "figure"    // Text, large where it begins with **strong**; Source
	Caution   BlockKind = "caution"   // Text, a box about safety; Items
	Small     BlockKind = "small"     // Text of the second rank
)

// Block is one part of a leaflet. In Text and Items, what stands between **two
// marks** is bold.
type Block struct {
	Kind   BlockKind
	Text   string
	Items  []string
	Rows   [][]string
	Source string // of a figure: who, where, when
}

// LeafletPDF returns the leaflet on the paper. It takes at most two pages of A4
// or four of A5, with its type set down to 85 % if that is needed; one that is
// longer still has more pages. It is an error if the paper or the kind of a
// block is unknown, or if no QR code holds the link.
func (p *Press) LeafletPDF(l Leaflet, paper Paper) ([]byte, error) {
	t, err := p.open("leaflet")
	if err != nil {
		return nil, err
	}
	g, err := t.leaflet(l, paper)
	if err != nil {
		return nil, fmt.Errorf("make leaflet %q: %w", l.ID, err)
	}
	return g.pdf(imprint{title: l.Title, author: l.Agency, lang: l.Lang})
}

// format is how leaflets look on a paper.
type format struct {
	width, height float64
	margins
	pages int     // at most
	scale float64 // of the type
}

func formatOf(paper Paper) (format, error) {
	switch paper {
	case A4:
		return format{a4Width, a4Height, margins{18 * mm, 18 * mm, 20 * mm, 18 * mm}, 2, 1.05}, nil
	case A5:
		return format{148 * mm, 210 * mm, margins{12 * mm, 13 * mm, 15 * mm, 13 * mm}, 4, 0.95}, nil
	}
	return format{}, fmt.Errorf("no paper is called %q; there are A4 and A5", paper)
}

// leaflet lays the pages out.
func (t *typefaces) leaflet(l Leaflet, paper Paper) (*galley, error) {
	f, err := formatOf(paper)
	if err != nil {
		return nil, err
	}
	address, err := l.address()
	if err != nil {
		return nil, err
	}
	for i, b := range l.Blocks {
		if !b.Kind.known() {
			return nil, fmt.Errorf("block %d has the unknown kind %q", i+1, b.Kind)
		}
	}
	return fitted(f.pages, func(scale float64) *galley {
		g := newGalley(t, f.width, f.height, f.margins, f.scale*scale)
		g.leafletHead(l)
		g.blocks(l)
		g.callingCard(l, address)
		g.foot(strings.Join(nonEmpty(l.ID, reviewed(l.Reviewed, l.Lang)), " · "), l.Lang)
		return g
	}), nil
}

func (k BlockKind) known() bool {
	switch k {
	case Heading, Paragraph, Bullets, Numbers, Checks, Form, Figure, Caution, Small:
		return true
	}
	return false
}

func (g *galley) leafletHead(l Leaflet) {
	agency := g.boldPara(strings.ToUpper(oneLine(l.Agency)), 9.5, grey)
	agency.title = true
	g.set(agency)
	g.space(4)
	g.fill(g.left, g.y, 48*g.scale, 4, 2, teal)
	g.y += 4
	title := g.boldPara(l.Title, 22, deep)
	title.before, title.title = 5, true
	g.set(title)
	g.space(4)
}

// blocks sets the parts of a leaflet. Boxes and forms stay whole, each with the
// heading above it.
func (g *galley) blocks(l Leaflet) {
	for i := 0; i < len(l.Blocks); i++ {
		b, next := l.Blocks[i], Block{}
		if i+1 < len(l.Blocks) {
			next = l.Blocks[i+1]
		}
		switch {
		case b.Kind == Heading && next.stands():
			g.whole(func(g *galley) { g.block(b, l.Lang); g.block(next, l.Lang) })
			i++
		case b.stands():
			g.whole(func(g *galley) { g.block(b, l.Lang) })
		default:
			g.block(b, l.Lang)
		}
	}
}

// stands says whether a block is one thing to look at, not text to read on.
func (b Block) stands() bool { return b.Kind == Form || b.Kind == Figure || b.Kind == Caution }

// block sets one part of a leaflet.
func (g *galley) block(b Block, lang dialogs.Lang) {
	switch b.Kind {
	case Heading:
		g.leafletHeading(b.Text)
	case Paragraph:
		g.set(g.spaced(g.plainPara(b.Text, leafletSize, black)))
	case Small:
		g.set(g.spaced(g.plainPara(b.Text, smallSize, grey)))
	case Bullets, Numbers, Checks:
		if b.Text != "" {
			g.space(3)
			g.need(3 * leafletSize * leading * g.scale) // not without an item below it
			g.set(g.spaced(g.plainPara(b.Text, leafletSize, black)))
		}
		g.set(g.items(b)...)
	case Form:
		g.form(b.Rows)
	case Figure:
		g.figure(b, lang)
	case Caution:
		g.caution(b, lang)
	}
}

// leafletSize is the body of a leaflet in points, before the paper's factor.
const leafletSize = 11

func (g *galley) spaced(p para) para { p.before = 4; return p }

func (g *galley) leafletHeading(text string) {
	p := g.boldPara(text, 14, deep)
	p.before = 10
	g.need((p.before + 14*leading + 3*leafletSize*leading) * g.scale)
	g.set(p)
	g.space(1)
}

// items are the paragraphs of a list.
func (g *galley) items(b Block) []para {
	all := make([]para, len(b.Items))
	for i, item := range b.Items {
		p := g.plainPara(item, leafletSize, black)
		switch b.Kind {
		case Numbers:
			p = g.led(fmt.Sprintf("%d.", i+1), 0, p)
		case Checks:
			p.box, p.indent = true, 18
		default:
			p = g.led("•", 2, p)
		}
		p.before = 3
		all[i] = p
	}
	return all
}

// figure is a panel with a number in large type and where it is from.
func (g *galley) figure(b Block, lang dialogs.Lang) {
	g.space(8)
	runs := strong(g.settable(b.Text), false)
	var paras []para
	if len(runs) > 0 && runs[0].bold {
		paras = append(paras, para{runs: runs[:1], size: 24, ink: deep})
		runs = runs[1:]
	}
	if len(runs) > 0 {
		runs[0].text = strings.TrimLeft(runs[0].text, " \n")
		paras = append(paras, para{runs: runs, size: leafletSize, ink: black})
	}
	if source := oneLine(b.Source); source != "" {
		p := g.plainPara(words.Source.In(lang)+": "+source, smallSize, grey)
		p.before = 2
		paras = append(paras, p)
	}
	g.panel(mist, teal, paras...)
	g.space(4)
}

// caution is a panel about safety.
func (g *galley) caution(b Block, lang dialogs.Lang) {
	g.space(8)
	paras := []para{g.boldPara(words.Safety.In(lang), leafletSize, bark)}
	if b.Text != "" {
		paras = append(paras, g.plainPara(b.Text, leafletSize, black))
	}
	paras = append(paras, g.items(Block{Kind: Bullets, Items: b.Items})...)
	g.panel(sand, bark, paras...)
	g.space(4)
}

// form draws a table to write in. Columns are as wide as their longest text
// asks, those without any as wide as there is room for.
func (g *galley) form(rows [][]string) {
	columns := 0
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	if columns == 0 {
		return
	}
	g.space(6)
	t := newGrid(g, g.shares(rows, columns)...)
	t.boxed, t.least = true, 24 // some 8 mm, to write in
	for i, r := range rows {
		cells := make([]string, columns)
		copy(cells, r)
		if i == 0 {
			t.head(g.heads(cells...)...)
			continue
		}
		paras := make([][]para, columns)
		for j, c := range cells {
			if strings.TrimSpace(c) != "" {
				paras[j] = []para{g.plainPara(c, smallSize+1, black)}
			}
		}
		t.row(paras...)
	}
	g.space(4)
}

// shares are the widths of a form's columns against each other.
func (g *galley) shares(rows [][]string, columns int) []float64 {
	// A column is at most six times another, so that none is a slit.
	const narrowest, widest = 40, 240
	all := make([]float64, columns)
	for j := range all {
		all[j] = narrowest
		for i, r := range rows {
			if j < len(r) {
				all[j] = max(all[j], min(widest, g.cut(i == 0).width(g.settableLine(r[j]), smallSize+1)+10))
			}
		}
	}
	return all
}
