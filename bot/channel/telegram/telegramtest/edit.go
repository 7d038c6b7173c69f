package telegramtest

import (
	"context"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"
)

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

// deletable is how old a message may be that a bot deletes.
const deletable = 48 * time.Hour

// editable finds the message of the bot that a request wants to change.
func (s *Server) editable(r *request) (*room, *post, *apiError) {
	if r.get("inline_message_id") != "" {
		return nil, nil, refused(400, "MESSAGE_ID_INVALID")
	}
	if r.get("chat_id") == "" && r.long("message_id") == 0 {
		return nil, nil, refused(400, "message identifier is not specified")
	}
	c, e := s.writable(r)
	if e != nil {
		return nil, nil, e
	}
	p := c.find(r.long("message_id"))
	if p == nil {
		return nil, nil, refused(400, "message to edit not found")
	}
	if p.mine || p.markup.special() {
		return nil, nil, refused(400, "message can't be edited")
	}
	return c, p, nil
}

// inlineOnly reads the buttons of an edited message.
func (s *Server) inlineOnly(r *request) (*inlineKeyboard, *apiError) {
	m, e := s.markupOf(r)
	if e == nil && m.special() {
		e = refused(400, "inline keyboard expected").rudely(r.method + ": a message can be given buttons under it alone")
	}
	return m.inline, e
}

// change makes the edit that a request asks for; without buttons the message
// loses them.
func (s *Server) change(r *request, c *room, p *post, changed message) (any, *apiError) {
	var e *apiError
	if changed.Markup, e = s.inlineOnly(r); e != nil {
		return nil, e
	}
	if reflect.DeepEqual(changed, p.msg) {
		return nil, refused(400, notModified)
	}
	if e := s.spend(c, 1, false); e != nil {
		return nil, e
	}
	s.answeredFirst(c, r.method)
	changed.EditDate = s.opts.Now().Unix()
	p.msg = changed
	s.touch()
	return new(p.msg), nil
}

func (s *Server) editMessageText(_ context.Context, r *request) (any, *apiError) {
	text, e := s.formatted(r, "text")
	if e != nil {
		return nil, e
	}
	if text.text == "" {
		return nil, refused(400, "message text is empty")
	}
	if n := utf8.RuneCountInString(text.text); n > maxText {
		return nil, refused(400, "message is too long").rudely(fmt.Sprintf("%s: a text of %d characters, more than %d", r.method, n, maxText))
	}
	c, p, e := s.editable(r)
	if e != nil {
		return nil, e
	}
	if p.msg.Text == "" {
		return nil, refused(400, "there is no text in the message to edit")
	}
	changed := p.msg
	changed.Text, changed.Entities = text.text, text.entities
	return s.change(r, c, p, changed)
}

func (s *Server) editMessageCaption(_ context.Context, r *request) (any, *apiError) {
	caption, e := s.captionOf(r)
	if e != nil {
		return nil, e
	}
	c, p, e := s.editable(r)
	if e != nil {
		return nil, e
	}
	if p.file == nil {
		return nil, refused(400, "there is no caption in the message to edit")
	}
	changed := p.msg
	changed.Caption, changed.CaptionEntities = caption.text, caption.entities
	return s.change(r, c, p, changed)
}

func (s *Server) editMessageReplyMarkup(_ context.Context, r *request) (any, *apiError) {
	c, p, e := s.editable(r)
	if e != nil {
		return nil, e
	}
	return s.change(r, c, p, p.msg)
}

func (s *Server) deleteMessage(_ context.Context, r *request) (any, *apiError) {
	c, e := s.roomOf(r)
	if e != nil {
		return nil, e
	}
	id := r.long("message_id")
	if id == 0 {
		return nil, refused(400, "message identifier is not specified")
	}
	p := c.find(id)
	if p == nil {
		return nil, refused(400, "message to delete not found")
	}
	if s.opts.Now().Sub(p.at) >= deletable || p.mine && c.person == nil {
		return nil, refused(400, "message can't be deleted")
	}
	c.remove(id)
	s.touch()
	return true, nil
}
