package telegramtest_test

import (
	"context"
	"errors"
	"io"
	"log"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/bot/channel/telegram/telegramtest"
)

// TestTheLibrary talks to the server over a real connection with the library
// that the channel is built on, as it stands.
func TestTheLibrary(t *testing.T) {
	const token = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
	if err := tgbotapi.SetLogger(log.New(io.Discard, "", 0)); err != nil {
		t.Fatal(err)
	}
	srv := telegramtest.New(telegramtest.Options{Token: token})
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	base, err := srv.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	bot, err := tgbotapi.NewBotAPIWithAPIEndpoint(token, base+"/bot%s/%s")
	if err != nil {
		t.Fatal(err)
	}
	if bot.Self.UserName != "sachhon_bot" {
		t.Errorf("the bot is %+v", bot.Self)
	}
	ann := srv.NewPerson(1001, "Ann", "vi")
	ann.Start("class_7f3k")
	updates, err := bot.GetUpdates(tgbotapi.UpdateConfig{Timeout: 10, AllowedUpdates: []string{"message", "callback_query", "my_chat_member"}})
	if err != nil || len(updates) != 1 || updates[0].Message.CommandArguments() != "class_7f3k" || updates[0].SentFrom().LanguageCode != "vi" {
		t.Fatalf("updates %+v %v", updates, err)
	}
	m := tgbotapi.NewMessage(1001, "Lớp <b>gỗ</b>")
	m.ParseMode = tgbotapi.ModeHTML
	m.DisableWebPagePreview = true
	m.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("Đăng ký", "r:1")))
	sent, err := bot.Send(m)
	if err != nil || sent.Text != "Lớp gỗ" || len(sent.Entities) != 1 {
		t.Fatalf("sent %+v %v", sent, err)
	}
	if err := ann.Press("Đăng ký"); err != nil {
		t.Fatal(err)
	}
	updates, err = bot.GetUpdates(tgbotapi.UpdateConfig{Offset: updates[0].UpdateID + 1, Timeout: 10})
	if err != nil || len(updates) != 1 || updates[0].CallbackQuery.Data != "r:1" || updates[0].CallbackQuery.Message.MessageID != sent.MessageID {
		t.Fatalf("updates %+v %v", updates, err)
	}
	if _, err := bot.Request(tgbotapi.NewCallback(updates[0].CallbackQuery.ID, "")); err != nil {
		t.Error(err)
	}
	edit := tgbotapi.NewEditMessageText(1001, sent.MessageID, "Đã đăng ký")
	if edited, err := bot.Send(edit); err != nil || edited.EditDate == 0 {
		t.Errorf("edited %+v %v", edited, err)
	}
	if _, err := bot.Send(tgbotapi.NewDocument(1001, tgbotapi.FileBytes{Name: "lich.ics", Bytes: []byte("BEGIN")})); err != nil {
		t.Error(err)
	}
	if last, err := ann.WaitText(ctx, ""); err != nil || last.Media == nil || last.Media.Name != "lich.ics" {
		t.Errorf("last %+v %v", last, err)
	}
	ann.Block()
	_, err = bot.Send(tgbotapi.NewMessage(1001, "a"))
	var refused *tgbotapi.Error
	if !errors.As(err, &refused) || refused.Code != 403 || refused.Message != "Forbidden: bot was blocked by the user" {
		t.Errorf("blocked: %v", err)
	}
	srv.FailNext("getMe", telegramtest.Failure{Code: 429, RetryAfter: 1})
	if _, err = bot.GetMe(); !errors.As(err, &refused) || refused.RetryAfter != 1 {
		t.Errorf("429: %v", err)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("violations %q", v)
	}
	for _, c := range srv.Calls() {
		if strings.Contains(c.Description+c.Method, token) {
			t.Errorf("the token stands in the log: %+v", c)
		}
	}
}
