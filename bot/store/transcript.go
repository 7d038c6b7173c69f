package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

const entryVersion = 1

// Append adds e to an address's transcript and gives it its number.
func (t *Tx) Append(at string, e *channel.Entry) error {
	seq, err := t.transcript.NextSequence()
	if err != nil {
		return fmt.Errorf("append to transcript: %w", err)
	}
	e.Seq = seq
	key := t.keep(func(b []byte) []byte { return appendTranscriptKey(b, at, seq) })
	return t.transcript.Put(key, t.keep(func(b []byte) []byte { return appendEntry(b, e) }))
}

// Transcript returns at most limit entries with a number above after, oldest
// first; with after 0 the last limit ones.
func (t *Tx) Transcript(at string, after uint64, limit int) ([]channel.Entry, error) {
	if after == 0 {
		return t.transcriptEnd(at, limit)
	}
	var out []channel.Entry
	prefix := appendTranscriptKey(nil, at, 0)[:len(at)+1]
	cur := t.transcript.Cursor()
	for k, v := cur.Seek(appendTranscriptKey(nil, at, after+1)); bytes.HasPrefix(k, prefix) && len(out) < limit; k, v = cur.Next() {
		e, err := readEntry(k, v)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func (t *Tx) transcriptEnd(at string, limit int) ([]channel.Entry, error) {
	var out []channel.Entry
	prefix := appendTranscriptKey(nil, at, 0)[:len(at)+1]
	cur := t.transcript.Cursor()
	k, v := cur.Seek(appendTranscriptKey(nil, at, ^uint64(0)))
	if k == nil {
		k, v = cur.Last()
	} else if !bytes.HasPrefix(k, prefix) {
		k, v = cur.Prev()
	}
	for ; bytes.HasPrefix(k, prefix) && len(out) < limit; k, v = cur.Prev() {
		e, err := readEntry(k, v)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out, nil
}

// PruneTranscript drops entries of before, at most limit of them, beginning
// behind the key from, and returns where to go on ("" at the end).
func (t *Tx) PruneTranscript(before time.Time, from string, limit int) (next string, err error) {
	return t.prune(t.transcript, from, limit, func(k, v []byte) bool {
		e, err := readEntry(k, v)
		return err == nil && e.At.Before(before)
	})
}

// prune deletes rows that are old, looking at limit of them from the key from
// on, and returns where to go on ("" at the end).
func (t *Tx) prune(b *bolt.Bucket, from string, limit int, old func(k, v []byte) bool) (next string, err error) {
	var gone [][]byte
	cur := b.Cursor()
	n := 0
	for k, v := cur.Seek([]byte(from)); k != nil; k, v = cur.Next() {
		if n++; n > limit {
			next = string(k)
			break
		}
		if old(k, v) {
			gone = append(gone, bytes.Clone(k))
		}
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return "", fmt.Errorf("drop old rows: %w", err)
		}
	}
	t.dropped += len(gone)
	return next, nil
}

// Dropped is how many rows were pruned in this transaction.
func (t *Tx) Dropped() int { return t.dropped }

func appendTranscriptKey(b []byte, at string, seq uint64) []byte {
	b = append(append(b, at...), 0)
	return binary.BigEndian.AppendUint64(b, seq)
}

func appendEntry(b []byte, e *channel.Entry) []byte {
	b = append(b, entryVersion)
	b = wire.AppendInt(b, e.At.UnixMilli())
	b = append(b, byte(e.From))
	b = wire.AppendBool(b, e.Push)
	b = wire.AppendString(b, e.Button)
	return dialogs.AppendMessage(b, &e.Message)
}

func readEntry(key, v []byte) (channel.Entry, error) {
	r, _ := wire.NewReader(v, entryVersion)
	e := channel.Entry{At: time.UnixMilli(r.Int()).UTC(), From: channel.Author(r.Byte()), Push: r.Bool(), Button: r.String()}
	e.Message = dialogs.ReadMessage(r)
	if len(key) > 8 {
		e.Seq = binary.BigEndian.Uint64(key[len(key)-8:])
	}
	if err := r.Err(); err != nil {
		return e, fmt.Errorf("read transcript: %w", err)
	}
	return e, nil
}
