package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// The kinds of updates that are asked for. Always named, since Telegram keeps
// what was named last.
const (
	kindMessage = "message"
	kindPress   = "callback_query"
	kindMember  = "my_chat_member"
)

var allowedUpdates = []string{kindMessage, kindPress, kindMember}

// update is one update. Of a kind that was not asked for, or that cannot be
// read, only the kind is known.
type update struct {
	id      int64
	kind    string
	message *tgbotapi.Message
	fields  map[string]json.RawMessage // of the message
	press   *tgbotapi.CallbackQuery
	member  *tgbotapi.ChatMemberUpdated
}

var errNoUpdate = errors.New("not an update of Telegram")

// readUpdate reads one update. It fails only where there is no update at all:
// what cannot be understood must still be acknowledged, or it comes for ever.
func readUpdate(raw []byte) (update, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return update{}, fmt.Errorf("read update: %w", err)
	}
	var u update
	if id, ok := fields["update_id"]; !ok || json.Unmarshal(id, &u.id) != nil {
		return update{}, fmt.Errorf("read update: %w", errNoUpdate)
	}
	delete(fields, "update_id")
	u.kind = kindOf(fields)
	switch body := fields[u.kind]; u.kind {
	case kindMessage:
		u.message = lenient[tgbotapi.Message](body)
		_ = json.Unmarshal(body, &u.fields) // an object, or there is no message
	case kindPress:
		u.press = lenient[tgbotapi.CallbackQuery](body)
	case kindMember:
		u.member = lenient[tgbotapi.ChatMemberUpdated](body)
	}
	return u, nil
}

// kindOf names the kind: an update has one field besides its id.
func kindOf(fields map[string]json.RawMessage) string {
	for _, kind := range allowedUpdates {
		if _, ok := fields[kind]; ok {
			return kind
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(fields)) {
		return kind
	}
	return "empty"
}

// lenient reads what it can of a value: a field whose type changed since the
// library was written is left out. nil: it is nothing like it.
func lenient[T any](raw []byte) *T {
	v := new(T)
	var field *json.UnmarshalTypeError
	err := json.Unmarshal(raw, v)
	if err != nil && (!errors.As(err, &field) || field.Field == "") {
		return nil
	}
	return v
}

// services are the messages Telegram writes by itself into a private chat:
// nobody said anything. Everything else that is not understood is something a
// person sent (Bot API 10.1, Message).
var services = []string{
	"boost_added", "chat_background_set", "chat_owner_changed", "chat_owner_left", "chat_shared", "checklist_tasks_added",
	"checklist_tasks_done", "connected_website", "delete_chat_photo", "direct_message_price_changed", "gift", "gift_upgrade_sent",
	"giveaway_completed", "giveaway_created", "managed_bot_created", "message_auto_delete_timer_changed", "new_chat_photo",
	"new_chat_title", "paid_message_price_changed", "passport_data", "pinned_message", "poll_option_added", "poll_option_deleted",
	"proximity_alert_triggered", "refunded_payment", "successful_payment", "unique_gift", "users_shared", "video_chat_ended",
	"video_chat_participants_invited", "video_chat_scheduled", "video_chat_started", "web_app_data", "write_access_allowed",
}

// isService says that a message was written by Telegram itself.
func (u *update) isService() bool {
	return slices.ContainsFunc(services, func(name string) bool { return u.fields[name] != nil })
}
