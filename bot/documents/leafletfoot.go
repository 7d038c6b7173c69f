package documents

import (
	"errors"
	"fmt"
	"strings"

	"github.com/boombuler/barcode"

	"sachhon/dialogs"
)

// address returns the code of the link, nil without a link.
func (l Leaflet) address() (barcode.Barcode, error) {
	if l.Link == "" {
		return nil, nil
	}
	if l.Link != oneLine(l.Link) {
		return nil, errors.New("its link holds line breaks or signs that cannot be seen")
	}
	return encodeQR(l.Link)
}

// codeSide is how wide a QR code is on paper: 28 mm are read from an arm's
// length even by old phones.
const codeSide = 28 * mm

// callingCard says at the end of a leaflet whom to ask: the code, the address
// it holds, and the agency. It stands at the bottom of the last page.
func (g *galley) callingCard(l Leaflet, code barcode.Barcode) {
	const pad = 10
	measure := g.measure() - 2*pad
	if code != nil {
		measure -= codeSide + pad
	}
	rows := g.rows(measure, g.callingLines(l, code != nil)...)
	if len(rows) == 0 && code == nil {
		return
	}
	h := height(rows) + 2*pad
	if code != nil {
		h = max(h, codeSide+2*pad)
	}
	if h > g.room() {
		// A contact that no page holds is text like any other.
		g.set(g.callingLines(l, false)...)
		return
	}
	g.space(10)
	g.need(h)
	g.y = max(g.y, g.height-g.bottom-h)
	g.fill(g.left, g.y, g.measure(), h, 6, mist)
	x := g.left + pad
	if code != nil {
		g.qr(code, x, g.y+(h-codeSide)/2, codeSide)
		x += codeSide + pad
	}
	g.place(rows, x, g.y+(h-height(rows))/2, measure)
	g.y += h
}

func (g *galley) callingLines(l Leaflet, code bool) []para {
	var paras []para
	if code {
		link := g.plainPara(words.OpenLink.In(l.Lang)+" "+strings.TrimPrefix(l.Link, "https://"), smallSize, grey)
		paras = append(paras, g.boldPara(words.Scan.In(l.Lang), 12, deep), link)
	}
	if agency := oneLine(l.Agency); agency != "" {
		p := g.boldPara(agency, textSize, black)
		p.before = 5
		paras = append(paras, p)
	}
	if contact := tidyLines(l.Contact); contact != "" {
		paras = append(paras, g.plainPara(contact, textSize, black))
	}
	return paras
}

// foot writes on every page what the document is and which page of how many.
func (g *galley) foot(text string, lang dialogs.Lang) {
	last := len(g.pages)
	for i := range g.pages {
		page := galley{typefaces: g.typefaces, width: g.width, height: g.height, margins: g.margins, scale: 1, pages: g.pages[i : i+1 : i+1]}
		number := page.rows(page.measure(), para{runs: []run{{fmt.Sprintf(words.Page.In(lang), i+1, last), false}}, size: 8.5, ink: grey, align: toRight})
		note := page.most(page.rows(page.measure()*0.78, page.plainPara(text, 8.5, grey)), 1, page.measure()*0.78)
		y := page.height - page.bottom/2
		page.hair(page.left, y-3, page.measure(), hairline)
		page.place(note, page.left, y, page.measure())
		page.place(number, page.left, y, page.measure())
		g.pages[i] = page.pages[0]
	}
}

// reviewed says whether an expert has read the content.
func reviewed(by string, lang dialogs.Lang) string {
	if by = oneLine(by); by != "" {
		return words.Reviewed.In(lang) + ": " + by
	}
	return words.Unreviewed.In(lang)
}

func nonEmpty(all ...string) []string {
	var some []string
	for _, s := range all {
		if s = oneLine(s); s != "" {
			some = append(some, s)
		}
	}
	return some
}
