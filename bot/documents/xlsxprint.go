package documents

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The national header, as the decree writes it.
const (
	nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto  = "Độc lập - Tự do - Hạnh phúc"
	rule   = "──────────" // below the agency, a third of its width or so
)

// The rows of the sheet for people. Rows 4 and 7 are empty.
const (
	titleRow    = 5
	subtitleRow = 6
	headerRow   = 8 // of the table
)

// The widths in characters: of the column with the row number, of the two
// halves of the header, and of what fits a page upright.
const (
	numberWidth  = 6
	leftWidth    = 40 // an agency's name in at most two lines, mostly
	rightWidth   = 50 // the nation's name in one line at 12 points
	uprightWidth = 95 // 165 mm
)

// writePrintSheet writes the sheet for reading and printing.
func (b *workbook) writePrintSheet() error {
	widths, split := b.layout()
	if err := b.setPage(widths); err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(printSheet)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(frozenAbove(headerRow + 1)); err != nil {
		return err
	}
	for _, l := range b.lines(widths, split) {
		if err := b.writeLine(sw, l); err != nil {
			return err
		}
	}
	if err := b.writeTable(sw); err != nil {
		return err
	}
	return sw.Flush()
}

// layout returns the widths of all columns, that of the row number first, and
// how many of them carry the left half of the header. The last column of a
// half grows until its half of the header fits.
func (b *workbook) layout() (widths []float64, split int) {
	widths = append(widths, numberWidth)
	for _, c := range b.Columns {
		widths = append(widths, c.width())
	}
	half := sum(widths) * leftWidth / (leftWidth + rightWidth)
	split = 1
	for split < len(widths)-1 && math.Abs(sum(widths[:split+1])-half) < math.Abs(sum(widths[:split])-half) {
		split++
	}
	grow := func(part []float64, least float64) {
		last := &part[len(part)-1]
		*last = min(*last+max(least-sum(part), 0), excelize.MaxColumnWidth)
	}
	grow(widths[:split], leftWidth)
	grow(widths[split:], rightWidth)
	return widths, split
}

// setPage sets paper and margins as the decree has them, and what is printed
// on every page.
func (b *workbook) setPage(widths []float64) error {
	const a4, inch = 9, 25.4
	orientation := "portrait"
	if sum(widths) > uprightWidth {
		orientation = "landscape"
	}
	if err := b.file.SetSheetProps(printSheet, &excelize.SheetPropsOptions{FitToPage: new(true)}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(printSheet, &excelize.PageLayoutOptions{
		Size: new(a4), Orientation: &orientation, FitToWidth: new(1), FitToHeight: new(0)}); err != nil {
		return err
	}
	if err := b.file.SetPageMargins(printSheet, &excelize.PageLayoutMarginsOptions{
		Top: new(20 / inch), Bottom: new(20 / inch), Left: new(30 / inch), Right: new(15 / inch),
		Header: new(10 / inch), Footer: new(10 / inch), Horizontally: new(true)}); err != nil {
		return err
	}
	if err := b.file.SetHeaderFooter(printSheet, &excelize.HeaderFooterOptions{
		DifferentFirst: true, OddHeader: `&C&"` + fontName + `,Regular"&13&P`}); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: printSheet, RefersTo: fmt.Sprintf("'%s'!$%d:$%[2]d", printSheet, headerRow)})
}

// line is one row above the table; its parts are merged cells.
type line struct {
	row    int
	height float64
	parts  []part
}

// part is a text across columns, counted from 1.
type part struct {
	from, to int
	text     string
	look     style
}

// lines returns the header and the titles.
func (b *workbook) lines(widths []float64, split int) []line {
	all := len(widths)
	left := b.leftLines()
	right := []part{{text: nation, look: nationLine}, {text: motto, look: mottoLine}, {text: dateLine(b.Place, b.Made), look: placeLine}}
	var lines []line
	for i := range right {
		l, r := left[i], right[i]
		l.from, l.to, r.from, r.to = 1, split, split+1, all
		lines = append(lines, line{row: i + 1, parts: []part{l, r}})
	}
	lines = append(lines, line{row: titleRow, parts: []part{{1, all, strings.ToUpper(oneLine(b.Title)), titleLine}}})
	if s := oneLine(b.Subtitle); s != "" {
		lines = append(lines, line{row: subtitleRow, parts: []part{{1, all, s, subtitleLine}}})
	}
	for i, l := range lines {
		for _, p := range l.parts {
			lines[i].height = max(lines[i].height, p.height(sum(widths[p.from-1:p.to])))
		}
	}
	return lines
}

// leftLines are the three lines of the left half: parent, agency and a rule,
// each moved up where the one before is missing.
func (b *workbook) leftLines() [3]part {
	var left [3]part
	n := 0
	add := func(text string, look style) {
		if text != "" {
			left[n] = part{text: text, look: look}
			n++
		}
	}
	add(strings.ToUpper(oneLine(b.Parent)), parentLine)
	if agency := strings.ToUpper(oneLine(b.Agency)); agency != "" {
		add(agency, agencyLine)
		add(rule, parentLine)
	}
	return left
}

// dateLine is the date as decree 30 writes it: days before the 10th and the
// months January and February with a zero.
func dateLine(place string, made time.Time) string {
	if made.IsZero() {
		return ""
	}
	month := fmt.Sprintf("%d", made.Month())
	if made.Month() <= time.February {
		month = "0" + month
	}
	date := fmt.Sprintf("gày %02d tháng %s năm %d", made.Day(), month, made.Year())
	if place = oneLine(place); place != "" {
		return place + ", n" + date
	}
	return "N" + date
}

// height is how much room a text takes in points when it is wrapped at the
// given width; merged cells do not grow by themselves.
func (p part) height(width float64) float64 {
	const perLine, capital, small = 18, 1.45, 1.1 // capitals at 12 to 14 points against the sheet's unit
	letter := small
	if p.text == strings.ToUpper(p.text) {
		letter = capital
	}
	wrapped := math.Ceil(float64(utf8.RuneCountInString(p.text)) * letter / width)
	return min(perLine*max(1, wrapped), excelize.MaxRowHeight)
}

// writeLine writes the parts of a line into merged cells.
func (b *workbook) writeLine(sw *excelize.StreamWriter, l line) error {
	cells := make([]any, l.parts[len(l.parts)-1].to)
	for _, p := range l.parts {
		if p.text == "" {
			continue
		}
		cells[p.from-1] = excelize.Cell{StyleID: b.styles[p.look], Value: p.text}
		if p.from == p.to {
			continue
		}
		first, err := excelize.CoordinatesToCellName(p.from, l.row)
		if err != nil {
			return err
		}
		last, err := excelize.CoordinatesToCellName(p.to, l.row)
		if err != nil {
			return err
		}
		if err := sw.MergeCell(first, last); err != nil {
			return err
		}
	}
	return sw.SetRow(fmt.Sprintf("A%d", l.row), cells, excelize.RowOpts{Height: l.height})
}

// writeTable writes the header row and the rows, numbered from 1.
func (b *workbook) writeTable(sw *excelize.StreamWriter) error {
	cells := make([]any, len(b.Columns)+1)
	cells[0] = excelize.Cell{StyleID: b.styles[printHeader], Value: "STT"}
	for i, c := range b.Columns {
		cells[i+1] = excelize.Cell{StyleID: b.styles[printHeader], Value: printable(c.Title)}
	}
	if err := sw.SetRow(fmt.Sprintf("A%d", headerRow), cells); err != nil {
		return err
	}
	return b.each(func(i int, row []any) error {
		cells[0] = excelize.Cell{StyleID: b.styles[printNumber], Value: i + 1}
		for j, v := range row {
			cells[j+1] = b.printCell(v, b.Columns[j].Kind)
		}
		return sw.SetRow(fmt.Sprintf("A%d", headerRow+1+i), cells)
	})
}

func (b *workbook) printCell(v any, kind Kind) excelize.Cell {
	whole := false
	switch n := v.(type) {
	case int64:
		whole = true
	case float64:
		whole = n == math.Trunc(n)
	case bool:
		v = "Không"
		if n {
			v = "Có"
		}
	}
	return excelize.Cell{StyleID: b.styles[printStyle(kind, whole)], Value: cellValue(v)}
}

func sum(numbers []float64) float64 {
	var total float64
	for _, n := range numbers {
		total += n
	}
	return total
}

// longestWord is the length of the longest word, which no cell can wrap.
func longestWord(s string) float64 {
	longest := 0
	for word := range strings.FieldsSeq(s) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return float64(longest)
}
