package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// mostInASecond returns the most sendings begun in any sliding second.
func mostInASecond(log []sending) int {
	most, from := 0, 0
	for i := range log {
		for log[i].at.Sub(log[from].at) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func TestBroadcastKeepsThePaceAndLosesNoTime(t *testing.T) {
	const messages, rate = 1500, 28
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: rate, PerAddress: time.Second}
		w.net.latency, w.q.delay = 90*time.Millisecond, 7*time.Millisecond
		var rows []outbox.Row
		for i := range messages {
			rows = append(rows, bulk(to(i), fmt.Sprint(i)))
		}
		w.enqueue(rows...)
		began := time.Now()
		w.run(60 * time.Second)
		log := w.net.seen()
		if len(log) != messages {
			t.Fatalf("%d messages in a minute, want %d", len(log), messages)
		}
		took, ideal := log[messages-1].at.Sub(began), messages*time.Second/rate
		if took > ideal*103/100 {
			t.Errorf("%d messages took %v, want at most 1.03 × %v", messages, took, ideal)
		}
		if most := mostInASecond(log); most > rate {
			t.Errorf("%d messages began in one second, want at most %d", most, rate)
		}
		if page := rate/2 + 8; w.q.largest > page {
			t.Errorf("%d rows were leased at once, want at most %d", w.q.largest, page)
		}
		if perSecond := float64(w.q.visits) / took.Seconds(); perSecond > 10 {
			t.Errorf("%.1f transactions a second, want a few", perSecond)
		}
		t.Logf("took %v, ideal %v (× %.4f), most in a second %d, transactions %d", took, ideal, float64(took)/float64(ideal), mostInASecond(log), w.q.visits)
	})
}

func TestNoPaceMeansNoWaiting(t *testing.T) {
	inWorld(t, func(w *world) {
		for i := range 500 {
			w.enqueue(bulk(to(i), fmt.Sprint(i)))
		}
		w.run(10 * time.Millisecond)
		if n := len(w.net.seen()); n != 500 {
			t.Errorf("%d messages at once, want all 500", n)
		}
	})
}

func TestOneAddressHasItsOwnPace(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 28, PerAddress: time.Second}
		for i := range 4 {
			w.enqueue(reply(to(1), fmt.Sprint("một ", i)), reply(to(2), fmt.Sprint("hai ", i)), bulk(to(1), "bulk"))
		}
		w.run(7500 * time.Millisecond)
		last := map[string]time.Time{}
		for _, s := range w.net.seen() {
			if since := s.at.Sub(last[s.out.Address.ID]); since < time.Second || since > 1100*time.Millisecond && since < time.Hour {
				t.Errorf("%q came %v after the one before", s.out.Message.Text, since)
			}
			last[s.out.Address.ID] = s.at
		}
		if n := len(w.net.seen()); n != 12 {
			t.Errorf("%d messages, want 12", n)
		}
	})
}

func TestRepliesGoBeforeBulk(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 10}
		w.net.latency = 50 * time.Millisecond
		for i := range 100 {
			w.enqueue(bulk(to(i), "bulk"))
		}
		w.run(2 * time.Second)
		asked := time.Now()
		w.enqueue(reply(to(3), "reply"), reply(to(200), "reply")) // one of them is in the broadcast too
		w.run(time.Second)
		n := 0
		for _, s := range w.net.seen() {
			if s.out.Message.Text == "reply" {
				n++
				if wait := s.at.Sub(asked); wait > 250*time.Millisecond {
					t.Errorf("the reply to %s waited %v", s.out.Address, wait)
				}
				if s.out.Bulk {
					t.Error("the reply is marked as bulk")
				}
			}
		}
		if n != 2 {
			t.Errorf("%d replies, want 2", n)
		}
	})
}

func TestReplyLeavesAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 28}
		w.run(30 * time.Minute) // nothing to do for a long time
		asked := time.Now()
		w.enqueue(reply(to(1), "a"), reply(to(2), "b"), reply(to(3), "c"))
		w.run(0)
		for _, s := range w.net.seen() {
			if s.at != asked {
				t.Errorf("%q waited %v", s.out.Message.Text, s.at.Sub(asked))
			}
		}
		w.wantTexts("a", "b", "c")
	})
}

func TestPartsOfAnAnswerFollowEachOther(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.latency = 10 * time.Millisecond
		w.enqueue(reply(to(1), "a"), reply(to(1), "b"), reply(to(1), "c"))
		w.run(150 * time.Millisecond)
		w.wantTexts("a", "b", "c")
	})
}

func TestPeopleWhoMustWaitHoldUpNobodyElse(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 28, PerAddress: time.Minute}
		for i := range 200 {
			w.enqueue(reply(to(i%20), "x"))
		}
		w.run(10 * time.Second)
		asked := time.Now()
		w.enqueue(reply(to(50), "fresh"))
		w.run(time.Second)
		if log := w.net.seen(); log[len(log)-1].out.Message.Text != "fresh" || log[len(log)-1].at != asked {
			t.Errorf("the last message is %q, %v after it was asked for", log[len(log)-1].out.Message.Text, log[len(log)-1].at.Sub(asked))
		}
	})
}

func TestSlowSendingsHoldUpNobodyElse(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 4}
		w.net.hang = func(out channel.Outgoing) bool { return !out.Bulk }
		for i := range 4 {
			w.enqueue(reply(to(i), "slow"))
		}
		w.run(5 * time.Second)
		for i := range 8 {
			w.enqueue(bulk(to(i), fmt.Sprint(i)))
		}
		w.run(5 * time.Second)
		w.wantTexts("slow", "slow", "slow", "slow", "4", "5", "6", "7")
	})
}

func TestNewRowsAreFoundWithoutAWord(t *testing.T) {
	inWorld(t, func(w *world) {
		w.run(time.Second)
		box := w.box
		w.box = nil // nobody wakes it
		w.enqueue(reply(to(1), "a"))
		w.box = box
		w.run(time.Minute)
		w.wantTexts("a")
	})
}

func TestLimitStopsTheWholeChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 20}
		w.net.latency = 10 * time.Millisecond
		w.net.answer = func(out channel.Outgoing, n int) error {
			if n == 5 {
				return &channel.SendError{Kind: channel.Limited, After: 7 * time.Second}
			}
			return nil
		}
		for i := range 20 {
			w.enqueue(bulk(to(i), fmt.Sprint(i)))
		}
		w.run(time.Second)
		w.enqueue(reply(to(50), "reply"))
		w.run(20 * time.Second)
		log := w.net.seen()
		if len(log) != 22 {
			t.Fatalf("%d sendings, want 22: 21 messages, one of them twice", len(log))
		}
		if wait := log[6].at.Sub(log[5].at); wait < 7*time.Second || wait > 7100*time.Millisecond {
			t.Errorf("the channel waited %v, want the 7 s asked for", wait)
		}
		if a, b := log[6].out.Message.Text, log[7].out.Message.Text; a != "reply" || b != "5" {
			t.Errorf("after the wait came %q and %q, want the reply and the message that was refused", a, b)
		}
		w.wantState(6, outbox.StateSent, "", 1)
		if r := w.row(7); r.PossiblyRepeated {
			t.Error("a message that was never begun is labelled as possibly repeated")
		}
	})
}

func TestNothingStaysLeasedWhileTheChannelWaits(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 28}
		w.net.latency, w.q.delay = 30*time.Millisecond, 40*time.Millisecond
		w.net.answer = func(_ channel.Outgoing, n int) error {
			if n%9 == 8 {
				return &channel.SendError{Kind: channel.Limited, After: time.Minute}
			}
			return nil
		}
		for i := range 300 {
			w.enqueue(bulk(to(i), "x"))
		}
		for range 30 {
			w.run(time.Minute)
			if w.net.seen()[len(w.net.seen())-1].at.After(time.Now().Add(-time.Second)) {
				continue // something has just been begun
			}
			if held := w.q.find(func(r *outbox.Row) bool { return r.State == outbox.StateLeased }); len(held) > 0 {
				t.Fatalf("%d rows are leased while the channel waits", len(held))
			}
		}
	})
}

func TestLimitWithoutATimeWaitsLongerEachTime(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = func(_ channel.Outgoing, n int) error {
			if n < 3 {
				return failing(channel.Limited)
			}
			return nil
		}
		w.enqueue(reply(to(1), "a"))
		w.run(time.Minute)
		log := w.net.seen()
		if len(log) != 4 {
			t.Fatalf("%d sendings, want 4", len(log))
		}
		for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
			if wait := log[i+1].at.Sub(log[i].at); wait < want || wait > want+100*time.Millisecond {
				t.Errorf("wait %d was %v, want %v", i, wait, want)
			}
		}
	})
}

// TestHighRateIsReachedOverALongWay pays for 200 messages a second to a network
// whose answer takes as long as one from Europe.
func TestHighRateIsReachedOverALongWay(t *testing.T) {
	const messages, rate = 3000, 200
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: rate, PerAddress: time.Second}
		w.net.latency, w.q.delay = 220*time.Millisecond, 7*time.Millisecond
		var rows []outbox.Row
		for i := range messages {
			rows = append(rows, bulk(to(i), fmt.Sprint(i)))
		}
		w.enqueue(rows...)
		w.run(17 * time.Second)
		if n := len(w.net.seen()); n != messages {
			t.Errorf("%d of %d messages in 17 s", n, messages)
		}
		if most := mostInASecond(w.net.seen()); most > rate {
			t.Errorf("%d messages began in one second", most)
		}
	})
}
