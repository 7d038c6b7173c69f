package telegramtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The most buttons under a message and in a row of them. Telegram publishes no
// numbers; these are what people have found.
const (
	maxButtons      = 100
	maxRow          = 8
	maxReplyButtons = 300
)

// markup is what comes with a message: buttons under it, or a change of the
// keyboard below the field to write in.
type markup struct {
	given  bool
	inline *inlineKeyboard
	reply  *keyboard
	remove bool
	force  bool
}

// special says whether the message can't be edited because of it.
func (m markup) special() bool { return m.reply != nil || m.remove || m.force }

// markupOf reads reply_markup for a chat, which may be unknown yet.
func (s *Server) markupOf(r *request) (markup, *apiError) {
	raw := r.params["reply_markup"]
	if raw == "" {
		return markup{}, nil
	}
	if !json.Valid([]byte(raw)) {
		return markup{}, refused(400, "can't parse reply keyboard markup JSON object")
	}
	var in struct {
		Inline      json.RawMessage   `json:"inline_keyboard"`
		Keyboard    []json.RawMessage `json:"keyboard"`
		Once        bool              `json:"one_time_keyboard"`
		Placeholder string            `json:"input_field_placeholder"`
		Remove      bool              `json:"remove_keyboard"`
		Force       bool              `json:"force_reply"`
	}
	// A null is no object either: a bot that sends one is refused.
	if !strings.HasPrefix(strings.TrimSpace(raw), "{") {
		return markup{}, refused(400, "object expected as reply markup")
	}
	if err := json.Unmarshal([]byte(raw), &in); err != nil {
		return markup{}, refused(400, "can't parse reply keyboard markup JSON object")
	}
	if n := utf8.RuneCountInString(in.Placeholder); n > 64 {
		s.violate("%s: a placeholder of %d characters, more than 64", r.method, n)
	}
	m := markup{given: true, remove: in.Remove, force: in.Force}
	var e *apiError
	switch {
	case in.Inline != nil:
		m.inline, e = s.inlineOf(r, in.Inline)
	case in.Keyboard != nil:
		m.reply, e = s.replyOf(r, in.Keyboard)
		if m.reply != nil {
			m.reply.placeholder, m.reply.once = in.Placeholder, in.Once
		}
	}
	return m, e
}

// inlineOf reads the buttons under a message; nil: there are none.
func (s *Server) inlineOf(r *request, raw json.RawMessage) (*inlineKeyboard, *apiError) {
	var rows [][]json.RawMessage
	if json.Unmarshal(raw, &rows) != nil {
		return nil, refused(400, `Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	}
	out, total := &inlineKeyboard{}, 0
	for _, row := range rows {
		var buttons []Button
		for _, raw := range row {
			b, e := s.buttonOf(r, raw)
			if e != nil {
				return nil, e
			}
			if b.Text == "" {
				s.violate("%s: a button without a text was dropped", r.method)
				continue
			}
			buttons = append(buttons, b)
		}
		if len(buttons) > maxRow {
			return nil, refused(400, "reply markup is too long").rudely(fmt.Sprintf("%s: %d buttons in a row, more than %d", r.method, len(buttons), maxRow))
		}
		if total += len(buttons); len(buttons) > 0 {
			out.Rows = append(out.Rows, buttons)
		}
	}
	if total > maxButtons {
		return nil, refused(400, "reply markup is too long").rudely(fmt.Sprintf("%s: %d buttons, more than %d", r.method, total, maxButtons))
	}
	if total == 0 {
		return nil, nil
	}
	return out, nil
}

// buttonOf reads one button under a message.
func (s *Server) buttonOf(r *request, raw json.RawMessage) (Button, *apiError) {
	const cannot = "can't parse inline keyboard button: "
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return Button{}, refused(400, cannot+"InlineKeyboardButton must be an Object")
	}
	if _, ok := fields["text"]; !ok {
		return Button{}, refused(400, cannot+`Can't find field "text"`)
	}
	var b Button
	if json.Unmarshal(raw, &b) != nil {
		return Button{}, refused(400, cannot+`Field "text" must be of type String`)
	}
	actions := 0
	for _, field := range []string{"callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay"} {
		if _, ok := fields[field]; ok {
			actions++
		}
	}
	if actions > 1 {
		s.violate("%s: the button %q has %d actions, not one", r.method, b.Text, actions)
	}
	switch {
	case b.URL != "":
		checked, err := checkURL(b.URL)
		if err != nil {
			return Button{}, refused(400, fmt.Sprintf("inline keyboard button URL '%s' is invalid: %s", b.URL, err)).rudely(r.method + ": a button with a bad URL")
		}
		b.URL = checked
	case len(b.Data) > maxCallback:
		return Button{}, refused(400, "BUTTON_DATA_INVALID").rudely(fmt.Sprintf("%s: callback_data of %d bytes, more than %d", r.method, len(b.Data), maxCallback))
	case b.CopyText != nil:
		if n := utf8.RuneCountInString(b.CopyText.Text); n < 1 || n > 256 {
			return Button{}, refused(400, "BUTTON_COPY_TEXT_INVALID").rudely(fmt.Sprintf("%s: a text to copy of %d characters", r.method, n))
		}
	case b.WebApp != nil:
		if !strings.HasPrefix(b.WebApp.URL, "https://") {
			return Button{}, refused(400, fmt.Sprintf("inline keyboard button Web App URL '%s' is invalid: Only HTTPS links are allowed", b.WebApp.URL))
		}
	case b.Data == "":
		return Button{}, refused(400, cannot+"Text buttons are unallowed in the inline keyboard")
	}
	return b, nil
}

// replyOf reads the keyboard below the field to write in; nil: it is empty.
func (s *Server) replyOf(r *request, raw []json.RawMessage) (*keyboard, *apiError) {
	const cannot = "can't parse keyboard button: "
	out, total := &keyboard{}, 0
	for _, rawRow := range raw {
		var row []json.RawMessage
		if json.Unmarshal(rawRow, &row) != nil {
			return nil, refused(400, `Field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays`)
		}
		var buttons []ReplyButton
		for _, raw := range row {
			var b ReplyButton
			if json.Unmarshal(raw, &b.Text) != nil && json.Unmarshal(raw, &b) != nil {
				return nil, refused(400, cannot+"KeyboardButton must be a String or an Object")
			}
			if b.Text == "" {
				return nil, refused(400, cannot+`Can't find field "text"`)
			}
			if private := r.long("chat_id") > 0; !private && b.RequestContact {
				return nil, refused(400, "phone number can be requested in private chats only")
			} else if !private && b.WebApp != nil {
				return nil, refused(400, "web App buttons can be used in private chats only")
			}
			buttons = append(buttons, b)
		}
		if total += len(buttons); len(buttons) > 0 {
			out.rows = append(out.rows, buttons)
		}
	}
	if total > maxReplyButtons {
		return nil, refused(400, "reply markup is too long").rudely(fmt.Sprintf("%s: %d buttons, more than %d", r.method, total, maxReplyButtons))
	}
	if total == 0 {
		return nil, nil
	}
	return out, nil
}
