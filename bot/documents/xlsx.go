package documents

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// The sheets of a workbook.
const (
	printSheet = "Bản in"
	plainSheet = "Dữ liệu"
)

// WriteXLSX writes the table as a workbook with two sheets. The first, “Bản
// in”, is for reading and printing: the national header, title, a numbered
// column, borders, the header row frozen and repeated on every page. The
// second, “Dữ liệu”, has the same values below one plain header, for sorting
// and counting.
//
// Texts are cells of texts whatever they begin with, so that phones keep their
// leading zero and nothing becomes a formula. Dates are real dates, shown as
// day/month/year. A text longer than a cell can hold (32 767 UTF-16 units) is
// cut there.
func (t Table) WriteXLSX(w io.Writer) error {
	if err := t.writeXLSX(w); err != nil {
		return fmt.Errorf("write table as workbook: %w", err)
	}
	return nil
}

func (t Table) writeXLSX(w io.Writer) (err error) {
	if err := t.check(); err != nil {
		return err
	}
	b := workbook{Table: t, file: excelize.NewFile()}
	defer func() {
		if closing := b.file.Close(); err == nil {
			err = closing
		}
	}()
	for _, step := range []func() error{b.describe, b.makeStyles, b.writePrintSheet, b.writePlainSheet} {
		if err := step(); err != nil {
			return err
		}
	}
	return b.file.Write(w)
}

// workbook is a table on its way into a file.
type workbook struct {
	Table
	file   *excelize.File
	styles map[style]int
}

// describe names the sheets and fills in the properties that file managers
// show.
func (b *workbook) describe() error {
	if err := b.file.SetSheetName(b.file.GetSheetName(0), printSheet); err != nil {
		return err
	}
	if _, err := b.file.NewSheet(plainSheet); err != nil {
		return err
	}
	if err := b.file.SetDefaultFont(fontName); err != nil {
		return err
	}
	p := &excelize.DocProperties{Title: oneLine(b.Title), Creator: oneLine(b.Agency), LastModifiedBy: oneLine(b.Agency), Language: "vi-VN"}
	if !b.Made.IsZero() {
		p.Created = b.Made.UTC().Format(time.RFC3339)
		p.Modified = p.Created
	}
	return b.file.SetDocProps(p)
}

// writePlainSheet writes the sheet for sorting and counting.
func (b *workbook) writePlainSheet() error {
	sw, err := b.file.NewStreamWriter(plainSheet)
	if err != nil {
		return err
	}
	header := make([]any, len(b.Columns))
	for i, c := range b.Columns {
		header[i] = excelize.Cell{StyleID: b.styles[plainHeader], Value: printable(c.Title)}
		if err := sw.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(frozenAbove(2)); err != nil {
		return err
	}
	if err := sw.SetRow("A1", header); err != nil {
		return err
	}
	cells := make([]any, len(b.Columns))
	err = b.each(func(i int, row []any) error {
		for j, v := range row {
			cells[j] = excelize.Cell{StyleID: b.styles[plainStyle(b.Columns[j].Kind)], Value: cellValue(v)}
		}
		return sw.SetRow(fmt.Sprintf("A%d", i+2), cells)
	})
	if err != nil {
		return err
	}
	return sw.Flush()
}

// cellValue is a value as the workbook holds it.
func cellValue(v any) any {
	if s, ok := v.(string); ok {
		return printable(s)
	}
	return v
}

// frozenAbove keeps the rows above the given one in view.
func frozenAbove(row int) *excelize.Panes {
	return &excelize.Panes{Freeze: true, YSplit: row - 1, TopLeftCell: fmt.Sprintf("A%d", row), ActivePane: "bottomLeft"}
}

// widestByTitle bounds what a long word in a title does to its column.
const widestByTitle = 40

// width is how wide the column is, in characters.
func (c Column) width() float64 {
	if c.Width > 0 {
		return min(c.Width, excelize.MaxColumnWidth)
	}
	byKind := [...]float64{Text: 24, Number: 12, Date: 13, DateTime: 18, Bool: 10}
	return max(byKind[c.Kind], min(longestWord(c.Title)+2, widestByTitle))
}
