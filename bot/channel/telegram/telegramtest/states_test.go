package telegramtest

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"testing/synctest"
	"time"
)

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestStatesOfChats(t *testing.T) {
	s, b := newServer(t, Options{FirstUpdateID: 10})
	ann := s.NewPerson(7, "Ann", "vi")
	send := func(want string) got {
		t.Helper()
		return b.refused(want, "sendMessage", "chat_id", 7, "text", "a")
	}
	b.refused("Bad Request: chat not found", "sendMessage", "chat_id", 99, "text", "a")
	b.refused("Bad Request: chat not found", "sendMessage", "chat_id", "@nobody", "text", "a")
	if g := send("Forbidden: bot can't initiate conversation with a user"); g.Status != 403 {
		t.Errorf("status %d", g.Status)
	}
	b.refused("Forbidden: the bot can't send messages to the bot", "sendMessage", "chat_id", 4839574812, "text", "a")
	ann.Start("")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a")
	well(t, s)
	ann.Block()
	send("Forbidden: bot was blocked by the user")
	well(t, s)
	send("Forbidden: bot was blocked by the user")
	blamed(t, s, "chat 7 was tried again")
	b.refused("Forbidden: bot was blocked by the user", "sendChatAction", "chat_id", 7, "action", "typing")
	blamed(t, s, "chat 7 was tried again")
	ann.Unblock()
	must[message](b, "sendMessage", "chat_id", 7, "text", "a")
	ann.Block()
	send("Forbidden: bot was blocked by the user")
	ann.Say("tôi đây")
	must[message](b, "sendMessage", "chat_id", 7, "text", "a")
	var standings []string
	for _, u := range b.updates() {
		if u.Standing != nil {
			standings = append(standings, u.Standing.Old.Status+">"+u.Standing.New.Status)
		}
	}
	same(t, "standings", standings, []string{"member>kicked", "kicked>member", "member>kicked", "kicked>member"})
	if c := must[Chat](b, "getChat", "chat_id", 7); c.FirstName != "Ann" || c.Type != "private" {
		t.Errorf("chat %+v", c)
	}
	ann.Deactivate()
	send("Forbidden: user is deactivated")
	well(t, s)
}

func TestGroups(t *testing.T) {
	s, b := newServer(t, Options{FirstUpdateID: 10})
	ann := s.NewPerson(7, "Ann", "vi")
	g := s.NewGroup(-42, "Tổ sấy")
	b.refused("Forbidden: bot is not a member of the group chat", "sendMessage", "chat_id", -42, "text", "a")
	g.AddBot(ann)
	sent := must[message](b, "sendMessage", "chat_id", -42, "text", "Chào cả nhà", "reply_markup", buttons("Xem", "x"))
	if g.Say(ann, "chuyện riêng") != 0 {
		t.Error("the bot hears what is not meant for it")
	}
	for _, text := range []string{"/menu", "/menu@sachhon_bot", "hỏi @Sachhon_Bot"} {
		if g.Say(ann, text) == 0 {
			t.Errorf("the bot does not hear %q", text)
		}
	}
	if g.Say(ann, "/menu@other_bot") != 0 {
		t.Error("the bot hears another's command")
	}
	if g.Reply(ann, sent.ID, "cảm ơn") == 0 {
		t.Error("the bot does not hear answers to it")
	}
	if err := g.Press(ann, "Xem"); err != nil {
		t.Fatal(err)
	}
	b.refused("Bad Request: phone number can be requested in private chats only", "sendMessage", "chat_id", -42, "text", "a", "reply_markup", map[string]any{"keyboard": [][]any{{map[string]any{"text": "Gửi số", "request_contact": true}}}})
	all := b.updates()
	first := all[0].Standing
	if first == nil || first.New.Status != "member" || first.Chat.ID != -42 || first.From.ID != 7 {
		t.Errorf("first %+v", all[0])
	}
	last := all[len(all)-1].Callback
	must[bool](b, "answerCallbackQuery", "callback_query_id", last.ID)
	big := g.Migrate(-1001234567890, ann)
	moved := b.refused("Bad Request: group chat was upgraded to a supergroup chat", "sendMessage", "chat_id", -42, "text", "a")
	if moved.Parameters.MigrateTo != big.ID() {
		t.Errorf("moved to %d", moved.Parameters.MigrateTo)
	}
	well(t, s)
	b.refused("Bad Request: group chat was upgraded to a supergroup chat", "sendMessage", "chat_id", -42, "text", "a")
	blamed(t, s, "chat -42 was tried again")
	must[message](b, "sendMessage", "chat_id", big.ID(), "text", "a")
	if seen := big.Seen(); len(seen) != 1 {
		t.Errorf("seen %+v", seen)
	}
	big.Kick(ann)
	b.refused("Forbidden: bot was kicked from the supergroup chat", "sendMessage", "chat_id", big.ID(), "text", "a")
	big.AddBot(ann)
	must[bool](b, "leaveChat", "chat_id", big.ID())
	b.refused("Forbidden: bot is not a member of the supergroup chat", "leaveChat", "chat_id", big.ID())
	big.Delete()
	b.refused("Forbidden: the group chat was deleted", "sendMessage", "chat_id", big.ID(), "text", "a")
	well(t, s)
}

func TestCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{FirstUpdateID: 10})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		m := must[message](b, "sendMessage", "chat_id", 7, "text", "a", "reply_markup", buttons("Xem", "x"))
		if err := ann.Press("Không có"); err == nil {
			t.Error("a button that is not there was pressed")
		}
		if err := ann.Press("x"); err != nil {
			t.Errorf("by its data: %v", err)
		}
		ann.PressOn(m.ID, "giả")
		ann.PressOn(99, "x")
		all := b.updates()
		if len(all) != 4 || all[2].Callback.Data != "giả" {
			t.Fatalf("updates %+v", all)
		}
		if missing, ok := all[3].Callback.Message.(map[string]any); !ok || missing["date"] != 0.0 || missing["text"] != nil {
			t.Errorf("a message that is gone: %+v", all[3].Callback.Message)
		}
		must[bool](b, "answerCallbackQuery", "callback_query_id", all[1].Callback.ID)
		must[message](b, "sendMessage", "chat_id", 7, "text", "b")
		blamed(t, s, "sendMessage to chat 7 before", "sendMessage to chat 7 before")
		must[message](b, "sendMessage", "chat_id", 7, "text", "c") // each is held against it once
		b.refused("Bad Request: "+tooOld, "answerCallbackQuery", "callback_query_id", all[1].Callback.ID)
		b.refused("Bad Request: "+tooOld, "answerCallbackQuery", "callback_query_id", "nonsense")
		time.Sleep(31 * time.Second)
		b.refused("Bad Request: "+tooOld, "answerCallbackQuery", "callback_query_id", all[2].Callback.ID)
		well(t, s)
		ann.PressOn(m.ID, "x")
		must[message](b, "sendMessage", "chat_id", 7, "text", "d") // the bot has not heard of it yet
		well(t, s)
	})
}

func TestActions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		must[bool](b, "sendChatAction", "chat_id", 7, "action", "typing")
		time.Sleep(4 * time.Second)
		if ann.Doing() != "typing" {
			t.Errorf("doing %q", ann.Doing())
		}
		must[message](b, "sendMessage", "chat_id", 7, "text", "a")
		if ann.Doing() != "" || len(ann.Actions()) != 1 {
			t.Errorf("doing %q, %+v", ann.Doing(), ann.Actions())
		}
		b.refused("Bad Request: wrong parameter action in request", "sendChatAction", "chat_id", 7, "action", "thinking")
		blamed(t, s, `unknown action "thinking"`)
	})
}

func TestOldMessagesStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		s.NewPerson(7, "Ann", "").Start("")
		m := must[message](b, "sendMessage", "chat_id", 7, "text", "a")
		time.Sleep(48 * time.Hour)
		b.refused("Bad Request: message can't be deleted", "deleteMessage", "chat_id", 7, "message_id", m.ID)
	})
}
