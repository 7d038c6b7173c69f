package documents

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"sachhon/dialogs"
)

// imprint is what a PDF says of itself.
type imprint struct {
	title, author string
	lang          dialogs.Lang
}

// undated stands where a PDF wants the time it was made. The date that counts
// is printed on the page; a clock in the file would make two copies differ.
var undated = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// pdf draws the pages of a galley. The letters that are used are embedded with
// the map back to text, so that it can be searched, copied and read aloud.
func (g *galley) pdf(about imprint) ([]byte, error) {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: g.width, Ht: g.height}})
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCreationDate(undated)
	f.SetModificationDate(undated)
	f.SetProducer("sachhon", true)
	f.SetTitle(g.settableLine(about.title), true)
	f.SetAuthor(g.settableLine(about.author), true)
	f.SetLang(string(about.lang))
	f.AddUTF8FontFromBytes("sans", "", g.regular.file)
	f.AddUTF8FontFromBytes("sans", "B", g.bold.file)
	for _, page := range g.pages {
		f.AddPage()
		for _, m := range page {
			m.onPDF(f)
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return b.Bytes(), nil
}

func (m mark) onPDF(f *fpdf.Fpdf) {
	c := m.ink.rgb()
	r, g, b := int(c.R), int(c.G), int(c.B)
	switch m.shape {
	case textShape:
		style := ""
		if m.bold {
			style = "B"
		}
		f.SetFont("sans", style, m.size)
		f.SetTextColor(r, g, b)
		f.Text(m.x, m.y, m.text)
	case fillShape:
		f.SetFillColor(r, g, b)
		if m.size > 0 {
			f.RoundedRect(m.x, m.y, m.w, m.h, min(m.size, m.w/2, m.h/2), "1234", "F")
			return
		}
		f.Rect(m.x, m.y, m.w, m.h, "F")
	case frameShape:
		f.SetDrawColor(r, g, b)
		f.SetLineWidth(m.size)
		f.Rect(m.x, m.y, m.w, m.h, "D")
	}
}
