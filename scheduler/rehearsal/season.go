package rehearsal

import (
	"slices"
	"time"

	"sachhon/scheduler"
)

// Season is the rehearsal of all campaigns for some days.
type Season struct {
	*play
	campaigns *scheduler.Campaigns
	series    [][]string // the tips of each series
	until     time.Time
	guests    []guest
	leaflets  int              // so many of whats are leaflets, the first ones
	whats     []scheduler.Push // what tasks say that are no tips
	ats       []time.Time      // when each leaflet is due
	tip       scheduler.Push   // used again for every tip
}

// Guest is a contact as campaigns see them.
type Guest struct {
	// Person has Contact, Sectors, Subscribed, Reach, OpenUntil, Got and Sent set.
	// They are the rehearsal's from now on.
	scheduler.Person
	// Address is where they are reached; "": nowhere.
	Address string
	// Slot is when in the week they want their tips.
	Slot scheduler.Slot
	// Classes are the ends of the classes they have a seat in, by the ids of their
	// registrations.
	Classes []scheduler.Event
	// Also are other messages that are planned for them.
	Also []Message
}

// Message is a single planned message.
type Message struct {
	Kind    scheduler.PushKind
	Key     string
	Purpose string
	At      time.Time
	Expires time.Time
}

// guest is a Guest with what becomes of them.
type guest struct {
	scheduler.Person
	slot    scheduler.Slot
	line    int32
	series  int32 // -1: none
	blocked bool
	tip     string // the next one
	expires time.Time
}

// theTip is the what of tasks that are the next tip of their person.
const theTip = -1

// NewSeason prepares the rehearsal of campaigns with the tips there are, for so
// many days from the stage's time on.
func (s *Stage) NewSeason(c *scheduler.Campaigns, tips []scheduler.Tip, days int) *Season {
	r := &Season{campaigns: c, until: s.From.AddDate(0, 0, days)}
	r.play = newPlay(s, s.From, r)
	for i := range c.Tips {
		r.series = append(r.series, c.Tips[i].Takes(tips))
	}
	r.tip = scheduler.Push{Topic: scheduler.TopicTip, Purpose: scheduler.ConsentFor(scheduler.Promotion), Segment: scheduler.Segment{Subscribed: true}}
	r.findLeaflets()
	return r
}

// findLeaflets lists the leaflets that fall due; those of the last days of a year
// may do so in the next.
func (s *Season) findLeaflets() {
	zone := s.windows.Days.Zone()
	for year := s.From.In(zone).Year() - 1; year <= s.until.In(zone).Year(); year++ {
		for i := range s.campaigns.Leaflets {
			one := scheduler.Campaigns{Leaflets: s.campaigns.Leaflets[i : i+1]}
			for _, d := range one.LeafletDues(year, s.windows, s.From) {
				if d.At.Before(s.until) {
					s.whats = append(s.whats, scheduler.Push{Key: d.Key, Topic: "leaflet", Purpose: scheduler.ConsentFor(scheduler.Promotion),
						Segment: s.campaigns.Leaflets[i].Segment, Expires: d.Deadline})
					s.ats = append(s.ats, d.At)
				}
			}
		}
	}
	s.leaflets = len(s.whats)
}

// Add adds a contact.
func (s *Season) Add(g Guest) {
	i := int32(len(s.guests))
	line := s.lineOf(g.Address)
	one := guest{Person: g.Person, slot: g.Slot, line: int32(line), series: s.seriesOf(&g.Person)}
	if line < 0 {
		if one.Reach == scheduler.Reachable {
			one.Reach = scheduler.Nowhere
		}
		one.line = 0 // somewhere it must be decided that they are nowhere
	} else {
		one.blocked = s.Rand.Float64() < s.lines[line].Network.Blocked
	}
	s.guests = append(s.guests, one)
	for what := range s.leaflets {
		s.plan(i, int32(what), s.whats[what].Kind, s.ats[what])
	}
	for _, e := range g.Classes {
		s.points(i, e)
	}
	for _, m := range g.Also {
		s.one(i, scheduler.Push{Kind: m.Kind, Key: m.Key, Purpose: m.Purpose, Expires: m.Expires}, m.At)
	}
	if g.Subscribed {
		s.planTip(i, s.From)
	}
}

// points plans what campaigns have to say about a class.
func (s *Season) points(i int32, e scheduler.Event) {
	for c := range s.campaigns.Points {
		if of := &s.campaigns.Points[c]; of.About == "class" {
			for _, d := range of.Dues(e, s.windows.Days.Zone(), s.From) {
				s.one(i, of.Push(d.Key, d.Deadline), d.At)
			}
		}
	}
}

// one plans a message for one person only.
func (s *Season) one(i int32, push scheduler.Push, at time.Time) {
	if at.Before(s.From) {
		at = s.From
	}
	if at.Before(s.until) {
		s.whats = append(s.whats, push)
		s.plan(i, int32(len(s.whats)-1), push.Kind, at)
	}
}

func (s *Season) plan(i, what int32, kind scheduler.PushKind, at time.Time) {
	s.add(int(s.guests[i].line), at, task{person: i, what: what, kind: kind})
}

// seriesOf is the series of tips for a person: the first of a sector of theirs,
// else the one for all; -1: none is in their language.
func (s *Season) seriesOf(p *scheduler.Person) int32 {
	all := int32(-1)
	for i := range s.campaigns.Tips {
		of := &s.campaigns.Tips[i]
		switch {
		case len(of.Langs) > 0 && !slices.Contains(of.Langs, p.Contact.Speaks()):
		case slices.ContainsFunc(of.Sectors, func(x string) bool { return slices.Contains(p.Sectors, x) }):
			return int32(i)
		case all < 0 && slices.Contains(of.Sectors, scheduler.AllSectors):
			all = int32(i)
		}
	}
	return all
}

// planTip plans the next tip of a person, if there is one.
func (s *Season) planTip(i int32, now time.Time) {
	g := &s.guests[i]
	if g.series < 0 || g.Reach != scheduler.Reachable {
		return
	}
	id, ok := scheduler.NextTip(g.Contact.ID, s.series[g.series], g.Got)
	if !ok {
		s.tally.TipsOut++
		return
	}
	j, ok := scheduler.NextTipJob(g.Contact.ID, g.slot, g.Sent, s.windows, now)
	if !ok || !j.At.Before(s.until) {
		return
	}
	g.tip, g.expires = scheduler.TipKey(id), j.Deadline
	s.plan(i, theTip, scheduler.Promotion, j.At)
}

// Play plays it to the end, once.
func (s *Season) Play() (Report, error) {
	if err := s.run(); err != nil {
		return Report{}, err
	}
	return s.report(), nil
}

func (s *Season) push(t *task) *scheduler.Push {
	if t.what != theTip {
		return &s.whats[t.what]
	}
	g := &s.guests[t.person]
	s.tip.Key, s.tip.Expires = g.tip, g.expires
	return &s.tip
}

func (s *Season) decide(t *task, now time.Time) scheduler.Verdict {
	return s.Gate.Decide(s.push(t), &s.guests[t.person].Person, now)
}

func (s *Season) handed(t *task, now time.Time) {
	g, push := &s.guests[t.person], s.push(t)
	g.Sent, g.Got = g.Sent.With(push, now), append(g.Got, push.Key)
}

func (s *Season) takenBack(t *task, at time.Time) {
	g, push := &s.guests[t.person], s.push(t)
	g.Sent = g.Sent.Without(push, at)
	g.Got = slices.DeleteFunc(g.Got, func(had string) bool { return had == push.Key })
}

func (s *Season) shut(t *task) bool { return s.guests[t.person].blocked }

func (s *Season) settled(t *task, end End) {
	g := &s.guests[t.person]
	if end.Reason == scheduler.BlockedChannel {
		g.Reach = scheduler.Blocked
	}
	if t.what == theTip {
		s.planTip(t.person, s.now)
	}
}

func (s *Season) person(t *task) (contact, lang string) {
	c := s.guests[t.person].Contact
	return c.ID, string(c.Speaks())
}
