package scheduler_test

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// TestYear plays the whole of 2027 on computed time: 300 people who join at any
// hour, subscribe, pause, leave and come back; classes with reminders and
// campaigns, broadcasts at any hour, leaflets, and a program that is down now
// and then. Every sending is held against the rules written out a second time.
func TestYear(t *testing.T) {
	for seed := range uint64(3) {
		y := newYear(t, seed)
		y.play()
		y.atTheEnd()
	}
}

// deed is something that happens: a due job of a person, or an act.
type deed struct {
	at     time.Time
	person int
	push   *scheduler.Push
	job    scheduler.Job // of push
	act    func(now time.Time)
}

type deeds []deed

func (d deeds) Len() int           { return len(d) }
func (d deeds) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d deeds) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *deeds) Push(x any)        { *d = append(*d, x.(deed)) }
func (d *deeds) Pop() any          { x := (*d)[len(*d)-1]; *d = (*d)[:len(*d)-1]; return x }

type member struct {
	scheduler.Person
	joined bool
	slot   scheduler.Slot
	// left says whether they ever paused, left or were told nothing for a time.
	left bool
	subs time.Time
	// What was sent to them: promotions, tips, keys.
	all, tips []time.Time
}

type year struct {
	t         *testing.T
	rand      *rand.Rand
	zone      *time.Location
	gate      *scheduler.Gate
	windows   scheduler.Windows
	campaigns *scheduler.Campaigns
	tipIDs    []string
	people    []*member
	todo      deeds
	start     time.Time
	sent      map[scheduler.PushKind]int
	held      map[scheduler.Reason]int
	downUntil time.Time
}

func newYear(t *testing.T, seed uint64) *year {
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	w := scheduler.HouseWindows(days(t))
	y := &year{t: t, rand: rand.New(rand.NewPCG(seed, 2027)), zone: saigon(t), gate: scheduler.NewGate(w), windows: w, campaigns: set.Campaigns(),
		start: on(t, "1/1/2027", "0:00"), sent: map[scheduler.PushKind]int{}, held: map[scheduler.Reason]int{}}
	for i := range 60 {
		y.tipIDs = append(y.tipIDs, fmt.Sprintf("t%02d", i))
	}
	for i := range 300 {
		y.people = append(y.people, &member{Person: scheduler.Person{Contact: &dialogs.Contact{ID: fmt.Sprint("k", i)}, Reach: scheduler.Reachable}})
		y.do(y.anyTime(0), func(now time.Time) { y.join(i, now) })
	}
	for i := range 20 {
		y.do(y.anyTime(10), func(now time.Time) { y.class(i, now) })
	}
	for i := range 120 {
		y.do(y.anyTime(0), func(now time.Time) { y.broadcast(i, now) })
	}
	for range 30 {
		down := time.Duration(y.rand.IntN(40)) * time.Hour
		y.do(y.anyTime(0), func(now time.Time) { y.downUntil = now.Add(down) })
	}
	for _, d := range y.campaigns.LeafletDues(2027, w, y.start) {
		y.do(d.At, func(now time.Time) {
			y.toEach(scheduler.Push{Key: d.Key, Topic: "leaflet", Purpose: "tips", Expires: d.Deadline}, now)
		})
	}
	return y
}

// anyTime is any minute of the year, at least so many days before its end.
func (y *year) anyTime(before int) time.Time {
	return y.start.Add(time.Duration(y.rand.IntN((365-before)*24*60)) * time.Minute)
}

func (y *year) do(at time.Time, act func(now time.Time)) { heap.Push(&y.todo, deed{at: at, act: act}) }

func (y *year) plan(person int, push scheduler.Push, j scheduler.Job) {
	heap.Push(&y.todo, deed{at: j.At, person: person, push: &push, job: j})
}

// join is a person's first word; most subscribe, some leave, some come back.
func (y *year) join(i int, now time.Time) {
	m := y.people[i]
	m.joined = true
	m.Contact.Consents = append(m.Contact.Consents, dialogs.Consent{Purpose: "class", Given: true})
	m.slot = scheduler.Slot{Day: time.Weekday(1 + y.rand.IntN(5)), At: 8*60 + 30*y.rand.IntN(24)}
	if y.rand.IntN(4) > 0 {
		y.subscribe(i, now)
	}
	later := func() time.Time { return now.Add(time.Duration(y.rand.IntN(300*24*60)) * time.Minute) }
	switch y.rand.IntN(4) {
	case 0:
		at := later()
		y.do(at, func(now time.Time) { m.Contact.OptedOut, m.left = now, true })
		y.do(at.AddDate(0, 0, y.rand.IntN(60)), func(now time.Time) { m.Contact.OptedOut = time.Time{} })
	case 1:
		y.do(later(), func(now time.Time) {
			m.Contact.Consents = append(m.Contact.Consents, dialogs.Consent{Purpose: "tips"})
			m.Subscribed, m.left = false, true
		})
	case 2:
		y.do(later(), func(time.Time) {
			m.slot, m.left = scheduler.Slot{Day: time.Weekday(1 + y.rand.IntN(5)), At: 8 * 60}, true
		})
	}
}

func (y *year) subscribe(i int, now time.Time) {
	m := y.people[i]
	m.Contact.Consents = append(m.Contact.Consents, dialogs.Consent{Purpose: "tips", Given: true})
	m.Subscribed, m.subs = true, now
	y.nextTip(i, now)
}

func (y *year) nextTip(i int, now time.Time) {
	m := y.people[i]
	j, ok := scheduler.NextTipJob(m.Contact.ID, m.slot, m.Sent, y.windows, now)
	id, more := scheduler.NextTip(m.Contact.ID, y.tipIDs, m.Got)
	if !ok || !more {
		y.t.Fatalf("no further tip for %+v", m)
	}
	y.plan(i, scheduler.Push{Key: scheduler.TipKey(id), Topic: scheduler.TopicTip, Purpose: "tips", Expires: j.Deadline,
		Segment: scheduler.Segment{Subscribed: true}}, j)
}

// class seats a few people in a class in ten days' time, at eight or at night.
func (y *year) class(i int, now time.Time) {
	on := now.AddDate(0, 0, 7+y.rand.IntN(3))
	starts := time.Date(on.Year(), on.Month(), on.Day(), []int{8, 13, 18}[y.rand.IntN(3)], 0, 0, 0, y.zone)
	campaign := &y.campaigns.Points[0]
	for p, m := range y.people {
		if !m.joined || y.rand.IntN(8) > 0 {
			continue
		}
		for _, before := range []time.Duration{72 * time.Hour, 24 * time.Hour, 2 * time.Hour} {
			at := starts.Add(-before)
			j := scheduler.Job{Kind: scheduler.Reminder, At: at, Deadline: at.Add(before / 4)}
			y.plan(p, scheduler.Push{Kind: scheduler.Service, Key: fmt.Sprint("class/", i, before), Purpose: "class", Expires: j.Deadline}, j)
		}
		e := scheduler.Event{ID: fmt.Sprint("r", i, "-", p), At: starts.Add(8 * time.Hour)}
		for _, d := range campaign.Dues(e, y.zone, now) {
			y.plan(p, scheduler.Push{Kind: campaign.Kind, Key: d.Key, Purpose: campaign.Purpose, Expires: d.Deadline}, d.Job)
		}
		if y.rand.IntN(3) == 0 {
			at := starts.Add(-time.Duration(y.rand.IntN(48)) * time.Hour)
			y.plan(p, scheduler.Push{Kind: scheduler.ChangeKind(starts, at), Key: fmt.Sprint("moved/", i), Purpose: "class", Expires: starts}, scheduler.Job{At: at})
		}
	}
}

func (y *year) broadcast(i int, now time.Time) {
	push := scheduler.Push{Key: fmt.Sprint("news/", i), Topic: "news", Purpose: "tips"}
	if y.rand.IntN(2) == 0 {
		push.Expires = now.Add(time.Duration(y.rand.IntN(72)) * time.Hour)
	}
	y.toEach(push, now)
}

func (y *year) toEach(push scheduler.Push, now time.Time) {
	for p, m := range y.people {
		if m.joined {
			y.plan(p, push, scheduler.Job{At: now, Deadline: push.Expires})
		}
	}
}

func (y *year) play() {
	for y.todo.Len() > 0 {
		d := heap.Pop(&y.todo).(deed)
		now := d.at
		if !now.Before(y.start.AddDate(1, 0, 0)) {
			return
		}
		if d.push != nil && now.Before(y.downUntil) {
			d.at = y.downUntil // fires when the program is up again
			heap.Push(&y.todo, d)
			continue
		}
		if d.act != nil {
			d.act(now)
			continue
		}
		y.fire(d, now)
	}
}

// fire does what the program does with a due job.
func (y *year) fire(d deed, now time.Time) {
	m := y.people[d.person]
	verdict := scheduler.Verdict{Outcome: scheduler.Drop, Reason: scheduler.Expired}
	if !d.job.Late(now) {
		verdict = y.gate.Decide(d.push, &m.Person, now)
	}
	switch verdict.Outcome {
	case scheduler.Postpone:
		if !verdict.Until.After(now) || !d.push.Expires.IsZero() && !verdict.Until.Before(d.push.Expires) {
			y.t.Fatalf("%s: %+v postponed to %s", now, d.push, verdict.Until)
		}
		y.held[verdict.Reason]++
		d.at = verdict.Until
		heap.Push(&y.todo, d)
		return
	case scheduler.Drop:
		y.held[verdict.Reason]++
	case scheduler.Send:
		y.hold(m, d.push, now)
		m.Sent, m.Got = m.Sent.With(d.push, now), append(m.Got, d.push.Key)
		y.sent[d.push.Kind]++
	}
	if d.push.Topic == scheduler.TopicTip && m.Subscribed {
		y.nextTip(d.person, now)
	}
}

// quiet2027 are the days from Monday to Friday without promotion.
var quiet2027 = []string{"1/1", "1/2", "2/2", "3/2", "4/2", "5/2", "8/2", "9/2", "10/2", "11/2", "16/4", "30/4", "3/5", "2/9", "3/9"}

// hold fails when a sending breaks a rule.
func (y *year) hold(m *member, push *scheduler.Push, now time.Time) {
	local := now.In(y.zone)
	fail := func(what string) {
		y.t.Fatalf("%s: %s %q on %s", what, push.Kind, push.Key, local.Format("Mon 2/1 15:04"))
	}
	switch push.Kind {
	case scheduler.Promotion:
		if local.Hour() < 8 || local.Hour() >= 20 || local.Weekday()%6 == 0 || slices.Contains(quiet2027, local.Format("2/1")) {
			fail("outside the window")
		}
		if !m.Contact.OptedOut.IsZero() || push.Purpose == "tips" && !m.Contact.Agreed("tips", 0) {
			fail("to somebody who left")
		}
		m.all = append(m.all, local)
		if push.Topic == scheduler.TopicTip {
			m.tips = append(m.tips, local)
		}
		holdCaps(y.t, m.all, m.tips)
	case scheduler.Service:
		if local.Hour() < 7 || local.Hour() >= 22 {
			fail("at night")
		}
	}
	if slices.Contains(m.Got, push.Key) {
		fail("twice")
	}
	if !push.Expires.IsZero() && !now.Before(push.Expires) {
		fail("too late")
	}
}

// atTheEnd holds that nobody was forgotten: who subscribed and never left had a
// tip every week but for Tết and days off, and that everything was tried.
func (y *year) atTheEnd() {
	for _, m := range y.people {
		if !m.Subscribed || m.left {
			continue
		}
		last := m.subs
		for _, at := range append(slices.Clone(m.tips), y.start.AddDate(1, 0, 0)) {
			if gap := at.Sub(last); gap > 36*24*time.Hour {
				y.t.Errorf("%s had no tip from %s for %v", m.Contact.ID, last, gap)
			}
			last = at
		}
	}
	if y.sent[scheduler.Promotion] < 10_000 || y.sent[scheduler.Service] < 500 || y.sent[scheduler.Urgent] < 5 {
		y.t.Errorf("only %v was sent", y.sent)
	}
	for _, r := range []scheduler.Reason{scheduler.NoConsent, scheduler.OptedOut, scheduler.Expired, scheduler.OnQuietDay, scheduler.InQuietHours, scheduler.FrequencyCap} {
		if y.held[r] == 0 {
			y.t.Errorf("nobody was held back for %s: %v", r, y.held)
		}
	}
	y.t.Logf("sent %v, held %v", y.sent, y.held)
}
