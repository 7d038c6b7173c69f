package telegram

import (
	"context"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/dialogs"
)

// A person's own number is asked for with a keyboard in place of the letters:
// Telegram has no such button under a message. That keyboard stays until a
// later message removes it, so a note says that one may be open.

// maxPlaceholder is the longest text in an empty text field (Bot API,
// ReplyKeyboardMarkup.input_field_placeholder).
const maxPlaceholder = 64

// sharing returns the keyboard of a message that asks for a number: the other
// choices become words that are typed by pressing them. Links cannot stand
// there and are returned as lines for the text.
func (t *Telegram) sharing(m *dialogs.Message, lang dialogs.Lang) (tgbotapi.ReplyKeyboardMarkup, []string) {
	out := tgbotapi.ReplyKeyboardMarkup{ResizeKeyboard: true, OneTimeKeyboard: true}
	if m.Hint == dialogs.HintPhone || m.Hint == dialogs.HintNone {
		out.InputFieldPlaceholder = clip(t.words.Number.In(lang), maxPlaceholder)
	}
	var links []string
	for _, row := range m.Buttons {
		var list []tgbotapi.KeyboardButton
		for _, b := range row {
			switch {
			case b.URL != "":
				links = append(links, b.Label+": "+b.URL)
			case b.SharePhone:
				list = append(list, tgbotapi.NewKeyboardButtonContact(b.Label))
			default:
				list = append(list, tgbotapi.NewKeyboardButton(b.Label))
			}
		}
		if len(list) > 0 {
			out.Keyboard = append(out.Keyboard, list)
		}
	}
	return out, links
}

// keyboardOpen says whether a keyboard of ours may be open in a chat.
func (t *Telegram) keyboardOpen(ctx context.Context, chat int64) (bool, error) {
	v, err := t.notes.Note(ctx, ofChat(chat, noteKeyboard))
	if err != nil {
		return false, unnoted("read whether a keyboard is open", err)
	}
	return v != "", nil
}

// opening notes that a keyboard is about to be shown: before it is, since one
// that is noted and not there does no harm.
func (t *Telegram) opening(ctx context.Context, chat int64) error {
	if err := t.notes.PutNote(ctx, ofChat(chat, noteKeyboard), "open"); err != nil {
		return unnoted("note that a keyboard is open", err)
	}
	return nil
}

// closed notes that the keyboard is gone. Failing that it is removed twice.
func (t *Telegram) closed(ctx context.Context, chat int64) {
	if err := t.notes.PutNote(ctx, ofChat(chat, noteKeyboard), ""); err != nil {
		t.log.Warn("not noted that a keyboard is gone", "error", err)
	}
}

// putAway removes the keyboard with a short message of its own.
func (t *Telegram) putAway(ctx context.Context, chat int64, lang dialogs.Lang) error {
	params := textParams(chat, dialogs.Message{Text: t.words.Away.In(lang)})
	if err := markupParam(params, tgbotapi.NewRemoveKeyboard(false)); err != nil {
		return err
	}
	if _, err := t.client.call(ctx, "sendMessage", params); err != nil {
		return err
	}
	t.closed(ctx, chat)
	return nil
}

// unnoted is a failure of the notes: nothing was sent, and it may pass.
func unnoted(what string, err error) error {
	return &fileError{fmt.Errorf("%s: %w", what, err)}
}
