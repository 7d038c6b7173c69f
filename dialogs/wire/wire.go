// Package wire writes and reads compact binary records: the form in which
// sessions, contacts, transcript entries and outbox rows are kept.
//
// A record is a version byte followed by fields in a fixed order: integers as
// varints, text as length and bytes. Reading never panics and never allocates
// more than the record is long, whatever the bytes are: the first fault sticks
// and every later read returns a zero value, so a decoder checks [Reader.Err]
// once at its end. Text read from a record shares one copy of the record.
//
// Used by dialogs, bot/channel, bot/outbox and bot/store. Values are not safe
// for concurrent use; there is nothing here that a crash could hurt.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrCorrupt is what every unreadable record is an instance of.
var ErrCorrupt = errors.New("record is damaged")

// AppendString appends the length and the bytes of s.
func AppendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// AppendUint appends u as a varint.
func AppendUint(b []byte, u uint64) []byte { return binary.AppendUvarint(b, u) }

// AppendInt appends i as a zig-zag varint.
func AppendInt(b []byte, i int64) []byte { return binary.AppendVarint(b, i) }

// AppendBool appends one byte, 0 or 1.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendFloat appends the eight bytes of f.
func AppendFloat(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(f))
}

// Reader reads one record from its start to its end.
type Reader struct {
	s   string
	at  int
	err error
}

// NewReader copies b once and checks that its version byte is one of 1…newest.
func NewReader(b []byte, newest byte) (*Reader, byte) {
	r := &Reader{s: string(b)}
	if len(b) == 0 {
		r.fail("empty")
		return r, 0
	}
	r.at = 1
	if b[0] == 0 || b[0] > newest {
		r.err = fmt.Errorf("%w: version %d, this program knows up to %d", ErrCorrupt, b[0], newest)
	}
	return r, b[0]
}

// Err returns the first fault, or an error when bytes are left over.
func (r *Reader) Err() error {
	if r.err == nil && r.at != len(r.s) {
		r.fail("bytes left over")
	}
	return r.err
}

// Uint reads a varint.
func (r *Reader) Uint() uint64 {
	var v uint64
	for shift := uint(0); shift < 64; shift += 7 {
		if r.err != nil || r.at >= len(r.s) {
			r.fail("cut short")
			return 0
		}
		c := r.s[r.at]
		r.at++
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v
		}
	}
	r.fail("number too long")
	return 0
}

// Int reads a zig-zag varint.
func (r *Reader) Int() int64 {
	u := r.Uint()
	return int64(u>>1) ^ -int64(u&1)
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if r.err != nil || r.at >= len(r.s) {
		r.fail("cut short")
		return 0
	}
	r.at++
	return r.s[r.at-1]
}

// Bool reads one byte that is 0 or 1.
func (r *Reader) Bool() bool {
	v := r.Byte()
	if v > 1 {
		r.fail("neither yes nor no")
	}
	return v == 1
}

// Float reads eight bytes.
func (r *Reader) Float() float64 {
	if r.err != nil || len(r.s)-r.at < 8 {
		r.fail("cut short")
		return 0
	}
	r.at += 8
	return math.Float64frombits(binary.BigEndian.Uint64([]byte(r.s[r.at-8 : r.at])))
}

// String reads a text.
func (r *Reader) String() string {
	n := r.Uint()
	if r.err != nil || n > uint64(len(r.s)-r.at) {
		r.fail("cut short")
		return ""
	}
	r.at += int(n)
	return r.s[r.at-int(n) : r.at]
}

// Count reads how many things follow, each at least size bytes long, so that
// a damaged number cannot ask for more memory than the record could fill.
func (r *Reader) Count(size int) int {
	n := r.Uint()
	if r.err != nil || n > uint64((len(r.s)-r.at)/max(size, 1)) {
		r.fail("count too large")
		return 0
	}
	return int(n)
}

func (r *Reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s at byte %d", ErrCorrupt, what, r.at)
	}
	r.at = len(r.s)
}
