package terminal_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// centre is a small bot with a real transcript: it answers from a table of
// what was said or pressed, keeps what it heard, and can speak unasked.
type centre struct {
	t       *testing.T
	mu      sync.Mutex
	entries []channel.Entry
	heard   []string // "say X", "press ID (LABEL)", "phone X"
	grew    chan struct{}
	busy    bool
	failing error // of everything
	mute    error // of Say
	stuck   bool  // Say and News wait for the end of their context only
	deaf    bool  // News finds nothing and does not wait
	repeats bool  // everything is returned every time
	asked   int   // how often News was called
}

func newCentre(t *testing.T) *centre { return &centre{t: t, grew: make(chan struct{})} }

// enter fails the test when two calls overlap.
func (c *centre) enter() (leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy {
		c.t.Error("two calls of the bot at the same time")
	}
	c.busy = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.busy = false
	}
}

func (c *centre) Say(ctx context.Context, in dialogs.Input, label string, after uint64) ([]channel.Entry, error) {
	defer c.enter()()
	if c.stuck {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err := errors.Join(c.failing, c.mute); err != nil {
		return nil, err
	}
	key := in.Text
	switch in.Kind {
	case dialogs.InputPress:
		c.heard = append(c.heard, fmt.Sprintf("press %s (%s)", in.Button, label))
		c.add(channel.Entry{From: channel.FromPerson, Button: in.Button, Message: dialogs.Message{Text: label}})
		key = in.Button
	case dialogs.InputPhone:
		c.heard = append(c.heard, "phone "+in.Text)
		c.add(channel.Entry{From: channel.FromPerson, Message: dialogs.Message{Text: "☎"}})
		key = "phone"
	default:
		c.heard = append(c.heard, "say "+in.Text)
		if in.Text != "/start" {
			c.add(channel.Entry{From: channel.FromPerson, Message: dialogs.Message{Text: in.Text}})
		}
	}
	list, ok := replies[key]
	if !ok {
		list = []dialogs.Message{{Text: "Em chưa hiểu “" + key + "”."}}
	}
	for _, m := range list {
		c.add(channel.Entry{From: channel.FromBot, Message: m})
	}
	return c.after(after), nil
}

func (c *centre) News(ctx context.Context, after uint64) ([]channel.Entry, error) {
	defer c.enter()()
	for {
		c.mu.Lock()
		c.asked++
		grew := c.grew
		c.mu.Unlock()
		if list := c.after(after); len(list) > 0 && !c.stuck {
			return list, nil
		}
		if c.deaf {
			return nil, errors.New("the line is dead")
		}
		select {
		case <-grew:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *centre) Last(_ context.Context, limit int) ([]channel.Entry, error) {
	defer c.enter()()
	list := c.after(0)
	return list[max(0, len(list)-limit):], c.failing
}

func (c *centre) Save(_ context.Context, seq uint64, index int) (string, error) {
	defer c.enter()()
	if list := c.after(seq - 1); len(list) > 0 && list[0].Seq == seq && list[0].Message.Media[index].Ref != "lost" {
		return "/tệp/" + list[0].Message.Media[index].Name, nil
	}
	return "", errors.New("no such file: secret-reference")
}

func (c *centre) add(e channel.Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.Seq, e.At = uint64(len(c.entries)+1), time.Now()
	c.entries = append(c.entries, e)
	close(c.grew)
	c.grew = make(chan struct{})
}

// push is something the bot says unasked.
func (c *centre) push(m dialogs.Message) {
	c.add(channel.Entry{From: channel.FromBot, Message: m, Push: true})
}

func (c *centre) forgetful() *centre {
	c.repeats = true
	return c
}

func (c *centre) after(seq uint64) []channel.Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.repeats {
		seq = 0
	}
	return append([]channel.Entry(nil), c.entries[min(int(seq), len(c.entries)):]...)
}

// buttons makes a row of "ID=LABEL".
func buttons(list ...string) []dialogs.Button {
	var row []dialogs.Button
	for _, s := range list {
		id, label, _ := strings.Cut(s, "=")
		row = append(row, dialogs.Button{ID: id, Label: label})
	}
	return row
}

var offer = dialogs.Message{Text: "Lớp **Tiết kiệm điện** có chỗ.", Format: dialogs.Marked,
	Buttons: [][]dialogs.Button{buttons("/giucho=Giữ chỗ", "/boqua=Bỏ qua")}}

// replies is what the centre says to what it hears.
var replies = map[string][]dialogs.Message{
	"/start": {{Format: dialogs.Marked, Hint: dialogs.HintChoice,
		Text: "Dạ chào anh/chị! Đây là lớp **Sản xuất sạch hơn cho ngành gỗ**\n" +
			"📅 thứ Năm, 10/12/2026, 8:00–16:30\n📍 Hội trường B, phường Thủ Dầu Một, thành phố Hồ Chí Minh\nCòn 12 chỗ · miễn phí",
		Buttons: [][]dialogs.Button{buttons("1.class.join=Đăng ký", "1.class.more=Xem nội dung lớp"), buttons("/menu=Lớp khác")}}},
	"1.class.join": {{Text: "(1/3) Họ và tên của anh/chị?", Hint: dialogs.HintName, Buttons: [][]dialogs.Button{buttons("2.name.~cancel=Hủy")}}},
	"Nguyễn Thị Hòa": {{Text: "(2/3) Số điện thoại để báo khi lớp đổi giờ?", Hint: dialogs.HintPhone,
		Buttons: [][]dialogs.Button{{{ID: "2.phone.~share", Label: "Gửi số của tôi", SharePhone: true}}, buttons("2.phone.~skip=Bỏ qua")}}},
	"0912345678":    energy,
	"phone":         energy,
	"2.phone.~skip": energy,
	"3.energy.coal": {{Text: "Xưởng dùng nguồn năng lượng nào?", Hint: dialogs.HintChoice, Buttons: [][]dialogs.Button{
		{{ID: "3.energy.power", Label: "Điện"}, {ID: "3.energy.coal", Label: "Than", On: true}}, buttons("3.energy.~done=Xong")}}},
	"3.energy.~done": {
		{Text: "✅ Anh/chị đã đăng ký. Mã: 7F3K-021"},
		{Text: "Tài liệu của lớp:", Media: []dialogs.Media{
			{Kind: dialogs.Image, Name: "so do.png", MIME: "image/png", Size: 48_200, Alt: "Đường đến\nhội trường B"},
			{Kind: dialogs.Document, Name: "lop-7f3k.ics", MIME: "text/calendar", Size: 1_300_000},
			{Kind: dialogs.Document, Name: "cũ.pdf", Ref: "lost"}},
			Buttons: [][]dialogs.Button{{{Label: "Bản đồ", URL: "https://example.vn/ban-do?lop=7f3k"}}, buttons("/menu=Menu")}},
	},
	"/menu":   {{Text: "Anh/chị cần gì?", Buttons: [][]dialogs.Button{buttons("/dangky=Đăng ký lớp", "/danhgia=Tự đánh giá")}}},
	"/giucho": {{Text: "Đã giữ chỗ."}},
	"im lặng": {},
	"English please": {{Text: "Hello, what would you like to do?", Buttons: [][]dialogs.Button{buttons("/register=Find a class")}},
		{Text: "How many people work there?", Hint: dialogs.HintNumber, Buttons: [][]dialogs.Button{buttons("4.staff.~skip=Skip")}}},
	"bao nhiêu": {{Text: "Mỗi tháng bao nhiêu tấn?", Hint: dialogs.HintNumber, Buttons: [][]dialogs.Button{buttons("5.q.few=< 10", "5.q.~unknown=Không biết")}}},
	"cỡ xưởng":  {{Text: "Bao nhiêu người?", Buttons: [][]dialogs.Button{buttons("6.q.small=< 10 người", "6.q.large=> 10 người")}}},
	"độc":       {{Text: "Tên: \x1b]0;hỏng\x07\x1b[31mđỏ\x1b[0m \u202eabc\x7f\u009b2J"}},
}

var energy = []dialogs.Message{{Text: "Xưởng dùng nguồn năng lượng nào?", Hint: dialogs.HintChoice, Buttons: [][]dialogs.Button{
	buttons("3.energy.power=Điện", "3.energy.coal=Than")}}}
