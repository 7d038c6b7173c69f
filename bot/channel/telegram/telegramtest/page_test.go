package telegramtest

import (
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestFormattedHTML(t *testing.T) {
	for _, c := range []struct {
		text     string
		entities []Entity
		want     template.HTML
	}{
		{"a <b> & c", nil, "a &lt;b&gt; &amp; c"},
		{"👍 đậm <x>", []Entity{{Type: "bold", Offset: 3, Length: 3}}, "👍 <b>đậm</b> &lt;x&gt;"},
		{"abc", []Entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 1}}, "<b>a<i>b</i>c</b>"},
		{"a b", []Entity{{Type: "bold", Length: 1}, {Type: "italic", Offset: 2, Length: 1}}, "<b>a</b> <i>b</i>"},
		{"x", []Entity{{Type: "text_link", Length: 1, URL: `https://x.vn/"><script>`}}, `<a target="_blank" rel="noopener noreferrer" href="https://x.vn/&#34;&gt;&lt;script&gt;">x</a>`},
		{"xem https://x.vn/a?b=1&c.", nil, `xem <a target="_blank" rel="noopener noreferrer" href="https://x.vn/a?b=1&amp;c">https://x.vn/a?b=1&amp;c</a>.`},
		{"bấm /riengtu.", nil, `bấm <button type="submit" class="command" form="command" name="text" value="/riengtu">/riengtu</button>.`},
		{"kWh/tháng 1/2", nil, "kWh/tháng 1/2"},
		{"ab", []Entity{{Type: "bold", Offset: 1, Length: 9}, {Type: "unknown", Offset: 0, Length: 1}}, "a<b>b</b>"},
	} {
		if have := formattedHTML(c.text, c.entities); have != c.want {
			t.Errorf("%q: %s, want %s", c.text, have, c.want)
		}
	}
}

func FuzzFormattedHTML(f *testing.F) {
	f.Add("a https://x.vn/<b> /menu \"", 0, 3, 1, 5)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		html := string(formattedHTML(text, []Entity{{Type: "bold", Offset: max(a, 0), Length: b}, {Type: "italic", Offset: max(c, 0), Length: d}}))
		for _, known := range []string{"<b>", "</b>", "<i>", "</i>", `<a target="_blank" rel="noopener noreferrer" href="http`, "</a>", `<button type="submit" class="command" form="command" name="text" value="/`, "</button>"} {
			html = strings.ReplaceAll(html, known, "")
		}
		if strings.Contains(html, "<") {
			t.Errorf("%q makes other markup: %s", text, html)
		}
	})
}

func TestPageWithoutScript(t *testing.T) {
	s, b := newServer(t, Options{})
	srv := httptest.NewServer(s.Page())
	defer srv.Close()
	get := func(path string) (string, http.Header) {
		t.Helper()
		response, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		raw, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw), response.Header
	}
	html, header := get("/?as=Ch%E1%BB%8B+Hoa&start=class_7f3k")
	if !strings.Contains(html, "Bản mô phỏng Telegram, không cần tài khoản") || !strings.Contains(html, `value="class_7f3k"`) || strings.Contains(html, "style=") || strings.Contains(html, "<script>") {
		t.Errorf("page %s", html)
	}
	if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %s", policy)
	}
	do := func(fields url.Values, headers ...string) int {
		t.Helper()
		fields.Set("as", "Chị Hoa")
		r, _ := http.NewRequest(http.MethodPost, srv.URL+"/do", strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if code := do(url.Values{"what": {"start"}, "text": {"class_7f3k"}}); code != 200 {
		t.Errorf("start: %d", code)
	}
	if code := do(url.Values{"what": {"say"}, "text": {"x"}}, "Sec-Fetch-Site", "cross-site"); code != 403 {
		t.Errorf("from another site: %d", code)
	}
	if code := do(url.Values{"what": {"fly"}}); code != 422 {
		t.Errorf("nonsense: %d", code)
	}
	all := b.updates()
	if len(all) != 1 || all[0].Message.Text != "/start class_7f3k" || all[0].Message.From.FirstName != "Chị Hoa" || all[0].Message.From.LanguageCode != "vi" {
		t.Fatalf("updates %+v", all)
	}
	chat := all[0].Message.Chat.ID
	m := must[message](b, "sendMessage", "chat_id", chat, "text", "<b>Chào</b> <script>", "reply_markup", buttons("Xem", "x"))
	html, _ = get("/?as=Ch%E1%BB%8B+Hoa")
	if !strings.Contains(html, "&lt;script&gt;") || !strings.Contains(html, `<button name="data" value="x">Xem</button>`) {
		t.Errorf("page %s", html)
	}
	do(url.Values{"what": {"press"}, "message": {decimal(m.ID)}, "data": {"x"}})
	all = b.updates("offset", all[0].ID+1)
	if len(all) != 1 || all[0].Callback.Data != "x" {
		t.Errorf("updates %+v", all)
	}
	b.upload("sendDocument", "document", "lịch.ics", []byte("BEGIN"), "chat_id", decimal(chat))
	raw, header := get("/media?as=Ch%E1%BB%8B+Hoa&id=3")
	if raw != "BEGIN" || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
		t.Errorf("document %q %v", raw, header)
	}
	var n news
	raw, _ = get("/log?as=Ch%E1%BB%8B+Hoa")
	if err := json.Unmarshal([]byte(raw), &n); err != nil || n.Version == "" || !strings.Contains(n.Log, "lịch.ics") {
		t.Errorf("news %s %v", raw, err)
	}
	done := make(chan string)
	go func() {
		raw, _ := get("/log?as=Ch%E1%BB%8B+Hoa&since=" + n.Version)
		done <- raw
	}()
	must[bool](b, "sendChatAction", "chat_id", chat, "action", "typing")
	if raw := <-done; !strings.Contains(raw, "đang nhập…") {
		t.Errorf("news %s", raw)
	}
	if again := s.playedBy(decimal(chat), "en"); again.ID() != chat {
		t.Error("a person cannot be played by their id")
	}
}
