package documents

import "math"

// Chart is a picture of counts one after the other in time.
type Chart struct {
	Agency, Title, Subtitle string // lines above it; empty: left out
	Bars                    []Bar
	Notes                   []string // lines below it
	// Number words a count, 12.500 for example.
	Number func(n int) string
}

// Bar is one count.
type Bar struct {
	Label string // below it, short
	Group string // below the first one of those that share it
	Value int    // not negative
}

// The picture is wide enough for a report and is drawn at two pixels a point.
const (
	chartWidth  = 720
	chartHeight = 240 // of the bars
	chartPerPt  = 2
	chartLines  = 4  // levels beside the ground
	labelSize   = 9  // of what stands below bars
	widestBar   = 40 // few bars are not drawn as walls
)

// Chart draws counts as bars in a PNG, 1440 pixels wide.
func (p *Press) Chart(c Chart) ([]byte, error) {
	t, err := p.open("picture of counts")
	if err != nil {
		return nil, err
	}
	g := newGalley(t, chartWidth, 1e6, margins{top: 18, right: 22, bottom: 16, left: 22}, 1)
	g.line(c.Agency, para{size: 11.5, ink: grey, title: true})
	g.line(c.Title, para{size: 20, ink: deep, before: 4})
	g.line(c.Subtitle, para{size: 12.5, ink: grey, before: 2})
	g.y += 16
	g.bars(&c)
	for _, note := range c.Notes {
		g.line(note, para{size: 12, ink: black, before: 3})
	}
	g.height = g.y + g.bottom
	return g.png(chartPerPt)
}

// bars draws the bars with their levels and labels.
func (g *galley) bars(c *Chart) {
	most := 0
	for _, b := range c.Bars {
		most = max(most, b.Value)
	}
	step := niceStep(most, chartLines)
	top, ground := step*int(math.Ceil(float64(max(most, 1))/float64(step))), g.y+chartHeight
	wide := g.regular.width(c.Number(top), labelSize) + 8
	left, measure := g.left+wide, g.measure()-wide
	for level := 0; level <= top; level += step {
		y := ground - chartHeight*float64(level)/float64(top)
		g.hair(left, y, measure, hairline)
		text := g.settableLine(c.Number(level))
		g.text(run{text, false}, left-6-g.regular.width(text, labelSize), y+3, labelSize, grey)
	}
	if len(c.Bars) > 0 {
		slot := min(measure/float64(len(c.Bars)), widestBar)
		g.columns(c, left, ground, slot, top)
	}
	g.y = ground + 34
}

// columns draws each bar in its slot.
func (g *galley) columns(c *Chart, left, ground, slot float64, top int) {
	labelled, grouped := left, left // where the next text may stand
	for i, b := range c.Bars {
		x := left + float64(i)*slot
		if h := chartHeight * float64(b.Value) / float64(top); b.Value > 0 {
			g.fill(x+slot*0.1, ground-max(h, 0.7), slot*0.8, max(h, 0.7), 0, teal)
		}
		if w := g.regular.width(b.Label, labelSize); x+slot/2-w/2 >= labelled {
			g.text(run{g.settableLine(b.Label), false}, x+slot/2-w/2, ground+12, labelSize, grey)
			labelled = x + slot/2 + w/2 + 3
		}
		if i > 0 && c.Bars[i-1].Group == b.Group {
			continue
		}
		if i > 0 {
			g.fill(x, ground, 0.6, 10, 0, hairline)
		}
		if x >= grouped {
			text := g.settableLine(b.Group)
			g.text(run{text, true}, x, ground+25, labelSize, deep)
			grouped = x + g.bold.width(text, labelSize) + 6
		}
	}
}

// niceStep is a round step that divides most into about so many.
func niceStep(most, lines int) int {
	least := max(float64(most)/float64(lines), 1)
	size := math.Pow(10, math.Floor(math.Log10(least)))
	for _, f := range []float64{1, 2, 5, 10} {
		if f*size >= least {
			return int(f * size)
		}
	}
	return int(10 * size)
}
