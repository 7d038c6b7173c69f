package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"sachhon/bot/channel/chrometest"
)

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
	b := chrometest.Start(t).Person(t)
	s, asks := newServer(t, Options{})
	must[bool](asks, "setMyDescription", "description", "Đăng ký lớp sản xuất sạch hơn, tự đánh giá nhanh và nhận mẹo tiết kiệm.\nBấm Bắt đầu để trò chuyện.")
	must[bool](asks, "setMyCommands", "commands", []Command{{"dangky", "Đăng ký lớp"}, {"danhgia", "Tự đánh giá"}, {"ngonngu", "Đổi ngôn ngữ"}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); parrot(ctx, asks, picture(t, 640, 400)) }()
	t.Cleanup(func() { cancel(); <-ended })
	srv := httptest.NewServer(s.Page())
	t.Cleanup(func() { s.Close(); srv.Close() }) // the page waits for news
	b.Visit(srv.URL + "/?as=Hoa&start=class_7f3k")
	b.Shot("telegram-start")
	b.Press("Bắt đầu")
	b.Until(`document.querySelector('.entry.bot .buttons')`)
	b.Shot("telegram-class")
	if got := b.Eval(`document.querySelector('.entry.mine .said').innerText`); got != "/start class_7f3k" {
		t.Errorf("said %q", got)
	}
	b.Press("Xem biểu đồ")
	b.Until(`document.querySelector('.entry.bot img')?.naturalWidth === 640`)
	b.Press("Thêm vào lịch")
	b.Until(`document.querySelector('.doc') && !document.getElementById('notice').hidden && !document.querySelector('.busy-button')`)
	b.Shot("telegram-media")
	b.Press("Đăng ký")
	b.Until(`document.querySelector('.entry.bot')?.innerText.includes('7F3K-021') && document.querySelectorAll('.entry.bot .buttons').length === 0`)
	if got := b.Eval(`document.activeElement.className`); !strings.Contains(got, "entry") {
		t.Errorf("after a press that took the buttons away, the focus is on %q", got)
	}
	b.Say("tôi muốn đổi giờ")
	b.Until(`document.querySelector('.keys')`)
	if got := b.Eval(`document.activeElement.id + document.getElementById('text').placeholder`); got != "text0912 345 678" {
		t.Errorf("focus and placeholder are %q", got)
	}
	b.Shot("telegram-keyboard")
	b.Media("prefers-color-scheme", "dark")
	b.Shot("telegram-dark")
	b.Click(".keys button")
	b.Until(`!document.querySelector('.keys') && [...document.querySelectorAll('.entry.mine')].at(-1).innerText.includes('📞')`)
	b.Click(".menu summary")
	b.Until(`document.querySelector('.menu').open`)
	b.Shot("telegram-menu")
	b.Press("/danhgia Tự đánh giá")
	b.Until(`[...document.querySelectorAll('.entry.mine')].at(-1).innerText.includes('/danhgia')`)
	b.Eval(`(() => { const d = new DataTransfer(); d.items.add(new File(['abc'], 'so-lieu.csv')); const f = document.querySelector('#attach [name=file]'); f.files = d.files; f.dispatchEvent(new Event('change', { bubbles: true })); })()`)
	b.Until(`[...document.querySelectorAll('.entry.bot')].at(-1).innerText.includes('đã nhận tệp')`)
	if got := b.Eval(`document.documentElement.scrollWidth <= 390 && performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))`); got != "true" {
		t.Error("the page is wider than a phone, or loads from elsewhere")
	}
	s.Person(5_000_001).Block()
	b.Until(`document.querySelector('.whole button')?.innerText.toLowerCase() === 'bỏ chặn'`)
	b.Visit(srv.URL + "/?as=Hoa&lang=en")
	b.Press("Unblock")
	b.Until(`document.getElementById('text')`)
	b.Shot("telegram-english")
	well(t, s)
}
