package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// tab is one page of a real browser without a window.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab starts a browser or skips the test where there is none; with
// SACHHON_BROWSER=required, a missing one is a failure.
func newTab(t *testing.T) *tab {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			found = path
			break
		}
	}
	switch {
	case found == "" && os.Getenv("SACHHON_BROWSER") == "required":
		t.Fatal("no browser found")
	case found == "" || testing.Short():
		t.Skip("needs a browser")
	}
	dir, err := os.MkdirTemp("", "telegram-chrome") // t.TempDir fails on what Chrome writes while it ends
	if err != nil {
		t.Fatal(err)
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.Flag("disable-component-update", true))...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		cancel()
		stop()
		os.RemoveAll(dir)
	})
	b := &tab{t, ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	b.do(chromedp.EmulateViewport(390, 844))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

func (b *tab) eval(expression string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => String(await ("+expression+")))()", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for a JavaScript expression to become true.
func (b *tab) until(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if b.eval("!!("+expression+")") == "true" {
			return
		}
	}
	b.t.Fatalf("waited for %s; the talk is %s", expression, b.eval(`document.getElementById('talk').innerText`))
}

func (b *tab) press(label string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.Search(fmt.Sprintf(`//button[normalize-space()=%q]`, label))))
}

func (b *tab) say(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#text")))
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatalf("type: %v", err)
	}
	b.do(chromedp.KeyEvent("\r"))
}

func (b *tab) scheme(name string) {
	b.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatalf("emulate %s: %v", name, err)
	}
}

// shot saves a picture of the page in the folder SACHHON_SHOTS, if that is set.
func (b *tab) shot(name string) {
	b.t.Helper()
	folder := os.Getenv("SACHHON_SHOTS")
	if folder == "" {
		return
	}
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), raw, 0o644)
	}
	if err != nil {
		b.t.Errorf("take picture: %v", err)
	}
}

// parrot is a bot that has something to show of everything.
func parrot(ctx context.Context, b *bot, chart []byte) {
	offset := 0
	for ctx.Err() == nil {
		g, err := b.post(ctx, fmt.Sprintf("getUpdates?timeout=30&offset=%d", offset), "", "")
		var all []arrived
		if err != nil || json.Unmarshal(g.Result, &all) != nil {
			return
		}
		for _, u := range all {
			offset = u.ID + 1
			switch {
			case u.Callback != nil:
				toast := ""
				if u.Callback.Data == "ics" {
					toast = "Đã gửi lịch ở dưới"
				}
				b.ask("answerCallbackQuery", "callback_query_id", u.Callback.ID, "text", toast)
				parrotPressed(b, u, chart)
			case u.Message != nil:
				parrotSaid(b, u.Message)
			}
		}
	}
}

func parrotSaid(b *bot, m *message) {
	b.ask("sendChatAction", "chat_id", m.Chat.ID, "action", "typing")
	row := func(pairs ...string) []Button {
		var out []Button
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, Button{Text: pairs[i], Data: pairs[i+1]})
		}
		return out
	}
	switch {
	case strings.HasPrefix(m.Text, "/start"):
		b.ask("sendMessage", "chat_id", m.Chat.ID, "parse_mode", "HTML", "text", "Dạ chào anh/chị! Đây là lớp <b>Sản xuất sạch hơn cho ngành gỗ</b>\n📅 thứ Năm, 10/12/2026, 8:00–16:30\n📍 Hội trường B, phường Thủ Dầu Một\nCòn 12 chỗ · miễn phí. Xem thêm: https://sxsh.example.vn/lop hoặc /riengtu",
			"reply_markup", map[string]any{"inline_keyboard": [][]Button{row("Đăng ký", "reg", "Xem biểu đồ", "chart"), row("Thêm vào lịch", "ics"), {{Text: "Trang của lớp", URL: "https://sxsh.example.vn/lop"}, {Text: "Chép mã", CopyText: &CopyText{"7F3K-021"}}}}})
	case m.Contact != nil:
		b.ask("sendMessage", "chat_id", m.Chat.ID, "text", "Trung tâm đã có số "+m.Contact.Phone, "reply_markup", map[string]any{"remove_keyboard": true})
	case m.Photo != nil || m.Document != nil:
		b.ask("sendMessage", "chat_id", m.Chat.ID, "text", "Trung tâm đã nhận tệp.")
	default:
		b.ask("sendMessage", "chat_id", m.Chat.ID, "text", "Số điện thoại để báo khi lớp đổi giờ?", "reply_markup", map[string]any{"keyboard": [][]ReplyButton{{{Text: "Gửi số của tôi", RequestContact: true}, {Text: "Bỏ qua"}}}, "input_field_placeholder": "0912 345 678"})
	}
}

func parrotPressed(b *bot, u arrived, chart []byte) {
	chat := decimal(u.Callback.From.ID)
	id := u.Callback.Message.(map[string]any)["message_id"]
	switch u.Callback.Data {
	case "reg":
		b.ask("editMessageText", "chat_id", chat, "message_id", id, "parse_mode", "HTML", "text", "✅ Anh/chị đã đăng ký lớp <b>Sản xuất sạch hơn cho ngành gỗ</b>. Mã: <code>7F3K-021</code>\nTrung tâm sẽ nhắc trước 3 ngày, 1 ngày và 2 giờ.")
	case "chart":
		b.upload("sendPhoto", "photo", "bieu-do.png", chart, "chat_id", chat, "caption", "Điện mỗi mét khối gỗ, ba tháng qua")
	case "ics":
		b.upload("sendDocument", "document", "lop-go-10-12-2026.ics", []byte(strings.Repeat("BEGIN:VCALENDAR\n", 200)), "chat_id", chat)
	}
}

func TestPageInABrowser(t *testing.T) {
	b := newTab(t)
	s, asks := newServer(t, Options{})
	must[bool](asks, "setMyDescription", "description", "Đăng ký lớp sản xuất sạch hơn, tự đánh giá nhanh và nhận mẹo tiết kiệm.\nBấm Bắt đầu để trò chuyện.")
	must[bool](asks, "setMyCommands", "commands", []Command{{"dangky", "Đăng ký lớp"}, {"danhgia", "Tự đánh giá"}, {"ngonngu", "Đổi ngôn ngữ"}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); parrot(ctx, asks, picture(t, 640, 400)) }()
	t.Cleanup(func() { cancel(); <-ended })
	srv := httptest.NewServer(s.Page())
	t.Cleanup(func() { s.Close(); srv.Close() }) // the page waits for news
	b.do(chromedp.Navigate(srv.URL + "/?as=Hoa&start=class_7f3k"))
	b.shot("telegram-start")
	b.press("Bắt đầu")
	b.until(`document.querySelector('.entry.bot .buttons')`)
	b.shot("telegram-class")
	if got := b.eval(`document.querySelector('.entry.mine .said').innerText`); got != "/start class_7f3k" {
		t.Errorf("said %q", got)
	}
	b.press("Xem biểu đồ")
	b.until(`document.querySelector('.entry.bot img')?.naturalWidth === 640`)
	b.press("Thêm vào lịch")
	b.until(`document.querySelector('.doc') && !document.getElementById('notice').hidden && !document.querySelector('.busy-button')`)
	b.shot("telegram-media")
	b.press("Đăng ký")
	b.until(`document.querySelector('.entry.bot')?.innerText.includes('7F3K-021') && document.querySelectorAll('.entry.bot .buttons').length === 0`)
	if got := b.eval(`document.activeElement.className`); !strings.Contains(got, "entry") {
		t.Errorf("after a press that took the buttons away, the focus is on %q", got)
	}
	b.say("tôi muốn đổi giờ")
	b.until(`document.querySelector('.keys')`)
	if got := b.eval(`document.activeElement.id + document.getElementById('text').placeholder`); got != "text0912 345 678" {
		t.Errorf("focus and placeholder are %q", got)
	}
	b.shot("telegram-keyboard")
	b.scheme("dark")
	b.shot("telegram-dark")
	b.do(chromedp.Click(chromedp.CSS(".keys button")))
	b.until(`!document.querySelector('.keys') && [...document.querySelectorAll('.entry.mine')].at(-1).innerText.includes('📞')`)
	b.do(chromedp.Click(chromedp.CSS(".menu summary")))
	b.until(`document.querySelector('.menu').open`)
	b.shot("telegram-menu")
	b.press("/danhgia Tự đánh giá")
	b.until(`[...document.querySelectorAll('.entry.mine')].at(-1).innerText.includes('/danhgia')`)
	b.eval(`(() => { const d = new DataTransfer(); d.items.add(new File(['abc'], 'so-lieu.csv')); const f = document.querySelector('#attach [name=file]'); f.files = d.files; f.dispatchEvent(new Event('change', { bubbles: true })); })()`)
	b.until(`[...document.querySelectorAll('.entry.bot')].at(-1).innerText.includes('đã nhận tệp')`)
	if got := b.eval(`document.documentElement.scrollWidth <= 390 && performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))`); got != "true" {
		t.Error("the page is wider than a phone, or loads from elsewhere")
	}
	s.Person(5_000_001).Block()
	b.until(`document.querySelector('.whole button')?.innerText.toLowerCase() === 'bỏ chặn'`)
	b.do(chromedp.Navigate(srv.URL + "/?as=Hoa&lang=en"))
	b.press("Unblock")
	b.until(`document.getElementById('text')`)
	b.shot("telegram-english")
	well(t, s)
}
