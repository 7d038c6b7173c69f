package scheduler

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

// broadcastVersion is the present form. The first one knew neither Thinned nor
// AltEN.
const broadcastVersion = 2

// AppendBinary appends what is kept of b: all but its ID, which is its key.
// Times are kept to the second and lose their zone.
func (b *Broadcast) AppendBinary(out []byte) ([]byte, error) {
	out = append(out, broadcastVersion, byte(b.Kind), byte(b.Status))
	for _, s := range [...]string{b.Title, b.Purpose, b.Topic, b.Text.VI, b.Text.EN, b.By, b.PausedFor, b.Cursor,
		string(b.HeldFor), string(b.Rest), string(b.Segment.JSON()),
		string(b.Media.Kind), b.Media.Name, b.Media.MIME, b.Media.Alt, b.Media.Ref} {
		out = wire.AppendString(out, s)
	}
	for _, t := range [...]time.Time{b.Created, b.SendAt, b.Expires, b.Begun, b.Ended, b.Frozen, b.Until} {
		out = wire.AppendInt(out, unixOf(t))
	}
	out = wire.AppendUint(out, uint64(b.Version))
	out = wire.AppendInt(out, b.Media.Size)
	out = wire.AppendUint(out, b.Recent)
	out = wire.AppendBool(out, b.Planned)
	out = wire.AppendUint(out, uint64(len(b.Answers)))
	for i := range b.Answers {
		a := &b.Answers[i]
		out = wire.AppendString(wire.AppendString(wire.AppendString(out, a.Key), a.Label.VI), a.Label.EN)
		out = wire.AppendUint(out, uint64(a.Pressed))
	}
	out = wire.AppendInt(b.Counts.append(out), unixOf(b.Thinned))
	return wire.AppendString(out, b.AltEN), nil
}

func (c *Counts) append(out []byte) []byte {
	for _, n := range [...]int{c.Total, c.Sent, c.Failed, c.Repeated, len(c.Ways)} {
		out = wire.AppendUint(out, uint64(n))
	}
	for i := range c.Ways {
		w := &c.Ways[i]
		out = wire.AppendString(wire.AppendString(out, w.Channel), w.Cursor)
		out = wire.AppendUint(wire.AppendUint(out, uint64(w.Waiting)), uint64(w.Queued))
		out = wire.AppendInt(wire.AppendInt(out, unixOf(w.Soonest)), unixOf(w.Next))
	}
	for _, by := range [...]map[Reason]int{c.SkippedFor, c.FailedFor} {
		out = wire.AppendUint(out, uint64(len(by)))
		for _, why := range slices.SortedFunc(maps.Keys(by), cmp.Compare[Reason]) {
			out = wire.AppendUint(wire.AppendString(out, string(why)), uint64(by[why]))
		}
	}
	return out
}

// UnmarshalBinary reads what AppendBinary wrote and leaves the ID alone. An
// unreadable record is an instance of [wire.ErrCorrupt].
func (b *Broadcast) UnmarshalBinary(raw []byte) error {
	in, version := wire.NewReader(raw, broadcastVersion)
	out := Broadcast{ID: b.ID, Kind: PushKind(in.Byte()), Status: BroadcastStatus(in.Byte())}
	var segment, held, rest, kind string
	for _, s := range [...]*string{&out.Title, &out.Purpose, &out.Topic, &out.Text.VI, &out.Text.EN, &out.By, &out.PausedFor,
		&out.Cursor, &held, &rest, &segment, &kind, &out.Media.Name, &out.Media.MIME, &out.Media.Alt, &out.Media.Ref} {
		*s = in.String()
	}
	out.HeldFor, out.Rest, out.Media.Kind = Reason(held), Reason(rest), dialogs.MediaKind(kind)
	for _, t := range [...]*time.Time{&out.Created, &out.SendAt, &out.Expires, &out.Begun, &out.Ended, &out.Frozen, &out.Until} {
		*t = timeOf(in.Int())
	}
	out.Version, out.Media.Size, out.Recent, out.Planned = int(in.Uint()), in.Int(), in.Uint(), in.Bool()
	for range in.Count(4) {
		a := BroadcastAnswer{Key: in.String(), Label: dialogs.Text{VI: in.String(), EN: in.String()}, Pressed: int(in.Uint())}
		out.Answers = append(out.Answers, a)
	}
	out.Counts.read(in)
	if version > 1 {
		out.Thinned, out.AltEN = timeOf(in.Int()), in.String()
	}
	err := in.Err()
	if err == nil && (out.Status > Cancelled || out.Kind > Urgent) {
		err = fmt.Errorf("%w: status %d, kind %d", wire.ErrCorrupt, out.Status, out.Kind)
	}
	if err == nil {
		out.Segment, err = ParseSegment([]byte(segment))
	}
	if err != nil {
		return fmt.Errorf("read broadcast: %w", err)
	}
	*b = out
	return nil
}

func (c *Counts) read(in *wire.Reader) {
	c.Total, c.Sent, c.Failed, c.Repeated = int(in.Uint()), int(in.Uint()), int(in.Uint()), int(in.Uint())
	for range in.Count(6) {
		w := Way{Channel: in.String(), Cursor: in.String(), Waiting: int(in.Uint()), Queued: int(in.Uint())}
		w.Soonest, w.Next = timeOf(in.Int()), timeOf(in.Int())
		c.Ways = append(c.Ways, w)
	}
	for _, by := range [...]*map[Reason]int{&c.SkippedFor, &c.FailedFor} {
		for range in.Count(2) {
			why := Reason(in.String())
			*by = tally(*by, why, int(in.Uint()))
		}
	}
}
