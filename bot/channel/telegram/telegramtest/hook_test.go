package telegramtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// site is a webhook in process: it keeps what it is sent and answers as told.
type site struct {
	mu     sync.Mutex
	came   []time.Duration // since the beginning
	bodies []string
	header http.Header
	began  time.Time
	answer func(n int, body string) *http.Response // n counts from 1
}

func (w *site) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	w.came = append(w.came, time.Since(w.began))
	w.bodies = append(w.bodies, string(raw))
	w.header = r.Header
	n, answer := len(w.came), w.answer
	w.mu.Unlock()
	response := answer(n, string(raw))
	if response == nil {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return response, nil
}

func (w *site) times() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.came)
}

func status(code int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: code, Header: h, Body: http.NoBody}
}

const hookURL = "https://bot.sxsh.vn/webhook/telegram"

func hooked(t *testing.T, answer func(n int, body string) *http.Response) (*Server, *bot, *site) {
	w := &site{began: time.Now(), answer: answer}
	s, b := newServer(t, Options{FirstUpdateID: 10, WebhookTransport: w})
	if g := b.ask("setWebhook", "url", hookURL, "secret_token", "s3cret_-"); g.Description != "Webhook was set" {
		t.Fatalf("setWebhook: %+v", g)
	}
	return s, b, w
}

func TestWebhookDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b, w := hooked(t, func(int, string) *http.Response { return status(204) })
		ann := s.NewPerson(7, "Ann", "vi")
		ann.Start("x")
		ann.Say("hai")
		synctest.Wait()
		if len(w.bodies) != 2 || !strings.Contains(w.bodies[0], `"/start x"`) || !strings.HasPrefix(w.bodies[1], `{"update_id":11,`) {
			t.Errorf("delivered %q", w.bodies)
		}
		if w.header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret_-" || w.header.Get("Content-Type") != "application/json" || w.header.Get("Accept-Encoding") != "gzip, deflate" {
			t.Errorf("header %v", w.header)
		}
		b.refused(conflictWebhook, "getUpdates")
		if s.PendingUpdates() != 0 {
			t.Errorf("%d wait", s.PendingUpdates())
		}
		well(t, s)
	})
}

func TestWebhookTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b, w := hooked(t, func(n int, _ string) *http.Response {
			if n < 7 {
				return status(500)
			}
			return status(200)
		})
		ann := s.NewPerson(7, "Ann", "vi")
		ann.Say("một")
		ann.Say("hai")
		time.Sleep(30 * time.Second)
		info := must[map[string]any](b, "getWebhookInfo")
		if info["last_error_message"] != "Wrong response from the webhook: 500 Internal Server Error" || info["pending_update_count"] != 2.0 || info["url"] != hookURL || info["max_connections"] != 40.0 {
			t.Errorf("info %v", info)
		}
		time.Sleep(time.Hour)
		second := time.Second
		same(t, "tries", w.times(), []time.Duration{0, 0, 2 * second, 6 * second, 14 * second, 30 * second, 62 * second, 62 * second})
		if !strings.Contains(w.bodies[7], "hai") || s.PendingUpdates() != 0 {
			t.Errorf("last %q, %d wait", w.bodies[7], s.PendingUpdates())
		}
	})
}

func TestWebhookGivesUpOnCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, w := hooked(t, func(int, string) *http.Response { return status(503) })
		ann := s.NewPerson(7, "Ann", "vi")
		ann.PressOn(1, "x")
		time.Sleep(time.Hour)
		times := w.times()
		if last := times[len(times)-1]; last > callbackLife || s.PendingUpdates() != 0 {
			t.Errorf("tried at %v, %d wait", times, s.PendingUpdates())
		}
	})
}

func TestWebhookLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, w := hooked(t, func(_ int, body string) *http.Response {
			if strings.Contains(body, "hỏng") {
				return status(500)
			}
			return status(200)
		})
		ann, binh := s.NewPerson(7, "Ann", "vi"), s.NewPerson(8, "Bình", "vi")
		ann.Say("hỏng")
		ann.Say("chờ")
		ann.PressOn(1, "nút")
		binh.Say("chào")
		synctest.Wait()
		all := strings.Join(w.bodies, "\n")
		if strings.Contains(all, "chờ") || !strings.Contains(all, "nút") || !strings.Contains(all, "chào") {
			t.Errorf("a stuck chat holds up more or less than itself: %s", all)
		}
	})
}

func TestWebhookAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := []*http.Response{
			status(429, "Retry-After", "100"), // again after 100 s
			nil,                               // then hangs for a minute, and again after 2 s
			status(301, "Location", "https://elsewhere.vn/"),
			{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"method":"sendMessage","chat_id":7,"text":"trong câu trả lời"}`))},
			{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"method":"getMe"}`))},
		}
		s, b, w := hooked(t, func(n int, _ string) *http.Response { return answers[min(n, len(answers))-1] })
		ann := s.NewPerson(7, "Ann", "vi")
		ann.Say("một")
		time.Sleep(161 * time.Second)
		if info := must[map[string]any](b, "getWebhookInfo"); info["last_error_message"] != "Read timeout expired" {
			t.Errorf("info %v", info)
		}
		time.Sleep(time.Minute)
		second := time.Second
		same(t, "tries", w.times(), []time.Duration{0, 100 * second, 162 * second, 166 * second})
		same(t, "said in the answer", texts(ann.Seen()), []string{"trong câu trả lời"})
		well(t, s)
		ann.Say("hai")
		synctest.Wait()
		blamed(t, s, "the webhook's answer asks for getMe, which is not done")
	})
}

func TestWebhookIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b, _ := hooked(t, func(int, string) *http.Response { return status(410) })
		s.NewPerson(7, "Ann", "vi").Say("một")
		time.Sleep(22 * time.Hour)
		if info := must[map[string]any](b, "getWebhookInfo"); info["url"] != hookURL {
			t.Errorf("after 22 hours: %v", info)
		}
		time.Sleep(90 * time.Minute)
		if info := must[map[string]any](b, "getWebhookInfo"); info["url"] != "" {
			t.Errorf("after 23 hours: %v", info)
		}
	})
}

func TestSetWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{WebhookTransport: &site{answer: func(int, string) *http.Response { return status(200) }}})
		for _, c := range []struct{ url, secret, want string }{
			{"http://bot.sxsh.vn/", "", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
			{"https://bot.sxsh.vn:8080/", "", "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
			{"https://127.0.0.1/", "", "Bad Request: bad webhook: IP address 127.0.0.1 is reserved"},
			{"https://[2001:db8::1]/", "", "Bad Request: bad webhook: IPv6-only addresses are not allowed"},
			{"nonsense", "", "Bad Request: invalid webhook URL specified"},
			{hookURL, strings.Repeat("a", 257), "Bad Request: secret token is too long"},
			{hookURL, "a b", "Bad Request: secret token contains unallowed characters"},
		} {
			b.refused(c.want, "setWebhook", "url", c.url, "secret_token", c.secret)
			time.Sleep(time.Second)
		}
		long := make(chan got, 1)
		go func() { long <- b.ask("getUpdates", "timeout", 30) }()
		synctest.Wait()
		is := func(want, method string, pairs ...any) {
			t.Helper()
			if g := b.ask(method, pairs...); !g.OK || g.Description != want || string(g.Result) != "true" {
				t.Errorf("%s: %+v, want %s", method, g, want)
			}
		}
		is("Webhook was set", "setWebhook", "url", hookURL, "allowed_updates", []string{"message"})
		if g := <-long; g.Description != conflictSet {
			t.Errorf("the poll that waited: %+v", g)
		}
		b.refused("Too Many Requests: retry after 1", "setWebhook", "url", hookURL)
		time.Sleep(time.Second)
		is("Webhook is already set", "setWebhook", "url", hookURL)
		if info := must[map[string]any](b, "getWebhookInfo"); len(info["allowed_updates"].([]any)) != 1 {
			t.Errorf("info %v", info)
		}
		is("Webhook was deleted", "deleteWebhook")
		is("Webhook is already deleted", "deleteWebhook")
		ann := s.NewPerson(7, "Ann", "")
		ann.Say("a")
		if ann.Block() != 0 {
			t.Error("the kinds asked for with the webhook are forgotten")
		}
		is("Webhook was deleted", "deleteWebhook", "drop_pending_updates", true)
		if s.PendingUpdates() != 0 {
			t.Error("updates were not dropped")
		}
		local := New(Options{LoopbackWebhook: true})
		defer local.Close()
		if e := local.checkHook("http://127.0.0.1:8080/webhook", ""); e != nil {
			t.Errorf("on this machine: %s", e.text)
		}
		if e := local.checkHook("http://bot.sxsh.vn/", ""); e == nil {
			t.Error("another machine without https is allowed")
		}
		well(t, s)
	})
}

func TestUpdatesAreJSON(t *testing.T) {
	s, _ := newServer(t, Options{})
	ann := s.NewPerson(7, `A"nn`, "vi")
	ann.Say("a\n<b>")
	ann.ShareContactOf("0912345678", "Bình", 0)
	for _, u := range s.updates.past {
		if !json.Valid(u.json()) {
			t.Errorf("not JSON: %s", u.json())
		}
	}
}
