package rehearsal

import (
	"fmt"
	"math/rand/v2"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Invented makes up people such as the programme has: enterprises of four
// sectors, most of them in wood and food, by three channels, most of them
// Vietnamese, two thirds with tips, some who blocked the bot or want no more
// promotion, some who registered for a class. It belongs to one goroutine.
type Invented struct {
	rand    *rand.Rand
	now     time.Time
	n       int
	contact dialogs.Contact
	person  scheduler.Person
}

// NewInvented returns people who are drawn from rand, and came during the two
// years before now.
func NewInvented(r *rand.Rand, now time.Time) *Invented {
	v := &Invented{rand: r, now: now}
	v.person.Contact = &v.contact
	return v
}

// share is a choice with its weight in percent.
type share struct {
	value  string
	weight int
}

func (v *Invented) draw(from []share) string {
	at := v.rand.IntN(100)
	for _, s := range from {
		if at -= s.weight; at < 0 {
			return s.value
		}
	}
	return ""
}

// The mix. What is left of a hundred has none.
var (
	sectors  = []share{{"wood", 38}, {"food", 24}, {"chemicals", 18}, {"tobacco", 5}}
	channels = []share{{"telegram", 52}, {"zalo-oa", 36}, {"web", 12}}
	roles    = []share{{"technical", 45}, {"manager", 35}, {"public", 10}, {"other", 10}}
	sizes    = []share{{"micro", 30}, {"small", 40}, {"medium", 20}, {"large", 10}}
	bands    = []share{{"starting", 20}, {"growing", 25}, {"good", 10}}
	sources  = []share{{"poster1", 15}, {"leaflet2", 20}, {"class", 25}}
)

// Shares in percent of those who read English, agreed to tips and of these have
// them weekly, agreed to take part in classes, want no more promotion, and
// blocked the bot.
const (
	readEnglish  = 9
	agreedToTips = 66
	weekly       = 90
	joinedClass  = 40
	optedOut     = 4
	blockedUs    = 2
)

// Next makes up the next one. What it returns is used again for the one after.
func (v *Invented) Next() (p *scheduler.Person, shut bool) {
	c := &v.contact
	*c = dialogs.Contact{ID: fmt.Sprintf("k%07d", v.n), Lang: dialogs.Vietnamese, Addresses: c.Addresses[:0], Facts: c.Facts[:0], Consents: c.Consents[:0],
		Created: v.now.Add(-time.Duration(v.rand.IntN(730*24)) * time.Hour), Source: v.draw(sources)}
	v.n++
	if v.percent(readEnglish) {
		c.Lang = dialogs.English
	}
	channel := v.draw(channels)
	c.Addresses = append(c.Addresses, channel+":"+c.ID)
	v.learn("sector", sectors)
	v.learn("role", roles)
	v.learn("size", sizes)
	v.learn("band", bands)
	v.agree("class", joinedClass)
	v.agree(scheduler.ConsentFor(scheduler.Promotion), agreedToTips)
	if c.Agreed(scheduler.ConsentFor(scheduler.Promotion), 0) && v.percent(weekly) {
		c.Facts = append(c.Facts, dialogs.Fact{Key: scheduler.FactTips, Value: dialogs.ChoiceOf(scheduler.TipsOn)})
	}
	if v.percent(optedOut) {
		c.OptedOut = c.Created.Add(v.now.Sub(c.Created) / 2)
	}
	v.person.Sent, v.person.OpenUntil, v.person.Got = scheduler.Sent{}, time.Time{}, nil
	if channel == "zalo-oa" { // written within the last week by four in ten, by the others longer ago
		v.person.OpenUntil = v.now.Add(ZaloWindow - time.Duration(v.rand.ExpFloat64()*float64(14*24*time.Hour)))
	}
	if v.percent(10) { // something was sent lately
		v.person.Sent = v.person.Sent.With(&scheduler.Push{}, v.now.Add(-time.Duration(v.rand.IntN(48))*time.Hour))
	}
	return &v.person, v.percent(blockedUs)
}

func (v *Invented) percent(n int) bool { return v.rand.IntN(100) < n }

func (v *Invented) learn(key string, from []share) {
	if value := v.draw(from); value != "" {
		v.contact.Facts = append(v.contact.Facts, dialogs.Fact{Key: key, Value: dialogs.ChoiceOf(value)})
	}
}

func (v *Invented) agree(purpose string, percent int) {
	if v.percent(percent) {
		v.contact.Consents = append(v.contact.Consents, dialogs.Consent{Purpose: purpose, Given: true, At: v.contact.Created})
	}
}

// Guest makes up the next one for campaigns, with a slot on a working day, and
// for those who joined classes the end of one within the last days or the next
// ones.
func (v *Invented) Guest() Guest {
	p, shut := v.Next()
	c := *p.Contact
	c.Addresses, c.Facts, c.Consents = append([]string(nil), c.Addresses...), append([]dialogs.Fact(nil), c.Facts...), append([]dialogs.Consent(nil), c.Consents...)
	g := Guest{Person: *p, Address: c.Addresses[0], Slot: scheduler.Slot{Day: time.Weekday(1 + v.rand.IntN(5)), At: 8*60 + 30*v.rand.IntN(23)}}
	g.Contact, g.Reach = &c, scheduler.Reachable
	g.OpenUntil = p.OpenUntil
	if shut {
		g.Reach = scheduler.Blocked
	}
	if s := c.Fact("sector"); s.Given() {
		g.Sectors = []string{s.Text}
	}
	g.Subscribed = scheduler.Subscribed(&c)
	if c.Agreed("class", 0) && v.percent(50) {
		g.Classes = append(g.Classes, scheduler.Event{ID: "r" + c.ID, At: v.now.Add(time.Duration(v.rand.IntN(90*24)-30*24) * time.Hour)})
	}
	return g
}

// ZaloWindow is how long after a person's last message an official account may
// write to them (error -230).
const ZaloWindow = 7 * 24 * time.Hour
