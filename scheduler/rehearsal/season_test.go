package rehearsal_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
	"sachhon/scheduler/rehearsal"
)

func someone(lang dialogs.Lang) *dialogs.Contact {
	return &dialogs.Contact{ID: "k1", Lang: lang, Addresses: []string{"telegram:1"}, Consents: []dialogs.Consent{{Purpose: "tips", Given: true}}}
}

// someTips are sixty tips, some of them for a sector.
func someTips() (list []scheduler.Tip) {
	for i := range 60 {
		sectors := []string{scheduler.AllSectors}
		if i%3 == 0 {
			sectors = []string{"wood"}
		}
		list = append(list, scheduler.Tip{ID: fmt.Sprint("t", i), Sectors: sectors})
	}
	return list
}

// season plays all campaigns of the embedded content over invented people.
func season(t testing.TB, f rehearsal.Faults, seed uint64, people, days int, from time.Time, w *watch) rehearsal.Report {
	t.Helper()
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	stage := rehearsal.Stage{Gate: gate(t), From: from, Lines: lines(f), Rand: random, Keep: 10}
	if w != nil {
		stage.Watch = w.saw
	}
	s := stage.NewSeason(set.Campaigns(), someTips(), days)
	crowd := rehearsal.NewInvented(random, from)
	for range people {
		s.Add(crowd.Guest())
	}
	r, err := s.Play()
	if err != nil {
		t.Fatal(err)
	}
	addsUp(t, &r)
	return r
}

// TestYear plays 2027 with its Tết over 2,000 people: whoever can be reached
// gets a tip a week but for days off, and nothing leaves when it may not.
func TestYear(t *testing.T) {
	began := time.Now()
	w := newWatch(t)
	r := season(t, rehearsal.UsualFaults, 1, 2000, 365, at("1/1/2027", "0:00"), w)
	t.Logf("%d messages in %v: %d sent, skipped %v, failed %v, later %v", r.Total, time.Since(began), r.Sent, r.SkippedFor, r.FailedFor, r.LaterFor)
	if r.Sent < 30_000 || r.Nights < 360 {
		t.Errorf("%d sent over %d nights", r.Sent, r.Nights)
	}
	// Minutes are when networks answered, up to seconds after a message left.
	for _, m := range r.Minutes {
		if at := m.At; at.After(time.Date(2027, 1, 30, 0, 1, 0, 0, zone())) && at.Before(time.Date(2027, 2, 11, 23, 59, 0, 0, zone())) {
			t.Errorf("%d messages arrived on %s, from 23 tháng Chạp to mùng 6", m.Sent, m.At)
		}
	}
	if most := w.most("telegram"); most > 30 {
		t.Errorf("%d arrived in one second", most)
	}
	for _, why := range []scheduler.Reason{scheduler.OptedOut, scheduler.BlockedChannel, scheduler.NoConsent, scheduler.WindowClosed} {
		if r.SkippedFor[why] == 0 {
			t.Errorf("nobody was skipped for %s", why)
		}
	}
}

func TestSeasonIsTheSameForTheSameSeed(t *testing.T) {
	play := func(seed uint64) rehearsal.Report {
		return season(t, rehearsal.BadFaults, seed, 300, 30, at("1/3/2027", "0:00"), newWatch(t))
	}
	one, two, other := play(1), play(1), play(2)
	if !reflect.DeepEqual(one, two) {
		t.Errorf("the same seed gave\n%+v\n%+v", one, two)
	}
	if reflect.DeepEqual(one.Minutes, other.Minutes) {
		t.Error("another seed gave the same")
	}
}

// TestWeeklyTip holds the day and hour that somebody chose.
func TestWeeklyTip(t *testing.T) {
	set, _ := content.Load(content.Embedded())
	from := at("1/3/2027", "0:00") // a Monday
	stage := rehearsal.Stage{Gate: gate(t), From: from, Lines: lines(rehearsal.NoFaults)[:1], Rand: rand.New(rand.NewPCG(1, 1)), Keep: 100}
	s := stage.NewSeason(&scheduler.Campaigns{Tips: set.Campaigns().Tips}, someTips(), 28)
	s.Add(rehearsal.Guest{Person: scheduler.Person{Contact: someone("vi"), Subscribed: true, Reach: scheduler.Reachable}, Address: "telegram:1",
		Slot: scheduler.Slot{Day: time.Wednesday, At: 9 * 60}})
	r, err := s.Play()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.At.In(zone()).Format("2/1 15:04"))
	}
	if want := []string{"3/3 09:00", "10/3 09:00", "17/3 09:00", "24/3 09:00"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
