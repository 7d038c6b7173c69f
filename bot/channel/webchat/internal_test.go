package webchat

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// shownAs writes runs as one readable line: [strong], <link>, / for a break.
func shownAs(rs []run) string {
	var b strings.Builder
	for _, r := range rs {
		text := r.Text
		if r.URL != "" {
			text = "<" + text + ">"
		}
		if r.Strong {
			text = "[" + text + "]"
		}
		if r.Break {
			text = "/"
		}
		b.WriteString(text)
	}
	return b.String()
}

func TestRuns(t *testing.T) {
	for _, c := range []struct{ text, marked, plain string }{
		{"", "", ""},
		{"Lớp **gỗ** mở", "Lớp [gỗ] mở", "Lớp **gỗ** mở"},
		{"**a** và **b**", "[a] và [b]", "**a** và **b**"},
		{"một\nhai\n\nba", "một/hai//ba", "một/hai//ba"},
		{"không **đóng", "không **đóng", "không **đóng"},
		{"không **đóng\ntrên dòng** này", "không [đóng]/[trên dòng] này", "không **đóng/trên dòng** này"},
		{"**một\n\nba** và **bốn\n** năm", "[một]//[ba] và [bốn]/ năm", "**một//ba** và **bốn/** năm"},
		{"****", "", "****"},
		{"2 ** 3", "2 ** 3", "2 ** 3"},
		{"xem https://vncpc.org/a?b=1.", "xem <https://vncpc.org/a?b=1>.", "xem <https://vncpc.org/a?b=1>."},
		{"**xem https://a.vn/x**", "[xem ][<https://a.vn/x>]", "**xem <https://a.vn/x>"},
		{"(http://a.vn/x)", "(<http://a.vn/x>)", "(<http://a.vn/x>)"},
		{"https://a.vn/x_(y)", "<https://a.vn/x_(y)>", "<https://a.vn/x_(y)>"},
		{"“https://a.vn”, rồi", "“<https://a.vn>”, rồi", "“<https://a.vn>”, rồi"},
		{"javascript:alert(1) ftp://a http:a https://", "javascript:alert(1) ftp://a http:a https://", "javascript:alert(1) ftp://a http:a https://"},
		{"xhttps://a.vn", "xhttps://a.vn", "xhttps://a.vn"},
	} {
		if got := shownAs(runs(c.text, dialogs.Marked)); got != c.marked {
			t.Errorf("%q marked:\n got %s\nwant %s", c.text, got, c.marked)
		}
		want := c.plain
		if c.text == "**xem https://a.vn/x**" {
			want = "**xem <https://a.vn/x>**"
		}
		if got := shownAs(runs(c.text, dialogs.Plain)); got != want {
			t.Errorf("%q plain:\n got %s\nwant %s", c.text, got, want)
		}
	}
}

func FuzzRuns(f *testing.F) {
	for _, s := range []string{"**a** b", "https://a.vn/<script>", "**https://a.vn**x**", "a\r\n\n**", "\xff**\xfe**", `"><img src=x onerror=alert(1)>`, "http://http://a", "&amp;"} {
		f.Add(s)
	}
	look := loadLook()
	f.Fuzz(func(t *testing.T, text string) {
		rs := runs(text, dialogs.Marked)
		checkKept(t, text, rs)
		var out bytes.Buffer
		if err := look.render(&out, "runs", rs); err != nil {
			t.Fatal(err)
		}
		checkMarkup(t, out.Bytes())
	})
}

// checkKept fails when something of a text is neither shown nor a mark.
func checkKept(t *testing.T, text string, rs []run) {
	t.Helper()
	var kept strings.Builder
	for _, r := range rs {
		kept.WriteString(r.Text)
		if r.Break {
			kept.WriteByte('\n')
		}
		if strings.Contains(r.Text, "\n") || (r.Text == "") != r.Break {
			t.Errorf("%q has the run %+v", text, r)
		}
		if r.URL != "" && !isWebURL(r.URL) {
			t.Errorf("%q links to %q", text, r.URL)
		}
	}
	if strings.ReplaceAll(kept.String(), "*", "") != strings.ReplaceAll(text, "*", "") {
		t.Errorf("%q is shown as %q", text, kept.String())
	}
	if n := strings.Count(text, "*") - strings.Count(kept.String(), "*"); n%4 != 0 || n < 0 {
		t.Errorf("%q lost %d asterisks", text, n)
	}
}

// checkMarkup fails when a browser would see anything but text, breaks, strong
// runs and links to the web.
func checkMarkup(t *testing.T, markup []byte) {
	t.Helper()
	z := nethtml.NewTokenizer(bytes.NewReader(markup))
	for z.Next() != nethtml.ErrorToken {
		token := z.Token()
		switch token.Type {
		case nethtml.TextToken, nethtml.EndTagToken:
			continue
		case nethtml.StartTagToken:
		default:
			t.Fatalf("%s in %q", token.Type, markup)
		}
		for _, a := range token.Attr {
			ok := a.Key == "target" || a.Key == "rel" || a.Key == "href" && isWebURL(html.UnescapeString(a.Val))
			if token.Data != "a" || !ok {
				t.Errorf("<%s %s=%q> in %q", token.Data, a.Key, a.Val, markup)
			}
		}
		if token.Data != "a" && token.Data != "strong" && token.Data != "br" {
			t.Errorf("<%s> in %q", token.Data, markup)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.jpg", `C:\ảnh\x.png`, "../../x", "", ".", "a\x00b\"\r\n.pdf", strings.Repeat("ắ", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := fileName(name, ".png")
		if strings.ContainsAny(got, "/\\\"\r\n\x00") || !strings.HasSuffix(got, ".png") || got == ".png" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxName+4 {
			t.Errorf("%q is kept as %q", name, got)
		}
	})
}

func FuzzDataLines(f *testing.F) {
	f.Add("a\nb\r\n\n<c>")
	f.Add("\rid: 1")
	f.Fuzz(func(t *testing.T, text string) {
		got := dataLines(text)
		for line := range strings.Lines(got) {
			if !strings.HasPrefix(line, "data: ") || strings.Contains(got, "\r") || !strings.HasSuffix(line, "\n") {
				t.Errorf("%q makes the line %q", text, line)
			}
		}
	})
}

func TestEveryWordInBothLanguages(t *testing.T) {
	vi, en := reflect.ValueOf(vietnamese), reflect.ValueOf(english)
	for i := range vi.NumField() {
		name := vi.Type().Field(i).Name
		if vi.Field(i).String() == "" || en.Field(i).String() == "" {
			t.Errorf("%s is missing in a language", name)
		}
		if strings.ContainsAny(strings.ToLower(en.Field(i).String()), viLetters) && name != "OtherLang" {
			t.Errorf("%s is not English: %s", name, en.Field(i))
		}
	}
}

func TestTextLang(t *testing.T) {
	for _, c := range []struct {
		text  string
		byBot bool
		want  dialogs.Lang
	}{
		{"Trung tâm chào anh/chị", true, "vi"},
		{"Nguyễn", false, "vi"},
		{"From now on in English.", true, "en"},
		{"cong ty go minh phat", false, ""},
		{"1.250 kWh", true, ""},
		{"ĐÃ ĐĂNG KÝ", true, "vi"},
	} {
		if got := textLang(c.text, c.byBot); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
}

func TestRememberedVisitorsAreBounded(t *testing.T) {
	now := time.Now()
	b := newBuckets[int](1, 2, 100)
	for i := range 100_000 {
		b.take(0, now) // whoever keeps coming is not forgotten
		b.take(i, now)
	}
	if n := len(b.young) + len(b.old); n > 101 {
		t.Errorf("%d remembered, want 100", n)
	}
	if b.take(0, now) == 0 {
		t.Error("who came all the time was forgotten")
	}
	if wait := b.take(7, now); wait != 0 {
		t.Errorf("who was forgotten long ago has to wait %v", wait)
	}
}

func TestFileSizes(t *testing.T) {
	for _, c := range []struct {
		size   int64
		vi, en string
	}{
		{0, "", ""}, {1, "1 kB", "1 kB"}, {120_400, "120 kB", "120 kB"}, {1_240_000, "1,2 MB", "1.2 MB"}, {10 << 20, "10,5 MB", "10.5 MB"},
	} {
		if vi, en := channel.FileSize(c.size, dialogs.Vietnamese), channel.FileSize(c.size, dialogs.English); vi != c.vi || en != c.en {
			t.Errorf("%d bytes are %q and %q", c.size, vi, en)
		}
	}
}

func TestDefaultsOfLimits(t *testing.T) {
	got := fmt.Sprint(Limits{}.withDefaults())
	if want := "{2 20 20 1000 10 500 50000}"; got != want {
		t.Errorf("defaults %s, want %s", got, want)
	}
	if got := (Limits{VisitorBurst: 3}).withDefaults().VisitorBurst; got != 3 {
		t.Errorf("a limit of 3 became %d", got)
	}
}

func TestClientAddressUnknown(t *testing.T) {
	w := New(nil, Options{})
	r := &http.Request{RemoteAddr: "@"} // a unix socket
	if ip := w.clientIP(r); ip.IsValid() {
		t.Errorf("address %v", ip)
	}
	if wait := w.guests.post("x", w.clientIP(r), time.Now()); wait != 0 {
		t.Errorf("must wait %v", wait)
	}
}
