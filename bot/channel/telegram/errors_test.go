package telegram_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

// refusals are Telegram's words, each as it says them, and what the outbox is
// told of them.
var refusals = []struct {
	code int
	text string
	want channel.ErrorKind
}{
	{403, "Forbidden: bot was blocked by the user", channel.Unreachable},
	{403, "Forbidden: user is deactivated", channel.Unreachable},
	{403, "Forbidden: bot can't initiate conversation with a user", channel.Unreachable},
	{403, "Forbidden: the bot can't send messages to the bot", channel.Unreachable},
	{403, "Forbidden: bot was kicked from the group chat", channel.Unreachable},
	{403, "Forbidden: bot was kicked from the supergroup chat", channel.Unreachable},
	{403, "Forbidden: bot is not a member of the supergroup chat", channel.Unreachable},
	{403, "Forbidden: the group chat was deleted", channel.Unreachable},
	{400, "Bad Request: chat not found", channel.Unreachable},
	{400, "Bad Request: PEER_ID_INVALID", channel.Unreachable},
	{400, `Bad Request: can't parse entities: Unsupported start tag "một" at byte offset 0`, channel.BadFormat},
	{400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3", channel.BadFormat},
	{400, "Bad Request: message is too long", channel.TooLong},
	{400, "Bad Request: text is too long", channel.TooLong},
	{400, "Bad Request: message caption is too long", channel.TooLong},
	{400, "Bad Request: reply markup is too long", channel.Refused},
	{400, "Bad Request: message text is empty", channel.Refused},
	{400, "Bad Request: text must be non-empty", channel.Refused},
	{400, "Bad Request: BUTTON_DATA_INVALID", channel.Refused},
	{400, "Bad Request: BUTTON_URL_INVALID", channel.Refused},
	{400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", channel.Refused},
	{400, "Bad Request: can't parse reply keyboard markup JSON object", channel.Refused},
	{400, "Bad Request: object expected as reply markup", channel.Refused},
	{400, "Bad Request: unsupported parse_mode", channel.Refused},
	{400, "Bad Request: phone number can be requested in private chats only", channel.Refused},
	{400, "Bad Request: message thread not found", channel.Refused},
	{400, "Bad Request: something new", channel.Refused},
	{413, "Request Entity Too Large", channel.Refused},
	{401, "Unauthorized", channel.ChannelDown},
	{401, "Unauthorized: invalid token specified", channel.ChannelDown},
	{404, "Not Found", channel.ChannelDown},
	{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", channel.Temporary},
	{500, "Internal Server Error: restart", channel.Uncertain},
	{502, "Bad Gateway", channel.Uncertain},
}

func TestEveryRefusalHasItsName(t *testing.T) {
	for _, r := range refusals {
		b := newBench()
		b.files["file:1"] = "bytes"
		b.stub.on("sendMessage", refuse(r.code, r.text))
		b.stub.on("sendPhoto", refuse(r.code, r.text))
		_, sent := b.send(dialogs.Message{Text: "**một** tin", Format: dialogs.Marked})
		_, uploaded := b.send(dialogs.Message{Text: "một", Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", Ref: "file:1"}}})
		for how, err := range map[string]error{"sent": sent, "uploaded": uploaded} { // trap 1: an upload has the code too
			var se *channel.SendError
			if !errors.As(err, &se) || se.Kind != r.want {
				t.Errorf("%s: %d %q is called %v, want %v", how, r.code, r.text, channel.KindOf(err), r.want)
				continue
			}
			if strings.Contains(se.Error(), "một") {
				t.Errorf("the failure repeats the text: %v", se)
			}
		}
	}
}

// TestTrap01UploadErrorHasNoCode: the library loses the code of a refused
// upload. A photo for somebody who blocked the bot is one to give up, and a
// request to wait is one to obey.
func TestTrap01UploadErrorHasNoCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.files["file:1"] = "bytes"
		b.stub.on("sendPhoto", refuse(403, "Forbidden: bot was blocked by the user"), slow(7))
		m := dialogs.Message{Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", Ref: "file:1"}}}
		if _, err := b.send(m); channel.KindOf(err) != channel.Unreachable {
			t.Errorf("a blocked upload is called %v", err)
		}
		_, err := b.send(m)
		var se *channel.SendError
		if !errors.As(err, &se) || se.Kind != channel.Limited || se.After != 7*time.Second {
			t.Errorf("a limited upload is called %v", err)
		}
		if n := len(b.stub.made("sendPhoto")); n != 2 {
			t.Errorf("%d uploads, want 2", n)
		}
		time.Sleep(10 * time.Second)
	})
}

// TestTrap02TokenInErrors: whatever fails, the token is in no error and no log.
func TestTrap02TokenInErrors(t *testing.T) {
	secret := token[strings.Index(token, ":")+1:]
	for name, cause := range map[string]error{
		"cut":       io.ErrUnexpectedEOF,
		"dial":      &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"talkative": &url.Error{Op: "Post", URL: "https://api.telegram.org/bot" + token + "/x", Err: errors.New("at /bot" + token)},
	} {
		b := newBench()
		b.stub.on("sendMessage", reply{err: cause})
		b.stub.on("getMe", reply{err: cause})
		b.stub.on("getFile", reply{err: cause})
		_, sent := b.send(dialogs.Message{Text: "x"})
		_, opened := b.Open(context.Background(), "telegram:F")
		for what, err := range map[string]error{"send": sent, "set up": b.Setup(context.Background()), "open": opened} {
			if err == nil {
				t.Errorf("%s, %s: no error", name, what)
			} else if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "api.telegram.org/bot") {
				t.Errorf("%s, %s: the error holds the token: %v", name, what, err)
			}
		}
		synctest.Test(t, func(t *testing.T) {
			c := newBench()
			c.stub.on("getMe", reply{err: cause})
			stop := c.polling(&inbox{})
			time.Sleep(time.Minute)
			if err := stop(); err != nil {
				t.Error(err)
			}
			if c.logs.times("cannot be asked") != 1 {
				t.Errorf("%s: want one line about the network, got\n%s", name, c.logs.String())
			}
			c.clean(t)
		})
	}
	for _, strange := range []string{"1:a b\n", "1:%zz", "1:../../x", ""} {
		b := newBench(func(o *telegram.Options) { o.Token = strange })
		if _, err := b.send(dialogs.Message{Text: "x"}); err != nil {
			t.Errorf("token %q: %v", strange, err)
		}
	}
}

// TestTrap08BodiesThatAreNoAnswer: proxies on the way answer in HTML.
func TestTrap08BodiesThatAreNoAnswer(t *testing.T) {
	page := "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
	for status, want := range map[int]channel.ErrorKind{
		502: channel.Uncertain, 500: channel.Uncertain, 200: channel.Uncertain, // 200: the proxy lost the answer
		403: channel.Temporary, 404: channel.Temporary, 407: channel.Temporary, 302: channel.Temporary,
	} {
		b := newBench()
		b.stub.on("sendMessage", reply{status: status, body: page})
		_, err := b.send(dialogs.Message{Text: "x"})
		if got := channel.KindOf(err); got != want {
			t.Errorf("status %d with a page is called %v, want %v: %v", status, got, want, err)
		}
		if err != nil && strings.Contains(err.Error(), "nginx") {
			t.Errorf("the error repeats the page: %v", err)
		}
	}
	b := newBench()
	b.stub.on("sendMessage", reply{status: 429, body: page, header: http.Header{"Retry-After": {"9"}}})
	_, err := b.send(dialogs.Message{Text: "x"})
	var se *channel.SendError
	if !errors.As(err, &se) || se.Kind != channel.Limited || se.After != 9*time.Second {
		t.Errorf("429 with a page is called %v", err)
	}
}

// TestTrap07MethodsThatReturnTrue: an edit may be answered by true alone.
func TestTrap07MethodsThatReturnTrue(t *testing.T) {
	b := newBench()
	b.stub.on("editMessageText", result(`true`))
	b.stub.on("sendMessage", result(`true`))
	if r, err := b.sendAs(channel.Outgoing{Replaces: "5", Message: dialogs.Message{Text: "x"}}); err != nil || r.MessageID != "5" {
		t.Errorf("edit: %v %v", r, err)
	}
	if _, err := b.send(dialogs.Message{Text: "x"}); err != nil {
		t.Errorf("send: %v", err)
	}
}

// A real line that breaks: before a connection, surely nothing was taken;
// after it, nobody knows.
func TestWhatCanHaveBeenTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	api := &url.URL{Scheme: "http", Host: l.Addr().String()}
	b := newBench(func(o *telegram.Options) { o.Transport, o.API = nil, api })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	if _, err := b.send(dialogs.Message{Text: "x"}); channel.KindOf(err) != channel.Uncertain {
		t.Errorf("a line cut after it was there is called %v", err)
	}
	_ = l.Close()
	if _, err := b.send(dialogs.Message{Text: "x"}); channel.KindOf(err) != channel.Temporary {
		t.Errorf("no connection is called %v", err)
	}
	tls := *api
	tls.Scheme = "https"
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	go func() {
		for {
			c, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("HTTP/1.0 400 no TLS here\r\n\r\n"))
			_ = c.Close()
		}
	}()
	tls.Host = plain.Addr().String()
	b = newBench(func(o *telegram.Options) { o.Transport, o.API = nil, &tls })
	if _, err := b.send(dialogs.Message{Text: "x"}); channel.KindOf(err) != channel.Temporary {
		t.Errorf("a connection that never became safe is called %v", err)
	}
	b.clean(t)
}

func TestMovedChatNamesTheNewOne(t *testing.T) {
	b := newBench()
	b.stub.on("sendMessage", reply{status: 400, body: `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}`})
	_, err := b.send(dialogs.Message{Text: "x"})
	var se *channel.SendError
	if !errors.As(err, &se) || se.MovedTo != "-1001234567890" {
		t.Errorf("got %+v", err)
	}
}

func TestUnknownTokenSaysWhatToDo(t *testing.T) {
	b := newBench()
	b.stub.on("sendMessage", refuse(401, "Unauthorized"))
	_, err := b.send(dialogs.Message{Text: "x"})
	if err == nil || !strings.Contains(err.Error(), "@BotFather") || !strings.Contains(err.Error(), "SACHHON_TELEGRAM_TOKEN") {
		t.Errorf("got %v", err)
	}
}
