package outbox

import (
	"fmt"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

// rowVersion 2 added Lang and Replaces.
const rowVersion = 2

// AppendBinary appends what is kept of r: all but its ID, which is its key.
// Times keep their nanoseconds and lose their zone; they must lie between the
// years 1678 and 2262.
func (r *Row) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, rowVersion, byte(r.Lane), byte(r.State))
	b = wire.AppendString(b, r.Address.Channel)
	b = wire.AppendString(b, r.Address.ID)
	b = wire.AppendString(b, r.Key)
	for _, at := range [...]time.Time{r.Queued, r.NotBefore, r.Expires, r.LeasedUntil, r.Settled} {
		b = appendTime(b, at)
	}
	for _, n := range [...]int{r.Attempts, r.Unsure, r.Limit, r.Part} {
		b = wire.AppendInt(b, int64(n))
	}
	b = wire.AppendBool(b, r.PossiblyRepeated)
	b = wire.AppendString(b, string(r.Reason))
	b = wire.AppendString(b, r.LastError)
	b = wire.AppendString(b, r.Receipt)
	b = wire.AppendString(b, string(r.Lang))
	b = wire.AppendString(b, r.Replaces)
	return dialogs.AppendMessage(b, &r.Message), nil
}

// UnmarshalBinary reads what AppendBinary wrote and leaves the ID alone. Times
// come back in UTC. An unreadable record is an instance of [wire.ErrCorrupt].
func (r *Row) UnmarshalBinary(data []byte) error {
	in, version := wire.NewReader(data, rowVersion)
	out := Row{ID: r.ID, Lane: Lane(in.Byte()), State: State(in.Byte())}
	out.Address = channel.Address{Channel: in.String(), ID: in.String()}
	out.Key = in.String()
	for _, at := range [...]*time.Time{&out.Queued, &out.NotBefore, &out.Expires, &out.LeasedUntil, &out.Settled} {
		*at = readTime(in)
	}
	for _, n := range [...]*int{&out.Attempts, &out.Unsure, &out.Limit, &out.Part} {
		*n = int(in.Int())
	}
	out.PossiblyRepeated = in.Bool()
	out.Reason, out.LastError, out.Receipt = Reason(in.String()), in.String(), in.String()
	if version >= 2 {
		out.Lang, out.Replaces = dialogs.Lang(in.String()), in.String()
	}
	out.Message = dialogs.ReadMessage(in)
	err := in.Err()
	if err == nil && (out.Lane >= Lanes || out.State > StateDead) {
		err = fmt.Errorf("%w: lane %d, state %d", wire.ErrCorrupt, out.Lane, out.State)
	}
	if err != nil {
		return fmt.Errorf("read outbox row: %w", err)
	}
	*r = out
	return nil
}

// appendTime writes the zero time as 0; 1970-01-01 to the nanosecond reads
// back as zero and does not occur.
func appendTime(b []byte, at time.Time) []byte {
	if at.IsZero() {
		return wire.AppendInt(b, 0)
	}
	return wire.AppendInt(b, at.UnixNano())
}

func readTime(r *wire.Reader) time.Time {
	n := r.Int()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
