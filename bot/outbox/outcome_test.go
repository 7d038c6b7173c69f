package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
)

// always answers every message alike.
func always(kind channel.ErrorKind) func(channel.Outgoing, int) error {
	return func(channel.Outgoing, int) error { return failing(kind) }
}

// first fails the first n messages and takes the rest.
func first(n int, kind channel.ErrorKind) func(channel.Outgoing, int) error {
	return func(_ channel.Outgoing, i int) error {
		if i < n {
			return failing(kind)
		}
		return nil
	}
}

func TestWhatBecomesOfAMessage(t *testing.T) {
	marked := dialogs.Message{Text: "Lớp **mới**", Format: dialogs.Marked}
	cases := []struct {
		name     string
		message  dialogs.Message
		answer   func(channel.Outgoing, int) error
		expires  time.Duration
		state    outbox.State
		reason   outbox.Reason
		attempts int
		repeated bool
		sends    int
	}{
		{name: "taken at once", state: outbox.StateSent, attempts: 1, sends: 1},
		{name: "the way fails twice", answer: first(2, channel.Temporary), state: outbox.StateSent, attempts: 3, sends: 3},
		{name: "the way never works", answer: always(channel.Temporary), state: outbox.StateDead, reason: outbox.Exhausted, attempts: 12, sends: 12},
		{name: "too late after some tries", answer: always(channel.Temporary), expires: 10 * time.Second, state: outbox.StateDead, reason: outbox.Expired, attempts: 4, sends: 4},
		{name: "no word once", answer: first(1, channel.Uncertain), state: outbox.StateSent, attempts: 2, repeated: true, sends: 2},
		{name: "never any word", answer: always(channel.Uncertain), state: outbox.StateDead, reason: outbox.Unclear, attempts: 4, repeated: true, sends: 4},
		{name: "asked to wait", answer: first(3, channel.Limited), state: outbox.StateSent, attempts: 1, sends: 4},
		{name: "marks refused", message: marked, answer: first(1, channel.BadFormat), state: outbox.StateSent, attempts: 2, sends: 2},
		{name: "marks refused, and the plain text too", message: marked, answer: always(channel.BadFormat), state: outbox.StateDead, reason: outbox.Unreadable, attempts: 2, sends: 2},
		{name: "plain text refused as badly marked", answer: always(channel.BadFormat), state: outbox.StateDead, reason: outbox.Unreadable, attempts: 1, sends: 1},
		{name: "too long, and short already", answer: always(channel.TooLong), state: outbox.StateDead, reason: outbox.TooLong, attempts: 1, sends: 1},
		{name: "the person shut the bot out", answer: always(channel.Unreachable), state: outbox.StateDead, reason: outbox.Unreachable, attempts: 1, sends: 1},
		{name: "never to be taken", answer: always(channel.Refused), state: outbox.StateDead, reason: outbox.Refused, attempts: 1, sends: 1},
		{name: "the channel is shut out for a while", answer: first(3, channel.ChannelDown), state: outbox.StateSent, attempts: 1, sends: 4},
		{name: "an error that says nothing", answer: func(_ channel.Outgoing, n int) error {
			if n == 0 {
				return errors.New("Post https://api.example/botSECRET/send: EOF")
			}
			return nil
		}, state: outbox.StateSent, attempts: 2, repeated: true, sends: 2},
		{name: "the channel panics", answer: func(_ channel.Outgoing, n int) error {
			if n == 0 {
				panic("SECRET")
			}
			return nil
		}, state: outbox.StateSent, attempts: 2, repeated: true, sends: 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.net.answer = c.answer
				r := reply(to(1), "Chào anh/chị")
				if c.message.Text != "" {
					r.Message = c.message
				}
				if c.expires > 0 {
					r.Expires = time.Now().Add(c.expires)
				}
				w.enqueue(r)
				w.run(3 * time.Hour)
				got := w.wantState(1, c.state, c.reason, c.attempts)
				if got.PossiblyRepeated != c.repeated {
					t.Errorf("possibly repeated: %v, want %v", got.PossiblyRepeated, c.repeated)
				}
				if n := len(w.net.seen()); n != c.sends {
					t.Errorf("%d sendings, want %d", n, c.sends)
				}
				if sent := got.State == outbox.StateSent; sent != (got.Message.Text == "") || sent != (got.Receipt != "") {
					t.Errorf("%v with text %q and receipt %q", got.State, got.Message.Text, got.Receipt)
				}
				if got.Settled.IsZero() || !got.LeasedUntil.IsZero() {
					t.Errorf("settled %v, leased until %v", got.Settled, got.LeasedUntil)
				}
				if c.expires > 0 && got.Settled.After(got.Expires) {
					t.Errorf("given up at %v, want no later than %v", got.Settled, got.Expires)
				}
				if all := w.logs.String() + got.LastError; strings.Contains(all, "SECRET") || strings.Contains(all, "Chào") {
					t.Errorf("a secret or a text in %s", all)
				}
			})
		})
	}
}

func TestTriesGrowRarer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = always(channel.Temporary)
		w.enqueue(reply(to(1), "a"))
		w.run(3 * time.Hour)
		log := w.net.seen()
		want := time.Second
		for i := 1; i < len(log); i++ {
			if wait := log[i].at.Sub(log[i-1].at); wait < want-time.Second || wait > want+100*time.Millisecond {
				t.Errorf("wait %d was %v, want about %v", i, wait, want)
			}
			want = min(2*want, time.Hour)
		}
	})
}

func TestJitterSpreadsTheTries(t *testing.T) {
	inWorld(t, func(w *world) {
		draws := []float64{0.9, 0.1, 0.5}
		w.opts.Random = func() float64 { d := draws[0]; draws = draws[1:]; return d }
		w.net.answer = func(_ channel.Outgoing, n int) error {
			if n < 3 {
				return failing(channel.Temporary)
			}
			return nil
		}
		began := time.Now()
		w.enqueue(reply(to(1), "a"), reply(to(2), "b"))
		w.run(5 * time.Second)
		want := []time.Duration{0, 0, 100 * time.Millisecond, 900 * time.Millisecond, 1100 * time.Millisecond}
		log := w.net.seen()
		if len(log) != len(want) {
			t.Fatalf("%d sendings, want %d", len(log), len(want))
		}
		for i, s := range log {
			if s.at.Sub(began) != want[i] {
				t.Errorf("sending %d began after %v, want %v", i, s.at.Sub(began), want[i])
			}
		}
	})
}

func TestMarksAreTakenAwayOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = func(out channel.Outgoing, _ int) error {
			if out.Message.Format == dialogs.Marked {
				return failing(channel.BadFormat)
			}
			return nil
		}
		r := reply(to(1), "Lớp **mới**")
		r.Message.Format = dialogs.Marked
		w.enqueue(r, reply(to(1), "sau đó"))
		w.run(time.Second)
		w.wantTexts("Lớp **mới**", "Lớp mới", "sau đó")
	})
}

func TestTooLongIsCutAndKeepsItsOrder(t *testing.T) {
	inWorld(t, func(w *world) {
		const limit = 100
		w.net.answer = func(out channel.Outgoing, _ int) error {
			if len(out.Message.Text) > limit {
				return failing(channel.TooLong)
			}
			return nil
		}
		var words []string
		for i := range 80 {
			words = append(words, fmt.Sprint("tu", i))
		}
		r := reply(to(1), strings.Join(words, " "))
		r.Message.Buttons = [][]dialogs.Button{{{ID: "/menu", Label: "Menu"}}}
		w.enqueue(r, reply(to(1), "sau đó"))
		w.run(time.Minute)
		var got []string
		ids := map[string]bool{}
		for _, s := range w.net.seen() {
			if s.err != nil {
				continue
			}
			got = append(got, strings.Fields(s.out.Message.Text)...)
			if ids[s.out.ID] {
				t.Errorf("two parts have the id %s", s.out.ID)
			}
			ids[s.out.ID] = true
			if last := strings.HasSuffix(s.out.Message.Text, "tu79"); last != (len(s.out.Message.Buttons) > 0) {
				t.Errorf("buttons under %q: %v", s.out.Message.Text, s.out.Message.Buttons)
			}
		}
		if want := strings.Join(words, " ") + " sau đó"; strings.Join(got, " ") != want {
			t.Errorf("the person got\n%s\nwant\n%s", strings.Join(got, " "), want)
		}
		w.wantState(1, outbox.StateSent, "", 1)
	})
}

func TestShutAddressEndsWhatWaitsForIt(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 2, Burst: 1}
		w.net.answer = func(out channel.Outgoing, _ int) error {
			if out.Address == to(1) {
				return failing(channel.Unreachable)
			}
			return nil
		}
		w.enqueue(reply(to(1), "a1"), bulk(to(1), "a in bulk"), reply(to(1), "a2"), reply(to(2), "b"))
		w.run(time.Minute)
		w.wantTexts("a1", "b")
		for id := uint64(1); id <= 3; id++ {
			if r := w.row(id); r.State != outbox.StateDead || r.Reason != outbox.Unreachable {
				t.Errorf("row %d is %v %q", id, r.State, r.Reason)
			}
		}
		if shut, _ := w.q.IsShut(context.Background(), to(1)); !shut {
			t.Error("the address is not marked")
		}
	})
}

func TestMovedAddressIsFollowed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = func(out channel.Outgoing, _ int) error {
			if out.Address == to(1) {
				return &channel.SendError{Kind: channel.Refused, MovedTo: "7"}
			}
			return nil
		}
		w.enqueue(reply(to(1), "a"))
		w.run(time.Second)
		if log := w.net.seen(); len(log) != 2 || log[1].out.Address != to(7) {
			t.Fatalf("got %v, want a second sending to the new address", log)
		}
		w.wantState(1, outbox.StateSent, "", 2)
	})
}

func TestNothingIsSentTooLate(t *testing.T) {
	inWorld(t, func(w *world) {
		late := bulk(to(1), "late")
		late.Expires = time.Now().Add(time.Minute)
		w.enqueue(late, bulk(to(2), "any time"))
		time.Sleep(time.Hour)
		w.run(time.Second)
		w.wantTexts("any time")
		w.wantState(1, outbox.StateDead, outbox.Expired, 0)
	})
}

func TestRevivedMessageIsSent(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = first(1, channel.Refused)
		w.enqueue(reply(to(1), "a"))
		w.run(time.Minute)
		w.wantState(1, outbox.StateDead, outbox.Refused, 1)
		if ok, err := w.q.Revive(context.Background(), 1, time.Now()); !ok || err != nil {
			t.Fatalf("revive: %v, %v", ok, err)
		}
		w.box.Wake()
		w.run(time.Second)
		w.wantTexts("a", "a")
		w.wantState(1, outbox.StateSent, "", 1)
	})
}

func TestChannelShutOutIsSaidOnceAndTriedRarely(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = func(channel.Outgoing, int) error { return failing(channel.ChannelDown) }
		for i := range 50 {
			w.enqueue(bulk(to(i), "x"), reply(to(100+i), "y"))
		}
		w.run(time.Hour)
		log := w.net.seen()
		for i := 12; i < len(log); i++ { // the first 12 were in flight together
			if wait := log[i].at.Sub(log[i-1].at); wait < 3*time.Minute || wait > 4*time.Minute {
				t.Errorf("try %d came %v after the one before, want 3 minutes", i, wait)
			}
		}
		if n := strings.Count(w.logs.String(), "shut out"); n != 1 {
			t.Errorf("said %d times, want once:\n%s", n, w.logs.String())
		}
		w.net.mu.Lock()
		w.net.answer = nil
		w.net.mu.Unlock()
		w.run(4 * time.Minute)
		for id := uint64(1); id <= 100; id++ {
			w.wantState(id, outbox.StateSent, "", 1)
		}
		if !strings.Contains(w.logs.String(), "works again") {
			t.Error("nobody was told that the channel works again")
		}
	})
}

func TestOutageCostsNoMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 28}
		w.net.answer = always(channel.Temporary)
		for i := range 100 {
			w.enqueue(bulk(to(i), "x"))
		}
		w.run(24 * time.Hour)
		w.net.mu.Lock()
		w.net.answer = nil
		w.net.mu.Unlock()
		w.run(2 * time.Minute)
		for id := uint64(1); id <= 100; id++ {
			if r := w.row(id); r.State != outbox.StateSent || r.PossiblyRepeated {
				t.Fatalf("after a day without network row %d is %v %q after %d attempts", id, r.State, r.Reason, r.Attempts)
			}
		}
	})
}

func TestOneMessageThatAlwaysFailsHoldsUpNobody(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.answer = func(out channel.Outgoing, _ int) error {
			if out.Address == to(1) {
				return failing(channel.Temporary)
			}
			return nil
		}
		w.enqueue(reply(to(1), "poison"))
		w.run(2 * time.Hour)
		w.wantState(1, outbox.StateDead, outbox.Exhausted, 12)
		asked := time.Now()
		w.enqueue(reply(to(2), "b"))
		w.run(time.Second)
		if log := w.net.seen(); log[len(log)-1].at != asked {
			t.Errorf("the next message waited %v", log[len(log)-1].at.Sub(asked))
		}
	})
}

func TestSilentNetworkIsNotWaitedForForEver(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.hang = func(out channel.Outgoing) bool { return out.Attempt == 1 }
		w.enqueue(reply(to(1), "a"))
		w.run(5 * time.Minute)
		if r := w.wantState(1, outbox.StateSent, "", 2); !r.PossiblyRepeated {
			t.Error("not labelled as possibly repeated")
		}
	})
}
