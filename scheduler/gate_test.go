package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// tip is a push that asks for everything, and subscriber somebody who may get it.
func tip() *scheduler.Push {
	return &scheduler.Push{Kind: scheduler.Promotion, Key: "tip/t13", Topic: scheduler.TopicTip, Purpose: "tips",
		Segment: scheduler.Segment{Sectors: []string{"wood"}, Langs: []dialogs.Lang{dialogs.Vietnamese}, Subscribed: true}}
}

func subscriber() *scheduler.Person {
	return &scheduler.Person{Contact: &dialogs.Contact{ID: "k1", Consents: []dialogs.Consent{{Purpose: "class", Given: true}, {Purpose: "tips", Given: true}}},
		Sectors: []string{"food", "wood"}, Subscribed: true, Reach: scheduler.Reachable}
}

// unhurried makes the push one that follows a self-check, and changes the
// contact, who had agreed to it.
func unhurried(change func(c *dialogs.Contact)) func(push *scheduler.Push, p *scheduler.Person) {
	return func(push *scheduler.Push, p *scheduler.Person) {
		*push = scheduler.Push{Kind: scheduler.Service, Key: "check_followup/1", Purpose: "selfcheck", Unhurried: true}
		p.Contact.Consents = []dialogs.Consent{{Purpose: "selfcheck", Given: true, At: time.Unix(1_700_000_000, 0)}}
		if change != nil {
			change(p.Contact)
		}
	}
}

func TestEveryStageSaysWhy(t *testing.T) {
	g := scheduler.NewGate(scheduler.HouseWindows(days(t)))
	noon := on(t, "10/3/2026", "12:00") // a Tuesday
	for _, tt := range []struct {
		name    string
		change  func(push *scheduler.Push, p *scheduler.Person)
		at      time.Time
		outcome scheduler.Outcome
		reason  scheduler.Reason
		until   time.Time
	}{
		{"nothing against it", nil, noon, scheduler.Send, "", time.Time{}},
		{"another sector", func(_ *scheduler.Push, p *scheduler.Person) { p.Sectors = []string{"food"} }, noon, scheduler.Drop, scheduler.NotInSegment, time.Time{}},
		{"another language", func(_ *scheduler.Push, p *scheduler.Person) { p.Contact.Lang = dialogs.English }, noon, scheduler.Drop, scheduler.NotInSegment, time.Time{}},
		{"paused", func(_ *scheduler.Push, p *scheduler.Person) { p.Subscribed = false }, noon, scheduler.Drop, scheduler.NotInSegment, time.Time{}},
		{"everybody is meant", func(push *scheduler.Push, p *scheduler.Person) {
			push.Segment, p.Sectors, p.Subscribed = scheduler.Segment{}, nil, false
		}, noon, scheduler.Send, "", time.Time{}},
		{"consent taken back", func(_ *scheduler.Push, p *scheduler.Person) {
			p.Contact.Consents = append(p.Contact.Consents, dialogs.Consent{Purpose: "tips"})
		}, noon, scheduler.Drop, scheduler.NoConsent, time.Time{}},
		{"never asked", func(_ *scheduler.Push, p *scheduler.Person) { p.Contact.Consents = nil }, noon, scheduler.Drop, scheduler.NoConsent, time.Time{}},
		{"left", func(_ *scheduler.Push, p *scheduler.Person) { p.Contact.OptedOut = noon }, noon, scheduler.Drop, scheduler.OptedOut, time.Time{}},
		{"left, but has a seat", func(push *scheduler.Push, p *scheduler.Person) {
			p.Contact.OptedOut, push.Kind = noon, scheduler.Service
		}, noon, scheduler.Send, "", time.Time{}},
		{"no address", func(_ *scheduler.Push, p *scheduler.Person) { p.Reach = scheduler.Nowhere }, noon, scheduler.Drop, scheduler.Unreachable, time.Time{}},
		{"blocked", func(_ *scheduler.Push, p *scheduler.Person) { p.Reach = scheduler.Blocked }, noon, scheduler.Drop, scheduler.BlockedChannel, time.Time{}},
		{"had it", func(_ *scheduler.Push, p *scheduler.Person) { p.Got = []string{"tip/t1", "tip/t13"} }, noon, scheduler.Drop, scheduler.AlreadySent, time.Time{}},
		{"network closed", func(_ *scheduler.Push, p *scheduler.Person) { p.OpenUntil = noon }, noon, scheduler.Drop, scheduler.WindowClosed, time.Time{}},
		{"network open", func(_ *scheduler.Push, p *scheduler.Person) { p.OpenUntil = noon.Add(1) }, noon, scheduler.Send, "", time.Time{}},
		{"no longer true", func(push *scheduler.Push, _ *scheduler.Person) { push.Expires = noon }, noon, scheduler.Drop, scheduler.Expired, time.Time{}},
		{"still true", func(push *scheduler.Push, _ *scheduler.Person) { push.Expires = noon.Add(1) }, noon, scheduler.Send, "", time.Time{}},
		{"Sunday at night", nil, on(t, "15/3/2026", "23:00"), scheduler.Postpone, scheduler.OnQuietDay, on(t, "16/3/2026", "8:00")},
		{"early", nil, on(t, "10/3/2026", "5:00"), scheduler.Postpone, scheduler.InQuietHours, on(t, "10/3/2026", "8:00")},
		{"a service at night", func(push *scheduler.Push, _ *scheduler.Person) { push.Kind = scheduler.Service }, on(t, "15/3/2026", "23:00"),
			scheduler.Postpone, scheduler.InQuietHours, on(t, "16/3/2026", "7:00")},
		{"urgent at night", func(push *scheduler.Push, _ *scheduler.Person) { push.Kind = scheduler.Urgent }, on(t, "15/3/2026", "23:00"),
			scheduler.Send, "", time.Time{}},
		{"unhurried on a Sunday", unhurried(nil), on(t, "15/3/2026", "12:00"), scheduler.Postpone, scheduler.OnQuietDay, on(t, "16/3/2026", "8:00")},
		{"unhurried before Tết", unhurried(nil), on(t, "12/2/2026", "12:00"), scheduler.Postpone, scheduler.OnQuietDay, on(t, "23/2/2026", "8:00")},
		{"unhurried in the evening", unhurried(nil), on(t, "10/3/2026", "21:00"), scheduler.Postpone, scheduler.InQuietHours, on(t, "11/3/2026", "8:00")},
		{"unhurried, no more promotion since", unhurried(func(c *dialogs.Contact) { c.OptedOut = noon }), noon, scheduler.Drop, scheduler.OptedOut, time.Time{}},
		{"unhurried, agreed to after that", unhurried(func(c *dialogs.Contact) {
			c.OptedOut = noon.Add(-time.Hour)
			c.Consents = append(c.Consents, dialogs.Consent{Purpose: "selfcheck", Given: true, At: noon})
		}), noon, scheduler.Send, "", time.Time{}},
		{"unhurried, taken back", unhurried(func(c *dialogs.Contact) {
			c.Consents = append(c.Consents, dialogs.Consent{Purpose: "selfcheck", At: noon})
		}), noon, scheduler.Drop, scheduler.NoConsent, time.Time{}},
		{"had it, but it comes anew", func(push *scheduler.Push, p *scheduler.Person) {
			push.Again, p.Got = true, []string{push.Key}
		}, noon, scheduler.Send, "", time.Time{}},
		{"not true by the morning", func(push *scheduler.Push, _ *scheduler.Person) { push.Expires = on(t, "10/3/2026", "8:00") }, on(t, "10/3/2026", "5:00"),
			scheduler.Drop, scheduler.Expired, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			push, p := tip(), subscriber()
			if tt.change != nil {
				tt.change(push, p)
			}
			got := g.Decide(push, p, tt.at)
			if got.Outcome != tt.outcome || got.Reason != tt.reason || !got.Until.Equal(tt.until) {
				t.Errorf("%+v, want %d %q %s", got, tt.outcome, tt.reason, tt.until)
			}
		})
	}
}

func TestCaps(t *testing.T) {
	g := scheduler.NewGate(scheduler.HouseWindows(days(t)))
	news := &scheduler.Push{Kind: scheduler.Promotion}
	p := subscriber()
	for _, clock := range []string{"8:00", "9:00", "19:59"} {
		at := on(t, "10/3/2026", clock)
		if v := g.Decide(news, p, at); v.Outcome != scheduler.Send {
			t.Fatalf("%s: %+v", clock, v)
		}
		p.Sent = p.Sent.With(news, at)
	}
	v := g.Decide(news, p, on(t, "10/3/2026", "19:59"))
	if v.Reason != scheduler.FrequencyCap || !v.Until.Equal(on(t, "11/3/2026", "8:00")) {
		t.Errorf("a fourth one in a day: %+v", v)
	}
	if v := g.Decide(news, p, v.Until); v.Outcome != scheduler.Send {
		t.Errorf("24 hours after the first: %+v", v)
	}
	reminder := &scheduler.Push{Kind: scheduler.Service}
	if v := g.Decide(reminder, p, on(t, "10/3/2026", "19:59")); v.Outcome != scheduler.Send {
		t.Errorf("a service passes the cap: %+v", v)
	}
	if p.Sent.With(reminder, on(t, "11/3/2026", "8:00")) != p.Sent {
		t.Error("a service was counted")
	}
}

func TestOneTipAWeek(t *testing.T) {
	g := scheduler.NewGate(scheduler.HouseWindows(days(t)))
	p := subscriber()
	tuesday := on(t, "10/3/2026", "8:00").Add(3 * time.Second)
	p.Sent = p.Sent.With(tip(), tuesday)
	next := on(t, "17/3/2026", "8:00")
	if v := g.Decide(tip(), p, on(t, "16/3/2026", "19:00")); v.Reason != scheduler.FrequencyCap || !v.Until.Equal(next) {
		t.Errorf("six days after: %+v", v)
	}
	if v := g.Decide(tip(), p, next); v.Outcome != scheduler.Send {
		t.Errorf("the same hour a week later: %+v", v)
	}
	if !p.Sent.LastTip().Equal(tuesday) {
		t.Error(p.Sent.LastTip())
	}
}

// TestClockThatWasAheadSilencesNobody: what was noted by a clock years ahead
// holds nobody back once the clock is right; a clock an hour ahead does not open
// the cap.
func TestClockThatWasAheadSilencesNobody(t *testing.T) {
	g := scheduler.NewGate(scheduler.HouseWindows(days(t)))
	now := on(t, "10/3/2026", "10:00")
	for ahead, want := range map[time.Duration]scheduler.Outcome{time.Hour: scheduler.Postpone, 5 * 365 * 24 * time.Hour: scheduler.Send} {
		p := subscriber()
		for range scheduler.MostADay {
			p.Sent = p.Sent.With(tip(), now.Add(ahead))
		}
		if v := g.Decide(tip(), p, now); v.Outcome != want {
			t.Errorf("clock %v ahead: %+v", ahead, v)
		}
	}
}

// TestCapsOverAnyTimes sends whenever the gate allows, at random times, and
// counts with a plain list.
func TestCapsOverAnyTimes(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	g := scheduler.NewGate(w)
	start := on(t, "1/12/2026", "8:00")
	rapid.Check(t, func(t *rapid.T) {
		p := subscriber()
		var all, tips []time.Time
		now := start
		for range rapid.IntRange(1, 60).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40*60).Draw(t, "minutes")) * time.Minute)
			push := tip()
			if rapid.Bool().Draw(t, "news") {
				push.Topic = "news"
			}
			v := g.Decide(push, p, now)
			if v.Outcome == scheduler.Postpone && v.Reason == scheduler.FrequencyCap {
				now = v.Until // as the table of due things would
				v = g.Decide(push, p, now)
				if v.Outcome != scheduler.Send {
					t.Fatalf("postponed until %s and held again: %+v", now, v)
				}
			}
			if v.Outcome != scheduler.Send {
				continue
			}
			if !w.Open(scheduler.Promotion, now) {
				t.Fatalf("sent at %s", now)
			}
			p.Sent = p.Sent.With(push, now)
			all = append(all, now)
			if push.Topic == scheduler.TopicTip {
				tips = append(tips, now)
			}
			holdCaps(t, all, tips)
		}
	})
}

// holdCaps fails when times of sending pass the caps.
func holdCaps(t interface{ Fatalf(string, ...any) }, all, tips []time.Time) {
	if n := len(all); n > scheduler.MostADay && all[n-1].Sub(all[n-1-scheduler.MostADay]) < 24*time.Hour {
		t.Fatalf("four within a day: %v", all[n-1-scheduler.MostADay:])
	}
	if n := len(tips); n > 1 {
		year, month, day := tips[n-2].Date()
		if tips[n-1].Before(time.Date(year, month, day+scheduler.TipEvery, 0, 0, 0, 0, tips[n-2].Location())) {
			t.Fatalf("two tips within a week: %v", tips[n-2:])
		}
	}
}

func TestReasonsAreDistinctWords(t *testing.T) {
	all := scheduler.Reasons()
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(all) {
		t.Error(all)
	}
}

func FuzzSent(f *testing.F) {
	s := scheduler.Sent{}.With(&scheduler.Push{Topic: scheduler.TopicTip}, time.Unix(1_780_000_000, 0))
	raw, err := s.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s, again scheduler.Sent
		if s.UnmarshalBinary(raw) != nil {
			return
		}
		out, err := s.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(out) != nil || again != s {
			t.Errorf("%+v became %+v", s, again)
		}
	})
}

// BenchmarkDecide measures decisions over a crowd in which every stage holds
// somebody back; a broadcast to a million people makes a million of them.
func BenchmarkDecide(b *testing.B) {
	g := scheduler.NewGate(scheduler.HouseWindows(days(b)))
	push, now := tip(), on(b, "10/3/2026", "12:00")
	var crowd []*scheduler.Person
	for i := range 1000 {
		p := subscriber()
		switch i % 8 {
		case 0:
			p.Sectors = p.Sectors[:1]
		case 1:
			p.Contact.OptedOut = now
		case 2:
			p.Sent = p.Sent.With(push, now.Add(-time.Hour))
		case 3:
			p.Got = []string{"tip/t1", "tip/t2", "tip/t3", push.Key}
		}
		crowd = append(crowd, p)
	}
	b.ReportAllocs()
	sent := 0
	for n := 0; b.Loop(); n++ {
		if g.Decide(push, crowd[n%len(crowd)], now).Outcome == scheduler.Send {
			sent++
		}
	}
	if sent == 0 || sent == b.N {
		b.Fatal("the crowd is not mixed: ", sent)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}
