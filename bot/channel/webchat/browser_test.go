package webchat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/channel/chrometest"
	"sachhon/bot/channel/webchat"
)

const centre = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"

func TestInABrowser(t *testing.T) {
	c := chrometest.Start(t)
	t.Run("typing", func(t *testing.T) { typing(t, c) })
	t.Run("two tabs", func(t *testing.T) { twoTabs(t, c) })
	t.Run("keyboard", func(t *testing.T) { keyboard(t, c) })
	t.Run("broken lines", func(t *testing.T) { brokenLines(t, c) })
	t.Run("send again", func(t *testing.T) { sendAgain(t, c) })
	t.Run("without a stream", func(t *testing.T) { withoutStream(t, c) })
	t.Run("language", func(t *testing.T) { languageLive(t, c) })
	t.Run("lost cookie", func(t *testing.T) { lostCookie(t, c) })
	t.Run("without JavaScript", func(t *testing.T) { withoutJavaScript(t, c) })
	t.Run("widget", func(t *testing.T) { widget(t, c) })
	t.Run("looks", func(t *testing.T) { looks(t, c) })
}

// shown is what the log shows: one line for each entry that can be seen.
func shown(t *testing.T, b *chrometest.Tab) []string {
	t.Helper()
	raw := b.Eval(`JSON.stringify([...document.querySelectorAll('#log .entry:not([hidden])')].map(e => e.classList[1] + ': ' + (e.querySelector('.said')?.innerText ?? '')))`)
	var out []string
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		t.Fatalf("read log %s: %v", raw, err)
	}
	return out
}

// between puts something between a site's handler and the browser.
func (s *site) between(wrap func(next http.Handler) http.Handler) {
	s.srv.Config.Handler = wrap(s.srv.Config.Handler)
}

func typing(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.Person(t)
	b.Visit(s.srv.URL)
	equal(t, "at first", shown(t, b), []string{hello})
	s.bot.mu.Lock()
	s.bot.slow = 400 * time.Millisecond
	s.bot.mu.Unlock()
	b.Say("xin chào")
	b.Until(`document.getElementById('log').getAttribute('aria-busy') === 'true' && !document.getElementById('typing').hidden`)
	equal(t, "while sending", shown(t, b), []string{hello, "person: xin chào"})
	b.Until(`document.getElementById('log').getAttribute('aria-busy') === 'false' && document.getElementById('typing').hidden`)
	equal(t, "in the end", shown(t, b), []string{hello, "person: xin chào", "bot: Trung tâm đã nghe: xin chàoxin chào"})
	if got := b.Eval(`document.querySelectorAll('#log .choice').length`); got != "0" {
		t.Errorf("%s choices are left after something else was said", got)
	}
	if got := b.Focused(); got != "text" {
		t.Errorf("focus is on %q", got)
	}
	b.Say("/picture")
	b.Until(`document.querySelector('#log img')?.naturalWidth === 1`)
	b.Press("Menu")
	b.Until(`document.querySelectorAll('#log .bot').length === 4`)
	if got := b.Eval(`document.getElementById('log').scrollTop > -2`); got != "true" {
		t.Error("the newest message is out of view")
	}
	if got := b.Eval(`performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))`); got != "true" {
		t.Error("something came from another host")
	}
	b.Quiet()
}

func twoTabs(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	a := c.Person(t)
	a.Visit(s.srv.URL)
	b := a.Another()
	b.Visit(s.srv.URL)
	a.Press("Đăng ký lớp")
	a.Until(`document.querySelectorAll('#log .entry:not([hidden])').length === 3`)
	b.Until(`document.querySelectorAll('#log .entry:not([hidden])').length === 3`)
	equal(t, "both tabs", shown(t, a), shown(t, b))
	b.Press("Bỏ qua")
	for _, tab := range []*chrometest.Tab{a, b} {
		tab.Until(`document.querySelectorAll('#log .entry:not([hidden])').length === 5`)
	}
	equal(t, "both tabs again", shown(t, a), shown(t, b))
	if got := a.Eval(`document.querySelectorAll('#log .choice').length`); got != "0" {
		t.Errorf("%s choices are left in the other tab", got)
	}
	s.bot.remind(s.bot.received[0].Address, "Ngày mai có lớp")
	for _, tab := range []*chrometest.Tab{a, b} {
		tab.Until(`[...document.querySelectorAll('#log .choice')].some(e => e.innerText === 'Giữ chỗ cho tôi')`)
	}
	a.Say("cảm ơn")
	for _, tab := range []*chrometest.Tab{a, b} {
		tab.Until(`document.querySelectorAll('#log .entry:not([hidden])').length === 8`)
	}
	if got := b.Eval(`document.querySelectorAll('#log .choice').length`); got != "1" {
		t.Errorf("%s choices: the reminder's must stay until it is pressed", got)
	}
	b.Visit(s.srv.URL)
	equal(t, "as loaded anew", shown(t, b), shown(t, a))
	a.Quiet()
	b.Quiet()
}

func keyboard(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.Person(t)
	b.Visit(s.srv.URL)
	var order []string
	for range 9 {
		b.Key("\t")
		order = append(order, b.Focused())
	}
	equal(t, "focus order", order, []string{"Đến ô nhập tin nhắn", "other", "Menu", "log", "Đăng ký lớp", "Tự đánh giá", "Xem mẹo tiết kiệm", "text", "Gửi"})
	b.Focus("Đăng ký lớp")
	b.Key("\r")
	b.Until(`document.querySelectorAll('#log .bot').length === 2 && document.querySelectorAll('#pending .entry').length === 0`)
	b.Until(`document.activeElement.matches('.entry.person')`)
	b.Key("\t")
	if got := b.Focused(); got != "Bỏ qua" {
		t.Errorf("after a press, Tab leads to %q", got)
	}
	b.Quiet()
}

// brokenLines cuts every connection again and again while things are said.
func brokenLines(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.Person(t)
	b.Visit(s.srv.URL)
	b.Say("xin chào")
	b.Until(`document.querySelectorAll('#log .bot').length === 2`)
	at := s.bot.received[0].Address
	for i := range 4 {
		s.bot.remind(at, fmt.Sprintf("nhắc %d trước", i))
		s.srv.CloseClientConnections()
		s.bot.remind(at, fmt.Sprintf("nhắc %d sau", i))
	}
	b.Until(`document.querySelectorAll('#log .bot').length === 10`)
	want := []string{hello, "person: xin chào", "bot: Trung tâm đã nghe: xin chàoxin chào"}
	for i := range 4 {
		want = append(want, fmt.Sprintf("bot: nhắc %d trước", i), fmt.Sprintf("bot: nhắc %d sau", i))
	}
	equal(t, "after the lines broke", shown(t, b), want)
}

func sendAgain(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	var losing atomic.Bool // answers get lost after the bot has heard
	losing.Store(true)
	s.between(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/say" && losing.Load() {
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	})
	b := c.Person(t)
	b.Before(`delete window.EventSource; window.EventSource = class extends EventTarget { close() {} }`) // hears only when it asks
	b.Visit(s.srv.URL)
	b.Say("một")
	b.Until(`document.querySelector('#pending .retry:not([hidden])')`)
	b.Write("hai, chưa gửi")
	b.Shot("retry")
	if got := b.Eval(`document.getElementById('notice').innerText`); !strings.Contains(got, "mất kết nối") {
		t.Errorf("the person is told %q", got)
	}
	b.Press("Chưa gửi được — Gửi lại")
	b.Until(`document.querySelector('#pending .retry:not([hidden])')`)
	losing.Store(false)
	b.Press("Chưa gửi được — Gửi lại")
	b.Until(`document.querySelectorAll('#log .bot').length === 2 && !document.querySelector('#pending .entry')`)
	equal(t, "sent thrice, heard once", shown(t, b), []string{hello, "person: một", "bot: Trung tâm đã nghe: mộtmột"})
	if got := b.Eval(`document.getElementById('text').value + '|' + document.getElementById('notice').innerText`); got != "hai, chưa gửi|" {
		t.Errorf("field and notice are %q", got)
	}
	s.bot.mu.Lock()
	s.bot.down = true
	s.bot.mu.Unlock()
	if got := b.Focused(); got == "" || got == "text" {
		t.Errorf("after sending again, the focus is on %q", got)
	}
	b.Write("")
	b.Key("\r")
	b.Until(`document.getElementById('notice').innerText.includes('lỗi ở máy chủ')`)
	s.bot.mu.Lock()
	s.bot.down = false
	s.bot.mu.Unlock()
	b.Press("Chưa gửi được — Gửi lại")
	b.Until(`document.querySelectorAll('#log .bot').length === 3`)
	b.Write(strings.Repeat("ắ", 4001))
	b.Key("\r")
	b.Until(`document.getElementById('notice').innerText.includes('4.000') && document.getElementById('text').value.length === 4001`)
}

func withoutStream(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	s.between(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/events" && r.URL.Query().Get("poll") == "" {
				http.Error(w, "no streams here", http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	b := c.Person(t)
	b.Visit(s.srv.URL)
	b.Say("xin chào")
	b.Until(`document.querySelectorAll('#log .bot').length === 2`)
	s.bot.remind(s.bot.received[0].Address, "Ngày mai có lớp")
	b.Until(`document.querySelectorAll('#log .bot').length === 3`)
}

func languageLive(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	a := c.Person(t)
	a.Visit(s.srv.URL)
	a.Say("xin chào")
	b := a.Another()
	b.Visit(s.srv.URL)
	b.Write("chưa gửi")
	a.Say("/language en")
	for _, tab := range []*chrometest.Tab{a, b} {
		tab.Until(`document.documentElement.lang === 'en' && document.readyState === 'complete'`)
	}
	if got := b.Eval(`document.getElementById('text').value`); got != "chưa gửi" {
		t.Errorf("what was typed is %q after the change", got)
	}
	a.Press("Tiếng Việt")
	b.Until(`document.documentElement.lang === 'vi'`)

	d := c.Person(t)
	d.Visit(s.srv.URL)
	d.Click("#other") // no conversation yet: the beginning in English
	d.Until(`document.documentElement.lang === 'en' && document.querySelector('#log .said').innerText.startsWith('Hello')`)
	d.Visit(s.srv.URL)
	d.Say("xin chào")
	d.Until(`document.querySelectorAll('#log .bot').length === 2`)
	d.Click("#other") // by now a command
	d.Until(`document.documentElement.lang === 'en' && document.querySelectorAll('#log .bot').length === 3`)
}

// lostCookie shows that somebody whose cookie went away while the page was open
// is told so, loses no words and gets on with a new conversation.
func lostCookie(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.Person(t)
	b.Visit(s.srv.URL)
	b.Say("một")
	b.Until(`document.querySelectorAll('#log .bot').length === 2`)
	b.ForgetCookies()
	b.Say("hai")
	b.Until(`document.getElementById('notice').innerText.includes('cookie') && document.getElementById('text').value === 'hai'`)
	b.Key("\r")
	// Only the new page holds the answer; the old one has as many messages.
	b.Until(`document.getElementById('log').innerText.includes('đã nghe: hai') && document.readyState === 'complete'`)
	b.Until(`document.querySelectorAll('#log .person:not([hidden])').length === 1 && document.querySelectorAll('#log .bot').length === 2`)
	equal(t, "the new conversation", shown(t, b), []string{hello, "person: hai", "bot: Trung tâm đã nghe: haihai"})
}

func withoutJavaScript(t *testing.T, c *chrometest.Browser) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.Person(t)
	b.WithoutScript()
	b.Visit(s.srv.URL + "/?start=class_7f3k")
	b.Shot("noscript-1")
	b.Press("Đăng ký")
	b.Until(`document.querySelectorAll('#log .bot').length === 2`)
	b.Say("0912 345 678")
	b.Until(`document.querySelectorAll('#log .bot').length === 3`)
	for i := range 8 {
		b.Say(fmt.Sprint("tin ", i))
		b.Until(fmt.Sprintf(`document.querySelectorAll('#log .bot').length === %d`, i+4))
	}
	b.Shot("noscript-2")
	if got := b.Eval(`(e => e.bottom <= innerHeight && e.top > 0)([...document.querySelectorAll('#log .bot')].pop().getBoundingClientRect())`); got != "true" {
		t.Error("the newest message is out of view")
	}
	b.Visit(s.srv.URL)
	if got := b.Eval(`(e => e.bottom <= innerHeight && e.top > 0)([...document.querySelectorAll('#log .bot')].pop().getBoundingClientRect())`); got != "true" {
		t.Error("the newest message is out of view when one comes back")
	}
}

func widget(t *testing.T, c *chrometest.Browser) {
	host := http.NewServeMux()
	centreSite := httptest.NewServer(host)
	t.Cleanup(centreSite.Close)
	s := newSite(t, webchat.Options{Centre: centre, WidgetOrigins: []string{centreSite.URL}})
	other := newSite(t, webchat.Options{Centre: centre, WidgetOrigins: []string{"https://www.example.vn"}})
	html := `<!doctype html><html lang="vi"><meta name="viewport" content="width=device-width"><title>Trang của Trung tâm</title><h1>Trung tâm</h1><p>Tin tức</p><script src="%s/widget.js" async></script></html>`
	host.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+s.srv.URL+"; frame-src "+s.srv.URL)
		fmt.Fprintf(w, html, s.srv.URL)
	})
	host.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, html, other.srv.URL) })

	const shadow = `document.querySelector('[data-chat-widget]')?.shadowRoot`
	b := c.Person(t)
	b.Size(1280, 800)
	b.Visit(centreSite.URL)
	b.Until(shadow + `?.querySelector('.open')`)
	b.Key("\t")
	if got := b.Eval(shadow + `.activeElement.getAttribute('aria-label')`); got != "Chat với Trung tâm" {
		t.Errorf("Tab leads to %q", got)
	}
	b.Key("\r")
	b.Until(shadow + `.querySelector('iframe') && !` + shadow + `.querySelector('.panel').hidden`)
	b.Until(shadow + `.activeElement.tagName === 'IFRAME'`)
	time.Sleep(500 * time.Millisecond) // another process draws the frame; only the picture waits for it
	b.Shot("widget-1280")
	b.Key("\x1b")
	b.Until(shadow + `.querySelector('.panel').hidden && ` + shadow + `.activeElement.className === 'open'`)
	b.Quiet()
	if n := len(s.bot.state); n == 0 {
		t.Error("the frame did not reach the chat")
	}

	b.Visit(centreSite.URL + "/other")
	b.Until(shadow + `?.querySelector('.open')`)
	b.Eval(shadow + `.querySelector('.open').click()`)
	deadline := time.Now().Add(10 * time.Second)
	for refused := false; !refused; {
		said := strings.Join(b.Console(), " ")
		refused = strings.Contains(said, "frame-ancestors") || strings.Contains(said, "Refused")
		if !refused && time.Now().After(deadline) {
			t.Fatalf("a site that is not allowed could frame the chat; console: %q", b.Console())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// looks goes over the page in both languages, sizes and colours; with
// SACHHON_AXE (the file axe.min.js) every one is checked for accessibility.
func looks(t *testing.T, c *chrometest.Browser) {
	axe, err := os.ReadFile(os.Getenv("SACHHON_AXE"))
	if err != nil {
		t.Log("SACHHON_AXE names no file: accessibility rules are not checked")
	}
	s := newSite(t, webchat.Options{Centre: centre})
	for _, lang := range []string{"vi", "en"} {
		b := c.Person(t)
		for _, size := range [][2]int64{{390, 844}, {1280, 800}, {320, 256}} {
			for _, colours := range []string{"light", "dark"} {
				b.Size(size[0], size[1])
				b.Media("prefers-color-scheme", colours)
				name := fmt.Sprintf("%s-%dx%d-%s", lang, size[0], size[1], colours)
				b.Visit(s.srv.URL + "/?lang=" + lang)
				look(t, b, name+"-1", axe)
				if b.Eval(`document.querySelectorAll('#log .person:not([hidden])').length`) != "0" {
					continue
				}
				b.Eval(`document.querySelector('#log .choice').click()`)
				b.Until(`document.querySelectorAll('#log .bot').length === 2`)
				b.Say("Công ty Gỗ Minh Phát, phường Thủ Dầu Một, thành phố Hồ Chí Minh")
				b.Until(`document.querySelectorAll('#log .bot').length === 3`)
				b.Say("/picture")
				b.Until(`document.querySelectorAll('#log .bot').length === 4`)
				b.Say("/needs")
				b.Until(`document.querySelectorAll('#log .bot').length === 5`)
				b.Eval(`document.querySelector('#log .choice').click()`)
				b.Until(`document.querySelectorAll('#log .bot').length === 6`)
			}
		}
		b.Say("/file")
		b.Until(`!document.getElementById('upload').hidden`)
		b.Size(390, 844)
		look(t, b, lang+"-upload", axe)
		b.Quiet()
	}
}

func look(t *testing.T, b *chrometest.Tab, name string, axe []byte) {
	t.Helper()
	b.Shot(name)
	if got := b.Eval(`document.documentElement.scrollWidth <= innerWidth`); got != "true" {
		t.Errorf("%s: the page is wider than the screen", name)
	}
	small := b.Eval(`[...document.querySelectorAll('.choice, .send, #text, .upload button, .file')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.innerText || e.id).join()`)
	if small != "" {
		t.Errorf("%s: too small to touch: %s", name, small)
	}
	if len(axe) == 0 {
		return
	}
	b.Run(string(axe))
	found := b.Eval(`axe.run().then(r => r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')).join('\n'))`)
	if found != "" {
		t.Errorf("%s: axe finds\n%s", name, found)
	}
}
