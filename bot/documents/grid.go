package documents

// grid is a table on its way onto pages. Its rows stay whole where a page can
// hold them, and the header stands again at the top of every page.
type grid struct {
	*galley
	x      float64
	widths []float64
	header []para
	pad    float64
	boxed  bool    // lines around every cell, to write in; otherwise a rule below each row
	least  float64 // the height of a row at least, in points
}

// newGrid begins a table as wide as the page, its columns by share.
func newGrid(g *galley, shares ...float64) *grid {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	t := &grid{galley: g, x: g.left, pad: 4 * g.scale, widths: make([]float64, len(shares))}
	for i, s := range shares {
		t.widths[i] = g.measure() * s / sum
	}
	return t
}

// head draws the header and keeps it for the pages to come.
func (t *grid) head(cells ...para) {
	t.header = cells
	rows := t.headRows()
	// No header without a row below it.
	t.need(t.tallest(rows) + 2*t.pad + max(t.least*t.scale, 30*t.scale))
	t.drawHead(rows)
}

func (t *grid) headRows() [][]row {
	cells := make([][]row, len(t.header))
	for i, p := range t.header {
		cells[i] = t.rows(t.inner(i), p)
	}
	return cells
}

// drawHead draws the header at the cursor; a header that would fill half a page
// is written like any row, by those who read on.
func (t *grid) drawHead(cells [][]row) {
	h := t.tallest(cells) + 2*t.pad
	if h > t.room()/3 {
		t.header = nil
		t.split(cells)
		return
	}
	t.fill(t.x, t.y, t.total(), h, 0, mist)
	t.cells(cells, h)
}

// row draws one row, of a cell for each column.
func (t *grid) row(cells ...[]para) {
	set := make([][]row, len(cells))
	for i, paras := range cells {
		set[i] = t.rows(t.inner(i), paras...)
	}
	h := max(t.tallest(set)+2*t.pad, t.least*t.scale)
	if h > t.remaining() && t.y > t.top {
		t.turn()
		t.again()
		if h > t.remaining() {
			t.split(set)
			return
		}
	}
	if h > t.remaining() {
		t.split(set)
		return
	}
	t.cells(set, h)
}

// split draws a row that no page can hold over as many as it takes.
func (t *grid) split(cells [][]row) {
	for {
		part, h, more := make([][]row, len(cells)), 0.0, false
		for i, rows := range cells {
			n, tall := fitting(rows, t.remaining()-2*t.pad)
			part[i], cells[i] = rows[:n], rows[n:]
			h, more = max(h, tall), more || n < len(rows)
		}
		if h > 0 {
			t.cells(part, h+2*t.pad)
		}
		if !more {
			return
		}
		t.turn()
		t.again()
	}
}

// again repeats the header on a new page.
func (t *grid) again() {
	if t.header != nil {
		t.drawHead(t.headRows())
	}
}

// cells draws cells of one height with their lines and moves below them.
func (t *grid) cells(cells [][]row, h float64) {
	x := t.x
	for i, rows := range cells {
		t.place(rows, x+t.pad, t.y+t.pad, t.inner(i))
		if t.boxed {
			t.frame(x, t.y, t.widths[i], h, 0.6, hairline)
		}
		x += t.widths[i]
	}
	if !t.boxed {
		t.hair(t.x, t.y+h-0.6, t.total(), hairline)
	}
	t.y += h
}

func (t *grid) tallest(cells [][]row) float64 {
	h := 0.0
	for _, rows := range cells {
		h = max(h, height(rows))
	}
	return h
}

// inner is how wide the text of a column is.
func (t *grid) inner(i int) float64 { return t.widths[i] - 2*t.pad }

func (t *grid) total() float64 {
	w := 0.0
	for _, c := range t.widths {
		w += c
	}
	return w
}
