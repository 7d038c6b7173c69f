package webchat_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"sachhon/bot/channel/webchat"
)

// site is a page under test and the bot behind it.
type site struct {
	t   *testing.T
	bot *office
	srv *httptest.Server
}

func newSite(t *testing.T, opts webchat.Options) *site {
	t.Helper()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.Location = time.FixedZone("ICT", 7*3600)
	if opts.Limits == (webchat.Limits{}) {
		opts.Limits = webchat.Limits{VisitorRate: 1000, VisitorBurst: 1000}
	}
	bot := newOffice(opts.Now)
	mux := http.NewServeMux()
	webchat.New(bot, opts).Routes(mux)
	s := &site{t: t, bot: bot, srv: httptest.NewServer(mux)}
	t.Cleanup(s.srv.Close)
	return s
}

// browser is a browser without JavaScript: it keeps cookies and fills in forms.
type browser struct {
	*site
	client *http.Client
	doc    *html.Node
	body   string
	status int
	header http.Header
	at     *url.URL
	sends  http.Header // sent with every request
}

func (s *site) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{site: s, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}, sends: http.Header{}}
}

func (b *browser) do(method, path string, body io.Reader, contentType string) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.srv.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header = b.sends.Clone()
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.body, b.status, b.header, b.at = string(raw), resp.StatusCode, resp.Header, resp.Request.URL
	b.doc, _ = html.Parse(bytes.NewReader(raw))
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	b.do("GET", path, nil, "")
	return b
}

func (b *browser) post(path string, form url.Values) *browser {
	b.t.Helper()
	b.do("POST", path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
	return b
}

// form returns the fields of the form in which pick finds its node.
func (b *browser) form(pick func(*html.Node) bool) url.Values {
	b.t.Helper()
	n := find(b.doc, pick)
	if n == nil {
		b.t.Fatalf("no such control on the page:\n%s", b.body)
	}
	for n.Data != "form" {
		n = n.Parent
	}
	fields := url.Values{}
	walk(n, func(n *html.Node) {
		if n.Data == "input" && attr(n, "name") != "" && attr(n, "type") != "file" {
			fields.Set(attr(n, "name"), attr(n, "value"))
		}
	})
	return fields
}

// say types a text and presses Gửi.
func (b *browser) say(text string) *browser {
	b.t.Helper()
	f := b.form(func(n *html.Node) bool { return attr(n, "id") == "text" })
	f.Set("text", text)
	return b.post(b.path(), f)
}

// press presses the button that bears a label.
func (b *browser) press(label string) *browser {
	b.t.Helper()
	f := b.pressing(label)
	return b.post(b.path(), f)
}

func (b *browser) pressing(label string) url.Values {
	b.t.Helper()
	pick := func(n *html.Node) bool { return n.Data == "button" && strings.TrimSpace(textOf(n)) == label }
	f := b.form(pick)
	if n := find(b.doc, pick); attr(n, "name") != "" {
		f.Set(attr(n, "name"), attr(n, "value"))
	}
	return f
}

func (b *browser) path() string { return b.at.Path + "?" + b.at.RawQuery }

// log is what the log shows: one line for each entry.
func (b *browser) log() []string {
	var out []string
	walk(b.doc, func(n *html.Node) {
		if _, hidden := lookup(n, "hidden"); !hidden && strings.HasPrefix(attr(n, "class"), "entry ") && n.Parent.Data != "template" && inLog(n) {
			said := find(n, func(n *html.Node) bool { return attr(n, "class") == "said" })
			line := strings.TrimPrefix(attr(n, "class"), "entry ") + ":"
			if said != nil {
				line += " " + textOf(said)
			}
			out = append(out, line)
		}
	})
	return out
}

func inLog(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if attr(n, "id") == "lines" {
			return true
		}
	}
	return false
}

// choices are the labels that can be pressed in the log.
func (b *browser) choices() []string {
	var out []string
	walk(b.doc, func(n *html.Node) {
		if strings.HasPrefix(attr(n, "class"), "choice") && (n.Data == "button" || n.Data == "a") {
			out = append(out, strings.TrimSpace(textOf(n)))
		}
	})
	return out
}

func (b *browser) notice() string {
	return strings.TrimSpace(textOf(find(b.doc, func(n *html.Node) bool { return attr(n, "id") == "notice" })))
}

func (b *browser) typed() string {
	return attr(find(b.doc, func(n *html.Node) bool { return attr(n, "id") == "text" }), "value")
}

func (b *browser) cookie() *http.Cookie {
	u, _ := url.Parse(b.srv.URL)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == "visitor" {
			return c
		}
	}
	return nil
}

func walk(n *html.Node, visit func(*html.Node)) {
	if n == nil {
		return
	}
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func find(n *html.Node, pick func(*html.Node) bool) (found *html.Node) {
	walk(n, func(n *html.Node) {
		if found == nil && n.Type == html.ElementNode && pick(n) {
			found = n
		}
	})
	return found
}

func lookup(n *html.Node, name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string { v, _ := lookup(n, name); return v }

func textOf(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Data == "br" {
			b.WriteByte('\n')
		}
	})
	return b.String()
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
