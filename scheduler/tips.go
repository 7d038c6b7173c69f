package scheduler

import (
	"hash/fnv"
	"slices"
	"time"

	"sachhon/dialogs"
)

// Series is a row of tips for a sector: who subscribed gets one a week, at the
// day and hour of their own choice.
type Series struct {
	Key string
	// Sectors are those whose tips belong to it; a tip for all belongs to every
	// series.
	Sectors []string
	// Langs are the languages in which it is sent; none: every one.
	Langs []dialogs.Lang
}

// AllSectors is the sector of a tip that is for everybody.
const AllSectors = "all"

// Tip is what choosing the next one needs to know of a tip.
type Tip struct {
	ID      string
	Sectors []string
}

// Takes returns the ids of the tips that belong to the series.
func (s *Series) Takes(tips []Tip) []string {
	var ids []string
	for _, t := range tips {
		if slices.ContainsFunc(t.Sectors, func(x string) bool { return x == AllSectors || slices.Contains(s.Sectors, x) }) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// TipKey is the key of a tip in the ledger of what a person had.
func TipKey(id string) string { return "tip/" + id }

// NextTip chooses the next tip for a contact among those of a series: one that
// is not among got (keys of the ledger), so that everybody sees all of them and
// none twice. ok is false when there is none left. Each contact has an order of
// their own, which stays the same when tips are added or taken out.
func NextTip(contact string, tips, got []string) (id string, ok bool) {
	var least uint64
	for _, tip := range tips {
		if slices.Contains(got, TipKey(tip)) {
			continue
		}
		if r := rank(contact, tip); !ok || r < least || r == least && tip < id {
			id, least, ok = tip, r, true
		}
	}
	return id, ok
}

// rank is the place of a tip in a contact's own order.
func rank(contact, tip string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(contact))
	h.Write([]byte{0})
	h.Write([]byte(tip))
	// The last bytes hardly reach the upper bits of FNV, which decide.
	x := h.Sum64()
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	return x ^ x>>32
}

// Slot is when in the week a person wants the tips.
type Slot struct {
	Day time.Weekday
	At  int // minutes after midnight
}

// tipWithin is how late a tip may be: who chose the morning does not want it
// the day after.
const tipWithin = 12 * time.Hour

// NextTipJob returns the job of the next tip for a contact: at their slot,
// later than now and than a week after the last one. A slot on a quiet day is
// left out, so that the tip keeps its day and hour. ok is false when no such
// slot is ever open, such as one on a Sunday.
func NextTipJob(contact string, slot Slot, last Sent, w Windows, now time.Time) (j Job, ok bool) {
	from := last.tipFree(now, w.Days.zone)
	on, _ := DateIn(w.Days.zone, from)
	on += Date((int(slot.Day-on.Weekday()) + 7) % 7)
	for range furthest / 7 {
		at := on.At(slot.At, w.Days.zone)
		if at.After(now) && w.Open(Promotion, at) {
			return Job{Kind: TipDue, Key: contact, At: at, Deadline: at.Add(tipWithin)}, true
		}
		on += 7
	}
	return Job{}, false
}
