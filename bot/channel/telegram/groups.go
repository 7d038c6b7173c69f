package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/dialogs"
)

// inGroup looks at what is said in a group: nothing of it goes any further.
func (t *Telegram) inGroup(ctx context.Context, m *tgbotapi.Message) {
	switch {
	case m.MigrateToChatID != 0:
		t.groupMoved(ctx, m.Chat.ID, m.MigrateToChatID)
	case m.MigrateFromChatID != 0:
		t.groupMoved(ctx, m.MigrateFromChatID, m.Chat.ID)
	case (m.From == nil || !m.From.IsBot) && t.isAddressed(m):
		t.tellGroup(ctx, m.Chat.ID, langOf(m.From))
	}
}

// isAddressed says whether a message in a group is meant for the bot: a command
// that names it or nobody, or its name as a mention. A name that merely begins
// with the bot's is somebody else's.
func (t *Telegram) isAddressed(m *tgbotapi.Message) bool {
	name := t.Username()
	units := utf16.Encode([]rune(m.Text)) // offsets count these
	for _, e := range m.Entities {
		if e.Offset < 0 || e.Length < 0 || e.Offset > len(units) || e.Length > len(units)-e.Offset {
			continue
		}
		piece := string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
		switch {
		case e.Type == "bot_command" && e.Offset == 0:
			_, whom, named := strings.Cut(piece, "@")
			if !named || strings.EqualFold(whom, name) {
				return true
			}
		case e.Type == "mention" && name != "" && strings.EqualFold(piece, "@"+name):
			return true
		}
	}
	return false
}

// The measures of telling a group.
const groupTimeout = time.Minute

// tellGroup says once in a group where to write instead, beside all else. It
// ends with ctx, and by itself.
func (t *Telegram) tellGroup(ctx context.Context, chat int64, lang dialogs.Lang) {
	if _, busy := t.told.LoadOrStore(chat, true); busy {
		return
	}
	go func() {
		defer t.told.Delete(chat)
		ctx, cancel := context.WithTimeout(ctx, groupTimeout)
		defer cancel()
		if err := t.tell(ctx, chat, lang); err != nil {
			t.log.Debug("group not told where to write", "error", err)
		}
	}()
}

func (t *Telegram) tell(ctx context.Context, chat int64, lang dialogs.Lang) error {
	key := noteGroup + strconv.FormatInt(chat, 10)
	told, err := t.notes.Note(ctx, key)
	if err != nil || told != "" {
		return err
	}
	name := t.Username()
	if name == "" {
		if name, err = t.getMe(ctx); err != nil {
			return err
		}
	}
	params := textParams(chat, dialogs.Message{Text: t.words.Group.In(lang)})
	button := tgbotapi.NewInlineKeyboardButtonURL(t.words.GroupButton.In(lang), "https://t.me/"+name)
	if err := markupParam(params, tgbotapi.NewInlineKeyboardMarkup([]tgbotapi.InlineKeyboardButton{button})); err != nil {
		return err
	}
	// Noted before it is said: rather never than twice.
	if err := t.notes.PutNote(ctx, key, "told"); err != nil {
		return err
	}
	_, err = t.client.patient(ctx, "sendMessage", params)
	return err
}

// groupMoved keeps in mind that a group was told, under its new number.
func (t *Telegram) groupMoved(ctx context.Context, from, to int64) {
	old := noteGroup + strconv.FormatInt(from, 10)
	told, err := t.notes.Note(ctx, old)
	if err == nil && told != "" {
		if err = t.notes.PutNote(ctx, noteGroup+strconv.FormatInt(to, 10), told); err == nil {
			err = t.notes.PutNote(ctx, old, "")
		}
	}
	if err != nil {
		t.log.Warn("not noted that a group has a new number", "error", err)
	}
}
