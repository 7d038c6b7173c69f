package documents

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// Kind is what the values of a column are.
type Kind uint8

// The kinds of columns and the Go values they take; nil is an empty cell in
// all of them.
const (
	Text     Kind = iota // any string type; phones, tax codes and codes are texts
	Number               // any integer or floating-point type, finite; not for years and codes, whose digits would be grouped
	Date                 // time.Time, of which the day counts; the zero time is empty
	DateTime             // time.Time, to the minute for people and to the second for programs; the zero time is empty
	Bool                 // bool
)

// String returns the name of the kind, for errors.
func (k Kind) String() string {
	names := [...]string{"text", "number", "date", "date and time", "yes or no"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Column describes one column of a table.
type Column struct {
	Key   string  // the name for programs: header in CSV, key in JSON; unique
	Title string  // the name for people
	Kind  Kind    // what its values are; the zero value is Text
	Width float64 // in characters of the sheet for people; 0: what suits the kind
}

// Table is a result with typed columns. It is written as a workbook for people
// and as CSV or JSON for programs.
type Table struct {
	Agency   string // who made it, in the header of the sheet for people; empty: left out
	Parent   string // the body above the agency; empty: left out
	Place    string // before the date line; empty: the date alone
	Title    string
	Subtitle string // below the title; empty: left out
	Columns  []Column
	Rows     [][]any // as many values in each as there are columns
	// Made is when the table was made, and its zone is that in which all times
	// of the table are shown. The zero value leaves the date line out and means
	// UTC.
	Made time.Time
}

// check finds what keeps the table from being written.
func (t Table) check() error {
	if len(t.Columns) == 0 {
		return errors.New("no columns")
	}
	seen := make(map[string]bool, len(t.Columns))
	for i, c := range t.Columns {
		switch {
		case c.Key == "":
			return fmt.Errorf("column %d has no key", i+1)
		case seen[c.Key]:
			return fmt.Errorf("two columns have the key %q", c.Key)
		case c.Kind > Bool:
			return fmt.Errorf("column %q has the unknown %v", c.Key, c.Kind)
		}
		seen[c.Key] = true
	}
	row := make([]any, len(t.Columns))
	for i := range t.Rows {
		if err := t.read(i, row); err != nil {
			return err
		}
	}
	return nil
}

// read puts the values of row i into row, each in the one form its kind has:
// string, int64 or float64, time.Time in the zone of the table, bool, or nil.
func (t Table) read(i int, row []any) error {
	if got, want := len(t.Rows[i]), len(t.Columns); got != want {
		return fmt.Errorf("row %d has %d values for %d columns", i+1, got, want)
	}
	for j, c := range t.Columns {
		v, ok := plain(t.Rows[i][j], c.Kind, t.Made.Location())
		if !ok {
			// The value itself may be personal; its type is enough to find the fault.
			return fmt.Errorf("row %d, column %q: a %v cannot be a %T", i+1, c.Key, c.Kind, t.Rows[i][j])
		}
		row[j] = v
	}
	return nil
}

// each calls do with the values of every row in turn, see read. The slice is
// used again for the next row.
func (t Table) each(do func(i int, row []any) error) error {
	row := make([]any, len(t.Columns))
	for i := range t.Rows {
		if err := t.read(i, row); err != nil {
			return err
		}
		if err := do(i, row); err != nil {
			return err
		}
	}
	return nil
}

// plain returns v in the one form that its kind has; ok is false if v is not
// of that kind.
func plain(v any, kind Kind, zone *time.Location) (_ any, ok bool) {
	if v == nil {
		return nil, true
	}
	switch kind {
	case Text:
		r := reflect.ValueOf(v)
		return r.String(), r.Kind() == reflect.String
	case Number:
		return plainNumber(reflect.ValueOf(v))
	case Date, DateTime:
		at, ok := v.(time.Time)
		if at.IsZero() {
			return nil, ok
		}
		at = at.In(zone)
		if kind == Date {
			at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone)
		}
		return at, ok
	case Bool:
		b, ok := v.(bool)
		return b, ok
	}
	return nil, false
}

func plainNumber(r reflect.Value) (_ any, ok bool) {
	switch {
	case r.CanInt():
		return r.Int(), true
	case r.CanUint():
		u := r.Uint()
		return int64(u), u <= math.MaxInt64
	case r.CanFloat():
		f := r.Float()
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return nil, false
}

// forProgram is the text of a time in CSV and JSON: RFC 3339.
func (k Kind) forProgram(at time.Time) string {
	if k == Date {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}
