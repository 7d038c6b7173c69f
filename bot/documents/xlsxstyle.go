package documents

import "github.com/xuri/excelize/v2"

// fontName is the type that decree 30/2020/NĐ-CP asks for.
const fontName = "Times New Roman"

// bodySize is its size in points: the decree has 13 to 14 for the body.
const bodySize = 13

// style is a way in which a cell looks.
type style string

// The looks of cells: the lines of the header, and those of a table's cells,
// where the name of the kind follows for values.
const (
	parentLine   style = "parent"
	agencyLine   style = "agency"
	nationLine   style = "nation"
	mottoLine    style = "motto"
	placeLine    style = "place"
	titleLine    style = "title"
	subtitleLine style = "subtitle"
	printHeader  style = "print header"
	printNumber  style = "print row number"
	plainHeader  style = "plain header"
)

// printStyle is the look of a value on the sheet for people. Whole numbers and
// others differ, as a format that fits both would end the first in a comma.
func printStyle(kind Kind, whole bool) style {
	if kind == Number && !whole {
		return "print fraction"
	}
	return style("print " + kind.String())
}

// plainStyle is the look of a value on the plain sheet.
func plainStyle(kind Kind) style { return style("plain " + kind.String()) }

// The number formats of Excel: texts that stay texts, grouped whole numbers,
// and days before months.
const (
	formatText     = "@"
	formatWhole    = "#,##0"
	formatFraction = "#,##0.####"
	formatDate     = "dd/mm/yyyy"
	formatDateTime = "dd/mm/yyyy hh:mm"
)

// makeStyles makes every look known to the file.
func (b *workbook) makeStyles() error {
	b.styles = make(map[style]int)
	for _, looks := range []map[style]*excelize.Style{headerLooks(), printLooks(), plainLooks()} {
		for name, look := range looks {
			id, err := b.file.NewStyle(look)
			if err != nil {
				return err
			}
			b.styles[name] = id
		}
	}
	return nil
}

func headerLooks() map[style]*excelize.Style {
	return map[style]*excelize.Style{
		parentLine:   centred(&excelize.Font{Size: 12}),
		agencyLine:   centred(&excelize.Font{Size: 12, Bold: true}),
		nationLine:   centred(&excelize.Font{Size: 12, Bold: true}),
		mottoLine:    centred(&excelize.Font{Size: 13, Bold: true, Underline: "single"}),
		placeLine:    centred(&excelize.Font{Size: 13, Italic: true}),
		titleLine:    centred(&excelize.Font{Size: 14, Bold: true}),
		subtitleLine: centred(&excelize.Font{Size: 13, Italic: true}),
	}
}

// printLooks are those of the table on the sheet for people: bordered, wrapped.
func printLooks() map[style]*excelize.Style {
	bordered := func(bold bool, align, format string) *excelize.Style {
		s := centred(&excelize.Font{Size: bodySize, Bold: bold})
		s.Alignment.Horizontal = align
		if format != "" {
			s.CustomNumFmt = &format
		}
		for _, side := range []string{"left", "top", "right", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: "000000", Style: 1})
		}
		return s
	}
	return map[style]*excelize.Style{
		printHeader:                 bordered(true, "center", formatText),
		printNumber:                 bordered(false, "center", ""),
		printStyle(Text, false):     bordered(false, "left", formatText),
		printStyle(Number, true):    bordered(false, "right", formatWhole),
		printStyle(Number, false):   bordered(false, "right", formatFraction),
		printStyle(Date, false):     bordered(false, "center", formatDate),
		printStyle(DateTime, false): bordered(false, "center", formatDateTime),
		printStyle(Bool, false):     bordered(false, "center", ""),
	}
}

func plainLooks() map[style]*excelize.Style {
	formatted := func(format string) *excelize.Style {
		return &excelize.Style{CustomNumFmt: &format}
	}
	return map[style]*excelize.Style{
		plainHeader:          {Font: &excelize.Font{Family: fontName, Bold: true}},
		plainStyle(Text):     formatted(formatText),
		plainStyle(Number):   {},
		plainStyle(Date):     formatted(formatDate),
		plainStyle(DateTime): formatted(formatDateTime),
		plainStyle(Bool):     {},
	}
}

// centred is a wrapped, centred look in black Times New Roman.
func centred(f *excelize.Font) *excelize.Style {
	f.Family, f.Color = fontName, "000000"
	return &excelize.Style{Font: f, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}
}
