package telegramtest

import (
	"strings"
	"testing"
)

func TestProfile(t *testing.T) {
	s, b := newServer(t, Options{})
	list := []Command{{"menu", "Xem menu"}, {"/dangky ", " Đăng ký lớp"}}
	must[bool](b, "setMyCommands", "commands", list, "scope", map[string]string{"type": "all_private_chats"}, "language_code", "vi")
	must[bool](b, "setMyCommands", "commands", list[:1])
	if have := s.Commands("all_private_chats", "vi"); len(have) != 2 || have[1] != (Command{"dangky", "Đăng ký lớp"}) {
		t.Errorf("commands %+v", have)
	}
	if have := must[[]Command](b, "getMyCommands"); len(have) != 1 {
		t.Errorf("commands for all %+v", have)
	}
	must[bool](b, "deleteMyCommands")
	if have := must[[]Command](b, "getMyCommands"); have == nil || len(have) != 0 {
		t.Errorf("deleted commands %+v", have)
	}
	must[bool](b, "setMyName", "name", "Sạch hơn", "language_code", "vi")
	must[bool](b, "setMyDescription", "description", "Trợ lý")
	must[bool](b, "setMyShortDescription", "short_description", "Ngắn")
	must[bool](b, "setChatMenuButton", "menu_button", map[string]string{"type": "commands"})
	for method, want := range map[string]string{"getMyName": "Sạch hơn", "getMyDescription": "Trợ lý", "getMyShortDescription": "Ngắn"} {
		for _, have := range must[map[string]string](b, method, "language_code", "vi") {
			if have != want {
				t.Errorf("%s: %q", method, have)
			}
		}
	}
	well(t, s)
	for _, c := range []struct {
		command Command
		want    string
	}{
		{Command{strings.Repeat("a", 33), "x"}, "command length must not exceed 32"},
		{Command{"", "x"}, "command must be non-empty"},
		{Command{"đăngký", "x"}, "BOT_COMMAND_INVALID"},
		{Command{"a", " "}, "command description must be non-empty"},
		{Command{"a", strings.Repeat("ắ", 257)}, "command description length must not exceed 256"},
	} {
		b.refused("Bad Request: "+c.want, "setMyCommands", "commands", []Command{c.command})
		blamed(t, s, c.want)
	}
	b.refused("Bad Request: BOT_SHORT_DESCRIPTION_TOO_LONG", "setMyShortDescription", "short_description", strings.Repeat("ắ", 121))
	blamed(t, s, "121 characters")
	b.refused("Bad Request: invalid language code specified", "setMyCommands", "commands", list, "language_code", "tiếng Việt")
	blamed(t, s, "language code")
}
