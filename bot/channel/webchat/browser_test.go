package webchat_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"sachhon/bot/channel/webchat"
)

const centre = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"

func TestInABrowser(t *testing.T) {
	c := startChrome(t)
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

func typing(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.person(t)
	b.visit(s.srv.URL)
	equal(t, "at first", b.log(), []string{hello})
	s.bot.mu.Lock()
	s.bot.slow = 400 * time.Millisecond
	s.bot.mu.Unlock()
	b.say("xin chào")
	b.until(`document.getElementById('log').getAttribute('aria-busy') === 'true' && !document.getElementById('typing').hidden`)
	equal(t, "while sending", b.log(), []string{hello, "person: xin chào"})
	b.until(`document.getElementById('log').getAttribute('aria-busy') === 'false' && document.getElementById('typing').hidden`)
	equal(t, "in the end", b.log(), []string{hello, "person: xin chào", "bot: Trung tâm đã nghe: xin chàoxin chào"})
	if got := b.eval(`document.querySelectorAll('#log .choice').length`); got != "0" {
		t.Errorf("%s choices are left after something else was said", got)
	}
	if got := b.focused(); got != "text" {
		t.Errorf("focus is on %q", got)
	}
	b.say("/picture")
	b.until(`document.querySelector('#log img')?.naturalWidth === 1`)
	b.press("Menu")
	b.until(`document.querySelectorAll('#log .bot').length === 4`)
	if got := b.eval(`document.getElementById('log').scrollTop > -2`); got != "true" {
		t.Error("the newest message is out of view")
	}
	if got := b.eval(`performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))`); got != "true" {
		t.Error("something came from another host")
	}
	b.quiet()
}

func twoTabs(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	a := c.person(t)
	a.visit(s.srv.URL)
	b := a.another()
	b.visit(s.srv.URL)
	a.press("Đăng ký lớp")
	a.until(`document.querySelectorAll('#log .entry:not([hidden])').length === 3`)
	b.until(`document.querySelectorAll('#log .entry:not([hidden])').length === 3`)
	equal(t, "both tabs", a.log(), b.log())
	b.press("Bỏ qua")
	for _, tab := range []*tab{a, b} {
		tab.until(`document.querySelectorAll('#log .entry:not([hidden])').length === 5`)
	}
	equal(t, "both tabs again", a.log(), b.log())
	if got := a.eval(`document.querySelectorAll('#log .choice').length`); got != "0" {
		t.Errorf("%s choices are left in the other tab", got)
	}
	s.bot.remind(s.bot.received[0].Address, "Ngày mai có lớp")
	for _, tab := range []*tab{a, b} {
		tab.until(`[...document.querySelectorAll('#log .choice')].some(e => e.innerText === 'Giữ chỗ cho tôi')`)
	}
	a.say("cảm ơn")
	for _, tab := range []*tab{a, b} {
		tab.until(`document.querySelectorAll('#log .entry:not([hidden])').length === 8`)
	}
	if got := b.eval(`document.querySelectorAll('#log .choice').length`); got != "1" {
		t.Errorf("%s choices: the reminder's must stay until it is pressed", got)
	}
	b.visit(s.srv.URL)
	equal(t, "as loaded anew", b.log(), a.log())
	a.quiet()
	b.quiet()
}

func keyboard(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.person(t)
	b.visit(s.srv.URL)
	var order []string
	for range 9 {
		b.key("\t")
		order = append(order, b.focused())
	}
	equal(t, "focus order", order, []string{"Đến ô nhập tin nhắn", "other", "Menu", "log", "Đăng ký lớp", "Tự đánh giá", "Xem mẹo tiết kiệm", "text", "Gửi"})
	b.do(chromedp.Focus(chromedp.Search(`//button[normalize-space()="Đăng ký lớp"]`)))
	b.key("\r")
	b.until(`document.querySelectorAll('#log .bot').length === 2 && document.querySelectorAll('#pending .entry').length === 0`)
	b.until(`document.activeElement.matches('.entry.person')`)
	b.key("\t")
	if got := b.focused(); got != "Bỏ qua" {
		t.Errorf("after a press, Tab leads to %q", got)
	}
	b.quiet()
}

// brokenLines cuts every connection again and again while things are said.
func brokenLines(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.person(t)
	b.visit(s.srv.URL)
	b.say("xin chào")
	b.until(`document.querySelectorAll('#log .bot').length === 2`)
	at := s.bot.received[0].Address
	for i := range 4 {
		s.bot.remind(at, fmt.Sprintf("nhắc %d trước", i))
		s.srv.CloseClientConnections()
		s.bot.remind(at, fmt.Sprintf("nhắc %d sau", i))
	}
	b.until(`document.querySelectorAll('#log .bot').length === 10`)
	want := []string{hello, "person: xin chào", "bot: Trung tâm đã nghe: xin chàoxin chào"}
	for i := range 4 {
		want = append(want, fmt.Sprintf("bot: nhắc %d trước", i), fmt.Sprintf("bot: nhắc %d sau", i))
	}
	equal(t, "after the lines broke", b.log(), want)
}

func sendAgain(t *testing.T, c *chrome) {
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
	b := c.person(t)
	b.evenBefore(`delete window.EventSource; window.EventSource = class extends EventTarget { close() {} }`) // hears only when it asks
	b.visit(s.srv.URL)
	b.say("một")
	b.until(`document.querySelector('#pending .retry:not([hidden])')`)
	b.write("hai, chưa gửi")
	b.shot("retry")
	if got := b.eval(`document.getElementById('notice').innerText`); !strings.Contains(got, "mất kết nối") {
		t.Errorf("the person is told %q", got)
	}
	b.press("Chưa gửi được — Gửi lại")
	b.until(`document.querySelector('#pending .retry:not([hidden])')`)
	losing.Store(false)
	b.press("Chưa gửi được — Gửi lại")
	b.until(`document.querySelectorAll('#log .bot').length === 2 && !document.querySelector('#pending .entry')`)
	equal(t, "sent thrice, heard once", b.log(), []string{hello, "person: một", "bot: Trung tâm đã nghe: mộtmột"})
	if got := b.eval(`document.getElementById('text').value + '|' + document.getElementById('notice').innerText`); got != "hai, chưa gửi|" {
		t.Errorf("field and notice are %q", got)
	}
	s.bot.mu.Lock()
	s.bot.down = true
	s.bot.mu.Unlock()
	if got := b.focused(); got == "" || got == "text" {
		t.Errorf("after sending again, the focus is on %q", got)
	}
	b.write("")
	b.key("\r")
	b.until(`document.getElementById('notice').innerText.includes('lỗi ở máy chủ')`)
	s.bot.mu.Lock()
	s.bot.down = false
	s.bot.mu.Unlock()
	b.press("Chưa gửi được — Gửi lại")
	b.until(`document.querySelectorAll('#log .bot').length === 3`)
	b.write(strings.Repeat("ắ", 4001))
	b.key("\r")
	b.until(`document.getElementById('notice').innerText.includes('4.000') && document.getElementById('text').value.length === 4001`)
}

func withoutStream(t *testing.T, c *chrome) {
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
	b := c.person(t)
	b.visit(s.srv.URL)
	b.say("xin chào")
	b.until(`document.querySelectorAll('#log .bot').length === 2`)
	s.bot.remind(s.bot.received[0].Address, "Ngày mai có lớp")
	b.until(`document.querySelectorAll('#log .bot').length === 3`)
}

func languageLive(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	a := c.person(t)
	a.visit(s.srv.URL)
	a.say("xin chào")
	b := a.another()
	b.visit(s.srv.URL)
	b.write("chưa gửi")
	a.say("/language en")
	for _, tab := range []*tab{a, b} {
		tab.until(`document.documentElement.lang === 'en' && document.readyState === 'complete'`)
	}
	if got := b.eval(`document.getElementById('text').value`); got != "chưa gửi" {
		t.Errorf("what was typed is %q after the change", got)
	}
	a.press("Tiếng Việt")
	b.until(`document.documentElement.lang === 'vi'`)

	d := c.person(t)
	d.visit(s.srv.URL)
	d.do(chromedp.Click(chromedp.CSS("#other"))) // no conversation yet: the beginning in English
	d.until(`document.documentElement.lang === 'en' && document.querySelector('#log .said').innerText.startsWith('Hello')`)
	d.visit(s.srv.URL)
	d.say("xin chào")
	d.until(`document.querySelectorAll('#log .bot').length === 2`)
	d.do(chromedp.Click(chromedp.CSS("#other"))) // by now a command
	d.until(`document.documentElement.lang === 'en' && document.querySelectorAll('#log .bot').length === 3`)
}

// lostCookie shows that somebody whose cookie went away while the page was open
// is told so, loses no words and gets on with a new conversation.
func lostCookie(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.person(t)
	b.visit(s.srv.URL)
	b.say("một")
	b.until(`document.querySelectorAll('#log .bot').length === 2`)
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	b.say("hai")
	b.until(`document.getElementById('notice').innerText.includes('cookie') && document.getElementById('text').value === 'hai'`)
	b.key("\r")
	// Only the new page holds the answer; the old one has as many messages.
	b.until(`document.getElementById('log').innerText.includes('đã nghe: hai') && document.readyState === 'complete'`)
	b.until(`document.querySelectorAll('#log .person:not([hidden])').length === 1 && document.querySelectorAll('#log .bot').length === 2`)
	equal(t, "the new conversation", b.log(), []string{hello, "person: hai", "bot: Trung tâm đã nghe: haihai"})
}

func withoutJavaScript(t *testing.T, c *chrome) {
	s := newSite(t, webchat.Options{Centre: centre})
	b := c.person(t)
	b.withoutScript()
	b.visit(s.srv.URL + "/?start=class_7f3k")
	b.shot("noscript-1")
	b.press("Đăng ký")
	b.until(`document.querySelectorAll('#log .bot').length === 2`)
	b.say("0912 345 678")
	b.until(`document.querySelectorAll('#log .bot').length === 3`)
	for i := range 8 {
		b.say(fmt.Sprint("tin ", i))
		b.until(fmt.Sprintf(`document.querySelectorAll('#log .bot').length === %d`, i+4))
	}
	b.shot("noscript-2")
	if got := b.eval(`(e => e.bottom <= innerHeight && e.top > 0)([...document.querySelectorAll('#log .bot')].pop().getBoundingClientRect())`); got != "true" {
		t.Error("the newest message is out of view")
	}
	b.visit(s.srv.URL)
	if got := b.eval(`(e => e.bottom <= innerHeight && e.top > 0)([...document.querySelectorAll('#log .bot')].pop().getBoundingClientRect())`); got != "true" {
		t.Error("the newest message is out of view when one comes back")
	}
}

func widget(t *testing.T, c *chrome) {
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
	b := c.person(t)
	b.size(1280, 800)
	b.visit(centreSite.URL)
	b.until(shadow + `?.querySelector('.open')`)
	b.key("\t")
	if got := b.eval(shadow + `.activeElement.getAttribute('aria-label')`); got != "Chat với Trung tâm" {
		t.Errorf("Tab leads to %q", got)
	}
	b.key("\r")
	b.until(shadow + `.querySelector('iframe') && !` + shadow + `.querySelector('.panel').hidden`)
	b.until(shadow + `.activeElement.tagName === 'IFRAME'`)
	time.Sleep(500 * time.Millisecond) // another process draws the frame; only the picture waits for it
	b.shot("widget-1280")
	b.key("\x1b")
	b.until(shadow + `.querySelector('.panel').hidden && ` + shadow + `.activeElement.className === 'open'`)
	b.quiet()
	if n := len(s.bot.state); n == 0 {
		t.Error("the frame did not reach the chat")
	}

	b.visit(centreSite.URL + "/other")
	b.until(shadow + `?.querySelector('.open')`)
	b.eval(shadow + `.querySelector('.open').click()`)
	deadline := time.Now().Add(10 * time.Second)
	for refused := false; !refused; {
		b.mu.Lock()
		refused = strings.Contains(strings.Join(b.said, " "), "frame-ancestors") || strings.Contains(strings.Join(b.said, " "), "Refused")
		b.mu.Unlock()
		if !refused && time.Now().After(deadline) {
			t.Fatalf("a site that is not allowed could frame the chat; console: %q", b.said)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// looks goes over the page in both languages, sizes and colours; with
// SACHHON_AXE (the file axe.min.js) every one is checked for accessibility.
func looks(t *testing.T, c *chrome) {
	axe, err := os.ReadFile(os.Getenv("SACHHON_AXE"))
	if err != nil {
		t.Log("SACHHON_AXE names no file: accessibility rules are not checked")
	}
	s := newSite(t, webchat.Options{Centre: centre})
	for _, lang := range []string{"vi", "en"} {
		b := c.person(t)
		for _, size := range [][2]int64{{390, 844}, {1280, 800}, {320, 256}} {
			for _, colours := range []string{"light", "dark"} {
				b.size(size[0], size[1])
				b.media("prefers-color-scheme", colours)
				name := fmt.Sprintf("%s-%dx%d-%s", lang, size[0], size[1], colours)
				b.visit(s.srv.URL + "/?lang=" + lang)
				look(t, b, name+"-1", axe)
				if b.eval(`document.querySelectorAll('#log .person:not([hidden])').length`) != "0" {
					continue
				}
				b.eval(`document.querySelector('#log .choice').click()`)
				b.until(`document.querySelectorAll('#log .bot').length === 2`)
				b.say("Công ty Gỗ Minh Phát, phường Thủ Dầu Một, thành phố Hồ Chí Minh")
				b.until(`document.querySelectorAll('#log .bot').length === 3`)
				b.say("/picture")
				b.until(`document.querySelectorAll('#log .bot').length === 4`)
				b.say("/needs")
				b.until(`document.querySelectorAll('#log .bot').length === 5`)
				b.eval(`document.querySelector('#log .choice').click()`)
				b.until(`document.querySelectorAll('#log .bot').length === 6`)
			}
		}
		b.say("/file")
		b.until(`!document.getElementById('upload').hidden`)
		b.size(390, 844)
		look(t, b, lang+"-upload", axe)
		b.quiet()
	}
}

func look(t *testing.T, b *tab, name string, axe []byte) {
	t.Helper()
	b.shot(name)
	if got := b.eval(`document.documentElement.scrollWidth <= innerWidth`); got != "true" {
		t.Errorf("%s: the page is wider than the screen", name)
	}
	small := b.eval(`[...document.querySelectorAll('.choice, .send, #text, .upload button, .file')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.innerText || e.id).join()`)
	if small != "" {
		t.Errorf("%s: too small to touch: %s", name, small)
	}
	if len(axe) == 0 {
		return
	}
	b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	found := b.eval(`axe.run().then(r => r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')).join('\n'))`)
	if found != "" {
		t.Errorf("%s: axe finds\n%s", name, found)
	}
}
