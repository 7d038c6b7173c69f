package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/channeltest"
	"sachhon/bot/channel/telegram"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/dialogs"
)

func TestConformancePolling(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, channeltest.Harness{New: func(t testing.TB, log *slog.Logger, to channel.Receiver) channeltest.Rig {
		return newStand(t, log, to, false).rig()
	}})
}

func TestConformanceWebhook(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, channeltest.Harness{New: func(t testing.TB, log *slog.Logger, to channel.Receiver) channeltest.Rig {
		return newStand(t, log, to, true).rig()
	}})
}

// stand is the channel over real connections to the strict stand-in.
type stand struct {
	srv     *telegramtest.Server
	channel *telegram.Telegram
	host    string

	mu      sync.Mutex
	people  map[string]*telegramtest.Person
	updates map[string]int
	noLine  bool // the next message finds no connection
	open    time.Time
	outside []string
}

func newStand(t testing.TB, log *slog.Logger, to channel.Receiver, webhook bool) *stand {
	s := &stand{people: map[string]*telegramtest.Person{}, updates: map[string]int{}}
	s.srv = telegramtest.New(telegramtest.Options{Token: token, LoopbackWebhook: true, Rate: telegramtest.Rate{Grace: 50 * time.Millisecond}})
	at, err := s.srv.Listen(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	api, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	s.host = api.Host
	o := telegram.Options{Token: token, API: api, Log: log, Transport: s, Webhook: webhook}
	if webhook {
		mux := http.NewServeMux()
		ours := httptest.NewServer(mux)
		t.Cleanup(ours.Close)
		if o.PublicURL, err = url.Parse(ours.URL); err != nil {
			t.Fatal(err)
		}
		defer func() { mux.Handle(telegram.WebhookPath, s.channel.Webhook(to)) }()
	}
	s.channel = telegram.New(o)
	t.Cleanup(func() {
		s.srv.Close()
		for _, v := range s.srv.Violations() {
			t.Errorf("the channel did what none does: %s", v)
		}
	})
	return s
}

func (s *stand) rig() channeltest.Rig {
	return channeltest.Rig{
		Channel: s.channel, Say: s.say, Press: s.press, Seen: s.seen, Fail: s.fail,
		Hang: func() func() { return s.srv.Hang() }, Secrets: []string{token, token[strings.Index(token, ":")+1:]},
		Outside: func() []string {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.outside
		},
	}
}

// RoundTrip carries requests to the stand-in, notes those that would leave for
// elsewhere, and loses its line when told to.
func (s *stand) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	elsewhere := r.URL.Host != s.host
	if elsewhere {
		s.outside = append(s.outside, r.URL.Host)
	}
	lost := s.noLine && strings.HasSuffix(r.URL.Path, "/sendMessage")
	if lost {
		s.noLine = false
	}
	s.mu.Unlock()
	if elsewhere || lost {
		return nil, errors.Join(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, r.Body.Close())
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (s *stand) person(name string) *telegramtest.Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[name]
	if p == nil {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			panic(err)
		}
		p = s.srv.NewPerson(id, "Người "+name, "vi")
		s.people[name] = p
	}
	return p
}

func (s *stand) say(_ context.Context, person, id, text string) error {
	p := s.person(person)
	s.mu.Lock()
	defer s.mu.Unlock()
	update, known := s.updates[id]
	if !known {
		update = 5000 + len(s.updates)
		s.updates[id] = update
	}
	p.SayAs(update, text)
	return nil
}

func (s *stand) press(_ context.Context, person, _, button string) error {
	p := s.person(person)
	for _, m := range p.Seen() {
		for _, row := range m.Buttons {
			for _, b := range row {
				if idOf(b.Data) == button {
					p.PressOn(m.ID, b.Data)
					return nil
				}
			}
		}
	}
	return fmt.Errorf("press %q: no such button", button)
}

// idOf is the ID behind what a button hands back: its first 8 bytes are signed.
func idOf(data string) string { return data[min(8, len(data)):] }

func (s *stand) seen(person string) []dialogs.Message {
	var out []dialogs.Message
	for _, m := range s.person(person).Seen() {
		msg := dialogs.Message{Text: m.Text}
		for _, row := range m.Buttons {
			var list []dialogs.Button
			for _, b := range row {
				list = append(list, dialogs.Button{ID: idOf(b.Data), Label: b.Text, URL: b.URL})
			}
			msg.Buttons = append(msg.Buttons, list)
		}
		out = append(out, msg)
	}
	return out
}

// fail arranges the failure of the next message. A wait Telegram named before
// is waited out first: until then the channel asks nothing, and cannot fail.
func (s *stand) fail(kind channel.ErrorKind, after time.Duration) bool {
	time.Sleep(time.Until(s.open))
	f := telegramtest.Failure{}
	switch kind {
	case channel.Temporary:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.noLine = true
		return true
	case channel.Uncertain:
		f.Fault = telegramtest.BadGateway
	case channel.Limited:
		f.Code, f.RetryAfter = 429, int(after/time.Second)
		s.open = time.Now().Add(after + 200*time.Millisecond)
	case channel.BadFormat:
		f.Code, f.Description = 400, `Bad Request: can't parse entities: Unsupported start tag "một" at byte offset 0`
	case channel.TooLong:
		f.Code, f.Description = 400, "Bad Request: message is too long"
	case channel.Unreachable:
		f.Code, f.Description = 403, "Forbidden: bot was blocked by the user"
	case channel.Refused:
		f.Code, f.Description = 400, "Bad Request: BUTTON_URL_INVALID"
	case channel.ChannelDown:
		f.Code = 401
	}
	s.srv.FailNext("sendMessage", f)
	return true
}
