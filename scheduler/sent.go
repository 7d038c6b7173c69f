package scheduler

import (
	"fmt"
	"time"

	"sachhon/dialogs/wire"
)

// The caps on promotion for one person.
const (
	// MostADay is how many may be sent within any 24 hours (Decree 91/2020).
	MostADay = 3
	// TipEvery is how many days lie between two tips at the least, counted by
	// dates: a tip of Tuesday 8:00:03 leaves the next Tuesday 8:00 free.
	TipEvery = 7
)

// Sent remembers what a person was sent last, as far as the caps look back:
// some twenty bytes a contact. The zero Sent remembers nothing.
type Sent struct {
	promotions [MostADay]int64 // Unix seconds, the latest last; 0: none
	tip        int64
}

// With returns s with one more push that was sent at now. Services are not
// counted.
func (s Sent) With(p *Push, now time.Time) Sent {
	if p.Kind != Promotion {
		return s
	}
	copy(s.promotions[:], s.promotions[1:])
	s.promotions[MostADay-1] = now.Unix()
	if p.Topic == TopicTip {
		s.tip = now.Unix()
	}
	return s
}

// LastTip returns when the last tip was sent; the zero time: never.
func (s Sent) LastTip() time.Time {
	if s.tip == 0 {
		return time.Time{}
	}
	return time.Unix(s.tip, 0).UTC()
}

// free returns when one more promotion fits under the cap of a day: now when it
// does at once. A time that lies ahead was noted by a clock that was set back
// since. It counts while less than a day away, so that the cap holds over the
// correction, and no longer, so that a clock that was years ahead silences
// nobody.
func (s *Sent) free(now time.Time) time.Time {
	oldest := s.promotions[0]
	for _, at := range s.promotions {
		if away := now.Unix() - at; away >= secondsADay || away <= -secondsADay {
			return now
		}
		oldest = min(oldest, at)
	}
	return time.Unix(oldest+secondsADay, 0)
}

// tipFree returns when the next tip is due at the earliest.
func (s *Sent) tipFree(now time.Time, zone *time.Location) time.Time {
	if s.tip == 0 {
		return now
	}
	last, _ := DateIn(zone, time.Unix(s.tip, 0))
	today, _ := DateIn(zone, now)
	if away := today - last; away >= TipEvery || away <= -TipEvery {
		return now
	}
	return (last + TipEvery).At(0, zone)
}

const sentVersion = 1

// AppendBinary appends the stored form of s.
func (s Sent) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, sentVersion)
	for _, at := range s.promotions {
		b = wire.AppendInt(b, at)
	}
	return wire.AppendInt(b, s.tip), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (s *Sent) UnmarshalBinary(raw []byte) error {
	r, _ := wire.NewReader(raw, sentVersion)
	for i := range s.promotions {
		s.promotions[i] = r.Int()
	}
	s.tip = r.Int()
	if err := r.Err(); err != nil {
		return fmt.Errorf("read what was sent: %w", err)
	}
	return nil
}

// Without returns s without a push that was noted at a time, since it did not
// leave after all. Services are not counted, and so take nothing back.
func (s Sent) Without(p *Push, at time.Time) Sent {
	if p.Kind != Promotion {
		return s
	}
	for i := len(s.promotions) - 1; i >= 0; i-- {
		if s.promotions[i] == at.Unix() {
			copy(s.promotions[1:i+1], s.promotions[:i])
			s.promotions[0] = 0
			break
		}
	}
	if p.Topic == TopicTip && s.tip == at.Unix() {
		s.tip = 0
	}
	return s
}
