package content

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// What campaigns may name.
var (
	campaignEvents   = []string{"class"} // what follows a self-check belongs to it, at fixed times
	campaignKinds    = []string{scheduler.Promotion.String(), scheduler.Service.String()}
	campaignPurposes = []string{"class", "selfcheck", "tips"}
	campaignSectors  = []string{"wood", "tobacco", "food", "chemicals"}
	campaignLangs    = []string{string(dialogs.Vietnamese), string(dialogs.English)}
)

// campaignPage reads campaigns.yaml.
type campaignPage struct {
	*page
	pushes, leaflets []placed // named in it, for the checks that they are there
}

// placed is a name with its place.
type placed struct {
	name string
	at   place
}

// readPlans reads the two pages that the scheduler goes by.
func (b *folder) readPlans(fsys fs.FS, set *Set) (finish func()) {
	days, holidays := readHolidays(fsys)
	c, campaigns := readCampaigns(fsys)
	return func() {
		b.pages = append(b.pages, days, c.page)
		b.problems = append(b.problems, c.checkPushes(set.pushes)...)
		b.calendar = c
		set.holidays, set.campaigns = holidays, campaigns
	}
}

func readCampaigns(fsys fs.FS) (*campaignPage, scheduler.Campaigns) {
	var all scheduler.Campaigns
	p, root := readPage(fsys, "campaigns.yaml")
	c := &campaignPage{page: p}
	if root == nil {
		return c, all
	}
	d := p.fields(root, "campaigns.yaml", "points", "tips", "leaflets")
	keys := p.oneEach("campaign")
	for _, n := range d.items("points") {
		one := c.campaign(n)
		keys(n, one.Key)
		all.Points = append(all.Points, one)
	}
	keys = p.oneEach("series of tips")
	for _, n := range d.items("tips") {
		one := c.series(n)
		keys(n, one.Key)
		all.Tips = append(all.Tips, one)
	}
	keys = p.oneEach("leaflet of the calendar")
	for _, n := range d.items("leaflets") {
		one := c.leaflet(n)
		keys(n, append([]string{one.Key}, one.Was...)...)
		all.Leaflets = append(all.Leaflets, one)
	}
	return c, all
}

// oneEach returns what reports keys that are there twice.
func (p *page) oneEach(what string) func(n ast.Node, keys ...string) {
	seen := map[string]bool{}
	return func(n ast.Node, keys ...string) {
		for _, key := range keys {
			if seen[key] {
				p.fail(n, "the key “"+key+"” is or was that of another "+what, "give it a key that was never used: people who had the other would not get this one")
			}
			seen[key] = true
		}
	}
}

func (c *campaignPage) campaign(n ast.Node) scheduler.Campaign {
	d := c.fields(n, "a campaign", "key", "about", "kind", "purpose", "points")
	one := scheduler.Campaign{Key: d.key("key"), About: d.oneOf("about", campaignEvents), Purpose: d.oneOf("purpose", campaignPurposes)}
	if d.oneOf("kind", campaignKinds) == scheduler.Service.String() {
		one.Kind = scheduler.Service
	}
	keys := c.oneEach("point of this campaign")
	for _, n := range d.items("points") {
		point := c.point(n)
		keys(n, append([]string{point.Key}, point.Was...)...)
		one.Points = append(one.Points, point)
	}
	if len(one.Points) == 0 {
		c.fail(n, "the campaign has no points", "write points: with what is sent, or take the campaign out")
	}
	return one
}

func (c *campaignPage) point(n ast.Node) scheduler.Point {
	d := c.fields(n, "a point", "key", "was", "after", "at", "within", "push")
	p := scheduler.Point{Key: d.key("key"), Was: d.keys("was"), Offset: d.offset("after"), At: -1, Within: d.duration("within"), Push: d.str("push")}
	if d.has("at") {
		p.At = d.clock("at")
		if p.Offset.Hours != 0 {
			c.note(d.place("at"), Error, "hours after the event and an hour of the day exclude each other", "leave out “at”, or write “after” in days")
		}
	}
	c.checkHour(d, &p)
	c.pushes = append(c.pushes, placed{p.Push, d.place("push")})
	return p
}

// checkHour reports an hour at which nothing leaves that nobody waits for, when it
// is too late by the time something may.
func (c *campaignPage) checkHour(d fields, p *scheduler.Point) {
	hours := scheduler.HouseWindows(nil).Promotion
	wait := hours.Wait(p.At)
	if p.At < 0 || wait == 0 || p.Within > wait {
		return
	}
	c.note(d.place("at"), Error, fmt.Sprintf("at %s nothing is sent that nobody waits for, and by %s it would be too late", hourText(p.At), hourText(hours.From)),
		fmt.Sprintf("write an hour from %s to %s, or more time under “within”", hourText(hours.From), hourText(hours.To)))
}

func hourText(minute int) string { return fmt.Sprintf("%d:%02d", minute/60, minute%60) }

func (c *campaignPage) series(n ast.Node) scheduler.Series {
	d := c.fields(n, "a series of tips", "key", "sectors", "langs")
	s := scheduler.Series{Key: d.key("key"), Sectors: d.someOf("sectors", append([]string{scheduler.AllSectors}, campaignSectors...))}
	for _, lang := range d.someOf("langs", campaignLangs) {
		s.Langs = append(s.Langs, dialogs.Lang(lang))
	}
	if len(s.Sectors) == 0 {
		c.fail(n, "the series has no sectors", "write sectors: with one or more of: "+join(campaignSectors)+", or all")
	}
	return s
}

func (c *campaignPage) leaflet(n ast.Node) scheduler.Leaflet {
	d := c.fields(n, "a leaflet of the calendar", "key", "was", "on", "leaflet", "sectors")
	on := d.dayOfYear("on")
	l := scheduler.Leaflet{Key: d.key("key"), Was: d.keys("was"), Month: on.month, Day: on.day, ID: d.str("leaflet"),
		Segment: scheduler.Segment{Sectors: d.someOf("sectors", campaignSectors)}}
	c.leaflets = append(c.leaflets, placed{l.ID, d.place("leaflet")})
	return l
}

// checkPushes reports messages that pushes.yaml does not have.
func (c *campaignPage) checkPushes(pushes map[string]Push) []Problem {
	return c.missing(c.pushes, slices.Sorted(maps.Keys(pushes)), "there is no message “%s” in pushes.yaml", "use one of pushes.yaml")
}

// checkLeaflets reports leaflets that are not in leaflets/.
func (c *campaignPage) checkLeaflets(leaflets []Leaflet) []Problem {
	var ids []string
	for _, l := range leaflets {
		ids = append(ids, l.ID)
	}
	return c.missing(c.leaflets, ids, "there is no leaflet “%s” in leaflets/", "use the id of one of: "+join(ids))
}

// missing reports names that are not among those known.
func (c *campaignPage) missing(names []placed, known []string, what, do string) []Problem {
	var list []Problem
	for _, p := range names {
		if slices.Contains(known, p.name) {
			continue
		}
		instead := do
		if near := likely(p.name, known); near != "" {
			instead = "did you mean “" + near + "”?"
		}
		list = append(list, Problem{c.name, p.at.line, p.at.column, Error, fmt.Sprintf(what, p.name), instead})
	}
	return list
}

// oneOf reads an entry that must be one of these words.
func (f fields) oneOf(name string, allowed []string) string {
	s := f.str(name)
	switch {
	case !f.has(name):
		f.p.fail(f.at, "“"+name+"” is missing", "use one of: "+join(allowed))
	case !slices.Contains(allowed, s):
		f.p.unknown(f.keyOf(name), s, "“"+name+"”", allowed)
	}
	return s
}

// someOf reads an entry that lists some of these words.
func (f fields) someOf(name string, allowed []string) []string {
	list := f.strs(name)
	for _, s := range list {
		if !slices.Contains(allowed, s) {
			f.p.unknown(f.keyOf(name), s, "“"+name+"”", allowed)
		}
	}
	return list
}

// keyOf is the node of an entry's name, or the mapping when there is none.
func (f fields) keyOf(name string) ast.Node {
	if e, ok := f.find(name); ok {
		return e.key
	}
	return f.at
}

var offsetForm = lazily(`^(-?\d{1,3})(h|d|mo)$`)

// offset reads a distance from an event such as 2h, 30d or 6mo.
func (f fields) offset(name string) scheduler.Offset {
	m := offsetForm().FindStringSubmatch(f.str(name))
	if m == nil {
		f.p.note(f.place(name), Error, fmt.Sprintf("“%s: %s” is not a distance in time", name, f.str(name)), "write it like 2h, 30d or 6mo")
		return scheduler.Offset{}
	}
	n, err := strconv.Atoi(m[1])
	switch {
	case err != nil || m[2] == "h" && (n <= -24 || n >= 24):
		f.p.note(f.place(name), Error, "“"+m[0]+"” is a day or more", "write days, such as 2d")
	case m[2] == "h":
		return scheduler.Offset{Hours: time.Duration(n) * time.Hour}
	case m[2] == "d":
		return scheduler.Offset{Days: n}
	default:
		return scheduler.Offset{Months: n}
	}
	return scheduler.Offset{}
}

var clockForm = lazily(`^([01]?\d|2[0-3]):([0-5]\d)$`)

// clock reads an hour such as 9:00, in minutes after midnight.
func (f fields) clock(name string) int {
	s := f.str(name)
	if !clockForm().MatchString(s) {
		f.p.note(f.place(name), Error, "“"+s+"” is not an hour", "write it like “9:00”, with quotes")
		return 0
	}
	hour, minute, _ := strings.Cut(s, ":")
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return h*60 + m
}
