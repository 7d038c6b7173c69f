package scheduler_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// fullBroadcast is a broadcast with something in every field.
func fullBroadcast() scheduler.Broadcast {
	b := scheduler.Broadcast{ID: "b7f3k2", Title: "Lớp mới", Kind: scheduler.Service, Purpose: "class", Topic: "tip",
		Text: dialogs.Text{VI: "Có lớp mới.", EN: "A new class."}, Version: 2, Media: dialogs.Media{Kind: dialogs.Image, Name: "a.png", MIME: "image/png", Size: 7, Alt: "áp phích", Ref: "file:1"}, AltEN: "poster",
		Answers: []scheduler.BroadcastAnswer{{Key: "yes", Label: dialogs.Text{VI: "Sẽ tới", EN: "I'll come"}, Pressed: 3}},
		Segment: scheduler.Segment{Sectors: []string{"wood"}, Subscribed: true, Not: &scheduler.Segment{Wards: []string{"an_phu"}}}, By: "an@example.vn",
		Created: monday, Status: scheduler.Paused, PausedFor: scheduler.PausedByErrors, SendAt: monday.Add(time.Hour), Expires: monday.Add(2 * time.Hour),
		Begun: monday.Add(time.Minute), Ended: monday.Add(3 * time.Hour), Frozen: monday.Add(time.Minute), Cursor: "aa", Planned: true,
		Until: monday.Add(4 * time.Hour), HeldFor: scheduler.InQuietHours, Recent: 5, Rest: scheduler.ForCancelled, Thinned: monday.Add(5 * time.Hour)}
	b.Counts = scheduler.Counts{Total: 12, Sent: 4, Failed: 2, Repeated: 1, SkippedFor: map[scheduler.Reason]int{scheduler.OptedOut: 3},
		FailedFor: map[scheduler.Reason]int{scheduler.ForRefused: 2}, Ways: []scheduler.Way{{Channel: "telegram", Waiting: 2, Queued: 1, Cursor: "bb", Soonest: monday, Next: monday}}}
	return b
}

// FuzzBroadcast reads any bytes as a broadcast: what can be read is written and
// read as the same again.
func FuzzBroadcast(f *testing.F) {
	full := fullBroadcast()
	raw, err := full.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b, again scheduler.Broadcast
		if b.UnmarshalBinary(raw) != nil {
			return
		}
		first, err := b.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(first) != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		if second, err := again.AppendBinary(nil); err != nil || !bytes.Equal(first, second) {
			t.Errorf("it became another: %v", err)
		}
	})
}

// FuzzRecipient does the same for recipients.
func FuzzRecipient(f *testing.F) {
	r := scheduler.Recipient{State: scheduler.Aside, Reason: scheduler.FrequencyCap, Address: "telegram:42", Lang: dialogs.English, At: monday, Repeated: true, Version: 2, Rows: 1, Answer: 1}
	raw, err := r.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r, again scheduler.Recipient
		if r.UnmarshalBinary(raw) != nil {
			return
		}
		first, err := r.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(first) != nil || again != r {
			t.Errorf("%+v became %+v, %v", r, again, err)
		}
	})
}

func TestBroadcastIsKeptWhole(t *testing.T) {
	full := fullBroadcast()
	raw, err := full.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	again := scheduler.Broadcast{ID: full.ID}
	if err := again.UnmarshalBinary(raw); err != nil {
		t.Fatal(err)
	}
	if !again.Begun.Equal(full.Begun) || again.Counts.String() != full.Counts.String() || again.Text != full.Text || again.Media != full.Media ||
		again.Rest != full.Rest || again.Counts.Ways[0].Cursor != "bb" || string(again.Segment.JSON()) != string(full.Segment.JSON()) ||
		again.Answers[0] != full.Answers[0] || again.HeldFor != full.HeldFor || !again.Thinned.Equal(full.Thinned) || again.AltEN != full.AltEN || again.By != full.By || again.Cursor != "aa" || !again.Planned {
		t.Errorf("it became %+v", again)
	}
	if second, err := again.AppendBinary(nil); err != nil || !bytes.Equal(raw, second) {
		t.Error("it is written differently the second time")
	}
	for cut := range raw {
		if again.UnmarshalBinary(raw[:cut]) == nil {
			t.Errorf("a record cut after %d bytes was taken", cut)
		}
	}
}

// TestBroadcastOfTheFirstFormIsRead takes the bytes of before recipients were
// ever dropped: the record ended two fields earlier.
func TestBroadcastOfTheFirstFormIsRead(t *testing.T) {
	full := fullBroadcast()
	full.Thinned, full.AltEN = time.Time{}, ""
	raw, err := full.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	raw[0] = 1
	raw = raw[:len(raw)-2]
	var again scheduler.Broadcast
	if err := again.UnmarshalBinary(raw); err != nil || again.Title != full.Title || !again.Thinned.IsZero() {
		t.Errorf("it became %+v, %v", again, err)
	}
}

func TestRecipientsAreOutlivedOnceTheyAreOld(t *testing.T) {
	end := monday.Add(scheduler.RecipientLife)
	waiting := scheduler.Counts{Ways: []scheduler.Way{{Channel: "web", Queued: 1}}}
	for _, tt := range []struct {
		name string
		b    scheduler.Broadcast
		now  time.Time
		want bool
	}{
		{"old", scheduler.Broadcast{Status: scheduler.Done, Ended: monday}, end, true},
		{"cancelled and old", scheduler.Broadcast{Status: scheduler.Cancelled, Ended: monday}, end, true},
		{"a second too young", scheduler.Broadcast{Status: scheduler.Done, Ended: monday}, end.Add(-time.Second), false},
		{"still paused", scheduler.Broadcast{Status: scheduler.Paused}, end, false},
		{"one is in the outbox", scheduler.Broadcast{Status: scheduler.Cancelled, Ended: monday, Counts: waiting}, end, false},
	} {
		if got := tt.b.Outlived(tt.now); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestSegmentThatIsNotUnderstoodIsRefused(t *testing.T) {
	for raw, want := range map[string]string{
		`{"sectors":["wood"]}`:             "sector, ward",
		`{"sector":"wood"}`:                `"sector" takes a list`,
		`{"sector":[]}`:                    "empty list",
		`{"not":{"ward":[ ]}}`:             "empty list",
		`{"not":{"not":{"ward":["a"]}}}`:   "within",
		`{"sector":["wood"]} {}`:           "behind",
		``:                                 "empty",
		`{"subscribed":"yes"}`:             "true or false",
		`{"sector":["wood"],"ward":["a"}]`: "invalid",
	} {
		if s, err := scheduler.ParseSegment([]byte(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s became %+v, %v; want %q", raw, s, err, want)
		}
	}
}

// TestSegmentMeansWhoFits tells for many people and segments whom they mean,
// by the definition: every condition given fits, and none of those of "not".
func TestSegmentMeansWhoFits(t *testing.T) {
	for raw, want := range map[string]string{
		`{}`:                                    "abc",
		`{"sector":["wood","food"]}`:            "ab",
		`{"sector":["wood"],"language":["en"]}`: "",
		`{"language":["en"]}`:                   "b",
		`{"role":["manager"]}`:                  "b",
		`{"ward":["an_phu"]}`:                   "a",
		`{"topic":["steam"]}`:                   "c",
		`{"source":["poster3"]}`:                "a",
		`{"channel":["telegram"]}`:              "ab",
		`{"subscribed":true}`:                   "ac",
		`{"not":{"subscribed":true}}`:           "b",
		`{"not":{"sector":["wood"],"ward":["x"],"role":["manager"]}}`: "c",
		`{"registered":["7f3k"]}`:                                     "ab",
		`{"attended":["7f3k"]}`:                                       "b",
		`{"not":{"attended":["7f3k"]}}`:                               "ac",
	} {
		s, err := scheduler.ParseSegment([]byte(raw))
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		got := ""
		for i, p := range people() {
			if v := houseGate(t).Decide(&scheduler.Push{Kind: scheduler.Service, Segment: s}, &p, monday); v.Reason != scheduler.NotInSegment {
				got += string(rune('a' + i))
			}
		}
		if got != want {
			t.Errorf("%s means %q, want %q", raw, got, want)
		}
		if again, err := scheduler.ParseSegment(s.JSON()); err != nil || string(again.JSON()) != string(s.JSON()) {
			t.Errorf("%s became %s, %v", raw, again.JSON(), err)
		}
	}
}

func people() []scheduler.Person {
	classes := scheduler.Classes{"7f3k": {"a": false, "b": true}}
	a := dialogs.Contact{ID: "a", Addresses: []string{"telegram:1"}, Source: "poster3"}
	a.Learn("ward", dialogs.ChoiceOf("an_phu"))
	b := dialogs.Contact{ID: "b", Addresses: []string{"web:2", "telegram:2"}, Lang: dialogs.English}
	b.Learn("role", dialogs.ChoiceOf("manager"))
	c := dialogs.Contact{ID: "c", Addresses: []string{"web:3"}}
	c.Learn("topics", dialogs.ChoicesOf("water", "steam"))
	return []scheduler.Person{
		{Contact: &a, Sectors: []string{"wood"}, Subscribed: true, Classes: classes, Reach: scheduler.Reachable},
		{Contact: &b, Sectors: []string{"food"}, Classes: classes, Reach: scheduler.Reachable},
		{Contact: &c, Subscribed: true, Classes: classes, Reach: scheduler.Reachable},
	}
}

func TestBurstOfErrorsPauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := scheduler.Broadcast{Status: scheduler.Sending}
		var last []bool
		for i := range rapid.IntRange(1, 200).Draw(t, "outcomes") {
			r := scheduler.Recipient{State: scheduler.Queued, Address: "telegram:1"}
			b.Add(&r)
			s := scheduler.Settle{State: scheduler.Got, At: monday}
			switch rapid.IntRange(0, 3).Draw(t, "outcome") {
			case 0:
				s.State, s.Reason = scheduler.Failed, scheduler.BlockedChannel
			case 1:
				s.State, s.Reason = scheduler.Failed, scheduler.ForRefused
			}
			b.Settled(&r, s)
			last = append(last, s.Reason == scheduler.ForRefused)
			bad := 0
			for _, is := range last[max(len(last)-50, 0):] {
				if is {
					bad++
				}
			}
			if paused := b.Status == scheduler.Paused; paused != (bad >= 20) {
				t.Fatalf("after %d outcomes, %d of the last 50 bad, it is %s", i+1, bad, b.Status)
			}
			if b.Status == scheduler.Paused {
				if b.PausedFor != scheduler.PausedByErrors {
					t.Errorf("it is paused %s", b.PausedFor)
				}
				return
			}
		}
	})
}

func TestPromotionTakenBackLeavesTheCapFree(t *testing.T) {
	push := scheduler.Push{Kind: scheduler.Promotion}
	var s scheduler.Sent
	for i := range 3 {
		s = s.With(&push, monday.Add(time.Duration(i)*time.Hour))
	}
	p := people()[0]
	now := monday.Add(3 * time.Hour)
	p.Sent = s
	if v := houseGate(t).Decide(&push, &p, now); v.Reason != scheduler.FrequencyCap {
		t.Fatalf("a fourth in a day: %+v", v)
	}
	p.Sent = s.Without(&push, monday.Add(time.Hour))
	if v := houseGate(t).Decide(&push, &p, now); v.Outcome != scheduler.Send {
		t.Errorf("one of three was taken back: %+v", v)
	}
	p.Sent = p.Sent.With(&push, now)
	if v := houseGate(t).Decide(&push, &p, now); v.Reason != scheduler.FrequencyCap {
		t.Errorf("a fourth after all: %+v", v)
	}
}

// TestTakenBackLeavesOthersOfItsSecondCounted: at eight sharp a tip, a service and
// a promotion leave; what is taken back of them frees no more than itself.
func TestTakenBackLeavesOthersOfItsSecondCounted(t *testing.T) {
	promotion, service := scheduler.Push{Kind: scheduler.Promotion}, scheduler.Push{Kind: scheduler.Service}
	tip := scheduler.Push{Kind: scheduler.Promotion, Topic: scheduler.TopicTip}
	var s scheduler.Sent
	for _, p := range []*scheduler.Push{&promotion, &tip, &service, &promotion} {
		s = s.With(p, monday)
	}
	gate, p := houseGate(t), people()[0]
	later := monday.Add(time.Hour)
	p.Sent = s.Without(&service, monday)
	if v := gate.Decide(&promotion, &p, later); v.Reason != scheduler.FrequencyCap {
		t.Errorf("a fourth in a day, since a service was taken back: %+v", v)
	}
	p.Sent = s.Without(&promotion, monday)
	if v := gate.Decide(&tip, &p, later); v.Reason != scheduler.FrequencyCap || v.Until.Before(monday.AddDate(0, 0, 6)) {
		t.Errorf("a second tip in a week, since another promotion was taken back: %+v", v)
	}
}
