package telegramtest

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestHTML(t *testing.T) {
	for _, c := range []struct {
		in, text string
		entities []Entity
	}{
		{"xin chào", "xin chào", nil},
		{"<b>Dạ</b> chào", "Dạ chào", []Entity{{Type: "bold", Offset: 0, Length: 2}}},
		{"👩‍🔬 <B>x</B>", "👩‍🔬 x", []Entity{{Type: "bold", Offset: 6, Length: 1}}},
		{"<strong><em>a</em>b</strong>", "ab", []Entity{{Type: "bold", Length: 2}, {Type: "italic", Length: 1}}},
		{"<u>a</u><ins>b</ins><s>c</s><strike>d</strike><del>e</del>", "abcde", []Entity{
			{Type: "underline", Offset: 0, Length: 1}, {Type: "underline", Offset: 1, Length: 1}, {Type: "strikethrough", Offset: 2, Length: 1},
			{Type: "strikethrough", Offset: 3, Length: 1}, {Type: "strikethrough", Offset: 4, Length: 1}}},
		{`<a href="https://sxsh.vn/?a=1&amp;b=2">x</a>`, "x", []Entity{{Type: "text_link", Length: 1, URL: "https://sxsh.vn/?a=1&b=2"}}},
		{`<a href='tg://user?id=42'>x</a>`, "x", []Entity{{Type: "text_mention", Length: 1, User: &User{ID: 42}}}},
		{`<a href="nowhere">x</a>`, "x", nil},
		{"<a>sxsh.vn</a>", "sxsh.vn", []Entity{{Type: "text_link", Length: 7, URL: "http://sxsh.vn/"}}},
		{"a &lt; b &amp;&amp; c &quot;d&quot; &#33;&#x21;", `a < b && c "d" !!`, nil},
		{"a &lt b & c &nbsp; d &apos;", "a < b & c &nbsp; d &apos;", nil},
		{"<pre><code class=\"language-go\">f()</code></pre>", "f()", []Entity{{Type: "pre", Length: 3, Language: "go"}}},
		{"<code>a<b>b</b></code>", "ab", []Entity{{Type: "code", Length: 2}}},
		{"<blockquote expandable>a</blockquote><blockquote>b</blockquote>", "ab", []Entity{{Type: "expandable_blockquote", Length: 1}, {Type: "blockquote", Offset: 1, Length: 1}}},
		{`<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>`, "ab", []Entity{{Type: "spoiler", Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, CustomEmojiID: "5368324170671202286"}}},
		{"<b>a</>", "a", []Entity{{Type: "bold", Length: 1}}},
		{"<b ></b >x", "x", nil},
		{"x > y", "x > y", nil},
	} {
		p, err := parseHTML(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if p.text != c.text {
			t.Errorf("%s: text %q, want %q", c.in, p.text, c.text)
		}
		if len(p.entities) != len(c.entities) {
			t.Errorf("%s: %+v, want %+v", c.in, p.entities, c.entities)
			continue
		}
		for i, e := range p.entities {
			want := c.entities[i]
			if user := e.User; user != nil && want.User != nil && *user == *want.User {
				e.User, want.User = nil, nil
			}
			if e != want {
				t.Errorf("%s: entity %d is %+v, want %+v", c.in, i, e, want)
			}
		}
	}
}

func TestHTMLMistakes(t *testing.T) {
	for in, want := range map[string]string{
		"5 < 6":                  `Unsupported start tag "" at byte offset 2`,
		"nước <5 m³":             `Unsupported start tag "5" at byte offset 8`,
		"a<br>b":                 `Unsupported start tag "br" at byte offset 1`,
		"<p>a</p>":               `Unsupported start tag "p" at byte offset 0`,
		"<b":                     `Unclosed start tag at byte offset 0`,
		"a</b>":                  `Unexpected end tag at byte offset 1`,
		"<b>a</i>":               `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b>a":                   `Can't find end tag corresponding to start tag "b"`,
		"<b>ạ<i>b</b></i>":       `Unmatched end tag at byte offset 10, expected "</i>", found "</b>"`,
		`<a ="x">a</a>`:          `Empty attribute name in the tag "a" at byte offset 0`,
		"<span>a</span>":         `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"<b>a</b":                `Unclosed end tag at byte offset 4`,
		"<a href=x/y>a</a>":      `Unexpected end of name token at byte offset 8`,
		`<a href="x>a</a>`:       `Unclosed start tag at byte offset 0`,
		"<a href=":               `Unclosed start tag "a" at byte offset 0`,
		"<tg-emoji>a</tg-emoji>": `Invalid custom emoji identifier specified`,
		"&#xd83d;":               `Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units`,
	} {
		if p, err := parseHTML(in); err == nil || err.Error() != want {
			t.Errorf("%s: %+v %v, want %s", in, p, err, want)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, seed := range []string{"a<b>b</b>", `<a href="x.vn">&lt;</a>`, "<pre><code class='language-go'>x</code></pre>", "&#128077;<i>👍</i>", "</>", "<b x=y/>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) {
			t.Skip()
		}
		p, err := parseHTML(in)
		if err != nil {
			return
		}
		units := len(utf16.Encode([]rune(p.text)))
		for _, e := range p.entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units {
				t.Errorf("%q: entity %+v in %d units", in, e, units)
			}
		}
		if trimmed := trimmed(p); strings.TrimSpace(trimmed.text) != strings.TrimSpace(p.text) {
			t.Errorf("%q: trimmed to %q", in, trimmed.text)
		}
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(p.text)
		if again, err := parseHTML(escaped); err != nil || again.text != p.text || again.sloppy != "" {
			t.Errorf("%q: escaped and read again: %q %v %s", p.text, again.text, err, again.sloppy)
		}
	})
}

func TestTextIsTrimmed(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "")
	ann.Start("")
	m := must[message](b, "sendMessage", "chat_id", 7, "text", "\n  a <b>b </b> \n", "parse_mode", "html")
	if m.Text != "a b" || m.Entities[0] != (Entity{Type: "bold", Offset: 2, Length: 1}) {
		t.Errorf("%q %+v", m.Text, m.Entities)
	}
	m = must[message](b, "sendMessage", "chat_id", 7, "text", "ab", "entities", []Entity{{Type: "bold", Length: 1}})
	if m.Text != "ab" || len(m.Entities) != 1 {
		t.Errorf("%q %+v", m.Text, m.Entities)
	}
	well(t, s)
	must[message](b, "sendMessage", "chat_id", 7, "text", "ab", "entities", []Entity{{Type: "bold", Length: 3}})
	blamed(t, s, "an entity at 0 of length 3 in a text of 2 UTF-16 code units")
}
