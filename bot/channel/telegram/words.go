package telegram

import "sachhon/dialogs"

// Words are the texts the adapter says by itself, since only it knows the
// moment for them.
type Words struct {
	// Group is said once in a group the bot was added to or called in, and
	// GroupButton stands on the button below it that opens the private chat.
	Group, GroupButton dialogs.Text
	// Away accompanies the putting away of the keyboard that asked for a phone
	// number, where the next message cannot do it: Telegram lets a message
	// either remove a keyboard or carry buttons.
	Away dialogs.Text
	// Number stands in the empty text field beside that keyboard, at most 64
	// characters.
	Number dialogs.Text
}

func (w Words) withDefaults() Words {
	say := func(t *dialogs.Text, vi, en string) {
		if t.Empty() {
			*t = dialogs.Text{VI: vi, EN: en}
		}
	}
	say(&w.Group, "Em chào cả nhóm. Trung tâm trả lời riêng từng người, để thông tin của doanh nghiệp không lộ ra nhóm.\nMời anh/chị nhắn riêng cho Trung tâm.",
		"Hello everyone. The Centre answers in private, so that nobody’s details are shown to the group.\nPlease write to the Centre directly.")
	say(&w.GroupButton, "Nhắn riêng", "Write in private")
	say(&w.Away, "Dạ vâng ạ.", "All right.")
	say(&w.Number, "Hoặc gõ số điện thoại", "Or type the number")
	return w
}
