// Package documents writes what is handed out as a file: calendar entries of a
// class ([Calendar]), tables of results ([Table]) as a workbook for people and as
// CSV or JSON for programs, the result of a self-check as a picture and a PDF
// ([Press.Card], [Press.ResultPDF]), leaflets ([Press.LeafletPDF]) and QR codes
// ([QR]). The console, the commands export and report, the reminders and the
// conversation call it with values they have already decided on; nothing here
// knows a rule of the programme or a store.
//
// Documents are for Vietnamese offices: the header, the date line, the paper
// and the type follow decree 30/2020/NĐ-CP on clerical work where it fits. The
// words that tables add are Vietnamese, those of results and leaflets are in the
// language of the document.
//
// What a press makes is laid out first (galley.go, grid.go), as marks on pages,
// and drawn then as PDF (pdf.go) or as a picture (raster.go); so both break lines
// alike and tests can ask where everything is.
//
// All functions are pure but for the writer they are given, keep nothing but a
// press its typefaces, and are safe for concurrent use as long as nobody changes
// their arguments. A
// table is checked whole before its first byte is written, so that an error
// over a value leaves the writer untouched; only a writer that fails can leave
// half a file. Large workbooks go through temporary files, which are removed
// at the end and are readable by the program's own user alone.
package documents
