package bot

import (
	"context"
	"time"

	"sachhon/bot/documents"
)

// column is one column of an exported table with how its cells are read from
// records of type R, so that a heading and its values stand in one line.
type column[R any] struct {
	documents.Column
	of func(r *R) any
}

func textColumn[R any](key, title string, width float64, of func(r *R) string) column[R] {
	return column[R]{documents.Column{Key: key, Title: title, Kind: documents.Text, Width: width}, func(r *R) any { return of(r) }}
}

// numberColumn holds whole numbers and figures; what is not above 0 is not
// known, and its cell is empty.
func numberColumn[R any, N int | float64](key, title string, width float64, of func(r *R) N) column[R] {
	return column[R]{documents.Column{Key: key, Title: title, Kind: documents.Number, Width: width}, func(r *R) any {
		if n := of(r); n > 0 {
			return n
		}
		return nil
	}}
}

// timeWidth is the width of every column of times.
const timeWidth = 17

func timeColumn[R any](key, title string, of func(r *R) time.Time) column[R] {
	return column[R]{documents.Column{Key: key, Title: title, Kind: documents.DateTime, Width: timeWidth}, func(r *R) any {
		if at := of(r); !at.IsZero() {
			return at
		}
		return nil
	}}
}

// The columns that several tables have.

func nameColumn[R any](of func(r *R) string) column[R] {
	return textColumn("name", "Họ và tên", 26, of)
}

func jobColumn[R any](key string, of func(r *R) string) column[R] {
	return textColumn(key, "Chức vụ", 20, of)
}

func phoneColumn[R any](of func(r *R) string) column[R] {
	return textColumn("phone", "Điện thoại", 15, of)
}

func enterpriseColumn[R any](of func(r *R) string) column[R] {
	return textColumn("enterprise", "Đơn vị", 34, of)
}

func taxCodeColumn[R any](of func(r *R) string) column[R] {
	return textColumn("taxcode", "Mã số thuế", 15, of)
}

func sectorColumn[R any](of func(r *R) string) column[R] {
	return textColumn("sector", "Ngành", 11, of)
}

func contactColumn[R any](of func(r *R) string) column[R] {
	return textColumn("contact", "Mã người liên hệ", 18, of)
}

// table is a table of the centre without rows.
func (b *Bot) table(title string, columns []documents.Column) documents.Table {
	c := b.cfg.Centre
	return documents.Table{Agency: c.Name, Parent: c.Parent, Place: c.Place, Title: title, Columns: columns, Made: b.clock()}
}

// tableOf makes a table of all records that each finds in one transaction.
func tableOf[R any](ctx context.Context, b *Bot, title string, columns []column[R], each func(tx Tx, add func(R) bool) error) (documents.Table, error) {
	t := b.table(title, nil)
	for _, one := range columns {
		t.Columns = append(t.Columns, one.Column)
	}
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		return each(tx, func(r R) bool {
			row := make([]any, len(columns))
			for i := range columns {
				row[i] = columns[i].of(&r)
			}
			t.Rows = append(t.Rows, row)
			return true
		})
	})
	return t, err
}
