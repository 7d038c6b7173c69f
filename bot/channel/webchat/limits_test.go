package webchat_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/channel/webchat"
)

// from sends one request as if from a network address, without a network.
func from(h http.Handler, remote, method, path, body string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = remote
	for k, v := range header {
		r.Header[k] = v
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func cookie(secret string) http.Header { return http.Header{"Cookie": {"visitor=" + secret}} }

func number(n int) string {
	const hex = "0123456789abcdef"
	b := []byte(strings.Repeat("0", 32))
	for i := range 6 {
		b[i] = hex[n>>(4*i)&15]
	}
	return string(b)
}

func TestVisitorLimit(t *testing.T) {
	now := time.Date(2026, 12, 10, 8, 0, 0, 0, time.UTC)
	bot := newOffice(func() time.Time { return now })
	mux := http.NewServeMux()
	webchat.New(bot, webchat.Options{Now: func() time.Time { return now }}).Routes(mux)
	say := func(who string) *httptest.ResponseRecorder {
		return from(mux, "127.0.0.1:1", "POST", "/", "text=xin+ch%C3%A0o&id="+number(len(bot.received)), cookie(who))
	}
	for i := range 20 {
		if w := say(number(1)); w.Code != http.StatusSeeOther {
			t.Fatalf("post %d: %d", i+1, w.Code)
		}
	}
	w := say(number(1))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `value="xin chào"`) {
		t.Errorf("post 21: %d %v", w.Code, w.Header())
	}
	if w := say(number(2)); w.Code != http.StatusSeeOther {
		t.Errorf("another visitor: %d", w.Code)
	}
	now = now.Add(time.Second)
	for i, want := range []int{303, 303, 429} {
		if w := say(number(1)); w.Code != want {
			t.Errorf("a second later, post %d: %d, want %d", i+1, w.Code, want)
		}
	}
}

func TestAddressLimit(t *testing.T) {
	now := time.Date(2026, 12, 10, 8, 0, 0, 0, time.UTC)
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		name, remote, forwarded, other, otherForwarded string
		refused, otherRefused                          bool
	}{
		{"a classroom behind one address", "192.0.2.1:5", "", "192.0.2.2:5", "", true, false},
		{"one IPv6 line with many addresses", "[2001:db8::1]:5", "", "[2001:db8::2]:5", "", true, true},
		{"another IPv6 line", "[2001:db8::1]:5", "", "[2001:db8:0:1::1]:5", "", true, false},
		{"a proxy on this machine", "127.0.0.1:5", "", "127.0.0.1:6", "", false, false},
		{"people behind a trusted proxy", "10.1.1.1:5", "198.51.100.1", "10.1.1.1:6", "198.51.100.2", true, false},
		{"a forged address before the true one", "10.1.1.1:5", "1.2.3.4, 198.51.100.1", "10.1.1.1:6", "5.6.7.8, 198.51.100.1", true, true},
		{"a forged address without a proxy", "192.0.2.1:5", "1.2.3.4", "192.0.2.1:6", "5.6.7.8", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			bot := newOffice(func() time.Time { return now })
			mux := http.NewServeMux()
			webchat.New(bot, webchat.Options{Now: func() time.Time { return now }, TrustedProxies: proxies}).Routes(mux)
			post := func(n int, remote, forwarded string) bool {
				h := cookie(number(n))
				if forwarded != "" {
					h.Set("X-Forwarded-For", forwarded)
				}
				return from(mux, remote, "POST", "/", "text=x", h).Code == http.StatusTooManyRequests
			}
			refused := 0
			for n := range 1001 {
				if post(n, c.remote, c.forwarded) {
					refused++
				}
			}
			if (refused == 1) != c.refused || refused > 1 {
				t.Errorf("%d of 1001 posts refused, want one: %v", refused, c.refused)
			}
			if got := post(5000, c.other, c.otherForwarded); got != c.otherRefused {
				t.Errorf("the other is refused: %v, want %v", got, c.otherRefused)
			}
		})
	}
}

func TestPreviewsAreLimitedToo(t *testing.T) {
	now := time.Now()
	mux := http.NewServeMux()
	webchat.New(newOffice(time.Now), webchat.Options{Now: func() time.Time { return now }, Limits: webchat.Limits{AddressBurst: 2}}).Routes(mux)
	for i, want := range []string{"Anh/chị muốn làm gì?", "Anh/chị muốn làm gì?", "nhắn cho Trung tâm ở ô bên dưới"} {
		w := from(mux, "192.0.2.1:5", "GET", "/", "", nil)
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("visit %d: %d, want %q", i+1, w.Code, want)
		}
	}
}

func TestCookies(t *testing.T) {
	https, _ := url.Parse("https://chat.example.vn")
	frame := http.Header{"Sec-Fetch-Dest": {"iframe"}, "Sec-Fetch-Site": {"cross-site"}}
	for _, c := range []struct {
		name   string
		opts   webchat.Options
		path   string
		header http.Header
		want   string // the attributes; empty: no cookie
	}{
		{"plain", webchat.Options{}, "/", nil, "HttpOnly; SameSite=Lax"},
		{"by https", webchat.Options{PublicURL: https}, "/", nil, "HttpOnly; Secure; SameSite=Lax"},
		{"in a frame of another site", webchat.Options{PublicURL: https}, "/widget", frame, "HttpOnly; Secure; SameSite=None; Partitioned"},
		{"in a frame without https", webchat.Options{}, "/widget", frame, "HttpOnly; SameSite=Lax"},
		{"a reload within the frame", webchat.Options{PublicURL: https}, "/widget", http.Header{"Sec-Fetch-Dest": {"iframe"}, "Sec-Fetch-Site": {"same-origin"}, "Cookie": {"visitor=" + secret}}, ""},
		{"a visitor who comes back", webchat.Options{}, "/", cookie(secret), "HttpOnly; SameSite=Lax"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.WidgetOrigins = []string{"https://www.example.vn"}
			mux := http.NewServeMux()
			webchat.New(newOffice(time.Now), c.opts).Routes(mux)
			w := from(mux, "127.0.0.1:1", "GET", c.path, "", c.header)
			got := w.Header().Get("Set-Cookie")
			if c.want == "" && got == "" {
				return
			}
			if !strings.HasSuffix(got, "; Path=/; Max-Age=31536000; "+c.want) || c.want == "" {
				t.Errorf("cookie %q, want %q", got, c.want)
			}
			if known := c.header.Get("Cookie") != ""; known != strings.Contains(got, secret) {
				t.Errorf("cookie %q for one who came with %q", got, c.header.Get("Cookie"))
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	mux := http.NewServeMux()
	webchat.New(newOffice(time.Now), webchat.Options{WidgetOrigins: []string{"https://www.example.vn", "https://b.vn; script-src *", "nonsense"}}).Routes(mux)
	get := func(path string) http.Header { return from(mux, "127.0.0.1:1", "GET", path, "", nil).Header() }
	for path, want := range map[string]map[string]string{
		"/": {"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "same-origin",
			"X-Content-Type-Options": "nosniff", "Permissions-Policy": "geolocation=()", "Content-Language": "vi"},
		"/widget":    {"Content-Security-Policy": "frame-ancestors https://www.example.vn", "X-Frame-Options": "", "Cache-Control": "no-store"},
		"/widget.js": {"Content-Type": "text/javascript", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "max-age=3600"},
	} {
		h := get(path)
		for name, value := range want {
			if got := h.Get(name); !strings.Contains(got, value) || value == "" && got != "" {
				t.Errorf("%s has %s: %q, want %q", path, name, got, value)
			}
		}
		for _, bad := range []string{"unsafe", "b.vn", "*"} {
			if strings.Contains(h.Get("Content-Security-Policy"), bad) {
				t.Errorf("%s allows %q", path, bad)
			}
		}
	}
}

func TestPostsOfOtherSites(t *testing.T) {
	https, _ := url.Parse("https://chat.example.vn")
	bot := newOffice(time.Now)
	mux := http.NewServeMux()
	webchat.New(bot, webchat.Options{PublicURL: https}).Routes(mux)
	for _, c := range []struct {
		name, site, origin string
		status             int
	}{
		{"our own page", "same-origin", "https://chat.example.vn", 303},
		{"another site", "cross-site", "https://evil.example", 403},
		{"a site beside ours", "same-site", "https://www.example.vn", 403},
		{"an old browser on our page behind a proxy", "", "https://chat.example.vn", 303},
		{"an old browser on another site", "", "https://evil.example", 403},
	} {
		h := cookie(secret)
		if c.site != "" {
			h.Set("Sec-Fetch-Site", c.site)
		}
		h.Set("Origin", c.origin)
		if w := from(mux, "127.0.0.1:1", "POST", "/", "text=x", h); w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
	}
}

func TestWidgetSwitchedOff(t *testing.T) {
	mux := http.NewServeMux()
	webchat.New(newOffice(time.Now), webchat.Options{}).Routes(mux)
	if w := from(mux, "127.0.0.1:1", "GET", "/widget", "", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "chưa được bật") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if w := from(mux, "127.0.0.1:1", "GET", "/widget.js", "", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "SACHHON_WIDGET_ORIGINS") {
		t.Errorf("script: %d %s", w.Code, w.Body)
	}
}

func TestLogHoldsNothingPersonal(t *testing.T) {
	var out bytes.Buffer
	bot := newOffice(time.Now)
	mux := http.NewServeMux()
	webchat.New(bot, webchat.Options{Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}).Routes(mux)
	bot.down = true
	from(mux, "192.0.2.77:1", "GET", "/", "", cookie(secret))
	from(mux, "192.0.2.77:1", "POST", "/", "text=Nguyen+Thi+Hoa", cookie(secret))
	from(mux, "192.0.2.77:1", "POST", "/say", "press=Nguyen", cookie(secret))
	from(mux, "192.0.2.77:1", "GET", "/events?poll=1", "", cookie(secret))
	if out.Len() == 0 {
		t.Fatal("failures were not logged")
	}
	for _, bad := range []string{"Nguyen", secret, "192.0.2.77"} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("the log holds %q:\n%s", bad, &out)
		}
	}
}

// TestVisitIsSmall adds up all that a first visit loads.
func TestVisitIsSmall(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/")
	sum, seen := len(b.body), map[string]bool{}
	page := *b
	for _, part := range strings.Split(page.body, `"`) {
		if strings.HasPrefix(part, "/assets/") && !seen[part] {
			seen[part] = true
			if b.get(part); b.status != 200 || !strings.Contains(b.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d %v", part, b.status, b.header)
			}
			sum += len(b.body)
		}
	}
	t.Logf("a first visit is %d bytes in %d requests, uncompressed", sum, len(seen)+1)
	if len(seen) != 3 || sum > 60_000 {
		t.Errorf("a first visit is %d bytes in %d requests, want three assets and 60 kB at most", sum, len(seen)+1)
	}
	for _, other := range []string{"http://", "https://", "//"} {
		if strings.Contains(page.body, `="`+other) {
			t.Errorf("the page names another host: %s", other)
		}
	}
	if b.get("/assets/chat.css"); b.status != 404 {
		t.Errorf("an asset without its hash: %d", b.status)
	}
}

func TestManyVisitorsAtOnce(t *testing.T) {
	s := newSite(t, webchat.Options{})
	var failed atomic.Int32
	done := make(chan struct{})
	for range 16 {
		go func() {
			defer func() { done <- struct{}{} }()
			for n := range 20 {
				if from(s.srv.Config.Handler, "192.0.2.1:1", "POST", "/say", "text=x", cookie(number(n))).Code != 200 {
					failed.Add(1)
				}
			}
		}()
	}
	for range 16 {
		<-done
	}
	heard := 0
	for _, in := range s.bot.received {
		if in.Input.Text == "x" {
			heard++
		}
	}
	if failed.Load() != 0 || heard != 16*20 {
		t.Errorf("%d posts failed, %d were heard", failed.Load(), heard)
	}
}
