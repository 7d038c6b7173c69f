package telegramtest

import (
	"testing"
	"testing/synctest"
	"time"
)

// buttons is a keyboard of one row with one button.
func buttons(label, data string) map[string]any {
	return map[string]any{"inline_keyboard": [][]map[string]any{{{"text": label, "callback_data": data}}}}
}

func TestATalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 500})
		ann := s.NewPerson(1001, "Ann", "vi")
		if me := must[User](b, "getMe"); me.Username != "sachhon_bot" || !me.IsBot || me.ID != 4839574812 {
			t.Errorf("getMe: %+v", me)
		}
		ann.Start("class_7f3k")
		all := b.updates("timeout", 30)
		if len(all) != 1 || all[0].ID != 500 || all[0].Message.Text != "/start class_7f3k" || all[0].Message.Entities[0] != (Entity{Type: "bot_command", Length: 6}) {
			t.Fatalf("updates: %+v", all)
		}
		sent := must[message](b, "sendMessage", "chat_id", 1001, "text", "Dạ chào <b>anh/chị</b>!", "parse_mode", "HTML", "reply_markup", buttons("Đăng ký", "r:1"))
		if sent.ID != 2 || sent.Text != "Dạ chào anh/chị!" || sent.Markup == nil {
			t.Errorf("sent: %+v", sent)
		}
		if err := ann.Press("Đăng ký"); err != nil {
			t.Fatal(err)
		}
		all = b.updates("offset", 501, "timeout", 30)
		if len(all) != 1 || all[0].Callback.Data != "r:1" {
			t.Fatalf("updates: %+v", all)
		}
		must[bool](b, "answerCallbackQuery", "callback_query_id", all[0].Callback.ID, "text", "Đã ghi")
		b.refused("Bad Request: "+tooOld, "answerCallbackQuery", "callback_query_id", all[0].Callback.ID)
		must[message](b, "editMessageText", "chat_id", 1001, "message_id", sent.ID, "text", "Đã đăng ký")
		b.refused("Bad Request: "+notModified, "editMessageText", "chat_id", 1001, "message_id", sent.ID, "text", "Đã đăng ký")
		seen := ann.Seen()
		if len(seen) != 1 || seen[0].Text != "Đã đăng ký" || !seen[0].Edited || len(seen[0].Buttons) != 0 {
			t.Errorf("seen: %+v", seen)
		}
		if toasts := ann.Toasts(); len(toasts) != 1 || toasts[0].Text != "Đã ghi" {
			t.Errorf("toasts: %+v", toasts)
		}
		well(t, s)
	})
}

func TestLongPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		ann := s.NewPerson(1001, "Ann", "vi")
		began := time.Now()
		go func() {
			time.Sleep(7 * time.Second)
			ann.Say("xin chào")
		}()
		if all := b.updates("timeout", 300); len(all) != 1 {
			t.Errorf("updates: %+v", all)
		}
		if took := time.Since(began); took < 7*time.Second || took > 7*time.Second+10*time.Millisecond {
			t.Errorf("the update took %s", took)
		}
		began = time.Now()
		if all := b.updates("offset", -1, "timeout", 300); len(all) != 1 {
			t.Errorf("the last update: %+v", all)
		}
		last := b.updates()[0].ID
		if all := b.updates("offset", last+1, "timeout", 300); len(all) != 0 {
			t.Errorf("updates: %+v", all)
		}
		if took := time.Since(began); took != 50*time.Second {
			t.Errorf("a poll of 300 s took %s", took)
		}
		well(t, s)
	})
}
