package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

func hooked(o *telegram.Options) {
	o.Webhook = true
	o.PublicURL = &url.URL{Scheme: "https", Host: "chat.example.vn", Path: "/"}
}

// hook is a channel with its webhook set, and the secret Telegram was given.
func hook(t *testing.T, to channel.Receiver) (*bench, func(method, secret, body string) int, string) {
	t.Helper()
	b := newBench(hooked)
	if err := b.Setup(context.Background()); err != nil {
		t.Fatal(err)
	}
	set := b.stub.made("setWebhook")
	if len(set) != 1 {
		t.Fatalf("the webhook was set %d times", len(set))
	}
	h := b.Webhook(to)
	return b, func(method, secret, body string) int {
		r := httptest.NewRequest(method, "/webhook/telegram", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}, set[0].params["secret_token"]
}

// TestTrap10OurOwnWebhook: nothing is taken that is not from Telegram, not an
// update or too large; what cannot be used is taken all the same.
func TestTrap10OurOwnWebhook(t *testing.T) {
	to := &inbox{}
	b, post, secret := hook(t, to)
	cases := []struct {
		name, method, secret, body string
		want                       int
	}{
		{"a message", "POST", secret, says(10, "chào"), 200},
		{"not a post", "GET", secret, "", 405},
		{"no secret", "POST", "", says(11, "x"), 401},
		{"a wrong secret", "POST", secret + "x", says(11, "x"), 401},
		{"the token instead", "POST", token, says(11, "x"), 401},
		{"nothing", "POST", secret, "", 400},
		{"no update", "POST", secret, "{}", 400},
		{"a list", "POST", secret, "[" + says(11, "x") + "]", 400},
		{"broken", "POST", secret, `{"update_id":11,"message":{`, 400},
		{"two", "POST", secret, says(11, "x") + says(12, "y"), 400},
		{"too large", "POST", secret, says(11, strings.Repeat("x", 1<<20)), 413},
		{"an unknown kind", "POST", secret, `{"update_id":11,"subscription":{}}`, 200},
		{"a message of a shape never seen", "POST", secret, `{"update_id":11,"message":[]}`, 200},
	}
	for _, c := range cases {
		if got := post(c.method, c.secret, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := texts(to.all()); len(got) != 1 || got[0] != "chào" {
		t.Errorf("received %v", got)
	}
	if strings.Contains(b.logs.String(), secret) || strings.Contains(secret, token) {
		t.Error("the secret is in the log, or is the token")
	}
	for k, v := range b.notes.all() {
		if strings.Contains(v, secret) {
			t.Errorf("the secret is in the note %s", k)
		}
	}
	b.clean(t)
}

// TestThemeDuplicates: what was not kept is answered by 503, comes again under
// the same id, and only then by 200.
func TestThemeDuplicates(t *testing.T) {
	to := &inbox{take: func(_ context.Context, nth int) error {
		if nth == 1 {
			return errDisk
		}
		return nil
	}}
	_, post, secret := hook(t, to)
	var got []int
	for range 3 {
		got = append(got, post("POST", secret, says(10, "x")))
	}
	if got[0] != 503 || got[1] != 200 || got[2] != 200 {
		t.Errorf("answers %v", got)
	}
	all := to.all()
	if len(all) != 2 || all[0].ID != all[1].ID || all[0].ID != "123456.10" {
		t.Errorf("received %+v", all)
	}
}

// TestThemeWebhookTime: the answer follows the commit, not the conversation:
// answering the button, which the network holds up here, is not waited for.
func TestThemeWebhookTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, post, secret := hook(t, &inbox{})
		b.stub.on("answerCallbackQuery", reply{hang: true})
		began := time.Now()
		if code := post("POST", secret, presses(10, "q", "x")); code != 200 || time.Since(began) > 0 {
			t.Errorf("answered %d after %v", code, time.Since(began))
		}
		time.Sleep(10 * time.Second)
	})
}

func TestSecretFollowsFromTheToken(t *testing.T) {
	_, _, one := hook(t, &inbox{})
	_, _, again := hook(t, &inbox{})
	if one != again || len(one) < 32 || strings.Trim(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		t.Errorf("secrets %q and %q", one, again)
	}
	other := newBench(hooked, func(o *telegram.Options) { o.Token = "123456:other" })
	if err := other.Setup(context.Background()); err != nil {
		t.Fatal(err)
	}
	if other.stub.made("setWebhook")[0].params["secret_token"] == one {
		t.Error("two tokens have one secret")
	}
}

// The webhook is set with all that matters, and again only when something
// differs: the address, the kinds of updates, or the token.
func TestWebhookIsSetOnlyWhenItDiffers(t *testing.T) {
	const right = `{"url":"https://chat.example.vn/webhook/telegram","max_connections":40,"allowed_updates":["callback_query","message","my_chat_member"]}`
	b := newBench(hooked)
	for i, step := range []struct {
		is   string
		want int
	}{
		{`{"url":""}`, 1},
		{right, 1},
		{right, 1},
		{strings.Replace(right, "chat.", "old.", 1), 2},
		{strings.Replace(right, `"message",`, "", 1), 3},
		{strings.Replace(right, "40", "5", 1), 4},
	} {
		b.stub.on("getWebhookInfo", result(step.is))
		if err := b.Setup(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := len(b.stub.made("setWebhook")); n != step.want {
			t.Errorf("step %d: set %d times, want %d", i, n, step.want)
		}
	}
	c := b.stub.made("setWebhook")[0].params
	if c["url"] != "https://chat.example.vn/webhook/telegram" || c["max_connections"] != "40" || c["allowed_updates"] != `["message","callback_query","my_chat_member"]` {
		t.Errorf("set with %v", c)
	}
	renewed := newBench(hooked, func(o *telegram.Options) { o.Token, o.Notes = "123456:renewed", b.notes })
	renewed.stub.on("getWebhookInfo", result(right))
	if err := renewed.Setup(context.Background()); err != nil || len(renewed.stub.made("setWebhook")) != 1 {
		t.Errorf("with a new token it was set %d times: %v", len(renewed.stub.made("setWebhook")), err)
	}
}

func TestWebhookNeedsAnAddress(t *testing.T) {
	b := newBench(func(o *telegram.Options) { o.Webhook = true })
	err := b.Setup(context.Background())
	if err == nil || !strings.Contains(err.Error(), "SACHHON_PUBLIC_URL") {
		t.Errorf("got %v", err)
	}
}

// A wait that Telegram asks for during set-up is waited out.
func TestSetupWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(hooked)
		b.stub.on("setWebhook", slow(1), slow(2), reply{})
		began := time.Now()
		if err := b.Setup(context.Background()); err != nil {
			t.Error(err)
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

// With a webhook Poll keeps it set and fetches nothing.
func TestPollKeepsTheWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(hooked)
		b.stub.on("setWebhook", refuse(500, "Internal Server Error"), reply{})
		stop := b.polling(&inbox{})
		time.Sleep(90 * time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := len(b.stub.made("getUpdates")); n != 0 {
			t.Errorf("%d polls", n)
		}
		if n := len(b.stub.made("setWebhook")); n != 3 { // failed, set, and an hour later, since Telegram says it is gone
			t.Errorf("set %d times", n)
		}
	})
}

// The menu and the texts of the bot are set in both languages, once.
func TestMenuAndDescriptions(t *testing.T) {
	b := newBench(func(o *telegram.Options) {
		o.Commands = map[dialogs.Lang][]telegram.Command{
			"vi": {{Name: "menu", About: "Mở menu"}, {Name: "dung", About: "Dừng nhận tin"}},
			"en": {{Name: "menu", About: "Open the menu"}, {Name: "stop", About: "Stop"}},
		}
		o.Description.VI, o.Description.EN = "Trung tâm Khuyến công", "The Centre"
		o.Short.VI = "Sản xuất sạch hơn"
	})
	if err := b.Setup(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"": `[{"command":"menu","description":"Mở menu"},{"command":"dung","description":"Dừng nhận tin"}]`,
		"en": `[{"command":"menu","description":"Open the menu"},{"command":"stop","description":"Stop"}]`}
	set := b.stub.made("setMyCommands")
	if len(set) != 2 {
		t.Fatalf("the menu was set %d times", len(set))
	}
	for _, c := range set {
		if c.params["commands"] != want[c.params["language_code"]] || c.params["scope"] != `{"type":"all_private_chats"}` {
			t.Errorf("set %v", c.params)
		}
	}
	b.stub.onCall("getMyCommands", func(c call, _ int) reply { return result(want[c.params["language_code"]]) })
	b.stub.onCall("getMyDescription", func(c call, _ int) reply {
		return result(map[string]string{"": `{"description":"Trung tâm Khuyến công"}`, "en": `{"description":"old"}`}[c.params["language_code"]])
	})
	b.stub.on("getMyShortDescription", result(`{"short_description":"Sản xuất sạch hơn"}`))
	if err := b.Setup(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(b.stub.made("setMyCommands")); n != 2 {
		t.Errorf("the same menu was set again")
	}
	texts := b.stub.made("setMyDescription", "setMyShortDescription")
	if len(texts) != 5 || texts[4].params["description"] != "The Centre" || texts[4].params["language_code"] != "en" {
		t.Errorf("texts set: %v", texts)
	}
	if b.Username() != "sachhon_bot" {
		t.Errorf("the bot's name is %q", b.Username())
	}
}

func TestMenuThatIsRefusedStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(func(o *telegram.Options) {
			o.Commands = map[dialogs.Lang][]telegram.Command{"vi": {{Name: "Đ", About: "x"}}}
		})
		b.stub.on("setMyCommands", refuse(400, "Bad Request: BOT_COMMAND_INVALID"))
		to := &inbox{}
		b.stub.batch <- says(10, "chào")
		stop := b.polling(to)
		time.Sleep(time.Second)
		if err := stop(); err != nil || len(to.all()) != 1 {
			t.Errorf("received %v, %v", texts(to.all()), err)
		}
		if b.logs.times("menu and descriptions") != 1 {
			t.Errorf("logged:\n%s", b.logs.String())
		}
		if err := b.Setup(context.Background()); err == nil || errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("Setup says %v", err)
		}
	})
}
