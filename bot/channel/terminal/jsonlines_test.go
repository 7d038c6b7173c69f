package terminal_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"sachhon/bot/channel/terminal"
	"sachhon/dialogs"
)

// converse plays lines and returns the lines that came out.
func converse(t *testing.T, bot *centre, in ...string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := terminal.TalkJSON(t.Context(), bot, strings.NewReader(strings.Join(in, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestJSONConversation(t *testing.T) {
	turns := []struct{ in, out string }{
		{`{"text":"/start"}`, `{"turn":1,"messages":[{"text":"Dạ chào anh/chị! Đây là lớp Sản xuất sạch hơn cho ngành gỗ\n📅 thứ Năm, 10/12/2026, 8:00–16:30\n📍 Hội trường B, phường Thủ Dầu Một, thành phố Hồ Chí Minh\nCòn 12 chỗ · miễn phí","format":"plain","buttons":[[{"id":"1.class.join","label":"Đăng ký"},{"id":"1.class.more","label":"Xem nội dung lớp"}],[{"id":"/menu","label":"Lớp khác"}]],"media":[]}]}`},
		{`{"press":"Đăng ký"}`, `{"turn":2,"messages":[{"text":"(1/3) Họ và tên của anh/chị?","format":"plain","buttons":[[{"id":"2.name.~cancel","label":"Hủy"}]],"media":[]}]}`},
		{` { "text" : "Nguy\u1ec5n Thị Hòa" } `, `{"turn":3,"messages":[{"text":"(2/3) Số điện thoại để báo khi lớp đổi giờ?","format":"plain","buttons":[[{"id":"2.phone.~share","label":"Gửi số của tôi"}],[{"id":"2.phone.~skip","label":"Bỏ qua"}]],"media":[]}]}`},
		{`{"phone":"0912345678"}`, `{"turn":4,"messages":[{"text":"Xưởng dùng nguồn năng lượng nào?","format":"plain","buttons":[[{"id":"3.energy.power","label":"Điện"},{"id":"3.energy.coal","label":"Than"}]],"media":[]}]}`},
		{`{"press":"3.energy.coal"}`, `{"turn":5,"messages":[{"text":"Xưởng dùng nguồn năng lượng nào?","format":"plain","buttons":[[{"id":"3.energy.power","label":"Điện"},{"id":"3.energy.coal","label":"Than"}],[{"id":"3.energy.~done","label":"Xong"}]],"media":[]}]}`},
		{`{"press":"xong"}`, `{"turn":6,"messages":[{"text":"✅ Anh/chị đã đăng ký. Mã: 7F3K-021","format":"plain","buttons":[],"media":[]},{"text":"Tài liệu của lớp:\nBản đồ: https://example.vn/ban-do?lop=7f3k","format":"plain","buttons":[[{"id":"/menu","label":"Menu"}]],"media":[{"kind":"image","name":"so do.png","mime":"image/png","bytes":48200,"alt":"Đường đến\nhội trường B"},{"kind":"document","name":"lop-7f3k.ics","mime":"text/calendar","bytes":1300000,"alt":""},{"kind":"document","name":"cũ.pdf","mime":"","bytes":0,"alt":""}]}]}`},
		{`{"text":"im lặng"}`, `{"turn":7,"messages":[]}`},
		{`{"text":"<b>&"}`, `{"turn":8,"messages":[{"text":"Em chưa hiểu “<b>&”.","format":"plain","buttons":[],"media":[]}]}`},
	}
	bot := newCentre(t)
	var in []string
	for _, turn := range turns {
		in = append(in, turn.in)
	}
	for i, got := range converse(t, bot, in...) {
		if got != turns[i].out {
			t.Errorf("%s\ngot  %s\nwant %s", turns[i].in, got, turns[i].out)
		}
	}
	want := "say /start\npress 1.class.join (Đăng ký)\nsay Nguyễn Thị Hòa\nphone 0912345678\npress 3.energy.coal (Than)\npress 3.energy.~done (Xong)\nsay im lặng\nsay <b>&"
	if got := strings.Join(bot.heard, "\n"); got != want {
		t.Errorf("the bot heard\n%s\nwant\n%s", got, want)
	}
}

func TestJSONPress(t *testing.T) {
	cases := []struct {
		name   string
		before []string
		press  string
		heard  string
	}{
		{"an ID", []string{`{"text":"/start"}`}, "1.class.more", "press 1.class.more (Xem nội dung lớp)"},
		{"a label", []string{`{"text":"/start"}`}, "Xem nội dung lớp", "press 1.class.more (Xem nội dung lớp)"},
		{"a label without marks", []string{`{"text":"/start"}`}, "xem noi dung lop", "press 1.class.more (Xem nội dung lớp)"},
		{"a label in another normal form", []string{`{"text":"/start"}`}, "Đăng ky\u0301", "press 1.class.join (Đăng ký)"},
		{"an ID never seen", []string{`{"text":"/start"}`}, "zz.node.choice", "press zz.node.choice (zz.node.choice)"},
		{"a command", nil, "/menu", "press /menu (/menu)"},
		{"words that no button has", []string{`{"text":"/start"}`}, "Bay lên trời", "press Bay lên trời (Bay lên trời)"},
		{"a button pressed before", []string{`{"text":"/start"}`, `{"press":"Đăng ký"}`}, "Đăng ký", "press 1.class.join (Đăng ký)"},
		{"one pressed before is not guessed at", []string{`{"text":"/start"}`, `{"press":"Đăng ký"}`}, "dang ky", "press dang ky (dang ky)"},
		{"the same words but for a sign", []string{`{"text":"bao nhiêu"}`}, "< 10", "press 5.q.few (< 10)"},
		{"words that two buttons have", []string{`{"text":"cỡ xưởng"}`}, "10 người", "press 10 người (10 người)"},
		{"a link", []string{`{"press":"3.energy.~done"}`}, "Bản đồ", "press Bản đồ (Bản đồ)"},
		{"nothing", []string{`{"text":"/start"}`}, "", "press  ()"},
		{"signs alone", []string{`{"text":"/start"}`}, "?", "press ? (?)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bot := newCentre(t)
			press, _ := json.Marshal(map[string]string{"press": c.press})
			converse(t, bot, append(c.before, string(press))...)
			if got := bot.heard[len(bot.heard)-1]; got != c.heard {
				t.Errorf("the bot heard %q, want %q", got, c.heard)
			}
		})
	}
}

// A bot that repeats itself is shown once.
func TestJSONSaysNothingTwice(t *testing.T) {
	got := converse(t, newCentre(t).forgetful(), `{"text":"/menu"}`, `{"text":"im lặng"}`)
	if got[1] != `{"turn":2,"messages":[]}` {
		t.Errorf("got %s", got[1])
	}
}

func TestJSONComingBack(t *testing.T) {
	bot := newCentre(t)
	converse(t, bot, `{"text":"/start"}`)
	got := converse(t, bot, `{"press":"Đăng ký"}`)
	if len(got) != 1 || !strings.HasPrefix(got[0], `{"turn":1,"messages":[{"text":"(1/3) Họ và tên`) || strings.Contains(got[0], "Dạ chào") {
		t.Errorf("got %s", got)
	}
	if h := bot.heard[len(bot.heard)-1]; h != "press 1.class.join (Đăng ký)" {
		t.Errorf("the bot heard %q", h)
	}
}

func TestJSONLinesThatAreNotTaken(t *testing.T) {
	const (
		object  = `The line is not one JSON object with exactly one of "text", "press" and "phone", each a string; send one such as {"text":"xin chào"}.`
		invalid = `The line is not valid JSON; send one object such as {"text":"xin chào"}.`
	)
	cases := []struct{ name, in, want string }{
		{"words", `xin chào`, invalid},
		{"an empty line", ``, invalid},
		{"half an object", `{"text":"mật khẩu`, invalid},
		{"a comma too many", `{"text":"a",}`, invalid},
		{"two objects", `{"text":"a"}{"text":"b"}`, invalid},
		{"an empty object", `{}`, object},
		{"a list", `["text","a"]`, object},
		{"a word", `"text"`, object},
		{"null", `null`, object},
		{"two of the three", `{"text":"a","press":"b"}`, object},
		{"the same twice", `{"text":"a","text":"b"}`, object},
		{"another key", `{"say":"a"}`, object},
		{"another key besides", `{"text":"a","lang":"vi"}`, object},
		{"a key in capitals", `{"TEXT":"a"}`, object},
		{"a number", `{"phone":912345678}`, object},
		{"nothing said", `{"text":null}`, object},
		{"an object inside", `{"text":{"text":"a"}}`, object},
		{"a list inside", `{"text":["a"]}`, object},
		{"letters that are not UTF-8", "{\"text\":\"\xff\"}", "The line is not UTF-8 text; send it in UTF-8."},
		{"too long", `{"text":"` + strings.Repeat("a", 1<<20) + `"}`, "The line is longer than 1 MiB; send less at once."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bot := newCentre(t)
			got := converse(t, bot, c.in, `{"text":"/menu"}`)
			var wrong struct{ Error string }
			if err := json.Unmarshal([]byte(got[0]), &wrong); err != nil || wrong.Error != c.want {
				t.Errorf("got %s (%v), want the error %s", got[0], err, c.want)
			}
			if len(got) != 2 || !strings.HasPrefix(got[1], `{"turn":2,"messages":[{"text":"Anh/chị cần gì?"`) {
				t.Errorf("then %q", got[1:])
			}
			if len(bot.heard) != 1 {
				t.Errorf("the bot heard %q", bot.heard)
			}
		})
	}
}

func TestJSONLongestLine(t *testing.T) {
	frame := len(`{"text":""}`)
	text := strings.Repeat("a", 1<<20-frame)
	for _, end := range []string{"\n", "\r\n", ""} {
		bot := newCentre(t)
		var out bytes.Buffer
		if err := terminal.TalkJSON(t.Context(), bot, strings.NewReader(`{"text":"`+text+`"}`+end), &out); err != nil {
			t.Fatal(err)
		}
		if len(bot.heard) != 1 || bot.heard[0] != "say "+text {
			t.Errorf("with the end %q the line was not taken: %.80s", end, out.String())
		}
	}
}

func TestJSONFromAnEditorOnWindows(t *testing.T) {
	bot := newCentre(t)
	converse(t, bot, "\ufeff{\"text\":\"/menu\"}\r", "{\"text\":\"a\"}\r")
	if got := strings.Join(bot.heard, "\n"); got != "say /menu\nsay a" {
		t.Errorf("the bot heard %q", got)
	}
}

// A program that waits for each answer gets it at once and nothing before.
func TestJSONIsInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newCentre(t)
		in, keys := io.Pipe()
		answers, out := io.Pipe()
		ended := make(chan error, 1)
		go func() { ended <- terminal.TalkJSON(t.Context(), bot, in, out) }()
		lines := make(chan string)
		go func() {
			for s := bufio.NewScanner(answers); s.Scan(); {
				lines <- s.Text()
			}
		}()
		synctest.Wait()
		bot.push(offer)
		synctest.Wait()
		select {
		case l := <-lines:
			t.Errorf("before the first line in came %s", l)
		default:
		}
		for turn, want := range []string{
			`{"turn":1,"messages":[{"text":"Lớp Tiết kiệm điện có chỗ.","format":"plain","buttons":[[{"id":"/giucho","label":"Giữ chỗ"},{"id":"/boqua","label":"Bỏ qua"}]],"media":[]}]}`,
			`{"turn":2,"messages":[{"text":"Chào buổi sáng.","format":"plain","buttons":[],"media":[]},{"text":"Đã giữ chỗ.","format":"plain","buttons":[],"media":[]}]}`,
		} {
			in := `{"text":"im lặng"}`
			if turn == 1 {
				bot.push(dialogs.Message{Text: "Chào buổi sáng."})
				in = `{"press":"giu cho"}`
			}
			io.WriteString(keys, in+"\n")
			if got := <-lines; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
		keys.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		out.Close()
	})
}

func TestJSONBotThatFails(t *testing.T) {
	bot := newCentre(t)
	failing := errors.New("disk full near secret-token")
	var out bytes.Buffer
	var err error
	synctest.Test(t, func(t *testing.T) {
		in, keys := io.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			err = terminal.TalkJSON(t.Context(), bot, in, &out)
		}()
		synctest.Wait()
		bot.failing = failing
		io.WriteString(keys, "{\"text\":\"0912345678\"}\n")
		synctest.Wait()
		bot.failing = nil
		io.WriteString(keys, "{\"text\":\"/menu\"}\n")
		keys.Close()
		<-ended
	})
	if !errors.Is(err, failing) || strings.Contains(err.Error(), "0912345678") {
		t.Errorf("got error %v", err)
	}
	lines := strings.Split(out.String(), "\n")
	if lines[0] != `{"error":"The bot could not take this line because of a fault; send it again later."}` {
		t.Errorf("got %s", lines[0])
	}
	if !strings.HasPrefix(lines[1], `{"turn":2,"messages":[{"text":"Anh/chị cần gì?"`) {
		t.Errorf("then %s", lines[1])
	}
}

func TestJSONThatCannotGoOn(t *testing.T) {
	bad := newCentre(t)
	bad.failing = errBroken
	cases := []struct {
		name string
		bot  *centre
		in   io.Reader
		out  io.Writer
		want string
	}{
		{"the transcript cannot be read", bad, strings.NewReader(""), io.Discard, "open conversation: broken"},
		{"the input breaks", newCentre(t), brokenReader{errBroken}, io.Discard, "read input: broken"},
		{"the output breaks", newCentre(t), strings.NewReader("{}\n"), brokenWriter{}, "write answer: broken"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := terminal.TalkJSON(t.Context(), c.bot, c.in, c.out)
			if !errors.Is(err, errBroken) || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
		})
	}
}

func TestJSONEndsWithItsContext(t *testing.T) {
	for _, slow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			bot := newCentre(t)
			ctx, cancel := context.WithCancel(t.Context())
			in, keys := io.Pipe()
			defer keys.Close()
			var out bytes.Buffer
			ended := make(chan error, 1)
			go func() { ended <- terminal.TalkJSON(ctx, bot, in, &out) }()
			if slow {
				bot.stuck = true
				io.WriteString(keys, "{\"text\":\"a\"}\n")
			}
			synctest.Wait()
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if out.Len() > 0 {
				t.Errorf("out came %s", out.String())
			}
		})
	}
}

func FuzzTalkJSON(f *testing.F) {
	f.Add("{\"text\":\"a\"}\n{\"press\":\"Đăng ký\"}\r\n\n{\"phone\":\"0\"}")
	f.Add("{\"text\":\"\\ud800\\u0000\"}\n\xff\n[[[[\n{\"text\":\"a\"} x")
	f.Add("\ufeff{\"text\":1}\n{\"text\":\"a\",\"text\":\"b\"}\n{}\n")
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 4096 {
			t.Skip("long inputs only make it slow")
		}
		bot := newCentre(t)
		var out bytes.Buffer
		if err := terminal.TalkJSON(t.Context(), bot, strings.NewReader(in), &out); err != nil {
			t.Fatal(err)
		}
		want := strings.Count(in, "\n")
		if in != "" && !strings.HasSuffix(in, "\n") {
			want++
		}
		taken := 0
		lines := strings.SplitAfter(out.String(), "\n")
		for i, l := range lines[:len(lines)-1] {
			var reply struct {
				Turn     int
				Messages []json.RawMessage
				Error    string
			}
			d := json.NewDecoder(strings.NewReader(l))
			d.DisallowUnknownFields()
			if err := d.Decode(&reply); err != nil {
				t.Fatalf("line %d out is %s: %v", i+1, l, err)
			}
			if reply.Error == "" {
				if taken++; reply.Turn != i+1 || reply.Messages == nil {
					t.Fatalf("line %d out is %s", i+1, l)
				}
			}
		}
		if len(lines)-1 != want || taken != len(bot.heard) {
			t.Fatalf("%d lines out for %d in, %d taken, %d heard", len(lines)-1, want, taken, len(bot.heard))
		}
	})
}
