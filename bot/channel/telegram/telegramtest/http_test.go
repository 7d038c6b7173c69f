package telegramtest

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
)

func TestFormsOfRequests(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "vi")
	ann.Start("")
	form := url.Values{"chat_id": {"7"}, "text": {"xin chào"}}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for name, all := range form {
		if err := w.WriteField(name, all[0]); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	for _, way := range []struct{ name, method, kind, body string }{
		{"form", "sendMessage", "application/x-www-form-urlencoded", form.Encode()},
		{"JSON", "sendMessage", "application/json", `{"chat_id":7,"text":"xin chào","disable_notification":true,"link_preview_options":{"is_disabled":true}}`},
		{"multipart", "sendMessage", w.FormDataContentType(), parts.String()},
		{"query", "sendMessage?" + form.Encode(), "", ""},
		{"letter case", "SENDmessage", "application/x-www-form-urlencoded; charset=utf-8", form.Encode()},
		{"null", "sendMessage", "application/x-www-form-urlencoded", form.Encode() + "&entities=null&disable_web_page_preview=true"},
	} {
		before := len(ann.Seen())
		g, err := b.post(t.Context(), way.method, way.kind, way.body)
		if err != nil || !g.OK || g.Status != 200 {
			t.Errorf("%s: %+v %v", way.name, g, err)
			continue
		}
		if seen := ann.Seen(); len(seen) != before+1 || seen[before].Text != "xin chào" {
			t.Errorf("%s: seen %+v", way.name, seen)
		}
		if kind := g.Header.Get("Content-Type"); kind != "application/json" {
			t.Errorf("%s: answered as %s", way.name, kind)
		}
	}
	well(t, s)
	r, _ := http.NewRequest(http.MethodGet, b.base+"getMe", nil)
	if g, err := b.do(r); err != nil || !g.OK {
		t.Errorf("GET: %+v %v", g, err)
	}
	g, err := b.post(t.Context(), "sendMessage", "application/json", `{"chat_id":7,"text":"a","reply_markup":null}`)
	if err != nil || g.Description != "Bad Request: object expected as reply markup" {
		t.Errorf("a null reply_markup: %+v %v", g, err)
	}
}

func TestTokensAndPaths(t *testing.T) {
	s, b := newServer(t, Options{})
	for path, want := range map[string]struct {
		code int
		text string
	}{
		"/bot" + token + "/nonsense":             {404, "Not Found: method not found"},
		"/bot" + token:                           {404, "Not Found"},
		"/":                                      {404, "Not Found"},
		"/botabc/getMe":                          {401, "Unauthorized: invalid token specified"},
		"/bot0123:ABC/getMe":                     {401, "Unauthorized: invalid token specified"},
		"/bot1234/getMe":                         {401, "Unauthorized: invalid token specified"},
		"/bot4839574812:wrong/getMe":             {401, "Unauthorized"},
		"/file/bot" + token + "/documents/x.pdf": {404, "Not Found"},
	} {
		r, _ := http.NewRequest(http.MethodGet, "http://telegram.test"+path, nil)
		g, err := b.do(r)
		if err != nil || g.Status != want.code || g.Description != want.text {
			t.Errorf("%s: %d %q %v, want %d %q", path, g.Status, g.Description, err, want.code, want.text)
		}
	}
	s.ForgetViolations()
	r, _ := http.NewRequest(http.MethodGet, "http://telegram.test/health?from=/bot"+token, nil)
	if _, err := b.do(r); err != nil {
		t.Fatal(err)
	}
	blamed(t, s, "the token stands in the URL of another path")
	s.Revoke()
	if g := b.refused("Unauthorized", "getMe"); g.Status != 401 {
		t.Errorf("a revoked token: %d", g.Status)
	}
	for _, c := range s.Calls() {
		if c.Method == token {
			t.Error("the token stands in the log")
		}
	}
}

func TestParametersAreChecked(t *testing.T) {
	s, b := newServer(t, Options{})
	s.NewPerson(7, "Ann", "").Start("")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a", "parse_mod", "HTML")
	blamed(t, s, "sendMessage: unknown parameter parse_mod")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a", "disable_notification", "often")
	blamed(t, s, "sendMessage: disable_notification is not of type Boolean")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a", "link_preview_options", "5", "allow_sending_without_reply", true)
	blamed(t, s, "link_preview_options is not of type LinkPreviewOptions")
	b.refused("Bad Request: chat_id is empty", "sendMessage", "text", "a")
	blamed(t, s, "sendMessage: parameter chat_id is required")
	b.refused("Bad Request: message text is empty", "sendMessage", "chat_id", 7, "text", "")
	well(t, s)
	b.refused("Bad Request: message text is empty", "sendMessage", "chat_id", 7)
	blamed(t, s, "sendMessage: parameter text is required")
	if g := b.refused("Not Implemented: sendDice is not simulated here", "sendDice", "chat_id", 7); g.Status != 501 {
		t.Errorf("a method that is not simulated: %d", g.Status)
	}
	blamed(t, s, "sendDice is not simulated here")
}

func TestDescriptionRule(t *testing.T) {
	for _, c := range []struct {
		code        int
		words, want string
	}{
		{400, "Message is too long", "Bad Request: message is too long"},
		{400, "BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"},
		{400, "A_B", "Bad Request: A_B"},
		{403, "Bot was blocked by the user", "Forbidden: bot was blocked by the user"},
		{401, "Unauthorized", "Unauthorized"},
		{500, "Internal", "Internal Server Error: internal"},
		{409, conflictPoll, conflictPoll},
	} {
		if have := describe(c.code, c.words); have != c.want {
			t.Errorf("%d %s: %q, want %q", c.code, c.words, have, c.want)
		}
	}
}
