package webchat_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"sachhon/bot/channel"
	"sachhon/bot/channel/webchat"
)

const hello = "bot: Dạ chào anh/chị! Em là trợ lý sản xuất sạch hơn của Trung tâm.\nAnh/chị muốn làm gì?"

func TestFirstVisitKeepsNothing(t *testing.T) {
	s := newSite(t, webchat.Options{Centre: "Trung tâm A"})
	b := s.browser().get("/").get("/?start=class_7f3k").get("/")
	equal(t, "log", b.log(), []string{hello})
	equal(t, "choices", b.choices(), []string{"Đăng ký lớp", "Tự đánh giá", "Xem mẹo tiết kiệm"})
	if len(s.bot.received) != 0 {
		t.Errorf("three visits were received as %v", s.bot.received)
	}
	for _, talk := range s.bot.state {
		if len(talk.entries) != 0 {
			t.Errorf("a visit left %v in a transcript", talk.entries)
		}
	}
}

func TestConversationWithoutScript(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").press("Đăng ký lớp")
	phone := "bot: (1/2) Số điện thoại của anh/chị, để Trung tâm báo khi lớp đổi giờ?"
	equal(t, "log", b.log(), []string{hello, "person: Đăng ký lớp", phone})
	equal(t, "choices", b.choices(), []string{"Bỏ qua"})
	field := find(b.doc, func(n *html.Node) bool { return attr(n, "id") == "text" })
	if attr(field, "inputmode") != "tel" || attr(field, "autocomplete") != "tel" {
		t.Errorf("field for a phone number is %v", field.Attr)
	}
	b.say("0912 345 678")
	equal(t, "log", b.log(), []string{hello, "person: Đăng ký lớp", phone, "person: 0912 345 678", "bot: Trung tâm đã nghe: 0912 345 6780912 345 678"})
	equal(t, "choices", b.choices(), nil)
	if len(s.bot.received) != 3 || s.bot.received[0].Input.Text != "/start" || s.bot.received[1].Label != "Đăng ký lớp" {
		t.Errorf("received %v", s.bot.received)
	}
	if b.at.Fragment != "end" {
		t.Errorf("ended at %s, want the end of the log", b.at)
	}
}

func TestDeepLink(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/?start=class_7f3k-src_A4")
	equal(t, "choices", b.choices(), []string{"Đăng ký", "Xem nội dung lớp", "Bản đồ (mở trang khác)"})
	b.press("Đăng ký")
	if got := s.bot.received[0].Input.Text; got != "/start class_7f3k-src_A4" {
		t.Errorf("first heard %q", got)
	}
	if got := s.bot.received[1].Input.Button; got != "class_7f3k-src_A4.join" {
		t.Errorf("then %q was pressed", got)
	}
	if b.at.RawQuery != "" {
		t.Errorf("the link is still in the address: %s", b.at)
	}
	b.get("/?start=class_9").say("xin chào")
	if n := len(s.bot.received); n != 4 || s.bot.received[2].Input.Text != "/start class_9" {
		t.Errorf("a later link was received as %v", s.bot.received[2:])
	}
	for _, bad := range []string{"a b", "<x>", strings.Repeat("a", 200), "é"} {
		if b := s.browser().get("/?start=" + url.QueryEscape(bad)); b.log()[0] != hello {
			t.Errorf("start=%q shows %q", bad, b.log())
		}
	}
}

func TestSubmittedTwiceActsOnce(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/")
	f := b.pressing("Đăng ký lớp")
	b.post("/", f).post("/", f).post("/", f)
	if len(s.bot.received) != 2 {
		t.Fatalf("pressed thrice: received %v", s.bot.received)
	}
	f = b.form(func(n *html.Node) bool { return attr(n, "id") == "text" })
	f.Set("text", "một")
	b.post("/", f).post("/", f)
	f.Set("text", "hai") // other words in the same form are another message
	b.post("/", f)
	if n := len(s.bot.received); n != 4 {
		t.Errorf("received %d things, want the beginning, the press, one and two: %v", n, s.bot.received)
	}
}

func TestTwoTabsBeginOnce(t *testing.T) {
	s := newSite(t, webchat.Options{})
	a := s.browser().get("/")
	b := &browser{site: s, client: a.client, sends: http.Header{}}
	b.get("/")
	a.say("từ trang một")
	b.say("từ trang hai")
	starts := 0
	for _, in := range s.bot.received {
		if in.Input.Text == "/start" {
			starts++
		}
	}
	if starts != 1 {
		t.Errorf("the conversation began %d times", starts)
	}
	a.get("/")
	equal(t, "both tabs", a.log(), b.log())
}

func TestPressThatWasNotOffered(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").press("Đăng ký lớp")
	before := len(s.bot.received)
	f := b.pressing("Bỏ qua")
	for _, forged := range []string{"run.admin.delete", "/share", ""} {
		f.Set("press", forged)
		b.post("/", f)
	}
	if got := s.bot.received[before:]; len(got) != 0 {
		t.Errorf("presses that nobody was offered were received: %v", got)
	}
	f.Set("press", "run.admin.delete")
	if b.post("/", f); b.status != http.StatusConflict || !strings.Contains(b.notice(), "Nút vừa bấm") {
		t.Errorf("got %d %q", b.status, b.notice())
	}
	f.Set("press", "run.menu.join") // offered earlier: the bot says what became of it
	if b.post("/", f); len(s.bot.received) != before+1 {
		t.Errorf("a press of an earlier button got %d %q", b.status, b.notice())
	}
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct{ name, path, accept, want string }{
		{"nothing said", "/", "", "vi"},
		{"a Vietnamese browser", "/", "vi-VN,vi;q=0.9,en;q=0.8", "vi"},
		{"an English browser", "/", "en-GB,en;q=0.9", "vi"},
		{"English first, reads Vietnamese", "/", "en-US,en;q=0.9,vi;q=0.8", "vi"},
		{"asked for English", "/?lang=en", "vi", "en"},
		{"asked for Vietnamese", "/?lang=vi", "en", "vi"},
		{"asked for something else", "/?lang=%3Cx%3E", "", "vi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, webchat.Options{})
			b := s.browser()
			b.sends.Set("Accept-Language", c.accept)
			b.get(c.path)
			root := find(b.doc, func(n *html.Node) bool { return n.Data == "html" })
			if attr(root, "lang") != c.want {
				t.Fatalf("page is in %q, want %q", attr(root, "lang"), c.want)
			}
			b.say("x")
			if got := s.bot.received[0].Lang; string(got) != c.want {
				t.Errorf("the newcomer came with %q", got)
			}
		})
	}
}

func TestLanguageButton(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/?start=class_1")
	link := find(b.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "hreflang") == "en" })
	b.get(attr(link, "href"))
	if got := b.at.Query(); got.Get("lang") != "en" || got.Get("start") != "class_1" {
		t.Errorf("language of a preview is changed by %s", b.at)
	}
	b.get("/").say("xin chào").press("English")
	if !strings.Contains(b.body, `<html lang="en">`) || !strings.Contains(b.body, ">Send</button>") {
		t.Errorf("page after English:\n%s", b.body)
	}
	if !strings.Contains(b.body, `class="said" lang="vi"`) {
		t.Error("what was said in Vietnamese before is not marked so")
	}
	b.press("Tiếng Việt")
	if !strings.Contains(b.body, ">Gửi</button>") {
		t.Error("no way back to Vietnamese")
	}
}

func TestHeaderButtons(t *testing.T) {
	s := newSite(t, webchat.Options{})
	s.browser().get("/").press("Menu").press("Dữ liệu của anh/chị")
	got := ""
	for _, in := range s.bot.received {
		got += in.Input.Text + " "
	}
	if got != "/start /menu /riengtu " {
		t.Errorf("heard %q", got)
	}
}

func TestPicturesAndFiles(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").say("/picture")
	img := find(b.doc, func(n *html.Node) bool { return n.Data == "img" && attr(n, "loading") == "lazy" })
	if attr(img, "alt") != "Biểu đồ kết quả: đã có nền" {
		t.Fatalf("picture %v", img)
	}
	link := find(b.doc, func(n *html.Node) bool { return attr(n, "class") == "file" })
	if got := textOf(link); !strings.Contains(got, "bao cao.pdf (PDF, 120 kB)") {
		t.Errorf("document is called %q", got)
	}
	stranger := s.browser().get("/")
	pic, doc := attr(img, "src"), attr(link, "href")
	b.get(pic)
	if b.status != 200 || b.body != string(pixel) || b.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(b.header.Get("Content-Disposition"), "inline") {
		t.Errorf("picture: %d %v", b.status, b.header)
	}
	b.sends.Set("If-None-Match", b.header.Get("ETag"))
	if b.get(pic); b.status != http.StatusNotModified {
		t.Errorf("asked again: %d", b.status)
	}
	b.sends.Del("If-None-Match")
	if b.get(doc); b.status != 200 || !strings.HasPrefix(b.header.Get("Content-Disposition"), "attachment") || !strings.Contains(b.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("document: %d %v", b.status, b.header)
	}
	for _, path := range []string{pic, doc, "/media/1/0", "/media/x/0", "/media/99999999999999999999/0", pic[:len(pic)-1] + "-1"} {
		if stranger.get(path); stranger.status != http.StatusNotFound {
			t.Errorf("a stranger got %d for %s", stranger.status, path)
		}
	}
}

func TestDays(t *testing.T) {
	now := time.Date(2026, 12, 8, 9, 5, 0, 0, time.UTC)
	s := newSite(t, webchat.Options{Now: func() time.Time { return now }})
	b := s.browser().get("/").say("một")
	now = now.AddDate(0, 0, 1)
	b.say("hai")
	now = now.AddDate(0, 0, 1)
	b.say("ba")
	days := func() (out []string) {
		walk(b.doc, func(n *html.Node) {
			if attr(n, "class") == "day" {
				out = append(out, textOf(n))
			}
		})
		return out
	}
	equal(t, "days", days(), []string{"Thứ Ba, 08/12/2026", "Hôm qua", "Hôm nay"})
	last := find(b.doc, func(n *html.Node) bool { return attr(n, "datetime") == "2026-12-10T16:05:00+07:00" })
	if textOf(last) != "16:05" {
		t.Errorf("time beside the last entry is %q", textOf(last))
	}
	b.press("English")
	equal(t, "days in English", days(), []string{"Tue 8 Dec 2026", "Yesterday", "Today"})
}

func TestEarlierMessages(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").say("đầu tiên")
	at := s.bot.received[0].Address
	for range 100 {
		s.bot.remind(at, "nhắc")
	}
	b.get("/")
	if n := len(b.log()); n != 60 {
		t.Fatalf("%d entries at first", n)
	}
	older := find(b.doc, func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "last=") })
	b.get(attr(older, "href"))
	if n := len(b.log()); n != 103 || b.log()[1] != "person: đầu tiên" {
		t.Errorf("%d entries with earlier ones, %q", n, b.log()[:2])
	}
}

var digits = regexp.MustCompile(`^[0-9a-f]{20}$`)

func TestAddressDoesNotHoldTheCookie(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").say("x")
	at := s.bot.received[0].Address
	if at.Channel != "web" || !digits.MatchString(at.ID) || strings.Contains(b.cookie().Value, at.ID) {
		t.Errorf("address %v for cookie %v", at, b.cookie())
	}
	if strings.Contains(b.body, b.cookie().Value) || strings.Contains(b.body, at.ID) {
		t.Error("the page holds the cookie or the address")
	}
}

func TestCapabilities(t *testing.T) {
	w := webchat.New(newOffice(time.Now), webchat.Options{})
	var _ channel.Channel = w
	if c := w.Capabilities(); w.Name() != "web" || !c.Pull || c.SharePhone || c.Buttons == 0 {
		t.Errorf("%s %+v", w.Name(), c)
	}
}
