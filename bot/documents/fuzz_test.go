package documents_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"sachhon/bot/documents"
)

func addTexts(f *testing.F) {
	for _, seed := range []string{
		"", " ", "Nguyễn Thị Hòa", "Đỗ Thị Hòa", "=1+1", "+84 912 345 678", "-", "@", "\t", "\r", "\r\n", "a\r\nb\rc\n",
		`"`, `""`, ",", ";", `\`, `\n`, `\N`, "a\x00b", "\xff", "\xd3\xe2", "\u2028", "\ufeff", "\ufffe", "'=1", "_x0041_", "_x005F_x0041_",
		"<b>&amp;</b>", "]]>", strings.Repeat("Khuyến công ", 30), strings.Repeat("ữ", 200), "🙂" + strings.Repeat(" ", 80), strings.Repeat("=", 300), strings.Repeat("x", 70) + " \t \t\n \n",
	} {
		f.Add(seed)
	}
}

// valid is a text with every byte that is not UTF-8 replaced, as the writers
// do it, and with line feeds for all line breaks.
func valid(s string) string {
	return strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\uFFFD")
}

// FuzzCSV: a program reads the text that was given, but for line breaks, with
// an apostrophe before it if and only if a spreadsheet might run it.
func FuzzCSV(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, want := throughCSV(t, text), valid(text)
		if got != want && got != "'"+want {
			t.Errorf("%q is read back as %q", text, got)
		}
		if got != "" && strings.ContainsRune("=-@\t\n\r", rune(got[0])) {
			t.Errorf("%q is read back as %q, which may be run", text, got)
		}
		if strings.HasPrefix(got, "+") && strings.ContainsFunc(got, func(r rune) bool { return !strings.ContainsRune("+0123456789 .()-", r) }) {
			t.Errorf("%q is read back as %q, which is no phone number", text, got)
		}
	})
}

// FuzzJSON: a program reads the text that was given.
func FuzzJSON(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		if err := oneText(text).WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		var rows []map[string]string
		if err := json.Unmarshal(b.Bytes(), &rows); err != nil {
			t.Fatalf("%v: %s", err, &b)
		}
		// The encoder replaces each wrong byte by itself, a run of them is not one.
		if want := string([]rune(text)); len(rows) != 1 || rows[0]["text"] != want || rows[0]["before"] != "a" || rows[0]["after"] != "z" {
			t.Errorf("%q is read back as %q", text, rows)
		}
	})
}

// FuzzXLSX: the workbook opens and shows the text that was given, without what
// cannot be seen.
func FuzzXLSX(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 {
			return // long texts are cut, which a test of its own covers
		}
		table := oneText(text)
		table.Title, table.Agency, table.Columns[1].Title = text, text, text
		b := written(t, table)
		got, _ := b.cell("Dữ liệu", "B2")
		if want := visible(text); got != want {
			t.Errorf("%q is read back as %q, want %q", text, got, want)
		}
		if got, _ := b.cell("Bản in", "D9"); got != "z" {
			t.Errorf("the cell after %q is %q", text, got)
		}
	})
}

// visible is the valid text without control characters but for tabs and line
// feeds, and with U+FFFD for the two letters that XML does not know.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		case r == '\uFFFE' || r == '\uFFFF':
			return '\uFFFD'
		}
		return r
	}, valid(s))
}

// FuzzCalendar: whatever stands in its texts, the file keeps to the form and
// has one event with those texts.
func FuzzCalendar(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		e := session("uid")
		e.Summary, e.Location, e.Description, e.Organizer.Name = "x"+text, text, text, text
		file, err := documents.Calendar("p"+text, stamp, []documents.CalendarEvent{e})
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, file)
		read := readEvent(t, file)
		if got, want := property(read, ics.ComponentPropertySummary), strings.Join(strings.Fields(visible("x"+text)), " "); !same(got, want) {
			t.Errorf("summary %q, want %q", got, want)
		}
		if got, want := property(read, ics.ComponentPropertyDescription), tidy(text); !same(got, want) {
			t.Errorf("description %q, want %q", got, want)
		}
	})
}

// tidy is the visible text with one space between words, line by line.
func tidy(s string) string {
	all := strings.Split(visible(s), "\n")
	for i, l := range all {
		all[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Trim(strings.Join(all, "\n"), "\n")
}

// same compares texts; U+FFFE and U+FFFF, which only XML does not know, count
// as the sign for a letter that cannot be shown.
func same(a, b string) bool { return visible(a) == visible(b) }
