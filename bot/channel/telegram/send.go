package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

var (
	errNoChat  = errors.New("the address is not the number of a chat")
	errTooLong = errors.New("the text is longer than Telegram takes")
)

// Send hands one message to Telegram; see [channel.Sender]. A message may
// become several requests. What of it was taken is remembered under out.ID, so
// that the next attempt goes on there. The receipt names the message that
// carries the buttons.
func (t *Telegram) Send(ctx context.Context, out channel.Outgoing) (channel.Receipt, error) {
	chat, err := strconv.ParseInt(out.Address.ID, 10, 64)
	if err != nil || chat == 0 {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Refused, Err: errNoChat}
	}
	if left := t.client.gate.left(); left > 0 {
		return channel.Receipt{}, sendError(&shutError{left: left})
	}
	if err := t.answers.settled(ctx, chat); err != nil {
		return channel.Receipt{}, sendError(&wireError{method: "send", err: err})
	}
	s := sending{Telegram: t, chat: chat, out: out, m: out.Message}
	id, err := s.run(ctx)
	if err != nil {
		return channel.Receipt{}, sendError(err)
	}
	return channel.Receipt{MessageID: strconv.Itoa(id)}, nil
}

// sending is one message on its way.
type sending struct {
	*Telegram
	chat   int64
	out    channel.Outgoing
	m      dialogs.Message
	markup any  // what hangs on the last part; nil: nothing
	opens  bool // markup opens a keyboard
	closes bool // markup closes the keyboard that is open
}

func (s *sending) run(ctx context.Context) (int, error) {
	if err := s.dress(ctx); err != nil {
		return 0, err
	}
	if id, err := s.replace(ctx); err != nil || id != 0 {
		return id, err
	}
	if s.opens {
		if err := s.opening(ctx, s.chat); err != nil {
			return 0, err
		}
	}
	id, err := s.parts(ctx)
	if err == nil && s.closes {
		s.closed(ctx, s.chat)
	}
	return id, err
}

// dress decides what hangs on the message, and puts an open keyboard away.
func (s *sending) dress(ctx context.Context) error {
	if s.m.SharesPhone() {
		keyboard, links := s.sharing(&s.m, s.out.Lang)
		s.m.Text = strings.Join(append([]string{s.m.Text}, links...), "\n")
		s.markup, s.opens = keyboard, true
		return nil
	}
	buttons, err := s.inline(ctx, s.chat, s.m.Buttons)
	if err != nil {
		return err
	}
	if buttons != nil {
		s.markup = buttons
	}
	if s.out.Bulk {
		return nil // nobody answered: the question behind the keyboard stands
	}
	open, err := s.keyboardOpen(ctx, s.chat)
	switch {
	case err != nil || !open:
		return err
	case buttons != nil:
		return s.putAway(ctx, s.chat, s.out.Lang)
	default:
		s.markup, s.closes = tgbotapi.NewRemoveKeyboard(false), true
		return nil
	}
}

// replace shows the message in place of an earlier one and returns that one's
// id; 0: it has to be sent.
func (s *sending) replace(ctx context.Context) (int, error) {
	id, err := strconv.Atoi(s.out.Replaces)
	if err != nil || s.opens || s.closes || len(s.m.Media) > 0 || length(s.m) > maxText {
		return 0, nil
	}
	params := textParams(s.chat, s.m)
	params["message_id"] = strconv.Itoa(id)
	if err := markupParam(params, s.markup); err != nil {
		return 0, err
	}
	_, err = s.client.call(ctx, "editMessageText", params)
	switch meaningOf(err) {
	case fine, same:
		return id, nil
	case uneditable:
		return 0, nil
	default:
		return 0, err
	}
}

// part sends one piece of a message and returns its id.
type part func(ctx context.Context) (int, error)

// parts sends all that was not taken by an earlier attempt.
func (s *sending) parts(ctx context.Context) (int, error) {
	list := s.cut()
	from, last := s.begun.at(s.out.ID)
	for i := min(from, len(list)-1); i < len(list); i++ {
		id, err := list[i](ctx)
		if err != nil {
			s.begun.note(s.out.ID, i, last)
			return 0, err
		}
		if id != 0 {
			last = id
		}
	}
	s.begun.forget(s.out.ID)
	return last, nil
}

// cut returns the parts of the message: a text, a file with the text below it,
// or a text and then the files. What hangs on the message hangs on the last.
func (s *sending) cut() []part {
	media := s.m.Media
	if len(media) == 1 && length(s.m) <= maxCaption {
		caption := dialogs.Message{Text: s.m.Text, Format: s.m.Format}
		if strings.TrimSpace(caption.Text) == "" {
			caption = under(media[0])
		}
		return []part{s.file(media[0], caption, s.markup)}
	}
	var list []part
	if strings.TrimSpace(s.m.Text) != "" || len(media) == 0 {
		list = append(list, s.text(s.m, unless(len(media) > 0, s.markup)))
	}
	for i, m := range media {
		list = append(list, s.file(m, under(m), unless(i < len(media)-1, s.markup)))
	}
	return list
}

// under is what stands under a file that has no text.
func under(m dialogs.Media) dialogs.Message {
	if m.Alt == m.Name {
		return dialogs.Message{}
	}
	return dialogs.Message{Text: clip(m.Alt, maxCaption)}
}

func unless(not bool, markup any) any {
	if not {
		return nil
	}
	return markup
}

// text returns the part that sends a text.
func (s *sending) text(m dialogs.Message, markup any) part {
	return func(ctx context.Context) (int, error) {
		if length(m) > maxText {
			return 0, errTooLong
		}
		params := textParams(s.chat, m)
		s.payable(params)
		if err := markupParam(params, markup); err != nil {
			return 0, err
		}
		raw, err := s.client.call(ctx, "sendMessage", params)
		if err != nil {
			return 0, err
		}
		return messageID(raw), nil
	}
}

// textParams are the parameters of a text, without what hangs on it.
func textParams(chat int64, m dialogs.Message) tgbotapi.Params {
	text, mode := markup(m.Text, m.Format)
	params := tgbotapi.Params{
		"chat_id": strconv.FormatInt(chat, 10), "text": text,
		"link_preview_options": `{"is_disabled":true}`,
	}
	params.AddNonEmpty("parse_mode", mode)
	return params
}

// payable lets a message cost Stars where it goes beyond what is free. Replies
// too: one that is refused for what a broadcast used up stops the whole bot.
func (t *Telegram) payable(params tgbotapi.Params) {
	if t.opts.Paid {
		params["allow_paid_broadcast"] = "true"
	}
}

// markupParam hangs something on a message; nil: nothing.
func markupParam(params tgbotapi.Params, markup any) error {
	if markup == nil {
		return nil
	}
	if err := params.AddInterface("reply_markup", markup); err != nil {
		return fmt.Errorf("write the buttons: %w", err)
	}
	return nil
}

// messageID reads the id of a message that was taken; 0 where there is none,
// which only means that it cannot be edited.
func messageID(raw json.RawMessage) int {
	var m struct {
		ID int `json:"message_id"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return 0
	}
	return m.ID
}

// begun remembers of messages of several parts how many were taken.
type begun struct {
	mu   sync.Mutex
	done map[string]progress
}

type progress struct{ parts, last int }

// maxBegun bounds the memory: a message forgotten sends a part again.
const maxBegun = 1024

func newBegun() *begun { return &begun{done: map[string]progress{}} }

// at returns how many parts of a message were taken, and the last one's id.
func (b *begun) at(id string) (parts, last int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.done[id]
	return p.parts, p.last
}

func (b *begun) note(id string, parts, last int) {
	if id == "" || parts == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for old := range b.done {
		if len(b.done) < maxBegun {
			break
		}
		delete(b.done, old)
	}
	b.done[id] = progress{parts, last}
}

func (b *begun) forget(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.done, id)
}
