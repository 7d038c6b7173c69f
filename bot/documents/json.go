package documents

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// WriteJSON writes the table for programs: an array with an object for every
// row, its keys those of the columns and in their order, times as RFC 3339
// texts, nil as null. Texts are as they are, but for bytes that are no UTF-8.
func (t Table) WriteJSON(w io.Writer) error {
	if err := t.writeJSON(w); err != nil {
		return fmt.Errorf("write table as JSON: %w", err)
	}
	return nil
}

func (t Table) writeJSON(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	keys := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		key, err := json.Marshal(c.Key)
		if err != nil {
			return err
		}
		keys[i] = string(key)
	}
	out := bufio.NewWriter(w)
	out.WriteByte('[') // a bufio.Writer keeps its first error for Flush
	err := t.each(func(i int, row []any) error {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n")
		return writeObject(out, keys, row, t.Columns)
	})
	if err != nil {
		return err
	}
	out.WriteString("\n]\n")
	return out.Flush()
}

// writeObject writes one row. The keys are encoded already.
func writeObject(out *bufio.Writer, keys []string, row []any, columns []Column) error {
	for i, v := range row {
		if at, ok := v.(time.Time); ok {
			v = columns[i].Kind.forProgram(at)
		}
		encoded, err := json.Marshal(v)
		if err != nil {
			return err
		}
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		out.WriteByte(before)
		out.WriteString(keys[i])
		out.WriteByte(':')
		out.Write(encoded)
	}
	return out.WriteByte('}')
}
