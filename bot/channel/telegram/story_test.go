package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/dialogs"
)

// story is the channel in a bubble with the strict stand-in, which notes all
// that a well-behaved bot does not do.
type story struct {
	*testing.T
	*telegram.Telegram
	srv  *telegramtest.Server
	to   *inbox
	logs *logbook
	n    int
}

func inStory(t *testing.T, o telegramtest.Options, play func(s *story)) {
	synctest.Test(t, func(t *testing.T) {
		o.Token = token
		s := &story{T: t, srv: telegramtest.New(o), to: &inbox{}, logs: &logbook{}}
		s.Telegram = telegram.New(telegram.Options{
			Token: token, Transport: s.srv.RoundTripper(60 * time.Millisecond), Files: shelf{"shared:1": string(drawing())},
			Log: slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Poll(ctx, s.to) }()
		play(s)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		s.srv.Close()
		for _, v := range s.srv.Violations() {
			t.Errorf("the channel did what none does: %s", v)
		}
		if strings.Contains(s.logs.String(), token) {
			t.Error("the token is in the log")
		}
	})
}

func drawing() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tells sends a message to a person, waiting as long as Telegram asks to.
func (s *story) tells(p *telegramtest.Person, m dialogs.Message, replaces string) channel.Receipt {
	s.Helper()
	s.n++
	out := channel.Outgoing{ID: fmt.Sprint(s.n), Address: channel.Address{Channel: "telegram", ID: fmt.Sprint(p.ID())}, Message: m, Lang: "vi", Replaces: replaces}
	for {
		r, err := s.Send(context.Background(), out)
		var se *channel.SendError
		if errors.As(err, &se) && se.Kind == channel.Limited {
			time.Sleep(se.After)
			continue
		}
		if err != nil {
			s.Fatalf("tell %d %q: %v", p.ID(), m.Text, err)
		}
		return r
	}
}

// hears waits for the next thing that arrives.
func (s *story) hears() channel.Incoming {
	s.Helper()
	before := len(s.to.all())
	time.Sleep(time.Second)
	all := s.to.all()
	if len(all) == 0 || len(all) == before && before == s.n {
		s.Fatal("nothing arrived")
	}
	return all[len(all)-1]
}

func (s *story) press(p *telegramtest.Person, label string) channel.Incoming {
	s.Helper()
	if err := p.Press(label); err != nil {
		s.Fatal(err)
	}
	return s.hears()
}

func last(p *telegramtest.Person) telegramtest.Shown {
	seen := p.Seen()
	return seen[len(seen)-1]
}

// A conversation with all that Telegram has: a list that turns its page in
// place, a number shared, a picture, somebody who leaves and comes back.
func TestAConversation(t *testing.T) {
	inStory(t, telegramtest.Options{}, func(s *story) {
		an := s.srv.NewPerson(1001, "An", "vi")
		an.Start("class_7f3k")
		if in := s.hears(); in.Input.Text != "/start class_7f3k" || in.Lang != "vi" {
			t.Errorf("heard %+v", in)
		}
		page := func(n int) dialogs.Message {
			return dialogs.Message{Text: fmt.Sprintf("**Trang %d** <&>", n), Format: dialogs.Marked, Buttons: [][]dialogs.Button{button(fmt.Sprintf("1.list.p%d", n+1), "Trang sau")}}
		}
		first := s.tells(an, page(1), "")
		in := s.press(an, "Trang sau")
		if in.Input.Button != "1.list.p2" || in.Under != first.MessageID || in.Label != "Trang sau" {
			t.Errorf("heard %+v", in)
		}
		if again := s.tells(an, page(2), in.Under); again != first || last(an).Text != "Trang 2 <&>" || len(an.Seen()) != 1 {
			t.Errorf("shown as %+v, seen %+v", again, an.Seen())
		}
		s.tells(an, page(2), in.Under) // the same once more: not modified

		s.tells(an, phone, "")
		if in := s.press(an, "Gửi số của tôi"); in.Input.Kind != dialogs.InputPhone || !strings.HasPrefix(in.Input.Text, "+84") {
			t.Errorf("heard %+v", in)
		}
		s.tells(an, page(3), in.Under)
		if an.Keyboard() != nil {
			t.Errorf("the keyboard is still there: %v", an.Keyboard())
		}
		s.tells(an, phone, "")
		if in := s.press(an, "Bỏ qua"); in.Input.Text != "Bỏ qua" || in.Input.Kind != dialogs.InputText {
			t.Errorf("heard %+v", in)
		}
		s.tells(an, message("Dạ, vậy bỏ qua."), in.Under)
		if an.Keyboard() != nil || last(an).Text != "Dạ, vậy bỏ qua." {
			t.Errorf("the keyboard is %v, the last word %q", an.Keyboard(), last(an).Text)
		}
		an.PressOn(last(an).ID, "forged")
		if in := s.hears(); in.Input.Button != "0.old.gone" {
			t.Errorf("heard %+v", in)
		}
		an.ShareContactOf("0987654321", "Bình", 1002)
		if in := s.hears(); in.Input != dialogs.Say("0987654321") {
			t.Errorf("heard %+v", in)
		}
		if n := len(an.Toasts()); n != 2 {
			t.Errorf("%d buttons were answered, want 2", n)
		}
	})
}

func TestFilesBothWays(t *testing.T) {
	inStory(t, telegramtest.Options{}, func(s *story) {
		an, binh := s.srv.NewPerson(1001, "An", "vi"), s.srv.NewPerson(1002, "Binh", "en")
		an.Start("")
		binh.Start("")
		time.Sleep(time.Second)
		m := dialogs.Message{Text: "**Kết quả**", Format: dialogs.Marked, Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", MIME: "image/png", Ref: "shared:1"}}, Buttons: [][]dialogs.Button{button("/menu", "Menu")}}
		s.tells(an, m, "")
		s.tells(binh, m, "")
		a, b := last(an), last(binh)
		if a.Media == nil || b.Media == nil || a.Media.FileID != b.Media.FileID || !bytes.Equal(b.Media.Bytes, drawing()) || b.Text != "Kết quả" || len(b.Labels()) != 1 {
			t.Errorf("seen %+v and %+v", a, b)
		}
		if _, err := an.SendAlbum("xưởng", drawing(), drawing()); err != nil {
			t.Fatal(err)
		}
		second := s.hears()
		all := s.to.all()
		first := all[len(all)-2]
		if first.Quiet || !second.Quiet || first.Input.Kind != dialogs.InputFile || first.Input.Text != "xưởng" {
			t.Errorf("heard %+v, then %+v", first, second)
		}
		body, err := s.Open(context.Background(), first.Input.File.Ref)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil || !bytes.Equal(raw, drawing()) {
			t.Errorf("%d bytes came back, %v", len(raw), err)
		}
	})
}

func TestLeavingAndComingBack(t *testing.T) {
	inStory(t, telegramtest.Options{}, func(s *story) {
		an := s.srv.NewPerson(1001, "An", "vi")
		an.Start("")
		time.Sleep(time.Second)
		an.Block()
		if in := s.hears(); in.Standing != channel.StandingBlocked {
			t.Errorf("heard %+v", in)
		}
		_, err := s.Send(context.Background(), channel.Outgoing{ID: "b", Address: channel.Address{Channel: "telegram", ID: "1001"}, Message: message("x")})
		if channel.KindOf(err) != channel.Unreachable {
			t.Errorf("sent: %v", err)
		}
		an.Unblock()
		if in := s.hears(); in.Standing != channel.StandingBack || !in.Quiet {
			t.Errorf("heard %+v", in)
		}
		s.tells(an, message("Chào lại"), "")
	})
}

func TestAGroup(t *testing.T) {
	inStory(t, telegramtest.Options{}, func(s *story) {
		an := s.srv.NewPerson(1001, "An", "vi")
		g := s.srv.NewGroup(-500, "Hội gỗ")
		g.AddBot(an)
		time.Sleep(time.Second)
		g.Say(an, "/menu@sachhon_bot")
		g.Say(an, "@sachhon_bot ơi")
		time.Sleep(time.Second)
		super := g.Migrate(-1001234567890, an)
		super.Say(an, "/menu")
		time.Sleep(time.Second)
		seen := append(g.Seen(), super.Seen()...)
		if len(seen) != 1 || !strings.Contains(seen[0].Text, "nhắn riêng") || seen[0].Buttons[0][0].URL != "https://t.me/sachhon_bot" {
			t.Errorf("the group saw %+v", seen)
		}
		if all := s.to.all(); len(all) != 0 {
			t.Errorf("received %+v", all)
		}
	})
}

// TestThemeBroadcast: at the limits Telegram publishes nothing is lost and no
// request leaves during a wait, with sendings at once, presses between them and
// a poll under way.
func TestThemeBroadcast(t *testing.T) {
	inStory(t, telegramtest.Options{Rate: telegramtest.RealRate()}, func(s *story) {
		var people []*telegramtest.Person
		for i := range 120 {
			p := s.srv.NewPerson(int64(2000+i), "N", "vi")
			p.Start("")
			people = append(people, p)
		}
		time.Sleep(5 * time.Second)
		done := make(chan bool)
		for lane := range 6 {
			go func() {
				for i := lane; i < len(people); i += 6 {
					out := channel.Outgoing{Address: channel.Address{Channel: "telegram", ID: fmt.Sprint(people[i].ID())}, Message: dialogs.Message{Text: "Nhắc lịch", Buttons: [][]dialogs.Button{button("/menu", "Menu")}}}
					for {
						_, err := s.Send(context.Background(), out)
						var se *channel.SendError
						if !errors.As(err, &se) {
							break
						}
						if se.Kind != channel.Limited {
							t.Errorf("send: %v", err)
						}
						time.Sleep(se.After)
					}
					if i%3 == 0 {
						if err := people[i].Press("Menu"); err != nil {
							t.Error(err)
						}
					}
				}
				done <- true
			}()
		}
		for range 6 {
			<-done
		}
		time.Sleep(time.Minute)
		pressed := 0
		for _, p := range people {
			if len(p.Seen()) != 1 {
				t.Errorf("%d saw %d messages", p.ID(), len(p.Seen()))
			}
			pressed += len(p.Toasts())
		}
		if got := len(s.to.all()); got != 160 || pressed != 40 {
			t.Errorf("%d updates arrived, %d presses were answered; want 160 and 40", got, pressed)
		}
		if s.srv.Count("sendMessage", 429) == 0 {
			t.Error("nobody asked to wait, so nothing was proved")
		}
	})
}
