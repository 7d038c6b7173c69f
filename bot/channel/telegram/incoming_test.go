package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

// deliver hands one update over by webhook.
func (b *bench) deliver(t *testing.T, to channel.Receiver, update string) {
	t.Helper()
	hooked := newBench(hooked)
	if err := hooked.Setup(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/webhook/telegram", strings.NewReader(update))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", hooked.stub.made("setWebhook")[0].params["secret_token"])
	w := httptest.NewRecorder()
	b.Webhook(to).ServeHTTP(w, r)
	if w.Code != 200 {
		t.Fatalf("%s was answered by %d", update, w.Code)
	}
}

// dataOf are the data of the buttons in a keyboard.
func dataOf(t *testing.T, keyboard string) []string {
	t.Helper()
	var k struct {
		Rows [][]struct {
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(keyboard), &k); err != nil {
		t.Fatalf("%q: %v", keyboard, err)
	}
	var out []string
	for _, row := range k.Rows {
		for _, b := range row {
			if b.Data != "" {
				out = append(out, b.Data)
			}
		}
	}
	return out
}

func TestWhatPeopleSend(t *testing.T) {
	file := func(kind dialogs.MediaKind, name, mime, ref string, size int64, text string) dialogs.Input {
		return dialogs.Input{Kind: dialogs.InputFile, Text: text, File: dialogs.Media{Kind: kind, Name: name, MIME: mime, Size: size, Ref: ref}}
	}
	other := dialogs.Input{Kind: dialogs.InputOther}
	cases := []struct {
		name, fields string
		want         dialogs.Input
	}{
		{"a text", `"text":"dạ <em> đăng ký ạ"`, dialogs.Say("dạ <em> đăng ký ạ")},
		{"a command", `"text":"/start class_7f3k"`, dialogs.Say("/start class_7f3k")},
		{"a command that names us", `"text":"/start@sachhon_bot class_7f3k"`, dialogs.Say("/start class_7f3k")},
		{"a command over lines", "\"text\":\"/hoi@sachhon_bot\\nmai có lớp @ai\"", dialogs.Say("/hoi\nmai có lớp @ai")},
		{"an address", `"text":"an@example.vn"`, dialogs.Say("an@example.vn")},
		{"one's own number", `"contact":{"phone_number":"84912345678","first_name":"An","user_id":1001}`, dialogs.Input{Kind: dialogs.InputPhone, Text: "+84912345678"}},
		{"one's own number with a plus", `"contact":{"phone_number":"+84912345678","first_name":"An","user_id":1001}`, dialogs.Input{Kind: dialogs.InputPhone, Text: "+84912345678"}},
		{"somebody else's number", `"contact":{"phone_number":"+84987654321","first_name":"Bình","user_id":1002}`, dialogs.Say("+84987654321")},
		{"a number of nobody", `"contact":{"phone_number":"0987654321","first_name":"Bình"}`, dialogs.Say("0987654321")},
		{"a picture", `"caption":"xưởng","photo":[{"file_id":"s","width":90,"height":60,"file_size":1},{"file_id":"L","width":1280,"height":853,"file_size":99},{"file_id":"m","width":320,"height":200}]`,
			file(dialogs.Image, "photo-10.jpg", "image/jpeg", "telegram:L", 99, "xưởng")},
		{"a pdf", `"document":{"file_id":"D","file_name":"../bao cao.pdf","mime_type":"application/pdf","file_size":1000}`, file(dialogs.Document, "bao cao.pdf", "application/pdf", "telegram:D", 1000, "")},
		{"a table", `"document":{"file_id":"D","file_name":"a.xlsx","mime_type":"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet","file_size":1}`,
			file(dialogs.Document, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "telegram:D", 1, "")},
		{"a picture as a file", `"document":{"file_id":"D","mime_type":"image/png","file_size":1}`, file(dialogs.Image, "file-10", "image/png", "telegram:D", 1, "")},
		{"a file too large", `"document":{"file_id":"D","file_name":"a.pdf","mime_type":"application/pdf","file_size":20971521}`, other},
		{"a program", `"document":{"file_id":"D","file_name":"a.apk","mime_type":"application/vnd.android.package-archive"}`, other},
		{"a film", `"video":{"file_id":"V","width":1,"height":1,"duration":1}`, other},
		{"a moving picture", `"animation":{"file_id":"A","width":1,"height":1,"duration":1},"document":{"file_id":"A","mime_type":"image/gif"}`, other},
		{"a sticker", `"sticker":{"file_id":"S","width":1,"height":1}`, other},
		{"a voice", `"voice":{"file_id":"S","duration":3}`, other},
		{"a place", `"location":{"longitude":106.6,"latitude":10.9}`, other},
		{"something of the future", `"hologram":{}`, other},
	}
	for _, c := range cases {
		b, to := newBench(), &inbox{}
		b.deliver(t, to, sends(10, c.fields))
		all := to.all()
		if len(all) != 1 {
			t.Errorf("%s: received %+v", c.name, all)
			continue
		}
		if in := all[0]; in.Input != c.want || in.ID != "123456.10" || in.Address.String() != "telegram:1001" || in.Lang != "vi" || in.Quiet {
			t.Errorf("%s: received %+v, want %+v", c.name, in, c.want)
		}
	}
}

// TestThemeStateByTime: what a person did has the time at which they did it,
// however late it comes (also the theme of a stale backlog).
func TestThemeStateByTime(t *testing.T) {
	b, to := newBench(), &inbox{}
	b.deliver(t, to, says(10, "x"))
	b.deliver(t, to, presses(11, "q", "x"))
	all := to.all()
	if !all[0].At.Equal(time.Unix(1790000000, 0)) {
		t.Errorf("said at %v", all[0].At)
	}
	if !all[1].At.IsZero() { // the time of the message below which it stands says nothing
		t.Errorf("pressed at %v", all[1].At)
	}
}

func TestLanguageOfPeople(t *testing.T) {
	for code, want := range map[string]dialogs.Lang{"vi": "vi", "vi-VN": "vi", "en": "en", "en-US": "en", "EN-gb": "en", "fr": "", "": "", "vie": ""} {
		b, to := newBench(), &inbox{}
		b.deliver(t, to, strings.Replace(says(10, "x"), `"language_code":"vi"`, fmt.Sprintf(`"language_code":%q`, code), 1))
		if got := to.all()[0].Lang; got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

// What Telegram writes by itself is nothing a person said.
func TestServiceMessages(t *testing.T) {
	b, to := newBench(), &inbox{}
	for i, fields := range []string{`"pinned_message":{"message_id":1,"date":1,"chat":{"id":1001,"type":"private"}}`, `"message_auto_delete_timer_changed":{"message_auto_delete_time":1}`,
		`"write_access_allowed":{}`, `"chat_background_set":{"type":{}}`, `"connected_website":"example.vn"`} {
		b.deliver(t, to, sends(10+i, fields))
	}
	if got := to.all(); len(got) != 0 {
		t.Errorf("received %+v", got)
	}
}

// TestTrap06CallbackWithoutMessage, and others with pieces missing: nobody
// falls over.
func TestTrap06CallbackWithoutMessage(t *testing.T) {
	b, to := newBench(), &inbox{}
	b.deliver(t, to, `{"update_id":10,"callback_query":{"id":"q","from":{"id":1001,"is_bot":false,"first_name":"An"},"inline_message_id":"abc","data":"x"}}`)
	b.deliver(t, to, `{"update_id":11,"callback_query":{"id":"q","from":{"id":1001,"is_bot":false},"message":{"message_id":5,"date":0,"chat":{"id":1001,"type":"private"}},"data":"x"}}`)
	b.deliver(t, to, `{"update_id":12,"callback_query":{"id":"q","data":"x"}}`)
	b.deliver(t, to, `{"update_id":13,"my_chat_member":{"date":1}}`)
	b.deliver(t, to, `{"update_id":14,"message":{"message_id":1,"chat":{"id":1001,"type":"private"},"text":"không ai"}}`)
	b.deliver(t, to, `{"update_id":15,"message":{"message_id":1,"from":{"id":1001},"text":"không đâu"}}`)
	all := to.all()
	if len(all) != 2 {
		t.Fatalf("received %+v", all)
	}
	for _, in := range all {
		if in.Input.Button != "0.old.gone" || in.Under != "" || in.Label != "" || in.Address.ID != "1001" {
			t.Errorf("received %+v", in)
		}
	}
}

func TestPressTellsWhatWasSeenAndWhere(t *testing.T) {
	b, to := newBench(), &inbox{}
	if _, err := b.send(dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{{{ID: "1.q.yes", Label: "Đăng ký", On: true}}}}); err != nil {
		t.Fatal(err)
	}
	b.press(t, to, 10, dataOf(t, b.stub.made("sendMessage")[0].params["reply_markup"])[0])
	if in := to.all()[0]; in.Under != "77" || in.Label != "Đăng ký" || in.Input.Button != "1.q.yes" {
		t.Errorf("received %+v", in)
	}
}

// The first picture of an album counts; the others are kept without a word,
// and all of them the same when they come again.
func TestAlbums(t *testing.T) {
	b, to := newBench(), &inbox{}
	pic := func(id int, album string) string {
		return sends(id, fmt.Sprintf(`"media_group_id":%q,"photo":[{"file_id":"p%d","width":1,"height":1}]`, album, id))
	}
	for _, u := range []string{pic(10, "a"), pic(11, "a"), pic(10, "a"), pic(11, "a"), says(12, "chữ"), pic(13, "b")} {
		b.deliver(t, to, u)
	}
	var quiet []bool
	for _, in := range to.all() {
		quiet = append(quiet, in.Quiet)
	}
	if want := []bool{false, true, false, true, false, false}; !slices.Equal(quiet, want) {
		t.Errorf("quiet %v, want %v", quiet, want)
	}
}

// TestThemeBlockedUsers: shutting the bot out and letting it in are told; the
// other sign, a 403, is an Unreachable (TestEveryRefusalHasItsName).
func TestThemeBlockedUsers(t *testing.T) {
	b, to := newBench(), &inbox{}
	member := func(id int, status string) string {
		return fmt.Sprintf(`{"update_id":%d,"my_chat_member":{"chat":{"id":1001,"type":"private"},"from":{"id":1001,"is_bot":false},"date":1790000000,"old_chat_member":{"status":"member"},"new_chat_member":{"status":%q,"user":{"id":123456,"is_bot":true}}}}`, id, status)
	}
	b.deliver(t, to, member(10, "kicked"))
	b.deliver(t, to, member(11, "member"))
	b.deliver(t, to, member(12, "unheard_of"))
	all := to.all()
	if len(all) != 2 || all[0].Standing != channel.StandingBlocked || all[1].Standing != channel.StandingBack || !all[1].Quiet || all[0].Address.ID != "1001" {
		t.Errorf("received %+v", all)
	}
}

// A pressed button is answered before anything is sent to its chat, though the
// press is kept at once; other chats do not wait.
func TestPressIsAnsweredFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.on("answerCallbackQuery", reply{after: 400 * time.Millisecond})
		b.press(t, to, 10, "x")
		began := time.Now()
		if len(to.all()) != 1 {
			t.Error("the press waited for its answer")
		}
		if _, err := b.sendAs(channel.Outgoing{Address: channel.Address{Channel: "telegram", ID: "1002"}, Message: message("x")}); err != nil || time.Since(began) > 0 {
			t.Errorf("another chat waited %v: %v", time.Since(began), err)
		}
		if _, err := b.send(message("x")); err != nil || time.Since(began) != 400*time.Millisecond {
			t.Errorf("the reply left after %v: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		b.press(t, to, 11, "x")
		if _, err := b.Send(ctx, channel.Outgoing{Address: channel.Address{Channel: "telegram", ID: "1001"}, Message: message("x")}); channel.KindOf(err) != channel.Temporary {
			t.Errorf("called off before it was sent: %v", err)
		}
		time.Sleep(time.Second)
	})
}

// A query that is too old harms nobody: the press counts, the reply leaves.
func TestAnswerThatComesTooLate(t *testing.T) {
	b, to := newBench(), &inbox{}
	b.stub.on("answerCallbackQuery", refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"))
	b.press(t, to, 10, "x")
	if _, err := b.send(message("x")); err != nil || len(to.all()) != 1 {
		t.Errorf("received %v, %v", to.all(), err)
	}
	if b.logs.times("level=WARN")+b.logs.times("level=ERROR") != 0 {
		t.Errorf("logged:\n%s", b.logs.String())
	}
}

// Answers are few at once, hang for at most 3 s each, and are given up after a
// minute.
func TestAnswersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.on("answerCallbackQuery", reply{hang: true})
		for i := range 20 {
			b.press(t, to, i, "x")
		}
		synctest.Wait()
		if n := len(b.stub.made("answerCallbackQuery")); n != 8 {
			t.Errorf("%d at once, want 8", n)
		}
		time.Sleep(3*time.Second + time.Millisecond)
		synctest.Wait()
		if n := len(b.stub.made("answerCallbackQuery")); n != 16 {
			t.Errorf("%d after 3 s, want 16", n)
		}
		time.Sleep(10 * time.Second)
		b.stub.on("answerCallbackQuery", slow(45), slow(45), reply{})
		b.press(t, to, 30, "x")
		time.Sleep(2 * time.Minute)
		if n := len(b.stub.made("answerCallbackQuery")); n != 22 {
			t.Errorf("%d, want 22: the second wait is longer than a minute in all", n)
		}
	})
}

// Work that takes longer than people like to wait is shown, again every 5 s.
func TestTypingWhileItTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		slowly := func(d time.Duration) *inbox {
			return &inbox{take: func(context.Context, int) error { time.Sleep(d); return nil }}
		}
		b.deliver(t, slowly(600*time.Millisecond), says(10, "x"))
		if n := len(b.stub.made("sendChatAction")); n != 0 {
			t.Errorf("shown %d times for what was quick", n)
		}
		b.deliver(t, slowly(11*time.Second), says(11, "x"))
		synctest.Wait()
		acts := b.stub.made("sendChatAction")
		if len(acts) != 3 || acts[0].params["action"] != "typing" || acts[0].params["chat_id"] != "1001" || acts[1].at.Sub(acts[0].at) < 5*time.Second {
			t.Errorf("shown %v", acts)
		}
		time.Sleep(time.Minute)
		if n := len(b.stub.made("sendChatAction")); n != 3 {
			t.Errorf("shown %d times, the work was over", n)
		}
	})
}

// A group gets one pointer to the private chat, and nothing it says goes any
// further. Trap 15: only the bot's very own name is the bot.
func TestTrap15Groups(t *testing.T) {
	entity := func(text, kind string, offset, length int) string {
		return fmt.Sprintf(`"text":%q,"entities":[{"type":%q,"offset":%d,"length":%d}]`, text, kind, offset, length)
	}
	added := `{"update_id":9,"my_chat_member":{"chat":{"id":-500,"type":"group"},"from":{"id":1001,"is_bot":false,"language_code":"en"},"date":1,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}}`
	cases := []struct {
		name, update string
		want         bool
	}{
		{"talk", inGroup(10, `"text":"mai họp nhé"`), false},
		{"a command", inGroup(10, entity("/dangky", "bot_command", 0, 7)), true},
		{"a command of ours", inGroup(10, entity("/dangky@SachHon_bot", "bot_command", 0, 19)), true},
		{"a command of another bot", inGroup(10, entity("/dangky@other_bot", "bot_command", 0, 17)), false},
		{"a command of a bot with a longer name", inGroup(10, entity("/dangky@sachhon_bot2", "bot_command", 0, 20)), false},
		{"a command within a sentence", inGroup(10, entity("xem /dangky", "bot_command", 4, 7)), false},
		{"a mention", inGroup(10, entity("👩‍🏭 hỏi @sachhon_bot", "mention", 10, 12)), true},
		{"a mention of a longer name", inGroup(10, entity("hỏi @sachhon_bot2", "mention", 4, 13)), false},
		{"an entity beyond the text", inGroup(10, entity("x", "mention", 5, 12)), false},
		{"the bot was added", added, true},
		{"the bot was removed", strings.Replace(strings.Replace(added, "left", "x", 1), `"member"`, `"kicked"`, 1), false},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			b, to := newBench(), &inbox{}
			if err := b.Setup(context.Background()); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				b.deliver(t, to, c.update)
				synctest.Wait()
			}
			told := b.stub.made("sendMessage")
			if c.want != (len(told) == 1) || len(told) > 1 {
				t.Errorf("%s: told %v", c.name, told)
			}
			if len(to.all()) != 0 {
				t.Errorf("%s: received %+v", c.name, to.all())
			}
			if c.want && (told[0].params["chat_id"] != "-500" || !strings.Contains(told[0].params["reply_markup"], `"url":"https://t.me/sachhon_bot"`)) {
				t.Errorf("%s: told %v", c.name, told[0].params)
			}
		})
	}
}

// TestThemeGroupBecomesSupergroup: the new group is not told again.
func TestThemeGroupBecomesSupergroup(t *testing.T) {
	for _, moved := range []string{
		inGroup(11, `"migrate_to_chat_id":-100500`),
		strings.Replace(inGroup(11, `"migrate_from_chat_id":-500`), `"id":-500,"type":"group"`, `"id":-100500,"type":"supergroup"`, 1),
	} {
		synctest.Test(t, func(t *testing.T) {
			b, to := newBench(), &inbox{}
			command := inGroup(10, `"text":"/menu","entities":[{"type":"bot_command","offset":0,"length":5}]`)
			b.deliver(t, to, command)
			synctest.Wait()
			b.deliver(t, to, moved)
			b.deliver(t, to, strings.Replace(command, `"id":-500,"type":"group"`, `"id":-100500,"type":"supergroup"`, 1))
			synctest.Wait()
			if told := b.stub.made("sendMessage"); len(told) != 1 {
				t.Errorf("told %d times", len(told))
			}
			if n := b.notes.all(); n["group:-500"] != "" || n["group:-100500"] == "" {
				t.Errorf("notes %v", n)
			}
		})
	}
}

// TestTrap09FilesComeFromTheAPIThatIsSet, and the token is in no error.
func TestTrap09FilesComeFromTheAPIThatIsSet(t *testing.T) {
	var asked []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.EscapedPath())
		switch {
		case strings.HasSuffix(r.URL.Path, "/getFile") && r.FormValue("file_id") == "GONE":
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request: invalid file_id"}`)
		case strings.HasSuffix(r.URL.Path, "/getFile"):
			_, _ = io.WriteString(w, `{"ok":true,"result":{"file_id":"D","file_path":"documents/`+r.FormValue("file_id")+`"}}`)
		case strings.HasSuffix(r.URL.Path, "/late.pdf"):
			http.NotFound(w, r)
		case strings.HasSuffix(r.URL.Path, "/broken.pdf"):
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "bytes")
		}
	}))
	defer srv.Close()
	base, err := url.Parse(srv.URL + "/nested/")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(func(o *telegram.Options) { o.API, o.Transport = base, nil })
	body, err := b.Open(context.Background(), "telegram:báo cáo.pdf")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil || string(raw) != "bytes" {
		t.Errorf("read %q, %v", raw, err)
	}
	if want := "/nested/file/bot" + token + "/documents/b%C3%A1o%20c%C3%A1o.pdf"; asked[1] != want {
		t.Errorf("asked for %s, want %s", asked[1], want)
	}
	for ref, missing := range map[string]bool{"telegram:GONE": true, "telegram:late.pdf": true, "file:1": true, "telegram:": true, "telegram:broken.pdf": false} {
		_, err := b.Open(context.Background(), ref)
		if err == nil || errors.Is(err, fs.ErrNotExist) != missing || strings.Contains(err.Error(), "AAsecret") {
			t.Errorf("%s: %v", ref, err)
		}
	}
	srv.Close()
	if _, err := b.Open(context.Background(), "telegram:D"); err == nil || strings.Contains(err.Error(), "AAsecret") {
		t.Errorf("no server: %v", err)
	}
}
