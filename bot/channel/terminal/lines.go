package terminal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"
)

// fault is what is wrong with a line read.
type fault uint8

const (
	readable fault = iota
	tooLong        // longer than the limit; the rest of it was passed over
	notUTF8
)

// line is one line of input without its end.
type line struct {
	text  string // empty where fault is set
	fault fault
}

// lines hands over input line by line.
type lines struct {
	next chan line // closed when the input ended
	err  error     // why it ended, once next is closed; nil: at its end
}

// readLines starts to read in, in lines of at most limit bytes, until it ends.
// The goroutine that reads stays in its last Read after ctx ended.
func readLines(ctx context.Context, in io.Reader, limit int) *lines {
	l := &lines{next: make(chan line)}
	go func() {
		defer close(l.next)
		r := lineReader{in: bufio.NewReader(in), limit: limit}
		for {
			got, err := r.read()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					l.err = err
				}
				return
			}
			select {
			case l.next <- got:
			case <-ctx.Done():
				return
			}
		}
	}()
	return l
}

// lineReader cuts input into lines and keeps at most limit bytes of each.
type lineReader struct {
	in    *bufio.Reader
	limit int
	begun bool // a line was read
}

// byteOrderMark is what some editors put before the first line.
const byteOrderMark = "\ufeff"

// read returns the next line; io.EOF: there is none. The last one needs no
// line break. A line that could not be read to its end is dropped.
func (r *lineReader) read() (line, error) {
	var buf []byte
	over, any := false, false
	for {
		piece, err := r.in.ReadSlice('\n')
		any = any || len(piece) > 0
		if over = over || len(buf)+len(piece) > r.limit+len("\r\n"); over {
			buf = nil
		} else {
			buf = append(buf, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!any || !errors.Is(err, io.EOF)):
			return line{}, err
		}
		return r.judge(buf, over), nil
	}
}

func (r *lineReader) judge(buf []byte, over bool) line {
	if !r.begun {
		r.begun = true
		buf = bytes.TrimPrefix(buf, []byte(byteOrderMark))
	}
	buf = bytes.TrimSuffix(bytes.TrimSuffix(buf, []byte("\n")), []byte("\r"))
	switch {
	case over || len(buf) > r.limit:
		return line{fault: tooLong}
	case !utf8.Valid(buf):
		return line{fault: notUTF8}
	}
	return line{text: string(buf)}
}
