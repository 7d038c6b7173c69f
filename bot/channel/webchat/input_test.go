package webchat_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sachhon/bot/channel/webchat"
	"sachhon/dialogs"
)

func upload(t *testing.T, fields url.Values, name string, content []byte) (io.Reader, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k := range fields {
		if err := w.WriteField(k, fields.Get(k)); err != nil {
			t.Fatal(err)
		}
	}
	h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {"image/png"}}
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return &body, w.FormDataContentType()
}

func TestUpload(t *testing.T) {
	big := append([]byte("%PDF-1.7\n"), make([]byte, 11<<20)...)
	for _, c := range []struct {
		name, file string
		content    []byte
		status     int
		notice     string
		kept       dialogs.Media
	}{
		{"a picture", "hóa đơn.jpg", pixel, 200, "", dialogs.Media{Kind: dialogs.Image, Name: "hóa đơn.png", MIME: "image/png"}},
		{"a name with folders", `..\..\..//etc/passwd`, pixel, 200, "", dialogs.Media{Kind: dialogs.Image, Name: "passwd.png", MIME: "image/png"}},
		{"a page that says it is a picture", "x.png", []byte("<html><script>alert(1)</script>"), 415, "chỉ mở được ảnh", dialogs.Media{}},
		{"too large", "x.pdf", big, 413, "lớn hơn 10 MB", dialogs.Media{}},
		{"nothing", "", nil, 400, "chọn tệp trước", dialogs.Media{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, webchat.Options{})
			b := s.browser().get("/").say("/file")
			if _, hidden := lookup(find(b.doc, func(n *html.Node) bool { return attr(n, "id") == "upload" }), "hidden"); hidden {
				t.Fatal("no way to send a file")
			}
			before := len(s.bot.received)
			body, kind := upload(t, b.form(func(n *html.Node) bool { return attr(n, "id") == "file" }), c.file, c.content)
			b.do("POST", "/", body, kind)
			if b.status != c.status || !strings.Contains(b.notice(), c.notice) {
				t.Fatalf("got %d %q", b.status, b.notice())
			}
			got := s.bot.received[before:]
			if c.status != 200 {
				if len(got) != 0 {
					t.Errorf("received %v", got)
				}
				return
			}
			if m := got[0].Input.File; m.Name != c.kept.Name || m.MIME != c.kept.MIME || m.Kind != c.kept.Kind || m.Size != int64(len(c.content)) {
				t.Errorf("kept %+v", m)
			}
			if !strings.Contains(b.body, "<img src=\"/media/") {
				t.Error("what was sent is not shown")
			}
		})
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	long := strings.Repeat("ắ", 4001)
	for _, c := range []struct {
		name   string
		text   string
		break_ func(*site, *browser)
		status int
		notice string
		typed  string
	}{
		{"too long", long, nil, 413, "4.000 chữ", long},
		{"far too long", strings.Repeat("x", 70_000), nil, 413, "nút quay lại", ""},
		{"the bot fails", "Công ty Gỗ", func(s *site, _ *browser) { s.bot.down = true }, 503, "gửi lại sau ít phút", "Công ty Gỗ"},
		{"no cookie", "Công ty Gỗ", func(_ *site, b *browser) { b.client.Jar, _ = cookiejar.New(nil) }, 403, "cookie", "Công ty Gỗ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, webchat.Options{})
			b := s.browser().get("/")
			if c.break_ != nil {
				c.break_(s, b)
			}
			b.say(c.text)
			if b.status != c.status || !strings.Contains(b.notice(), c.notice) || b.typed() != c.typed {
				t.Fatalf("got %d %q with %.40q typed", b.status, b.notice(), b.typed())
			}
			if len(s.bot.received) != 0 {
				t.Errorf("received %d things", len(s.bot.received))
			}
			s.bot.down = false
			if c.typed == c.text && c.text != long {
				if b.say(b.typed()); b.status != 200 || len(s.bot.received) != 2 {
					t.Errorf("sent again: %d %q, received %v", b.status, b.notice(), s.bot.received)
				}
			}
		})
	}
}

func TestNothingBelievedOfAForm(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").say("một")
	b.post("/", url.Values{"text": {"hai"}, "id": {"x"}, "begin": {"<x>"}, "start": {"class_1"}, "lang": {"xx"}, "after": {"-1"}})
	last := s.bot.received[len(s.bot.received)-1]
	if last.Input.Text != "hai" || last.Lang != "" || len(last.ID) != 24 {
		t.Errorf("received %+v", last)
	}
	if s.bot.received[len(s.bot.received)-2].Input.Text != "một" {
		t.Error("a forged beginning was committed")
	}
	for _, empty := range []string{"", "  \r\n "} {
		n := len(s.bot.received)
		if b.say(empty); b.status != 200 || len(s.bot.received) != n {
			t.Errorf("empty text: %d, received %v", b.status, s.bot.received[n:])
		}
	}
}

var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `**<b>x</b>**`, `javascript:alert(1)`,
	`https://x.vn/"onmouseover="alert(1)`, `</div></form><form action=https://x.vn>`, "{{.}}", "&lt;script&gt;", "\u202e\u0000<svg/onload=x>",
}

func TestTextCannotBecomeMarkup(t *testing.T) {
	s := newSite(t, webchat.Options{Centre: hostile[0]})
	b := s.browser().get("/")
	for _, text := range hostile {
		b.say(text)
	}
	b.client.Jar, _ = cookiejar.New(nil)
	b.say(hostile[1]) // comes back in the field
	b.get("/").say(hostile[4])
	walk(b.doc, func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "javascript:") && a.Key != "value" {
				t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "svg" || n.Data == "b" || n.Data == "script" && attr(n, "src") == "" {
			t.Errorf("<%s> came from a text", n.Data)
		}
	})
}
