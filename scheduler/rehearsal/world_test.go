package rehearsal_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"sachhon/content"
	"sachhon/scheduler"
	"sachhon/scheduler/rehearsal"
)

// gate is that of the house, with the days off of the embedded content.
func gate(t testing.TB) *scheduler.Gate {
	t.Helper()
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	return scheduler.NewGate(scheduler.HouseWindows(scheduler.NewDays(set.Holidays(), zone())))
}

func zone() *time.Location { return time.FixedZone("+07", 7*3600) }

func at(day, clock string) time.Time {
	t, err := time.ParseInLocation("2/1/2006 15:04", day+" "+clock, zone())
	if err != nil {
		panic(err)
	}
	return t
}

// lines are the channels of the house under faults.
func lines(f rehearsal.Faults) []rehearsal.Line {
	return []rehearsal.Line{
		{Name: "telegram", Pace: scheduler.Pace{PerSecond: 28, PerAddress: time.Second}, Network: f.Upon(rehearsal.Network{Limit: 30})},
		{Name: "zalo-oa", Pace: scheduler.Pace{PerSecond: 10}, Window: rehearsal.ZaloWindow, Network: f.Upon(rehearsal.Network{PerMinute: 4000})},
		{Name: "web", Pull: true},
	}
}

// invite adds n invented people to the rehearsal of a broadcast.
func invite(g *scheduler.Gate, of *rehearsal.Broadcast, cast *scheduler.Broadcast, n int, random *rand.Rand, now time.Time) {
	crowd := rehearsal.NewInvented(random, now)
	casting := scheduler.Casting{Gate: g}
	push := cast.Push()
	shut := false
	isShut := func(string) bool { return shut }
	for range n {
		var p *scheduler.Person
		p, shut = crowd.Next()
		r, meant := casting.Consider(cast, &push, p, isShut, now)
		of.Add(p, &r, meant)
	}
}

func promotion(sendAt time.Time) *scheduler.Broadcast {
	return &scheduler.Broadcast{Kind: scheduler.Promotion, Purpose: "tips", SendAt: sendAt}
}

// adds up says whether everybody is counted once.
func addsUp(t failer, r *rehearsal.Report) {
	t.Helper()
	if r.Total != r.Sent+r.Failed+r.Skipped {
		t.Fatalf("does not add up: %+v", r)
	}
	minutes, lines := 0, 0
	for _, m := range r.Minutes {
		minutes += m.Sent
	}
	for _, l := range r.Lines {
		lines += l.Total
	}
	if minutes != r.Sent || lines > r.Total {
		t.Fatalf("%d sent, %d by minutes; %d in all, %d by channels", r.Sent, minutes, r.Total, lines)
	}
	if r.OutsideHours != 0 {
		t.Fatalf("%d sendings outside the hours", r.OutsideHours)
	}
}
