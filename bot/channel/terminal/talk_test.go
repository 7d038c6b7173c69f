package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/terminal"
	"sachhon/dialogs"
)

// seat is somebody sitting at a terminal.
type seat struct {
	t      *testing.T
	bot    *centre
	keys   *io.PipeWriter
	screen bytes.Buffer
	echo   bool
	leave  context.CancelFunc
	ended  chan struct{}
	err    error
}

// sit begins a conversation; it must be called in a synctest bubble.
func sit(t *testing.T, bot *centre, opts terminal.Options) *seat {
	ctx, cancel := context.WithCancel(t.Context())
	in, keys := io.Pipe()
	s := &seat{t: t, bot: bot, keys: keys, echo: opts.Interactive, leave: cancel, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		s.err = terminal.Talk(ctx, bot, in, &s.screen, opts)
	}()
	synctest.Wait()
	t.Cleanup(func() {
		cancel()
		keys.Close()
	})
	return s
}

// types enters lines, each answered before the next.
func (s *seat) types(lines ...string) *seat {
	for _, l := range lines {
		if s.echo {
			s.screen.WriteString(l + "\n") // as a terminal does
		}
		if _, err := io.WriteString(s.keys, l+"\n"); err != nil {
			s.t.Fatal(err)
		}
		synctest.Wait()
	}
	return s
}

// sees compares the whole screen.
func (s *seat) sees(want string) {
	s.t.Helper()
	if got := s.screen.String(); got != strings.TrimPrefix(want, "\n") {
		s.t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
	s.screen.Reset()
}

// heard compares what reached the bot.
func (s *seat) heard(want ...string) {
	s.t.Helper()
	if got := strings.Join(s.bot.heard, "\n"); got != strings.Join(want, "\n") {
		s.t.Errorf("the bot heard\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func (s *seat) left() {
	s.t.Helper()
	synctest.Wait()
	select {
	case <-s.ended:
		if s.err != nil {
			s.t.Errorf("the conversation ended with %v", s.err)
		}
	default:
		s.t.Error("the conversation goes on")
	}
}

const hello = "* Gõ câu trả lời rồi nhấn Enter; gõ số đứng trước một lựa chọn để chọn. Gõ\n  /thoat để ra.\n"

const goodbye = "* Chào anh/chị. Mọi điều đã nói được giữ lại; lần sau mở ra là nói tiếp.\n"

func TestRegistrationAtATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{Interactive: true, Width: 60})
		s.types("1", "Nguyễn Thị Hòa", "0912345678", "Than", "3", "/quit")
		s.left()
		s.sees(`
* Gõ câu trả lời rồi nhấn Enter; gõ số đứng trước một lựa
  chọn để chọn. Gõ /thoat để ra.
< Dạ chào anh/chị! Đây là lớp Sản xuất sạch hơn cho ngành gỗ
  📅 thứ Năm, 10/12/2026, 8:00–16:30
  📍 Hội trường B, phường Thủ Dầu Một, thành phố Hồ Chí Minh
  Còn 12 chỗ · miễn phí
  1) Đăng ký   2) Xem nội dung lớp   3) Lớp khác
> 1
< (1/3) Họ và tên của anh/chị?
  1) Hủy
> Nguyễn Thị Hòa
< (2/3) Số điện thoại để báo khi lớp đổi giờ?
  #1 Gửi số của tôi   #2 Bỏ qua   (gõ #1 để chọn)
> 0912345678
< Xưởng dùng nguồn năng lượng nào?
  1) Điện   2) Than
> Than
< Xưởng dùng nguồn năng lượng nào?
  1) Điện   2) [x] Than   3) Xong
> 3
< ✅ Anh/chị đã đăng ký. Mã: 7F3K-021
< Tài liệu của lớp:
  [hình: Đường đến hội trường B]
  file:///t%E1%BB%87p/so%20do.png
  📄 lop-7f3k.ics (1,3 MB) file:///t%E1%BB%87p/lop-7f3k.ics
  📄 cũ.pdf (chưa mở được tệp)
  Bản đồ: https://example.vn/ban-do?lop=7f3k
  1) Menu
> /quit
* Chào anh/chị. Mọi điều đã nói được giữ lại; lần sau mở ra
  là nói tiếp.
`)
		s.heard("say /start", "press 1.class.join (Đăng ký)", "say Nguyễn Thị Hòa", "say 0912345678",
			"press 3.energy.coal (Than)", "press 3.energy.~done (Xong)")
	})
}

func TestWhatIsTyped(t *testing.T) {
	cases := []struct {
		name  string
		typed []string
		heard string // the last thing the bot heard
	}{
		{"a number", []string{"2"}, "press 1.class.more (Xem nội dung lớp)"},
		{"a number with its sign", []string{"#3"}, "press /menu (Lớp khác)"},
		{"a number with its bracket", []string{"1)"}, "press 1.class.join (Đăng ký)"},
		{"a number that no choice has", []string{"4"}, "say 4"},
		{"zero", []string{"0"}, "say 0"},
		{"a label", []string{"Đăng ký"}, "press 1.class.join (Đăng ký)"},
		{"a label in capitals", []string{"ĐĂNG KÝ"}, "press 1.class.join (Đăng ký)"},
		{"a label without marks is for the bot", []string{"dang ky"}, "say dang ky"},
		{"a name that is nearly a label", []string{"1", "Huy"}, "say Huy"},
		{"a command", []string{"/menu"}, "say /menu"},
		{"a phone number is the answer", []string{"1", "Nguyễn Thị Hòa", "2"}, "say 2"},
		{"a choice beside a phone number", []string{"1", "Nguyễn Thị Hòa", "#2"}, "press 2.phone.~skip (Bỏ qua)"},
		{"the label of a choice beside it", []string{"1", "Nguyễn Thị Hòa", "Bỏ qua"}, "press 2.phone.~skip (Bỏ qua)"},
		{"a quantity that a label has in it", []string{"bao nhiêu", "10"}, "say 10"},
		{"one's own number", []string{"1", "Nguyễn Thị Hòa", "#1", "0912 345 678"}, "phone 0912 345 678"},
		{"not one's own number after all", []string{"1", "Nguyễn Thị Hòa", "#1", "", "#2"}, "press 2.phone.~skip (Bỏ qua)"},
		{"a command instead of one's own number", []string{"1", "Nguyễn Thị Hòa", "#1", "/huy"}, "say /huy"},
		{"choices of answered questions", []string{"1", "Đăng ký"}, "say Đăng ký"},
		{"nothing", []string{"", "   "}, "say /start"},
		{"blanks around", []string{"  1 "}, "press 1.class.join (Đăng ký)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sit(t, newCentre(t), terminal.Options{Interactive: true}).types(c.typed...)
				if got := s.bot.heard[len(s.bot.heard)-1]; got != c.heard {
					t.Errorf("the bot heard %q, want %q", got, c.heard)
				}
			})
		})
	}
}

func TestOwnNumberIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{Interactive: true}).types("1", "Nguyễn Thị Hòa")
		s.screen.Reset()
		s.types("#1", "", "#1", strings.Repeat("9", 70<<10), "0912 345 678")
		got := strings.ReplaceAll(s.screen.String(), strings.Repeat("9", 70<<10), "999…")
		s.screen.Reset()
		s.screen.WriteString(got)
		s.sees(`
#1
* Anh/chị gõ số điện thoại của mình, ví dụ 0912 345 678. Nhấn Enter để thôi.
> 
* Số điện thoại chưa được gửi. Anh/chị chọn lại hoặc gõ câu trả lời.
> #1
* Anh/chị gõ số điện thoại của mình, ví dụ 0912 345 678. Nhấn Enter để thôi.
> 999…
* Dòng vừa gõ dài quá 64 KiB nên chưa gửi được. Anh/chị chia thành vài dòng ngắn
  hơn giúp.
> 0912 345 678
< Xưởng dùng nguồn năng lượng nào?
  1) Điện   2) Than
> `)
	})
}

func TestWhatIsSaidMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{Interactive: true}).types("1", "Nguyễn Thị Hòa")
		s.screen.Reset()
		s.bot.push(offer)
		synctest.Wait()
		s.bot.add(channel.Entry{From: channel.FromStaff, Message: dialogs.Message{Text: "Anh/chị cần giúp gì thêm không?"}})
		synctest.Wait()
		// Entries of the person's own, from another terminal, are not news.
		s.bot.add(channel.Entry{From: channel.FromPerson, Message: dialogs.Message{Text: "có"}})
		synctest.Wait()
		s.types("#3")
		s.sees(`

< Lớp Tiết kiệm điện có chỗ.
  #3 Giữ chỗ   #4 Bỏ qua   (gõ #3 để chọn)
> 
< Cán bộ Trung tâm:
  Anh/chị cần giúp gì thêm không?
> #3
< Đã giữ chỗ.
> `)
		if got := s.bot.heard[len(s.bot.heard)-1]; got != "press /giucho (Giữ chỗ)" {
			t.Errorf("the bot heard %q", got)
		}
	})
}

// An offer stays open while other things are talked about, until it is taken.
func TestAnOfferStaysOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{})
		s.bot.push(offer)
		s.types("/menu", "Giữ chỗ", "Giữ chỗ")
		s.heard("say /start", "say /menu", "press /giucho (Giữ chỗ)", "say Giữ chỗ")
	})
}

func TestNoPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{}).types("/menu", "", "độc", "im lặng", "x\x1b[2Jy")
		s.keys.Close()
		s.left()
		s.sees(hello + `< Dạ chào anh/chị! Đây là lớp Sản xuất sạch hơn cho ngành gỗ
  📅 thứ Năm, 10/12/2026, 8:00–16:30
  📍 Hội trường B, phường Thủ Dầu Một, thành phố Hồ Chí Minh
  Còn 12 chỗ · miễn phí
  1) Đăng ký   2) Xem nội dung lớp   3) Lớp khác
> /menu
< Anh/chị cần gì?
  1) Đăng ký lớp   2) Tự đánh giá
>
> độc
< Tên: đỏ abc
> im lặng
> xy
< Em chưa hiểu “xy”.
` + goodbye)
	})
}

func TestComingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newCentre(t)
		sit(t, bot, terminal.Options{}).types("1", "Nguyễn Thị Hòa", "/quit")
		bot.push(offer)
		s := sit(t, bot, terminal.Options{Interactive: true}).types("#2")
		s.sees(hello + `* Câu chuyện lần trước đến đây:
> Nguyễn Thị Hòa
< (2/3) Số điện thoại để báo khi lớp đổi giờ?
  #1 Gửi số của tôi   #2 Bỏ qua   (gõ #1 để chọn)
< Lớp Tiết kiệm điện có chỗ.
  #3 Giữ chỗ   #4 Bỏ qua   (gõ #3 để chọn)
> #2
< Xưởng dùng nguồn năng lượng nào?
  1) Điện   2) Than
> `)
		if got := bot.heard[len(bot.heard)-1]; got != "press 2.phone.~skip (Bỏ qua)" {
			t.Errorf("the bot heard %q", got)
		}
	})
}

func TestComingBackHavingSaidNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newCentre(t)
		for _, text := range []string{"một", "hai", "ba", "bốn"} {
			bot.push(dialogs.Message{Text: text})
		}
		sit(t, bot, terminal.Options{Interactive: true}).sees(hello + "* Câu chuyện lần trước đến đây:\n< hai\n< ba\n< bốn\n> ")
	})
}

func TestTheTerminalFollowsTheLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{Interactive: true})
		s.screen.Reset()
		s.types("English please", "/quit")
		s.sees(`
English please
< Hello, what would you like to do?
  #1 Find a class   (type #1 to pick)
< How many people work there?
  #2 Skip   (type #2 to pick)
> /quit
* Goodbye. Everything said is kept; next time you go on from here.
`)
	})
}

func TestLeaving(t *testing.T) {
	ways := map[string]func(*seat){
		"/quit":                         func(s *seat) { s.types("/quit") },
		"/thoat":                        func(s *seat) { s.types("/thoat") },
		"with marks":                    func(s *seat) { s.types(" /Thoát ") },
		"the end of the input":          func(s *seat) { s.keys.Close() },
		"while nothing is typed":        func(s *seat) { s.leave() },
		"while one's number is awaited": func(s *seat) { s.types("1", "Nguyễn Thị Hòa", "#1", "/quit") },
		"while the bot is slow": func(s *seat) {
			s.bot.stuck = true
			s.types("1")
			s.leave()
		},
	}
	for name, leave := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sit(t, newCentre(t), terminal.Options{Interactive: true})
				leave(s)
				s.left()
				if !strings.HasSuffix(s.screen.String(), "\n"+goodbye) {
					t.Errorf("the screen ends %q", s.screen.String())
				}
			})
		})
	}
}

func TestTroubleIsToldAndTheTalkGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{})
		s.screen.Reset()
		s.bot.failing = errors.New("secret-token refused for 0912345678")
		s.types("1", "1", "1")
		s.bot.failing = nil
		s.types("1", "\xff", "\xfe", strings.Repeat("dài ", 20<<10), "Nguyễn Thị Hòa")
		s.sees(`
> 1
* Xin lỗi anh/chị, câu vừa rồi chưa gửi được do lỗi ở máy. Anh/chị gõ lại sau ít
  phút giúp.
> 1
* Vẫn chưa gửi được. Những gì đã nói trước đó còn nguyên; anh/chị có thể gõ
  /thoat và quay lại sau.
> 1
* Xin lỗi anh/chị, câu vừa rồi chưa gửi được do lỗi ở máy. Anh/chị gõ lại sau ít
  phút giúp.
> 1
< (1/3) Họ và tên của anh/chị?
  1) Hủy
>
* Em chưa đọc được dòng vừa gõ vì chữ không theo bảng mã UTF-8. Anh/chị đổi bảng
  mã của cửa sổ này rồi gõ lại giúp.
>
* Dòng này vẫn chưa theo UTF-8. Trên Windows, anh/chị gõ lệnh chcp 65001 trước
  khi mở lại; hoặc gõ không dấu cũng được.
>
* Dòng vừa gõ dài quá 64 KiB nên chưa gửi được. Anh/chị chia thành vài dòng ngắn
  hơn giúp.
> Nguyễn Thị Hòa
< (2/3) Số điện thoại để báo khi lớp đổi giờ?
  #1 Gửi số của tôi   #2 Bỏ qua   (gõ #1 để chọn)
`)
	})
}

func TestNewsThatCannotBeHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newCentre(t)
		bot.deaf = true
		s := sit(t, bot, terminal.Options{Interactive: true})
		s.screen.Reset()
		time.Sleep(time.Minute + time.Millisecond) // of the bubble's clock
		bot.push(dialogs.Message{Text: "Xin chào."})
		time.Sleep(time.Second)
		synctest.Wait()
		s.sees("\n\n< Xin chào.\n> ")
		if bot.asked < 30 || bot.asked > 70 {
			t.Errorf("news were asked for %d times in a minute", bot.asked)
		}
	})
}

var errBroken = errors.New("broken")

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestTalkThatCannotGoOn(t *testing.T) {
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
		{"the newcomer cannot be greeted", &centre{t: t, grew: make(chan struct{}), mute: errBroken}, strings.NewReader(""), io.Discard, "open conversation: broken"},
		{"the input breaks", newCentre(t), io.MultiReader(strings.NewReader("nửa câu"), brokenReader{errBroken}), io.Discard, "read from terminal: broken"},
		{"the output breaks", newCentre(t), strings.NewReader("1\n"), brokenWriter{}, "write to terminal: broken"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := terminal.Talk(t.Context(), c.bot, c.in, c.out, terminal.Options{})
			if !errors.Is(err, errBroken) || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
			for _, h := range c.bot.heard {
				if h == "say nửa câu" {
					t.Error("half a line was said")
				}
			}
		})
	}
}

func TestColours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sit(t, newCentre(t), terminal.Options{Interactive: true, Colour: true, Width: 50})
		s.sees("\x1b[36m* \x1b[39m\x1b[2mGõ câu trả lời rồi nhấn Enter; gõ số đứng trước\x1b[22m\n" +
			"\x1b[36m  \x1b[39m\x1b[2mmột lựa chọn để chọn. Gõ /thoat để ra.\x1b[22m\n" +
			"\x1b[36m│ \x1b[39mDạ chào anh/chị! Đây là lớp \x1b[1mSản xuất sạch hơn\x1b[22m\n" +
			"\x1b[36m│ \x1b[39m\x1b[1mcho ngành gỗ\x1b[22m\n" +
			"\x1b[36m│ \x1b[39m📅 thứ Năm, 10/12/2026, 8:00–16:30\n" +
			"\x1b[36m│ \x1b[39m📍 Hội trường B, phường Thủ Dầu Một, thành phố\n" +
			"\x1b[36m│ \x1b[39m   Hồ Chí Minh\n" +
			"\x1b[36m│ \x1b[39mCòn 12 chỗ · miễn phí\n" +
			"\x1b[36m│ 1)\x1b[39m Đăng ký   \x1b[36m2)\x1b[39m Xem nội dung lớp   \x1b[36m3)\x1b[39m Lớp khác\n" +
			"\x1b[36m> \x1b[39m")
	})
}

func TestCapabilities(t *testing.T) {
	caps := terminal.Capabilities()
	if !caps.Pull || caps.Buttons != 0 || !caps.Marked || !caps.Pictures || !caps.Files || caps.Text != 0 || caps.Window != 0 {
		t.Errorf("got %+v", caps)
	}
}
