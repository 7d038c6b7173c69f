package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

func message(text string) dialogs.Message { return dialogs.Message{Text: text} }

func button(id, label string) []dialogs.Button { return []dialogs.Button{{ID: id, Label: label}} }

var phone = dialogs.Message{Text: "Số điện thoại?", Hint: dialogs.HintPhone, Buttons: [][]dialogs.Button{
	{{ID: "1.p.~share", Label: "Gửi số của tôi", SharePhone: true}}, button("1.p.~skip", "Bỏ qua")}}

var picture = dialogs.Media{Kind: dialogs.Image, Name: "/srv/data/ketqua.png", MIME: "image/png", Size: 5, Ref: "file:1", Alt: "Biểu đồ 5 nhóm"}

// everyMessage is one of each kind.
func everyMessage() []dialogs.Message {
	return []dialogs.Message{
		message("chào"), {Text: "**Lớp** gỗ", Format: dialogs.Marked, Buttons: [][]dialogs.Button{button("/menu", "Menu")}}, phone, message("rồi"),
		{Media: []dialogs.Media{picture}}, {Text: "Kết quả", Media: []dialogs.Media{picture, {Kind: dialogs.Document, Name: "a.pdf", Ref: "file:1"}}},
	}
}

// TestTrap14Escaping: what is shown is what was written, whatever it holds.
func TestTrap14Escaping(t *testing.T) {
	cases := []struct {
		text   string
		format dialogs.Format
		want   string
		mode   string
	}{
		{"a < b & c > d \"e\" \\ *f* _g_", dialogs.Plain, "a < b & c > d \"e\" \\ *f* _g_", ""},
		{"**a < b** & \"c\"", dialogs.Marked, "<b>a &lt; b</b> &amp; \"c\"", "HTML"},
		{"&lt; là gì", dialogs.Marked, "&lt; là gì", ""},
		{"**&lt;**", dialogs.Marked, "<b>&amp;lt;</b>", "HTML"},
		{"2 ** 3 = 8", dialogs.Marked, "2 ** 3 = 8", "HTML"},
		{"**một** và **hai", dialogs.Marked, "<b>một</b> và **hai", "HTML"},
		{"****", dialogs.Marked, "", "HTML"},
		{"**a\nb**", dialogs.Marked, "<b>a\nb</b>", "HTML"},
		{"hỏng \xff chữ", dialogs.Plain, "hỏng \ufffd chữ", ""},
	}
	for _, c := range cases {
		b := newBench()
		if _, err := b.send(dialogs.Message{Text: c.text, Format: c.format}); err != nil {
			t.Fatal(err)
		}
		p := b.stub.made("sendMessage")[0].params
		if p["text"] != c.want || p["parse_mode"] != c.mode {
			t.Errorf("%q was sent as %q in mode %q, want %q in %q", c.text, p["text"], p["parse_mode"], c.want, c.mode)
		}
		if p["link_preview_options"] != `{"is_disabled":true}` || p["chat_id"] != "1001" {
			t.Errorf("sent with %v", p)
		}
	}
}

func TestButtonsAreShortAndSigned(t *testing.T) {
	b := newBench()
	long := "zz9." + strings.Repeat("thiet_bi_do_dem_nang_luong.", 4) + "~unknown"
	m := dialogs.Message{Text: "Chọn", Buttons: [][]dialogs.Button{
		{{ID: "4f.sx_go.c12", Label: "Gỗ", On: true}, {Label: "Bản đồ", URL: "https://example.vn/a?b=1&c=2"}},
		button(long, "Không rõ"), button("#la", "Lạ"), button(strings.Repeat("đ", 28), "Vừa"), button(strings.Repeat("đ", 28)+"x", "Quá")}}
	if _, err := b.send(m); err != nil {
		t.Fatal(err)
	}
	got := b.stub.made("sendMessage")[0].params["reply_markup"]
	list := dataOf(t, got)
	if !strings.Contains(got, `"text":"✓ Gỗ"`) || !strings.Contains(got, `"url":"https://example.vn/a?b=1\u0026c=2"`) {
		t.Errorf("buttons are %s", got)
	}
	to := &inbox{}
	for i, data := range list {
		if len(data) > 64 || len(data) < 9 {
			t.Errorf("%q is %d bytes long", data, len(data))
		}
		b.press(t, to, i, data)
	}
	var ids []string
	for _, in := range to.all() {
		ids = append(ids, in.Input.Button)
	}
	if want := []string{"4f.sx_go.c12", long, "#la", strings.Repeat("đ", 28), strings.Repeat("đ", 28) + "x"}; !slices.Equal(ids, want) {
		t.Errorf("pressed %q, want %q", ids, want)
	}
}

func TestLongButtonIsNotedOnce(t *testing.T) {
	b := newBench()
	for range 3 {
		if _, err := b.send(dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{button(strings.Repeat("x", 80), "Có")}}); err != nil {
			t.Fatal(err)
		}
	}
	if b.notes.put != 1 {
		t.Errorf("written %d times", b.notes.put)
	}
}

// TestThemeOldButtons: data that this bot did not sign for this chat, or that
// it knows no more, is a press of an old button, and no error.
func TestThemeOldButtons(t *testing.T) {
	b, to := newBench(), &inbox{}
	if _, err := b.send(dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{button("1.q.yes", "Có")}}); err != nil {
		t.Fatal(err)
	}
	good := dataOf(t, b.stub.made("sendMessage")[0].params["reply_markup"])[0]
	if _, err := b.sendAs(channel.Outgoing{Address: channel.Address{Channel: "telegram", ID: "1002"}, Message: dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{button("1.q.yes", "Có")}}}); err != nil {
		t.Fatal(err)
	}
	others := dataOf(t, b.stub.made("sendMessage")[1].params["reply_markup"])[0]
	forged := []string{"", "1.q.yes", good[:8] + "1.q.no", "AAAAAAAA1.q.yes", others, good + " ", strings.ToUpper(good)}
	for i, data := range append(forged, good) {
		b.press(t, to, i, data)
	}
	for i, in := range to.all() {
		want := "0.old.gone"
		if i == len(forged) {
			want = "1.q.yes"
		}
		if in.Input.Kind != dialogs.InputPress || in.Input.Button != want {
			t.Errorf("press %d was received as %+v, want %s", i, in.Input, want)
		}
	}
	long := newBench()
	id := strings.Repeat("x", 80)
	if _, err := long.send(dialogs.Message{Text: "x", Buttons: [][]dialogs.Button{button(id, "Có")}}); err != nil {
		t.Fatal(err)
	}
	data := dataOf(t, long.stub.made("sendMessage")[0].params["reply_markup"])[0]
	got := &inbox{}
	newBench().press(t, got, 1, data) // another program with the same token, and without the notes
	if id := got.all()[0].Input.Button; id != "0.old.gone" {
		t.Errorf("a digest nobody knows was received as %q", id)
	}
}

// press delivers a press by webhook.
func (b *bench) press(t *testing.T, to channel.Receiver, id int, data string) {
	t.Helper()
	b.deliver(t, to, presses(id, fmt.Sprint("q", id), data))
}

// TestThemeDoubleTaps: an edit that changes nothing has done what it should.
func TestThemeDoubleTaps(t *testing.T) {
	b := newBench()
	b.stub.on("editMessageText", refuse(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"))
	r, err := b.sendAs(channel.Outgoing{Replaces: "55", Message: message("x")})
	if err != nil || r.MessageID != "55" || len(b.stub.made("sendMessage")) != 0 {
		t.Errorf("got %v, %v, and %v", r, err, b.stub.names())
	}
}

// A message is shown in the place of an earlier one, or sent where that cannot
// be.
func TestReplaces(t *testing.T) {
	menu := dialogs.Message{Text: "**Trang 2**", Format: dialogs.Marked, Buttons: [][]dialogs.Button{button("/menu", "Menu")}}
	b := newBench()
	r, err := b.sendAs(channel.Outgoing{Replaces: "55", Message: menu})
	if err != nil || r.MessageID != "55" || !slices.Equal(b.stub.names(), []string{"editMessageText"}) {
		t.Errorf("got %v, %v, and %v", r, err, b.stub.names())
	}
	p := b.stub.made("editMessageText")[0].params
	if p["message_id"] != "55" || p["parse_mode"] != "HTML" || !strings.Contains(p["reply_markup"], "inline_keyboard") {
		t.Errorf("edited with %v", p)
	}
	for _, text := range []string{"message to edit not found", "message can't be edited", "there is no text in the message to edit", "MESSAGE_ID_INVALID"} {
		b := newBench()
		b.stub.on("editMessageText", refuse(400, "Bad Request: "+text))
		r, err := b.sendAs(channel.Outgoing{Replaces: "55", Message: menu})
		if err != nil || r.MessageID != "77" {
			t.Errorf("%s: got %v, %v", text, r, err)
		}
	}
	for name, m := range map[string]dialogs.Message{"a file": {Text: "x", Media: []dialogs.Media{picture}}, "a number": phone} {
		b := newBench()
		b.files["file:1"] = "bytes"
		if _, err := b.sendAs(channel.Outgoing{Replaces: "55", Message: m}); err != nil || len(b.stub.made("editMessageText")) != 0 {
			t.Errorf("%s: %v, and %v", name, err, b.stub.names())
		}
	}
	b = newBench()
	b.stub.on("editMessageText", refuse(403, "Forbidden: bot was blocked by the user"))
	if _, err := b.sendAs(channel.Outgoing{Replaces: "55", Message: menu}); channel.KindOf(err) != channel.Unreachable || len(b.stub.made("sendMessage")) != 0 {
		t.Errorf("a blocked edit is called %v", err)
	}
}

// A number is asked for with a keyboard of its own, which the next message puts
// away: by itself, or by a short word before it where it has buttons.
func TestSharingANumber(t *testing.T) {
	b := newBench()
	if _, err := b.sendAs(channel.Outgoing{Message: phone, Lang: "vi"}); err != nil {
		t.Fatal(err)
	}
	const keyboard = `{"keyboard":[[{"text":"Gửi số của tôi","request_contact":true}],[{"text":"Bỏ qua"}]],"resize_keyboard":true,"one_time_keyboard":true,"input_field_placeholder":"Hoặc gõ số điện thoại"}`
	if got := b.stub.made("sendMessage")[0].params["reply_markup"]; got != keyboard {
		t.Errorf("keyboard is\n%s, want\n%s", got, keyboard)
	}
	if _, err := b.sendAs(channel.Outgoing{Message: message("nhắc lịch"), Bulk: true}); err != nil {
		t.Fatal(err)
	}
	if got := b.stub.made("sendMessage")[1].params["reply_markup"]; got != "" {
		t.Errorf("a reminder nobody waited for came with %s", got)
	}
	if _, err := b.send(message("cảm ơn")); err != nil {
		t.Fatal(err)
	}
	if got := b.stub.made("sendMessage")[2].params["reply_markup"]; got != `{"remove_keyboard":true}` {
		t.Errorf("put away with %s", got)
	}
	if _, err := b.send(message("tiếp")); err != nil {
		t.Fatal(err)
	}
	if got := b.stub.made("sendMessage")[3].params["reply_markup"]; got != "" {
		t.Errorf("put away twice, with %s", got)
	}
}

func TestKeyboardIsPutAwayBeforeButtons(t *testing.T) {
	for lang, word := range map[dialogs.Lang]string{"vi": "Dạ vâng ạ.", "en": "All right.", "": "Dạ vâng ạ."} {
		b := newBench()
		for _, m := range []dialogs.Message{phone, phone, {Text: "Tiếp", Buttons: [][]dialogs.Button{button("1.q.yes", "Có")}}} {
			if _, err := b.sendAs(channel.Outgoing{Message: m, Lang: lang}); err != nil {
				t.Fatal(err)
			}
		}
		calls := b.stub.made("sendMessage")
		if len(calls) != 4 {
			t.Fatalf("%d messages, want 4", len(calls))
		}
		if calls[2].params["text"] != word || !strings.Contains(calls[2].params["reply_markup"], "remove_keyboard") || !strings.Contains(calls[3].params["reply_markup"], "inline_keyboard") {
			t.Errorf("sent %v, then %v", calls[2].params, calls[3].params)
		}
	}
}

// A keyboard that could not be put away is put away by the next attempt, once.
func TestKeyboardIsPutAwayOnce(t *testing.T) {
	b := newBench()
	if _, err := b.send(phone); err != nil {
		t.Fatal(err)
	}
	ok := result(`{"message_id":9}`)
	b.stub.on("sendMessage", refuse(500, "x"), ok, refuse(500, "x"), ok)
	m := dialogs.Message{Text: "Tiếp", Buttons: [][]dialogs.Button{button("1.q.yes", "Có")}}
	for i, want := range []bool{false, false, true} {
		if _, err := b.send(m); (err == nil) != want {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	var got []string
	for _, c := range b.stub.made("sendMessage")[1:] {
		got = append(got, c.params["text"])
	}
	if want := []string{"Dạ vâng ạ.", "Dạ vâng ạ.", "Tiếp", "Tiếp"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestMedia(t *testing.T) {
	pdf := dialogs.Media{Kind: dialogs.Document, Name: `C:\x\lop.pdf`, MIME: "application/pdf", Ref: "file:2"}
	big := picture
	big.Size = 10<<20 + 1
	vector := picture
	vector.MIME = "image/svg+xml"
	choice := [][]dialogs.Button{button("1.q.yes", "Có")}
	long := strings.Repeat("chữ ", 300)
	cases := []struct {
		name string
		m    dialogs.Message
		want []string // method(file name|caption or text|has buttons)
	}{
		{"a picture with a text", dialogs.Message{Text: "**Kết** quả", Format: dialogs.Marked, Media: []dialogs.Media{picture}, Buttons: choice}, []string{"sendPhoto(ketqua.png|<b>Kết</b> quả|+)"}},
		{"a picture alone", dialogs.Message{Media: []dialogs.Media{picture}}, []string{"sendPhoto(ketqua.png|Biểu đồ 5 nhóm|)"}},
		{"a document", dialogs.Message{Text: "Chương trình", Media: []dialogs.Media{pdf}}, []string{"sendDocument(lop.pdf|Chương trình|)"}},
		{"a large picture", dialogs.Message{Media: []dialogs.Media{big}}, []string{"sendDocument(ketqua.png|Biểu đồ 5 nhóm|)"}},
		{"a drawing", dialogs.Message{Media: []dialogs.Media{vector}}, []string{"sendDocument(ketqua.png|Biểu đồ 5 nhóm|)"}},
		{"a long text", dialogs.Message{Text: long, Media: []dialogs.Media{picture}, Buttons: choice}, []string{"sendMessage(|" + long + "|)", "sendPhoto(ketqua.png|Biểu đồ 5 nhóm|+)"}},
		{"two files (trap 16)", dialogs.Message{Text: "Hai tệp", Media: []dialogs.Media{picture, pdf}, Buttons: choice}, []string{"sendMessage(|Hai tệp|)", "sendPhoto(ketqua.png|Biểu đồ 5 nhóm|)", "sendDocument(lop.pdf||+)"}},
		{"a file that is not there", dialogs.Message{Text: "Kết quả", Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", Ref: "file:9"}}, Buttons: choice}, []string{"sendMessage(|Kết quả|+)"}},
		{"a file that is not there, alone", dialogs.Message{Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", Ref: "file:9"}}}, []string{"sendMessage(|[a.png]|)"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { // traps 13 and 16: names without folders, every file its own bytes
			b := newBench()
			b.files["file:1"], b.files["file:2"] = "bytes 1", "bytes 2"
			if _, err := b.send(c.m); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, k := range b.stub.made("sendMessage", "sendPhoto", "sendDocument") {
				plus := ""
				if k.params["reply_markup"] != "" {
					plus = "+"
				}
				f := k.files["photo"]
				if k.method == "sendDocument" {
					f = k.files["document"]
				}
				if want := map[string]string{"": "", "ketqua.png": "bytes 1", "lop.pdf": "bytes 2"}[f.name]; f.body != want {
					t.Errorf("%s holds %q", f.name, f.body)
				}
				got = append(got, fmt.Sprintf("%s(%s|%s%s|%s)", k.method, f.name, k.params["text"], k.params["caption"], plus))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("sent\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

// A file for many is uploaded once, and again when Telegram lost it.
func TestSharedFilesAreUploadedOnce(t *testing.T) {
	b := newBench()
	b.files["shared:1"], b.files["own:1"] = "bytes", "bytes"
	shared, own := picture, picture
	shared.Ref, own.Ref = "shared:1", "own:1"
	lost := refuse(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
	ok := result(`{"message_id":78,"photo":[{"file_id":"PHOTO","width":90,"height":90}]}`)
	b.stub.on("sendPhoto", ok, ok, lost, ok, ok, ok, ok)
	for range 4 {
		if _, err := b.send(dialogs.Message{Media: []dialogs.Media{shared}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := b.send(dialogs.Message{Media: []dialogs.Media{own}}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, c := range b.stub.made("sendPhoto") {
		how := c.params["photo"]
		if len(c.files) > 0 {
			how = "upload"
		}
		got = append(got, how)
	}
	if want := []string{"upload", "PHOTO", "PHOTO", "upload", "PHOTO", "upload", "upload"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// A picture Telegram does not want as one goes as a document.
func TestPictureOfOddShape(t *testing.T) {
	b := newBench()
	b.files["file:1"] = "bytes"
	b.stub.on("sendPhoto", refuse(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
	r, err := b.send(dialogs.Message{Media: []dialogs.Media{picture}})
	if err != nil || r.MessageID != "79" {
		t.Errorf("got %v, %v, and %v", r, err, b.stub.names())
	}
}

// TestThemeExactlyOnce: what was taken of a message of several parts is not
// sent again by the next attempt.
func TestThemeExactlyOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.files["file:1"] = "bytes"
		b.stub.on("sendPhoto", slow(5), result(`{"message_id":78}`))
		m := dialogs.Message{Text: "Hai tấm", Media: []dialogs.Media{picture, picture}}
		if _, err := b.send(m); channel.KindOf(err) != channel.Limited {
			t.Errorf("first attempt: %v", err)
		}
		time.Sleep(5 * time.Second)
		if _, err := b.send(m); err != nil {
			t.Errorf("second attempt: %v", err)
		}
		if got := len(b.stub.made("sendMessage")); got != 1 {
			t.Errorf("the text was sent %d times", got)
		}
		if got := len(b.stub.made("sendPhoto")); got != 3 {
			t.Errorf("%d pictures, want the refused one and two", got)
		}
		if _, err := b.send(m); err != nil || len(b.stub.made("sendMessage")) != 2 {
			t.Errorf("a later message under the same id: %v", err)
		}
	})
}

// brittle is files that break while they are read.
type brittle struct{}

func (brittle) Open(context.Context, string) (io.ReadCloser, bool, error) {
	return io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{})), false, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestFileThatBreaksIsTriedAgain(t *testing.T) {
	b := newBench(func(o *telegram.Options) { o.Files = brittle{} })
	_, err := b.send(dialogs.Message{Media: []dialogs.Media{picture}})
	if channel.KindOf(err) != channel.Temporary || !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
}

// While the notes cannot be read nothing is sent: a keyboard might stay open.
func TestNotesThatFailAreTriedAgain(t *testing.T) {
	b := newBench()
	b.notes.fail(errDisk)
	if _, err := b.send(message("x")); channel.KindOf(err) != channel.Temporary || len(b.stub.names()) != 0 {
		t.Errorf("got %v, and %v", err, b.stub.names())
	}
}

func TestAddressThatIsNone(t *testing.T) {
	for _, id := range []string{"", "x", "0", "@kenh"} {
		if _, err := newBench().sendAs(channel.Outgoing{Address: channel.Address{Channel: "telegram", ID: id}, Message: message("x")}); channel.KindOf(err) != channel.Refused {
			t.Errorf("address %q: %v", id, err)
		}
	}
}

// The first sign of work is shown while a file is uploaded.
func TestUploadIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.files["file:1"] = "bytes"
		for range 2 {
			if _, err := b.send(dialogs.Message{Media: []dialogs.Media{picture}}); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if acts := b.stub.made("sendChatAction"); len(acts) != 1 || acts[0].params["action"] != "upload_photo" {
			t.Errorf("shown %v, want it once in 5 s", acts)
		}
	})
}

// TestStarsAreOnlySpentWhereThatIsAllowed: without the setting no message says
// that it may cost anything, with it all do that can.
func TestStarsAreOnlySpentWhereThatIsAllowed(t *testing.T) {
	for _, paid := range []bool{false, true} {
		b := newBench(func(o *telegram.Options) { o.Paid = paid })
		b.files[picture.Ref] = "png"
		for _, m := range []dialogs.Message{message("a"), {Text: "b", Media: []dialogs.Media{picture}}} {
			if _, err := b.send(m); err != nil {
				t.Fatal(err)
			}
		}
		for _, method := range []string{"sendMessage", "sendPhoto"} {
			if got := b.stub.made(method)[0].params["allow_paid_broadcast"]; (got == "true") != paid || !paid && got != "" {
				t.Errorf("paid %v: %s says %q", paid, method, got)
			}
		}
	}
}
