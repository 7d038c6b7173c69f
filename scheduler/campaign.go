package scheduler

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Campaigns is everything that is sent by plan, as the content holds it.
type Campaigns struct {
	Points   []Campaign // relative to something that happened
	Tips     []Series   // one tip a week
	Leaflets []Leaflet  // on days of the year
}

// Campaign is a row of messages relative to an event in one person's dealings
// with the centre: the end of a class.
type Campaign struct {
	Key string
	// About is what sort of event it follows: class.
	About string
	// Kind is [Promotion], or [Service] for what belongs to something that the
	// person asked for.
	Kind PushKind
	// Purpose is the purpose that the person must have agreed to.
	Purpose string
	Points  []Point
}

// Point is one message of a campaign.
type Point struct {
	// Key stays the same as long as the message is the same to those who get
	// it: who had it does not get it again, whatever else is edited.
	Key string
	// Was are keys that the point had in earlier versions of the campaign.
	Was    []string
	Offset Offset
	// At is the hour at which it is sent, in minutes after midnight; negative:
	// the hour of the event.
	At int
	// Within is how long it may be late.
	Within time.Duration
	// Push is the message, one of the content's.
	Push string
}

// Offset is a distance from an event; negative: before it. A month more than
// the 31st of January is the last day of February.
type Offset struct {
	Months, Days int
	Hours        time.Duration // less than a day, and only without an hour of its own
}

// Event is what a campaign is relative to.
type Event struct {
	ID string // such as that of a registration
	At time.Time
}

// Due is a job that a plan wants, with the keys under which earlier versions of
// the plan wanted the same.
type Due struct {
	Job
	Was []string
}

// Version tells apart two versions of the campaign that plan or send anything
// differently.
func (c *Campaign) Version() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%+v", *c)
	return fmt.Sprintf("%016x", h.Sum64())
}

// Point returns the point of this key, or that had it in an earlier version;
// false when there is none.
func (c *Campaign) Point(key string) (Point, bool) {
	for i := range c.Points {
		if p := &c.Points[i]; p.Key == key || slices.Contains(p.Was, key) {
			return *p, true
		}
	}
	return Point{}, false
}

// KeyOf returns the key of a point about an event in the table of due things and
// in the ledger of what each person had.
func (c *Campaign) KeyOf(event, point string) string { return c.Key + "/" + event + "/" + point }

// Push is what deciding about one of its messages needs. A service of a campaign
// is one that nobody waits for.
func (c *Campaign) Push(key string, expires time.Time) Push {
	return Push{Kind: c.Kind, Key: key, Purpose: c.Purpose, Expires: expires, Unhurried: c.Kind != Promotion}
}

// Dues lists what the campaign has to say about the event, without the points
// for which it is too late at now. They are in the order of the campaign.
func (c *Campaign) Dues(e Event, zone *time.Location, now time.Time) []Due {
	var list []Due
	for i := range c.Points {
		p := &c.Points[i]
		at := p.at(e.At, zone)
		j := Job{Kind: PointDue, Key: c.KeyOf(e.ID, p.Key), At: at, Deadline: at.Add(p.Within)}
		if j.Late(now) {
			continue
		}
		d := Due{Job: j}
		for _, was := range p.Was {
			d.Was = append(d.Was, c.KeyOf(e.ID, was))
		}
		list = append(list, d)
	}
	return list
}

func (p *Point) at(event time.Time, zone *time.Location) time.Time {
	on, clock := DateIn(zone, event)
	on = addMonths(on, p.Offset.Months) + Date(p.Offset.Days)
	if p.At >= 0 {
		return on.At(p.At, zone)
	}
	year, month, day := on.Civil()
	return time.Date(year, month, day, 0, 0, clock, 0, zone).Add(p.Offset.Hours)
}

// Leaflet is a leaflet that is sent on a day of every year.
type Leaflet struct {
	Key   string
	Was   []string
	Month time.Month
	Day   int // 31 is the last day of any month
	// ID is the leaflet, such as l3.
	ID      string
	Segment Segment
}

// A leaflet leaves at this hour, and may be late by that much: after a week it
// is another month's matter.
const (
	leafletAt     = 9 * 60
	leafletWithin = 7 * 24 * time.Hour
)

// LeafletDues lists the leaflets of a year for which it is not too late at now,
// each at the first time from its day on at which promotion may leave.
func (c *Campaigns) LeafletDues(year int, w Windows, now time.Time) []Due {
	var list []Due
	for i := range c.Leaflets {
		l := &c.Leaflets[i]
		at := w.Next(Promotion, clamped(year, l.Month, l.Day).At(leafletAt, w.Days.zone))
		d := Due{Job: Job{Kind: LeafletDue, Key: leafletKey(year, l.Key), At: at, Deadline: at.Add(leafletWithin)}}
		if at.IsZero() || d.Late(now) {
			continue
		}
		for _, was := range l.Was {
			d.Was = append(d.Was, leafletKey(year, was))
		}
		list = append(list, d)
	}
	return list
}

func leafletKey(year int, key string) string { return fmt.Sprintf("leaflet/%d/%s", year, key) }
