package telegramtest

import (
	"testing"
	"testing/synctest"
	"time"

	"context"
	"net/http"
)

// sends sends n messages at once to a chat and counts those that were taken.
func sends(b *bot, chat, n int) (taken int, last got) {
	for range n {
		if last = b.ask("sendMessage", "chat_id", chat, "text", "a"); last.OK {
			taken++
		}
	}
	return taken, last
}

func TestSlidingSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{PerSecond: 3}})
		s.NewPerson(7, "Ann", "").Start("")
		for range 3 {
			if n, g := sends(b, 7, 1); n != 1 {
				t.Fatalf("refused: %+v", g)
			}
			time.Sleep(300 * time.Millisecond)
		}
		must[bool](b, "sendChatAction", "chat_id", 7, "action", "typing")
		time.Sleep(100 * time.Millisecond)
		if n, g := sends(b, 7, 1); n != 1 {
			t.Errorf("after a second the first does not count: %+v", g)
		}
		time.Sleep(100 * time.Millisecond) // at 1.1 s: 0.3, 0.6 and 1.0 count
		g := b.refused("Too Many Requests: retry after 1", "sendMessage", "chat_id", 7, "text", "a")
		if g.Status != 429 || g.Parameters.RetryAfter != 1 || g.Header.Get("Retry-After") != "1" {
			t.Errorf("refused with %+v", g)
		}
		if s.Waiting() != time.Second {
			t.Errorf("waits %s", s.Waiting())
		}
		time.Sleep(time.Second)
		if n, _ := sends(b, 7, 1); n != 1 {
			t.Error("refused after the wait")
		}
		well(t, s)
	})
}

func TestAskingDuringAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{PerSecond: 1, Wait: 5 * time.Second, Lengthen: 2 * time.Second}})
		s.NewPerson(7, "Ann", "").Start("")
		if n, g := sends(b, 7, 2); n != 1 || g.Parameters.RetryAfter != 5 {
			t.Errorf("%d taken, %+v", n, g)
		}
		time.Sleep(1500 * time.Millisecond)
		b.refused("Too Many Requests: retry after 6", "getMe") // 3.5 s are left and 2 come to it
		blamed(t, s, "asked during a wait: 3.5s")
		time.Sleep(4 * time.Second)
		b.refused("Too Many Requests: retry after 4", "sendMessage", "chat_id", 7, "text", "a")
		blamed(t, s, "asked during a wait: 1.5s")
		time.Sleep(3500 * time.Millisecond)
		must[User](b, "getMe")
		well(t, s)
	})
}

// TestOnTheWay sends from two at once: who had not heard of the wait when
// asking is not blamed, who had is.
func TestOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{PerSecond: 1, Wait: 5 * time.Second}})
		b.client = &http.Client{Transport: s.RoundTripper(100 * time.Millisecond)}
		s.NewPerson(7, "Ann", "").Start("")
		began := time.Now()
		must[message](b, "sendMessage", "chat_id", 7, "text", "a")
		if took := time.Since(began); took != 100*time.Millisecond {
			t.Errorf("the way there and back took %s", took)
		}
		done := make(chan got)
		for i := range 3 {
			go func() {
				time.Sleep(time.Duration(i*40) * time.Millisecond)
				done <- b.ask("sendMessage", "chat_id", 7, "text", "b")
			}()
		}
		for range 3 {
			if g := <-done; g.Status != 429 {
				t.Errorf("taken: %+v", g)
			}
		}
		well(t, s)
		b.ask("sendMessage", "chat_id", 7, "text", "c")
		blamed(t, s, "asked during a wait")
	})
}

func TestBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{Refill: 2, Capacity: 4}})
		s.NewPerson(7, "Ann", "").Start("")
		if n, g := sends(b, 7, 5); n != 4 || g.Parameters.RetryAfter != 1 {
			t.Errorf("%d at once, %+v", n, g)
		}
		time.Sleep(time.Second)
		if n, _ := sends(b, 7, 3); n != 2 {
			t.Errorf("%d after a second", n)
		}
		well(t, s)
	})
}

func TestPaidGoesBeyondWhatIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, allowed := range []bool{false, true} {
			s, b := newServer(t, Options{Rate: Rate{PerSecond: 3, Paid: allowed}})
			s.NewPerson(7, "Ann", "").Start("")
			taken := 0
			for range 8 {
				if b.ask("sendMessage", "chat_id", 7, "text", "a", "allow_paid_broadcast", true).OK {
					taken++
				}
			}
			want, charged := 3, 0
			if allowed {
				want, charged = 8, 5
			}
			if taken != want || s.Charged() != charged {
				t.Errorf("allowed %v: %d taken, %d paid for, want %d and %d", allowed, taken, s.Charged(), want, charged)
			}
			if n, _ := sends(b, 7, 1); n != 0 {
				t.Error("one that may not cost anything went beyond what is free")
			}
		}
	})
}

func TestChatsAndGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{ChatRefill: 1, ChatCapacity: 2, GroupPerMinute: 20, Wait: time.Second}})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		s.NewPerson(8, "Bình", "").Start("")
		if n, _ := sends(b, 7, 2); n != 2 {
			t.Error("no burst for one chat")
		}
		if n, _ := sends(b, 8, 1); n != 1 {
			t.Error("another chat has its own bucket")
		}
		if n, _ := sends(b, 7, 1); n != 0 {
			t.Error("a third at once to one chat")
		}
		g := s.NewGroup(-50, "Tổ sấy")
		g.AddBot(ann)
		time.Sleep(time.Minute)
		for i := range 20 {
			if n, last := sends(b, -50, 1); n != 1 {
				t.Fatalf("message %d to the group: %+v", i, last)
			}
			time.Sleep(time.Second)
		}
		if n, _ := sends(b, -50, 1); n != 0 {
			t.Error("the 21st message to a group in a minute was taken")
		}
		time.Sleep(40 * time.Second)
		if n, last := sends(b, -50, 1); n != 1 {
			t.Errorf("a minute after the first: %+v", last)
		}
		well(t, s)
	})
}

func TestAlbumsCountEachItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{Rate: Rate{PerSecond: 2}})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		if _, err := ann.SendPhoto(picture(t, 10, 10), ""); err != nil {
			t.Fatal(err)
		}
		id := ann.Talk()[1].Media.FileID
		item := map[string]string{"type": "photo", "media": id}
		b.refused("Too Many Requests: retry after 1", "sendMediaGroup", "chat_id", 7, "media", []any{item, item, item})
		time.Sleep(time.Second)
		if all := must[[]message](b, "sendMediaGroup", "chat_id", 7, "media", []any{item, item}); len(all) != 2 || all[0].MediaGroup == "" || all[0].MediaGroup != all[1].MediaGroup {
			t.Errorf("album: %+v", all)
		}
		if n, _ := sends(b, 7, 1); n != 0 {
			t.Error("an album of two and a message in one second")
		}
	})
}

func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		s.FailNext("sendMessage", Failure{Code: 429, RetryAfter: 7})
		b.refused("Too Many Requests: retry after 7", "sendMessage", "chat_id", 7, "text", "a")
		time.Sleep(7 * time.Second)
		s.FailNext("sendmessage", Failure{Code: 500, Times: 2})
		must[User](b, "getMe")
		b.refused("Internal Server Error: restart", "sendMessage", "chat_id", 7, "text", "a")
		b.refused("Internal Server Error: restart", "sendMessage", "chat_id", 7, "text", "a")
		must[message](b, "sendMessage", "chat_id", 7, "text", "a")
		s.FailNext("", Failure{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -1009})
		if g := b.ask("sendMessage", "chat_id", 7, "text", "a"); g.Parameters.MigrateTo != -1009 {
			t.Errorf("%+v", g)
		}
		s.FailNext("sendMessage", Failure{Fault: CloseBefore})
		s.FailNext("sendMessage", Failure{Fault: CloseAfter})
		before := len(ann.Seen())
		for _, more := range []int{0, 1} {
			if g, err := b.post(t.Context(), "sendMessage?chat_id=7&text=b", "", ""); err == nil {
				t.Errorf("answered %+v", g)
			}
			if n := len(ann.Seen()) - before; n != more {
				t.Errorf("%d messages came, want %d", n, more)
			}
		}
		s.FailNext("sendMessage", Failure{Fault: BadGateway})
		r, _ := http.NewRequest(http.MethodGet, b.base+"sendMessage?chat_id=7&text=b", nil)
		response, err := b.client.Do(r)
		if err != nil || response.StatusCode != 502 || response.Header.Get("Content-Type") != "text/html" {
			t.Errorf("%+v %v", response, err)
		}
		well(t, s)
	})
}

func TestHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		release := s.Hang("sendMessage")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := b.post(ctx, "sendMessage?chat_id=7&text=a", "", ""); err == nil || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		must[User](b, "getMe")
		done := make(chan got)
		go func() { done <- b.ask("sendMessage", "chat_id", 7, "text", "b") }()
		synctest.Wait()
		release()
		release()
		if g := <-done; !g.OK {
			t.Errorf("released: %+v", g)
		}
		for _, f := range []Fault{HangAfter, HangBefore} {
			s.FailNext("sendMessage", Failure{Fault: f})
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if _, err := b.post(ctx, "sendMessage?chat_id=7&text=c", "", ""); err == nil {
				t.Error("answered")
			}
			cancel()
		}
		synctest.Wait()
		same(t, "seen", texts(ann.Seen()), []string{"b", "c"})
		well(t, s)
	})
}
