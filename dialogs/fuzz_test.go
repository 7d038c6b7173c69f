package dialogs_test

import (
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
)

// FuzzConversation plays any lines through the engine: every turn ends in a
// message and in a session that can be written and read back.
func FuzzConversation(f *testing.F) {
	for _, s := range []string{
		"vào việc\nĐồng ý, tiếp tục\nNguyễn Thị Hòa\nChọn public\n0912345678\nXác nhận",
		"vào việc\n!1.consent.yes\n!1.name.~back\n/huy\n/menu", "/start check_x-src_P1\n\x00\n!..\n!1.consent.no",
		"vào việc\nĐồng ý, tiếp tục\nHuy\n~\nđúng\n+5000\nchào\n/language en\n?0912345678",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		p := newPlayer(t, newEngine(t, registration()))
		p.act = seated
		for i, line := range strings.Split(script, "\n") {
			if i > 40 {
				break
			}
			switch {
			case strings.HasPrefix(line, "!"):
				p.press(line[1:])
			case strings.HasPrefix(line, "?"):
				p.turn(dialogs.Input{Kind: dialogs.InputPhone, Text: line[1:]})
			case strings.HasPrefix(line, "+"):
				p.now = p.now.Add(time.Duration(len(line)) * 7 * time.Hour)
				continue
			default:
				p.say(line)
			}
			if p.text() == "" {
				t.Fatalf("no message after %q", line)
			}
		}
	})
}

// FuzzDecoders reads any bytes as a session and as a contact: what can be read
// is written back and read the same.
func FuzzDecoders(f *testing.F) {
	p := newPlayer(f, newEngine(f, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "nguyen thi hoa", "/menu")
	f.Add(p.session)
	f.Add(p.contact)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s dialogs.Session
		if s.UnmarshalBinary(raw) == nil {
			out, err := s.AppendBinary(nil)
			var again dialogs.Session
			if err != nil || again.UnmarshalBinary(out) != nil {
				t.Fatal("a session that was read cannot be written and read again")
			}
		}
		var c dialogs.Contact
		if c.UnmarshalBinary(raw) == nil {
			out, err := c.AppendBinary(nil)
			var again dialogs.Contact
			if err != nil || again.UnmarshalBinary(out) != nil {
				t.Fatal("a contact that was read cannot be written and read again")
			}
		}
	})
}
