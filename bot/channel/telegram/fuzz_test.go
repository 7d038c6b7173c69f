package telegram_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Whatever arrives at the webhook is taken or refused, and what reaches the
// receiver is something a person did in a private chat.
func FuzzUpdate(f *testing.F) {
	for _, u := range []string{
		says(10, "chào"), presses(11, "q", "x"), sends(12, `"contact":{"phone_number":"84912345678","user_id":1001}`),
		sends(13, `"media_group_id":"a","caption":"x","photo":[{"file_id":"p","width":1,"height":1}]`), sends(14, `"document":{"file_id":"d","file_name":"../a\\b.pdf","mime_type":"application/pdf"}`),
		inGroup(15, `"text":"/menu@x","entities":[{"type":"bot_command","offset":0,"length":7}]`), inGroup(16, `"migrate_to_chat_id":-1`),
		`{"update_id":17,"my_chat_member":{"chat":{"id":1001,"type":"private"},"from":{"id":1001},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":18,"edited_message":{}}`, `{"update_id":1e3}`, `{"update_id":null}`, `[]`, `{"update_id":1,"message":{"chat":{"id":"x"},"from":5,"entities":[{"offset":-1,"length":9223372036854775807}]}}`,
	} {
		f.Add(u)
	}
	b := newBench(hooked)
	if err := b.Setup(context.Background()); err != nil {
		f.Fatal(err)
	}
	secret := b.stub.made("setWebhook")[0].params["secret_token"]
	f.Fuzz(func(t *testing.T, body string) {
		to := &inbox{}
		r := httptest.NewRequest("POST", "/webhook/telegram", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		b.Webhook(to).ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 && w.Code != 413 {
			t.Fatalf("%q is answered by %d", body, w.Code)
		}
		for _, in := range to.all() {
			checkIncoming(t, in)
		}
	})
}

func checkIncoming(t *testing.T, in channel.Incoming) {
	t.Helper()
	id, err := strconv.ParseInt(in.Address.ID, 10, 64)
	if err != nil || id <= 0 || in.Address.Channel != "telegram" {
		t.Errorf("from %v", in.Address)
	}
	if !strings.HasPrefix(in.ID, "123456.") {
		t.Errorf("its id is %q", in.ID)
	}
	switch in.Input.Kind {
	case dialogs.InputPress:
		if in.Input.Button == "" {
			t.Error("a press of nothing")
		}
	case dialogs.InputPhone:
		if !strings.HasPrefix(in.Input.Text, "+") {
			t.Errorf("a number without a plus: %q", in.Input.Text)
		}
	case dialogs.InputFile:
		if m := in.Input.File; m.Name == "" || strings.ContainsAny(m.Name, `/\`) || m.Size > 20<<20 || len(m.Ref) <= len("telegram:") {
			t.Errorf("a file %+v", m)
		}
	case dialogs.InputText:
		if !utf8.ValidString(in.Input.Text) {
			t.Errorf("a text that is none: %q", in.Input.Text)
		}
	}
}

// Whatever a button is called, pressing it gives that name back, and no data
// are longer than Telegram takes.
func FuzzButton(f *testing.F) {
	for _, id := range []string{"4f.sx_go.c12", "/dangky", "#", "#AAAAAAAAAAAAAAAA", strings.Repeat("đ", 40), " ", "\x00"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !utf8.ValidString(id) || id == "" {
			t.Skip("no ID the engine makes")
		}
		b, to := newBench(), &inbox{}
		if _, err := b.send(dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{button(id, "Có")}}); err != nil {
			t.Fatal(err)
		}
		data := dataOf(t, b.stub.made("sendMessage")[0].params["reply_markup"])[0]
		if len(data) > 64 {
			t.Errorf("%q is %d bytes long", data, len(data))
		}
		b.press(t, to, 10, data)
		if got := to.all()[0].Input.Button; got != id {
			t.Errorf("%q came back as %q", id, got)
		}
	})
}

// What is marked up is read by Telegram's own rules as what was written.
func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"**a** b", "<b>&lt;", "****", "a ** b", "**a\n\n<** &#60; \"", "*a**b***"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := newBench()
		m := dialogs.Message{Text: text, Format: dialogs.Marked}
		if utf8.RuneCountInString(text) > 4096 {
			t.Skip("refused as too long")
		}
		if _, err := b.send(m); err != nil {
			t.Fatal(err)
		}
		p := b.stub.made("sendMessage")[0].params
		got := p["text"]
		if p["parse_mode"] == "HTML" {
			if n := strings.Count(got, "<"); n != strings.Count(got, "<b>")+strings.Count(got, "</b>") || strings.Count(got, "<b>") != strings.Count(got, "</b>") {
				t.Fatalf("%q became %q", text, got)
			}
			got = strings.NewReplacer("<b>", "", "</b>", "", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(got)
		}
		if want := channel.Plain(dialogs.Message{Text: strings.ToValidUTF8(text, "\ufffd"), Format: dialogs.Marked}).Text; got != want {
			t.Fatalf("%q is shown as %q, want %q", text, got, want)
		}
	})
}
