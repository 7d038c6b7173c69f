package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/dialogs"
)

// What a button hands back is at most 64 bytes (Bot API,
// InlineKeyboardButton.callback_data): a signature of sealSize characters and
// the button's id, or, where that does not fit, digestSign and a digest of it.
const (
	maxButtonData = 64
	sealSize      = 8
	digestSign    = "#"
)

// buttonGone is the ID of a press that cannot be read any more. The engine
// answers it as it answers every button of an earlier conversation.
const buttonGone = "0.old.gone"

// seal signs what buttons hand back: a client can send any data it likes.
type seal struct{ key []byte }

func newSeal(token string) *seal { return &seal{key: derive(token, "buttons")} }

// derive makes a key of the token for one purpose, so that nothing further has
// to be set or kept.
func derive(token, purpose string) []byte {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("sachhon " + purpose)) // a hash takes everything
	return mac.Sum(nil)
}

// of returns the signature of what a button of a chat hands back.
func (s *seal) of(chat int64, what string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(strconv.FormatInt(chat, 10) + ":" + what))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:sealSize]
}

// open returns what was signed for a chat, if it was.
func (s *seal) open(chat int64, data string) (string, bool) {
	if len(data) < sealSize {
		return "", false
	}
	sign, what := data[:sealSize], data[sealSize:]
	return what, hmac.Equal([]byte(sign), []byte(s.of(chat, what)))
}

// buttonData returns what a button hands back.
func (t *Telegram) buttonData(ctx context.Context, chat int64, id string) (string, error) {
	what := id
	if sealSize+len(id) > maxButtonData || strings.HasPrefix(id, digestSign) {
		sum := sha256.Sum256([]byte(id))
		digest := base64.RawURLEncoding.EncodeToString(sum[:12])
		if err := t.noteOnce(ctx, ofChat(chat, noteButton+digest), id); err != nil {
			return "", unnoted("note a button", err)
		}
		what = digestSign + digest
	}
	return t.seal.of(chat, what) + what, nil
}

// noteOnce writes a note that is mostly there already: reading costs no commit.
func (t *Telegram) noteOnce(ctx context.Context, key, value string) error {
	if is, err := t.notes.Note(ctx, key); err != nil || is == value {
		return err
	}
	return t.notes.PutNote(ctx, key, value)
}

// buttonID returns the ID of the button that handed data back, or [buttonGone]
// when it is none of ours or not known any more.
func (t *Telegram) buttonID(ctx context.Context, chat int64, data string) (string, error) {
	what, ok := t.seal.open(chat, data)
	if !ok {
		t.log.Debug("pressed button is not signed by this bot")
		return buttonGone, nil
	}
	digest, long := strings.CutPrefix(what, digestSign)
	if !long {
		return what, nil
	}
	id, err := t.notes.Note(ctx, ofChat(chat, noteButton+digest))
	if err != nil {
		return "", fmt.Errorf("read the note of a button: %w", err)
	}
	if id == "" {
		t.log.Debug("pressed button is not known any more")
		return buttonGone, nil
	}
	return id, nil
}

// on stands before the label of a choice that is switched on.
const on = "✓ "

// inline returns the buttons of a message under it.
func (t *Telegram) inline(ctx context.Context, chat int64, rows [][]dialogs.Button) (*tgbotapi.InlineKeyboardMarkup, error) {
	var out tgbotapi.InlineKeyboardMarkup
	for _, row := range rows {
		var list []tgbotapi.InlineKeyboardButton
		for _, b := range row {
			if b.URL != "" {
				list = append(list, tgbotapi.NewInlineKeyboardButtonURL(b.Label, b.URL))
				continue
			}
			data, err := t.buttonData(ctx, chat, b.ID)
			if err != nil {
				return nil, err
			}
			list = append(list, tgbotapi.NewInlineKeyboardButtonData(shown(b), data))
		}
		if len(list) > 0 {
			out.InlineKeyboard = append(out.InlineKeyboard, list)
		}
	}
	if out.InlineKeyboard == nil {
		return nil, nil
	}
	return &out, nil
}

func shown(b dialogs.Button) string {
	if b.On {
		return on + b.Label
	}
	return b.Label
}

// pressedLabel is what the person saw on the button that hands data back.
func pressedLabel(m *tgbotapi.Message, data string) string {
	if m == nil || m.ReplyMarkup == nil {
		return ""
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, b := range row {
			if b.CallbackData != nil && *b.CallbackData == data {
				return strings.TrimPrefix(b.Text, on)
			}
		}
	}
	return ""
}
