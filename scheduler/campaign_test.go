package scheduler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

func TestPointsOfAnEvent(t *testing.T) {
	zone := saigon(t)
	c := scheduler.Campaign{Key: "check", Points: []scheduler.Point{
		{Key: "2h", Offset: scheduler.Offset{Hours: -2 * time.Hour}, At: -1, Within: time.Hour},
		{Key: "3d", Offset: scheduler.Offset{Days: -3}, At: -1, Within: time.Hour},
		{Key: "1d", Offset: scheduler.Offset{Days: 1}, At: 9 * 60, Within: 72 * time.Hour},
		{Key: "30d", Offset: scheduler.Offset{Days: 30}, At: 9 * 60, Within: time.Hour},
		{Key: "6mo", Offset: scheduler.Offset{Months: 6}, At: -1, Within: time.Hour},
	}}
	for event, want := range map[string][]string{
		"31/8/2027 16:30":  {"31/8/2027 14:30", "28/8/2027 16:30", "1/9/2027 09:00", "30/9/2027 09:00", "29/2/2028 16:30"},
		"30/1/2027 00:30":  {"29/1/2027 22:30", "27/1/2027 00:30", "31/1/2027 09:00", "1/3/2027 09:00", "30/7/2027 00:30"},
		"31/10/2027 12:00": {"31/10/2027 10:00", "28/10/2027 12:00", "1/11/2027 09:00", "30/11/2027 09:00", "30/4/2028 12:00"},
	} {
		at, err := time.ParseInLocation("2/1/2006 15:04", event, zone)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range c.Dues(scheduler.Event{ID: "7F3K-021", At: at.UTC()}, zone, at.AddDate(-1, 0, 0)) {
			got = append(got, d.At.In(zone).Format("2/1/2006 15:04"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", event, got, want)
		}
	}
	// What is too late is left out, what is late but still true is not.
	ended := on(t, "10/12/2026", "16:30")
	dues := c.Dues(scheduler.Event{ID: "7F3K-021", At: ended}, zone, ended.AddDate(0, 0, 2))
	if len(dues) != 3 || dues[0].Key != "check/7F3K-021/1d" || !dues[0].Deadline.Equal(on(t, "14/12/2026", "9:00")) {
		t.Errorf("%+v", dues)
	}
}

func TestVersionFollowsEveryEdit(t *testing.T) {
	c := scheduler.Campaign{Key: "class", Points: []scheduler.Point{{Key: "feedback", Push: "class_feedback"}}}
	before := c.Version()
	c.Points[0].Within = time.Hour
	if c.Version() == before {
		t.Error("an edit left the version as it was")
	}
}

func TestLeafletsOfAYear(t *testing.T) {
	c := scheduler.Campaigns{Leaflets: []scheduler.Leaflet{{Key: "wood", Month: time.January, Day: 31}, {Key: "power", Month: time.April, Day: 31}, {Key: "steam", Month: time.February, Day: 30}}}
	w := scheduler.HouseWindows(days(t))
	var got []string
	for _, d := range c.LeafletDues(2027, w, on(t, "1/1/2027", "0:00")) {
		got = append(got, d.Key+" "+d.At.In(saigon(t)).Format("2/1 15:04"))
	}
	// 31 January is the day after 23 tháng Chạp, Tết lasts until 11 February;
	// 30 April to 3 May are days off.
	want := []string{"leaflet/2027/wood 12/2 08:00", "leaflet/2027/power 4/5 08:00", "leaflet/2027/steam 1/3 08:00"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if late := c.LeafletDues(2027, w, on(t, "12/5/2027", "0:00")); len(late) != 0 {
		t.Errorf("a week too late: %+v", late)
	}
}

func TestReplan(t *testing.T) {
	at := on(t, "10/3/2026", "9:00")
	due := func(key string, hours int, was ...string) scheduler.Due {
		when := at.Add(time.Duration(hours) * time.Hour)
		return scheduler.Due{Job: scheduler.Job{Kind: scheduler.PointDue, Key: key, At: when, Deadline: when.Add(time.Hour)}, Was: was}
	}
	late := due("a", 1).Job
	late.At = late.At.Add(12 * time.Hour) // postponed over the night
	for _, tt := range []struct {
		name     string
		old, new []scheduler.Due
		planned  []scheduler.Job
		settled  []string
		plan     []scheduler.Job
		unplan   []string
	}{
		{"first plan", nil, []scheduler.Due{due("a", 1), due("b", 2)}, nil, nil, []scheduler.Job{due("a", 1).Job, due("b", 2).Job}, nil},
		{"nothing changed", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("a", 1)}, []scheduler.Job{late}, nil, nil, nil},
		{"moved", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("a", 5)}, []scheduler.Job{late}, nil, []scheduler.Job{due("a", 5).Job}, nil},
		{"sent before it moved", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("a", 5)}, nil, []string{"a"}, nil, nil},
		{"taken out", []scheduler.Due{due("a", 1), due("b", 2)}, []scheduler.Due{due("b", 2)}, []scheduler.Job{due("a", 1).Job, due("b", 2).Job}, nil, nil, []string{"a"}},
		{"renamed while it waits", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("z", 1, "a")}, []scheduler.Job{late}, nil,
			[]scheduler.Job{{Kind: scheduler.PointDue, Key: "z", At: late.At, Deadline: late.Deadline}}, []string{"a"}},
		{"renamed after it was sent", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("z", 9, "a")}, nil, []string{"a"}, nil, nil},
		{"sent and planned all the same", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("a", 1)}, []scheduler.Job{due("a", 1).Job}, []string{"a"}, nil, []string{"a"}},
		{"lost from the table", []scheduler.Due{due("a", 1)}, []scheduler.Due{due("a", 1)}, nil, nil, []scheduler.Job{due("a", 1).Job}, nil},
		{"campaign ended", []scheduler.Due{due("a", 1)}, nil, []scheduler.Job{due("a", 1).Job}, nil, nil, []string{"a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plan, unplan := scheduler.Replan(tt.old, tt.new, tt.planned, tt.settled)
			if !slices.Equal(plan, tt.plan) || !slices.Equal(unplan, tt.unplan) {
				t.Errorf("plan %+v, unplan %v", plan, unplan)
			}
		})
	}
}

// desk is a campaign about one event, with the table of due things and the
// ledger that a program would keep for it.
type desk struct {
	campaign scheduler.Campaign
	event    scheduler.Event
	zone     *time.Location
	now      time.Time
	planned  map[string]scheduler.Job
	ledger   []string
	// id is the message behind each key, whatever it was called.
	id   map[string]int
	sent map[int]int
	next int // numbers keys and messages
}

// TestNobodyTwiceNobodyForgotten edits, moves, restarts and jumps at random. No
// message leaves twice, and what the campaign wants and is not yet too late is
// always either planned or settled.
func TestNobodyTwiceNobodyForgotten(t *testing.T) {
	zone := saigon(t)
	start := on(t, "1/3/2026", "9:00")
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{zone: zone, now: start, planned: map[string]scheduler.Job{}, id: map[string]int{}, sent: map[int]int{},
			campaign: scheduler.Campaign{Key: "c"}, event: scheduler.Event{ID: "e", At: start.Add(48 * time.Hour)}}
		t.Repeat(map[string]func(*rapid.T){
			"":       d.promises,
			"add":    d.edit(d.add),
			"remove": d.edit(d.remove),
			"rename": d.edit(d.rename),
			"move":   d.edit(d.move),
			"event": d.edit(func(t *rapid.T) {
				d.event.At = d.event.At.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "hours")) * time.Hour)
			}),
			"restart": d.edit(func(*rapid.T) {}),
			"wait":    d.wait,
			"jump": d.edit(func(t *rapid.T) { // the clock was set back
				d.now = d.now.Add(-time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour)
			}),
		})
	})
}

func (d *desk) promises(t *rapid.T) {
	for id, n := range d.sent {
		if n > 1 {
			t.Fatalf("message %d was sent %d times", id, n)
		}
	}
	for _, due := range d.campaign.Dues(d.event, d.zone, d.now) {
		_, planned := d.planned[due.Key]
		settled := slices.ContainsFunc(d.ledger, func(key string) bool { return key == due.Key || slices.Contains(due.Was, key) })
		if planned == settled {
			t.Fatalf("%s: planned %v, settled %v", due.Key, planned, settled)
		}
	}
}

// edit changes something and replans, as publishing and starting do.
func (d *desk) edit(change func(t *rapid.T)) func(t *rapid.T) {
	return func(t *rapid.T) {
		old := d.campaign.Dues(d.event, d.zone, d.now)
		d.campaign.Points = slices.Clone(d.campaign.Points)
		change(t)
		new := d.campaign.Dues(d.event, d.zone, d.now)
		d.replan(old, new)
		if plan, unplan := scheduler.Replan(new, new, d.table(), d.ledger); plan != nil || unplan != nil {
			t.Fatalf("asked again: plan %v, unplan %v", plan, unplan)
		}
	}
}

func (d *desk) replan(old, new []scheduler.Due) {
	plan, unplan := scheduler.Replan(old, new, d.table(), d.ledger)
	for _, key := range unplan {
		delete(d.planned, key)
	}
	for _, j := range plan {
		d.planned[j.Key] = j
	}
}

func (d *desk) table() []scheduler.Job {
	var list []scheduler.Job
	for _, j := range d.planned {
		list = append(list, j)
	}
	slices.SortFunc(list, func(a, b scheduler.Job) int { return a.At.Compare(b.At) })
	return list
}

func (d *desk) add(t *rapid.T) {
	d.next++
	p := scheduler.Point{Key: fmt.Sprint("p", d.next), At: rapid.SampledFrom([]int{-1, 0, 9 * 60}).Draw(t, "at"),
		Offset: scheduler.Offset{Days: rapid.IntRange(-5, 9).Draw(t, "days")}, Within: time.Duration(rapid.IntRange(1, 90).Draw(t, "within")) * time.Hour}
	d.campaign.Points = append(d.campaign.Points, p)
	d.id["c/e/"+p.Key] = d.next
}

// some returns the index of a point, or false when there is none.
func (d *desk) some(t *rapid.T) (int, bool) {
	if len(d.campaign.Points) == 0 {
		return 0, false
	}
	return rapid.IntRange(0, len(d.campaign.Points)-1).Draw(t, "point"), true
}

func (d *desk) remove(t *rapid.T) {
	if i, ok := d.some(t); ok {
		d.campaign.Points = slices.Delete(d.campaign.Points, i, i+1)
	}
}

func (d *desk) rename(t *rapid.T) {
	if i, ok := d.some(t); ok {
		p := &d.campaign.Points[i]
		d.next++
		p.Was = append(slices.Clone(p.Was), p.Key)
		id := d.id["c/e/"+p.Key]
		p.Key = fmt.Sprint("p", d.next)
		d.id["c/e/"+p.Key] = id
	}
}

func (d *desk) move(t *rapid.T) {
	if i, ok := d.some(t); ok {
		d.campaign.Points[i].Offset.Days += rapid.IntRange(-3, 3).Draw(t, "days")
	}
}

// wait lets time pass, by a minute or by a week of being switched off, and
// fires what is due: sent, postponed, or dropped as too late.
func (d *desk) wait(t *rapid.T) {
	d.now = d.now.Add(time.Duration(rapid.IntRange(1, 7*24*60).Draw(t, "minutes")) * time.Minute)
	for _, j := range d.table() {
		if j.At.After(d.now) {
			continue
		}
		delete(d.planned, j.Key)
		switch {
		case j.Late(d.now):
		case rapid.Bool().Draw(t, "postponed"):
			j.At = d.now.Add(time.Hour)
			d.planned[j.Key] = j
		default:
			d.sent[d.id[j.Key]]++
			d.ledger = append(d.ledger, j.Key)
		}
	}
}

// TestPointKeepsTheHourWhenClocksAreSet has a month and a day lead to the days on
// which clocks are set forward and back.
func TestPointKeepsTheHourWhenClocksAreSet(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		event  time.Time
		offset scheduler.Offset
		want   time.Time
	}{
		{time.Date(2027, 2, 14, 16, 30, 0, 0, zone), scheduler.Offset{Months: 1}, time.Date(2027, 3, 14, 16, 30, 0, 0, zone)},
		{time.Date(2027, 11, 6, 16, 30, 0, 0, zone), scheduler.Offset{Days: 1}, time.Date(2027, 11, 7, 16, 30, 0, 0, zone)},
		{time.Date(2027, 11, 7, 16, 30, 0, 0, zone), scheduler.Offset{Hours: 2 * time.Hour}, time.Date(2027, 11, 7, 18, 30, 0, 0, zone)},
	} {
		c := scheduler.Campaign{Points: []scheduler.Point{{Key: "k", Offset: tt.offset, At: -1, Within: time.Hour}}}
		if got := c.Dues(scheduler.Event{ID: "1", At: tt.event}, zone, tt.event)[0].At; !got.Equal(tt.want) {
			t.Errorf("%+v after %v is %v, want %v", tt.offset, tt.event, got, tt.want)
		}
	}
}
