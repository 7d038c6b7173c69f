package telegramtest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestOffsets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		ann := s.NewPerson(7, "Ann", "")
		for i := range 5 {
			ann.Say(fmt.Sprint(i))
		}
		same(t, "all", ids(b.updates()), []int{10, 11, 12, 13, 14})
		time.Sleep(time.Second)
		same(t, "asked again", ids(b.updates("limit", 2)), []int{10, 11})
		same(t, "confirmed two", ids(b.updates("offset", 12)), []int{12, 13, 14})
		if s.PendingUpdates() != 3 {
			t.Errorf("%d wait", s.PendingUpdates())
		}
		same(t, "far in the future", ids(b.updates("offset", 25)), []int{12, 13, 14})
		same(t, "far in the past", ids(b.updates("offset", 1)), []int{12, 13, 14})
		same(t, "all but the last", ids(b.updates("offset", -1)), []int{14})
		same(t, "what is left", ids(b.updates("limit", 0)), []int{14})
		same(t, "just in the future", ids(b.updates("offset", 24)), nil)
		well(t, s)
		ann.Say("ai nghe?")
		b.updates("offset", 16)
		blamed(t, s, "offset 16 confirms update 15, which was never delivered")
	})
}

func TestSameQuestionWithinThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		b.updates()
		began := time.Now()
		b.updates("timeout", 1)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("the same question took %s", took)
		}
		ann := s.NewPerson(7, "Ann", "")
		ann.Say("a")
		ann.Say("b")
		time.Sleep(4 * time.Second)
		same(t, "asked", ids(b.updates()), []int{10, 11})
		same(t, "asked again at once", ids(b.updates()), []int{10})
		time.Sleep(time.Second)
		same(t, "asked again after a second", ids(b.updates()), []int{10, 11})
	})
}

func TestConflicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b := newServer(t, Options{})
		began := time.Now()
		type answered struct {
			got
			after time.Duration
		}
		ask := func() chan answered {
			out := make(chan answered, 1)
			go func() {
				g := b.ask("getUpdates", "timeout", 20)
				out <- answered{g, time.Since(began)}
			}()
			synctest.Wait()
			return out
		}
		first := ask()
		time.Sleep(time.Second)
		second := ask()
		if a := <-first; a.Description != conflictPoll || a.Status != 409 || a.after != time.Second {
			t.Errorf("the first: %+v", a)
		}
		time.Sleep(time.Second)
		third := ask()
		if a := <-second; a.Description != conflictPoll || a.after != 5*time.Second {
			t.Errorf("the second, within three seconds: %+v", a)
		}
		if a := <-third; !a.OK || a.after != 22*time.Second {
			t.Errorf("the third: %+v", a)
		}
	})
}

func TestUpdatesExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		m := must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", buttons("Xem", "x"))
		ann.PressOn(m.ID, "x")
		time.Sleep(149 * time.Second)
		same(t, "after 149 s", ids(b.updates()), []int{10, 11})
		time.Sleep(time.Second)
		same(t, "after 150 s", ids(b.updates()), []int{10})
		time.Sleep(day - 151*time.Second)
		same(t, "just before a day", ids(b.updates()), []int{10})
		time.Sleep(time.Second)
		same(t, "after a day", ids(b.updates()), nil)
	})
}

func TestKindsOfUpdates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		kinds := func(pairs ...any) string {
			time.Sleep(4 * time.Second)
			before := s.PendingUpdates()
			b.updates(pairs...)
			if ann.Block() != 0 {
				ann.Unblock()
			}
			ann.Say("a")
			heard := s.PendingUpdates() - before
			b.updates()
			last := b.updates("offset", -1)
			b.updates("offset", last[0].ID+1)
			return fmt.Sprint(heard)
		}
		if got := kinds(); got != "3" {
			t.Errorf("usually %s updates are heard", got)
		}
		if got := kinds("allowed_updates", []string{"MESSAGE"}); got != "1" {
			t.Errorf("messages alone: %s", got)
		}
		for _, kept := range []string{"null", "", "{"} {
			if got := kinds("allowed_updates", kept); got != "1" {
				t.Errorf("allowed_updates=%s: %s updates, want the setting to stay", kept, got)
			}
		}
		blamed(t, s, "not of type Array of String")
		if got := kinds("allowed_updates", "[]"); got != "3" {
			t.Errorf("an empty list: %s", got)
		}
		kinds("allowed_updates", []string{"message"})
		if got := kinds("allowed_updates", []string{"gossip"}); got != "3" {
			t.Errorf("unknown names alone: %s", got)
		}
		blamed(t, s, `unknown kind of update "gossip"`)
	})
}

func TestUpdateIDsBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 900})
		ann := s.NewPerson(7, "Ann", "")
		ann.Say("a")
		same(t, "before", ids(b.updates()), []int{900})
		b.updates("offset", 901)
		s.ResetUpdateIDs(17)
		ann.Say("b")
		same(t, "after, with the old offset", ids(b.updates("offset", 901)), []int{17})
		same(t, "confirmed", ids(b.updates("offset", 18)), nil)
		time.Sleep(week)
		ann.Say("c")
		if all := b.updates(); len(all) != 1 || all[0].ID == 18 {
			t.Errorf("after a week: %v", ids(all))
		}
		well(t, s)
	})
}

func TestRepeatedAndOvertakingUpdates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		m := must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", buttons("Xem", "x"))
		same(t, "first", ids(b.updates()), []int{10})
		b.updates("offset", 11)
		s.Redeliver(10)
		again := b.updates("offset", 11)
		if len(again) != 1 || again[0].ID != 10 || again[0].Message.Text != "/start" {
			t.Errorf("delivered again: %+v", again)
		}
		same(t, "then confirmed", ids(b.updates("offset", 11, "limit", 5)), nil)
		if id := ann.SayAs(10, "không tính"); id != 10 {
			t.Errorf("said as %d", id)
		}
		if again = b.updates("offset", 11); len(again) != 1 || again[0].Message.Text != "/start" {
			t.Errorf("said again: %+v", again)
		}
		if ann.SayAs(70, "mới"); ann.Say("sau") != 71 {
			t.Error("ids go on after the chosen one")
		}
		time.Sleep(time.Second)
		same(t, "chosen id", ids(b.updates("offset", 11)), []int{70, 71})
		b.updates("offset", 72)
		release := s.HoldBack("message")
		ann.Say("chậm")
		ann.PressOn(m.ID, "x")
		overtaking := b.updates("offset", 72)
		if len(overtaking) != 1 || overtaking[0].Callback == nil {
			t.Fatalf("the callback first: %+v", overtaking)
		}
		release()
		late := b.updates("offset", 73)
		if len(late) != 1 || late[0].Message.Text != "chậm" {
			t.Errorf("the message late: %+v", late)
		}
		s.DuplicateNext(1)
		ann.Say("hai lần")
		same(t, "twice", ids(b.updates("offset", 74)), []int{74, 74})
		well(t, s)
	})
}

func TestAnswersStopAt4MiB(t *testing.T) {
	s, b := newServer(t, Options{FirstUpdateID: 10})
	ann := s.NewPerson(7, "Ann", "")
	for range 12 {
		ann.Say(strings.Repeat("x", 400<<10))
	}
	if n := len(b.updates()); n != 10 {
		t.Errorf("%d updates of 400 KiB came at once, want 10", n)
	}
	if id := ann.Say(strings.Repeat("x", 512<<10)); id != 0 {
		t.Error("an update of more than 512 KiB was kept")
	}
}
