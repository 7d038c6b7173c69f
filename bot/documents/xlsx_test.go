package documents_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sachhon/bot/documents"
)

// forms are the ways in which a table is written.
func forms(t documents.Table) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{"xlsx": t.WriteXLSX, "csv": t.WriteCSV, "json": t.WriteJSON}
}

// book is a workbook that was read back.
type book struct {
	*excelize.File
	t   *testing.T
	raw []byte
}

func written(t *testing.T, table documents.Table) book {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return book{f, t, b.Bytes()}
}

// cell returns what a cell shows, and what kind of value is in it.
func (b book) cell(sheet, at string) (string, excelize.CellType) {
	b.t.Helper()
	text, err := b.GetCellValue(sheet, at)
	if err != nil {
		b.t.Fatal(err)
	}
	kind, err := b.GetCellType(sheet, at)
	if err != nil {
		b.t.Fatal(err)
	}
	return text, kind
}

func (b book) style(sheet, at string) *excelize.Style {
	b.t.Helper()
	id, err := b.GetCellStyle(sheet, at)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.GetStyle(id)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

const (
	text   = excelize.CellTypeInlineString
	number = excelize.CellTypeUnset // a cell without a type is a number
	yes    = excelize.CellTypeBool
)

func TestTheSheetsHoldWhatWasGiven(t *testing.T) {
	b := written(t, registrations())
	if got := b.GetSheetList(); !reflect.DeepEqual(got, []string{"Bản in", "Dữ liệu"}) {
		t.Fatalf("sheets %q", got)
	}
	for _, tt := range []struct {
		sheet, at, want string
		kind            excelize.CellType
	}{
		{"Bản in", "A1", "SỞ CÔNG THƯƠNG", text},
		{"Bản in", "A2", "TRUNG TÂM KHUYẾN CÔNG VÀ TƯ VẤN PHÁT TRIỂN CÔNG NGHIỆP", text},
		{"Bản in", "E1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", text},
		{"Bản in", "E2", "Độc lập - Tự do - Hạnh phúc", text},
		{"Bản in", "E3", "Bình Dương, ngày 05 tháng 02 năm 2026", text},
		{"Bản in", "A5", "DANH SÁCH ĐĂNG KÝ", text},
		{"Bản in", "A6", "Lớp Sản xuất sạch hơn cho ngành gỗ, thứ Năm, 10/12/2026", text},
		{"Bản in", "A8", "STT", text},
		{"Bản in", "B8", "Họ và tên", text},
		{"Bản in", "A9", "1", number},
		{"Bản in", "B9", "Nguyễn Thị Hòa", text},
		{"Bản in", "C9", "0912345678", text},
		{"Bản in", "D9", "3700145020", text},
		{"Bản in", "E9", "seat", text},
		{"Bản in", "F9", "1", number},
		{"Bản in", "G9", "2.5", number},
		{"Bản in", "H9", "10/12/2026", number},
		{"Bản in", "I9", "01/12/2026 08:05", number},
		{"Bản in", "J9", "Có", text},
		{"Bản in", "B10", "=1+1", text},
		{"Bản in", "C10", "+84 912 345 678", text},
		{"Bản in", "F10", "1,250", number},
		{"Bản in", "G10", "1,250", number},
		{"Bản in", "H10", "10/12/2026", number},
		{"Bản in", "I10", "", number},
		{"Bản in", "J10", "Không", text},
		{"Bản in", "A11", "3", number},
		{"Bản in", "B11", "", number},
		{"Dữ liệu", "A1", "Họ và tên", text},
		{"Dữ liệu", "A2", "Nguyễn Thị Hòa", text},
		{"Dữ liệu", "B2", "0912345678", text},
		{"Dữ liệu", "E3", "1250", number},
		{"Dữ liệu", "G2", "10/12/2026", number},
		{"Dữ liệu", "H2", "01/12/2026 08:05", number},
		{"Dữ liệu", "I2", "TRUE", yes},
		{"Dữ liệu", "A3", "=1+1", text},
	} {
		if got, kind := b.cell(tt.sheet, tt.at); got != tt.want || kind != tt.kind {
			t.Errorf("%s!%s shows %q of type %v, want %q of %v", tt.sheet, tt.at, got, kind, tt.want, tt.kind)
		}
	}
	if raw, err := b.GetCellValue("Dữ liệu", "G2", excelize.Options{RawCellValue: true}); err != nil || raw != "46366" {
		t.Errorf("the day is the number %s, error %v; want 46366, 10 December 2026 without a time", raw, err)
	}
}

func TestTheSheetForPeopleIsFitToPrint(t *testing.T) {
	const sheet = "Bản in"
	b := written(t, registrations())

	merged, err := b.GetMergeCells(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var ranges []string
	for _, m := range merged {
		ranges = append(ranges, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	if want := []string{"A1:D1", "E1:J1", "A2:D2", "E2:J2", "A3:D3", "E3:J3", "A5:J5", "A6:J6"}; !reflect.DeepEqual(ranges, want) {
		t.Errorf("merged %q, want %q", ranges, want)
	}
	panes, err := b.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 8 || panes.TopLeftCell != "A9" {
		t.Errorf("panes %+v, error %v; want all up to the header row frozen", panes, err)
	}
	page, err := b.GetPageLayout(sheet)
	if err != nil || *page.Size != 9 || *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
		t.Errorf("page %+v, error %v; want A4 landscape, one page wide", page, err)
	}
	if props, err := b.GetSheetProps(sheet); err != nil || !*props.FitToPage {
		t.Errorf("the sheet is not fitted to the page, error %v", err)
	}
	if hf, err := b.GetHeaderFooter(sheet); err != nil || !hf.DifferentFirst || hf.FirstHeader != "" || !strings.HasSuffix(hf.OddHeader, "&13&P") {
		t.Errorf("header %+v, error %v; want page numbers but on the first page", hf, err)
	}
	names := b.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" || names[0].RefersTo != "'Bản in'!$8:$8" {
		t.Errorf("defined names %+v; want the header row on every page", names)
	}
	for _, at := range []string{"A8", "A9", "B9", "F9", "J11"} {
		s := b.style(sheet, at)
		if s.Font.Family != "Times New Roman" || s.Font.Size != 13 || len(s.Border) != 4 || s.Font.Bold != (at == "A8") {
			t.Errorf("%s: font %+v, %d borders", at, s.Font, len(s.Border))
		}
	}
	if m := b.style(sheet, "E2"); !m.Font.Bold || m.Font.Underline != "single" {
		t.Errorf("motto in %+v, want bold with a rule", m.Font)
	}
	for at, want := range map[string]string{"C9": "@", "H9": "dd/mm/yyyy", "I9": "dd/mm/yyyy hh:mm"} {
		if got := b.style(sheet, at); got.CustomNumFmt == nil || *got.CustomNumFmt != want {
			t.Errorf("%s: format %d, want %s", at, got.NumFmt, want)
		}
	}
}

func TestTheHeaderHasRoom(t *testing.T) {
	const sheet = "Bản in"
	b := written(t, registrations())
	// The nation's name needs 50 characters, the agency's two lines of 40.
	for part, columns := range map[string][]string{"left": {"A", "B", "C", "D"}, "right": {"E", "F", "G", "H", "I", "J"}} {
		var width float64
		for _, c := range columns {
			w, err := b.GetColWidth(sheet, c)
			if err != nil {
				t.Fatal(err)
			}
			width += w
		}
		if least := map[string]float64{"left": 40, "right": 50}[part]; width < least {
			t.Errorf("the %s half is %v wide, want %v or more", part, width, least)
		}
	}
}

func TestPropertiesNameTheAgency(t *testing.T) {
	p, err := written(t, registrations()).GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	if p.Creator != "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp" || p.Title != "Danh sách đăng ký" || p.Created != "2026-02-05T02:30:00Z" {
		t.Errorf("properties %+v", p)
	}
}

func TestTheHeaderMakesDoWithWhatThereIs(t *testing.T) {
	for _, tt := range []struct {
		what                  string
		parent, agency, place string
		made                  time.Time
		left                  [3]string
		date                  string
	}{
		{"nothing", "", "", "", time.Time{}, [3]string{}, ""},
		{"no parent", "", "Trung tâm", "", time.Date(2026, 3, 10, 0, 0, 0, 0, vietnam), [3]string{"TRUNG TÂM", "──────────"}, "Ngày 10 tháng 3 năm 2026"},
		{"no agency", "Sở", "", "Huế", time.Date(2026, 12, 1, 0, 0, 0, 0, vietnam), [3]string{"SỞ"}, "Huế, ngày 01 tháng 12 năm 2026"},
		{"all", "Sở", "Trung tâm", "Huế", time.Date(2026, 1, 31, 0, 0, 0, 0, vietnam), [3]string{"SỞ", "TRUNG TÂM", "──────────"}, "Huế, ngày 31 tháng 01 năm 2026"},
	} {
		table := documents.Table{Parent: tt.parent, Agency: tt.agency, Place: tt.place, Made: tt.made, Title: "T",
			Columns: []documents.Column{{Key: "a", Title: "A"}, {Key: "b", Title: "B"}}}
		b := written(t, table)
		rows, err := b.GetRows("Bản in")
		if err != nil {
			t.Fatal(err)
		}
		seen := strings.Join(rows[2], "")
		for i, want := range tt.left {
			if got, _ := b.cell("Bản in", fmt.Sprintf("A%d", i+1)); got != want {
				t.Errorf("%s: line %d on the left is %q, want %q", tt.what, i+1, got, want)
			}
		}
		if !strings.HasSuffix(seen, tt.date) {
			t.Errorf("%s: third line %q, want %q at its end", tt.what, seen, tt.date)
		}
	}
}

func TestNarrowTablesStandUprightAndHoldTheHeader(t *testing.T) {
	for columns := 1; columns <= 12; columns++ {
		table := documents.Table{Title: "T", Agency: "Trung tâm"}
		for i := range columns {
			table.Columns = append(table.Columns, documents.Column{Key: fmt.Sprint(i), Title: "Cột", Kind: documents.Bool})
		}
		b := written(t, table)
		merged, err := b.GetMergeCells("Bản in")
		if err != nil {
			t.Fatal(err)
		}
		ends := make(map[string]bool)
		for _, m := range merged {
			ends[m.GetEndAxis()] = true
		}
		last, err := excelize.CoordinatesToCellName(columns+1, 5)
		if err != nil || !ends[last] {
			t.Errorf("%d columns: the title does not reach %s, error %v", columns, last, err)
		}
		page, err := b.GetPageLayout("Bản in")
		if want := map[bool]string{true: "portrait", false: "landscape"}[columns <= 8]; err != nil || *page.Orientation != want {
			t.Errorf("%d columns: %s, want %s; error %v", columns, *page.Orientation, want, err)
		}
	}
}

func TestNoFormulaIsWritten(t *testing.T) {
	table := documents.Table{
		Title: "=1", Subtitle: "+1", Agency: "-1", Parent: "@1", Place: "=1",
		Columns: []documents.Column{{Key: "=k", Title: "=HYPERLINK(\"http://x\")"}},
		Rows:    [][]any{{"=1+1"}, {"+1+1"}, {"-1+1"}, {"@SUM(1)"}, {"\t=1"}, {"\r=1"}, {"{=1}"}},
	}
	b := written(t, table)
	z, err := zip.NewReader(bytes.NewReader(b.raw), int64(len(b.raw)))
	if err != nil {
		t.Fatal(err)
	}
	sheets := 0
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			continue
		}
		sheets++
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r)
		if err != nil || bytes.Contains(xml, []byte("<f>")) || bytes.Contains(xml, []byte("<f ")) {
			t.Errorf("%s has a formula, error %v", f.Name, err)
		}
	}
	if sheets != 2 {
		t.Errorf("%d sheets", sheets)
	}
	if got, kind := b.cell("Dữ liệu", "A2"); got != "=1+1" || kind != text {
		t.Errorf("%q of type %v", got, kind)
	}
}

func TestALongTextIsCutAtTheCellsEnd(t *testing.T) {
	got, _ := written(t, oneText(strings.Repeat("ơ", 40000))).cell("Dữ liệu", "B2")
	if n := len([]rune(got)); n != 32767 {
		t.Errorf("%d letters", n)
	}
}

func TestTheHeaderGrowsWithItsTexts(t *testing.T) {
	table := oneText("x")
	for _, tt := range []struct {
		agency string
		want   float64
	}{
		{"Trung tâm", 18},
		{"Trung tâm Khuyến công và Tư vấn phát triển công nghiệp", 36},
		{strings.Repeat("Trung tâm ", 500), 409},
	} {
		table.Agency = tt.agency
		if got, err := written(t, table).GetRowHeight("Bản in", 1); err != nil || got != tt.want {
			t.Errorf("%.60s: %v points, error %v; want %v", tt.agency, got, err, tt.want)
		}
	}
}

func TestManyRowsAreStreamed(t *testing.T) {
	table := registrations()
	row := table.Rows[0]
	table.Rows = nil
	for range 5000 {
		table.Rows = append(table.Rows, row)
	}
	b := written(t, table)
	if got, _ := b.cell("Bản in", "A5008"); got != "5000" {
		t.Errorf("the last row has the number %q", got)
	}
	if got, _ := b.cell("Dữ liệu", "A5001"); got != "Nguyễn Thị Hòa" {
		t.Errorf("the last row begins with %q", got)
	}
}
