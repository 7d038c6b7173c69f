package documents

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// WriteCSV writes the table for programs: RFC 4180 in UTF-8, with commas, the
// keys of the columns in the first line, times as RFC 3339 and empty fields
// for what is nil. Line breaks within a text become line feeds there, which
// CSV then writes as it writes all its line breaks. In a table of one column
// an empty value is an empty line, which many readers pass over.
//
// A text that a spreadsheet would take for a formula gets an apostrophe before
// it. Phone numbers with a plus do not, since they are none.
func (t Table) WriteCSV(w io.Writer) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("write table as CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	fields := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = c.Key
	}
	err := out.Write(fields)
	if err == nil {
		err = t.each(func(_ int, row []any) error {
			for i, v := range row {
				fields[i] = csvField(v, t.Columns[i].Kind)
			}
			return out.Write(fields)
		})
	}
	if err == nil {
		out.Flush()
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write table as CSV: %w", err)
	}
	return nil
}

func csvField(v any, kind Kind) string {
	switch v := v.(type) {
	case string:
		return inert(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return kind.forProgram(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// phoneForm is a number with its country: a plus and 8 to 15 digits (E.164)
// with what people put between them. No spreadsheet finds a function in it.
var phoneForm = regexp.MustCompile(`^\+[0-9](?:[ .()-]{0,2}[0-9]){7,14}$`)

// inert returns a text that no spreadsheet runs, after OWASP's page on CSV
// injection. The line feed is among the signs because a carriage return
// becomes one.
func inert(s string) string {
	s = strings.ToValidUTF8(unixBreaks(s), "\uFFFD")
	if s != "" && strings.ContainsRune("=+-@\t\n", rune(s[0])) && !phoneForm.MatchString(s) {
		return "'" + s
	}
	return s
}
