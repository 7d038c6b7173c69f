package rehearsal_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
	"sachhon/scheduler/rehearsal"
)

// failer is a test, or one of many that rapid plays.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// watch holds every sending against the rules, written a second time.
type watch struct {
	t          failer
	arrived    map[string][]time.Time
	chats      map[int]time.Time
	promotions map[int][]time.Time
	tips       map[int]time.Time
	taken      map[int]map[string]int
}

func newWatch(t failer) *watch {
	return &watch{t: t, arrived: map[string][]time.Time{}, chats: map[int]time.Time{},
		promotions: map[int][]time.Time{}, tips: map[int]time.Time{}, taken: map[int]map[string]int{}}
}

func (w *watch) saw(s rehearsal.Sending) {
	local := s.Began.In(zone())
	hour := local.Hour()
	switch {
	case s.Kind == scheduler.Promotion && (hour < 8 || hour >= 20 || local.Weekday()%6 == 0):
		w.t.Fatalf("promotion left on %s", local)
	case s.Kind == scheduler.Service && (hour < 7 || hour >= 22):
		w.t.Fatalf("a service left on %s", local)
	case !s.Expires.IsZero() && !s.Began.Before(s.Expires):
		w.t.Fatalf("left on %s, expired on %s", local, s.Expires)
	}
	if last, ok := w.chats[s.Person]; ok && s.Line == "telegram" && s.Began.Sub(last) < time.Second {
		w.t.Fatalf("two messages to one chat within %s", s.Began.Sub(last))
	}
	w.chats[s.Person] = s.Began
	if !s.Arrived.IsZero() {
		w.arrived[s.Line] = append(w.arrived[s.Line], s.Arrived)
	}
	if s.Taken {
		w.took(&s)
	}
}

// took holds the caps, and that nobody has anything twice unless it was unclear.
func (w *watch) took(s *rehearsal.Sending) {
	if w.taken[s.Person] == nil {
		w.taken[s.Person] = map[string]int{}
	}
	if w.taken[s.Person][s.Key]++; w.taken[s.Person][s.Key] > 1 || s.Kind != scheduler.Promotion {
		return
	}
	last := append(w.promotions[s.Person], s.Began)
	last = last[max(len(last)-4, 0):]
	// What is counted is when it was handed over, up to seconds before.
	if len(last) == 4 && last[3].Sub(last[0]) < 24*time.Hour-10*time.Second {
		w.t.Fatalf("four promotions within %s", last[3].Sub(last[0]))
	}
	w.promotions[s.Person] = last
	if s.Topic == scheduler.TopicTip {
		if before, ok := w.tips[s.Person]; ok && s.Began.Sub(before) < 6*24*time.Hour {
			w.t.Fatalf("two tips within %s", s.Began.Sub(before))
		}
		w.tips[s.Person] = s.Began
	}
}

// most is the most that arrived in any sliding second, as the network counts.
func (w *watch) most(line string) int {
	list := w.arrived[line]
	most, from := 0, 0
	for i := range list { // sendings end nearly in the order in which they arrive
		for from < i && list[i].Sub(list[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func TestBroadcast(t *testing.T) {
	house := gate(t)
	rapid.Check(t, func(t *rapid.T) {
		faults := rapid.SampledFrom([]rehearsal.Faults{rehearsal.NoFaults, rehearsal.UsualFaults, rehearsal.BadFaults}).Draw(t, "faults")
		n := rapid.IntRange(0, 4000).Draw(t, "people")
		seed := rapid.Uint64().Draw(t, "seed")
		from := at("1/1/2027", "0:00").Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute)
		cast := promotion(from)
		cast.Segment = rapid.SampledFrom([]scheduler.Segment{{}, {Sectors: []string{"wood"}, Subscribed: true}}).Draw(t, "segment")
		if rapid.Bool().Draw(t, "service") {
			cast.Kind, cast.Purpose = scheduler.Service, ""
		}
		if hours := rapid.IntRange(0, 72).Draw(t, "expires"); hours > 0 {
			cast.Expires = from.Add(time.Duration(hours) * time.Hour)
		}
		play := func(w *watch) rehearsal.Report {
			random := rand.New(rand.NewPCG(seed, 1))
			stage := rehearsal.Stage{Gate: house, From: from, Lines: lines(faults), Rand: random, Keep: 100}
			if w != nil {
				stage.Watch = w.saw
			}
			b := stage.NewBroadcast(cast)
			invite(house, b, cast, n, random, from)
			r, err := b.Play()
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		w := newWatch(t)
		r := play(w)
		addsUp(t, &r)
		if r.Total+r.Outside != n || len(r.Rows)+r.Unkept != r.Total {
			t.Fatalf("%d people, report %+v", n, r)
		}
		if faults != rehearsal.BadFaults && w.most("telegram") > 30 {
			t.Fatalf("%d arrived in a second", w.most("telegram"))
		}
		taken := 0
		for _, keys := range w.taken {
			taken += len(keys)
		}
		if web := line(&r, "web").Sent; taken < r.Sent-web {
			t.Fatalf("%d sent, the networks took %d and %d read the page", r.Sent, taken, web)
		}
		if again := play(nil); !reflect.DeepEqual(r, again) {
			t.Fatalf("the same seed gave\n%+v\n%+v", r, again)
		}
	})
}

func line(r *rehearsal.Report, name string) rehearsal.LineReport {
	for _, l := range r.Lines {
		if l.Name == name {
			return l
		}
	}
	return rehearsal.LineReport{}
}

// TestWait plays a network that wants to be left alone for 2,282 seconds, as
// Telegram once did: nothing leaves meanwhile, and everybody has it afterwards.
func TestWait(t *testing.T) {
	house, from := gate(t), at("1/12/2026", "8:00")
	const wait = 2282 * time.Second
	flood := rehearsal.Spells{Between: rehearsal.Span{Least: time.Minute, Most: time.Minute}, Last: rehearsal.Span{Least: wait, Most: wait}}
	on := lines(rehearsal.NoFaults)[:1]
	on[0].Network.Floods = flood
	var sent []rehearsal.Sending
	stage := rehearsal.Stage{Gate: house, From: from, Lines: on, Rand: rand.New(rand.NewPCG(1, 1)), Watch: func(s rehearsal.Sending) { sent = append(sent, s) }}
	cast := &scheduler.Broadcast{Kind: scheduler.Service, SendAt: from}
	b := stage.NewBroadcast(cast)
	const people = 2500
	addTelegram(b, people)
	r, err := b.Play()
	if err != nil || r.Sent != people || r.Failed+r.Skipped != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	tg := line(&r, "telegram")
	if tg.Refused == 0 || tg.Longest < wait-time.Minute || r.Last.Sub(r.First) < wait {
		t.Errorf("refused %d times, longest %v, took %v", tg.Refused, tg.Longest, r.Last.Sub(r.First))
	}
	// Those in flight when the first refusal came were begun before it was heard.
	var until, heard time.Time
	for _, s := range sent {
		if s.Began.After(heard) && s.Began.Before(until) {
			t.Fatalf("begun at %s, though nothing was wanted until %s", s.Began, until)
		}
		if s.Refused {
			heard, until = s.Ended, s.Ended.Add(s.Wait)
		}
	}
}

// addTelegram adds people whom nothing holds back.
func addTelegram(b *rehearsal.Broadcast, n int) {
	p := scheduler.Person{Contact: someone("vi")}
	for range n {
		b.Add(&p, &scheduler.Recipient{Address: "telegram:1"}, true)
	}
}

// TestFirstMedianAndLastAreInOrder plays a broadcast that is over within its first
// minute.
func TestFirstMedianAndLastAreInOrder(t *testing.T) {
	house, from := gate(t), at("1/12/2026", "8:00")
	stage := rehearsal.Stage{Gate: house, From: from, Lines: lines(rehearsal.NoFaults)[:1], Rand: rand.New(rand.NewPCG(1, 1))}
	b := stage.NewBroadcast(&scheduler.Broadcast{Kind: scheduler.Service, SendAt: from})
	addTelegram(b, 100)
	r, err := b.Play()
	if err != nil || r.Median.Before(r.First) || r.Last.Before(r.Median) {
		t.Errorf("first %v, median %v, last %v, %v", r.First, r.Median, r.Last, err)
	}
}

// TestNetworkThatTakesLess finds the rate that a network really takes.
func TestNetworkThatTakesLess(t *testing.T) {
	house, from := gate(t), at("1/12/2026", "8:00")
	on := lines(rehearsal.NoFaults)[:1]
	on[0].Network.Limit = 20
	stage := rehearsal.Stage{Gate: house, From: from, Lines: on, Rand: rand.New(rand.NewPCG(1, 1))}
	b := stage.NewBroadcast(&scheduler.Broadcast{Kind: scheduler.Service, SendAt: from})
	addTelegram(b, 100_000)
	r, err := b.Play()
	if err != nil || r.Sent != 100_000 {
		t.Fatalf("%+v, %v", r, err)
	}
	tg := line(&r, "telegram")
	if took := r.Last.Sub(r.First); tg.Refused == 0 || tg.Refused > 100 || took > 100_000*time.Second/17 {
		t.Errorf("%v for 100,000, refused %d times", took, tg.Refused)
	}
}

// TestQuota holds a network that takes so many a day.
func TestQuota(t *testing.T) {
	house, from := gate(t), at("1/12/2026", "8:00")
	on := lines(rehearsal.NoFaults)[:1]
	on[0].Network.Quota = 500
	stage := rehearsal.Stage{Gate: house, From: from, Lines: on, Rand: rand.New(rand.NewPCG(1, 1))}
	b := stage.NewBroadcast(&scheduler.Broadcast{Kind: scheduler.Promotion, SendAt: from})
	addTelegram(b, 1800)
	r, err := b.Play()
	if err != nil || r.Sent != 1800 {
		t.Fatalf("%+v, %v", r, err)
	}
	days := map[string]int{}
	for _, m := range r.Minutes {
		days[m.At.Format("2/1")] += m.Sent
	}
	if want := map[string]int{"1/12": 500, "2/12": 500, "3/12": 500, "4/12": 300}; !reflect.DeepEqual(days, want) {
		t.Errorf("%v, want %v", days, want)
	}
}

// TestNight carries a broadcast over the night and a weekend.
func TestNight(t *testing.T) {
	house, from := gate(t), at("4/12/2026", "19:59") // a Friday
	stage := rehearsal.Stage{Gate: house, From: from, Lines: lines(rehearsal.NoFaults)[:1], Rand: rand.New(rand.NewPCG(1, 1))}
	b := stage.NewBroadcast(&scheduler.Broadcast{Kind: scheduler.Promotion, SendAt: from})
	addTelegram(b, 5000)
	r, err := b.Play()
	if err != nil || r.Sent != 5000 || len(r.Holds) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	h := r.Holds[0]
	if !h.Until.Equal(at("7/12/2026", "8:00")) || h.Reason != scheduler.InQuietHours || h.Waiting < 3000 || h.Waiting > 3450 {
		t.Errorf("held %+v", h)
	}
	if r.Nights != 3 || len(r.QuietDays) != 2 || r.OutsideHours != 0 {
		t.Errorf("%d nights, quiet days %v", r.Nights, r.QuietDays)
	}
}

func TestStop(t *testing.T) {
	house, from := gate(t), at("1/12/2026", "8:00")
	stage := rehearsal.Stage{Gate: house, From: from, Lines: lines(rehearsal.NoFaults), Rand: rand.New(rand.NewPCG(1, 1)), Stop: func() bool { return true }}
	b := stage.NewBroadcast(promotion(from))
	addTelegram(b, 10)
	if _, err := b.Play(); !errors.Is(err, rehearsal.ErrStopped) {
		t.Errorf("got %v", err)
	}
}
