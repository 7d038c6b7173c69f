package telegramtest

import (
	"fmt"
	"strings"
	"testing"
)

func TestLimitsOfTexts(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "")
	ann.Start("")
	must[message](b, "sendMessage", "chat_id", 7, "text", "<b>"+strings.Repeat("ắ", 4096)+"</b>", "parse_mode", "HTML")
	well(t, s)
	b.refused("Bad Request: message is too long", "sendMessage", "chat_id", 7, "text", strings.Repeat("ắ", 4097))
	blamed(t, s, "a text of 4097 characters")
	b.refused("Bad Request: text is too long", "sendMessage", "chat_id", 7, "text", strings.Repeat("a", 32769))
	blamed(t, s, "more than 32768 bytes")
	for _, text := range []string{" \n ", "<b> </b>"} {
		b.refused("Bad Request: text must be non-empty", "sendMessage", "chat_id", 7, "text", text, "parse_mode", "HTML")
		blamed(t, s, "white space alone")
	}
	b.refused(`Bad Request: can't parse entities: Unsupported start tag "br" at byte offset 1`, "sendMessage", "chat_id", 7, "text", "a<br>b", "parse_mode", "HTML")
	blamed(t, s, "markup that cannot be parsed")
	must[message](b, "sendMessage", "chat_id", 7, "text", "Bàn & ghế", "parse_mode", "HTML")
	blamed(t, s, "an unescaped &")
	b.refused("Bad Request: unsupported parse_mode", "sendMessage", "chat_id", 7, "text", "a", "parse_mode", "BBCode")
	blamed(t, s, "unsupported parse_mode")
	b.refused("Bad Request: message to be replied not found", "sendMessage", "chat_id", 7, "text", "a", "reply_parameters", map[string]int{"message_id": 99})
	b.refused("Bad Request: message thread not found", "sendMessage", "chat_id", 7, "text", "a", "message_thread_id", 5)
	m := must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_parameters", map[string]int{"message_id": 1})
	if m.ReplyTo == nil || m.ReplyTo.ID != 1 {
		t.Errorf("answered %+v", m.ReplyTo)
	}
	well(t, s)
}

func TestButtons(t *testing.T) {
	s, b := newServer(t, Options{})
	s.NewPerson(7, "Ann", "").Start("")
	inline := func(rows ...[]map[string]any) map[string]any { return map[string]any{"inline_keyboard": rows} }
	one := func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		return m
	}
	row := func(n int) []map[string]any {
		var out []map[string]any
		for range n {
			out = append(out, one("text", "a", "callback_data", "b"))
		}
		return out
	}
	must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", inline(row(8), []map[string]any{one("text", "a", "callback_data", strings.Repeat("d", 64))},
		[]map[string]any{one("text", "Trang web", "url", "https://sxsh.vn"), one("text", "Chép", "copy_text", one("text", "7F3K"))}))
	well(t, s)
	for _, c := range []struct {
		markup            any
		want, blamedAbout string
	}{
		{inline([]map[string]any{one("text", "a", "callback_data", strings.Repeat("ắ", 22))}), "BUTTON_DATA_INVALID", "callback_data of 66 bytes"},
		{inline([]map[string]any{one("text", "a")}), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", ""},
		{inline([]map[string]any{one("text", "a", "callback_data", "")}), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", ""},
		{inline([]map[string]any{one("callback_data", "x")}), `can't parse inline keyboard button: Can't find field "text"`, ""},
		{inline([]map[string]any{one("text", 5, "callback_data", "x")}), `can't parse inline keyboard button: Field "text" must be of type String`, ""},
		{inline([]map[string]any{one("text", "a", "url", "ftp://x.vn")}), "inline keyboard button URL 'ftp://x.vn' is invalid: Unsupported URL protocol", "bad URL"},
		{inline([]map[string]any{one("text", "a", "url", "http://nowhere")}), "inline keyboard button URL 'http://nowhere' is invalid: Wrong HTTP URL", "bad URL"},
		{inline(row(9)), "reply markup is too long", "9 buttons in a row"},
		{map[string]any{"inline_keyboard": "x"}, `field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`, ""},
		{"{", "can't parse reply keyboard markup JSON object", "not of type"},
		{"[]", "object expected as reply markup", "not of type"},
		{map[string]any{"keyboard": []any{[]any{one("request_contact", true)}}}, `can't parse keyboard button: Can't find field "text"`, ""},
	} {
		b.refused("Bad Request: "+c.want, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", c.markup)
		if c.blamedAbout == "" {
			well(t, s)
			continue
		}
		blamed(t, s, c.blamedAbout)
	}
	many := make([][]map[string]any, 13)
	for i := range many {
		many[i] = row(8)
	}
	b.refused("Bad Request: reply markup is too long", "sendMessage", "chat_id", 7, "text", "a", "reply_markup", inline(many...))
	blamed(t, s, "104 buttons")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", inline([]map[string]any{one("text", "", "callback_data", "x")}))
	blamed(t, s, "a button without a text was dropped")
}

func TestEdits(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "")
	ann.Start("")
	m := must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", buttons("Xem", "x"))
	b.refused("Bad Request: "+notModified, "editMessageText", "chat_id", 7, "message_id", m.ID, "text", "a ", "reply_markup", buttons("Xem", "x"))
	b.refused("Bad Request: "+notModified, "editMessageReplyMarkup", "chat_id", 7, "message_id", m.ID, "reply_markup", buttons("Xem", "x"))
	must[message](b, "editMessageReplyMarkup", "chat_id", 7, "message_id", m.ID)
	if seen := ann.Seen(); len(seen[0].Buttons) != 0 || seen[0].Text != "a" {
		t.Errorf("seen %+v", seen)
	}
	b.refused("Bad Request: message to edit not found", "editMessageText", "chat_id", 7, "message_id", 99, "text", "b")
	b.refused("Bad Request: message can't be edited", "editMessageText", "chat_id", 7, "message_id", 1, "text", "b")
	b.refused("Bad Request: message identifier is not specified", "editMessageText", "text", "b")
	b.refused("Bad Request: there is no caption in the message to edit", "editMessageCaption", "chat_id", 7, "message_id", m.ID, "caption", "b")
	well(t, s)
	keys := must[message](b, "sendMessage", "chat_id", 7, "text", "k", "reply_markup", map[string]any{"keyboard": [][]any{{"Đăng ký", map[string]any{"text": "Gửi số", "request_contact": true}}}})
	b.refused("Bad Request: message can't be edited", "editMessageText", "chat_id", 7, "message_id", keys.ID, "text", "b")
	if keyboard := ann.Keyboard(); len(keyboard) != 1 || keyboard[0][1] != (ReplyButton{Text: "Gửi số", RequestContact: true}) {
		t.Errorf("keyboard %+v", keyboard)
	}
	if err := ann.Press("Gửi số"); err != nil {
		t.Fatal(err)
	}
	all := b.updates()
	if contact := all[len(all)-1].Message.Contact; contact == nil || contact.UserID != 7 || contact.Phone == "" {
		t.Errorf("contact %+v", contact)
	}
	b.refused("Bad Request: inline keyboard expected", "editMessageReplyMarkup", "chat_id", 7, "message_id", m.ID, "reply_markup", map[string]any{"remove_keyboard": true})
	blamed(t, s, "buttons under it alone")
	must[message](b, "sendMessage", "chat_id", 7, "text", "k", "reply_markup", map[string]any{"remove_keyboard": true})
	if len(ann.Keyboard()) != 0 {
		t.Error("the keyboard is still there")
	}
	must[bool](b, "deleteMessage", "chat_id", 7, "message_id", m.ID)
	b.refused("Bad Request: message to delete not found", "deleteMessage", "chat_id", 7, "message_id", m.ID)
	well(t, s)
}
