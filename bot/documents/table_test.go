package documents_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"sachhon/bot/documents"
)

// vietnam is the zone in which the tables of these tests are made.
var vietnam = time.FixedZone("+07", 7*60*60)

type status string

// registrations is a list as the centre prints it, made on 5 February.
func registrations() documents.Table {
	return documents.Table{
		Agency:   "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp",
		Parent:   "Sở Công Thương",
		Place:    "Bình Dương",
		Title:    "Danh sách đăng ký",
		Subtitle: "Lớp Sản xuất sạch hơn cho ngành gỗ, thứ Năm, 10/12/2026",
		Made:     time.Date(2026, 2, 5, 9, 30, 0, 0, vietnam),
		Columns: []documents.Column{
			{Key: "name", Title: "Họ và tên", Kind: documents.Text, Width: 28},
			{Key: "phone", Title: "Điện thoại", Kind: documents.Text},
			{Key: "tax_code", Title: "Mã số thuế", Kind: documents.Text},
			{Key: "status", Title: "Tình trạng", Kind: documents.Text},
			{Key: "position", Title: "Thứ tự", Kind: documents.Number},
			{Key: "kwh", Title: "kWh/sản phẩm", Kind: documents.Number},
			{Key: "day", Title: "Ngày học", Kind: documents.Date},
			{Key: "registered", Title: "Đăng ký lúc", Kind: documents.DateTime},
			{Key: "consent", Title: "Đồng ý", Kind: documents.Bool},
		},
		Rows: [][]any{
			{"Nguyễn Thị Hòa", "0912345678", "3700145020", status("seat"), 1, 2.5, time.Date(2026, 12, 9, 17, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 1, 5, 9, 0, time.UTC), true},
			{"=1+1", "+84 912 345 678", "0312687878-001", status("waiting"), int64(1250), float32(1250), time.Date(2026, 12, 10, 8, 0, 0, 0, vietnam), time.Time{}, false},
			{nil, nil, nil, nil, nil, nil, nil, nil, nil},
		},
	}
}

func TestCSVIsForPrograms(t *testing.T) {
	var b bytes.Buffer
	if err := registrations().WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "name,phone,tax_code,status,position,kwh,day,registered,consent\r\n" +
		"Nguyễn Thị Hòa,0912345678,3700145020,seat,1,2.5,2026-12-10,2026-12-01T08:05:09+07:00,true\r\n" +
		"'=1+1,+84 912 345 678,0312687878-001,waiting,1250,1250,2026-12-10,,false\r\n" +
		",,,,,,,,\r\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

func TestJSONIsForPrograms(t *testing.T) {
	var b bytes.Buffer
	if err := registrations().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	want := `[
{"name":"Nguyễn Thị Hòa","phone":"0912345678","tax_code":"3700145020","status":"seat","position":1,"kwh":2.5,"day":"2026-12-10","registered":"2026-12-01T08:05:09+07:00","consent":true},
{"name":"=1+1","phone":"+84 912 345 678","tax_code":"0312687878-001","status":"waiting","position":1250,"kwh":1250,"day":"2026-12-10","registered":null,"consent":false},
{"name":null,"phone":null,"tax_code":null,"status":null,"position":null,"kwh":null,"day":null,"registered":null,"consent":null}
]
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
	b.Reset()
	empty := registrations()
	empty.Rows = nil
	if err := empty.WriteJSON(&b); err != nil || !json.Valid(b.Bytes()) {
		t.Errorf("without rows: %q, error %v", &b, err)
	}
}

func TestNoTextOfACSVIsRun(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Gỗ Minh Phát", "Gỗ Minh Phát"},
		{"", ""},
		{"a=1", "a=1"},
		{"=SUM(A1)", "'=SUM(A1)"},
		{"+1+1", "'+1+1"},
		{"-1", "'-1"},
		{"@here", "'@here"},
		{"\tx", "'\tx"},
		{"\rx", "'\nx"},
		{"+84912345678", "+84912345678"},
		{"+84 (274) 3822-222", "+84 (274) 3822-222"},
		{"+84912345678+cmd|'/c calc'!A1", "'+84912345678+cmd|'/c calc'!A1"},
		{"+1234567", "'+1234567"},
		{"+1234567890123456", "'+1234567890123456"},
		{"+84912345678\n=1", "'+84912345678\n=1"},
		{"two\r\nlines", "two\nlines"},
		{"said “a”, \"b\"", "said “a”, \"b\""},
	} {
		got := throughCSV(t, tt.text)
		if got != tt.want {
			t.Errorf("%q is read back as %q, want %q", tt.text, got, tt.want)
		}
	}
}

// throughCSV is what a program reads of a text that was written.
func throughCSV(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := oneText(text).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"before", "text", "after"}; len(records) != 2 || !reflect.DeepEqual(records[0], want) || records[1][0] != "a" || records[1][2] != "z" {
		t.Fatalf("the record around %q is broken: %q", text, records)
	}
	return records[1][1]
}

// oneText is a table with one text between two others.
func oneText(text string) documents.Table {
	return documents.Table{
		Columns: []documents.Column{{Key: "before"}, {Key: "text"}, {Key: "after"}},
		Rows:    [][]any{{"a", text, "z"}},
	}
}

func TestATableThatCannotBeWrittenWritesNothing(t *testing.T) {
	for _, tt := range []struct {
		what   string
		change func(*documents.Table)
		want   string
	}{
		{"no columns", func(t *documents.Table) { t.Columns = nil }, "no columns"},
		{"a column without a key", func(t *documents.Table) { t.Columns[1].Key = "" }, "column 2 has no key"},
		{"the same key twice", func(t *documents.Table) { t.Columns[1].Key = "name" }, `two columns have the key "name"`},
		{"an unknown kind", func(t *documents.Table) { t.Columns[1].Kind = 9 }, `column "phone" has the unknown kind 9`},
		{"a short row", func(t *documents.Table) { t.Rows[2] = []any{"x"} }, "row 3 has 1 values for 9 columns"},
		{"a number as a text", func(t *documents.Table) { t.Rows[1][1] = 912345678 }, `row 2, column "phone": a text cannot be a int`},
		{"a text as a number", func(t *documents.Table) { t.Rows[1][4] = "0912345678" }, `row 2, column "position": a number cannot be a string`},
		{"no number", func(t *documents.Table) { t.Rows[1][4] = math.NaN() }, `a number cannot be a float64`},
		{"infinity", func(t *documents.Table) { t.Rows[1][4] = math.Inf(-1) }, `a number cannot be a float64`},
		{"too large", func(t *documents.Table) { t.Rows[1][4] = uint64(math.MaxUint64) }, `a number cannot be a uint64`},
		{"a text as a date", func(t *documents.Table) { t.Rows[1][6] = "10/12/2026" }, `a date cannot be a string`},
		{"a text as a time", func(t *documents.Table) { t.Rows[1][7] = "8:00" }, `a date and time cannot be a string`},
		{"a text as a yes", func(t *documents.Table) { t.Rows[1][8] = "yes" }, `a yes or no cannot be a string`},
	} {
		table := registrations()
		tt.change(&table)
		for form, write := range forms(table) {
			var b bytes.Buffer
			err := write(&b)
			if err == nil || !strings.Contains(err.Error(), tt.want) || b.Len() > 0 {
				t.Errorf("%s, %s: %d bytes, error %v, want %s", tt.what, form, b.Len(), err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "0912345678") {
				t.Errorf("%s, %s: the error shows a phone number", tt.what, form)
			}
		}
	}
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	for form, write := range forms(registrations()) {
		if err := write(closed{}); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestEveryIntegerIsANumber(t *testing.T) {
	for _, v := range []any{int8(7), int16(7), int32(7), uint8(7), uint32(7), uint64(7), time.Duration(7)} {
		table := documents.Table{Columns: []documents.Column{{Key: "n", Kind: documents.Number}}, Rows: [][]any{{v}}}
		var b bytes.Buffer
		if err := table.WriteCSV(&b); err != nil || b.String() != "n\r\n7\r\n" {
			t.Errorf("%T: %q, error %v", v, &b, err)
		}
	}
}
