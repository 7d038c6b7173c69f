package webchat_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// office is the bot on the other side of the page: a small conversation with a
// transcript in memory that keeps the promises of webchat.Bot.
type office struct {
	now func() time.Time

	mu       sync.Mutex
	seq      uint64
	state    map[channel.Address]*talk
	watchers map[chan struct{}]channel.Address
	received []channel.Incoming
	down     bool // nothing can be read or written
	slow     time.Duration
}

type talk struct {
	entries []channel.Entry
	seen    map[string]bool
	lang    dialogs.Lang
	on      map[string]bool
}

func newOffice(now func() time.Time) *office {
	return &office{now: now, state: map[channel.Address]*talk{}, watchers: map[chan struct{}]channel.Address{}}
}

var errDown = errors.New("the office is closed")

func (o *office) talk(at channel.Address) *talk {
	t := o.state[at]
	if t == nil {
		t = &talk{seen: map[string]bool{}, on: map[string]bool{}}
		o.state[at] = t
	}
	return t
}

func (o *office) Receive(_ context.Context, in ...channel.Incoming) error {
	o.mu.Lock()
	slow := o.slow
	o.mu.Unlock()
	time.Sleep(slow)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return errDown
	}
	for _, i := range in {
		t := o.talk(i.Address)
		if i.ID != "" && t.seen[i.ID] {
			continue
		}
		t.seen[i.ID] = true
		o.received = append(o.received, i)
		o.turn(t, i)
		o.tell(i.Address)
	}
	return nil
}

func (o *office) tell(at channel.Address) {
	for c, watched := range o.watchers {
		if watched == at {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}

func (o *office) Preview(_ context.Context, in channel.Incoming) ([]channel.Entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return nil, errDown
	}
	old := o.talk(in.Address)
	t := &talk{seen: maps.Clone(old.seen), lang: old.lang, on: maps.Clone(old.on)}
	seq := o.seq
	o.turn(t, in)
	o.seq = seq
	return t.entries, nil
}

func (o *office) Transcript(_ context.Context, at channel.Address, after uint64, limit int) ([]channel.Entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return nil, errDown
	}
	entries := o.talk(at).entries
	if after == 0 {
		return slices.Clone(entries[max(0, len(entries)-limit):]), nil
	}
	from := slices.IndexFunc(entries, func(e channel.Entry) bool { return e.Seq > after })
	if from < 0 {
		return nil, nil
	}
	return slices.Clone(entries[from:min(len(entries), from+limit)]), nil
}

func (o *office) Watch(at channel.Address) (<-chan struct{}, func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := make(chan struct{}, 1)
	o.watchers[c] = at
	return c, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.watchers, c)
	}
}

func (o *office) Lang(_ context.Context, at channel.Address) (dialogs.Lang, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return "", errDown
	}
	return o.talk(at).lang, nil
}

var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")

func (o *office) Open(_ context.Context, at channel.Address, seq uint64, index int) (dialogs.Media, io.ReadCloser, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.talk(at).entries {
		if e.Seq == seq && index < len(e.Message.Media) {
			m := e.Message.Media[index]
			if m.MIME == "application/pdf" {
				return m, io.NopCloser(strings.NewReader("%PDF-1.7 nội dung")), nil
			}
			return m, io.NopCloser(bytes.NewReader(pixel)), nil
		}
	}
	return dialogs.Media{}, nil, fs.ErrNotExist
}

func (o *office) Keep(_ context.Context, name, mime string, r io.Reader) (dialogs.Media, error) {
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		return dialogs.Media{}, fmt.Errorf("keep media: %w", err)
	}
	kind := dialogs.Document
	if strings.HasPrefix(mime, "image/") {
		kind = dialogs.Image
	}
	return dialogs.Media{Kind: kind, Name: name, MIME: mime, Size: n, Alt: name, Ref: fmt.Sprintf("kept:%s:%d", name, n)}, nil
}

// remind says something that nobody asked for.
func (o *office) remind(at channel.Address, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.say(o.talk(at), true, dialogs.Message{Text: text, Buttons: [][]dialogs.Button{{{ID: "push.join", Label: "Giữ chỗ cho tôi"}}}})
	o.tell(at)
}

// forget deletes all of a conversation.
func (o *office) forget(at channel.Address) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.state, at)
	o.tell(at)
}

func (o *office) say(t *talk, push bool, m dialogs.Message) {
	o.seq++
	t.entries = append(t.entries, channel.Entry{Seq: o.seq, At: o.now(), From: channel.FromBot, Message: m, Push: push})
}

// turn is the whole conversation.
func (o *office) turn(t *talk, in channel.Incoming) {
	o.seq++
	heard := channel.Entry{Seq: o.seq, At: o.now(), From: channel.FromPerson, Button: in.Input.Button}
	heard.Message.Text = in.Input.Text
	if in.Input.Kind == dialogs.InputPress {
		heard.Message.Text = in.Label
	}
	if in.Input.Kind == dialogs.InputFile {
		heard.Message.Media = []dialogs.Media{in.Input.File}
	}
	t.entries = append(t.entries, heard)
	if t.lang == "" {
		t.lang = in.Lang
	}
	key := in.Input.Text + in.Input.Button
	switch {
	case strings.HasPrefix(key, "/start"):
		o.say(t, false, welcome(strings.TrimPrefix(key, "/start "), t.lang))
	case strings.HasSuffix(key, ".join"):
		o.say(t, false, dialogs.Message{Text: "(1/2) Số điện thoại của anh/chị, để Trung tâm báo khi lớp đổi giờ?", Hint: dialogs.HintPhone, Buttons: [][]dialogs.Button{{{ID: "/share", Label: "Gửi số của tôi", SharePhone: true}}, {{ID: "run.phone.skip", Label: "Bỏ qua"}}}})
	case key == "/file":
		o.say(t, false, dialogs.Message{Text: "Anh/chị gửi ảnh hóa đơn điện tháng gần nhất nhé?", Hint: dialogs.HintFile})
	case key == "/picture":
		o.say(t, false, dialogs.Message{Text: "Kết quả: **Đã có nền**", Format: dialogs.Marked, Media: []dialogs.Media{
			{Kind: dialogs.Image, Name: "ketqua.png", MIME: "image/png", Size: 68, Alt: "Biểu đồ kết quả: đã có nền", Ref: "a"},
			{Kind: dialogs.Document, Name: "bao cao.pdf", MIME: "application/pdf", Size: 120_400, Ref: "b"}}})
	case key == "/needs" || strings.HasPrefix(key, "need."):
		if name, ok := strings.CutPrefix(key, "need."); ok {
			t.on[name] = !t.on[name]
		}
		o.say(t, false, dialogs.Message{Text: "Anh/chị quan tâm việc gì? Chọn được nhiều.", Buttons: [][]dialogs.Button{
			{{ID: "need.water", Label: "Nước", On: t.on["water"]}, {ID: "need.power", Label: "Điện", On: t.on["power"]}}, {{ID: "done", Label: "Xong"}}}})
	case strings.HasPrefix(key, "/language"), strings.HasPrefix(key, "/ngonngu"):
		t.lang = dialogs.ParseLang(key[strings.IndexByte(key, ' ')+1:])
		o.say(t, false, dialogs.Message{Text: map[dialogs.Lang]string{"vi": "Trung tâm sẽ trả lời bằng tiếng Việt.", "en": "From now on the centre answers in English."}[t.lang]})
	default:
		o.say(t, false, dialogs.Message{Text: "Trung tâm đã nghe: " + key + heard.Message.Text})
	}
}

func welcome(payload string, lang dialogs.Lang) dialogs.Message {
	if lang == dialogs.English {
		return dialogs.Message{Text: "Hello! This is the centre's **cleaner production** assistant.\nWhat would you like to do?", Format: dialogs.Marked,
			Buttons: [][]dialogs.Button{{{ID: "run.menu.join", Label: "Find a class"}}, {{ID: "/needs", Label: "Check my factory"}}}}
	}
	if strings.HasPrefix(payload, "class_") {
		return dialogs.Message{Text: "Dạ chào anh/chị! Đây là lớp **Sản xuất sạch hơn cho ngành gỗ**\n📅 thứ Năm, 10/12/2026, 8:00–16:30\n📍 Hội trường B, phường Thủ Dầu Một\nCòn 12 chỗ · miễn phí", Format: dialogs.Marked,
			Buttons: [][]dialogs.Button{{{ID: payload + ".join", Label: "Đăng ký"}}, {{ID: payload + ".more", Label: "Xem nội dung lớp"}, {URL: "https://example.vn/lop", Label: "Bản đồ"}}}}
	}
	return dialogs.Message{Text: "Dạ chào anh/chị! Em là trợ lý **sản xuất sạch hơn** của Trung tâm.\nAnh/chị muốn làm gì?", Format: dialogs.Marked,
		Buttons: [][]dialogs.Button{{{ID: "run.menu.join", Label: "Đăng ký lớp"}, {ID: "/needs", Label: "Tự đánh giá"}}, {{ID: "/tips", Label: "Xem mẹo tiết kiệm"}}}}
}
