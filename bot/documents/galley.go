package documents

// Lengths are in points (1/72 inch) from the upper left corner of a page.

// shape is what a mark draws.
type shape uint8

const (
	textShape  shape = iota // text with its baseline at y
	fillShape               // a filled rectangle, its corners rounded by size
	frameShape              // the outline of a rectangle, size thick
)

// mark is one thing on a page.
type mark struct {
	shape      shape
	ink        ink
	bold       bool
	x, y, w, h float64 // of a text, w is its width and h is not used
	size       float64
	text       string
}

// margins of a page.
type margins struct{ top, right, bottom, left float64 }

// galley sets text and boxes from top to bottom on as many pages as they take.
// What it has set are marks, which are drawn as a PDF or a picture afterwards;
// so the number of pages is known before the first is drawn.
type galley struct {
	*typefaces
	width, height float64 // of a page
	margins
	scale float64 // of all type and of the space around it
	pages [][]mark
	y     float64 // where the next thing goes
}

func newGalley(t *typefaces, width, height float64, m margins, scale float64) *galley {
	g := &galley{typefaces: t, width: width, height: height, margins: m, scale: scale}
	g.turn()
	return g
}

// turn begins a page.
func (g *galley) turn() {
	g.pages = append(g.pages, nil)
	g.y = g.top
}

// measure is how wide the text of a page is.
func (g *galley) measure() float64 { return g.width - g.left - g.right }

// room is how much a page holds from top to bottom; left is what this one has
// left.
func (g *galley) room() float64      { return g.height - g.top - g.bottom }
func (g *galley) remaining() float64 { return g.height - g.bottom - g.y }

// need turns the page unless it has so much left or is empty.
func (g *galley) need(h float64) {
	if h > g.remaining() && g.y > g.top {
		g.turn()
	}
}

// space moves down, but not at the top of a page.
func (g *galley) space(h float64) {
	if g.y > g.top {
		g.y += h * g.scale
	}
}

func (g *galley) draw(m mark) {
	last := len(g.pages) - 1
	g.pages[last] = append(g.pages[last], m)
}

func (g *galley) fill(x, y, w, h, radius float64, i ink) {
	g.draw(mark{shape: fillShape, ink: i, x: x, y: y, w: w, h: h, size: radius})
}

func (g *galley) frame(x, y, w, h, thick float64, i ink) {
	g.draw(mark{shape: frameShape, ink: i, x: x, y: y, w: w, h: h, size: thick})
}

// hair draws a level rule.
func (g *galley) hair(x, y, w float64, i ink) { g.fill(x, y, w, 0.6, 0, i) }

// align is where the lines of a paragraph stand.
type align uint8

const (
	toLeft align = iota
	toRight
	centre
)

// para is a paragraph: text in one size with something before its first line.
type para struct {
	runs   []run
	size   float64 // in points
	ink    ink
	align  align
	indent float64 // of all lines
	lead   string  // stands in the indent of the first line, a bullet or a number
	leadAt float64 // how far the lead stands from the edge
	box    bool    // a box to tick stands there
	before float64 // space above, but not at the top of a page or cell
	title  bool    // its lines are about equally long
}

// row is a line of a paragraph ready to be placed.
type row struct {
	setLine
	*para
	size   float64
	height float64 // of the whole line
	before float64
	first  bool // of its paragraph
}

// leading is the distance of two baselines in sizes of the type. Two marks
// above and one below a Vietnamese letter want more than Latin does.
const leading = 1.32

// baseline is where letters stand, in sizes of the type below the top of
// their line: the marks of Ễ reach up to about one size.
const baseline = 1.02

// rows sets paragraphs in lines no wider than the measure.
func (g *galley) rows(measure float64, paras ...para) []row {
	var all []row
	for i := range paras {
		p := &paras[i]
		size, before := p.size*g.scale, p.before*g.scale
		set := g.lines
		if p.title {
			set = g.balanced
		}
		for j, l := range set(p.runs, size, measure-p.indent*g.scale) {
			r := row{setLine: l, para: p, size: size, height: size * leading, before: before, first: j == 0}
			if j > 0 {
				r.before = 0
			}
			all = append(all, r)
		}
	}
	return all
}

// height is that of rows in a stack.
func height(rows []row) float64 {
	h := 0.0
	for i, r := range rows {
		if i > 0 {
			h += r.before
		}
		h += r.height
	}
	return h
}

// fitting is how many of the rows, and how much of the height, a space holds.
func fitting(rows []row, room float64) (n int, h float64) {
	for i, r := range rows {
		with := h + r.height
		if i > 0 {
			with += r.before
		}
		if with > room {
			return i, h
		}
		h = with
	}
	return len(rows), h
}

// place draws rows below each other in a column.
func (g *galley) place(rows []row, x, y, measure float64) {
	for i, r := range rows {
		if i > 0 {
			y += r.before
		}
		indent := r.indent * g.scale
		at := x + indent
		switch r.align {
		case toRight:
			at += measure - indent - r.width
		case centre:
			at += (measure - indent - r.width) / 2
		}
		base := y + r.size*baseline
		if r.first {
			g.placeLead(r, x, base)
		}
		for _, p := range r.pieces {
			g.text(p.run, at+p.x, base, r.size, r.ink)
		}
		y += r.height
	}
}

// placeLead draws what stands before a paragraph.
func (g *galley) placeLead(r row, x, base float64) {
	if r.box {
		side := r.size * 0.78
		g.frame(x+0.5, base-side+0.06*r.size, side, side, 0.8, grey)
	}
	if r.lead != "" {
		g.text(run{r.lead, false}, x+r.leadAt*g.scale, base, r.size, r.ink)
	}
}

// led puts a lead before a paragraph and moves it in as far as the lead needs.
func (g *galley) led(lead string, at float64, p para) para {
	p.lead, p.leadAt = lead, at
	p.indent = at + max(0.55*p.size, g.regular.width(lead, p.size)) + 0.45*p.size
	return p
}

// tall is how high something is when nothing interrupts it.
func (g *galley) tall(set func(*galley)) float64 {
	all := newGalley(g.typefaces, g.width, 1e9, g.margins, g.scale)
	all.y++ // not at the top of a page, so that the space above counts
	set(all)
	return all.y - all.top
}

// whole keeps something on one page if there is one that can hold it.
func (g *galley) whole(set func(*galley)) {
	if h := g.tall(set); h <= g.room() {
		g.need(h)
	}
	set(g)
}

// text draws one stretch of text.
func (g *galley) text(r run, x, base, size float64, i ink) {
	if r.text != "" {
		g.draw(mark{shape: textShape, ink: i, bold: r.bold, x: x, y: base, w: g.cut(r.bold).width(r.text, size), size: size, text: r.text})
	}
}

// set places paragraphs in the column of the page, line by line over as many
// pages as they take. A paragraph does not leave a single line behind.
func (g *galley) set(paras ...para) {
	for _, p := range paras {
		g.space(p.before)
		rows := g.rows(g.measure(), p)
		if len(rows) > 1 {
			g.need(height(rows[:2]))
		}
		for len(rows) > 0 {
			n, h := fitting(rows, g.remaining())
			if n == 0 && g.y > g.top {
				g.turn()
				continue
			}
			n = max(n, 1)
			g.place(rows[:n], g.left, g.y, g.measure())
			g.y += max(h, rows[0].height)
			rows = rows[n:]
		}
	}
}

// fitted sets a document a little smaller where that saves a page, and smaller
// still until it takes no more pages than the limit. One that is too long even
// then keeps the smallest size and its length: nothing is cut.
func fitted(limit int, set func(scale float64) *galley) *galley {
	g := set(1)
	natural := len(g.pages)
	for _, scale := range []float64{0.95, 0.9, 0.85} {
		if natural == 1 || natural <= limit && scale < 0.9 {
			break
		}
		smaller := set(scale)
		if n := len(smaller.pages); n <= limit && n < natural {
			return smaller
		}
		if natural > limit {
			g = smaller
		}
	}
	return g
}
